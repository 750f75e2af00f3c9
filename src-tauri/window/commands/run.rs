//! Runs: start, look again at one check, stop.

use super::Answered;
use crate::ipc::RunEvent;
use crate::run::{Aim, drive};
use crate::state::App;
use audit::facts::Flow;
use engine::Letter;
use engine::store::ProjectId;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager, State};

/// Starts a run and streams what it sees.
#[tauri::command]
pub(crate) async fn run_start(handle: AppHandle, id: ProjectId, channel: Channel<RunEvent>) -> Answered<()> {
    start(handle, id, Aim::All, channel)
}

/// Looks again at what one check needs.
#[tauri::command]
pub(crate) async fn check_again(
    handle: AppHandle,
    id: ProjectId,
    check: String,
    channel: Channel<RunEvent>,
) -> Answered<()> {
    start(handle, id, Aim::Check(check), channel)
}

/// Looks again at everything that one stage rests on.
#[tauri::command]
pub(crate) async fn stage_again(
    handle: AppHandle,
    id: ProjectId,
    stage: u8,
    channel: Channel<RunEvent>,
) -> Answered<()> {
    start(handle, id, Aim::Stage(stage), channel)
}

/// Proves a message that somebody gave: a file in base64.
#[tauri::command]
pub(crate) async fn message_add(
    handle: AppHandle,
    id: ProjectId,
    flow: Flow,
    file: String,
    channel: Channel<RunEvent>,
) -> Answered<()> {
    start(handle, id, Aim::Letter(Letter::packed(flow, &file)?), channel)
}

/// Reads DMARC reports that somebody gave: files in base64.
#[tauri::command]
pub(crate) async fn reports_add(
    handle: AppHandle,
    id: ProjectId,
    files: Vec<String>,
    channel: Channel<RunEvent>,
) -> Answered<()> {
    start(handle, id, Aim::Reports(files), channel)
}

/// Judges a report of Lighthouse that somebody gave: a file in base64.
#[tauri::command]
pub(crate) async fn lighthouse_add(
    handle: AppHandle,
    id: ProjectId,
    file: String,
    channel: Channel<RunEvent>,
) -> Answered<()> {
    start(handle, id, Aim::Lighthouse(engine::lighthouse_given(&file)?), channel)
}

/// Sends one test message for each of these flows, and waits for it.
#[tauri::command]
pub(crate) async fn mail_send(
    handle: AppHandle,
    id: ProjectId,
    flows: Vec<Flow>,
    channel: Channel<RunEvent>,
) -> Answered<()> {
    start(handle, id, Aim::Send(flows), channel)
}

/// Stops a run.
#[tauri::command]
pub(crate) async fn run_cancel(app: State<'_, App>, id: ProjectId) -> Answered<()> {
    app.core()?.runs.cancel(id);
    Ok(())
}

/// The run outlives the command: it belongs to the program, not to the page.
pub(super) fn start(handle: AppHandle, id: ProjectId, aim: Aim, channel: Channel<RunEvent>) -> Answered<()> {
    let token = handle.state::<App>().core()?.runs.begin(id)?;
    tauri::async_runtime::spawn(async move {
        if let Ok(core) = handle.state::<App>().core() {
            drive(core, id, aim, token, &channel).await;
        }
    });
    Ok(())
}
