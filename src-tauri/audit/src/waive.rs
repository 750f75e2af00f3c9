//! Accepted risks: which of them hold at a time, what they cover, and which are no longer needed.
//!
//! What is covered stays visible with its waiver. A finding is covered by its check and subject, so that a new finding of the same
//! check, or the same one grown worse, is not.

use crate::audit::{Audit, Outcome, Stage, State, Waived};
use crate::check::{Finding, Grade, Severity, Status};
use crate::facts::Waiver;
use crate::roadmap;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Longest time for which a risk can be accepted, days; then it is looked at again.
pub const LONGEST_DAYS: i64 = 366;
/// Longest reason, characters.
const LONGEST_TEXT: usize = 2_000;

/// A waiver, and whether it does anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct WaiverTold {
    /// What was accepted.
    pub waiver: Waiver,
    /// What it does now.
    pub standing: Standing,
}

/// What a waiver does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bindings.ts", rename = "WaiverStanding")]
pub enum Standing {
    /// It covers something.
    Holds,
    /// Its last day has passed; what it covered counts again.
    Expired,
    /// There is nothing for it to cover: mended, changed, grown worse, or not seen in this run.
    Needless,
}

/// The waivers of a project on one day.
pub(crate) struct Waivers<'a> {
    all: &'a [Waiver],
    today: Date,
}

impl<'a> Waivers<'a> {
    pub(crate) fn on(all: &'a [Waiver], now: Timestamp) -> Self {
        Self { all, today: day(now) }
    }

    fn holding(&self, of: &str) -> impl Iterator<Item = &'a Waiver> {
        let of = of.to_owned();
        let today = self.today;
        self.all.iter().rev().filter(move |waiver| waiver.of == of && waiver.until >= today)
    }

    /// The newest waiver that covers a finding of a check.
    pub(crate) fn of_finding(&self, check: &str, finding: &Finding) -> Option<&'a Waiver> {
        self.holding(check).find(|waiver| {
            waiver.subject.as_ref() == Some(&finding.subject)
                && waiver.severity.is_none_or(|accepted| finding.severity <= accepted)
        })
    }

    /// The newest waiver of something that is not a finding: that a check could not tell, or a row that waits for a person.
    pub(crate) fn of(&self, id: &str) -> Option<&'a Waiver> {
        self.holding(id).find(|waiver| waiver.subject.is_none())
    }

    /// All of them, oldest first, each with what it does.
    pub(crate) fn told(&self, outcomes: &[Outcome], stages: &[Stage]) -> Vec<WaiverTold> {
        let covered = |waiver: &Waiver| {
            let waived = outcomes.iter().flat_map(|outcome| &outcome.waived).any(|waived| waived.waiver == *waiver);
            let items = stages.iter().flat_map(|stage| &stage.items).map(|item| item.waiver.as_ref());
            let made = stages.iter().flat_map(|stage| &stage.deliverables).map(|made| made.waiver.as_ref());
            let signals = stages.iter().flat_map(|stage| &stage.signals).map(|signal| signal.waiver.as_ref());
            waived || items.chain(made).chain(signals).any(|held| held == Some(waiver))
        };
        let standing = |waiver: &Waiver| match waiver.until >= self.today {
            false => Standing::Expired,
            true if covered(waiver) => Standing::Holds,
            true => Standing::Needless,
        };
        self.all.iter().map(|waiver| WaiverTold { waiver: waiver.clone(), standing: standing(waiver) }).collect()
    }
}

/// Parts what a check found into what is open and what is accepted.
pub(crate) fn cover(
    waivers: &Waivers<'_>,
    check: &str,
    status: Status,
    findings: Vec<Finding>,
    untold: bool,
) -> Covered {
    let (mut open, mut waived) = (vec![], vec![]);
    for finding in findings {
        match waivers.of_finding(check, &finding) {
            Some(waiver) => waived.push(Waived { finding: Some(finding), waiver: waiver.clone() }),
            None => open.push(finding),
        }
    }
    let blind = waivers.of(check).filter(|_| untold && open.is_empty());
    waived.extend(blind.map(|waiver| Waived { finding: None, waiver: waiver.clone() }));
    let status = match open.iter().map(|finding| finding.grade).max() {
        Some(Grade::Fail) => Status::Fail,
        Some(Grade::Warn) => Status::Warn,
        None if waived.is_empty() => status,
        None if untold && blind.is_none() => Status::CouldNotTell,
        None => Status::Waived,
    };
    Covered { status, open, waived }
}

/// What a check found, parted.
pub(crate) struct Covered {
    pub(crate) status: Status,
    pub(crate) open: Vec<Finding>,
    pub(crate) waived: Vec<Waived>,
}

/// Whether a waiver can cover a state of a row: what checks found is accepted finding by finding.
pub(crate) fn covers(state: State, by_check: bool) -> bool {
    match state {
        State::Failing => !by_check,
        State::NeedsYou | State::Proposed | State::Stale | State::NotBuilt => true,
        State::Attention | State::Unsure | State::Done | State::Waived | State::NotApplicable => false,
    }
}

/// Whether this is the id of an item, a deliverable or a signal of any roadmap, or one of a project's own.
pub(crate) fn is_row(id: &str) -> bool {
    if crate::own::is_own(id) {
        return true;
    }
    let stages = roadmap::all().iter().flat_map(|roadmap| &roadmap.stages);
    stages.into_iter().any(|stage| {
        stage.items.iter().any(|item| item.id == id)
            || stage.deliverables.iter().any(|made| made.id == id)
            || stage.signals.iter().any(|signal| signal.id == id)
    })
}

/// The waiver of a row in words.
pub(crate) fn says(waiver: &Waiver) -> String {
    let day = waiver.until.strftime("%-d %b %Y");
    format!("Accepted by {} until {day}: {}", waiver.approver, full(&waiver.reason))
}

fn full(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', '…']) { text.to_owned() } else { format!("{text}.") }
}

/// How severe the finding of a check about a subject is now; none where there is none.
#[must_use]
pub fn severity(audit: &Audit, check: &str, subject: Option<&str>) -> Option<Severity> {
    let findings = audit.outcome(check).into_iter().flat_map(|outcome| &outcome.findings);
    findings.filter(|finding| Some(finding.subject.as_str()) == subject).map(|finding| finding.severity).max()
}

/// What stands against a waiver that somebody wants to give.
///
/// # Errors
/// A sentence that says what is missing or wrong.
pub fn refuse(waiver: &Waiver) -> Result<(), String> {
    let texts = [&waiver.of, &waiver.reason, &waiver.approver];
    let first = day(waiver.at);
    let last = first.checked_add(LONGEST_DAYS.days()).unwrap_or(Date::MAX);
    let wrong = if waiver.reason.trim().is_empty() {
        "say why it can stay as it is: the reason stands in the report"
    } else if waiver.approver.trim().is_empty() {
        "name who takes the risk: a person, not a team"
    } else if waiver.of.trim().is_empty() {
        "it does not say what is accepted"
    } else if texts.iter().any(|text| text.chars().count() > LONGEST_TEXT) {
        "a reason has at most 2,000 characters; put the rest in a document and link it"
    } else if waiver.until < first {
        "the last day lies in the past; choose one to come"
    } else if waiver.until > last {
        "a risk is accepted for a year at most; choose an earlier day, and accept it again then"
    } else {
        return Ok(());
    };
    Err(wrong.to_owned())
}

/// The day of a time, UTC.
pub(crate) fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

#[cfg(test)]
#[path = "waive_tests.rs"]
mod tests;
