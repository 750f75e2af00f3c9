//! One thing that was looked at, or why it could not be.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One thing that was looked at: seen with its value, or unseen with the reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum Fact<T> {
    /// The world answered.
    Seen {
        /// What was seen.
        value: T,
        /// When the answer came.
        #[ts(type = "string")]
        at: Timestamp,
        /// Who answered, as a person would name it: "9.9.9.9:53 over UDP", "104.18.20.10:443".
        from: String,
    },
    /// The world did not answer, or was not asked.
    Unseen(Unseen),
}

impl<T> Fact<T> {
    /// The value, or why there is none.
    ///
    /// # Errors
    /// The reason recorded by the looker.
    pub fn seen(&self) -> Result<&T, Unseen> {
        match self {
            Fact::Seen { value, .. } => Ok(value),
            Fact::Unseen(unseen) => Err(unseen.clone()),
        }
    }
}

/// Something that could not be seen: what, why, and the way to an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Unseen {
    /// What was looked at: "TXT _dmarc.example.com", "https://app.example.com/".
    pub what: String,
    /// The kind of reason.
    pub why: Why,
    /// The reason in one plain sentence.
    pub says: String,
    /// What a person can do to get an answer.
    pub way: String,
}

/// The closed list of reasons why something could not be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export_to = "bindings.ts")]
pub enum Why {
    /// Nobody looked yet, or the run was cut short.
    NotLooked,
    /// No answer within the time allowed.
    Timeout,
    /// The other side refused: a closed port, DNS REFUSED.
    Refused,
    /// The connection broke before the answer was whole.
    Broken,
    /// The other side said that it is overloaded or limits us (HTTP 429, 503; DNS SERVFAIL).
    Busy,
    /// The certificate is not trusted, so nothing more was sent.
    Untrusted,
    /// The address is private or otherwise not to be contacted from here.
    Forbidden,
    /// This machine has no way there (no network, no IPv6).
    NoRoute,
    /// The answer broke a limit of size, count or depth, or the protocol.
    Garbled,
    /// It rests on something else that could not be seen.
    Depends,
    /// Too few samples for the claim.
    TooFew,
    /// A credential or session that was not given.
    NoSession,
    /// Something that may only be done to a host whose owner agreed, and nobody recorded that.
    NoConsent,
    /// A bot challenge answered in place of the site.
    Challenged,
    /// A person was not asked, or did not answer yet.
    NotAnswered,
    /// Beyond what this version looks at.
    Beyond,
}
