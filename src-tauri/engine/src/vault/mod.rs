//! Secrets of a project, sessions of signed-in routes and the token of the Cloudflare account: kept in the keychain of the operating system, or in memory until the program ends. Never in a file.

mod fingerprints;
mod journey;
mod keychain;
mod sessions;
mod terminal;
#[cfg(test)]
mod tests;

pub use fingerprints::Fingerprints;
pub use sessions::{SessionStatus, Sessions, TokenStatus};
pub use terminal::{
    cloudflare_for_domain, forget_for_journeys, held_back, journey_secret, keep_database, keep_for_journeys,
    kept_database, kept_fingerprints, lesser_for_domain, secret_for_domain, session_for_domain,
};

use crate::store::ProjectId;
use crate::{Address, EngineError, Secret};
use keychain::{Keychain, Trouble};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use ts_rs::TS;

/// Longest secret, bytes: more does not fit into the one header that common servers take.
const LONGEST: usize = 8_000;

/// Longest API token of Cloudflare, bytes; today's have 40 to 60.
const LONGEST_TOKEN: usize = 200;
/// Longest password of a mail account, bytes; keys of mail services that serve as one have up to 200.
const LONGEST_PASSWORD: usize = 1_000;
/// Length of the key that may do everything in a Cloudflare account (developers.cloudflare.com/fundamentals/api/get-started/keys).
const GLOBAL_KEY: usize = 37;

/// What a secret is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bindings.ts", rename = "SessionKind")]
pub enum Kind {
    /// The value of a `Cookie` header.
    Cookie,
    /// A bearer token.
    Token,
    /// The value of a `Cookie` header of somebody who may do less.
    #[serde(rename = "lesser-cookie")]
    LesserCookie,
    /// A bearer token of somebody who may do less.
    #[serde(rename = "lesser-token")]
    LesserToken,
    /// A read-only token of the Cloudflare account.
    Cloudflare,
    /// The password of the account that the product sends mail with.
    Smtp,
    /// The password of the mailbox where test messages are found.
    Imap,
    /// The connection string of the product's database.
    Database,
}

impl Kind {
    pub(crate) const ALL: [Self; 8] = [
        Self::Cookie,
        Self::Token,
        Self::LesserCookie,
        Self::LesserToken,
        Self::Cloudflare,
        Self::Smtp,
        Self::Imap,
        Self::Database,
    ];
    /// The passwords of mail.
    pub(crate) const MAIL: [Self; 2] = [Self::Smtp, Self::Imap];
    /// The kinds that a session is made of.
    pub(crate) const SESSION: [Self; 2] = [Self::Cookie, Self::Token];
    /// The kinds that a lesser session is made of.
    pub(crate) const LESSER: [Self; 2] = [Self::LesserCookie, Self::LesserToken];

    /// Its name in the store and the keychain.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Cookie => "cookie",
            Self::Token => "token",
            Self::LesserCookie => "lesser-cookie",
            Self::LesserToken => "lesser-token",
            Self::Cloudflare => "cloudflare",
            Self::Smtp => "smtp",
            Self::Imap => "imap",
            Self::Database => "database",
        }
    }
}

/// Who keeps secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bindings.ts")]
pub enum Keeper {
    /// The keychain of the operating system.
    Keychain,
    /// This program's memory, until it ends.
    Memory,
}

/// Whether the keychain can be used, and what to do when not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct VaultStatus {
    /// What a write, a read and a delete of a throw-away entry showed.
    pub state: VaultState,
    /// The state in one plain sentence.
    pub says: String,
    /// What to do; empty when there is nothing to do.
    pub way: String,
}

/// What the keychain is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bindings.ts")]
pub enum VaultState {
    /// It keeps and gives back.
    Available,
    /// It is there, but locked or waiting for its password.
    Locked,
    /// It is there and refuses.
    Denied,
    /// There is none.
    Missing,
}

impl VaultState {
    fn status(self) -> VaultStatus {
        let (says, way) = match self {
            Self::Available => ("secrets are kept in this computer's keychain", ""),
            Self::Locked => (
                "the keychain is locked, so secrets are kept in memory until Launch Ready is closed",
                "unlock the keychain (sign in, or open your password program), then try again",
            ),
            Self::Denied => (
                "the keychain refused, so secrets are kept in memory until Launch Ready is closed",
                "allow Launch Ready in the settings of the keychain, then try again",
            ),
            Self::Missing => (
                "this computer has no keychain running, so secrets are kept in memory until Launch Ready is closed",
                "start one (GNOME Keyring, KWallet or KeePassXC with its Secret Service switched on), then try again",
            ),
        };
        VaultStatus { state: self, says: says.to_owned(), way: way.to_owned() }
    }
}

/// The keeper of secrets.
pub struct Vault {
    keychain: Keychain,
    memory: Mutex<BTreeMap<(ProjectId, Kind), Secret<String>>>,
    /// Secrets that journeys name, where the keychain cannot be used.
    named: Mutex<BTreeMap<(ProjectId, String), Secret<String>>>,
    state: Mutex<Option<VaultState>>,
    fingerprints: Mutex<Option<Fingerprints>>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("state", &self.known()).finish_non_exhaustive()
    }
}

impl Default for Vault {
    fn default() -> Self {
        Self::new()
    }
}

impl Vault {
    /// The vault of this computer. Nothing is asked of the keychain yet.
    #[must_use]
    pub fn new() -> Self {
        Self::with(Keychain::new(keychain::platform()))
    }

    fn with(keychain: Keychain) -> Self {
        Self {
            keychain,
            memory: Mutex::default(),
            named: Mutex::default(),
            state: Mutex::default(),
            fingerprints: Mutex::default(),
        }
    }

