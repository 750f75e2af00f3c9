//! Journeys: which ways through the product were gone through, how each ended, and its steps with their times.

use super::follow;
use crate::block::{Block, Column, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::State;
use audit::picture::{JourneyRow, JourneyWord, StepRow};

pub(super) const TITLE: &str = "Journeys";

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("journeys", TITLE);
    let journeys = &brief.pictures.journeys;
    if journeys.is_empty() {
        blocks.push(Block::lead("No way through the product was recorded."));
        return blocks;
    }
    blocks.push(Block::lead("What a visitor does at the product, gone through step by step as a browser sends it."));
    blocks.push(Block::text(
        "A journey that fails is gone through a second time before it counts. Values of forms, cookies and links are not kept; names in double braces stand for them.",
    ));
    blocks.extend(journeys.iter().enumerate().flat_map(|(at, row)| journey(at, row)));
    blocks
}

fn journey(at: usize, row: &JourneyRow) -> Vec<Block> {
    let state = match row.end {
        JourneyWord::Failed => State::Failing,
        JourneyWord::Lost => State::Unsure,
        JourneyWord::Slow => State::Attention,
        JourneyWord::Well => State::Done,
    };
    let mut says = words::capital(&row.says);
    if let Some(at) = row.at {
        says.push_str(&format!("; {}", at.strftime("%Y-%m-%d %H:%M UTC")));
    }
    if let Some(by) = &row.by {
        says.push_str(&format!("; {by} agreed to its steps that write"));
    }
    let mut blocks = vec![
        Block::heading(2, format!("{} ({})", row.name, row.kind), format!("journey-{}", at + 1)),
        Block::body(vec![Span::Status(words::state(state)), Span::text(format!("  {says}."))]),
    ];
    if !row.way.is_empty() {
        blocks.push(Block::quiet(words::capital(&row.way)));
    }
    if !row.steps.is_empty() {
        let columns =
            vec![Column::share("Step", 1.0), Column::share("Asked and answered", 2.0), Column::figures("Took")];
        blocks.push(Block::Table(Table { columns, rows: row.steps.iter().map(step).collect() }));
    }
    blocks
}

fn step(row: &StepRow) -> Vec<Vec<Span>> {
    // The name and the time stand in columns of their own.
    let asked = row.line.strip_prefix(&format!("{}: ", row.name)).unwrap_or(&row.line);
    let asked = asked.rsplit_once(", ").map_or(asked, |(asked, _)| asked);
    let mut told = vec![Span::code(asked)];
    told.extend(row.misses.iter().map(|miss| Span::text(format!(" {}.", words::capital(miss)))));
    vec![vec![Span::text(row.name.clone())], told, vec![Span::text(words::millis(row.total))]]
}
