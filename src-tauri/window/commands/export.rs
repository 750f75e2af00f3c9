//! Handover documents.

use super::Answered;
use crate::export::{self, Form};
use crate::ipc::{Exported, OpenPoint};
use crate::places;
use crate::preview::{self, Shown};
use crate::state::App;
use engine::store::ProjectId;
use tauri::{AppHandle, State};

/// Writes the handover in one of its forms.
#[tauri::command]
pub(crate) async fn export(handle: AppHandle, app: State<'_, App>, id: ProjectId, form: Form) -> Answered<Exported> {
    export::export(app.core()?, id, form, places::documents(&handle)?).await
}

/// Shows a part of the document in place.
#[tauri::command]
pub(crate) async fn deliverable_preview(app: State<'_, App>, id: ProjectId, report: String) -> Answered<Vec<Shown>> {
    preview::of(app.core()?, id, report).await
}

/// Tells what is still open before the document is handed over.
#[tauri::command]
pub(crate) async fn preflight(app: State<'_, App>, id: ProjectId) -> Answered<Vec<OpenPoint>> {
    export::open_points(app.core()?, id).await
}
