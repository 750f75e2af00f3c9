//! Facts of messages: what a message of the product proved on arrival, and how one that was sent on purpose fared. Never a body, a subject or
//! the name of a mailbox.

use crate::read::message::{ArcSeen, DkimResult, Hop, SignatureSeen, SpamWord};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bindings.ts", rename = "MailFlow")]
pub enum Flow {
    /// The message that welcomes a new account, or confirms its address.
    Onboarding,
    /// The message that resets a password.
    Reset,
    /// Invoices and receipts.
    Invoice,
    /// Alerts and other notices.
    Alert,
    /// Any other.
    Other,
}

impl Flow {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Onboarding, Self::Reset, Self::Invoice, Self::Alert, Self::Other];

    /// Its word in keys and at the terminal.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Onboarding => "onboarding",
            Self::Reset => "reset",
            Self::Invoice => "invoice",
            Self::Alert => "alert",
            Self::Other => "other",
        }
    }

    /// The flow of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flow| flow.word() == word)
    }

    /// A message of this kind as a person calls it.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::Onboarding => "welcome message",
            Self::Reset => "password reset",
            Self::Invoice => "invoice",
            Self::Alert => "alert",
            Self::Other => "message",
        }
    }
}

/// What DMARC says of a message (RFC 9989 §5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DmarcResult {
    /// A proof belongs to the domain in From.
    Pass,
    /// None does.
    Fail,
    /// The domain has no policy.
    None,
    /// DNS failed for the moment.
    TempError,
    /// There is not exactly one author.
    PermError,
}

impl DmarcResult {
    /// Its word (RFC 8601 §2.7).
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::None => "none",
            Self::TempError => "temperror",
            Self::PermError => "permerror",
        }
    }
}

/// What a message proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageSeen {
    /// What it is for.
    pub flow: Flow,
    /// The domain in From, as DNS asks it; none where there is not exactly one author.
    pub from: Option<String>,
    /// What the domain's policy makes of it.
    pub dmarc: DmarcResult,
    /// Why, in one sentence.
    pub says: String,
    /// The policy that counts, with the domain it stands at: `quarantine at example.com`.
    pub policy: Option<String>,
    /// Its DKIM signatures, top first.
    pub dkim: Vec<SignatureSeen>,
    /// SPF for the machine that handed it over to the receiver.
    pub spf: Option<SpfTold>,
    /// The chain of those who passed it on.
    pub arc: ArcSeen,
    /// The servers on its way, first first.
    pub hops: Vec<Hop>,
    /// The words of spam filters.
    pub spam: Vec<SpamWord>,
}

/// SPF of a message, without its trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpfTold {
    /// The result word of RFC 7208 §2.6.
    pub result: String,
    /// The domain of the return path.
    pub domain: String,
    /// The sending machine.
    pub ip: std::net::IpAddr,
}

impl MessageSeen {
    /// Whether a domain is that in From, or of the same organisation by the public suffix list.
    #[must_use]
    pub fn belongs(&self, domain: &str) -> bool {
        let house = |name: &str| psl::domain_str(name).unwrap_or(name).to_ascii_lowercase();
        self.from.as_deref().is_some_and(|from| house(from) == house(domain))
    }

    /// The signature that proves the domain in From.
    #[must_use]
    pub fn proven_by_key(&self) -> Option<&SignatureSeen> {
        self.dkim.iter().find(|one| one.result == DkimResult::Pass && self.belongs(&one.domain))
    }

    /// Whether the sending machine proves the domain in From.
    #[must_use]
    pub fn proven_by_machine(&self) -> bool {
        self.spf.as_ref().is_some_and(|spf| spf.result == "pass" && self.belongs(&spf.domain))
    }

    /// Seconds from the first server to the last by the servers' own clocks; none where they do not fit together.
    #[must_use]
    pub fn seconds(&self) -> Option<i64> {
        let first = self.hops.iter().find_map(|hop| hop.at)?;
        let last = self.hops.iter().rev().find_map(|hop| hop.at)?;
        let running = self.hops.iter().all(|hop| hop.seconds.is_none_or(|seconds| seconds >= -2));
        Some(last.as_second() - first.as_second()).filter(|seconds| running && *seconds >= 0)
    }
}

/// One message that was sent on purpose, over the product's own account to a mailbox of its owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roundtrip {
    /// What it stands for.
    pub flow: Flow,
    /// The server that took it, with its port.
    pub server: String,
    /// The domain that it was sent from.
    pub from: String,
    /// The domain of the mailbox.
    pub to: String,
    /// The word by which it is found again; it stands in its subject.
    pub token: String,
    /// When the server had taken it, by our clock.
    pub sent: Timestamp,
    /// How it ended.
    pub end: RoundtripEnd,
}

/// How a message that was sent on purpose ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundtripEnd {
    /// It was found.
    Arrived {
        /// Seconds from when the server had taken it to when it was found.
        seconds: u32,
        /// Whether they come from the receiver's clock, as the message was pasted and not waited for.
        #[serde(default)]
        theirs: bool,
        /// The folder it lay in, where it was not the inbox: that of junk mail.
        junk: Option<String>,
        /// What it proved.
        seen: Box<MessageSeen>,
    },
    /// The account's server did not take it (RFC 5321 §4.2): the code and its words.
    Refused {
        /// The code.
        code: u16,
        /// The words.
        says: String,
    },
    /// It was sent, and waits to be found or pasted.
    Underway {
        /// Why it was not found yet, where it was looked for.
        says: String,
    },
}
