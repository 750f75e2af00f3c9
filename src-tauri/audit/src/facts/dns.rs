//! Facts of the domain name system: answers of a recursive resolver, and what each name server says itself.

use super::Fact;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use ts_rs::TS;

/// The response code of an answer that tells something (RFC 1035 §4.1.1); others are unseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bindings.ts")]
pub enum Rcode {
    /// The name exists (with or without records of the type asked).
    NoError,
    /// The name does not exist (RFC 8020: nor does anything below it).
    NxDomain,
}

/// One answer of a recursive resolver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct DnsAnswer {
    /// Response code.
    pub rcode: Rcode,
    /// Records of the answer section in the order sent, the CNAME chain included; capped at 256.
    pub records: Vec<Record>,
}

impl DnsAnswer {
    /// The addresses at the end of the chain.
    pub fn addresses(&self) -> impl Iterator<Item = IpAddr> + '_ {
        self.records.iter().filter_map(|record| match record.data {
            RecordData::A(address) => Some(IpAddr::V4(address)),
            RecordData::Aaaa(address) => Some(IpAddr::V6(address)),
            _ => None,
        })
    }

    /// The texts of TXT records, each with its character-strings joined (RFC 7208 §3.3).
    pub fn texts(&self) -> impl Iterator<Item = String> + '_ {
        self.records.iter().filter_map(|record| match &record.data {
            RecordData::Txt(parts) => Some(parts.concat()),
            _ => None,
        })
    }

    /// The records of one type (mnemonic) that this name itself owns.
    pub fn of<'a>(&'a self, name: &'a str, rtype: &'a str) -> impl Iterator<Item = &'a Record> + 'a {
        self.records.iter().filter(move |record| record.name == name && record.data.rtype() == rtype)
    }

    /// The names along the CNAME chain, in order, without the name asked.
    pub fn aliases(&self) -> impl Iterator<Item = &str> + '_ {
        self.records.iter().filter_map(|record| match &record.data {
            RecordData::Cname(name) => Some(name.as_str()),
            _ => None,
        })
    }
}

/// One resource record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Record {
    /// Owner name, lower case, without final dot.
    pub name: String,
    /// Time to live in seconds.
    pub ttl: u32,
    /// Type and data.
    pub data: RecordData,
}

/// Type and data of a record. Names are lower case without final dot; the root is `"."`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "UPPERCASE")]
#[ts(export_to = "bindings.ts")]
pub enum RecordData {
    /// IPv4 address.
    A(#[ts(type = "string")] Ipv4Addr),
    /// IPv6 address.
    Aaaa(#[ts(type = "string")] Ipv6Addr),
    /// Alias.
    Cname(String),
    /// Mail exchange.
    Mx {
        /// Lower is tried first.
        preference: u16,
        /// Host that takes mail.
        exchange: String,
    },
    /// Name server.
    Ns(String),
    /// Start of authority.
    Soa {
        /// Primary server.
        mname: String,
        /// Mailbox of the person responsible.
        rname: String,
        /// Version of the zone.
        serial: u32,
    },
    /// Character-strings; bytes that are not printable ASCII or UTF-8 are escaped as `\ddd`.
    Txt(Vec<String>),
    /// Certification authority authorisation (RFC 8659).
    Caa {
        /// Critical flag.
        critical: bool,
        /// `issue`, `issuewild`, `iodef` …
        tag: String,
        /// Value.
        value: String,
    },
    /// Any other type in presentation form.
    Other {
        /// Type mnemonic, `HTTPS`, `SRV`, `TYPE65400`.
        rtype: String,
        /// RDATA in presentation form, capped at 1,024 characters.
        text: String,
    },
}

impl RecordData {
    /// The type's mnemonic: `A`, `MX`, `DS`.
    #[must_use]
    pub fn rtype(&self) -> &str {
        match self {
            Self::A(_) => "A",
            Self::Aaaa(_) => "AAAA",
            Self::Cname(_) => "CNAME",
            Self::Mx { .. } => "MX",
            Self::Ns(_) => "NS",
            Self::Soa { .. } => "SOA",
            Self::Txt(_) => "TXT",
            Self::Caa { .. } => "CAA",
            Self::Other { rtype, .. } => rtype,
        }
    }
}

/// The name servers of the zone, seen from the parent and from each of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Delegation {
    /// The zone's name.
    pub zone: String,
    /// NS names that a server of the parent zone hands out.
    pub parent: Fact<Vec<String>>,
    /// NS names in the answer of the recursive resolver.
    pub child: Vec<String>,
    /// Each name server of either list, at each of its addresses.
    pub servers: Vec<ServerSeen>,
}

/// One name server at one address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct ServerSeen {
    /// Host name of the server.
    pub name: String,
    /// Address asked; none when the name has none.
    #[ts(type = "string | null")]
    pub address: Option<IpAddr>,
    /// What it said of the zone's SOA. A server that answers REFUSED or without authority is seen (lame), one that is silent is unseen.
    pub soa: Fact<ServerAnswer>,
}

/// What a name server said when asked for the SOA of the zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct ServerAnswer {
    /// Response code mnemonic: `NOERROR`, `REFUSED`, …
    pub rcode: String,
    /// The AA bit (RFC 1035 §4.1.1).
    pub authoritative: bool,
    /// Serial of the SOA record, when one came.
    pub serial: Option<u32>,
    /// NS names that this server gives for the zone, when it was asked and answered.
    pub nameservers: Vec<String>,
}
