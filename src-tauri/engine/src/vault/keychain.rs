//! The keychain of the operating system, on a thread of its own: it may stop for minutes to ask a person for a password.

use super::VaultState;
use crate::Secret;
use keyring_core::{CredentialStore, Error, Result as StoreResult};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// What all entries stand under.
const SERVICE: &str = "Launch Ready";
/// How long a person may take to unlock the keychain.
const PATIENCE: Duration = Duration::from_secs(30);
/// Threads that may wait for a keychain that does not answer.
const MOST_WAITING: usize = 4;

/// Connects to a store; called again after a failure, so that a keychain started later is found.
pub(super) type Connect = Arc<dyn Fn() -> StoreResult<Arc<CredentialStore>> + Send + Sync>;

/// Why the keychain did not do it. Holds nothing that the keychain said: that can be the secret itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    Missing,
    Locked,
    Denied,
    NoEntry,
    TooLong,
    /// No answer in time: most likely its password window is open.
    Silent,
}

impl Trouble {
    pub(super) fn state(self) -> VaultState {
        match self {
            Self::Missing => VaultState::Missing,
            Self::Locked | Self::Silent => VaultState::Locked,
            Self::Denied | Self::NoEntry | Self::TooLong => VaultState::Denied,
        }
    }
}

/// The keychain of this operating system.
pub(super) fn platform() -> Connect {
    Arc::new(|| {
        #[cfg(target_os = "macos")]
        let store = apple_native_keyring_store::keychain::Store::new()?;
        #[cfg(target_os = "windows")]
        let store = windows_native_keyring_store::Store::new()?;
        #[cfg(not(any(target_os = "macos", target_os = "windows")))]
        let store = zbus_secret_service_keyring_store::Store::new()?;
        Ok(store)
    })
}

type Job = Box<dyn FnOnce(&mut Held) + Send>;

/// The way to the thread.
pub(super) struct Keychain {
    connect: Connect,
    worker: Mutex<Option<Sender<Job>>>,
    alive: Arc<()>,
    patience: Duration,
}

impl Keychain {
    pub(super) fn new(connect: Connect) -> Self {
        Self { connect, worker: Mutex::default(), alive: Arc::default(), patience: PATIENCE }
    }

    #[cfg(test)]
    pub(super) fn patient(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    #[cfg(test)]
    pub(super) fn threads(&self) -> usize {
        Arc::strong_count(&self.alive) - 1
    }

    /// Lets go of the thread and its connection; the next call begins anew.
    pub(super) fn forget(&self) {
        *self.worker.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Writes, reads and deletes a throw-away entry: an open connection alone proves nothing.
    pub(super) async fn probe(&self) -> Result<(), Trouble> {
        let token = uuid::Uuid::new_v4().to_string();
        self.call(move |held| {
            let account = format!("probe {token}");
            held.set(&account, token.as_bytes())?;
            let back = held.get(&account);
            let gone = held.delete(&account);
            if back?.reveal() == token.as_str() { gone } else { Err(Trouble::Denied) }
        })
        .await
    }

    pub(super) async fn set(&self, account: String, secret: Secret<String>) -> Result<(), Trouble> {
        self.call_or_undo(
            {
                let account = account.clone();
                move |held| held.set(&account, secret.reveal().as_bytes())
            },
            // Whoever asked was told that it failed: a late success would leave a secret that nobody knows of.
            move |held| {
                let _ = held.delete(&account);
            },
        )
        .await
    }

    pub(super) async fn get(&self, account: String) -> Result<Secret<String>, Trouble> {
        self.call(move |held| held.get(&account)).await
    }

    pub(super) async fn delete(&self, account: String) -> Result<(), Trouble> {
        self.call(move |held| held.delete(&account)).await
    }

    async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Held) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        self.call_or_undo(work, |_| ()).await
    }

    async fn call_or_undo<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Held) -> Result<T, Trouble> + Send + 'static,
        undo: impl FnOnce(&mut Held) + Send + 'static,
    ) -> Result<T, Trouble> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |held| {
            let done = work(held);
            if let Err(Ok(_)) = reply.send(done) {
                undo(held);
            }
        });
        // Dropped before the answer came (a time-out, or the caller was cancelled): the thread may hang, so the next call gets another.
        let hanging = Abandon(Some(self));
        self.worker()?.send(job).map_err(|_| Trouble::Denied)?;
        let answer = tokio::time::timeout(self.patience, answer).await.map_err(|_| Trouble::Silent)?;
        hanging.not();
        answer.map_err(|_| Trouble::Denied)?
    }

    fn worker(&self) -> Result<Sender<Job>, Trouble> {
        let mut worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(jobs) = worker.as_ref() {
            return Ok(jobs.clone());
        }
        // Every thread holds a share; one that hangs keeps it.
        if Arc::strong_count(&self.alive) > MOST_WAITING {
            return Err(Trouble::Silent);
        }
        let (jobs, queue) = channel::<Job>();
        let (mut held, alive) = (Held { connect: self.connect.clone(), store: None }, self.alive.clone());
        let work = move || {
            let _share = alive;
            while let Ok(job) = queue.recv() {
                job(&mut held);
            }
        };
        std::thread::Builder::new().name("keychain".to_owned()).spawn(work).map_err(|_| Trouble::Denied)?;
        *worker = Some(jobs.clone());
        Ok(jobs)
    }
}

struct Abandon<'a>(Option<&'a Keychain>);

impl Abandon<'_> {
    fn not(mut self) {
        self.0 = None;
    }
}

impl Drop for Abandon<'_> {
    fn drop(&mut self) {
        if let Some(keychain) = self.0 {
            keychain.forget();
        }
    }
}

/// What the thread holds: the connection, once there is one.
struct Held {
    connect: Connect,
    store: Option<Arc<CredentialStore>>,
}

impl Held {
    fn set(&mut self, account: &str, secret: &[u8]) -> Result<(), Trouble> {
        self.entry(account, |entry| entry.set_secret(secret))
    }

    fn get(&mut self, account: &str) -> Result<Secret<String>, Trouble> {
        let bytes = Secret::new(self.entry(account, keyring::Entry::get_secret)?);
        let text = std::str::from_utf8(bytes.reveal()).map_err(|_| Trouble::Denied)?;
        Ok(Secret::new(text.to_owned()))
    }

    fn delete(&mut self, account: &str) -> Result<(), Trouble> {
        self.entry(account, keyring::Entry::delete_credential)
    }

    fn entry<T>(&mut self, account: &str, act: impl FnOnce(&keyring::Entry) -> StoreResult<T>) -> Result<T, Trouble> {
        let store = match self.store.take() {
            Some(store) => store,
            None => (self.connect)().map_err(|_| Trouble::Missing)?,
        };
        let done = store.build(SERVICE, account, None).and_then(|inner| act(&keyring::Entry { inner }));
        // After a failure of the platform the connection is of no more use.
        if !matches!(done, Err(Error::PlatformFailure(_))) {
            self.store = Some(store);
        }
        done.map_err(|error| trouble(&error))
    }
}

/// The kind of an error only: several of them carry the bytes of the secret.
fn trouble(error: &Error) -> Trouble {
    match error {
        Error::NoEntry => Trouble::NoEntry,
        Error::NoStorageAccess(_) => Trouble::Locked,
        Error::TooLong(..) => Trouble::TooLong,
        Error::NoDefaultStore => Trouble::Missing,
        _ => Trouble::Denied,
    }
}
