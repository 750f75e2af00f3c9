//! What people filed on one row of the checklist: who does it until when, what they said of it, and what proves it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Everything that was filed on one row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Dossier {
    /// Who does it; empty where nobody was named.
    #[serde(default)]
    pub owner: String,
    /// The day by which it is to be done.
    #[serde(default)]
    #[ts(type = "string | null")]
    pub due: Option<Date>,
    /// What people said of it, oldest first.
    #[serde(default)]
    pub comments: Vec<Comment>,
    /// What proves it, oldest first.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
}

/// What somebody said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Comment {
    /// Its number in the project.
    #[ts(type = "number")]
    pub id: i64,
    /// Who.
    pub by: String,
    /// What.
    pub says: String,
    /// When.
    #[ts(type = "string")]
    pub at: Timestamp,
}

/// One piece of evidence. What it holds lies beside the project file, under its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Evidence {
    /// SHA-256 of what it holds, hexadecimal.
    pub hash: String,
    /// What it is called: a file name, an address on the web.
    pub name: String,
    /// What it is.
    pub kind: EvidenceKind,
    /// Its size.
    pub bytes: u32,
    /// Who attached it; empty where nobody said.
    pub by: String,
    /// When.
    #[ts(type = "string")]
    pub at: Timestamp,
}

/// What a piece of evidence is, by its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bindings.ts")]
pub enum EvidenceKind {
    /// Anything else: named with its size and hash, never opened.
    File,
    /// An address on the web.
    Link,
    /// A picture that the window can show.
    Picture,
    /// Text.
    Text,
}
