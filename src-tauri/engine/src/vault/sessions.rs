//! Secrets of projects: the vault, and the note in the store that the keychain was given something, read together.

use super::{Fingerprints, Keeper, Kind, Vault, VaultState, VaultStatus, pointer};
use crate::store::{Project, ProjectId, Store};
use crate::{Address, EngineError, Secret, Session};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use ts_rs::TS;

/// Which sessions a project has, and who keeps them. Never the sessions themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct SessionStatus {
    /// Whether a cookie is kept.
    pub cookie: bool,
    /// Whether a token is kept.
    pub token: bool,
    /// Who keeps them, or would.
    pub keeper: Keeper,
    /// Why the last run went without them, when it did.
    pub trouble: Option<String>,
    /// Whether a cookie of somebody who may do less is kept.
    pub lesser_cookie: bool,
    /// Whether a token of somebody who may do less is kept.
    pub lesser_token: bool,
    /// The token of the Cloudflare account.
    pub cloudflare: TokenStatus,
    /// Whether the password of the mail account is kept.
    pub smtp: bool,
    /// Whether the password of the mailbox is kept.
    pub imap: bool,
    /// Why the last test message went without them, when it did.
    pub mail_trouble: Option<String>,
    /// Whether a connection string of the product's database is kept.
    pub database: bool,
    /// Why the last run went without it, when it did.
    pub database_trouble: Option<String>,
}

/// Whether a token is kept, by whom and since when. Never the token itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct TokenStatus {
    /// Whether one is kept.
    pub stored: bool,
    /// Since when the keychain has it, where that is known.
    #[ts(type = "string | null")]
    pub since: Option<Timestamp>,
    /// Who keeps it, or would.
    pub keeper: Keeper,
    /// Why the last run went without it, when it did.
    pub trouble: Option<String>,
}

/// The sessions of all projects.
#[derive(Debug)]
pub struct Sessions {
    pub(super) store: Store,
    pub(super) vault: Vault,
    lost: Mutex<BTreeMap<(ProjectId, Kind), String>>,
}

impl Sessions {
    /// The sessions of the projects in this store.
    #[must_use]
    pub fn new(store: Store, vault: Vault) -> Self {
        Self { store, vault, lost: Mutex::default() }
    }

    fn lost(&self) -> MutexGuard<'_, BTreeMap<(ProjectId, Kind), String>> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was said of earlier trouble with these is of no more use.
    fn forgive(&self, project: ProjectId, kinds: &[Kind]) {
        self.lost().retain(|(one, kind), _| *one != project || !kinds.contains(kind));
    }

    fn trouble(&self, project: ProjectId, kinds: &[Kind]) -> Option<String> {
        kinds.iter().find_map(|kind| self.lost().get(&(project, *kind)).cloned())
    }

    /// Whether the keychain can be used. Once it can, what deleted projects left in it is removed.
    pub async fn vault_status(&self) -> VaultStatus {
        let status = self.vault.status().await;
        self.sweep(&status).await;
        status
    }

    /// Asks the keychain anew.
    pub async fn vault_retry(&self) -> VaultStatus {
        let status = self.vault.retry().await;
        self.sweep(&status).await;
        status
    }

    async fn sweep(&self, status: &VaultStatus) {
        if status.state != VaultState::Available {
            return;
        }
        // What cannot be read or removed now is tried again at the next start.
        for project in self.store.left_secrets().await.unwrap_or_default() {
            let _ = self.forget(project).await;
        }
    }

