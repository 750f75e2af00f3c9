//! The account that the product sends mail with: its settings and who agreed. Its passwords go the way of all secrets.

use super::Answered;
use crate::ipc::MailState;
use crate::state::App;
use audit::facts::Agreement;
use engine::store::ProjectId;
use engine::{Account, Consent};
use jiff::Timestamp;
use tauri::State;

/// The settings of the account, and the consent that holds for it.
#[tauri::command]
pub(crate) async fn mail_account(app: State<'_, App>, id: ProjectId) -> Answered<MailState> {
    let store = &app.core()?.store;
    let (now, account) = (Timestamp::now(), store.account(id).await?);
    let held = store.consents(&store.project(id).await?, now).await?;
    let server = account.as_ref().map(Account::server).unwrap_or_default();
    let agreed = held.iter().find(|consent| consent.lets_send(&server, now)).map(|consent| consent.agreed().clone());
    Ok(MailState { account, agreed })
}

/// Keeps the settings of the account, and that somebody agreed to test messages over it.
#[tauri::command]
pub(crate) async fn mail_account_set(
    app: State<'_, App>,
    id: ProjectId,
    account: Account,
    by: String,
) -> Answered<MailState> {
    let (store, account) = (&app.core()?.store, account.checked()?);
    store.keep_consent(id, &Consent::to_send(&account.server(), &by, Timestamp::now())?).await?;
    store.keep_account(id, &account).await?;
    mail_account(app, id).await
}

/// Forgets the settings of the account and withdraws the consent.
#[tauri::command]
pub(crate) async fn mail_account_clear(app: State<'_, App>, id: ProjectId) -> Answered<MailState> {
    let store = &app.core()?.store;
    if let Some(account) = store.account(id).await? {
        store.withdraw_consent(id, Agreement::Mail, &account.server(), Timestamp::now()).await?;
    }
    store.forget_account(id).await?;
    mail_account(app, id).await
}
