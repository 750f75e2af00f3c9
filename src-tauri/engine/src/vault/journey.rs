//! Secrets that journeys name, such as the password of an account for tests: in the keychain under their project, or in memory.

use super::{Keeper, Sessions, Vault, VaultState, password, pointer};
use crate::store::{Project, ProjectId};
use crate::{EngineError, Secret};
use audit::read::journey::template_name;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{MutexGuard, PoisonError};

/// The name of the entry of such a secret.
pub(super) fn entry(project: ProjectId, name: &str) -> String {
    format!("{project}/journey/{name}")
}

fn copy(secret: &Secret<String>) -> Secret<String> {
    Secret::new(secret.reveal().clone())
}

impl Vault {
    fn named(&self) -> MutexGuard<'_, BTreeMap<(ProjectId, String), Secret<String>>> {
        self.named.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sessions {
    /// Keeps a secret that journeys of a project name.
    ///
    /// # Errors
    /// It is no name or no single line, or the store cannot be written.
    pub async fn keep_for_journeys(
        &self,
        project: &Project,
        name: &str,
        secret: Secret<String>,
        at: Timestamp,
    ) -> Result<Keeper, EngineError> {
        if !template_name(name) {
            return Err(EngineError::new("secret-name", "a secret has a name of letters, digits, _ and -"));
        }
        password(secret.reveal())?;
        let (id, vault) = (project.id, &self.vault);
        if vault.state().await == VaultState::Available {
            match vault.keychain.set(entry(id, name), copy(&secret)).await {
                Ok(()) => {
                    if let Err(error) = self.store.note_journey_secret(id, name, at).await {
                        let _ = vault.keychain.delete(entry(id, name)).await;
                        return Err(error);
                    }
                    drop(vault.named().remove(&(id, name.to_owned())));
                    // Without it only the terminal cannot find the secret; the window can.
                    let _ = vault.keychain.set(pointer(&project.target.domain), Secret::new(id.to_string())).await;
                    return Ok(Keeper::Keychain);
                }
                Err(trouble) => vault.remember(Some(trouble.state())),
            }
        }
        drop(vault.named().insert((id, name.to_owned()), secret));
        Ok(Keeper::Memory)
    }

    /// The names of the secrets that are kept for a project's journeys. Asks nothing of the keychain.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn kept_for_journeys(&self, project: ProjectId) -> Result<BTreeSet<String>, EngineError> {
        let mut names: BTreeSet<String> = self.store.journey_notes(project).await?.into_iter().collect();
        names.extend(self.vault.named().keys().filter(|(id, _)| *id == project).map(|(_, name)| name.clone()));
        Ok(names)
    }

    /// Those of these secrets that can be had now, by name.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn secrets_for_journeys(
        &self,
        project: ProjectId,
        names: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, Secret<String>>, EngineError> {
        let kept = self.kept_for_journeys(project).await?;
        let mut found = BTreeMap::new();
        for name in names.intersection(&kept) {
            let remembered = self.vault.named().get(&(project, name.clone())).map(copy);
            let secret = match remembered {
                Some(secret) => Some(secret),
                None => self.vault.keychain.get(entry(project, name)).await.ok(),
            };
            found.extend(secret.map(|secret| (name.clone(), secret)));
        }
        Ok(found)
    }

    /// Wipes such a secret.
    ///
    /// # Errors
    /// The keychain is locked, or the store cannot be written.
    pub async fn forget_for_journeys(&self, project: ProjectId, name: &str) -> Result<(), EngineError> {
        drop(self.vault.named().remove(&(project, name.to_owned())));
        if !self.store.journey_notes(project).await?.iter().any(|noted| noted == name) {
            return Ok(());
        }
        let gone = match self.vault.keychain.delete(entry(project, name)).await {
            Ok(()) => true,
            // A locked keychain says "no such entry" as well: believe it only when it proves to be open.
            Err(super::Trouble::NoEntry) => self.vault.keychain.probe().await.is_ok(),
            Err(_) => false,
        };
        if !gone {
            let says = "the keychain is locked, so the stored secret is still in it; unlock the keychain, then remove the secret again";
            return Err(EngineError::new("vault-locked", says));
        }
        self.store.forget_journey_secret(project, name).await
    }
}
