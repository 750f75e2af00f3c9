//! What was seen of the product's repository: keys in the working tree and in the whole history, never their values.

use crate::Unseen;
use crate::facts::SecretMatch;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Keys found in one look at a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repository {
    /// Files, or versions of files, that were read.
    pub files: u64,
    /// Commits whose files were read; none in the look at the working tree.
    pub commits: u64,
    /// Bytes read.
    pub bytes: u64,
    /// What was found.
    pub leaks: Vec<KeyFound>,
    /// Whether more was found than is kept.
    pub cut: bool,
    /// What could not be read.
    pub unread: Vec<Unseen>,
    /// Waivers of the folder's baseline that ran out or match nothing, a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub idle: Vec<String>,
}

/// One key where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyFound {
    /// Path in the repository, with `/`.
    pub path: String,
    /// Where in the file, which kind, and the fingerprint; its `url` is the path.
    #[serde(flatten)]
    pub found: SecretMatch,
    /// Where it still is.
    pub place: Place,
    /// The first commit that holds it, hexadecimal.
    pub commit: Option<String>,
    /// The last commit that holds it.
    pub last: Option<String>,
    /// When its first commit was written, as its author's clock says.
    pub at: Option<Timestamp>,
    /// What the folder's baseline says of it, if its waiver held when the folder was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived: Option<WaivedFind>,
}

/// Why a find may stay, and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaivedFind {
    /// The reason that a person gave.
    pub reason: String,
    /// From then on it counts again.
    pub until: Timestamp,
}

/// Where a key still is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// In a file that git ignores: on this computer only, as `.env` is meant to be.
    Ignored,
    /// In the history only.
    History,
    /// In the last commit of the branch that is checked out.
    Head,
    /// In a file of the folder, or prepared for the next commit.
    Tree,
}
