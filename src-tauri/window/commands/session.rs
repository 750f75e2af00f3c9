//! Secrets, sessions of signed-in routes and the token of the Cloudflare account: they go in and can be wiped; none comes out.

use super::Answered;
use crate::state::App;
use engine::Secret;
use engine::store::ProjectId;
use engine::vault::{Kind, SessionStatus, VaultStatus};
use jiff::Timestamp;
use tauri::State;

/// Hands a secret to the keychain.
#[tauri::command]
pub(crate) async fn session_set(
    app: State<'_, App>,
    id: ProjectId,
    kind: Kind,
    value: Secret<String>,
) -> Answered<SessionStatus> {
    let core = app.core()?;
    let project = core.store.project(id).await?;
    Ok(core.sessions.set(&project, kind, value, Timestamp::now()).await?)
}

/// Tells which secrets are kept.
#[tauri::command]
pub(crate) async fn session_status(app: State<'_, App>, id: ProjectId) -> Answered<SessionStatus> {
    Ok(app.core()?.sessions.status(id).await?)
}

/// Wipes a secret.
#[tauri::command]
pub(crate) async fn session_clear(app: State<'_, App>, id: ProjectId, kind: Kind) -> Answered<SessionStatus> {
    Ok(app.core()?.sessions.clear(id, kind).await?)
}

/// Tells whether the keychain can be used.
#[tauri::command]
pub(crate) async fn vault_status(app: State<'_, App>) -> Answered<VaultStatus> {
    Ok(app.core()?.sessions.vault_status().await)
}

/// Tries the keychain again.
#[tauri::command]
pub(crate) async fn vault_retry(app: State<'_, App>) -> Answered<VaultStatus> {
    Ok(app.core()?.sessions.vault_retry().await)
}
