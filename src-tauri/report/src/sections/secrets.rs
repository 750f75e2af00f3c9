//! Passwords and keys: those that got out with the state of their replacement, and where each live one is kept. Never a value.

use super::follow;
use crate::block::{Block, Column, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::State;
use audit::kept;
use audit::keys::{self, Exposed, Rotation};

pub(super) const TITLE: &str = "Passwords and keys";

/// Rows of one table.
const MOST: usize = 200;

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("secrets", TITLE);
    match keys::exposed(brief.facts) {
        None => blocks.push(Block::lead("No folder was searched for keys.")),
        Some(keys) if keys.is_empty() => {
            blocks.push(Block::lead("No key was found in files or history where it must not be."));
        }
        Some(keys) => {
            let found = words::count(keys.len(), "key");
            blocks.push(Block::lead(format!("{found} got out: where each was found, and whether it was replaced.")));
            let columns =
                vec![Column::share("Key", 1.0), Column::share("Found in", 1.2), Column::fit("Replaced", 0.28)];
            let rows = keys.iter().take(MOST).map(row).collect();
            blocks.push(Block::Table(Table { columns, rows }));
        }
    }
    let inventory = brief.facts.inventory.as_ref().and_then(|fact| fact.seen().ok());
    let names: Vec<&str> = inventory.into_iter().flat_map(kept::secrets).take(MOST).collect();
    if !names.is_empty() {
        blocks.push(Block::heading(2, "Where live secrets are kept", "secrets-kept"));
        let columns = vec![
            Column::share("Setting", 1.2),
            Column::share("Kept in", 1.0),
            Column::share("Owner", 0.8),
            Column::fit("Last replaced", 0.2),
        ];
        let told = |text: &str| match text {
            "" => vec![Span::Status(words::state(State::NeedsYou))],
            text => vec![Span::text(text)],
        };
        let rows = names.iter().map(|name| {
            let kept = kept::of(brief.facts, name);
            let rotated = if kept.rotated.is_empty() { "not noted" } else { kept.rotated };
            vec![
                vec![Span::code(*name)],
                told(&words::capital(kept::title(kept.home))),
                told(kept.owner),
                vec![Span::text(rotated)],
            ]
        });
        blocks.push(Block::Table(Table { columns, rows: rows.collect() }));
    }
    blocks.push(Block::quiet("Only the kind and the place of a key are kept, never its value."));
    blocks
}

fn row(key: &Exposed<'_>) -> Vec<Vec<Span>> {
    let mut places = Vec::new();
    for place in key.places.iter().take(3) {
        if !places.is_empty() {
            places.push(Span::Break);
        }
        places.push(Span::code(format!("{}:{}", place.path, place.found.line)));
    }
    if key.places.len() > 3 {
        places.extend([Span::Break, Span::Quiet(format!("and {} more places", key.places.len() - 3))]);
    }
    let is = if key.in_files() { "in the files" } else { "in the history only" };
    let title = vec![Span::text(&key.rule.title), Span::Break, Span::Quiet(is.to_owned())];
    let mark = |state: State, word: &str| {
        let mut mark = words::state(state);
        word.clone_into(&mut mark.word);
        Span::Status(mark)
    };
    let who = |at: &jiff::Timestamp, by: &str| Span::Quiet(format!("{} by {by}", words::day(*at)));
    let replaced = match &key.rotation {
        Rotation::Open => vec![mark(State::Failing, "open")],
        Rotation::Replaced { at, by } => vec![mark(State::Done, "replaced"), Span::Break, who(at, by)],
        Rotation::Returned { at, by } => vec![mark(State::Failing, "came back"), Span::Break, who(at, by)],
    };
    vec![title, places, replaced]
}
