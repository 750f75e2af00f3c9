//! Facts that only a person knows: an answer with its evidence, owner and date.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// What a person answered to the question of a check or an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Answer {
    /// The short answer.
    pub choice: Choice,
    /// The answer in the person's words; the reason when it does not apply.
    #[serde(default)]
    pub note: String,
    /// Where the proof is: a link, a file name, a sentence.
    #[serde(default)]
    pub evidence: String,
    /// Who looks after it.
    #[serde(default)]
    pub owner: String,
    /// Rows of a table answer, by their label: system → owner, host name → `intended` or `unwanted`.
    #[serde(default)]
    pub rows: BTreeMap<String, String>,
    /// When it was given.
    #[ts(type = "string")]
    pub at: Timestamp,
}

/// The short answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export_to = "bindings.ts")]
pub enum Choice {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// The question does not apply here; the note says why.
    NotApplicable,
}
