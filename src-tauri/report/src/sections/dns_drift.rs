//! DNS drift: what differs from the accepted records, and what public resolvers say of the domain today.

use super::follow;
use crate::block::{Block, Column, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::drift::{self, Change, Drift};
use audit::facts::{Fact, Propagation, SetSeen, Told};
use audit::picture::present;
use audit::read::text::clean;

pub(super) const TITLE: &str = "DNS drift";

/// Differences and answers that are printed.
const ROWS: usize = 200;
/// Characters of an answer that are printed.
const VALUE: usize = 200;

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("dns-drift", TITLE);
    match brief.facts.answers.get(drift::KEY) {
        None => blocks.push(Block::lead("No records were accepted as right yet, so nothing is told of changes.")),
        Some(accepted) => {
            let (drifts, unseen) = drift::diff(accepted, brief.facts);
            let day = accepted.at.strftime("%-d %B %Y");
            let count = words::count(drifts.len(), "record set");
            blocks.push(Block::lead(match drifts.is_empty() {
                true => format!("The records are those that were accepted on {day}."),
                false => format!("Since {day}, when the records were accepted, {count} changed."),
            }));
            if !drifts.is_empty() {
                blocks.push(differences(&drifts));
            }
            if !unseen.is_empty() {
                let count = words::count(unseen.len(), "record set");
                blocks.push(Block::quiet(format!("Not compared, because it could not be seen: {count}.")));
            }
        }
    }
    if let Some(Fact::Seen { value, .. }) = &brief.facts.propagation {
        blocks.push(Block::heading(2, "What public resolvers say", "dns-resolvers"));
        blocks.push(answers(value));
    }
    blocks
}

fn differences(drifts: &[Drift]) -> Block {
    let row = |drift: &Drift| {
        let change = match drift.change {
            Change::Added => "added",
            Change::Removed => "removed",
            Change::Changed => "changed",
        };
        let values = |values: &[String]| vec![Span::code(clean(&values.join(", "), VALUE))];
        vec![
            vec![Span::code(format!("{} {}", drift.name, drift.rtype))],
            vec![Span::text(change)],
            values(&drift.gone),
            values(&drift.new),
        ]
    };
    let columns = vec![
        Column::fit("Records", 0.32),
        Column::fit("Change", 0.12),
        Column::share("Accepted, gone", 1.0),
        Column::share("New", 1.0),
    ];
    Block::Table(Table { columns, rows: drifts.iter().take(ROWS).map(row).collect() })
}

/// Each resolver's answers about addresses, as those are what visitors are led by.
fn answers(seen: &Propagation) -> Block {
    let led = |question: &&String| question.ends_with(" A");
    let questions: Vec<&String> = seen.questions.iter().filter(led).collect();
    let all = seen.servers.iter().chain(&seen.resolvers);
    let rows = all.flat_map(|told| questions.iter().filter_map(|question| row(told, question)));
    let columns = vec![
        Column::fit("Who", 0.3),
        Column::fit("Question", 0.28),
        Column::share("Answer", 1.0),
        Column { right: true, ..Column::fit("Kept for", 0.12) },
    ];
    Block::Table(Table { columns, rows: rows.take(ROWS).collect() })
}

fn row(told: &Told, question: &str) -> Option<Vec<Vec<Span>>> {
    let (answer, left) = match told.answers.get(question)? {
        Fact::Seen { value, .. } => (Span::code(clean(&text(value), VALUE)), words::ttl(value.ttl)),
        Fact::Unseen(unseen) => (Span::text(&unseen.says), String::new()),
    };
    let who = format!("{} over {}", told.who, told.way.says());
    Some(vec![vec![Span::text(who)], vec![Span::code(question)], vec![answer], vec![Span::text(left)]])
}

fn text(set: &SetSeen) -> String {
    let values = set.records.iter().map(|record| present(record).1).collect::<Vec<_>>().join(", ");
    if values.is_empty() { "nothing".to_owned() } else { values }
}
