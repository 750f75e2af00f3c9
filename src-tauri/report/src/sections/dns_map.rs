//! The DNS map: what each name leads to and who runs that, drawn and as the full list of records.

use super::open;
use crate::block::{Block, Column, Figure, MapRow, Mark, Span, Stop, Table};
use crate::brief::Brief;
use crate::words;
use audit::Unseen;
use audit::parties::{Party, Role};
use audit::picture::{ProviderMap, RecordRow, Station};
use audit::read::provider;
use audit::read::text::clean;
use std::collections::BTreeMap;
use std::net::IpAddr;

pub(super) const TITLE: &str = "DNS map";

/// Lines that one drawing holds; longer maps are drawn in parts.
const LINES: usize = 30;
/// Lines that are drawn at all; the table goes on.
const DRAWN_LINES: usize = 150;
/// Records that are printed; a hostile zone has no end of them.
const ROWS: usize = 500;
/// Characters of a value that are printed: a key of 4,096 bits has about 740.
const VALUE: usize = 800;
/// Signs of one company that are printed.
const SIGNS: usize = 4;
/// Record types that lead to somewhere.
const DRAWN: [&str; 5] = ["A", "AAAA", "CNAME", "MX", "NS"];

pub(super) fn write(brief: &Brief<'_>) -> Vec<Block> {
    let mut blocks = open("dns-map", TITLE);
    let records = &brief.pictures.records;
    if records.is_empty() {
        blocks.push(Block::lead("No record could be seen."));
        blocks.extend(unanswered(&brief.pictures.unanswered));
        return blocks;
    }
    blocks.push(Block::lead("Every record that answered, and where it leads."));
    blocks.extend(providers(&brief.pictures.providers));
    let usual = teller(records);
    blocks.push(Block::heading(2, "Where each name leads", "dns-leads"));
    if !usual.is_empty() {
        blocks.push(Block::quiet(format!("Told by {usual}, unless another server is named beside a record.")));
    }
    let apex = &brief.audit.target.domain;
    let own = |row: &&RecordRow| row.name == *apex || row.name.ends_with(&format!(".{apex}"));
    let (own, others): (Vec<&RecordRow>, Vec<&RecordRow>) = records.iter().partition(own);
    let drawn = own.iter().filter(|row| DRAWN.contains(&row.rtype.as_str()));
    let mut lines: Vec<MapRow> = drawn.map(|row| line(row)).collect();
    lines.sort_by_key(|line| (depth(&line.name), line.name.clone(), line.rtype.clone(), line.target.clone()));
    for part in lines.get(..DRAWN_LINES).unwrap_or(&lines).chunks(LINES) {
        blocks.push(Block::Figure(Figure::Map(part.to_vec())));
    }
    blocks.extend(table("Records of this domain", "dns-records", &own, usual));
    blocks.extend(table("Records of others that these lead to", "dns-others", &others, usual));
    blocks.extend(unanswered(&brief.pictures.unanswered));
    blocks
}

fn table(title: &str, id: &str, records: &[&RecordRow], usual: &str) -> Vec<Block> {
    if records.is_empty() {
        return vec![];
    }
    let row = |row: &&RecordRow| {
        vec![
            vec![Span::code(&row.name)],
            vec![Span::code(&row.rtype)],
            value(row, usual),
            vec![Span::text(words::ttl(row.ttl))],
        ]
    };
    let columns = vec![
        Column::fit("Name", 0.32),
        Column::fit("Type", 0.1),
        Column::share("Value", 1.0),
        Column { right: true, ..Column::fit("Kept for", 0.12) },
    ];
    let rows = records.iter().take(ROWS).map(row).collect();
    let mut blocks = vec![Block::heading(2, title, id), Block::Table(Table { columns, rows })];
    if records.len() > ROWS {
        let more = records.len() - ROWS;
        blocks.push(Block::quiet(format!("And {more} more records, which the facts hold.")));
    }
    blocks
}

