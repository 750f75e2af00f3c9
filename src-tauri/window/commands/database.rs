//! The product's database: where its file or its log of queries lies. Its connection string goes the way of all secrets.

use super::Answered;
use super::run::start;
use crate::ipc::{RunEvent, View};
use crate::run::Aim;
use crate::state::App;
use engine::store::{ProjectId, SourceKind};
use tauri::ipc::Channel;
use tauri::{AppHandle, State};

/// Names a database that is a file of SQLite; an empty path forgets it.
#[tauri::command]
pub(crate) async fn database_set(app: State<'_, App>, id: ProjectId, path: String) -> Answered<View> {
    let core = app.core()?;
    core.store.set_source(id, SourceKind::Database, &path).await?;
    core.view(id).await
}

/// Names a log of queries; an empty path forgets it.
#[tauri::command]
pub(crate) async fn queries_set(app: State<'_, App>, id: ProjectId, path: String) -> Answered<View> {
    let core = app.core()?;
    core.store.set_source(id, SourceKind::Queries, &path).await?;
    core.view(id).await
}

/// Reads a log of queries that somebody gave: a file in base64.
#[tauri::command]
pub(crate) async fn queries_add(
    handle: AppHandle,
    id: ProjectId,
    file: String,
    channel: Channel<RunEvent>,
) -> Answered<()> {
    start(handle, id, Aim::Queries(file), channel)
}
