//! How to read the report: what each status and each severity means, and how sure a statement is.

use super::open;
use crate::block::{Block, Column, Mark, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::{Grade, Severity, State};

pub(super) const TITLE: &str = "How to read this report";

pub(super) fn write(_: &Brief<'_>) -> Vec<Block> {
    let mut blocks = open("reading", TITLE);
    blocks.push(Block::lead(
        "Begin with the decision, then mend in the fix order. Everything after that is there to look things up and to hand over.",
    ));
    blocks.push(Block::text(
        "Each statement rests on something that was seen at a stated time from a stated place, or on an answer that a named person gave. Where neither was to be had, the report says \u{201c}could not tell\u{201d} and why. It never guesses, and it never counts an unanswered question as a pass.",
    ));
    blocks.push(Block::heading(2, "States of an item", "reading-states"));
    blocks.push(table("State", &states()));
    blocks.push(Block::heading(2, "Severity of a finding", "reading-severity"));
    blocks.push(Block::text(
        "An octagon is a failure, a triangle a warning. The word says how much it matters to a launch.",
    ));
    blocks.push(table("Severity", &severities()));
    blocks
}

fn states() -> Vec<(Mark, &'static str)> {
    vec![
        (words::state(State::Failing), "A check found that it is not so. Mend it."),
        (words::state(State::Attention), "A check found something that will hurt later or hurts some users."),
        (words::state(State::Unsure), "It could not be seen; the reason is given, and the way to an answer."),
        (words::state(State::NeedsYou), "Only a person knows. The question stands beside it."),
        (words::state(State::Proposed), "The checks are clean; a person confirms that it is meant to be so."),
        (words::state(State::Stale), "It was answered, but too long ago to rely on."),
        (words::state(State::Done), "It was seen to be so, or a person confirmed it."),
        (words::state(State::Waived), "It is known and accepted, with a reason, a name and a date on which that ends."),
        (words::state(State::NotApplicable), "It does not concern this product; the reason is given."),
        (
            words::state(State::NotBuilt),
            "This version of the audit does not look at it. It counts as open, never as passed.",
        ),
    ]
}

fn severities() -> Vec<(Mark, &'static str)> {
    vec![
        (
            words::severity(Grade::Fail, Severity::Critical),
            "Stops the launch: people cannot get in, or data or keys lie open.",
        ),
        (
            words::severity(Grade::Fail, Severity::High),
            "Hurts most users, or will soon. A launch with it is advised against.",
        ),
        (words::severity(Grade::Fail, Severity::Medium), "Hurts some users, or may one day."),
        (words::severity(Grade::Fail, Severity::Low), "Polish."),
    ]
}

fn table(title: &str, marks: &[(Mark, &str)]) -> Block {
    let rows = marks.iter().map(|(mark, says)| vec![vec![Span::Status(mark.clone())], vec![Span::text(*says)]]);
    Block::Table(Table {
        columns: vec![Column::fit(title, 0.3), Column::share("What it means", 1.0)],
        rows: rows.collect(),
    })
}
