//! The key under which keys that are found get their fingerprints: drawn once, kept in the keychain, so that a later run knows a find again and nobody without it can.

use super::{Vault, VaultState};
use crate::Secret;
use data_encoding::HEXLOWER;
use std::sync::{Arc, PoisonError};

/// The name of its entry.
const ENTRY: &str = "fingerprints";

/// A key of fingerprints.
pub type Fingerprints = Arc<Secret<[u8; 32]>>;

impl Vault {
    /// The key of this computer. Where the keychain cannot be used it lasts until the program ends, and finds are unknown again afterwards.
    pub async fn fingerprints(&self) -> Fingerprints {
        if let Some(held) = self.held() {
            return held;
        }
        let kept = self.kept_fingerprints().await;
        let key = match kept {
            Some(key) => key,
            None => {
                let key = drawn();
                if self.state().await == VaultState::Available {
                    // A keychain that was locked meanwhile refuses; the key then lasts until the program ends.
                    let _ = self.keychain.set(ENTRY.to_owned(), Secret::new(HEXLOWER.encode(key.reveal()))).await;
                }
                key
            }
        };
        let mut held = self.fingerprints.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(held.get_or_insert(key))
    }

    fn held(&self) -> Option<Fingerprints> {
        self.fingerprints.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The key that the keychain holds, if it holds one.
    pub(super) async fn kept_fingerprints(&self) -> Option<Fingerprints> {
        let text = self.keychain.get(ENTRY.to_owned()).await.ok()?;
        let bytes = HEXLOWER.decode(text.reveal().as_bytes()).ok()?;
        Some(Arc::new(Secret::new(bytes.try_into().ok()?)))
    }
}

fn drawn() -> Fingerprints {
    let mut key = [0; 32];
    key[..16].copy_from_slice(uuid::Uuid::new_v4().as_bytes());
    key[16..].copy_from_slice(uuid::Uuid::new_v4().as_bytes());
    Arc::new(Secret::new(key))
}
