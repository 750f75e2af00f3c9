//! Facts of the transport: whether an address takes connections, and what its TLS handshake showed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Whether an address takes TCP connections on port 443. Silence is unseen, not `open: false`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Reach {
    /// True: accepted. False: refused at once (RST).
    pub open: bool,
    /// Time to the answer in milliseconds.
    pub took_ms: u32,
}

/// What one TLS handshake with one address under one name showed. No application data is sent on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Handshake {
    /// Protocol version that was agreed: `TLSv1.3`.
    pub protocol: Option<String>,
    /// Cipher suite by its IANA name.
    pub cipher: Option<String>,
    /// Protocol agreed by ALPN (RFC 7301): `h2`, `http/1.1`.
    pub alpn: Option<String>,
    /// The chain as sent, leaf first, DER in base64; capped at 30 certificates.
    pub chain: Vec<String>,
    /// How many certificates were sent.
    pub sent: u32,
    /// Whether an OCSP answer was stapled (RFC 6066 §8).
    pub stapled: bool,
    /// That OCSP answer (RFC 6960), DER in base64, when it is no longer than 16 KB.
    #[serde(default)]
    pub staple: Option<String>,
    /// Entries of public logs in the certificate and in the stapled answer; none when nobody looked at them.
    #[serde(default)]
    pub logs: Option<LogEntries>,
    /// The platform verifier's answer.
    pub trust: Trust,
}

/// What the platform's verifier says of the chain for this name and time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum Trust {
    /// A browser on this machine would accept it.
    Trusted,
    /// It would not.
    Refused {
        /// The kind of problem that the verifier met first.
        problem: TrustProblem,
        /// The verifier's own words, stripped of control characters.
        detail: String,
    },
}

/// Why a chain was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export_to = "bindings.ts")]
pub enum TrustProblem {
    /// After its notAfter.
    Expired,
    /// Before its notBefore.
    NotYetValid,
    /// The name asked is not in it.
    WrongName,
    /// No path to a trusted root: self-signed, private authority or a missing intermediate.
    UnknownIssuer,
    /// Revoked.
    Revoked,
    /// Anything else.
    Other,
}

/// Entries of public logs that came with a certificate (RFC 6962 §3.3), each held against the list of logs known to this world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct LogEntries {
    /// Day of the list of logs: `2026-06-16`.
    pub as_of: String,
    /// As they came; capped at 20 of each way.
    pub entries: Vec<LogEntry>,
}

/// A log's promise that it holds a certificate (SignedCertificateTimestamp, RFC 6962 §3.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct LogEntry {
    /// Id of the log, in hexadecimal.
    pub log: String,
    /// The log; none when the list does not have it.
    pub known: Option<KnownLog>,
    /// When the log took the certificate, in its own words.
    #[ts(type = "string")]
    pub at: Timestamp,
    /// Whether the log signed it.
    pub proof: LogProof,
}

/// A log of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct KnownLog {
    /// Its name.
    pub name: String,
    /// Who runs it.
    pub operator: String,
    /// Since when browsers count no new entries of it; none while they do.
    #[ts(type = "string | null")]
    pub retired: Option<Timestamp>,
}

/// What the signature of an entry says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum LogProof {
    /// The log signed it for this certificate.
    Signed,
    /// The log is known and did not sign it for this certificate.
    Forged,
    /// It could not be verified.
    Untold {
        /// Why, as a fragment of a sentence.
        why: String,
    },
}
