//! Facts of how each name server of the zone behaves, and which records each of them shows.

use super::Fact;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// The zone as its own name servers and its parent show it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// Addresses that the parent hands out for the name servers beside its referral (RFC 9471), by server.
    pub glue: BTreeMap<String, Vec<IpAddr>>,
    /// Timers of the SOA record, where one came.
    pub timers: Option<Timers>,
    /// Each server that answers for the zone, at each of its addresses.
    pub servers: Vec<Conduct>,
}

/// Timers of a SOA record, seconds (RFC 1035 §3.3.13, RFC 2308 §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timers {
    /// How often a secondary server asks for news.
    pub refresh: u32,
    /// How soon it asks again after a failure.
    pub retry: u32,
    /// When it stops answering without news.
    pub expire: u32,
    /// How long "there is no such record" is remembered.
    pub minimum: u32,
}

/// One name server at one address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conduct {
    /// Host name of the server.
    pub server: String,
    /// Address asked.
    pub address: IpAddr,
    /// Whether it answers a question with EDNS (RFC 6891); false: it calls it malformed.
    pub edns: Fact<bool>,
    /// Whether it answers over TCP (RFC 7766); false: it refuses the connection.
    pub tcp: Fact<bool>,
    /// Whether it answers a stranger's question about somebody else's name.
    pub open: Fact<bool>,
    /// Whether it hands the whole zone to a stranger who asks for a transfer (RFC 5936 §5); none in runs that did not ask.
    #[serde(default)]
    pub transfer: Option<Fact<bool>>,
    /// The questions to which it says that the name does not exist at all (NXDOMAIN).
    #[serde(default)]
    pub denied: BTreeSet<String>,
    /// What it shows itself, by question (`"example.com MX"`): data in presentation form, in order of the alphabet.
    pub sets: BTreeMap<String, Fact<Vec<String>>>,
}
