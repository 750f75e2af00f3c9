//! Kept connections: all requests to one origin share few of them, one where the protocol carries several exchanges at once.

use super::http::{Connection, Http};
use super::trouble::Trouble;
use audit::Why;
use http::header::HeaderMap;
use http::{Method, Response};
use hyper::body::Incoming;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::Url;

/// Connections to one origin at once where each carries one exchange at a time. With those of its other scheme and the one that is
/// sampled for response time a host sees at most six.
const SECURE: usize = 3;
/// The same over plain HTTP, where little more than redirects is asked for.
const PLAIN: usize = 2;
/// Connections at once that are made for a single request, after a shared one broke.
const ALONE: usize = 1;

/// The kept connections of a run, by origin.
#[derive(Default)]
pub(crate) struct Lines {
    origins: Mutex<HashMap<String, Arc<Line>>>,
}

pub(crate) struct Line {
    leases: Arc<Semaphore>,
    alone: Arc<Semaphore>,
    /// Held while a connection is being made, so that those who come meanwhile share it, or its trouble.
    making: tokio::sync::Mutex<()>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    shared: Option<Connection>,
    idle: Vec<Connection>,
    /// Attempts that failed, and how the last of them did.
    failed: (u32, Option<Trouble>),
}

/// A connection on loan.
pub(crate) struct Loan {
    pub(crate) connection: Connection,
    /// Whether others use it as well or did before: it may break for reasons that are not this exchange's.
    together: bool,
    line: Arc<Line>,
    _lease: Option<OwnedSemaphorePermit>,
}

impl Lines {
    /// Sends a request on a kept connection where there is one. One that the server closed meanwhile, or that broke under another's
    /// request, is no trouble of this one: it is sent once more on a connection of its own.
    pub(crate) async fn ask(
        &self,
        http: &Http,
        method: &Method,
        url: &Url,
        addresses: &[IpAddr],
        headers: &HeaderMap,
    ) -> Result<(Loan, Response<Incoming>), Trouble> {
        let line = self.line(http, url);
        let mut loan = line.take(http, url, addresses).await?;
        match loan.connection.send(method, url, headers).await {
            Err(trouble) if loan.together && trouble.why == Why::Broken => {
                drop(loan);
                let mut loan = line.alone(http, url, addresses).await?;
                let response = loan.connection.send(method, url, headers).await?;
                Ok((loan, response))
            }
            answer => Ok((loan, answer?)),
        }
    }

    fn line(&self, http: &Http, url: &Url) -> Arc<Line> {
        let mut origins = self.origins.lock().unwrap_or_else(PoisonError::into_inner);
        let at_once = if url.scheme() == "http" { PLAIN } else { SECURE };
        let new = || {
            let line = Arc::new(Line::new(at_once));
            http.doors.know(&line);
            line
        };
        origins.entry(url.origin().ascii_serialization()).or_insert_with(new).clone()
    }
}

impl Line {
    fn new(at_once: usize) -> Self {
        let (leases, alone) = (Arc::new(Semaphore::new(at_once)), Arc::new(Semaphore::new(ALONE)));
        Self { leases, alone, making: tokio::sync::Mutex::default(), kept: Mutex::default() }
    }

    async fn take(self: &Arc<Self>, http: &Http, url: &Url, addresses: &[IpAddr]) -> Result<Loan, Trouble> {
        let failed = self.kept().failed.0;
        if let Some(loan) = self.shared() {
            return Ok(loan);
        }
        // The semaphore is never closed, so a permit always comes.
        let lease = self.leases.clone().acquire_owned().await.ok();
        let making = self.making.lock().await;
        if let Some(loan) = self.shared() {
            return Ok(loan);
        }
        if let Some(connection) = self.idle() {
            return Ok(self.loan(connection, true, lease));
        }
        if let (count, Some(trouble)) = &self.kept().failed
            && *count > failed
        {
            return Err(trouble.clone());
        }
        let made = http.open(url, addresses).await;
        let mut kept = self.kept();
        match made {
            Ok(connection) => {
                kept.shared = connection.twin();
                drop(kept);
                drop(making);
                let together = !connection.lone();
                Ok(self.loan(connection, together, lease.filter(|_| !together)))
            }
            Err(trouble) => {
                kept.failed = (kept.failed.0 + 1, Some(trouble.clone()));
                Err(trouble)
            }
        }
    }

    /// A connection for one request alone.
    async fn alone(self: &Arc<Self>, http: &Http, url: &Url, addresses: &[IpAddr]) -> Result<Loan, Trouble> {
        let lease = self.alone.clone().acquire_owned().await.ok();
        let connection = http.open(url, addresses).await?;
        Ok(self.loan(connection, false, lease))
    }

    fn loan(self: &Arc<Self>, connection: Connection, together: bool, lease: Option<OwnedSemaphorePermit>) -> Loan {
        Loan { connection, together, line: self.clone(), _lease: lease }
    }

    fn shared(self: &Arc<Self>) -> Option<Loan> {
        let mut kept = self.kept();
        kept.shared = kept.shared.take().filter(Connection::alive);
        let twin = kept.shared.as_ref().and_then(Connection::twin)?;
        Some(self.loan(twin, true, None))
    }

    fn idle(&self) -> Option<Connection> {
        let mut kept = self.kept();
        kept.idle.retain(Connection::alive);
        kept.idle.pop()
    }

    /// Closes the kept connections to an address that nobody uses.
    pub(super) fn close_idle(&self, address: IpAddr) {
        let mut kept = self.kept();
        kept.idle.retain(|connection| connection.address.ip() != address);
        kept.shared = kept.shared.take().filter(|shared| shared.address.ip() != address || !shared.idle());
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Loan {
    /// Gives the connection back for the next one, when its last answer was read to the end.
    pub(crate) fn give_back(self) {
        // A connection that carries several exchanges was never away.
        if self.connection.lone() && self.connection.alive() {
            let mut kept = self.line.kept();
            self.connection.rest();
            kept.idle.push(self.connection);
        }
    }
}
