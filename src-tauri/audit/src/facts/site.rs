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
    /// What it makes a browser fetch, open or submit to, in document order, capped at 300.
    #[serde(default)]
    pub resources: Vec<Resource>,
    /// Hashes of its inline scripts as a content security policy names them, capped at 20.
    #[serde(default)]
    pub inline_hashes: Vec<String>,
    /// Contents of `<meta http-equiv=content-security-policy>` in the head, in order, capped at 10.
    #[serde(default)]
    pub csp_meta: Vec<String>,
    /// Content of the last `<meta name=referrer>`.
    #[serde(default)]
    pub referrer_meta: Option<String>,
    /// Where it leads, and what it asks of readers.
    #[serde(default)]
    #[ts(skip)]
    pub linked: Linked,
}

/// Where a document leads, and what it asks of readers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// Targets of `<a href>`, absolute, without fragments, each once, in the order of the document, capped at 200.
    pub pages: Vec<String>,
    /// Content of `<meta name=robots>`, capped at 200 characters.
    pub robots: Option<String>,
    /// Where a form with a password field is sent, absolute.
    pub login: Option<String>,
}

/// Something that a page makes a browser fetch, open or submit to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Resource {
    /// What it is used as.
    pub kind: ResourceKind,
    /// Absolute URL.
    pub url: String,
    /// Whether the element names a digest of it (Subresource Integrity).
    #[serde(default)]
    pub integrity: bool,
    /// Whether the page waits for it before it shows anything: style sheets and plain scripts in the head.
    #[serde(default)]
    pub blocking: bool,
    /// How its address is written.
    #[serde(default)]
    pub written: Written,
}

/// What a resource is used as; decides what browsers do with it when it comes unencrypted (W3C Mixed Content §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum ResourceKind {
    /// A font of an inline style sheet or a preload.
    Font,
    /// Where a form is sent.
    Form,
    /// A document in a frame.
    Frame,
    /// One image: `<img src>`, an icon, an image of an inline style.
    Image,
    /// One candidate of `srcset`.
    ImageSet,
    /// A web app manifest.
    Manifest,
    /// Sound, film or subtitles.
    Media,
    /// `<object>` or `<embed>`.
    Object,
    /// A script element.
    Script,
    /// A WebSocket address in an inline script.
    Socket,
    /// A style sheet, linked or imported by an inline one.
    Style,
}

/// How an address is written in a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum Written {
    /// With scheme and host.
    Absolute,
    /// Without either: same origin.
    #[default]
    Relative,
    /// `//host/path`.
    SchemeRelative,
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
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
    /// The source map that it names, absolute (ECMA-426 §11.1); never a `data:` URL, those are [`ScriptSeen::map_inside`].
    #[serde(default)]
    #[ts(skip)]
    pub map: Option<String>,
    /// Whether it holds its source map in itself.
    #[serde(default)]
    #[ts(skip)]
    pub map_inside: bool,
    /// What belongs to a developer's machine or a debug build.
    #[serde(default)]
    #[ts(skip)]
    pub marks: Vec<ScriptMark>,
}

/// Something in a script that belongs to a developer's machine or a debug build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptMark {
    /// Which rule of `audit::read::script` matched: `localhost`, `private-address`, `react-development` …
    pub rule: String,
    /// The text that matched, cleaned, at most 120 characters.
    pub shown: String,
    /// Line in that script, from 1.
    pub line: u32,
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
    /// The original file in a source map; [`SecretMatch::line`] is then a line of that file.
    #[serde(default)]
    #[ts(skip)]
    pub source: Option<String>,
    /// Whether a comment on its line says that it is known and wanted.
    #[serde(default)]
    #[ts(skip)]
    pub allowed: bool,
}
