//! The account that the product sends mail with, and the mailbox where a test message is found again.

use crate::{Consent, EngineError, Secret};
use audit::facts::Flow;
use audit::read::text::clean;
use jiff::Timestamp;
use lettre::Address;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use ts_rs::TS;

/// Longest name of a host (RFC 1035 §2.3.4) or a user.
const LONGEST: usize = 253;
/// How long a test message is waited for.
const PATIENCE: Duration = Duration::from_secs(240);
/// Time between two looks into the mailbox; some services shut out who asks more often.
const PACE: Duration = Duration::from_secs(5);

/// The settings of an account, without its passwords.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bindings.ts", rename = "MailAccount")]
pub struct Account {
    /// The server that takes mail from the product.
    pub host: String,
    /// Its port: 465 is encrypted from the first byte, all others by STARTTLS (RFC 8314 §3.3).
    pub port: u16,
    /// The name to sign in with.
    pub user: String,
    /// The address that the product sends from.
    pub from: String,
    /// The address of a mailbox of the owner.
    pub to: String,
    /// Where that mailbox can be read; without it the message is pasted.
    pub inbox: Option<Inbox>,
}

/// A mailbox that can be read over IMAP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bindings.ts", rename = "MailInbox")]
pub struct Inbox {
    /// Its server.
    pub host: String,
    /// Its port, encrypted from the first byte (RFC 8314 §3.2).
    pub port: u16,
    /// The name to sign in with.
    pub user: String,
}

impl Account {
    /// The settings as typed, checked.
    ///
    /// # Errors
    /// A host, a port, a user or an address is none.
    pub fn checked(mut self) -> Result<Self, EngineError> {
        self.host = host(&self.host)?;
        port(self.port)?;
        self.user = user(&self.user)?;
        self.from = address(&self.from)?.to_string();
        self.to = address(&self.to)?.to_string();
        self.inbox = match self.inbox {
            None => None,
            Some(inbox) => {
                port(inbox.port)?;
                if inbox.port == 143 {
                    return Err(wrong("port 143 begins without encryption; use 993"));
                }
                Some(Inbox { host: host(&inbox.host)?, port: inbox.port, user: user(&inbox.user)? })
            }
        };
        Ok(self)
    }

