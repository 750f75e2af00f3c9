//! Two audits of one product, the earlier beside the later: what is new, fixed, worse, better, and what either could not tell.
//!
//! A finding counts as fixed only where the later audit looked at the same thing again, and as new only where the earlier one had looked.

mod pair;
#[cfg(test)]
mod tests;

use crate::Why;
use crate::audit::{Audit, Outcome, Verdict};
use crate::check::{Finding, Grade, Severity, Status};
use crate::judge::blocks;
use jiff::Timestamp;
use pair::{Pair, blind, pairs};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What changed from one audit to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Diff {
    /// The domain.
    pub target: String,
    /// The roadmap that both were judged by.
    pub roadmap: String,
    /// The earlier audit.
    pub was: Moment,
    /// The later audit.
    pub now: Moment,
    /// In one sentence.
    pub says: String,
    /// How many there are of each kind, in the order of the kinds; kinds without any are left out.
    pub counts: Vec<Count>,
    /// Every finding of both, what needs a person first.
    pub rows: Vec<Row>,
    /// The seven stages.
    pub stages: Vec<Moved>,
}

/// One of the two audits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts", rename = "DiffMoment")]
pub struct Moment {
    /// When its run ended, or began where it did not end.
    #[ts(type = "string")]
    pub at: Timestamp,
    /// Its verdict.
    pub verdict: Verdict,
    /// Findings that stood against a launch by themselves.
    pub blockers: u32,
    /// Whether its run was stopped before everything was looked at.
    pub cut_short: bool,
}

/// How many rows of a kind there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts", rename = "DiffCount")]
pub struct Count {
    /// The kind.
    pub kind: Kind,
    /// Never 0.
    pub count: u32,
}

/// What happened to one finding, or to one check that could not tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts", rename = "DiffRow")]
pub struct Row {
    /// What happened.
    pub kind: Kind,
    /// The check.
    pub check: String,
    /// The good state as a plain sentence.
    pub title: String,
    /// What the finding is about; empty where it is about the check as a whole.
    pub subject: String,
    /// The finding in the earlier audit.
    pub was: Option<Side>,
    /// The finding in the later audit.
    pub now: Option<Side>,
    /// Why it could not be told, or who accepted it; else empty.
    pub note: String,
}

/// A finding as one of the two audits has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts", rename = "DiffSide")]
pub struct Side {
    /// Fail or warn.
    pub grade: Grade,
    /// How much it matters.
    pub severity: Severity,
    /// What is, as one plain sentence.
    pub says: String,
}

/// What happened between the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export_to = "bindings.ts", rename = "DiffKind")]
pub enum Kind {
    /// Was not there, and the earlier audit had looked.
    New,
    /// Matters more than before.
    Worse,
    /// Was accepted for a time, and counts again.
    CountsAgain,
    /// Was there or was well, and the later audit could not see it.
    UntoldNow,
    /// The earlier audit could not see it.
    UntoldThen,
    /// Matters less than before.
    Better,
    /// Was accepted for a time since.
    Accepted,
    /// Is gone, and the later audit had looked.
    Fixed,
    /// Is as it was.
    Unchanged,
}

/// How far one stage is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts", rename = "DiffStage")]
pub struct Moved {
    /// 1 … 7.
    pub number: u8,
    /// Short name.
    pub title: String,
    /// Rows that needed nothing more.
    pub was: u16,
    /// Rows that need nothing more now.
    pub now: u16,
    /// Rows now.
    pub of: u16,
}

/// Whether a row says that something is there now that was not known to be there, or not as bad.
#[must_use]
pub fn regressed(row: &Row) -> bool {
    matches!(row.kind, Kind::New | Kind::Worse | Kind::CountsAgain | Kind::UntoldThen) && row.now.is_some()
}

/// Holds a later audit against an earlier one.
#[must_use]
pub fn diff(was: &Audit, now: &Audit) -> Diff {
    let nothing = |of: &Outcome| Outcome { findings: vec![], waived: vec![], unseen: vec![], ..of.clone() };
    let mut rows = vec![];
    for outcome in &now.outcomes {
        match was.outcome(&outcome.check) {
            Some(earlier) => rows.extend(of_check(earlier, outcome, &now.target.domain)),
            // A version that did not have this check yet could not tell.
            None => rows.extend(of_check(&nothing(outcome), outcome, &now.target.domain).into_iter().map(|row| Row {
                kind: Kind::UntoldThen,
                note: "this was not looked at then".to_owned(),
                ..row
            })),
        }
    }
    for outcome in was.outcomes.iter().filter(|outcome| now.outcome(&outcome.check).is_none()) {
        rows.extend(outcome.findings.iter().map(|finding| Row {
            note: "this is no longer looked at".to_owned(),
            ..row(Kind::UntoldNow, outcome, Some(finding), None)
        }));
    }
    let worst = |row: &Row| row.now.iter().chain(&row.was).map(|side| (side.grade, side.severity)).max();
    rows.sort_by(|a, b| {
        let names = |row: &Row| (row.check.clone(), row.subject.clone());
        a.kind.cmp(&b.kind).then_with(|| worst(b).cmp(&worst(a))).then_with(|| names(a).cmp(&names(b)))
    });
    let counts = counts(&rows);
    Diff {
        target: now.target.domain.clone(),
        roadmap: now.roadmap.clone(),
        was: moment(was),
        now: moment(now),
        says: says(was, &counts),
        counts,
        rows,
        stages: stages(was, now),
    }
}

