//! What is accepted as it is, and what does not apply: each with its reason, so that nothing disappears silently.

use super::follow;
use crate::block::{Block, Column, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::waive::{Standing, WaiverTold};
use audit::{State, Status};

pub(super) const TITLE: &str = "Accepted and not applicable";

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let audit = brief.audit;
    let mut blocks = follow("accepted", TITLE);
    blocks.extend(accepted(brief));
    let items = audit.stages.iter().flat_map(|stage| &stage.items);
    let mut rows: Vec<Vec<Vec<Span>>> = items
        .filter(|item| item.state == State::NotApplicable)
        .map(|item| {
            let answer = item.answer.as_ref();
            let reason =
                answer.map(|answer| answer.note.as_str()).filter(|note| !note.is_empty()).unwrap_or(&item.says);
            let who = answer.map(|answer| {
                let owner = if answer.owner.is_empty() { String::new() } else { format!("{}, ", answer.owner) };
                format!("{owner}{}", words::day(answer.at))
            });
            vec![
                vec![Span::code(&item.id)],
                vec![Span::Status(words::state(item.state))],
                vec![Span::text(&item.title), Span::Break, Span::Quiet(reason.to_owned())],
                vec![Span::text(who.unwrap_or_default())],
            ]
        })
        .collect();
    let checks = audit.outcomes.iter().filter(|outcome| outcome.status == Status::NotApplicable);
    rows.extend(checks.map(|outcome| {
        vec![
            vec![Span::code(&outcome.check)],
            vec![Span::Status(words::status(outcome.status))],
            vec![Span::text(&outcome.title), Span::Break, Span::Quiet(outcome.reason.clone().unwrap_or_default())],
            vec![],
        ]
    }));
    if rows.is_empty() {
        blocks.push(Block::body(vec![Span::text("Everything that this roadmap asks for applies.")]));
        return blocks;
    }
    blocks.push(Block::heading(2, "What does not apply", "accepted-not-applicable"));
    let columns = vec![
        Column::fit("Id", 0.22),
        Column::fit("State", 0.22),
        Column::share("What, and why", 1.0),
        Column::fit("Who and when", 0.22),
    ];
    blocks.push(Block::Table(Table { columns, rows }));
    blocks
}

/// Every risk that was accepted, those that ran out or cover nothing any more among them.
fn accepted(brief: &Brief<'_>) -> Vec<Block> {
    let told = &brief.audit.waivers;
    if told.is_empty() {
        return vec![Block::lead("No risk was accepted.")];
    }
    let standing = |told: &WaiverTold| match told.standing {
        Standing::Holds => Span::Status(words::state(State::Waived)),
        Standing::Expired => Span::Status(words::state(State::Stale)),
        Standing::Needless => Span::Quiet("covers nothing now".to_owned()),
    };
    let row = |told: &WaiverTold| {
        let waiver = &told.waiver;
        let what = what(brief, told);
        vec![
            vec![Span::code(&waiver.of)],
            vec![standing(told)],
            vec![Span::text(what), Span::Break, Span::Quiet(waiver.reason.clone())],
            vec![Span::text(&waiver.approver), Span::Break, Span::text(words::date(waiver.until))],
        ]
    };
    let columns = vec![
        Column::fit("Id", 0.22),
        Column::fit("State", 0.18),
        Column::share("What, and why it can stay", 1.0),
        Column::fit("Who, and until when", 0.22),
    ];
    vec![
        Block::lead("Known, and left as it is until a named day; then it counts again by itself."),
        Block::Table(Table { columns, rows: told.iter().map(row).collect() }),
    ]
}

/// What a waiver covers, as the audit says it.
fn what(brief: &Brief<'_>, told: &WaiverTold) -> String {
    let waiver = &told.waiver;
    let outcome = brief.audit.outcome(&waiver.of);
    let waived = outcome.into_iter().flat_map(|outcome| &outcome.waived).find(|waived| waived.waiver == *waiver);
    let finding = waived.and_then(|waived| waived.finding.as_ref()).map(|finding| finding.says.clone());
    let stages = || brief.audit.stages.iter();
    let row = stages()
        .flat_map(|stage| &stage.items)
        .map(|item| (&item.id, &item.title))
        .chain(stages().flat_map(|stage| &stage.deliverables).map(|made| (&made.id, &made.title)))
        .chain(stages().flat_map(|stage| &stage.signals).map(|signal| (&signal.id, &signal.says)))
        .find(|(id, _)| **id == waiver.of)
        .map(|(_, title)| title.clone());
    let subject = || waiver.subject.clone();
    finding.or(row).or_else(subject).or_else(|| outcome.map(|outcome| outcome.title.clone())).unwrap_or_default()
}
