//! Handover documents.

use super::Answered;
use crate::export::{Form, export};
use crate::ipc::Exported;
use crate::places;
use crate::state::App;
use engine::store::ProjectId;
use tauri::{AppHandle, State};

/// Writes the handover PDF.
#[tauri::command]
pub(crate) async fn export_pdf(handle: AppHandle, app: State<'_, App>, id: ProjectId) -> Answered<Exported> {
    export(app.core()?, id, Form::Pdf, places::documents(&handle)?).await
}

/// Writes its Markdown twin.
#[tauri::command]
pub(crate) async fn export_markdown(handle: AppHandle, app: State<'_, App>, id: ProjectId) -> Answered<Exported> {
    export(app.core()?, id, Form::Markdown, places::documents(&handle)?).await
}
