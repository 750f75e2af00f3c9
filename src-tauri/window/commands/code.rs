//! The project's own folder, log and environments, and which of the keys that got out were replaced. Values of settings are read and dropped.

use super::Answered;
use crate::error::Trouble;
use crate::ipc::View;
use crate::state::App;
use engine::Secret;
use engine::store::{ProjectId, SourceKind};
use jiff::Timestamp;
use tauri::State;

/// Names the folder of the code; an empty path forgets it.
#[tauri::command]
pub(crate) async fn folder_set(app: State<'_, App>, id: ProjectId, path: String) -> Answered<View> {
    let core = app.core()?;
    core.store.set_source(id, SourceKind::Folder, &path).await?;
    core.view(id).await
}

/// Names the product's log; an empty path forgets it.
#[tauri::command]
pub(crate) async fn log_set(app: State<'_, App>, id: ProjectId, path: String) -> Answered<View> {
    let core = app.core()?;
    core.store.set_source(id, SourceKind::Log, &path).await?;
    core.view(id).await
}

/// Reads which settings an environment has from a pasted list; only names stay, and whether each is empty.
#[tauri::command]
pub(crate) async fn environment_set(
    app: State<'_, App>,
    id: ProjectId,
    name: String,
    list: Secret<String>,
) -> Answered<View> {
    let core = app.core()?;
    let has = audit::read::env::given(&name, list.reveal().as_bytes())
        .map_err(|refusal| Trouble::new("environment", refusal.to_string()))?;
    core.store.set_environment(id, &name, Some(&has)).await?;
    core.view(id).await
}

/// Forgets what an environment has.
#[tauri::command]
pub(crate) async fn environment_forget(app: State<'_, App>, id: ProjectId, name: String) -> Answered<View> {
    let core = app.core()?;
    core.store.set_environment(id, &name, None).await?;
    core.view(id).await
}

/// Notes that somebody replaced a key that got out.
#[tauri::command]
pub(crate) async fn key_replaced(app: State<'_, App>, id: ProjectId, row: String, by: String) -> Answered<View> {
    let core = app.core()?;
    core.key_replaced(id, &row, &by, Timestamp::now()).await?;
    core.view(id).await
}

/// Takes the word back that a key was replaced.
#[tauri::command]
pub(crate) async fn key_reopened(app: State<'_, App>, id: ProjectId, row: String) -> Answered<View> {
    let core = app.core()?;
    core.key_reopened(id, &row, Timestamp::now()).await?;
    core.view(id).await
}