    /// Whether the keychain can be used: found out once, then remembered.
    pub async fn status(&self) -> VaultStatus {
        self.state().await.status()
    }

    /// Asks the keychain anew, with a new connection.
    pub async fn retry(&self) -> VaultStatus {
        self.keychain.forget();
        self.remember(None);
        self.status().await
    }

    async fn state(&self) -> VaultState {
        if let Some(state) = self.known() {
            return state;
        }
        let state = match self.keychain.probe().await {
            Ok(()) => VaultState::Available,
            Err(trouble) => trouble.state(),
        };
        self.remember(Some(state));
        state
    }

    fn known(&self) -> Option<VaultState> {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, state: Option<VaultState>) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    fn memory(&self) -> MutexGuard<'_, BTreeMap<(ProjectId, Kind), Secret<String>>> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a secret: in the keychain, or in memory where the keychain cannot be used.
    ///
    /// # Errors
    /// It is empty, too long, or holds characters that no header may hold.
    pub async fn set(&self, project: ProjectId, kind: Kind, secret: Secret<String>) -> Result<Keeper, EngineError> {
        usable(kind, secret.reveal())?;
        let mut keeper = Keeper::Memory;
        if self.state().await == VaultState::Available {
            match self.keychain.set(account(project, kind), Secret::new(secret.reveal().clone())).await {
                Ok(()) => keeper = Keeper::Keychain,
                Err(Trouble::TooLong) => return Err(too_long()),
                Err(trouble) => self.remember(Some(trouble.state())),
            }
        }
        match keeper {
            Keeper::Keychain => drop(self.memory().remove(&(project, kind))),
            Keeper::Memory => drop(self.memory().insert((project, kind), secret)),
        }
        Ok(keeper)
    }

    /// Whether memory holds a secret.
    #[must_use]
    pub fn remembers(&self, project: ProjectId, kind: Kind) -> bool {
        self.memory().contains_key(&(project, kind))
    }

    /// A secret for a run; none when neither memory nor the keychain has it.
    pub(crate) async fn get(&self, project: ProjectId, kind: Kind) -> Result<Option<Secret<String>>, EngineError> {
        let remembered = self.memory().get(&(project, kind)).map(|secret| Secret::new(secret.reveal().clone()));
        if remembered.is_some() {
            return Ok(remembered);
        }
        match self.keychain.get(account(project, kind)).await {
            Ok(secret) => Ok(Some(secret)),
            Err(Trouble::NoEntry) => Ok(None),
            Err(trouble) => {
                self.remember(Some(trouble.state()));
                Err(EngineError::new("vault", trouble.state().status().says))
            }
        }
    }

    /// Wipes a secret. True when it is certain that no copy is left.
    pub async fn delete(&self, project: ProjectId, kind: Kind) -> bool {
        drop(self.memory().remove(&(project, kind)));
        match self.keychain.delete(account(project, kind)).await {
            Ok(()) => true,
            // A locked keychain says "no such entry" as well: believe it only when it proves to be open.
            Err(Trouble::NoEntry) => self.keychain.probe().await.is_ok(),
            Err(trouble) => {
                self.remember(Some(trouble.state()));
                false
            }
        }
    }
}

/// The name of the entry that says which project last kept a session for a domain: so the terminal finds it by the domain.
fn pointer(domain: &str) -> String {
    format!("domain {domain}")
}

/// The name of an entry in the keychain.
fn account(project: ProjectId, kind: Kind) -> String {
    format!("{project}/{}", kind.key())
}

/// Whether a secret can be what it is given as.
fn usable(kind: Kind, secret: &str) -> Result<(), EngineError> {
    match kind {
        Kind::Cloudflare => {}
        Kind::Smtp | Kind::Imap => return password(secret),
        Kind::Database => return Address::read(&Secret::new(secret.to_owned())).map(drop),
        _ => return sendable(secret),
    }
    let says = if secret.trim().is_empty() {
        "nothing was entered; paste the API token"
    } else if secret.len() == GLOBAL_KEY && secret.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        "this looks like the Global API Key, which may change everything in the account; make a read-only API token and paste that"
    } else if secret.len() > LONGEST_TOKEN
        || !secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    {
        "this is no Cloudflare API token; paste the token alone, without quotes, spaces or the word Bearer"
    } else {
        return Ok(());
    };
    Err(EngineError::new("bad-secret", says))
}

/// A password is one line of any characters; neither SMTP nor IMAP can carry a line end in one.
fn password(secret: &str) -> Result<(), EngineError> {
    let says = if secret.is_empty() {
        "nothing was entered; type the password"
    } else if secret.len() > LONGEST_PASSWORD || secret.chars().any(char::is_control) {
        "this is no password of a mail account; type it on one line"
    } else {
        return Ok(());
    };
    Err(EngineError::new("bad-secret", says))
}

/// A header value may hold visible ASCII, spaces and tabs only (RFC 9110 §5.5).
fn sendable(secret: &str) -> Result<(), EngineError> {
    let says = if secret.trim().is_empty() {
        "nothing was entered; paste the value of the Cookie header, or the token"
    } else if secret.len() > LONGEST {
        return Err(too_long());
    } else if !secret.chars().all(|c| c == '\t' || c == ' ' || c.is_ascii_graphic()) {
        "this holds characters that no web server takes in a header; paste the value again, on one line"
    } else {
        return Ok(());
    };
    Err(EngineError::new("bad-secret", says))
}

fn too_long() -> EngineError {
    let says =
        "this is longer than the keychain or a web server takes; paste only the cookie or token of the session itself";
    EngineError::new("secret-too-long", says)
}
