//! The accepted records: when and by whom, and what differs from them today.

use crate::Unseen;
use crate::drift::{self, Drift};
use crate::facts::{Choice, Facts};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What was accepted, and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Expected {
    /// None when nothing was accepted yet.
    pub accepted: Option<Accepted>,
    /// What differs.
    pub drifts: Vec<Drift>,
    /// What could not be compared.
    pub unseen: Vec<Unseen>,
    /// Record sets of today that can be accepted.
    pub today: u32,
}

/// Who accepted, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Accepted {
    /// When.
    #[ts(type = "string")]
    pub at: Timestamp,
    /// By whom; empty when nobody was named.
    pub by: String,
    /// How many record sets.
    pub sets: u32,
}

pub(super) fn of(facts: &Facts) -> Expected {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let today = count(drift::accept(facts, facts.started).rows.len());
    let accepted =
        facts.answers.get(drift::KEY).filter(|answer| answer.choice == Choice::Yes && !answer.rows.is_empty());
    let Some(answer) = accepted else { return Expected { today, ..Expected::default() } };
    let (drifts, unseen) = drift::diff(answer, facts);
    let accepted = Accepted { at: answer.at, by: answer.owner.clone(), sets: count(answer.rows.len()) };
    Expected { accepted: Some(accepted), drifts, unseen, today }
}
