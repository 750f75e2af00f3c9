//! The risk register: every finding, the worst first, with what is at stake.

use super::follow;
use crate::block::{Block, Column, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::audit::Step;

pub(super) const TITLE: &str = "Risks";

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("risks", TITLE);
    let mut steps: Vec<&Step> = brief.audit.order.iter().collect();
    if steps.is_empty() {
        let nothing =
            if brief.held() == 0 { "No check that could tell found anything wrong." } else { "Nothing is open." };
        blocks.push(Block::lead(nothing));
        blocks.extend(accepted(brief));
        return blocks;
    }
    steps.sort_by_key(|step| (std::cmp::Reverse((step.grade, step.severity)), step.rank));
    blocks.push(Block::lead("Everything that was found, ranked by what it does to the launch."));
    let row = |step: &&Step| {
        vec![
            vec![Span::Status(words::severity(step.grade, step.severity))],
            vec![Span::Strong(step.subject.clone()), Span::Break, Span::text(&step.says)],
            vec![Span::text(words::concern(step.concern))],
            vec![Span::code(step.items.join(", "))],
            vec![Span::finding(step.rank)],
        ]
    };
    let columns = vec![
        Column::fit("Severity", 0.16),
        Column::share("What is", 1.0),
        Column::fit("At stake", 0.12),
        Column::fit("Items", 0.14),
        Column::fit("Details", 0.16),
    ];
    blocks.push(Block::Table(Table { columns, rows: steps.iter().map(row).collect() }));
    blocks.extend(accepted(brief));
    blocks
}

/// Where the risks stand that somebody accepted: they are as real as the others.
pub(super) fn accepted(brief: &Brief<'_>) -> Option<Block> {
    let held = brief.held();
    let (are, they) = if held == 1 { ("was", "it stands") } else { ("were", "they stand") };
    let told = format!("{} {are} accepted for a time; {they} under ", words::count(held, "known risk"));
    (held > 0)
        .then(|| Block::body(vec![Span::text(told), Span::see(super::accepted::TITLE, "accepted"), Span::text(".")]))
}
