//! Facts of a project's settings: which names its code reads, which its files declare, which each environment has. Never a value.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the files of a project say of its settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inventory {
    /// Files that were read.
    pub files: u32,
    /// Why some files were left out, with how many: too large, not text, not readable.
    pub left_out: BTreeMap<String, u32>,
    /// The limit that ended the walk before every file was read.
    pub cut: Option<String>,
    /// Files that declare names as an example for others, such as `.env.example`.
    pub examples: Vec<String>,
    /// Every name with what is known of it.
    pub variables: BTreeMap<String, Variable>,
    /// What each environment has, by its name.
    pub environments: BTreeMap<String, Environment>,
    /// Calls to other services that may wait without end.
    pub calls: Vec<OpenCall>,
    /// Calls to other services that were met in all.
    pub calls_seen: u32,
}

/// One name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variable {
    /// Where it is read; the first places, [`Variable::MOST`] at most.
    pub reads: Vec<Read>,
    /// How often it is read.
    pub count: u32,
    /// Where a file declares it.
    pub declared: Vec<Declared>,
    /// Where a file of the project sets it for a deployment: a Dockerfile, a manifest.
    pub provided: Vec<String>,
    /// What the comment above it in an example file says it is for; nothing where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Variable {
    /// Places kept of one name.
    pub const MOST: usize = 20;
}

/// One place that reads a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read {
    /// Path below the project folder.
    pub path: String,
    /// Line, from 1.
    pub line: u32,
    /// What happens without it.
    pub need: Need,
    /// What the file is for.
    pub part: Part,
}

/// What happens where the name is not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Need {
    /// The code asks whether it is there and copes.
    Optional,
    /// The code has a value of its own.
    Defaulted,
    /// Nothing stands in for it.
    Required,
}

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The product as it runs.
    App,
    /// Building or releasing it.
    Build,
    /// A service that builds and tests it.
    Ci,
    /// Tests, samples and documentation.
    Test,
}

/// One line of a dotenv file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declared {
    /// Path below the project folder.
    pub path: String,
    /// Line, from 1.
    pub line: u32,
    /// Whether the file is an example for others.
    pub example: bool,
    /// What its value looks like.
    pub value: ValueSeen,
}

/// What a value looks like; nothing of the value itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ValueSeen {
    /// There is none.
    Empty,
    /// Words that stand for a value: `changeme`, `<your key>`.
    Placeholder,
    /// At most 7 characters.
    Short,
    /// 8 to 31 characters.
    Medium,
    /// 32 characters or more.
    Long,
    /// A known kind of key, or as random as one.
    Secret,
}

/// What one environment has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    /// The kind of list that it was read from: "dotenv file", "vercel env ls".
    pub from: String,
    /// Names with what their values look like; none where the list tells names only.
    pub names: BTreeMap<String, Option<ValueSeen>>,
}

/// A call to another service that may wait without end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenCall {
    /// Path below the project folder.
    pub path: String,
    /// Line, from 1.
    pub line: u32,
    /// What is called: `fetch`, `requests.get`.
    pub call: String,
    /// What the file is for.
    pub part: Part,
}
