//! How far each check looks, and what no check of this version looks at: to be looked up, so it stands last.

use super::follow;
use crate::block::{Block, Column, Span, Table};
use crate::brief::Brief;
use crate::words;

pub(super) const TITLE: &str = "How far each check looks";

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("depth", TITLE);
    blocks.push(depth(brief));
    blocks.extend(unbuilt(brief));
    blocks
}

fn unbuilt(brief: &Brief<'_>) -> Vec<Block> {
    let named: Vec<&String> =
        brief.audit.stages.iter().flat_map(|stage| &stage.items).flat_map(|item| &item.unbuilt).collect();
    let planned = audit::roadmap::planned().iter().filter(|planned| named.contains(&&planned.id));
    let rows: Vec<_> =
        planned.map(|planned| vec![vec![Span::code(&planned.id)], vec![Span::text(&planned.title)]]).collect();
    if rows.is_empty() {
        return vec![];
    }
    vec![
        Block::heading(2, "What this version does not look at yet", "scope-unbuilt"),
        Block::text("The roadmap asks for these as well. Nothing in this report speaks for or against them."),
        Block::Table(Table {
            columns: vec![Column::fit("Check", 0.3), Column::share("The good state that nobody verified", 1.0)],
            rows,
        }),
    ]
}

fn depth(brief: &Brief<'_>) -> Block {
    let row = |outcome: &audit::audit::Outcome| {
        vec![
            vec![Span::code(&outcome.check), Span::Break, Span::Status(words::status(outcome.status))],
            vec![Span::text(words::capital(&outcome.covers))],
        ]
    };
    let rows = brief.audit.outcomes.iter().map(row).collect();
    let columns = vec![Column::fit("Check, and how it ended", 0.3), Column::share("How far it looks", 1.0)];
    Block::Table(Table { columns, rows })
}
