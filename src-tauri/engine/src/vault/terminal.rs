//! What the window keeps in the keychain, found by the domain for a run in the terminal.

use super::{Fingerprints, Kind, Vault, pointer};
use crate::store::ProjectId;
use crate::{Secret, Session};

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

/// The key of fingerprints that the window keeps; none where it keeps none, as in CI.
pub async fn kept_fingerprints() -> Option<Fingerprints> {
    Vault::new().kept_fingerprints().await
}

/// The project that last kept a secret for a domain.
async fn kept(domain: &str) -> Option<(Vault, ProjectId)> {
    let vault = Vault::new();
    let project = vault.keychain.get(pointer(domain)).await.ok()?.reveal().parse().ok()?;
    Some((vault, project))
}
