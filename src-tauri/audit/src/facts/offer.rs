//! Facts of protocol probes: which TLS versions and which weak cipher suites a server takes, each really asked for.

use super::{LogEntry, Unseen};
use serde::{Deserialize, Serialize};

/// A version of the protocol, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TlsVersion {
    /// SSL 3.0 (RFC 6101; RFC 7568 forbids it).
    #[serde(rename = "SSL 3.0")]
    Ssl3,
    /// TLS 1.0 (RFC 2246; RFC 8996 forbids it).
    #[serde(rename = "TLS 1.0")]
    Tls10,
    /// TLS 1.1 (RFC 4346; RFC 8996 forbids it).
    #[serde(rename = "TLS 1.1")]
    Tls11,
    /// TLS 1.2 (RFC 5246).
    #[serde(rename = "TLS 1.2")]
    Tls12,
    /// TLS 1.3 (RFC 8446).
    #[serde(rename = "TLS 1.3")]
    Tls13,
}

impl TlsVersion {
    /// Every version, oldest first.
    pub const ALL: [Self; 5] = [Self::Ssl3, Self::Tls10, Self::Tls11, Self::Tls12, Self::Tls13];

    /// Its number on the wire (RFC 8446 §4.2.1).
    #[must_use]
    pub fn number(self) -> u16 {
        match self {
            Self::Ssl3 => 0x0300,
            Self::Tls10 => 0x0301,
            Self::Tls11 => 0x0302,
            Self::Tls12 => 0x0303,
            Self::Tls13 => 0x0304,
        }
    }

    /// The version with this number.
    #[must_use]
    pub fn of(number: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.number() == number)
    }

    /// As people write it.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::Ssl3 => "SSL 3.0",
            Self::Tls10 => "TLS 1.0",
            Self::Tls11 => "TLS 1.1",
            Self::Tls12 => "TLS 1.2",
            Self::Tls13 => "TLS 1.3",
        }
    }
}

/// What a server at one address takes under one name. Every question is a ClientHello on a connection of its own, given up after the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Connections that it took to find out.
    pub connections: u32,
    /// When this was seen at another address of the same edge, or under another name with the same certificate: its key `"host|address"`.
    pub seen_at: Option<String>,
    /// Each version that was asked for, oldest first.
    pub versions: Vec<VersionSeen>,
    /// Whether TLS 1.2 is taken with a suite that has forward secrecy and authenticated encryption; none when 1.2 is not taken.
    pub modern: Option<bool>,
    /// Weak suites that were taken, with the version they were taken in.
    pub weak: Vec<SuiteSeen>,
    /// Whether there may be more weak suites than were asked for.
    pub more_weak: bool,
    /// Whether it agreed to compress (CRIME; RFC 7525 §3.3); none when only TLS 1.3 answered, which has none.
    pub compression: Option<bool>,
    /// Whether renegotiation is bound to its connection (RFC 5746); none when only TLS 1.3 answered, which has none.
    pub secure_renegotiation: Option<bool>,
    /// Bits of the group over which it agrees on keys, where TLS 1.2 is taken with such a suite (RFC 9325 §4.1 wants 2048); none: with
    /// none, or not asked.
    #[serde(default)]
    pub group: Option<u32>,
    /// Whether a fall-back to an older version is refused when the client says that it is one (RFC 7507); none when not asked.
    pub refuses_fallback: Option<bool>,
    /// Whether signed certificate timestamps came in the handshake itself (RFC 6962 §3.3.1), seen in TLS 1.2 only.
    pub timestamps: bool,
    /// Those timestamps, held against the list of logs; capped at 20.
    #[serde(default)]
    pub entries: Vec<LogEntry>,
    /// Questions besides the versions that got no answer.
    pub unseen: Vec<Unseen>,
}

impl Offer {
    /// The versions that are taken, oldest first.
    pub fn taken(&self) -> impl DoubleEndedIterator<Item = TlsVersion> + '_ {
        self.versions.iter().filter(|seen| matches!(seen.answer, VersionAnswer::Taken { .. })).map(|seen| seen.version)
    }
}

/// One version, and what came of asking for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionSeen {
    /// The version.
    pub version: TlsVersion,
    /// The answer.
    pub answer: VersionAnswer,
}

/// What a server says to a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionAnswer {
    /// It agreed, with this suite (IANA number).
    Taken {
        /// The suite.
        suite: u16,
    },
    /// It refused, in the words of RFC 8446 §6 or by closing the connection every time.
    Refused {
        /// How.
        how: String,
    },
    /// No answer.
    Unseen(Unseen),
}

/// A suite in a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuiteSeen {
    /// IANA number.
    pub suite: u16,
    /// The version.
    pub version: TlsVersion,
}