    /// Which sessions a project has. Asks nothing of the keychain.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn status(&self, project: ProjectId) -> Result<SessionStatus, EngineError> {
        let notes = self.store.secret_notes(project).await?;
        let has = |kind| self.vault.remembers(project, kind) || notes.contains(&kind);
        let usable = self.vault.known().is_none_or(|state| state == VaultState::Available);
        let keeper = |kinds: &[Kind]| {
            let in_memory = kinds.iter().any(|kind| self.vault.remembers(project, *kind));
            let noted = kinds.iter().any(|kind| notes.contains(kind));
            if !in_memory && (usable || noted) { Keeper::Keychain } else { Keeper::Memory }
        };
        Ok(SessionStatus {
            cookie: has(Kind::Cookie),
            token: has(Kind::Token),
            keeper: keeper(&[Kind::SESSION, Kind::LESSER].concat()),
            trouble: self.trouble(project, &[Kind::SESSION, Kind::LESSER].concat()),
            lesser_cookie: has(Kind::LesserCookie),
            lesser_token: has(Kind::LesserToken),
            cloudflare: TokenStatus {
                stored: has(Kind::Cloudflare),
                since: self.store.secret_since(project, Kind::Cloudflare).await?,
                keeper: keeper(&[Kind::Cloudflare]),
                trouble: self.trouble(project, &[Kind::Cloudflare]),
            },
            smtp: has(Kind::Smtp),
            imap: has(Kind::Imap),
            mail_trouble: self.trouble(project, &Kind::MAIL),
            database: has(Kind::Database),
            database_trouble: self.trouble(project, &[Kind::Database]),
        })
    }

    /// Keeps a secret of a project, given at this time.
    ///
    /// # Errors
    /// No web server would take it, or the store cannot be written.
    pub async fn set(
        &self,
        project: &Project,
        kind: Kind,
        secret: Secret<String>,
        at: Timestamp,
    ) -> Result<SessionStatus, EngineError> {
        let id = project.id;
        if self.vault.set(id, kind, secret).await? == Keeper::Keychain {
            if let Err(error) = self.store.note_secret(id, kind, at).await {
                self.vault.delete(id, kind).await;
                return Err(error);
            }
            // Without it only the terminal cannot find the session; the window can.
            let _ = self.vault.keychain.set(pointer(&project.target.domain), Secret::new(id.to_string())).await;
        }
        self.forgive(id, group(kind));
        self.status(id).await
    }

    /// Wipes a secret of a project.
    ///
    /// # Errors
    /// The keychain is locked, or the store cannot be written.
    pub async fn clear(&self, project: ProjectId, kind: Kind) -> Result<SessionStatus, EngineError> {
        let noted = self.store.secret_notes(project).await?.contains(&kind);
        if !self.vault.delete(project, kind).await && noted {
            let says = "the keychain is locked, so the stored secret is still in it; unlock the keychain, then remove the secret again";
            return Err(EngineError::new("vault-locked", says));
        }
        self.store.forget_secret(project, kind).await?;
        self.forgive(project, group(kind));
        self.status(project).await
    }

    /// Deletes a project with its sessions; what a locked keychain holds back is removed when it is open again.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn delete_project(&self, id: ProjectId) -> Result<(), EngineError> {
        let project = self.store.project(id).await?;
        self.store.delete_project(id).await?;
        let pointer = pointer(&project.target.domain);
        let own = !self.store.secret_notes(id).await?.is_empty()
            && self.vault.keychain.get(pointer.clone()).await.is_ok_and(|points| *points.reveal() == id.to_string());
        if own {
            // It names the project only; left behind, it leads to nothing.
            let _ = self.vault.keychain.delete(pointer).await;
        }
        self.forget(id).await
    }

    async fn forget(&self, project: ProjectId) -> Result<(), EngineError> {
        let noted = self.store.secret_notes(project).await?;
        for kind in Kind::ALL {
            drop(self.vault.memory().remove(&(project, kind)));
        }
        for kind in noted {
            if self.vault.delete(project, kind).await {
                self.store.forget_secret(project, kind).await?;
            }
        }
        for name in self.kept_for_journeys(project).await? {
            // What a locked keychain holds back stays noted.
            let _ = self.forget_for_journeys(project, &name).await;
        }
        self.forgive(project, &Kind::ALL);
        Ok(())
    }

    /// The session for a run of a project. What cannot be had is told in its status, and the run goes on without.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn session(&self, project: ProjectId) -> Result<Option<Session>, EngineError> {
        self.forgive(project, &Kind::SESSION);
        let cookie = self.secret(project, Kind::Cookie).await?;
        let token = self.secret(project, Kind::Token).await?;
        Ok(Session::new(cookie, token))
    }

    /// The session of somebody who may do less, under the same rule.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn lesser(&self, project: ProjectId) -> Result<Option<Session>, EngineError> {
        self.forgive(project, &Kind::LESSER);
        let cookie = self.secret(project, Kind::LesserCookie).await?;
        let token = self.secret(project, Kind::LesserToken).await?;
        Ok(Session::new(cookie, token))
    }

    /// The token of the Cloudflare account for a run of a project. What cannot be had is told in its status, and the run goes on without.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn cloudflare(&self, project: ProjectId) -> Result<Option<Arc<Secret<String>>>, EngineError> {
        self.forgive(project, &[Kind::Cloudflare]);
        Ok(self.secret(project, Kind::Cloudflare).await?.map(Arc::new))
    }

    /// The password of the mail account and that of the mailbox, under the same rule.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn mail(&self, project: ProjectId) -> Result<[Option<Secret<String>>; 2], EngineError> {
        self.forgive(project, &Kind::MAIL);
        Ok([self.secret(project, Kind::Smtp).await?, self.secret(project, Kind::Imap).await?])
    }

    /// The product's database by its connection string, under the same rule.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn database(&self, project: ProjectId) -> Result<Option<Arc<Address>>, EngineError> {
        self.forgive(project, &[Kind::Database]);
        let text = self.secret(project, Kind::Database).await?;
        Ok(text.and_then(|text| Address::read(&text).ok()).map(Arc::new))
    }

    /// The key of the fingerprints of keys that are found.
    pub async fn fingerprints(&self) -> Fingerprints {
        self.vault.fingerprints().await
    }

    async fn secret(&self, project: ProjectId, kind: Kind) -> Result<Option<Secret<String>>, EngineError> {
        let noted = self.store.secret_notes(project).await?.contains(&kind);
        if !noted && !self.vault.remembers(project, kind) {
            return Ok(None);
        }
        let what = match kind {
            Kind::Cloudflare => "the token",
            Kind::Smtp | Kind::Imap => "the password",
            Kind::Database => "the connection string",
            _ => "the session",
        };
        let says = match self.vault.get(project, kind).await {
            Ok(Some(secret)) => return Ok(Some(secret)),
            // A locked keychain says "no such entry" as well, so it is tried out, and the note stays.
            Ok(None) => match self.vault.retry().await {
                VaultStatus { state: VaultState::Available, .. } => {
                    format!("{what} was removed from the keychain by somebody else; enter {what} again")
                }
                VaultStatus { state: VaultState::Locked, way, .. } => {
                    format!("the keychain is locked, and {what} is in it; {way}")
                }
                VaultStatus { way, .. } => format!("the keychain that holds {what} cannot be used now; {way}"),
            },
            Err(_) => format!("the keychain could not be read; unlock it or enter {what} again"),
        };
        self.lost().insert((project, kind), says);
        Ok(None)
    }
}

/// The kinds whose trouble is told together.
fn group(kind: Kind) -> &'static [Kind] {
    match kind {
        Kind::Cookie | Kind::Token => &Kind::SESSION,
        Kind::LesserCookie | Kind::LesserToken => &Kind::LESSER,
        Kind::Cloudflare => &[Kind::Cloudflare],
        Kind::Smtp | Kind::Imap => &Kind::MAIL,
        Kind::Database => &[Kind::Database],
    }
}
