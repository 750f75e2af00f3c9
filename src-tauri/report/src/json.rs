//! Prints the audit as JSON by the published schema: the format for CI, with a version of its own.

use crate::Error;
use audit::audit::{Condition, Hour, Light, Outcome, Stage, Step, Waived};
use audit::waive::WaiverTold;
use audit::{Audit, Finding, Launch, Severity, Status, Unseen};
use jiff::Timestamp;
use serde::Serialize;

#[derive(Serialize)]
struct Printed<'a> {
    version: u16,
    target: &'a str,
    roadmap: &'a str,
    started: Timestamp,
    finished: Option<Timestamp>,
    judged: Timestamp,
    cut_short: bool,
    verdict: Launch,
    says: &'a [String],
    bar: &'a [Light],
    stages: &'a [Stage],
    outcomes: Vec<PrintedOutcome<'a>>,
    order: &'a [Step],
    hour: &'a Hour,
    conditions: &'a [Condition],
    waivers: &'a [WaiverTold],
}

#[derive(Serialize)]
struct PrintedOutcome<'a> {
    check: &'a str,
    status: Status,
    severity: Option<Severity>,
    title: &'a str,
    proof: &'a [String],
    findings: &'a [Finding],
    waived: &'a [Waived],
    unseen: &'a [Unseen],
    reason: Option<&'a str>,
}

impl<'a> PrintedOutcome<'a> {
    fn of(outcome: &'a Outcome) -> Self {
        Self {
            check: &outcome.check,
            status: outcome.status,
            severity: outcome.severity,
            title: &outcome.title,
            proof: &outcome.proof,
            findings: &outcome.findings,
            waived: &outcome.waived,
            unseen: &outcome.unseen,
            reason: outcome.reason.as_deref(),
        }
    }
}

/// The audit as indented JSON with a final newline.
///
/// # Errors
/// When it cannot be put together.
pub fn print(audit: &Audit) -> Result<String, Error> {
    let printed = Printed {
        version: audit.version,
        target: &audit.target.domain,
        roadmap: &audit.roadmap,
        started: audit.started,
        finished: audit.finished,
        judged: audit.judged,
        cut_short: audit.cut_short,
        verdict: audit.verdict,
        says: &audit.says,
        bar: &audit.bar,
        stages: &audit.stages,
        outcomes: audit.outcomes.iter().map(PrintedOutcome::of).collect(),
        order: &audit.order,
        hour: &audit.hour,
        conditions: &audit.conditions,
        waivers: &audit.waivers,
    };
    let mut text = serde_json::to_string_pretty(&printed)?;
    text.push('\n');
    Ok(text)
}
