//! The evidence: everything that was looked at, when, and who answered, or why there is no answer.

use super::follow;
use crate::block::{Block, Column, Role, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::facts::{DnsAnswer, End, Evidence, Facts, Rcode};
use audit::picture::present;
use audit::read::place;
use audit::{Fact, Status, drift};
use std::collections::BTreeMap;

pub(super) const TITLE: &str = "Evidence";

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("evidence", TITLE);
    blocks.push(Block::lead("Everything that was looked at, when, and who answered."));
    for (title, id, rows) in groups(brief.facts) {
        if rows.is_empty() {
            continue;
        }
        blocks.push(Block::heading(2, title, format!("evidence-{id}")));
        let columns = vec![
            Column::share("What", 1.0),
            Column::share("What was seen", 1.2),
            Column::fit("When, UTC", 0.14),
            Column::fit("From", 0.24),
        ];
        blocks.push(Block::Table(Table { columns, rows }));
        if id == "dns" {
            blocks.push(Block::body(vec![
                Span::text("The values of the records stand in the "),
                Span::see(super::dns_map::TITLE, "dns-map"),
                Span::text("."),
            ]));
            blocks.extend(absent(brief.facts, &brief.audit.target.domain));
        }
    }
    blocks.extend(attached(brief));
    blocks
}

/// The files, pictures and links that people attached, each with the hash that proves it.
fn attached(brief: &Brief<'_>) -> Vec<Block> {
    let row = |key: &str, piece: &Evidence| {
        let mut from = words::time(piece.at);
        if !piece.by.is_empty() {
            from.push_str(&format!(", {}", piece.by));
        }
        vec![
            vec![Span::text(&piece.name), Span::Break, Span::Quiet(format!("{} bytes, of {key}", piece.bytes))],
            vec![Span::code(&piece.hash)],
            vec![Span::text(from)],
        ]
    };
    let filed = brief.facts.dossiers.iter();
    let rows: Vec<_> = filed.flat_map(|(key, filed)| filed.evidence.iter().map(|piece| row(key, piece))).collect();
    if rows.is_empty() {
        return vec![];
    }
    let columns = vec![
        Column::share("What was attached", 1.0),
        Column::share("SHA-256", 1.2),
        Column::share("When, and by whom", 0.8),
    ];
    vec![Block::heading(2, "Attached by people", "evidence-attached"), Block::Table(Table { columns, rows })]
}

/// Questions that were answered with nothing, in one paragraph each; names below the domain go without it.
fn absent(facts: &Facts, domain: &str) -> Vec<Block> {
    let kinds = [(Rcode::NxDomain, "No such name"), (Rcode::NoError, "No such record")];
    let paragraph = |(rcode, title): (Rcode, &str)| {
        let empty =
            |fact: &Fact<DnsAnswer>| fact.seen().is_ok_and(|seen| seen.records.is_empty() && seen.rcode == rcode);
        let keys = facts.dns.iter().filter(|(_, fact)| empty(fact)).map(|(key, _)| key.as_str());
        let below = format!(".{domain} ");
        let keys: Vec<String> = keys.map(|key| key.replacen(&below, ".… ", 1)).collect();
        (!keys.is_empty()).then(|| {
            let mut spans = vec![Span::Strong(format!("{title} (… stands for {domain}): "))];
            for (at, key) in keys.iter().enumerate() {
                spans.push(Span::text(key));
                spans.push(Span::text(if at + 1 == keys.len() { "." } else { ", " }));
            }
            Block::Paragraph { spans, role: Role::Quiet }
        })
    };
    kinds.into_iter().filter_map(paragraph).collect()
}

type Row = Vec<Vec<Span>>;

