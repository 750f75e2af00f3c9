//! Projects: list, make, rename, put away, delete, open.

use super::Answered;
use crate::error::Trouble;
use crate::ipc::{OwnLine, ProjectCard, View};
use crate::state::App;
use crate::view;
use audit::facts::Target;
use engine::store::{Draft, ProjectId};
use jiff::Timestamp;
use tauri::State;

/// Lists the projects kept on this machine.
#[tauri::command]
pub(crate) async fn project_list(app: State<'_, App>) -> Answered<Vec<ProjectCard>> {
    app.core()?.cards().await
}

/// Reads a typed domain.
#[tauri::command]
pub(crate) async fn domain_check(text: String) -> Answered<Target> {
    Ok(audit::read::domain::parse(&text)?)
}

/// Makes a project.
#[tauri::command]
pub(crate) async fn project_create(
    app: State<'_, App>,
    client: String,
    name: String,
    domain: String,
    roadmap: String,
) -> Answered<View> {
    let (core, target) = (app.core()?, audit::read::domain::parse(&domain)?);
    let roadmap = view::known(&roadmap)?.id.clone();
    let draft = Draft { client, name, target, roadmap, demo: false };
    let project = core.store.create_project(draft, Timestamp::now()).await?;
    core.view(project.id).await
}

/// Gives a project other names.
#[tauri::command]
pub(crate) async fn project_rename(app: State<'_, App>, id: ProjectId, client: String, name: String) -> Answered<View> {
    let core = app.core()?;
    core.store.rename_project(id, &client, &name).await?;
    core.view(id).await
}

/// Puts a project away, or brings it back.
#[tauri::command]
pub(crate) async fn project_archive(app: State<'_, App>, id: ProjectId, archived: bool) -> Answered<()> {
    Ok(app.core()?.store.archive_project(id, archived).await?)
}

/// Deletes a project with its runs, answers and secrets.
#[tauri::command]
pub(crate) async fn project_delete(app: State<'_, App>, id: ProjectId) -> Answered<()> {
    let core = app.core()?;
    core.runs.cancel(id);
    core.watches.end(id);
    Ok(core.sessions.delete_project(id).await?)
}

/// Opens a project.
#[tauri::command]
pub(crate) async fn project_open(app: State<'_, App>, id: ProjectId) -> Answered<View> {
    app.core()?.view(id).await
}

/// Opens the demo project.
#[tauri::command]
pub(crate) async fn demo_open(app: State<'_, App>) -> Answered<View> {
    let core = app.core()?;
    core.view(core.demo.project(&core.store).await?.id).await
}

/// Sets the routes whose speed is measured: paths, or whole addresses.
#[tauri::command]
pub(crate) async fn routes_set(app: State<'_, App>, id: ProjectId, routes: Vec<String>) -> Answered<View> {
    let core = app.core()?;
    let target = core.store.project(id).await?.target;
    let read = |typed: &String| Ok(engine::route(&target, typed)?.to_string());
    let routes: Vec<String> = routes.iter().map(read).collect::<Result<_, Trouble>>()?;
    core.store.set_routes(id, &routes).await?;
    core.view(id).await
}

/// Reads a file of own rows without keeping it: the rows that are in it, or what is wrong with it.
#[tauri::command]
pub(crate) async fn own_check(app: State<'_, App>, id: ProjectId, text: String) -> Answered<Vec<OwnLine>> {
    let own = engine::store::own_rows(&text, &app.core()?.store.project(id).await?.target)?;
    Ok(own.rows.iter().map(OwnLine::from).collect())
}

/// Keeps the file of the project's own rows and checks; an empty one forgets it.
#[tauri::command]
pub(crate) async fn own_set(app: State<'_, App>, id: ProjectId, text: String) -> Answered<View> {
    let core = app.core()?;
    core.store.keep_own(id, &text).await?;
    core.view(id).await
}
