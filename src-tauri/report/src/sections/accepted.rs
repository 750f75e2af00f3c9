//! What is accepted as it is, and what does not apply: each with its reason, so that nothing disappears silently.

use super::follow;
use crate::block::{Block, Column, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::{State, Status};

pub(super) const TITLE: &str = "Accepted and not applicable";

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let audit = brief.audit;
    let mut blocks = follow("accepted", TITLE);
    let items = audit.stages.iter().flat_map(|stage| &stage.items);
    let mut rows: Vec<Vec<Vec<Span>>> = items
        .filter(|item| matches!(item.state, State::Waived | State::NotApplicable))
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
        blocks.push(Block::lead("Nothing is accepted as it is, and everything applies."));
        return blocks;
    }
    blocks.push(Block::lead("Known, and left as it is for a stated reason."));
    let columns = vec![
        Column::fit("Id", 0.22),
        Column::fit("State", 0.22),
        Column::share("What, and why", 1.0),
        Column::fit("Who and when", 0.22),
    ];
    blocks.push(Block::Table(Table { columns, rows }));
    blocks
}
