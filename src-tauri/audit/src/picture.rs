//! What the window and the report draw: records, redirect chains and latency, as rows made once from the facts.

use crate::facts::{End, Facts, RecordData, Sampled};
use crate::parties::{Party, of_facts};
use crate::roadmap::Roadmap;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Everything that is drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Pictures {
    /// Every record that was seen once, by name and type.
    pub records: Vec<RecordRow>,
    /// Every redirect chain by the URL it starts from.
    pub chains: Vec<ChainRow>,
    /// Every route that was sampled.
    pub latency: Vec<LatencyRow>,
    /// The companies between a visitor and the product, in the order in which a request meets them.
    pub parties: Vec<Party>,
}

/// One DNS record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct RecordRow {
    /// Owner name.
    pub name: String,
    /// Type mnemonic.
    pub rtype: String,
    /// Data in presentation form.
    pub value: String,
    /// Time to live in seconds.
    pub ttl: u32,
}

/// One redirect chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct ChainRow {
    /// The URL it starts from.
    pub start: String,
    /// Exchanges in order; none when the first could not be seen.
    pub hops: Vec<HopRow>,
    /// How it ended, in words.
    pub end: String,
    /// Whether it ended in an answer.
    pub answered: bool,
}

/// One hop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct HopRow {
    /// URL asked.
    pub url: String,
    /// Status code.
    pub status: u16,
}

/// One sampled route.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct LatencyRow {
    /// The route's URL.
    pub route: String,
    /// The roadmap's p95 target, milliseconds.
    pub target_ms: u32,
    /// The samples, when they could be taken.
    pub sampled: Option<Sampled>,
    /// Why not, when not.
    pub unseen: Option<String>,
}

/// Draws the facts.
#[must_use]
pub fn of(facts: &Facts, roadmap: &Roadmap) -> Pictures {
    Pictures {
        records: records(facts),
        chains: chains(facts),
        latency: latency(facts, roadmap),
        parties: of_facts(facts, roadmap).known,
    }
}

fn records(facts: &Facts) -> Vec<RecordRow> {
    let answers = facts.dns.values().filter_map(|fact| fact.seen().ok());
    let mut rows: Vec<RecordRow> = answers
        .flat_map(|answer| &answer.records)
        .map(|record| {
            let (rtype, value) = present(&record.data);
            RecordRow { name: record.name.clone(), rtype, value, ttl: record.ttl }
        })
        .collect();
    rows.sort();
    rows.dedup_by(|a, b| (&a.name, &a.rtype, &a.value) == (&b.name, &b.rtype, &b.value));
    rows
}

/// Type mnemonic and data in presentation form (RFC 1035 §5.1).
#[must_use]
pub fn present(data: &RecordData) -> (String, String) {
    let (rtype, value) = match data {
        RecordData::A(address) => ("A", address.to_string()),
        RecordData::Aaaa(address) => ("AAAA", address.to_string()),
        RecordData::Cname(name) => ("CNAME", name.clone()),
        RecordData::Mx { preference, exchange } => ("MX", format!("{preference} {exchange}")),
        RecordData::Ns(name) => ("NS", name.clone()),
        RecordData::Soa { mname, rname, serial } => ("SOA", format!("{mname} {rname} {serial}")),
        RecordData::Txt(parts) => ("TXT", parts.concat()),
        RecordData::Caa { critical, tag, value } => {
            ("CAA", format!("{} {tag} \"{value}\"", if *critical { 128 } else { 0 }))
        }
        RecordData::Other { rtype, text } => return (rtype.clone(), text.clone()),
    };
    (rtype.to_owned(), value)
}

fn chains(facts: &Facts) -> Vec<ChainRow> {
    let row = |(start, fact): (&String, &crate::Fact<crate::facts::Chain>)| match fact.seen() {
        Err(unseen) => ChainRow { start: start.clone(), hops: vec![], end: unseen.says, answered: false },
        Ok(chain) => ChainRow {
            start: start.clone(),
            hops: chain.hops.iter().map(|hop| HopRow { url: hop.url.clone(), status: hop.status }).collect(),
            end: match &chain.end {
                End::Answered => "ends here".to_owned(),
                End::Loop { back_to } => format!("goes round in a circle, back to {back_to}"),
                End::TooMany => "still going after ten hops".to_owned(),
                End::Nowhere { location } => format!("leads to something that cannot be followed: {location}"),
                End::Lost { url, unseen } => format!("{url} could not be seen: {}", unseen.says),
            },
            answered: chain.end == End::Answered,
        },
    };
    facts.http.iter().map(row).collect()
}

fn latency(facts: &Facts, roadmap: &Roadmap) -> Vec<LatencyRow> {
    let row = |(route, fact): (&String, &crate::Fact<Sampled>)| LatencyRow {
        route: route.clone(),
        target_ms: roadmap.latency.p95_ms,
        sampled: fact.seen().ok().cloned(),
        unseen: fact.seen().err().map(|unseen| unseen.says),
    };
    facts.latency.iter().map(row).collect()
}
