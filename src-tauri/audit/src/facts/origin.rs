//! Facts of servers behind a delivery network: what an address says when it is asked for the site directly.

use serde::{Deserialize, Serialize};

/// An address outside the network, asked on port 443 under the name of the bare domain. No credential is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginSeen {
    /// Where the address was found: `direct.example.com`, `SPF of example.com`.
    pub found: Vec<String>,
    /// Whether port 443 took the connection; false: refused, or silent as firewalls are.
    pub open: bool,
    /// The certificate it showed for that name, DER in base64, whether trusted or not.
    pub certificate: Option<String>,
    /// What it answered to a GET of the front page; none when it refused the handshake or the request.
    pub answer: Option<OriginAnswer>,
}

/// An answer to a GET of the front page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginAnswer {
    /// Status code.
    pub status: u16,
    /// Where a 3xx answer leads, absolute.
    pub location: Option<String>,
    /// Title of the page.
    pub title: Option<String>,
    /// SHA-256 of the body, hexadecimal; empty when it is no page.
    pub sha256: String,
}
