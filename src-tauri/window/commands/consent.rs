//! The signed-in area: the addresses that a person named, and who agreed to tries at forms.

use super::Answered;
use crate::state::App;
use audit::facts::{Agreed, Agreement, Answer, Cap};
use audit::read::place;
use engine::Consent;
use engine::store::ProjectId;
use jiff::Timestamp;
use tauri::State;

/// The consents that hold now.
#[tauri::command]
pub(crate) async fn consent_list(app: State<'_, App>, id: ProjectId) -> Answered<Vec<Agreed>> {
    let core = app.core()?;
    let project = core.store.project(id).await?;
    let held = core.store.consents(&project, Timestamp::now()).await?;
    Ok(held.iter().map(|consent| consent.agreed().clone()).collect())
}

/// Records that somebody agreed to tries at the forms of a host.
#[tauri::command]
pub(crate) async fn consent_give(
    app: State<'_, App>,
    id: ProjectId,
    host: String,
    by: String,
    cap: Cap,
) -> Answered<Vec<Agreed>> {
    let store = &app.core()?.store;
    let consent = Consent::record(&store.project(id).await?.target, &host, &by, cap, Timestamp::now())?;
    store.keep_consent(id, &consent).await?;
    consent_list(app, id).await
}

/// Withdraws the consent to tries at the forms of a host.
#[tauri::command]
pub(crate) async fn consent_withdraw(app: State<'_, App>, id: ProjectId, host: String) -> Answered<Vec<Agreed>> {
    app.core()?.store.withdraw_consent(id, Agreement::Tries, &host, Timestamp::now()).await?;
    consent_list(app, id).await
}

/// The addresses that a person named, with what each is.
#[tauri::command]
pub(crate) async fn place_list(app: State<'_, App>, id: ProjectId) -> Answered<Option<Answer>> {
    Ok(app.core()?.store.answers(id).await?.remove(place::KEY))
}
