//! Facts of the registry: what it says about the domain over RDAP (RFC 9083).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The registry's answer about a domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Registration {
    /// The registrable domain that was asked for: `example.co.uk`.
    pub domain: String,
    /// The RDAP server asked, base URL; none when the ending has none in the list of IANA.
    pub server: Option<String>,
    /// Where the address of the server was taken from.
    pub listed: Listed,
    /// The registration; none when there is no server, or when the server has none (404).
    pub record: Option<Registered>,
}

/// Where the list of RDAP servers was taken from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Listed {
    /// The list of IANA, fetched in this run or kept from one of the last day; its publication time as it gives it.
    Iana(String),
    /// The copy inside the program, of this date.
    Shipped(String),
}

/// What a registry says about a registered domain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// Name of the registrar.
    pub registrar: Option<String>,
    /// IANA registrar id.
    pub registrar_id: Option<String>,
    /// When it was registered.
    pub registered: Option<Timestamp>,
    /// When it runs out.
    pub expires: Option<Timestamp>,
    /// When it was last changed.
    pub changed: Option<Timestamp>,
    /// Statuses in the words of RFC 8056, lower case: `client transfer prohibited`.
    pub statuses: Vec<String>,
    /// Name servers, lower case without final dot, sorted.
    pub nameservers: Vec<String>,
    /// Whether the parent zone vouches for the domain with DS records; none when the registry does not say.
    pub signed: Option<bool>,
}
