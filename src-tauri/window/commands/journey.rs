//! Journeys: kept, recorded, imported, gone through; the secrets that they name, and who agreed that they write.

use super::Answered;
use crate::error::Trouble;
use crate::ipc::{JourneyImport, JourneyState, RunEvent, WatchState};
use crate::journey::drive;
use crate::state::App;
use crate::watch::start;
use audit::facts::Agreement;
use audit::read::journey::Draft;
use engine::store::ProjectId;
use engine::{Consent, Secret};
use jiff::Timestamp;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager, State};

/// The journeys of a project with what came of each.
#[tauri::command]
pub(crate) async fn journeys(app: State<'_, App>, id: ProjectId) -> Answered<JourneyState> {
    app.core()?.journeys(id).await
}

/// Keeps every journey of a file; `instead_of` names the one that it is a new version of.
#[tauri::command]
pub(crate) async fn journey_keep(
    app: State<'_, App>,
    id: ProjectId,
    text: String,
    instead_of: Option<String>,
) -> Answered<JourneyState> {
    let core = app.core()?;
    core.store.keep_journeys(id, &text, instead_of.as_deref()).await?;
    core.journeys(id).await
}

/// Keeps a journey that somebody filled in.
#[tauri::command]
pub(crate) async fn journey_record(app: State<'_, App>, id: ProjectId, draft: Draft) -> Answered<JourneyState> {
    let core = app.core()?;
    let text = draft.file().map_err(|says| Trouble::new("journey", says))?;
    core.store.keep_journeys(id, &text, None).await?;
    core.journeys(id).await
}

/// Makes the file of a journey out of a recording of a browser, in base64. Nothing is kept yet.
#[tauri::command]
pub(crate) async fn journey_import(file: String) -> Answered<JourneyImport> {
    let made = tauri::async_runtime::spawn_blocking(move || engine::journey::imported(&file)).await??;
    Ok(JourneyImport { text: made.text, notes: made.notes })
}

/// Forgets a journey.
#[tauri::command]
pub(crate) async fn journey_forget(app: State<'_, App>, id: ProjectId, name: String) -> Answered<JourneyState> {
    let core = app.core()?;
    core.store.forget_journey(id, &name).await?;
    core.journeys(id).await
}

/// Goes through these journeys, or all of them, and tells each step; `run_cancel` stops it.
#[tauri::command]
pub(crate) async fn journey_run(
    handle: AppHandle,
    id: ProjectId,
    names: Vec<String>,
    channel: Channel<RunEvent>,
) -> Answered<()> {
    let token = handle.state::<App>().core()?.runs.begin(id)?;
    tauri::async_runtime::spawn(async move {
        if let Ok(core) = handle.state::<App>().core() {
            drive(core, id, &names, token, &channel).await;
        }
    });
    Ok(())
}

/// Hands a secret that journeys name to the keychain.
#[tauri::command]
pub(crate) async fn journey_secret_set(
    app: State<'_, App>,
    id: ProjectId,
    name: String,
    value: Secret<String>,
) -> Answered<JourneyState> {
    let core = app.core()?;
    let project = core.store.project(id).await?;
    core.sessions.keep_for_journeys(&project, &name, value, Timestamp::now()).await?;
    core.journeys(id).await
}

/// Wipes such a secret.
#[tauri::command]
pub(crate) async fn journey_secret_clear(app: State<'_, App>, id: ProjectId, name: String) -> Answered<JourneyState> {
    let core = app.core()?;
    core.sessions.forget_for_journeys(id, &name).await?;
    core.journeys(id).await
}

/// Records that somebody agreed to the steps that write on a host.
#[tauri::command]
pub(crate) async fn journey_agree(
    app: State<'_, App>,
    id: ProjectId,
    host: String,
    by: String,
) -> Answered<JourneyState> {
    let core = app.core()?;
    core.store.keep_consent(id, &Consent::to_write(&host, &by, Timestamp::now())?).await?;
    core.journeys(id).await
}

/// Withdraws that consent.
#[tauri::command]
pub(crate) async fn journey_withdraw(app: State<'_, App>, id: ProjectId, host: String) -> Answered<JourneyState> {
    let core = app.core()?;
    core.store.withdraw_consent(id, Agreement::Journey, &host, Timestamp::now()).await?;
    core.journeys(id).await
}

/// The watch of a project.
#[tauri::command]
pub(crate) async fn watch(app: State<'_, App>, id: ProjectId) -> Answered<WatchState> {
    app.core()?.watch(id).await
}

/// Watches a project every so many seconds while the window is open.
#[tauri::command]
pub(crate) async fn watch_start(handle: AppHandle, id: ProjectId, every_s: u32) -> Answered<WatchState> {
    start(&handle, id, every_s).await?;
    handle.state::<App>().core()?.watch(id).await
}

/// Ends the watch.
#[tauri::command]
pub(crate) async fn watch_stop(app: State<'_, App>, id: ProjectId) -> Answered<WatchState> {
    let core = app.core()?;
    core.store.set_watch(id, None).await?;
    core.watches.end(id);
    core.watch(id).await
}
