//! The handover itself: the end state point by point, what is still open, what was handed over, and who signs for it. And the flows of mail.

use super::{follow, open, product};
use crate::block::{Block, Column, Span, Table};
use crate::brief::{Brief, stage_id};
use crate::words;
use audit::picture::LetterRow;
use audit::{Fact, State};

pub(super) const TITLE: &str = "Handover";
pub(super) const FLOWS: &str = "Mail flows";

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = open("handover", TITLE);
    let name = product(brief.options, brief.audit);
    blocks.push(Block::lead(format!(
        "From here on, {name} is run by the people who sign below. This is the state in which they take it over."
    )));
    blocks.push(Block::heading(2, "End state, point by point", "handover-points"));
    let row = |light: &audit::audit::Light| {
        vec![vec![Span::code(&light.id)], vec![Span::text(&light.title)], vec![Span::Status(words::state(light.state))]]
    };
    let columns = vec![Column::fit("Point", 0.14), Column::share("The minimum bar", 1.0), Column::fit("State", 0.2)];
    blocks.push(Block::Table(Table { columns, rows: brief.audit.bar.iter().map(row).collect() }));
    blocks.push(Block::heading(2, "Still open", "handover-open"));
    blocks.push(left(brief));
    blocks.push(Block::heading(2, "What is handed over with it", "handover-list"));
    let parts = [
        ("Operating guide", "guide"),
        ("If something breaks", "runbook"),
        ("Deploy note", "deploy-note"),
        ("DNS map", "dns-map"),
        ("Mail", "mail-auth"),
        ("Passwords and keys", "secrets"),
        ("Settings", "settings"),
        ("Owners and access", "owners"),
        ("Monitoring", "monitoring"),
        ("Accepted risks", "accepted"),
        ("What changed", "what-changed"),
    ];
    let mut spans = vec![];
    for (title, id) in parts {
        spans.extend([Span::text(if spans.is_empty() { "" } else { ", " }), Span::see(title, id)]);
    }
    spans.push(Span::text(". Each tells where a login or key is kept, never the login or key itself."));
    blocks.push(Block::body(spans));
    blocks.push(Block::Together(vec![
        Block::heading(2, "Signed", "handover-signed"),
        Block::quiet("Whoever signs has opened every link, knows where each login is kept, and has gone back one release once with their own hands."),
        Block::Signatures(vec!["Handed over by".to_owned(), "Taken over by".to_owned(), "Second person".to_owned()]),
    ]));
    blocks
}

/// The stages that are not done, in one sentence.
fn left(brief: &Brief<'_>) -> Block {
    let mut spans = vec![];
    for stage in &brief.audit.stages {
        let open = stage.items.iter().filter(|item| !item.state.ready()).count();
        let raised = stage.signals.iter().filter(|signal| signal.state == State::Failing).count();
        let told = [(open, "row"), (raised, "raised sign")].into_iter().filter(|(number, _)| *number > 0);
        let told: Vec<String> = told.map(|(number, noun)| words::count(number, noun)).collect();
        if told.is_empty() {
            continue;
        }
        let link = Span::see(format!("{} {}", stage.number, stage.title), stage_id(stage.number));
        spans.extend([
            Span::text(if spans.is_empty() { "In the stages " } else { ", " }),
            link,
            Span::text(format!(" ({})", told.join(", "))),
        ]);
    }
    if spans.is_empty() {
        return Block::text("Nothing: every row of every stage is done, accepted, or does not apply.");
    }
    spans.push(Span::text("."));
    Block::body(spans)
}

/// What the product sends, with what the newest message of each kind proved on arrival.
pub(super) fn flows(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("mail-flows", FLOWS);
    let facts = brief.facts;
    if facts.messages.is_empty() && facts.roundtrips.is_empty() {
        blocks.push(Block::lead("No message of the product was read, and none was sent as a test."));
        blocks.push(Block::Callout {
            mark: words::state(State::NeedsYou),
            title: vec![Span::text("Send yourself one of each kind")],
            blocks: vec![Block::text(
                "Sign-up, reset, receipt: save each as a file, with its headers, and give it to the stage on mail.",
            )],
        });
        return blocks;
    }
    blocks.push(Block::lead("What the product sends, and how its last message of each kind arrived."));
    let read = facts.messages.iter().map(|(flow, fact)| (flow, "read", fact.seen().is_ok(), why(fact)));
    let sent = facts.roundtrips.iter().map(|(flow, fact)| (flow, "sent as a test", fact.seen().is_ok(), why(fact)));
    let row = |(flow, how, seen, why): (&String, &str, bool, String)| {
        let letter = brief.pictures.letters.iter().find(|row| row.key == *flow && row.sent == (how != "read"));
        let name = letter.map_or(flow, |row| &row.says);
        let state = if seen { State::Done } else { State::Unsure };
        vec![
            vec![Span::text(words::capital(name)), Span::Break, Span::Quiet(how.to_owned())],
            vec![Span::text(letter.map_or_else(|| words::capital(&why), way))],
            vec![Span::Status(words::state(state))],
        ]
    };
    let columns = vec![Column::fit("Flow", 0.24), Column::share("How it arrived", 1.0), Column::fit("Seen", 0.2)];
    blocks.push(Block::Table(Table { columns, rows: read.chain(sent).map(row).collect() }));
    let ids = ["mail.received", "mail.roundtrip", "mail.alignment", "mail.dmarc"];
    let told = ids.into_iter().filter_map(|id| brief.audit.outcome(id));
    let rows: Vec<_> = told
        .map(|outcome| vec![vec![Span::text(&outcome.title)], vec![Span::Status(words::status(outcome.status))]])
        .collect();
    if !rows.is_empty() {
        blocks.push(Block::heading(2, "Judged together", "mail-flows-judged"));
        blocks.push(Block::Table(Table { columns: vec![Column::share("Rule", 1.0), Column::fit("Now", 0.24)], rows }));
    }
    blocks
}

/// The way of a message: over how many servers, to which, and how long it took.
fn way(letter: &LetterRow) -> String {
    let mut says = format!("Over {}", words::count(letter.hops.len(), "server"));
    if let Some(last) = letter.hops.last() {
        says.push_str(&format!(", the last one {}", last.by));
    }
    match letter.seconds {
        Some(seconds) => says.push_str(&format!("; there after {seconds} s")),
        None => says.push_str(&format!("; given on {}", words::day(letter.at))),
    }
    says
}

fn why<T>(fact: &Fact<T>) -> String {
    fact.seen().err().map(|unseen| unseen.says.clone()).unwrap_or_default()
}
