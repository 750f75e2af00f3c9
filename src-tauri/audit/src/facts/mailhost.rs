//! Facts of the way to a mail host: its conversation on port 25, and the policy that asks others to encrypt.

use super::{Fact, Handshake};
use serde::{Deserialize, Serialize};

/// What a mail host said on port 25 (RFC 5321), up to and with STARTTLS (RFC 3207). No mail is offered to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mailhost {
    /// Code of its greeting (RFC 5321 §4.2): 220 takes mail, 554 takes none.
    pub greeting: u16,
    /// Whether its answer to EHLO offers STARTTLS.
    pub starttls: bool,
    /// The handshake after STARTTLS, where it was offered.
    pub tls: Option<Fact<Handshake>>,
}

/// The answer to the question for the policy of MTA-STS (RFC 8461 §3.3), redirects not followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StsAnswer {
    /// Status code.
    pub status: u16,
    /// The published policy, at most 8 KB, hidden characters made visible; lines parted by `\n`.
    pub text: String,
}
