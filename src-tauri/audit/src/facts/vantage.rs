//! Facts of the place that the run looked from: whether this network answers what nobody can answer.

use super::{Fact, Unseen, Why};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// Three questions that only a network in the way answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Vantage {
    /// Addresses that the resolver gives for a name that cannot exist (RFC 6761 §6.4); none on an honest network.
    pub decoy: Fact<Vec<IpAddr>>,
    /// The answer to a request to an address that belongs to nobody (RFC 5737 §3), as a status line; none on an honest network.
    pub intercepted: Fact<Option<String>>,
    /// Whom the certificate names that was shown at such an address on port 443; none on an honest network.
    #[serde(default = "unasked")]
    pub sealed: Fact<Option<String>>,
    /// Why the servers of each zone were asked from the root down in place of this machine's resolvers; none where these answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unheard: Option<String>,
}

/// Facts of earlier versions do not hold the answer.
fn unasked() -> Fact<Option<String>> {
    Fact::Unseen(Unseen {
        what: "the network of this machine".to_owned(),
        why: Why::NotLooked,
        says: "nobody asked whether this network answers encrypted connections itself".to_owned(),
        way: "run the audit again".to_owned(),
    })
}
