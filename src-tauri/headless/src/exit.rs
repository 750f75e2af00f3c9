//! How the command ends: exit codes that CI can rely on, and the one kind of trouble that is ours.

use audit::facts::Facts;
use audit::{Audit, Severity, Status, Why};
use clap::ValueEnum;
use std::fmt;
use std::process::ExitCode;

/// Shown under `--help`.
pub const HELP: &str = "Exit codes: 0 nothing at or above --fail-on, 1 something is, 2 bad input, 3 the zone could not be looked up at all or the run was cut short.\nA session for signed-in routes is read from LAUNCH_READY_COOKIE or LAUNCH_READY_TOKEN, that of an ordinary user from LAUNCH_READY_LESSER_COOKIE or LAUNCH_READY_LESSER_TOKEN, or all of them from standard input (--session-stdin), never from an argument.";

/// Exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing at or above the threshold.
    Clean = 0,
    /// Something at or above the threshold.
    Found = 1,
    /// What was typed, or a file that was named, cannot be used.
    BadInput = 2,
    /// The zone could not be looked up at all, or the run was cut short.
    Unseen = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// What was wrong and what to do, one sentence for the person at the terminal.
#[derive(Debug)]
pub struct Trouble(String);

impl Trouble {
    pub fn new(says: impl Into<String>) -> Self {
        Self(says.into())
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The severity from which a finding counts.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Threshold {
    Low,
    Medium,
    High,
    Critical,
}

impl From<Threshold> for Severity {
    fn from(threshold: Threshold) -> Self {
        match threshold {
            Threshold::Low => Self::Low,
            Threshold::Medium => Self::Medium,
            Threshold::High => Self::High,
            Threshold::Critical => Self::Critical,
        }
    }
}

/// The exit code of an audit.
pub fn of(audit: &Audit, facts: &Facts, fail_on: Threshold, fail_on_unknown: bool) -> Exit {
    let apex: Vec<_> = ["A", "AAAA", "NS", "SOA"]
        .iter()
        .filter_map(|rtype| facts.dns.get(&format!("{} {rtype}", facts.target.domain)))
        .collect();
    let nothing = apex.iter().all(|fact| fact.seen().is_err());
    if nothing || facts.cut_short || facts.finished.is_none() {
        return Exit::Unseen;
    }
    let threshold = Severity::from(fail_on);
    let found =
        audit.outcomes.iter().flat_map(|outcome| &outcome.findings).any(|finding| finding.severity >= threshold);
    // A question to a person is open by nature: it is no look that failed.
    let untold = audit
        .outcomes
        .iter()
        .filter(|outcome| outcome.status == Status::CouldNotTell)
        .any(|outcome| outcome.unseen.iter().any(|unseen| unseen.why != Why::NotAnswered));
    if found || (fail_on_unknown && untold) { Exit::Found } else { Exit::Clean }
}
