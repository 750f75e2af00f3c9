//! Facts of propagation: the same questions to the domain's own name servers and to public resolvers, each with its own answer.

use super::{DnsAnswer, Fact, Rcode, RecordData};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The same questions, asked of many.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Propagation {
    /// The questions: `"example.com A"`.
    pub questions: Vec<String>,
    /// What the domain's own name servers say.
    pub servers: Vec<Told>,
    /// What public resolvers say.
    pub resolvers: Vec<Told>,
}

/// What one of them says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// Name of the server or the resolver: `ada.ns.cloudflare.com`, `Google`.
    pub who: String,
    /// How it was asked.
    pub way: Way,
    /// Where it was asked: `8.8.8.8:53`, `https://dns.google/dns-query`.
    pub at: String,
    /// Its answers by question.
    pub answers: BTreeMap<String, Fact<SetSeen>>,
}

/// How a resolver is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// UDP, or TCP after a cut answer (RFC 1035).
    Plain,
    /// DNS over TLS (RFC 7858).
    Tls,
    /// DNS over HTTPS (RFC 8484).
    Https,
}

impl Way {
    /// The way in words that fit after "over".
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::Plain => "plain DNS",
            Self::Tls => "TLS",
            Self::Https => "HTTPS",
        }
    }
}

/// The records that a name itself owns, in one answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetSeen {
    /// Response code.
    pub rcode: Rcode,
    /// Records of the name asked (an alias counts, what it leads to does not), capped at 256.
    pub records: Vec<RecordData>,
    /// Seconds that this answer may still be kept: of the records, or of the denial (RFC 2308 §5).
    pub ttl: u32,
    /// Whether a denial names the zone that denies (SOA, RFC 2308 §2); one that does not was not given by the zone.
    pub denied_by_zone: bool,
}

impl SetSeen {
    /// What a resolver's whole answer to a question about `name` says of the name itself. Whether the zone denies is not known of it.
    #[must_use]
    pub fn of(answer: &DnsAnswer, name: &str) -> Self {
        let own = || answer.records.iter().filter(|record| record.name == name);
        let ttl = own().map(|record| record.ttl).min().unwrap_or(0);
        let records = own().map(|record| record.data.clone()).collect();
        Self { rcode: answer.rcode, records, ttl, denied_by_zone: true }
    }
}