/// The value, what is wrong with it, and who said so where it was not the usual one.
fn value(row: &RecordRow, usual: &str) -> Vec<Span> {
    let mut spans = vec![Span::code(clean(&row.value, VALUE))];
    for mark in &row.marks {
        let shape = Mark { word: mark.word.clone(), ..words::state(mark.state) };
        spans.extend([Span::Break, Span::Status(shape), Span::text(format!("  {}", mark.says))]);
    }
    if row.from != usual {
        spans.extend([Span::Break, Span::Quiet(format!("told by {}", row.from))]);
    }
    spans
}

/// Who told most of the records.
fn teller(records: &[RecordRow]) -> &str {
    let mut tellers: BTreeMap<&str, usize> = BTreeMap::new();
    records.iter().for_each(|row| *tellers.entry(&row.from).or_default() += 1);
    tellers.into_iter().max_by_key(|(_, count)| *count).map_or("", |(from, _)| from)
}

/// Questions that nobody answered.
fn unanswered(missed: &[Unseen]) -> Vec<Block> {
    if missed.is_empty() {
        return vec![];
    }
    let row = |unseen: &Unseen| {
        let why = vec![Span::text(words::capital(&unseen.says)), Span::Break, Span::Quiet(words::capital(&unseen.way))];
        vec![vec![Span::code(&unseen.what)], why]
    };
    let columns = vec![Column::fit("Question", 0.4), Column::share("Why there is no answer, and the way to one", 1.0)];
    let rows = missed.iter().take(ROWS).map(row).collect();
    vec![Block::heading(2, "Records that could not be seen", "dns-unseen"), Block::Table(Table { columns, rows })]
}

/// Who stands between a visitor and the product, in the order in which a request meets them.
fn providers(map: &ProviderMap) -> Vec<Block> {
    let stop = |station: &Station| {
        let signs = |party: &Party| {
            let mut signs: Vec<String> = party.evidence.iter().take(SIGNS).cloned().collect();
            if party.evidence.len() > SIGNS {
                signs.push(format!("and {}", words::count(party.evidence.len() - SIGNS, "more sign")));
            }
            (party.name.clone(), signs)
        };
        let aside = matches!(station.role, Role::Certificates | Role::Mail);
        Stop {
            title: station.title.clone(),
            does: station.does.clone(),
            mark: words::state(station.state),
            companies: station.parties.iter().map(signs).collect(),
            says: station.says.clone(),
            aside,
            border: map.border.as_ref().filter(|_| station.role == Role::Hosting).map(|says| words::capital(says)),
        }
    };
    let stops: Vec<Stop> = map.stations.iter().map(stop).collect();
    if stops.is_empty() {
        return vec![];
    }
    vec![
        Block::heading(2, "Who runs what", "parties"),
        Block::text(
            "From the name to the servers, in the order in which a visitor's request meets them; certificates and mail stand aside. Below each company stand the signs by which it was recognised.",
        ),
        Block::Figure(Figure::Line(stops)),
    ]
}

fn depth(name: &str) -> usize {
    name.matches('.').count()
}

fn line(row: &RecordRow) -> MapRow {
    MapRow { name: row.name.clone(), rtype: row.rtype.clone(), target: row.value.clone(), provider: provider(row) }
}

/// Who runs what a record leads to, as far as the data knows.
fn provider(row: &RecordRow) -> String {
    let known = match row.rtype.as_str() {
        "A" | "AAAA" => row.value.parse::<IpAddr>().ok().and_then(|address| {
            provider::all().iter().find(|provider| provider.ranges.iter().any(|range| range.contains(&address)))
        }),
        "CNAME" => provider::by_name(&row.value, |provider| &provider.aliases),
        "MX" => row.value.split_once(' ').and_then(|(_, host)| provider::by_name(host, |provider| &provider.mail)),
        "NS" => provider::by_name(&row.value, |provider| &provider.nameservers),
        _ => None,
    };
    known.map(|provider| provider.name.clone()).unwrap_or_default()
}
