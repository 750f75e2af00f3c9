//! Owners and access: who looks after each system and who else gets in, as people answered.

use super::{filled, follow};
use crate::block::{Block, Column, Span, Table};
use crate::brief::{Brief, OWNERS};
use crate::words;
use audit::parties::Role;
use audit::{State, form};

pub(super) const TITLE: &str = "Owners and access";

/// What the audit recognises a company for; the rest only people know.
const SEEN: [Role; 5] = [Role::Registrar, Role::Dns, Role::Network, Role::Hosting, Role::Mail];

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("owners", TITLE);
    let Some(answer) = brief.facts.answers.get(OWNERS) else {
        blocks.push(Block::lead("Nobody has named the owners yet."));
        blocks.push(Block::Callout {
            mark: words::state(State::NeedsYou),
            title: vec![Span::text("Name one person for each system")],
            blocks: vec![Block::text("Domain, DNS, hosting, database, mail, payments, error reports, repository: for each, who holds the login and who is called at night. Answer it in the stage of the handover.")],
        });
        blocks.push(recognised(brief));
        return blocks;
    };
    blocks.push(Block::lead("Who looks after each system."));
    blocks.extend(form::of(OWNERS).and_then(|form| filled::table(form, answer)));
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

/// The companies of the product, for whoever names the owners.
fn recognised(brief: &Brief<'_>) -> Block {
    let row = |role: Role| {
        let company = match brief.companies(role).join(", ") {
            company if company.is_empty() => vec![Span::Quiet("not recognised".to_owned())],
            company => vec![Span::text(company)],
        };
        vec![vec![Span::text(role.says())], company, vec![Span::Status(words::state(State::NeedsYou))]]
    };
    let columns =
        vec![Column::fit("System", 0.25), Column::share("With whom", 1.0), Column::share("Who holds it", 1.0)];
    Block::Table(Table { columns, rows: SEEN.into_iter().map(row).collect() })
}
