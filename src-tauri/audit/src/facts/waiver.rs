//! What somebody accepted as it is for a time: with a reason, a name and a last day.

use crate::check::Severity;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A risk that was accepted. It is never changed: it is withdrawn, or it runs out and what it covered returns by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bindings.ts")]
pub struct Waiver {
    /// A check, where it covers one of its findings or that it could not tell; else an item, a deliverable or a signal, where it
    /// covers what a person would have to do about it.
    pub of: String,
    /// The subject of the finding that it covers; none where nothing was found that could be covered.
    #[serde(default)]
    pub subject: Option<String>,
    /// The severity that was accepted: a finding that became worse is not covered any more.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// Why it can stay as it is.
    pub reason: String,
    /// Who takes the risk.
    pub approver: String,
    /// The last day on which it holds, UTC.
    #[ts(type = "string")]
    pub until: Date,
    /// When it was given.
    #[ts(type = "string")]
    pub at: Timestamp,
}
