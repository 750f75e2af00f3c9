//! Handover documents.

use super::Answered;
use crate::export::{Form, export, open_points};
use crate::ipc::{Exported, OpenPoint};
use crate::places;
use crate::preview::{self, Shown};
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

/// Shows a part of the document in place.
#[tauri::command]
pub(crate) async fn deliverable_preview(app: State<'_, App>, id: ProjectId, report: String) -> Answered<Vec<Shown>> {
    preview::of(app.core()?, id, report).await
}

/// Writes the page that stands alone.
#[tauri::command]
pub(crate) async fn export_html(handle: AppHandle, app: State<'_, App>, id: ProjectId) -> Answered<Exported> {
    export(app.core()?, id, Form::Html, places::documents(&handle)?).await
}

/// Writes the operating guide alone.
#[tauri::command]
pub(crate) async fn export_guide(handle: AppHandle, app: State<'_, App>, id: ProjectId) -> Answered<Exported> {
    export(app.core()?, id, Form::Guide, places::documents(&handle)?).await
}

/// Writes the lists as tables.
#[tauri::command]
pub(crate) async fn export_csv(handle: AppHandle, app: State<'_, App>, id: ProjectId) -> Answered<Exported> {
    export(app.core()?, id, Form::Csv, places::documents(&handle)?).await
}

/// Tells what is still open before the document is handed over.
#[tauri::command]
pub(crate) async fn preflight(app: State<'_, App>, id: ProjectId) -> Answered<Vec<OpenPoint>> {
    open_points(app.core()?, id).await
}
