//! Undo and redo: of a project's edits and the window's settings.

use super::Answered;
use crate::ipc::Undone;
use crate::state::App;
use engine::store::{Edits, ProjectId};
use jiff::Timestamp;
use tauri::State;

/// Tells what can be undone and done again; outside of any project where there is no id.
#[tauri::command]
pub(crate) async fn edits(app: State<'_, App>, id: Option<ProjectId>) -> Answered<Edits> {
    Ok(app.core()?.store.edits(id).await?)
}

/// Undoes the newest edit, or does again what was undone last.
#[tauri::command]
pub(crate) async fn edit_undo(app: State<'_, App>, id: Option<ProjectId>, again: bool) -> Answered<Undone> {
    let core = app.core()?;
    let edit = core.store.undo(id, again, Timestamp::now()).await?;
    let view = match id {
        Some(id) => Some(core.view(id).await?),
        None => None,
    };
    Ok(Undone { edit, view })
}
