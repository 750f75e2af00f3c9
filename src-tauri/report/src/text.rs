//! Prints the audit for a terminal: the verdict, the seven stages, the top of the fix order, the best hour, what is open.

use crate::block::{Mark, Tone};
use crate::markdown::spoken;
use crate::words;
use audit::read::text::clean;
use audit::{Audit, Launch, Why};
use std::fmt::Write as _;

/// Steps that are printed; the rest is counted.
const STEPS: usize = 8;
/// Unseen things that are printed; the rest is counted.
const UNTOLD: usize = 12;
/// No line of an audit needs more characters.
const LONGEST: usize = 300;

/// The lines, coloured by ANSI escapes when asked for. Status is told by word and sign either way.
#[must_use]
pub fn print(audit: &Audit, color: bool) -> String {
    let mut out = String::new();
    let shown = |mark: &Mark| shown(mark, color);
    let name = clean(&audit.target.name, LONGEST);
    let _ = writeln!(out, "{}  {name}", shown(&words::verdict(audit.verdict)));
    for sentence in &audit.says {
        let _ = writeln!(out, "  {}", clean(sentence, LONGEST));
    }
    if audit.cut_short {
        out.push_str("  The run was stopped before everything was looked at.\n");
    }
    out.push('\n');
    stages(audit, &shown, &mut out);
    order(audit, &shown, &mut out);
    hour(audit, &mut out);
    open(audit, &mut out);
    untold(audit, &mut out);
    out
}

fn stages(audit: &Audit, shown: &impl Fn(&Mark) -> String, out: &mut String) {
    let width = audit.stages.iter().map(|stage| stage.title.chars().count()).max().unwrap_or(0);
    for stage in &audit.stages {
        let (title, ready, items) = (clean(&stage.title, LONGEST), stage.ready, stage.items.len());
        let state = shown(&words::state(stage.state));
        let _ = writeln!(out, "{} {title:<width$}  {ready:>2} of {items:>2} ready  {state}", stage.number);
    }
}

fn order(audit: &Audit, shown: &impl Fn(&Mark) -> String, out: &mut String) {
    if audit.order.is_empty() {
        return;
    }
    out.push_str("\nFix order\n");
    for step in audit.order.iter().take(STEPS) {
        let mark = shown(&words::severity(step.grade, step.severity));
        let _ = writeln!(out, "{:>2}. {mark}  {}", step.rank, clean(&step.says, LONGEST));
        let effort = words::minutes(u32::from(step.fix.minutes));
        let _ = writeln!(out, "      {} ({effort}, {})", clean(&step.fix.says, LONGEST), step.check);
    }
    let more = audit.order.len().saturating_sub(STEPS);
    if more > 0 {
        let _ = writeln!(out, "    and {more} more");
    }
}

/// What to do of it when there is one hour.
fn hour(audit: &Audit, out: &mut String) {
    if audit.hour.says.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nIf you have one hour\n  {}", clean(&audit.hour.says, LONGEST));
    let chosen = audit.order.iter().filter(|step| audit.hour.steps.contains(&step.rank));
    for step in chosen {
        let (fix, effort) = (clean(&step.fix.says, LONGEST), words::minutes(u32::from(step.fix.minutes)));
        let _ = writeln!(out, "{:>4}. {fix} ({effort}, {})", step.rank, clean(&step.subject, LONGEST));
    }
}

/// What has to be settled besides the blockers before it is a go.
fn open(audit: &Audit, out: &mut String) {
    if audit.conditions.is_empty() {
        return;
    }
    let besides = if audit.verdict == Launch::NoGo { "Besides the blockers" } else { "Conditions" };
    let _ = writeln!(out, "\n{besides}");
    for condition in &audit.conditions {
        let _ = writeln!(out, "{:>4} {}. {}", condition.count, condition.says, condition.way);
    }
}

fn untold(audit: &Audit, out: &mut String) {
    let unseen = audit.outcomes.iter().flat_map(|outcome| outcome.unseen.iter().map(move |unseen| (outcome, unseen)));
    let unseen: Vec<_> = unseen.filter(|(_, unseen)| unseen.why != Why::NotAnswered).collect();
    if unseen.is_empty() {
        return;
    }
    out.push_str("\nCould not tell\n");
    for (outcome, unseen) in unseen.iter().take(UNTOLD) {
        let (what, says) = (clean(&unseen.what, LONGEST), clean(&unseen.says, LONGEST));
        let _ = writeln!(out, "  ? {}  {what}: {says}", outcome.check);
    }
    let more = unseen.len().saturating_sub(UNTOLD);
    if more > 0 {
        let _ = writeln!(out, "    and {more} more");
    }
}

/// A status as word and sign, coloured when asked for.
pub(crate) fn shown(mark: &Mark, color: bool) -> String {
    if color { painted(mark) } else { spoken(mark) }
}

fn painted(mark: &Mark) -> String {
    let code = match mark.tone {
        Tone::Pass => 32,
        Tone::Warn => 33,
        Tone::Fail => 31,
        Tone::Unsure => 35,
        Tone::Waived => 36,
        Tone::Quiet => 90,
        Tone::Ask => 34,
    };
    format!("\u{1b}[{code}m{}\u{1b}[0m", spoken(mark))
}
