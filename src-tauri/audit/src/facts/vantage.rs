//! Facts of the place that the run looked from: whether this network answers what nobody can answer.

use super::Fact;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// Two questions that only a network in the way answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Vantage {
    /// Addresses that the resolver gives for a name that cannot exist (RFC 6761 §6.4); none on an honest network.
    pub decoy: Fact<Vec<IpAddr>>,
    /// The answer to a request to an address that belongs to nobody (RFC 5737 §3), as a status line; none on an honest network.
    pub intercepted: Fact<Option<String>>,
}
