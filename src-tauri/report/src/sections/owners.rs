//! Owners: who looks after each system, as a person answered.

use super::follow;
use crate::block::{Block, Column, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::State;

pub(super) const TITLE: &str = "Owners";

/// The check whose answer names the owners.
const CHECK: &str = "handover.owners";

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("owners", TITLE);
    let Some(answer) = brief.facts.answers.get(CHECK) else {
        blocks.push(Block::lead("Nobody has named the owners yet."));
        blocks.push(Block::Callout {
            mark: words::state(State::NeedsYou),
            title: vec![Span::text("Name one person for each system")],
            blocks: vec![Block::text("Domain, DNS, hosting, database, mail, payments, error reports, repository: for each, who holds the login and who is called at night. Answer it in the stage of the handover.")],
        });
        return blocks;
    };
    blocks.push(Block::lead("Who looks after each system."));
    let row = |(system, owner): (&String, &String)| {
        let owner =
            if owner.trim().is_empty() { Span::Status(words::state(State::NeedsYou)) } else { Span::text(owner) };
        vec![vec![Span::text(system)], vec![owner]]
    };
    if !answer.rows.is_empty() {
        let columns = vec![Column::share("System", 1.0), Column::share("Owner", 1.4)];
        blocks.push(Block::Table(Table { columns, rows: answer.rows.iter().map(row).collect() }));
    }
    let mut note = format!("Answered {} on {}", words::choice(answer.choice), words::day(answer.at));
    if !answer.owner.is_empty() {
        note.push_str(&format!(" by {}", answer.owner));
    }
    note.push('.');
    for text in [&answer.note, &answer.evidence] {
        if !text.is_empty() {
            note.push_str(&format!(" {text}"));
        }
    }
    blocks.push(Block::quiet(note));
    blocks
}
