//! Kept connections: the probes of one origin share few of them, one where the protocol carries several exchanges at once.

use super::http::{Connection, Http};
use super::trouble::Trouble;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use url::Url;

/// The kept connections of a run, by origin.
#[derive(Default)]
pub(crate) struct Lines {
    origins: Mutex<HashMap<String, Arc<Line>>>,
}

#[derive(Default)]
struct Line {
    /// Held while a connection is being made, so that those who come meanwhile share it.
    making: tokio::sync::Mutex<()>,
    idle: Mutex<Vec<Connection>>,
}

/// A connection on loan.
pub(crate) struct Loan {
    pub(crate) connection: Connection,
    /// Whether it was used before: a server may have closed it without our knowing.
    pub(crate) kept: bool,
    line: Arc<Line>,
}

impl Lines {
    /// A connection for `url`, a kept one where there is one.
    pub(crate) async fn take(&self, http: &Http, url: &Url, addresses: &[IpAddr]) -> Result<Loan, Trouble> {
        let line = self.line(url);
        if let Some(connection) = line.kept() {
            return Ok(Loan { connection, kept: true, line });
        }
        let making = line.making.lock().await;
        if let Some(connection) = line.kept() {
            drop(making);
            return Ok(Loan { connection, kept: true, line });
        }
        let connection = http.open(url, addresses).await?;
        line.idle().extend(connection.twin());
        drop(making);
        Ok(Loan { connection, kept: false, line })
    }

    /// A connection that nobody used before, for a second try.
    pub(crate) async fn afresh(&self, http: &Http, url: &Url, addresses: &[IpAddr]) -> Result<Loan, Trouble> {
        let line = self.line(url);
        line.idle().clear();
        let connection = http.open(url, addresses).await?;
        line.idle().extend(connection.twin());
        Ok(Loan { connection, kept: false, line })
    }

    fn line(&self, url: &Url) -> Arc<Line> {
        let mut origins = self.origins.lock().unwrap_or_else(PoisonError::into_inner);
        origins.entry(url.origin().ascii_serialization()).or_default().clone()
    }
}

impl Line {
    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn kept(&self) -> Option<Connection> {
        let mut idle = self.idle();
        idle.retain(Connection::alive);
        match idle.last().and_then(Connection::twin) {
            Some(twin) => Some(twin),
            None => idle.pop(),
        }
    }
}

impl Loan {
    /// Gives the connection back for the next one, when its last answer was read to the end.
    pub(crate) fn give_back(self) {
        // A connection that carries several exchanges was never away.
        if self.connection.alive() && self.connection.twin().is_none() {
            self.line.idle().push(self.connection);
        }
    }
}
