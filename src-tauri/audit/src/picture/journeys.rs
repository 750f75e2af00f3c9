//! Journeys as the window and the report draw them: how each ended, and its steps with their times.

use crate::facts::{Fact, Facts, JourneyEnd, JourneyKind, JourneySeen, StepSeen};
use crate::journeys::{line, words};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One journey that somebody went through, or tried to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct JourneyRow {
    /// Its name.
    pub name: String,
    /// What it is for, one word.
    pub kind: String,
    /// How it ended.
    pub end: JourneyWord,
    /// The same as the end of a sentence.
    pub says: String,
    /// What to do where it could not be told; else empty.
    pub way: String,
    /// When it was gone through.
    #[ts(type = "string | null")]
    pub at: Option<Timestamp>,
    /// Who agreed to its steps that write.
    pub by: Option<String>,
    /// How many steps it has.
    pub planned: u32,
    /// The steps that were taken.
    pub steps: Vec<StepRow>,
}

/// How a journey ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bindings.ts")]
pub enum JourneyWord {
    /// A step was not answered as it should be.
    Failed,
    /// It could not be told.
    Lost,
    /// All went well, but took too long.
    Slow,
    /// All went well.
    Well,
}

/// One step that was taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct StepRow {
    /// Its name.
    pub name: String,
    /// What was asked and what came.
    pub line: String,
    /// What was not as expected, each as the end of a sentence.
    pub misses: Vec<String>,
    /// How long it took, microseconds.
    pub total: u32,
    /// Of which until the first byte after the last request, microseconds.
    pub ttfb: u32,
}

impl JourneyRow {
    /// The row of a journey.
    #[must_use]
    pub fn of(kind: &str, name: &str, fact: &Fact<JourneySeen>) -> Self {
        let row = Self {
            name: name.to_owned(),
            kind: kind.to_owned(),
            end: JourneyWord::Lost,
            says: String::new(),
            way: String::new(),
            at: None,
            by: None,
            planned: 0,
            steps: vec![],
        };
        match fact {
            Fact::Unseen(unseen) => Self { says: unseen.says.clone(), way: unseen.way.clone(), ..row },
            Fact::Seen { value, at, .. } => {
                let (end, says, way) = ended(value);
                let steps = value.steps.iter().map(step).collect();
                let by = value.by.clone();
                Self { end, says, way, at: Some(*at), by, planned: value.planned, steps, ..row }
            }
        }
    }
}

fn step(step: &StepSeen) -> StepRow {
    StepRow {
        name: step.name.clone(),
        line: line(step),
        misses: step.misses.iter().map(words).collect(),
        total: step.times.total,
        ttfb: step.times.ttfb,
    }
}

fn ended(seen: &JourneySeen) -> (JourneyWord, String, String) {
    let slow = seen.within_ms.filter(|limit| seen.took_ms > *limit);
    let steps = seen.steps.len();
    match &seen.end {
        JourneyEnd::Lost { step, unseen } => {
            (JourneyWord::Lost, format!("the step \"{step}\" could not be judged: {}", unseen.says), unseen.way.clone())
        }
        JourneyEnd::Failed => {
            (JourneyWord::Failed, format!("failed at step {steps} of {}", seen.planned), String::new())
        }
        JourneyEnd::Whole => match slow {
            Some(limit) => {
                (JourneyWord::Slow, format!("took {} ms where {limit} ms was allowed", seen.took_ms), String::new())
            }
            None if seen.steps.iter().any(|step| !step.misses.is_empty()) => {
                (JourneyWord::Slow, format!("went well in {} ms, but a step was slow", seen.took_ms), String::new())
            }
            None => (JourneyWord::Well, format!("went well in {} ms", seen.took_ms), String::new()),
        },
    }
}

/// Every journey, in the order of a customer's life.
pub(super) fn of(facts: &Facts) -> Vec<JourneyRow> {
    const LIFE: [JourneyKind; 9] = [
        JourneyKind::Signup,
        JourneyKind::Login,
        JourneyKind::Dashboard,
        JourneyKind::Core,
        JourneyKind::Booking,
        JourneyKind::Checkout,
        JourneyKind::Reset,
        JourneyKind::Webhook,
        JourneyKind::Logout,
    ];
    let place = |word: &str| LIFE.iter().position(|kind| kind.word() == word);
    let mut rows: Vec<JourneyRow> = facts
        .journeys
        .iter()
        .filter_map(|(key, fact)| key.split_once(' ').map(|(kind, name)| JourneyRow::of(kind, name, fact)))
        .collect();
    rows.sort_by_key(|row| place(&row.kind));
    rows
}
