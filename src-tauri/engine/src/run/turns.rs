//! Turns: how many exchanges go on at once, over all, with one host, and how many greetings with one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Exchanges under way at once.
const AT_ONCE: usize = 96;
/// Requests to one host at once, a third of what every server of HTTP/2 should take on one connection (RFC 9113 §6.5.2). Where the
/// protocol carries one at a time, the connections are what bounds them.
const PER_HOST: usize = 32;
/// Connections to one address at once that only look at its TLS.
const GREETINGS: usize = 4;

/// Hands out turns.
pub(crate) struct Turns {
    all: Arc<Semaphore>,
    queues: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// Held while an exchange goes on.
pub(crate) struct Turn {
    _own: Option<OwnedSemaphorePermit>,
    _all: Option<OwnedSemaphorePermit>,
}

impl Turns {
    pub(crate) fn new() -> Self {
        Self { all: Arc::new(Semaphore::new(AT_ONCE)), queues: Mutex::default() }
    }

    /// Waits for a turn to ask this host for something.
    pub(crate) async fn with(&self, host: &str) -> Turn {
        self.take(host.to_owned(), PER_HOST).await
    }

    /// Waits for a turn to look at the TLS of this address.
    pub(crate) async fn to_greet(&self, address: IpAddr) -> Turn {
        self.take(format!("TLS of {address}"), GREETINGS).await
    }

    /// The own queue comes first, so that a slow host keeps no others waiting.
    async fn take(&self, queue: String, at_once: usize) -> Turn {
        let queue = {
            let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
            queues.entry(queue).or_insert_with(|| Arc::new(Semaphore::new(at_once))).clone()
        };
        // The semaphores are never closed, so a permit always comes.
        let own = queue.acquire_owned().await.ok();
        let all = self.all.clone().acquire_owned().await.ok();
        Turn { _own: own, _all: all }
    }
}
