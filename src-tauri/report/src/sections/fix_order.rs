//! The fix order: what to do in the next 48 hours and what after, each with its effort and the reason for its place.

use super::follow;
use crate::block::{Block, Column, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::audit::Step;

pub(super) const TITLE: &str = "Fix order";

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("fix-order", TITLE);
    let (now, later): (Vec<&Step>, Vec<&Step>) = brief.audit.order.iter().partition(|step| step.now);
    if now.is_empty() && later.is_empty() {
        blocks.push(Block::lead(if brief.held() == 0 {
            "There is nothing to mend."
        } else {
            "There is nothing to mend now."
        }));
        blocks.extend(super::risks::accepted(brief));
        return blocks;
    }
    blocks.push(Block::lead(format!(
        "About {} of work in all. What customers notice first and what could do harm comes first; nothing stands before what it rests on.",
        words::minutes(total(&brief.audit.order.iter().collect::<Vec<_>>()))
    )));
    blocks.extend(hour(brief));
    blocks.extend(part("Now: the next 48 hours", "fix-now", &now));
    blocks.extend(part("Later: before it hurts", "fix-later", &later));
    blocks
}

/// What to do of it when there is one hour.
fn hour(brief: &Brief<'_>) -> Vec<Block> {
    let hour = &brief.audit.hour;
    let mut blocks = vec![Block::heading(2, "If you have one hour", "fix-hour"), Block::text(hour.says.clone())];
    let mut spans = vec![];
    for (at, rank) in hour.steps.iter().enumerate() {
        spans.push(Span::text(if at == 0 { "In this order: " } else { ", " }));
        spans.push(Span::finding(*rank));
    }
    if !spans.is_empty() {
        spans.push(Span::text("."));
        blocks.push(Block::body(spans));
    }
    vec![Block::Together(blocks)]
}

fn total(steps: &[&Step]) -> u32 {
    steps.iter().map(|step| u32::from(step.fix.minutes)).sum()
}

fn part(title: &str, id: &str, steps: &[&Step]) -> Vec<Block> {
    if steps.is_empty() {
        return vec![];
    }
    let row = |step: &&Step| {
        let mut what = vec![Span::Strong(step.fix.says.clone()), Span::Break, Span::code(step.subject.clone())];
        what.extend([Span::Break, Span::Quiet(step.reason.clone())]);
        if !step.fix.after.is_empty() {
            what.push(Span::Break);
            what.push(Span::Quiet("After ".to_owned()));
            what.push(Span::code(step.fix.after.join(", ")));
        }
        vec![
            vec![Span::text(step.rank.to_string())],
            what,
            vec![Span::text(words::minutes(u32::from(step.fix.minutes)))],
            vec![Span::finding(step.rank)],
        ]
    };
    let columns = vec![
        Column::figures(""),
        Column::share("What to do, where, and why now", 1.0),
        Column { right: true, ..Column::fit("Effort", 0.12) },
        Column::fit("Details", 0.16),
    ];
    vec![
        Block::heading(2, format!("{title} ({})", words::minutes(total(steps))), id),
        Block::Table(Table { columns, rows: steps.iter().map(row).collect() }),
    ]
}
