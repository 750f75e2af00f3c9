//! Speed and load: measure, compare, accept as baseline, and who agreed to load on a host.

use super::Answered;
use crate::ipc::{MeasureEvent, MeasureState};
use crate::measure::drive;
use crate::state::App;
use audit::facts::LoadCap;
use audit::picture::Compared;
use engine::load::{LoadConsent, Wish};
use engine::store::{MeasuredId, ProjectId};
use jiff::Timestamp;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager, State};

/// What was measured so far, and who agreed to load.
#[tauri::command]
pub(crate) async fn measured(app: State<'_, App>, id: ProjectId) -> Answered<MeasureState> {
    app.core()?.measured(id).await
}

/// Measures and tells fifteen times a second how it goes; `run_cancel` stops it.
#[tauri::command]
pub(crate) async fn measure_start(
    handle: AppHandle,
    id: ProjectId,
    wish: Wish,
    channel: Channel<MeasureEvent>,
) -> Answered<()> {
    let token = handle.state::<App>().core()?.runs.begin(id)?;
    tauri::async_runtime::spawn(async move {
        if let Ok(core) = handle.state::<App>().core() {
            drive(core, id, wish, token, &channel).await;
        }
    });
    Ok(())
}

/// Compares two measurements of one address.
#[tauri::command]
pub(crate) async fn measured_compare(
    app: State<'_, App>,
    id: ProjectId,
    before: MeasuredId,
    after: MeasuredId,
) -> Answered<Compared> {
    app.core()?.compared(id, before, after).await
}

/// Accepts a measurement as what later ones of its address are compared with.
#[tauri::command]
pub(crate) async fn measured_baseline(
    app: State<'_, App>,
    id: ProjectId,
    measured: MeasuredId,
) -> Answered<MeasureState> {
    let core = app.core()?;
    core.store.set_baseline(id, measured).await?;
    core.measured(id).await
}

/// Forgets a measurement.
#[tauri::command]
pub(crate) async fn measured_forget(
    app: State<'_, App>,
    id: ProjectId,
    measured: MeasuredId,
) -> Answered<MeasureState> {
    let core = app.core()?;
    core.store.forget_measured(id, measured).await?;
    core.measured(id).await
}

/// Records that somebody agreed to load on a host.
#[tauri::command]
pub(crate) async fn load_agree(
    app: State<'_, App>,
    id: ProjectId,
    host: String,
    by: String,
    cap: LoadCap,
) -> Answered<MeasureState> {
    let core = app.core()?;
    let consent = LoadConsent::record(&core.store.project(id).await?.target, &host, &by, cap, Timestamp::now())?;
    core.store.keep_load_consent(id, &consent).await?;
    core.measured(id).await
}

/// Withdraws the consent to load on a host.
#[tauri::command]
pub(crate) async fn load_withdraw(app: State<'_, App>, id: ProjectId, host: String) -> Answered<MeasureState> {
    let core = app.core()?;
    core.store.withdraw_load_consent(id, &host, Timestamp::now()).await?;
    core.measured(id).await
}
