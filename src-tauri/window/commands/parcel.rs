//! A project as one file.

use super::Answered;
use crate::parcel::{self, ProjectTaken, ProjectWritten};
use crate::places;
use crate::state::App;
use engine::store::ProjectId;
use tauri::{AppHandle, State};

/// Writes a project into one file in the folder of its client.
#[tauri::command]
pub(crate) async fn project_export(
    handle: AppHandle,
    app: State<'_, App>,
    id: ProjectId,
    notes: bool,
) -> Answered<ProjectWritten> {
    parcel::export(app.core()?, id, notes, places::documents(&handle)?).await
}

/// Makes a project out of a file that somebody sent.
#[tauri::command]
pub(crate) async fn project_import(app: State<'_, App>, path: String) -> Answered<ProjectTaken> {
    parcel::import(app.core()?, &path).await
}
