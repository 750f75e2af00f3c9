//! Roadmaps: the five to choose from, and the choice of a project.

use super::Answered;
use crate::ipc::{RoadmapCard, View};
use crate::state::App;
use crate::view;
use engine::store::ProjectId;
use tauri::State;

/// Lists the five roadmaps.
#[tauri::command]
pub(crate) async fn roadmap_list() -> Answered<Vec<RoadmapCard>> {
    Ok(audit::roadmap::all().iter().map(RoadmapCard::from).collect())
}

/// Judges a project by another roadmap; what was seen and answered stays.
#[tauri::command]
pub(crate) async fn roadmap_choose(app: State<'_, App>, id: ProjectId, roadmap: String) -> Answered<View> {
    let core = app.core()?;
    core.store.choose_roadmap(id, &view::known(&roadmap)?.id).await?;
    core.view(id).await
}
