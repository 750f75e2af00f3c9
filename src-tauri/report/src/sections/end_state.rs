//! The handover itself: the end state point by point, what is still open, what was handed over, and who signs for it. And the flows of mail.

use super::{follow, open, product};
use crate::block::{Block, Column, Span, Table};
use crate::brief::{Brief, stage_id};
use crate::words;
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
    blocks.push(Block::heading(2, "What is handed over", "handover-list"));
    let parts = [
        ("Operating guide", "guide", "one page, to be printed alone"),
        ("If something breaks", "runbook", "symptom, first action, person"),
        ("Deploy note", "deploy-note", "how it is released and how one goes back"),
        ("DNS map", "dns-map", "every record and where it leads"),
        ("Mail", "mail-auth", "who may send, and the proofs"),
        ("Passwords and keys", "secrets", "where each lives, never its value"),
        ("Settings", "settings", "every name that the code reads"),
        ("Owners and access", "owners", "which accounts, who holds them, where each login is kept"),
        ("Monitoring", "monitoring", "what is watched, and where it is seen"),
        ("Accepted risks", "accepted", "what may stay, until when, and who said so"),
    ];
    let part = |(title, id, says): (&str, &str, &str)| vec![Span::see(title, id), Span::text(format!(": {says}"))];
    blocks.push(Block::List { items: parts.into_iter().map(part).collect(), numbered: false });
    blocks.push(Block::Together(vec![
        Block::heading(2, "Signed", "handover-signed"),
        Block::quiet("Whoever signs has opened every link, knows where each login is kept, and has gone back one release once with their own hands."),
        Block::Signatures(vec!["Handed over by".to_owned(), "Taken over by".to_owned(), "Second person".to_owned()]),
    ]));
    blocks
}

/// One line for each stage that is not done.
fn left(brief: &Brief<'_>) -> Block {
    let lines: Vec<Vec<Span>> = brief
        .audit
        .stages
        .iter()
        .filter_map(|stage| {
            let open = stage.items.iter().filter(|item| !item.state.ready()).count();
            let raised = stage.signals.iter().filter(|signal| signal.state == State::Failing).count();
            let mut words = vec![];
            if open > 0 {
                words.push(words::count(open, "row"));
            }
            if raised > 0 {
                words.push(words::count(raised, "raised sign"));
            }
            let link = Span::see(format!("{} {}", stage.number, stage.title), stage_id(stage.number));
            (!words.is_empty()).then(|| vec![link, Span::text(format!(": {}", words.join(", ")))])
        })
        .collect();
    if lines.is_empty() {
        return Block::text("Nothing: every row of every stage is done, accepted, or does not apply.");
    }
    Block::List { items: lines, numbered: false }
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
        let says = letter.map_or(why, |row| row.says.clone());
        let mut arrived = vec![Span::text(words::capital(&says))];
        if let Some(seconds) = letter.and_then(|row| row.seconds) {
            arrived.push(Span::text(format!(", after {seconds} s")));
        }
        let state = if seen { State::Done } else { State::Unsure };
        vec![
            vec![Span::text(words::capital(flow)), Span::Break, Span::Quiet(how.to_owned())],
            arrived,
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

fn why<T>(fact: &Fact<T>) -> String {
    fact.seen().err().map(|unseen| unseen.says.clone()).unwrap_or_default()
}
