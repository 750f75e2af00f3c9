//! Facts of consent: who agreed to what may be felt on a host, and what was then sent there.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Requests that may be sent in a row; never more than [`Cap::MOST`], whoever agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(try_from = "u8", into = "u8")]
#[ts(export_to = "bindings.ts", type = "number")]
pub struct Cap(u8);

impl Cap {
    /// The most there can be.
    pub const MOST: Self = Self(30);
    /// One test message of each kind.
    pub const ONE_EACH: Self = Self(5);

    /// How many.
    #[must_use]
    pub fn count(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Cap {
    type Error = String;

    fn try_from(count: u8) -> Result<Self, String> {
        if count == 0 || count > Self::MOST.0 {
            return Err(format!("between 1 and {} requests can be agreed to, not {count}", Self::MOST.0));
        }
        Ok(Self(count))
    }
}

impl From<Cap> for u8 {
    fn from(cap: Cap) -> Self {
        cap.0
    }
}

/// What somebody can agree to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bindings.ts")]
pub enum Agreement {
    /// Tries at the forms of a host.
    #[default]
    Tries,
    /// Test messages over the account of a mail server.
    Mail,
    /// The steps of recorded journeys that write.
    Journey,
}

/// That somebody agreed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Agreed {
    /// What kind of thing was agreed to.
    #[serde(default)]
    pub kind: Agreement,
    /// The one host it is about; a mail server with its port.
    pub host: String,
    /// Who agreed, by name.
    pub by: String,
    /// What for, in one plain sentence: what is sent.
    pub what: String,
    /// Requests to one form at most, or messages at one go.
    pub cap: Cap,
    /// When it was recorded.
    #[ts(type = "string")]
    pub at: Timestamp,
    /// When it runs out.
    #[ts(type = "string")]
    pub until: Timestamp,
}

/// A row of tries at one form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Burst {
    /// What the form is: `login`, `reset`, `form`.
    pub form: String,
    /// What was sent each time, in words.
    pub sent: String,
    /// Who agreed.
    pub by: String,
    /// Tries that were agreed to.
    pub cap: Cap,
    /// The answers in order.
    pub statuses: Vec<u16>,
    /// How long the first answer took, milliseconds.
    pub first_ms: u32,
    /// How long the last answer took, milliseconds.
    pub last_ms: u32,
    /// Why it ended.
    pub end: BurstEnd,
}

/// Why a row of tries ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BurstEnd {
    /// Everything that was agreed to was sent.
    Cap,
    /// A bot challenge came.
    Challenged,
    /// The answer changed from the usual one to a refusal (403, 418).
    Barred,
    /// 429 (RFC 6585 §4), with the seconds to wait where it says them.
    Limited {
        /// `Retry-After`, seconds.
        retry_after: Option<u32>,
    },
    /// 423: the account is locked.
    Locked,
    /// The form did not take what a program sends, so nothing was tried.
    Unfit,
    /// 503: either a limit, or too much to do.
    Unavailable,
    /// The form hands over to another host, which nobody agreed to.
    Elsewhere {
        /// That host.
        host: String,
    },
}
