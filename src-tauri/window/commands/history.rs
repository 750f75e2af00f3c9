//! Earlier runs: the list, two of them side by side, and the one that was accepted as how it is meant to be.

use super::Answered;
use crate::ipc::RunList;
use crate::state::App;
use audit::diff::Diff;
use engine::store::{ProjectId, RunId};
use tauri::State;

/// Lists runs, newest first: those before one of them, or the newest ones.
#[tauri::command]
pub(crate) async fn run_list(app: State<'_, App>, id: ProjectId, before: Option<RunId>) -> Answered<RunList> {
    app.core()?.runs(id, before).await
}

/// Holds one run against an earlier one.
#[tauri::command]
pub(crate) async fn run_compare(app: State<'_, App>, id: ProjectId, was: RunId, now: RunId) -> Answered<Diff> {
    app.core()?.compare_runs(id, was, now).await
}

/// Accepts a run as how it is meant to be, with the records that it saw or without; without a name that is taken back.
#[tauri::command]
pub(crate) async fn run_accept(
    app: State<'_, App>,
    id: ProjectId,
    run: RunId,
    by: Option<String>,
    records: bool,
) -> Answered<RunList> {
    app.core()?.accept_run(id, run, by, records).await
}
