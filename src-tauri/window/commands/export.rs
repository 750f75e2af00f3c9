//! Handover documents.

use super::Answered;
use crate::export::{self, Form};
use crate::ipc::{Exported, OpenPoint};
use crate::places;
use crate::preview::{self, Preview};
use crate::state::App;
use crate::template::{self, ColorTold, OwnLook, OwnLookState};
use engine::store::ProjectId;
use tauri::{AppHandle, State};

/// Writes the handover in one of its forms.
#[tauri::command]
pub(crate) async fn export(handle: AppHandle, app: State<'_, App>, id: ProjectId, form: Form) -> Answered<Exported> {
    export::export(app.core()?, id, form, places::documents(&handle)?).await
}

/// Shows a part of the document in place.
#[tauri::command]
pub(crate) async fn deliverable_preview(app: State<'_, App>, id: ProjectId, report: String) -> Answered<Preview> {
    preview::of(app.core()?, id, report).await
}

/// Tells what is still open before the document is handed over.
#[tauri::command]
pub(crate) async fn preflight(app: State<'_, App>, id: ProjectId) -> Answered<Vec<OpenPoint>> {
    export::open_points(app.core()?, id).await
}

/// Tells the look that the document has of whoever hands it over.
#[tauri::command]
pub(crate) async fn template_read(app: State<'_, App>) -> Answered<OwnLookState> {
    template::state(app.core()?).await
}

/// Keeps its name and colours.
#[tauri::command]
pub(crate) async fn template_keep(app: State<'_, App>, look: OwnLook) -> Answered<OwnLookState> {
    template::keep(app.core()?, look).await
}

/// Keeps a picture as its logo.
#[tauri::command]
pub(crate) async fn logo_take(app: State<'_, App>, path: String) -> Answered<OwnLookState> {
    template::take(app.core()?, &path).await
}

/// Forgets its logo.
#[tauri::command]
pub(crate) async fn logo_remove(app: State<'_, App>) -> Answered<OwnLookState> {
    template::remove(app.core()?).await
}

/// Tells whether a colour can be read on paper.
#[tauri::command]
pub(crate) async fn color_told(color: String) -> Answered<ColorTold> {
    Ok(template::told(&color))
}
