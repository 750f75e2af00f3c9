//! What stands between a conditional go and a go, counted by kind, each with what settles it.

use crate::State;
use crate::audit::{Condition, Open, Outcome, Stage, Step};
use crate::check::Status;
use crate::judge::blocks;

pub(crate) fn open(outcomes: &[Outcome], stages: &[Stage], order: &[Step]) -> Vec<Condition> {
    let items = |wanted: &[State]| {
        stages.iter().flat_map(|stage| &stage.items).filter(|item| wanted.contains(&item.state)).count()
    };
    let signals =
        stages.iter().flat_map(|stage| &stage.signals).filter(|signal| signal.state == State::Failing).count();
    let rows = [
        (
            Open::Findings,
            order.iter().filter(|step| !blocks(step.grade, step.severity)).count(),
            ["smaller finding", "smaller findings"],
            "Mend each in the fix order, or accept it with a reason and a date.",
        ),
        (
            Open::Signals,
            signals,
            ["sign that a stage is not done", "signs that a stage is not done"],
            "Settle what each one tells of, in its stage.",
        ),
        (
            Open::Untold,
            outcomes.iter().filter(|outcome| outcome.status == Status::CouldNotTell).count(),
            ["check that could not tell", "checks that could not tell"],
            "Remove what stood in the way of each, and run the audit again.",
        ),
        (
            Open::Questions,
            items(&[State::NeedsYou]),
            ["question for you", "questions for you"],
            "Answer each in the stage where it stands.",
        ),
        (
            Open::Confirm,
            items(&[State::Proposed, State::Stale]),
            ["answer to confirm", "answers to confirm"],
            "Confirm each in the stage where it stands.",
        ),
        (
            Open::NotBuilt,
            items(&[State::NotBuilt]),
            ["item not looked at yet", "items not looked at yet"],
            "Look at each by hand; this version of the audit cannot.",
        ),
    ];
    let told = |(kind, count, [one, many], way): (Open, usize, [&str; 2], &str)| Condition {
        kind,
        count: u32::try_from(count).unwrap_or(u32::MAX),
        says: if count == 1 { one } else { many }.to_owned(),
        way: way.to_owned(),
    };
    rows.into_iter().filter(|(_, count, ..)| *count > 0).map(told).collect()
}