fn moment(audit: &Audit) -> Moment {
    let blockers = audit.order.iter().filter(|step| blocks(step.grade, step.severity)).count();
    Moment {
        at: audit.finished.unwrap_or(audit.started),
        verdict: audit.verdict,
        blockers: u32::try_from(blockers).unwrap_or(u32::MAX),
        cut_short: audit.cut_short,
    }
}

fn stages(was: &Audit, now: &Audit) -> Vec<Moved> {
    let ready = |number: u8| was.stages.iter().find(|stage| stage.number == number).map_or(0, |stage| stage.ready);
    let moved = |stage: &crate::audit::Stage| Moved {
        number: stage.number,
        title: stage.title.clone(),
        was: ready(stage.number),
        now: stage.ready,
        of: u16::try_from(stage.items.len()).unwrap_or(u16::MAX),
    };
    now.stages.iter().map(moved).collect()
}

fn counts(rows: &[Row]) -> Vec<Count> {
    let mut counts: Vec<Count> = vec![];
    for row in rows {
        match counts.last_mut().filter(|last| last.kind == row.kind) {
            Some(last) => last.count += 1,
            None => counts.push(Count { kind: row.kind, count: 1 }),
        }
    }
    counts
}

fn says(was: &Audit, counts: &[Count]) -> String {
    let day = was.finished.unwrap_or(was.started).strftime("%-d %b %Y %H:%M UTC");
    let parts: Vec<String> = counts.iter().map(|count| format!("{} {}", count.count, word(count.kind))).collect();
    match counts {
        [] => format!("Nothing was wrong on {day}, and nothing is now."),
        [only] if only.kind == Kind::Unchanged => format!("Nothing changed since {day}: {}.", parts.join(", ")),
        _ => format!("Since {day}: {}.", parts.join(", ")),
    }
}

/// A kind in words that stand behind a number.
#[must_use]
pub fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::New => "new",
        Kind::Worse => "worse",
        Kind::CountsAgain => "no longer accepted",
        Kind::UntoldNow => "that could not be told now",
        Kind::UntoldThen => "that could not be told then",
        Kind::Better => "better",
        Kind::Accepted => "accepted since",
        Kind::Fixed => "fixed",
        Kind::Unchanged => "unchanged",
    }
}

fn row(kind: Kind, outcome: &Outcome, was: Option<&Finding>, now: Option<&Finding>) -> Row {
    let side =
        |finding: &Finding| Side { grade: finding.grade, severity: finding.severity, says: finding.says.clone() };
    Row {
        kind,
        check: outcome.check.clone(),
        title: outcome.title.clone(),
        subject: now.or(was).map_or_else(String::new, |finding| finding.subject.clone()),
        was: was.map(side),
        now: now.map(side),
        note: String::new(),
    }
}

fn of_check(was: &Outcome, now: &Outcome, domain: &str) -> Vec<Row> {
    let told = |pair: Pair<'_>| match pair {
        Pair::Both { was, now: is, accepted_then: true, accepted_now: false } => {
            row(Kind::CountsAgain, now, Some(was), Some(is))
        }
        Pair::Both { was, now: is, accepted_then: false, accepted_now: true } => {
            Row { note: approver(now, is), ..row(Kind::Accepted, now, Some(was), Some(is)) }
        }
        Pair::Both { was, now: is, .. } => {
            let kind = match (is.grade, is.severity).cmp(&(was.grade, was.severity)) {
                std::cmp::Ordering::Greater => Kind::Worse,
                std::cmp::Ordering::Less => Kind::Better,
                std::cmp::Ordering::Equal => Kind::Unchanged,
            };
            row(kind, now, Some(was), Some(is))
        }
        Pair::Gone(finding) => match blind(now, &finding.subject, domain) {
            Some(reason) => Row { note: reason, ..row(Kind::UntoldNow, now, Some(finding), None) },
            None => row(Kind::Fixed, now, Some(finding), None),
        },
        Pair::Come { now: is, accepted } => match blind(was, &is.subject, domain) {
            Some(reason) => Row { note: reason, ..row(Kind::UntoldThen, now, None, Some(is)) },
            None if accepted => Row { note: approver(now, is), ..row(Kind::Accepted, now, None, Some(is)) },
            None => row(Kind::New, now, None, Some(is)),
        },
    };
    let mut rows: Vec<Row> = pairs(was, now).into_iter().map(told).collect();
    // A check that found nothing on either side can still have lost or found its sight.
    if rows.is_empty() {
        let kind = match (lost(was), lost(now)) {
            (None, Some(reason)) => Some((Kind::UntoldNow, reason)),
            (Some(reason), None) => Some((Kind::UntoldThen, reason)),
            _ => None,
        };
        rows.extend(kind.map(|(kind, note)| Row { note, ..row(kind, now, None, None) }));
    }
    rows
}

/// Why a check could not tell, where that was not only for want of an answer.
fn lost(outcome: &Outcome) -> Option<String> {
    let real = || outcome.unseen.iter().find(|unseen| unseen.why != Why::NotAnswered);
    (outcome.status == Status::CouldNotTell).then(real).flatten().map(|unseen| unseen.says.clone())
}

fn approver(outcome: &Outcome, finding: &Finding) -> String {
    let waived = outcome.waived.iter().find(|waived| waived.finding.as_ref() == Some(finding));
    waived.map_or_else(String::new, |waived| {
        format!("accepted by {} until {}", waived.waiver.approver, waived.waiver.until.strftime("%-d %b %Y"))
    })
}
