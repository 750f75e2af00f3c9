//! Facts of single HTTP exchanges: one request of ours and its answer, without the body.

use super::Header;
use serde::{Deserialize, Serialize};

/// One request and its answer. Redirects are answers here; nothing is followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// Method sent: `GET`, `OPTIONS` …
    pub method: String,
    /// URL asked, in normal form.
    pub url: String,
    /// Header fields that this probe added to the usual ones; of a session only the names, never its values.
    #[serde(default)]
    pub sent: Vec<Header>,
    /// Whether a session was sent along. Never the session itself.
    #[serde(default)]
    pub signed_in: bool,
    /// Address and port that answered.
    pub address: String,
    /// Protocol: `HTTP/1.1`, `HTTP/2`.
    pub version: String,
    /// Status code.
    pub status: u16,
    /// Answer headers under the same bounds as those of a [`super::Hop`]; values of `set-cookie` keep name and attributes only.
    pub headers: Vec<Header>,
    /// Where a 3xx answer leads, absolute.
    pub location: Option<String>,
    /// Time from sending the request to the end of the headers, milliseconds.
    pub took_ms: u32,
    /// What the body was like.
    pub body: BodySeen,
}

impl Exchange {
    /// The values of a header (name in lower case), in the order sent.
    pub fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.headers.iter().filter(move |header| header.name == name).map(|header| header.value.as_str())
    }
}

/// What a body was like; the body itself is never kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodySeen {
    /// Decoded bytes read.
    pub bytes: u32,
    /// Bytes as they came over the wire, still encoded.
    pub wire: u32,
    /// Whether it was longer than the limit and cut.
    pub truncated: bool,
    /// SHA-256 of the decoded bytes read, hexadecimal.
    pub sha256: String,
    /// What the bytes themselves look like, whatever the headers say.
    pub kind: BodyKind,
    /// Recognisers of `assets/data/signs.toml` that matched, by id: `git-head`, `trace-python` …
    #[serde(default)]
    pub signs: Vec<String>,
    /// What the header of an image says.
    #[serde(default)]
    pub image: Option<Box<ImageSeen>>,
    /// Elements of the longest list at the first or second level of a JSON answer.
    #[serde(default)]
    pub items: Option<u32>,
    /// Salted fingerprints of some of its words, where it is to be compared with another (`audit::read::sketch`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sketch: Vec<u32>,
}

/// What the header of an image says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageSeen {
    /// `png`, `jpeg`, `webp` …
    pub format: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// What the first bytes of a body look like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyKind {
    /// No bytes.
    #[default]
    Empty,
    /// An HTML document.
    Html,
    /// A JSON value.
    Json,
    /// Other text.
    Text,
    /// Anything else.
    Binary,
}
