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

/// A file that the record of a logo names: the logo itself or its certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrandFile {
    /// Where it was asked for.
    pub url: String,
    /// Status code of the last answer, redirects followed.
    pub status: u16,
    /// Bytes that came.
    pub bytes: u32,
    /// Digest of a logo, comparable with those in certificates; empty where it is none.
    #[serde(default)]
    pub digest: String,
    /// What it says as a logo; none when it is no SVG.
    pub logo: Option<LogoSeen>,
    /// The certificates in it, DER in base64, leaf first.
    pub chain: Vec<String>,
}

/// What an SVG says of itself, as far as the profile SVG Tiny PS asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogoSeen {
    /// `version` of the root.
    pub version: Option<String>,
    /// `baseProfile` of the root.
    pub profile: Option<String>,
    /// Whether it has a title with words in it.
    pub title: bool,
    /// Whether it is as wide as it is high; none without a viewBox.
    pub square: Option<bool>,
    /// Whether the root has an `x` or a `y`.
    pub placed: bool,
    /// Whether anything in it leads outside, or acts on an event.
    pub outward: bool,
    /// Whether it declares a document type.
    pub doctype: bool,
    /// Elements that the profile leaves out.
    pub banned: Vec<String>,
}
