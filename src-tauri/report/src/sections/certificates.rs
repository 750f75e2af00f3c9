//! Certificates: for each host what it presents, from whom, until when, and whether a browser accepts it.

use super::follow;
use crate::block::{Block, Column, Mark, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::facts::{Handshake, Trust};
use audit::parties::Role;
use audit::read::certificate::{Certificate, Key};
use audit::{Fact, State, Status};
use jiff::Timestamp;

pub(super) const TITLE: &str = "Certificates";

/// The check that tells whether a program renews them, and that a person answers.
const RENEWAL: &str = "tls.renewal";

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("certificates", TITLE);
    if brief.facts.tls.is_empty() {
        blocks.push(Block::lead("No host was asked for its certificate."));
        return blocks;
    }
    blocks.push(Block::lead("What each host presents, and whether a browser accepts it."));
    let mut groups: Vec<Group<'_>> = vec![];
    for (key, fact) in &brief.facts.tls {
        let (host, address) = key.split_once('|').unwrap_or((key, ""));
        match groups.iter_mut().find(|group| group.host == host && same(group.fact, fact)) {
            Some(group) => group.addresses.push(address),
            None => groups.push(Group { host, addresses: vec![address], fact }),
        }
    }
    let rows = groups.iter().map(|group| row(group, brief.audit.judged)).collect();
    let columns = vec![
        Column::share("Host and address", 1.1),
        Column::share("Issued by", 0.8),
        Column::fit("Valid until", 0.2),
        Column::fit("Key", 0.12),
        Column::fit("Trust", 0.22),
    ];
    blocks.push(Block::Table(Table { columns, rows }));
    blocks.extend(renewed(brief));
    blocks
}

/// What was seen of the way in which they are renewed, and what a person said of it.
fn renewed(brief: &Brief<'_>) -> Vec<Block> {
    let Some(outcome) = brief.audit.outcome(RENEWAL) else { return vec![] };
    let mut says = vec![Span::Status(words::status(outcome.status)), Span::text(format!("  {}.", outcome.title))];
    for (at, step) in brief.audit.order.iter().filter(|step| step.check == RENEWAL).enumerate() {
        says.push(Span::text(if at == 0 { " See " } else { ", " }));
        says.push(Span::finding(step.rank));
    }
    let place = brief.company(Role::Network, &brief.company(Role::Hosting, "the company that runs the servers"));
    let by_hand = match brief.said(RENEWAL) {
        Some(said) => vec![Span::text(said)],
        None => vec![Span::text(format!(
            "Where no program does it: at {place}, in its settings of certificates, two weeks before the last day."
        ))],
    };
    vec![Block::Together(vec![
        Block::heading(2, "How they are renewed", "certificates-renewed"),
        Block::body(says),
        Block::entry("By hand", vec![Block::body(by_hand)]),
    ])]
}

/// The addresses of a host that present the same.
struct Group<'a> {
    host: &'a str,
    addresses: Vec<&'a str>,
    fact: &'a Fact<Handshake>,
}

fn same(one: &Fact<Handshake>, two: &Fact<Handshake>) -> bool {
    match (one, two) {
        (Fact::Seen { value: one, .. }, Fact::Seen { value: two, .. }) => {
            one.chain.first() == two.chain.first() && one.trust == two.trust
        }
        (Fact::Unseen(one), Fact::Unseen(two)) => one.why == two.why,
        _ => false,
    }
}

fn row(group: &Group<'_>, now: Timestamp) -> Vec<Vec<Span>> {
    let fact = group.fact;
    let mut name = vec![Span::code(group.host)];
    for address in &group.addresses {
        name.extend([Span::Break, Span::Quiet((*address).to_owned())]);
    }
    let seen = match fact.seen() {
        Ok(seen) => seen,
        Err(unseen) => {
            let why = vec![Span::text(words::capital(&unseen.says))];
            return vec![name, why, vec![], vec![], vec![Span::Status(words::status(Status::CouldNotTell))]];
        }
    };
    let trust = vec![Span::Status(trust(&seen.trust))];
    match seen.chain.first().map(|leaf| Certificate::read(leaf)) {
        Some(Ok(leaf)) => vec![
            name,
            vec![Span::text(&leaf.issuer_name)],
            until(&leaf, now),
            vec![Span::text(key_words(leaf.key))],
            trust,
        ],
        Some(Err(why)) => vec![name, vec![Span::text(why)], vec![], vec![], trust],
        None => vec![name, vec![Span::text("no certificate was sent")], vec![], vec![], trust],
    }
}

fn until(leaf: &Certificate, now: Timestamp) -> Vec<Span> {
    let days = (leaf.until.as_second() - now.as_second()).div_euclid(86_400);
    let left = match days {
        ..0 => "expired".to_owned(),
        0.. => format!("{} left", words::count(usize::try_from(days).unwrap_or(0), "day")),
    };
    vec![Span::text(words::day(leaf.until)), Span::Break, Span::Quiet(left)]
}

fn key_words(key: Key) -> String {
    match key {
        Key::Rsa(bits) => format!("RSA {bits}"),
        Key::Ec(bits) => format!("EC {bits}"),
        Key::Other => "other".to_owned(),
    }
}

fn trust(trust: &Trust) -> Mark {
    match trust {
        Trust::Trusted => Mark { word: "trusted".to_owned(), ..words::state(State::Done) },
        Trust::Refused { problem, .. } => {
            use audit::facts::TrustProblem as Problem;
            let word = match problem {
                Problem::Expired => "expired",
                Problem::NotYetValid => "not valid yet",
                Problem::WrongName => "wrong name",
                Problem::UnknownIssuer => "unknown issuer",
                Problem::Revoked => "revoked",
                Problem::Other => "refused",
            };
            Mark { word: word.to_owned(), ..words::state(State::Failing) }
        }
    }
}
