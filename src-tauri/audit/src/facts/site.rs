//! Facts of pages and scripts: what a document links, and which secret rules matched in the scripts. Never the bodies.

use super::Unseen;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What an HTML document showed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct PageSeen {
    /// Bytes read.
    pub bytes: u32,
    /// Whether the body was longer than the limit (5 MB) and cut.
    pub truncated: bool,
    /// SHA-256 of the bytes read, hexadecimal: tells equal pages without keeping them.
    pub sha256: String,
    /// Text of `<title>`, capped at 300 characters.
    pub title: Option<String>,
    /// `<link rel=canonical>`, absolute.
    pub canonical: Option<String>,
    /// `<meta property=og:url>`, absolute.
    pub og_url: Option<String>,
    /// Scripts linked, absolute URLs, in order, capped at 100.
    pub scripts: Vec<String>,
    /// How many inline scripts it has.
    pub inline_scripts: u32,
}

/// The scripts of the canonical page and what the secret rules found in them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Bundle {
    /// The page.
    pub page: String,
    /// Each script, read or not; inline ones together as the page's own URL.
    pub scripts: Vec<ScriptSeen>,
    /// Matches in all of them.
    pub matches: Vec<SecretMatch>,
}

/// One script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct ScriptSeen {
    /// Its URL.
    pub url: String,
    /// Bytes read.
    pub bytes: u32,
    /// Whether it was longer than the limit and cut.
    pub truncated: bool,
    /// Why it could not be read, when it could not.
    pub unseen: Option<Unseen>,
}

/// One match of a secret rule; the value itself is never kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct SecretMatch {
    /// The rule's id in `assets/data/secrets.toml`.
    pub rule: String,
    /// The script it stands in.
    pub url: String,
    /// Line in that script, from 1.
    pub line: u32,
    /// The fixed prefix that names the kind, then dots: `sk_live_…`.
    pub redacted: String,
    /// Keyed hash of the value under a salt that is thrown away with the run: tells equal finds apart.
    pub fingerprint: String,
    /// Whether keys of this kind are meant to be public.
    pub public: bool,
}
