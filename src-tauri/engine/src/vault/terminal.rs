//! What the window keeps in the keychain, found by the domain for a run in the terminal.

use super::journey::entry;
use super::{Fingerprints, Kind, Vault, VaultState, VaultStatus, password, pointer};
use crate::store::ProjectId;
use crate::{EngineError, Secret, Session};

/// The session that is kept for a domain; none where there is none.
pub async fn session_for_domain(domain: &str) -> Option<Session> {
    let (vault, project) = kept(domain).await?;
    let cookie = vault.get(project, Kind::Cookie).await.ok().flatten();
    let token = vault.get(project, Kind::Token).await.ok().flatten();
    Session::new(cookie, token)
}

/// The session of somebody who may do less that is kept for a domain; none where there is none.
pub async fn lesser_for_domain(domain: &str) -> Option<Session> {
    let (vault, project) = kept(domain).await?;
    let cookie = vault.get(project, Kind::LesserCookie).await.ok().flatten();
    let token = vault.get(project, Kind::LesserToken).await.ok().flatten();
    Session::new(cookie, token)
}

/// The token of the Cloudflare account that is kept for a domain; none where there is none.
pub async fn cloudflare_for_domain(domain: &str) -> Option<Secret<String>> {
    secret_for_domain(domain, Kind::Cloudflare).await
}

/// A secret of this kind that is kept for a domain; none where there is none.
pub async fn secret_for_domain(domain: &str, kind: Kind) -> Option<Secret<String>> {
    let (vault, project) = kept(domain).await?;
    vault.get(project, kind).await.ok().flatten()
}

/// Why the keychain gives nothing although something may be in it, and the way to it; none where it is open, and none where there is no
/// keychain at all, as in CI. A locked keychain claims that nothing is there, so this asks by a throw-away entry.
pub async fn held_back() -> Option<VaultStatus> {
    refusal(&Vault::new()).await
}

pub(super) async fn refusal(vault: &Vault) -> Option<VaultStatus> {
    let status = match vault.status().await {
        status if matches!(status.state, VaultState::Locked | VaultState::Denied) => status,
        _ => return None,
    };
    let says = match status.state {
        VaultState::Locked => "the keychain is locked, so what is kept in it could not be used",
        _ => "the keychain refused, so what is kept in it could not be used",
    };
    Some(VaultStatus { says: says.to_owned(), ..status })
}

/// The key of fingerprints that the window keeps; none where it keeps none, as in CI.
pub async fn kept_fingerprints() -> Option<Fingerprints> {
    Vault::new().kept_fingerprints().await
}

/// A connection string that is kept under a name; none where there is none.
pub async fn kept_database(name: &str) -> Option<Secret<String>> {
    Vault::new().keychain.get(database(name)).await.ok()
}

/// Keeps a connection string under a name.
///
/// # Errors
/// There is no keychain, or it refused.
pub async fn keep_database(name: &str, text: Secret<String>) -> Result<(), EngineError> {
    let kept = Vault::new().keychain.set(database(name), text).await;
    kept.map_err(|trouble| EngineError::new("vault", trouble.state().status().says))
}

/// The name of the entry of a database.
fn database(name: &str) -> String {
    format!("database {name}")
}

/// The project that last kept a secret for a domain.
async fn kept(domain: &str) -> Option<(Vault, ProjectId)> {
    let vault = Vault::new();
    let project = vault.keychain.get(pointer(domain)).await.ok()?.reveal().parse().ok()?;
    Some((vault, project))
}

/// Keeps a secret that journeys name, under the domain of the product; only in the keychain, because nothing else outlasts the command.
///
/// # Errors
/// It is no single line, or the keychain does not take it.
pub async fn keep_for_journeys(domain: &str, name: &str, secret: Secret<String>) -> Result<(), EngineError> {
    password(secret.reveal())?;
    let kept = Vault::new().keychain.set(named(domain, name), secret).await;
    kept.map_err(|trouble| EngineError::new("vault", trouble.state().status().says))
}

/// The secret that journeys name so; none where there is none.
pub async fn journey_secret(domain: &str, name: &str) -> Option<Secret<String>> {
    if let Ok(own) = Vault::new().keychain.get(named(domain, name)).await {
        return Some(own);
    }
    let (vault, project) = kept(domain).await?;
    vault.keychain.get(entry(project, name)).await.ok()
}

/// Wipes the secret that journeys name so. True when the keychain has removed it.
pub async fn forget_for_journeys(domain: &str, name: &str) -> bool {
    Vault::new().keychain.delete(named(domain, name)).await.is_ok()
}

/// The name of the entry of such a secret.
fn named(domain: &str, name: &str) -> String {
    format!("journey {domain} {name}")
}
