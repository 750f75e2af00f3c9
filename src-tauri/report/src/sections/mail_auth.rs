//! E-mail authentication: what proves that mail comes from this domain, the records as seen, and what is wrong with them.

use super::follow;
use crate::block::{Block, Column, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::facts::{DnsAnswer, Rcode};
use audit::read::report::{ReportSender, senders};
use audit::read::spf;
use audit::read::text::clean;
use audit::{Fact, Unseen, Why};

pub(super) const TITLE: &str = "E-mail authentication";

/// Records of one name that are printed; more than one is already wrong.
const RECORDS: usize = 4;
/// Rows of a table that are printed.
const ROWS: usize = 40;

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = follow("mail-auth", TITLE);
    blocks.push(Block::lead(
        "Three records let a receiver tell your mail from a forgery: SPF lists who may send, DKIM signs each message, DMARC says what to do with the rest.",
    ));
    let apex = &brief.audit.target.domain;
    blocks.extend(part(brief, "SPF", "mail.spf", std::slice::from_ref(apex), audit_spf));
    blocks.extend(allowed(brief));
    let selectors: Vec<String> =
        brief.facts.scope.selectors.iter().map(|selector| format!("{selector}._domainkey.{apex}")).collect();
    blocks.extend(part(brief, "DKIM", "mail.dkim", &selectors, |_| true));
    blocks.extend(part(brief, "DMARC", "mail.dmarc", &[format!("_dmarc.{apex}")], |_| true));
    blocks.extend(reported(brief));
    blocks
}

/// Who may send by the SPF record, and what each costs a receiver.
fn allowed(brief: &Brief<'_>) -> Vec<Block> {
    let apex = &brief.audit.target.domain;
    let ask = |name: &str, rtype: &str| match brief.facts.dns.get(&format!("{name} {rtype}")) {
        Some(fact) => fact.seen(),
        None => Err(Unseen {
            what: format!("{name} {rtype}"),
            why: Why::NotLooked,
            says: "it was not looked at".to_owned(),
            way: "run the audit again".to_owned(),
        }),
    };
    let texts: Vec<String> =
        ask(apex, "TXT").map(|answer| answer.texts().filter(|text| audit_spf(text)).collect()).unwrap_or_default();
    let [text] = texts.as_slice() else { return vec![] };
    let Ok(record) = spf::parse(text) else { return vec![] };
    let cost = spf::evaluate(apex, &record, &ask);
    let tree = spf::tree(&record, &cost);
    if tree.is_empty() {
        return vec![];
    }
    let row = |one: &spf::Allowed| {
        let who = one.who.as_deref().map_or("not known", |who| who.split(" (").next().unwrap_or(who));
        vec![
            vec![Span::code(format!("{}{}", "· ".repeat(one.depth), clean(&one.term, 120)))],
            vec![Span::text(who)],
            vec![Span::text(one.lookups.to_string())],
        ]
    };
    let mut columns = vec![Column::share("The record lets send", 1.4), Column::share("Who that is", 1.0)];
    columns.push(Column::figures("Look-ups"));
    vec![
        Block::text(format!(
            "Receivers make at most {} look-ups to follow the record; it takes {}. What a term includes stands below it, moved in.",
            spf::LOOKUP_LIMIT,
            cost.lookups
        )),
        Block::Table(Table { columns, rows: tree.iter().take(ROWS).map(row).collect() }),
    ]
}

/// Who sent in the domain's name, by the reports of receivers.
fn reported(brief: &Brief<'_>) -> Vec<Block> {
    let Some(Fact::Seen { value: seen, .. }) = &brief.facts.reports else { return vec![] };
    let senders = senders(seen, &brief.audit.target.domain, &|_| None);
    if senders.is_empty() {
        return vec![];
    }
    let row = |one: &ReportSender| {
        let mut cells = vec![vec![Span::text(one.name.clone())]];
        cells.extend([one.messages, one.proven, one.by_dkim, one.by_spf].map(|sum| vec![Span::text(sum.to_string())]));
        cells
    };
    let mut columns = vec![Column::share("Sender", 1.0)];
    columns.extend(["Messages", "Proven", "By DKIM", "By SPF"].map(Column::figures));
    vec![
        Block::text(format!(
            "What {} told of {} in their reports.",
            words::count(seen.reporters.len(), "receiver"),
            words::count(seen.days.len(), "day")
        )),
        Block::Table(Table { columns, rows: senders.iter().take(ROWS).map(row).collect() }),
    ]
}

fn audit_spf(text: &str) -> bool {
    audit::read::spf::is_spf(text)
}

fn part(brief: &Brief<'_>, title: &str, check: &str, names: &[String], keep: fn(&str) -> bool) -> Vec<Block> {
    let id = format!("mail-{}", title.to_lowercase());
    let mut blocks = vec![Block::heading(2, title, id)];
    if let Some(outcome) = brief.audit.outcome(check) {
        let mut says = vec![Span::Status(words::status(outcome.status)), Span::text(format!("  {}", outcome.title))];
        for (at, step) in brief.audit.order.iter().filter(|step| step.check == check).enumerate() {
            says.push(Span::text(if at == 0 { ". See " } else { ", " }));
            says.push(Span::finding(step.rank));
        }
        blocks.push(Block::body(says));
        blocks.extend(outcome.unseen.iter().map(|unseen| Block::quiet(format!("{}: {}", unseen.what, unseen.says))));
    }
    let found: Vec<Block> = names.iter().flat_map(|name| records(brief, name, keep)).collect();
    if found.is_empty() {
        blocks.push(Block::quiet(format!("No record was seen under {}.", words::count(names.len(), "name"))));
    }
    blocks.extend(found);
    blocks
}

fn records(brief: &Brief<'_>, name: &str, keep: fn(&str) -> bool) -> Vec<Block> {
    let Some(Fact::Seen { value: answer, at, from }) = brief.facts.dns.get(&format!("{name} TXT")) else {
        return vec![];
    };
    let DnsAnswer { rcode: Rcode::NoError, .. } = answer else { return vec![] };
    let aliases: Vec<&str> = answer.aliases().collect();
    let texts: Vec<String> = answer.texts().filter(|text| keep(text)).take(RECORDS).collect();
    if texts.is_empty() {
        return vec![];
    }
    let mut source = format!("Seen {} by {from}.", words::time(*at));
    if !aliases.is_empty() {
        source.push_str(&format!(" By way of {}.", aliases.join(", ")));
    }
    let mut inside: Vec<Block> = vec![Block::body(vec![Span::code(name)])];
    inside.extend(texts.into_iter().map(Block::Code));
    inside.push(Block::quiet(source));
    vec![Block::entry("Record", inside)]
}
