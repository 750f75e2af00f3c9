//! An audit at a glance: the figures by which one run is told from another.

use crate::audit::{Audit, Verdict};
use crate::check::{Severity, Status};
use crate::judge::blocks;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The figures of one audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Glance {
    /// Its verdict.
    pub verdict: Verdict,
    /// Findings that stand against a launch by themselves.
    pub blockers: u32,
    /// Findings that stop a launch.
    pub critical: u32,
    /// Findings that hurt most users, or soon.
    pub high: u32,
    /// Findings that hurt some users, or some day.
    pub medium: u32,
    /// Polish.
    pub low: u32,
    /// Checks that could not tell.
    pub untold: u32,
    /// Rows of the roadmap that need nothing more.
    pub ready: u32,
    /// All rows of the roadmap.
    pub rows: u32,
    /// Whether its run was stopped before everything was looked at.
    pub cut_short: bool,
}

/// The figures of an audit.
#[must_use]
pub fn of(audit: &Audit) -> Glance {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let severe = |severity: Severity| count(audit.order.iter().filter(|step| step.severity == severity).count());
    let rows: usize = audit.stages.iter().map(|stage| stage.items.len()).sum();
    Glance {
        verdict: audit.verdict,
        blockers: count(audit.order.iter().filter(|step| blocks(step.grade, step.severity)).count()),
        critical: severe(Severity::Critical),
        high: severe(Severity::High),
        medium: severe(Severity::Medium),
        low: severe(Severity::Low),
        untold: count(audit.outcomes.iter().filter(|outcome| outcome.status == Status::CouldNotTell).count()),
        ready: audit.stages.iter().map(|stage| u32::from(stage.ready)).sum(),
        rows: count(rows),
        cut_short: audit.cut_short,
    }
}
