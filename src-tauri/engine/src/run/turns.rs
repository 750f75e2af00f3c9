//! Turns: how many exchanges go on at once, over all and with one host.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Exchanges under way at once.
const AT_ONCE: usize = 24;
/// Exchanges with one host at once.
const PER_HOST: usize = 4;

/// Hands out turns.
pub(crate) struct Turns {
    all: Arc<Semaphore>,
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// Held while an exchange goes on.
pub(crate) struct Turn {
    _host: Option<OwnedSemaphorePermit>,
    _all: Option<OwnedSemaphorePermit>,
}

impl Turns {
    pub(crate) fn new() -> Self {
        Self { all: Arc::new(Semaphore::new(AT_ONCE)), hosts: Mutex::default() }
    }

    /// Waits for a turn with this host; the host's own queue comes first, so that a slow host keeps no others waiting.
    pub(crate) async fn with(&self, host: &str) -> Turn {
        let queue = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            hosts.entry(host.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(PER_HOST))).clone()
        };
        // The semaphores are never closed, so a permit always comes.
        let host = queue.acquire_owned().await.ok();
        let all = self.all.clone().acquire_owned().await.ok();
        Turn { _host: host, _all: all }
    }
}
