//! What changed since an earlier run: in one sentence, stage by stage, and finding by finding. Left out where there is no earlier one.

use super::follow;
use crate::block::{Block, Column, Mark, Shape, Span, Table, Tone};
use crate::brief::Brief;
use crate::words;
use audit::diff::{Diff, Kind, Row, word};

pub(super) const TITLE: &str = "Change since the last run";

/// Rows that are printed; the rest is counted.
const ROWS: usize = 200;

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let Some(diff) = &brief.options.since else { return vec![] };
    let mut blocks = follow("changes", TITLE);
    blocks.push(Block::lead(diff.says.clone()));
    blocks.push(Block::body(vec![
        Span::text("Then: "),
        Span::Status(words::verdict(diff.was.verdict)),
        Span::text(format!(", {}. Now: ", words::count(diff.was.blockers as usize, "blocker"))),
        Span::Status(words::verdict(diff.now.verdict)),
        Span::text(format!(", {}.", words::count(diff.now.blockers as usize, "blocker"))),
    ]));
    blocks.push(stages(diff));
    let changed: Vec<&Row> = diff.rows.iter().filter(|row| row.kind != Kind::Unchanged).collect();
    if changed.is_empty() {
        return blocks;
    }
    let row = |row: &&Row| {
        let mut what = vec![Span::text(row.now.as_ref().or(row.was.as_ref()).map_or(&row.title, |side| &side.says))];
        if matches!(row.kind, Kind::Worse | Kind::Better)
            && let Some(was) = &row.was
        {
            what.extend([Span::Break, Span::Quiet(format!("Then: {}", was.says))]);
        }
        if !row.note.is_empty() {
            what.extend([Span::Break, Span::Quiet(row.note.clone())]);
        }
        let where_it_is = if row.subject.is_empty() { &row.check } else { &row.subject };
        vec![vec![Span::Status(mark(row.kind))], what, vec![Span::code(where_it_is.clone())]]
    };
    let columns = vec![Column::fit("Change", 0.24), Column::share("What it is", 1.0), Column::fit("Where", 0.26)];
    blocks.push(Block::heading(2, "Finding by finding", "changes-findings"));
    blocks.push(Block::Table(Table { columns, rows: changed.iter().take(ROWS).map(row).collect() }));
    let more = changed.len().saturating_sub(ROWS);
    if more > 0 {
        blocks.push(Block::quiet(format!("And {more} more.")));
    }
    blocks
}

fn stages(diff: &Diff) -> Block {
    let row = |stage: &audit::diff::Moved| {
        vec![
            vec![Span::text(format!("{} {}", stage.number, stage.title))],
            vec![Span::text(stage.was.to_string())],
            vec![Span::text(stage.now.to_string())],
            vec![Span::text(stage.of.to_string())],
        ]
    };
    let mut columns = vec![Column::share("Stage", 1.0)];
    columns.extend(["Ready then", "Ready now", "Items"].map(Column::figures));
    Block::Table(Table { columns, rows: diff.stages.iter().map(row).collect() })
}

/// A kind as word, shape and colour.
pub(crate) fn mark(kind: Kind) -> Mark {
    let (shape, tone) = match kind {
        Kind::New | Kind::Worse => (Shape::Octagon, Tone::Fail),
        Kind::CountsAgain => (Shape::Triangle, Tone::Warn),
        Kind::UntoldNow | Kind::UntoldThen => (Shape::Question, Tone::Unsure),
        Kind::Accepted => (Shape::Bar, Tone::Waived),
        Kind::Better | Kind::Fixed => (Shape::Tick, Tone::Pass),
        Kind::Unchanged => (Shape::Dash, Tone::Quiet),
    };
    Mark { word: word(kind).trim_start_matches("that ").to_owned(), shape, tone }
}
