//! Risks that somebody accepts for a time.

use super::Answered;
use crate::ipc::{View, WaiverGiven};
use crate::state::App;
use engine::store::ProjectId;
use jiff::Timestamp;
use tauri::State;

/// Accepts something as it is, with reason, approver and last day.
#[tauri::command]
pub(crate) async fn waiver_give(app: State<'_, App>, id: ProjectId, waiver: WaiverGiven) -> Answered<View> {
    let core = app.core()?;
    let seen = core.view(id).await?.audit;
    core.store.keep_waiver(id, &waiver.at(seen.as_ref(), Timestamp::now())?).await?;
    core.view(id).await
}

/// Takes an acceptance back, so that it counts again.
#[tauri::command]
pub(crate) async fn waiver_withdraw(
    app: State<'_, App>,
    id: ProjectId,
    of: String,
    subject: Option<String>,
) -> Answered<View> {
    let core = app.core()?;
    core.store.withdraw_waiver(id, &of, subject.as_deref(), Timestamp::now()).await?;
    core.view(id).await
}
