//! E-mail authentication: what proves that mail comes from this domain, the records as seen, and what is wrong with them.

use super::follow;
use crate::block::{Block, Column, Span, Table, To};
use crate::brief::Brief;
use crate::words;
use audit::Fact;
use audit::audit::Outcome;
use audit::facts::{DnsAnswer, Rcode};
use audit::picture::{SenderRow, SenderTree, senders};
use audit::read::dmarc::{self, Policy};
use audit::read::report::{self, ReportSender};
use audit::read::text::clean;
use jiff::ToSpan as _;
use jiff::tz::TimeZone;

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
    blocks.extend(staged(brief));
    blocks.extend(reported(brief));
    blocks.extend(arrived(brief));
    blocks
}

/// What messages of the product proved on arrival; nothing where none was given or sent.
fn arrived(brief: &Brief<'_>) -> Vec<Block> {
    let seen = ["mail.received", "mail.roundtrip"].map(|check| (check, brief.audit.outcome(check)));
    let seen = seen.iter().filter_map(|(check, outcome)| Some((*check, (*outcome)?)));
    let told: Vec<Block> = seen
        .filter(|(_, outcome)| !outcome.proof.is_empty())
        .flat_map(|(check, outcome)| {
            let lines = outcome.proof.iter().take(ROWS).map(|line| Block::text(clean(line, 600)));
            std::iter::once(verdict(brief, check, outcome)).chain(lines).collect::<Vec<_>>()
        })
        .collect();
    if told.is_empty() {
        return vec![];
    }
    [vec![Block::heading(2, "Messages that arrived", "mail-arrived")], told].concat()
}

/// How a check ended, and where its findings stand.
fn verdict(brief: &Brief<'_>, check: &str, outcome: &Outcome) -> Block {
    let mut says = vec![Span::Status(words::status(outcome.status)), Span::text(format!("  {}", outcome.title))];
    for (at, step) in brief.audit.order.iter().filter(|step| step.check == check).enumerate() {
        says.push(Span::text(if at == 0 { ". See " } else { ", " }));
        says.push(Span::finding(step.rank));
    }
    Block::body(says)
}

/// Which DMARC record to publish today, and which ones follow.
fn staged(brief: &Brief<'_>) -> Vec<Block> {
    let domain = &brief.audit.target.domain;
    let Some(Fact::Seen { value: answer, .. }) = brief.facts.dns.get(&format!("_dmarc.{domain} TXT")) else {
        return vec![];
    };
    let texts: Vec<String> = answer.texts().filter(|text| dmarc::is_dmarc(text)).collect();
    let steps = dmarc::steps(domain, &texts).unwrap_or_default();
    if steps.iter().all(|step| step.published) {
        return vec![];
    }
    let after = brief.audit.judged.to_zoned(TimeZone::UTC).checked_add(14.days());
    let after = after.map(|day| day.strftime("%-d %B %Y").to_string()).unwrap_or_default();
    let row = |(at, step): (usize, &dmarc::Step)| {
        let (when, what) = match step.policy {
            _ if at == 0 && step.published => ("Published".to_owned(), "nothing to do"),
            Policy::None => ("Today".to_owned(), "only watches; create the mailbox for the reports first"),
            Policy::Quarantine if at == 0 => ("Today".to_owned(), "forged mail goes to the spam folder"),
            Policy::Reject if at == 0 => ("Today".to_owned(), "forged mail is refused"),
            Policy::Quarantine => (
                format!("From {after}"),
                "forged mail goes to the spam folder; once two weeks of reports show that every sender of yours proves its mail",
            ),
            Policy::Reject => (
                "Some weeks later".to_owned(),
                "forged mail is refused; once the reports stay clean and nobody complains",
            ),
        };
        vec![vec![Span::text(when)], vec![Span::code(step.record.clone())], vec![Span::text(what)]]
    };
    vec![
        Block::text(format!("The record at _dmarc.{domain}, step by step.")),
        Block::Table(Table {
            columns: vec![Column::share("When", 0.6), Column::share("Record", 1.3), Column::share("What it does", 1.0)],
            rows: steps.iter().enumerate().map(row).collect(),
        }),
    ]
}

/// Who may send by the SPF record, what each costs a receiver, and whom the founder approved.
fn allowed(brief: &Brief<'_>) -> Vec<Block> {
    let Some(SenderTree { lookups, limit, rows }) = senders(brief.facts, &brief.audit.target.domain) else {
        return vec![];
    };
    if rows.is_empty() {
        return vec![];
    }
    let row = |one: &SenderRow| {
        let approved = match (one.approved, one.depth) {
            (Some(true), _) => "yes",
            (Some(false), _) => "no, to be removed",
            (None, 0) => "nobody said yet",
            (None, _) => "",
        };
        vec![
            vec![Span::code(format!("{}{}", "· ".repeat(usize::try_from(one.depth).unwrap_or_default()), one.term))],
            who(one),
            vec![Span::text(one.lookups.to_string())],
            vec![Span::text(approved)],
        ]
    };
    let columns = vec![
        Column::share("The record lets send", 1.5),
        Column::share("Who that is", 1.0),
        Column::figures("Look-ups"),
        Column::share("Approved", 0.8),
    ];
    let told = match lookups {
        over if over > limit => format!(
            "Receivers make at most {limit} look-ups to follow the record. It takes {over}, so they give up and no sender counts as allowed."
        ),
        fine => format!("Receivers make at most {limit} look-ups to follow the record; it takes {fine}."),
    };
    vec![
        Block::text(format!("{told} What a term includes stands below it, moved in.")),
        Block::Table(Table { columns, rows: rows.iter().take(ROWS).map(row).collect() }),
    ]
}

/// The service behind a term, with the pages where it explains its records.
fn who(one: &SenderRow) -> Vec<Span> {
    let Some(name) = &one.who else { return vec![Span::text("not known")] };
    let service = one.term.rsplit([':', '=']).next().and_then(audit::read::spf::of_domain);
    vec![match service {
        Some(service) => Span::Link { text: name.clone(), to: To::Url(service.docs.clone()) },
        None => Span::text(name),
    }]
}

/// Who sent in the domain's name, by the reports of receivers.
fn reported(brief: &Brief<'_>) -> Vec<Block> {
    let Some(Fact::Seen { value: seen, .. }) = &brief.facts.reports else { return vec![] };
    let senders = report::senders(seen, &brief.audit.target.domain, &|_| None);
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
        blocks.push(verdict(brief, check, outcome));
        blocks.extend(outcome.unseen.iter().map(|unseen| Block::quiet(format!("{}: {}", unseen.what, unseen.says))));
    }
    let found: Vec<Block> = names.iter().flat_map(|name| records(brief, name, keep)).collect();
    if found.is_empty() {
        let where_to = match names {
            [name] => name.clone(),
            several => words::count(several.len(), "name"),
        };
        blocks.push(Block::quiet(format!("No record was seen under {where_to}.")));
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
