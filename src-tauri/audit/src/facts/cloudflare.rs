//! Facts of a Cloudflare account: what its API says of the domain's zone. Never the token.

use super::Unseen;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a read-only token shows of the zone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloudflareZone {
    /// Calls that it took.
    pub calls: u32,
    /// The zone's state: `active`, `pending` …
    pub status: String,
    /// Whether Cloudflare is switched off for the zone as a whole.
    pub paused: bool,
    /// The plan's name.
    pub plan: String,
    /// What the token may do: `#zone_settings:read`, `#dns_records:edit` …
    pub permissions: Vec<String>,
    /// Settings by id, their values as text; `hsts` stands for the HSTS switch of `security_header`.
    pub settings: BTreeMap<String, String>,
    /// Records that can be proxied.
    pub records: Vec<CloudflareRecord>,
    /// Whether there are more records than were read.
    pub more_records: bool,
    /// Phases in which rulesets are in force: `http_request_firewall_managed`, `http_ratelimit` …
    pub phases: Vec<String>,
    /// Expressions of cache rules that make something cacheable.
    pub cached: Vec<String>,
    /// Whether bots are fought; none when the answer has no such switch.
    pub bots_fought: Option<bool>,
    /// Parts that the token or the API did not show.
    pub unseen: Vec<Unseen>,
}

/// A record in Cloudflare's DNS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloudflareRecord {
    /// Owner name.
    pub name: String,
    /// Type mnemonic.
    pub rtype: String,
    /// Whether visitors reach Cloudflare in place of the address.
    pub proxied: bool,
}