    /// The server with its port, as consent is given for it.
    #[must_use]
    pub fn server(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

fn wrong(says: impl Into<String>) -> EngineError {
    EngineError::new("mail-account", says)
}

fn host(typed: &str) -> Result<String, EngineError> {
    let host = typed.trim().trim_end_matches('.').to_ascii_lowercase();
    let label = |label: &str| {
        (1..=63).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if host.len() > LONGEST || !host.contains('.') || !host.split('.').all(label) {
        return Err(wrong(format!("{} is no mail server; write its name, such as smtp.example.com", clean(typed, 80))));
    }
    Ok(host)
}

fn port(port: u16) -> Result<(), EngineError> {
    if port == 0 { Err(wrong("a port is a number between 1 and 65535")) } else { Ok(()) }
}

fn user(typed: &str) -> Result<String, EngineError> {
    let user = typed.trim();
    if user.is_empty() || user.len() > LONGEST || user.chars().any(char::is_control) {
        return Err(wrong("write the user name of the account, as the mail service shows it"));
    }
    Ok(user.to_owned())
}

fn address(typed: &str) -> Result<Address, EngineError> {
    let read = typed.trim().parse::<Address>().ok().filter(|address| address.domain().contains('.'));
    read.ok_or_else(|| wrong(format!("{} is no address; write one such as ada@example.com", clean(typed, 80))))
}

/// A mailbox in which journeys find the mail that they made the product send.
#[derive(Debug)]
pub struct Mailbox {
    pub(crate) inbox: Inbox,
    pub(crate) password: Secret<String>,
    pub(crate) patience: Duration,
    pub(crate) pace: Duration,
}

impl Mailbox {
    /// A mailbox with its password; a journey waits so long for a mail, and looks so often.
    #[must_use]
    pub fn new(inbox: Inbox, password: Secret<String>, patience: Duration, pace: Duration) -> Arc<Self> {
        Arc::new(Self { inbox, password, patience, pace })
    }

    /// The same with the usual times: a mail that takes longer than a minute is one that a visitor does not wait for.
    #[must_use]
    pub fn usual(inbox: Inbox, password: Secret<String>) -> Arc<Self> {
        Self::new(inbox, password, Duration::from_secs(60), PACE)
    }
}

/// An account that may be used: somebody agreed, and the passwords are there.
#[derive(Debug)]
pub struct Postbox {
    pub(crate) account: Account,
    pub(crate) password: Secret<String>,
    /// The password of the mailbox; without it the message is pasted.
    pub(crate) inbox: Option<(Inbox, Secret<String>)>,
    pub(crate) consent: Consent,
    pub(crate) flows: Vec<Flow>,
    pub(crate) patience: Duration,
    pub(crate) pace: Duration,
}

impl Postbox {
    /// An account with its passwords, one message for each of these flows.
    ///
    /// # Errors
    /// Nobody agreed to messages over this account, or the settings are wrong.
    pub fn open(
        account: Account,
        password: Secret<String>,
        inbox: Option<Secret<String>>,
        consent: Consent,
        flows: &[Flow],
        now: Timestamp,
    ) -> Result<Arc<Self>, EngineError> {
        let account = account.checked()?;
        if !consent.lets_send(&account.server(), now) {
            let says = format!("nobody agreed to test messages over {} yet", account.server());
            return Err(EngineError::new("consent", says));
        }
        let inbox = account.inbox.clone().zip(inbox);
        let mut flows = flows.to_vec();
        flows.sort();
        flows.dedup();
        Ok(Arc::new(Self { account, password, inbox, consent, flows, patience: PATIENCE, pace: PACE }))
    }

    /// The same with another patience, and time between two looks into the mailbox.
    #[must_use]
    pub fn waiting(self: Arc<Self>, patience: Duration, pace: Duration) -> Arc<Self> {
        Arc::try_unwrap(self).map_or_else(|same| same, |one| Arc::new(Self { patience, pace, ..one }))
    }
}

#[cfg(test)]
mod tests {
    use super::{Account, Inbox, Postbox};
    use crate::{Consent, Secret};
    use audit::facts::Flow;

    fn account() -> Account {
        Account {
            host: " Smtp.Example.com. ".to_owned(),
            port: 587,
            user: "ada".to_owned(),
            from: "hello@example.com".to_owned(),
            to: "ada@inbox.example".to_owned(),
            inbox: Some(Inbox { host: "imap.inbox.example".to_owned(), port: 993, user: "ada".to_owned() }),
        }
    }

    #[test]
    fn settings_are_checked_as_typed() {
        assert_eq!(account().checked().unwrap().server(), "smtp.example.com:587");
        for wrong in [
            Account { host: "localhost".to_owned(), ..account() },
            Account { host: "a b.example".to_owned(), ..account() },
            Account { port: 0, ..account() },
            Account { user: "a\r\nRCPT TO:<b@c.example>".to_owned(), ..account() },
            Account { from: "hello".to_owned(), ..account() },
            Account { to: "a@b.example\r\nX: y".to_owned(), ..account() },
            Account { inbox: account().inbox.map(|inbox| Inbox { port: 143, ..inbox }), ..account() },
        ] {
            assert!(wrong.clone().checked().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn nothing_is_sent_where_nobody_agreed_and_passwords_are_not_shown() {
        let now = "2026-11-21T12:00:00Z".parse().unwrap();
        let secret = || Secret::new("canary-8c1".to_owned());
        let open = |server: &str| {
            let consent = Consent::to_send(server, "Ada", now).unwrap();
            Postbox::open(account(), secret(), Some(secret()), consent, &[Flow::Reset, Flow::Reset], now)
        };
        assert_eq!(open("smtp.example.com:465").unwrap_err().code, "consent");
        let postbox = open("smtp.example.com:587").unwrap();
        assert_eq!(postbox.flows, [Flow::Reset]);
        assert!(!format!("{postbox:?}").contains("canary"));
    }
}
