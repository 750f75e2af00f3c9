//! One check at the terminal: how it ended, as lines for a person and as an exit code.

use crate::exit::Exit;
use audit::Status;
use audit::audit::Outcome;

/// Proof, findings with what to publish, and what was not seen; `fine` is the word where nothing is wrong.
pub fn lines(outcome: &Outcome, fine: &str) -> Vec<String> {
    let word = match outcome.status {
        Status::Pass | Status::Waived | Status::NotApplicable => fine,
        Status::Fail => "fail",
        Status::Warn => "warn",
        Status::CouldNotTell => "could not tell",
    };
    let mut lines = vec![word.to_owned()];
    lines.extend(outcome.proof.iter().cloned());
    for finding in &outcome.findings {
        lines.push(finding.says.clone());
        lines.extend(finding.evidence.iter().map(|line| format!("  {line}")));
        lines.push(format!("  {}", finding.fix.says));
        lines.extend(finding.fix.paste.iter().flat_map(|paste| paste.lines()).map(|line| format!("    {line}")));
    }
    lines.extend(outcome.unseen.iter().map(|unseen| format!("{}: {}; {}", unseen.what, unseen.says, unseen.way)));
    lines
}

/// The exit code.
pub fn exit(outcome: &Outcome) -> Exit {
    match outcome.status {
        Status::Pass | Status::Waived | Status::NotApplicable => Exit::Clean,
        Status::Fail | Status::Warn => Exit::Found,
        Status::CouldNotTell => Exit::Unseen,
    }
}
