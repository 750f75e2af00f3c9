//! Settings: every name that the code reads, what it is for, who looks after it, and which environment lacks it. Never a value.

use super::follow;
use crate::block::{Block, Column, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::State;
use audit::facts::{Inventory, ValueSeen, Variable};
use audit::{kept, settings};

pub(super) const TITLE: &str = "Settings";

/// Rows of the table.
const MOST: usize = 300;

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("settings", TITLE);
    let inventory = brief.facts.inventory.as_ref().and_then(|fact| fact.seen().ok());
    let Some(inventory) = inventory.filter(|inventory| !inventory.variables.is_empty()) else {
        blocks.push(Block::lead("No folder was read for its settings."));
        return blocks;
    };
    let count = words::count(inventory.variables.len(), "setting");
    blocks.push(Block::lead(format!("{count}: what each is for, who looks after it, and where it is set.")));
    let columns = vec![
        Column::share("Setting", 1.2),
        Column::share("What it is for", 1.0),
        Column::share("Owner", 0.7),
        Column::share("Environments", 0.8),
    ];
    let rows = inventory.variables.iter().take(MOST).map(|(name, variable)| row(brief, inventory, name, variable));
    blocks.push(Block::Table(Table { columns, rows: rows.collect() }));
    if inventory.variables.len() > MOST {
        blocks.push(Block::quiet(format!("And {} more.", inventory.variables.len() - MOST)));
    }
    blocks
}

fn row(brief: &Brief<'_>, inventory: &Inventory, name: &str, variable: &Variable) -> Vec<Vec<Span>> {
    let said = kept::of(brief.facts, name);
    let required = settings::required(name, variable);
    let needed =
        required.map_or_else(|| "not required".to_owned(), |at| format!("required by {}:{}", at.path, at.line));
    let owner = match said.owner {
        "" if required.is_some() => vec![Span::Status(words::state(State::NeedsYou))],
        owner => vec![Span::text(owner)],
    };
    let environments = inventory.environments.iter().map(|(environment, has)| {
        let is = match has.names.get(name) {
            Some(Some(ValueSeen::Empty)) => "empty",
            Some(_) => "set",
            None => "missing",
        };
        format!("{environment}: {is}")
    });
    vec![
        vec![Span::code(name), Span::Break, Span::Quiet(needed)],
        vec![Span::text(said.purpose)],
        owner,
        vec![Span::text(environments.collect::<Vec<_>>().join(", "))],
    ]
}
