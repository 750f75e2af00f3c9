//! Facts of signing in with another service: what the discovery document says, and where people are sent back to. No state, no code.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a discovery document says (OpenID Connect Discovery 1.0 §3, RFC 8414 §2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discovery {
    /// Who it says it is.
    pub issuer: String,
    /// Its addresses by field: `authorization_endpoint`, `jwks_uri` …
    pub endpoints: BTreeMap<String, String>,
}

/// Where signing in with another service begins, and what that service is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OauthStart {
    /// The addresses on the way, without their parameters.
    pub way: Vec<String>,
    /// The service's address, without parameters; none where nobody was sent on to a service.
    pub service: Option<String>,
    /// Where people are sent back to, by parameter (`redirect_uri`, `redirect_to`), without parameters of its own.
    pub back: BTreeMap<String, String>,
}