fn groups(facts: &Facts) -> Vec<(&'static str, &'static str, Vec<Row>)> {
    let there = |(_, fact): &(&String, &Fact<DnsAnswer>)| !fact.seen().is_ok_and(|answer| answer.records.is_empty());
    let dns = facts.dns.iter().filter(there).map(|(key, fact)| {
        row(key, fact, |answer| {
            // Their values stand in the DNS map.
            let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
            answer.records.iter().for_each(|record| *kinds.entry(present(&record.data).0).or_default() += 1);
            kinds.into_iter().map(|(rtype, times)| format!("{times} × {rtype}")).collect::<Vec<_>>().join(", ")
        })
    });
    let delegation = facts.delegation.iter().map(|fact| {
        row("name servers", fact, |seen| {
            format!("{} asked, {} at the zone itself", words::count(seen.servers.len(), "server"), seen.child.len())
        })
    });
    let open = |key: &str| match facts.reach.get(key).map(Fact::seen) {
        Some(Ok(reach)) => format!("port 443 {} in {} ms", if reach.open { "open" } else { "refused" }, reach.took_ms),
        Some(Err(unseen)) => format!("port 443: {}", unseen.says),
        None => "port 443 not tried by itself".to_owned(),
    };
    let alone = facts.reach.iter().filter(|(key, _)| !facts.tls.contains_key(*key));
    let reach = alone.map(|(key, fact)| row(&key.replace('|', " at "), fact, |_| open(key)));
    let tls = facts.tls.iter().map(|(key, fact)| {
        row(&key.replace('|', " at "), fact, |seen| {
            let protocol = seen.protocol.as_deref().unwrap_or("no version agreed");
            let sent = words::count(usize::try_from(seen.sent).unwrap_or(usize::MAX), "certificate");
            format!("{}, {protocol}, {sent}", open(key))
        })
    });
    let http = facts.http.iter().map(|(key, fact)| {
        row(key, fact, |chain| {
            let codes: Vec<String> = chain.hops.iter().map(|hop| hop.status.to_string()).collect();
            let end = match &chain.end {
                End::Answered => "answered",
                End::Loop { .. } => "in a circle",
                End::TooMany => "no end",
                End::Nowhere { .. } => "cannot be followed",
                End::Lost { .. } => "lost on the way",
            };
            format!("{}, {end}", codes.join(" → "))
        })
    });
    let bundle = facts.bundle.iter().map(|fact| {
        row("scripts of the page", fact, |seen| {
            let unread = seen.scripts.iter().filter(|script| script.unseen.is_some()).count();
            format!(
                "{}, {unread} unread, {} of secret rules",
                words::count(seen.scripts.len(), "script"),
                words::count(seen.matches.len(), "hit")
            )
        })
    });
    let latency = facts.latency.iter().map(|(key, fact)| {
        row(key, fact, |seen| {
            format!("{} sent", words::count(usize::try_from(seen.sent).unwrap_or(usize::MAX), "request"))
        })
    });
    vec![
        ("Names", "dns", dns.chain(delegation).collect()),
        ("Connections and certificates", "tls", reach.chain(tls).collect()),
        ("Pages", "http", http.chain(bundle).chain(latency).collect()),
        ("Answers of people", "people", answers(facts)),
    ]
}

fn row<T>(what: &str, fact: &Fact<T>, says: impl Fn(&T) -> String) -> Row {
    match fact {
        Fact::Seen { value, at, from } => {
            vec![
                vec![Span::code(what)],
                vec![Span::code(says(value))],
                vec![Span::text(at.strftime("%H:%M:%S").to_string())],
                vec![Span::text(from)],
            ]
        }
        Fact::Unseen(unseen) => {
            let mark = words::status(Status::CouldNotTell);
            let says = vec![Span::Status(mark), Span::Break, Span::text(words::capital(&unseen.says))];
            vec![vec![Span::code(what)], says, vec![], vec![]]
        }
    }
}

fn answers(facts: &Facts) -> Vec<Row> {
    let row = |(id, answer): (&String, &audit::facts::Answer)| {
        let mut says = vec![Span::Strong(words::capital(words::choice(answer.choice)))];
        for text in [&answer.note, &answer.evidence] {
            if !text.is_empty() {
                says.extend([Span::Break, Span::text(text)]);
            }
        }
        if !answer.rows.is_empty() {
            says.extend([Span::Break, Span::text(format!("{} filled in", words::count(answer.rows.len(), "line")))]);
        }
        let what = match id.as_str() {
            place::KEY => Span::text("Addresses behind the login"),
            drift::KEY => Span::text("Accepted records"),
            other => Span::code(other),
        };
        vec![vec![what], says, vec![Span::text(words::day(answer.at))], vec![Span::text(&answer.owner)]]
    };
    facts.answers.iter().map(row).collect()
}
