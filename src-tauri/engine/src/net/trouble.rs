//! Why an exchange failed, in the closed list of reasons and in plain words.

use audit::read::text::clean;
use audit::{Unseen, Why};
use std::io;
use std::time::Duration;

/// A failure that still has to be told what was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) why: Why,
    pub(crate) says: String,
    way: Option<String>,
}

impl Trouble {
    pub(crate) fn new(why: Why, says: impl Into<String>) -> Self {
        Self { why, says: clean(&says.into(), 400), way: None }
    }

    /// The same with a better way to an answer than the usual one.
    pub(crate) fn with_way(mut self, way: impl Into<String>) -> Self {
        self.way = Some(clean(&way.into(), 400));
        self
    }

    /// A trouble met on the way to something else.
    pub(crate) fn again(unseen: &Unseen) -> Self {
        Self { why: unseen.why, says: format!("{}: {}", unseen.what, unseen.says), way: Some(unseen.way.clone()) }
    }

    pub(crate) fn silent(who: &str, what: &str, after: Duration) -> Self {
        Self::new(Why::Timeout, format!("{who} did not {what} within {}", seconds(after)))
    }

    /// What an I/O error on the way to `who` means.
    pub(crate) fn of_io(error: &io::Error, who: &str) -> Self {
        use io::ErrorKind as Kind;
        match error.kind() {
            Kind::ConnectionRefused => Self::new(Why::Refused, format!("{who} refused the connection")),
            Kind::TimedOut => Self::new(Why::Timeout, format!("{who} did not answer in time")),
            Kind::NetworkUnreachable
            | Kind::HostUnreachable
            | Kind::NetworkDown
            | Kind::AddrNotAvailable
            | Kind::Unsupported => {
                Self::new(Why::NoRoute, format!("this machine has no way to {who} ({})", error.kind()))
            }
            Kind::PermissionDenied => {
                Self::new(Why::NoRoute, format!("this machine may not connect to {who}; its own firewall forbids it"))
            }
            Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe | Kind::UnexpectedEof => {
                Self::new(Why::Broken, format!("{who} broke off the connection before the answer was whole"))
            }
            _ => Self::new(Why::Broken, format!("the connection to {who} failed ({error})")),
        }
    }

    pub(crate) fn of(&self, what: impl Into<String>) -> Unseen {
        Unseen {
            what: clean(&what.into(), 400),
            why: self.why,
            says: self.says.clone(),
            way: self.way.clone().unwrap_or_else(|| usual_way(self.why).to_owned()),
        }
    }
}

/// A duration as a person says it.
pub(crate) fn seconds(span: Duration) -> String {
    let millis = span.as_millis();
    if millis > 0 && millis.is_multiple_of(1000) { format!("{} s", millis / 1000) } else { format!("{millis} ms") }
}

fn usual_way(why: Why) -> &'static str {
    match why {
        Why::NotLooked => "run the audit again and let it finish",
        Why::Timeout => {
            "run the audit again; if it stays silent, ask whoever runs the server whether a firewall drops connections"
        }
        Why::Refused => "ask whoever runs the server whether it should answer here, then run the audit again",
        Why::Broken => "run the audit again; if it breaks every time, look into the server's log for this moment",
        Why::Busy => "wait a few minutes, then run the audit again",
        Why::Untrusted => "mend the certificate first, then run the audit again",
        Why::Forbidden => "if this is a test network of your own, allow private addresses for this run",
        Why::NoRoute => "run the audit from a machine and network that can reach it",
        Why::Garbled => "look at the answer with whoever runs the server, then run the audit again",
        Why::Depends => "settle what it rests on, then run the audit again",
        Why::TooFew => "sample the route again with more requests",
        Why::NoSession => "add a session for the signed-in routes, then run the audit again",
        Why::NoConsent => "record who agreed to it for this host, then run the audit again",
        Why::Challenged => {
            "let the audit through at the bot protection (by its user agent or your address), then run it again"
        }
        Why::NotAnswered => "answer the question on this item",
        Why::Beyond => "look at it by hand",
    }
}
