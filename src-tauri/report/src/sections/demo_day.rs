//! The day of the demo: what to open, in which order, what to have ready, and which flows to try again after each change.

use super::{follow, release};
use crate::block::{Block, Column, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::State;
use audit::picture::JourneyWord;

pub(super) const TITLE: &str = "Demo day";
pub(super) const REGRESSION: &str = "Regression list";

/// Addresses that are opened before a demo.
const OPENED: usize = 12;
/// Rows of the regression list.
const ROWS: usize = 40;

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("demo-day", TITLE);
    blocks.push(Block::lead("Go through it an hour before, on the line and the screen of the demo."));
    if brief.stops() {
        blocks.push(Block::Callout {
            mark: words::verdict(brief.audit.verdict),
            title: vec![Span::text("Not before the blockers are mended")],
            blocks: vec![Block::body(vec![
                Span::text("A buyer meets them: "),
                Span::see("decision", "decision"),
                Span::text("."),
            ])],
        });
    }
    blocks.push(Block::heading(2, "Open each of these", "demo-open"));
    let opened = release::live(brief).into_iter().take(OPENED);
    blocks.push(Block::List {
        items: opened.map(|url| vec![Span::text("[  ]  "), Span::code(url)]).collect(),
        numbered: false,
    });
    blocks.push(Block::heading(2, "Then", "demo-then"));
    let journeys =
        brief.pictures.journeys.iter().take(6).map(|row| format!("[  ]  Do it as a customer: {}.", row.name));
    let rest = [
        "[  ]  Sign in with the account of the demo, sign out, sign in again.",
        "[  ]  Nothing is released from the evening before until the demo is over; tell everybody.",
        "[  ]  The data on the screen is made up; no customer's name, no draft, no error from yesterday.",
        "[  ]  The same pages are open in a second browser over a phone's line, in case the first one fails.",
        "[  ]  The person who can go back one release is within reach, with the deploy note open.",
        "[  ]  Pictures of the three most important screens lie on the desktop, for the worst case.",
    ];
    let items = journeys.chain(rest.map(str::to_owned));
    blocks.push(Block::List { items: items.map(|item| vec![Span::text(item)]).collect(), numbered: false });
    blocks
}

/// The flows that hurt most when they break, with how each did last.
pub(super) fn regression(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("regression", REGRESSION);
    blocks.push(Block::lead("What to try again after each change, the riskiest first."));
    let mut rows: Vec<(u8, Vec<Vec<Span>>)> = vec![];
    for journey in &brief.pictures.journeys {
        let (weight, state) = match journey.end {
            JourneyWord::Failed => (0, State::Failing),
            JourneyWord::Lost => (1, State::Unsure),
            JourneyWord::Slow => (2, State::Attention),
            JourneyWord::Well => (4, State::Done),
        };
        let how = format!("{} ({})", journey.name, journey.kind);
        rows.push((weight, row(&how, "gone through by itself", state)));
    }
    let person = ["journey.login", "journey.degraded", "journey.empty", "journey.demo_data"];
    let recorded = |kind: &str| brief.pictures.journeys.iter().any(|journey| kind.ends_with(&journey.kind));
    for check in person.into_iter().filter(|check| !recorded(check)) {
        let items = brief.audit.stages.iter().flat_map(|stage| &stage.items);
        if let Some(item) = items.into_iter().find(|item| item.checks.iter().any(|id| id == check)) {
            rows.push((3, row(&item.title, "tried by a person", item.state)));
        }
    }
    for url in release::live(brief) {
        rows.push((5, row(&url, "opens in time, with the right content", measured(brief, &url))));
    }
    rows.sort_by_key(|(weight, _)| *weight);
    let columns = vec![Column::share("What", 1.4), Column::share("How", 0.9), Column::fit("Last time", 0.22)];
    blocks.push(Block::Table(Table { columns, rows: rows.into_iter().take(ROWS).map(|(_, row)| row).collect() }));
    blocks
}

fn row(what: &str, how: &str, state: State) -> Vec<Vec<Span>> {
    vec![vec![Span::text(what)], vec![Span::text(how)], vec![Span::Status(words::state(state))]]
}

/// Whether an address answered in time when it was measured.
fn measured(brief: &Brief<'_>, url: &str) -> State {
    let row = brief.pictures.latency.iter().find(|row| row.route == url);
    match row.and_then(|row| Some((row.sampled.as_ref()?.phase("total")?.claim(95.0)?, row.target_ms))) {
        Some((p95, target)) if u64::from(p95) > u64::from(target) * 1_000 => State::Attention,
        Some(_) => State::Done,
        None => State::Unsure,
    }
}
