//! The DNS map: what each name leads to and who runs that, drawn and as the full list of records.

use super::open;
use crate::block::{Block, Column, Figure, MapRow, Span, Table};
use crate::brief::Brief;
use crate::words;
use audit::parties::Party;
use audit::picture::RecordRow;
use audit::read::provider;
use audit::read::text::clean;
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
        return blocks;
    }
    blocks.push(Block::lead("Every record that answered, and where it leads."));
    blocks.extend(parties(brief));
    let apex = &brief.audit.target.domain;
    let own = |row: &&RecordRow| row.name == *apex || row.name.ends_with(&format!(".{apex}"));
    let (own, others): (Vec<&RecordRow>, Vec<&RecordRow>) = records.iter().partition(own);
    let drawn = own.iter().filter(|row| DRAWN.contains(&row.rtype.as_str()));
    let mut lines: Vec<MapRow> = drawn.map(|row| line(row)).collect();
    lines.sort_by_key(|line| (depth(&line.name), line.name.clone(), line.rtype.clone(), line.target.clone()));
    for part in lines.get(..DRAWN_LINES).unwrap_or(&lines).chunks(LINES) {
        blocks.push(Block::Figure(Figure::Map(part.to_vec())));
    }
    blocks.extend(table("Records of this domain", "dns-records", &own));
    blocks.extend(table("Records of others that these lead to", "dns-others", &others));
    blocks
}

fn table(title: &str, id: &str, records: &[&RecordRow]) -> Vec<Block> {
    if records.is_empty() {
        return vec![];
    }
    let row = |row: &&RecordRow| {
        vec![
            vec![Span::code(&row.name)],
            vec![Span::code(&row.rtype)],
            vec![Span::code(clean(&row.value, VALUE))],
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

/// Who stands between a visitor and the product, in the order in which a request meets them.
fn parties(brief: &Brief<'_>) -> Vec<Block> {
    if brief.pictures.parties.is_empty() {
        return vec![];
    }
    let row = |party: &Party| {
        let mut signs = vec![];
        for sign in party.evidence.iter().take(SIGNS) {
            if !signs.is_empty() {
                signs.push(Span::Break);
            }
            signs.push(Span::Quiet(sign.clone()));
        }
        if party.evidence.len() > SIGNS {
            signs.extend([Span::Break, Span::Quiet(format!("and {} more signs", party.evidence.len() - SIGNS))]);
        }
        vec![vec![Span::text(party.role.says())], vec![Span::text(&party.name)], signs]
    };
    let columns = vec![Column::fit("Role", 0.2), Column::fit("Company", 0.28), Column::share("Recognised by", 1.0)];
    let rows = brief.pictures.parties.iter().map(row).collect();
    vec![Block::heading(2, "Who runs what", "parties"), Block::Table(Table { columns, rows })]
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
