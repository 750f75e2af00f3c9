//! What a run is about: the domain as typed and as asked, the hosts and the routes.

use super::Agreed;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The audited domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Target {
    /// As a person reads it, Unicode: `bücher.example`.
    pub name: String,
    /// As DNS asks it, lower-case A-labels without final dot (RFC 5890): `xn--bcher-kva.example`.
    pub domain: String,
}

/// What a run set out to look at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Scope {
    /// Sub-domain names that were tried, fully qualified, without apex and www.
    pub subdomains: Vec<String>,
    /// The random name that was asked to tell a wildcard record, fully qualified.
    pub random_name: String,
    /// DKIM selectors that were asked for.
    pub selectors: Vec<String>,
    /// Routes that are sampled, absolute URLs.
    pub routes: Vec<String>,
    /// Whether private and loopback addresses count as public ones (test networks).
    pub allow_private: bool,
    /// Whether a session was given for signed-in routes. Never the session itself.
    pub signed_in: bool,
    /// What people agreed to that may be felt on a host.
    #[serde(default)]
    pub agreed: Vec<Agreed>,
    /// The resolvers that were asked, `address:port`; empty means this machine's own.
    pub resolvers: Vec<String>,
}
