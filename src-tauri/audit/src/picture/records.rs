//! The record map: every record that was seen, who said so, how a zone file writes it, and what is wrong with it.

use super::{Expected, findings, state};
use crate::drift::Change;
use crate::facts::{DnsAnswer, Fact, Facts, RecordData};
use crate::{Audit, State, Unseen};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use ts_rs::TS;

/// Characters by which a long value is looked for in lines of evidence, which are shortened.
const SOUGHT: usize = 60;
/// The longest value that a looker keeps whole; one of that length may have been cut.
const WHOLE: usize = 1_024;
/// Marks of one record.
const MARKS: usize = 4;

/// One DNS record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
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
    /// The server that said so.
    pub from: String,
    /// The record as a zone file writes it (RFC 1035 §5.1); none where not all of it was kept.
    pub line: Option<String>,
    /// What is to be said about it.
    pub marks: Vec<RecordMark>,
}

/// What is to be said about a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct RecordMark {
    /// The kind in a word or two: `malformed`, `duplicate`.
    pub word: String,
    /// Its shape and colour.
    pub state: State,
    /// What is, as one plain sentence.
    pub says: String,
    /// The check that found it, when one did.
    pub check: Option<String>,
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

/// The data as a zone file writes it: names end in a dot, texts stand in quotes. None for a SOA, whose timers are kept elsewhere.
fn written(data: &RecordData) -> Option<String> {
    let dotted = |name: &str| if name.ends_with('.') { name.to_owned() } else { format!("{name}.") };
    let cut = |text: &str| text.chars().count() >= WHOLE;
    match data {
        RecordData::Cname(name) | RecordData::Ns(name) => Some(dotted(name)),
        RecordData::Mx { preference, exchange } => Some(format!("{preference} {}", dotted(exchange))),
        RecordData::Txt(parts) => {
            let quoted = parts.iter().map(|part| format!("\"{}\"", part.replace('"', "\\\"")));
            Some(quoted.collect::<Vec<_>>().join(" "))
        }
        RecordData::Soa { .. } => None,
        RecordData::Caa { value, .. } if cut(value) => None,
        RecordData::Other { text, .. } if cut(text) => None,
        other => Some(present(other).1),
    }
}

pub(super) fn of(facts: &Facts, audit: &Audit, expected: &Expected) -> Vec<RecordRow> {
    let mut rows: BTreeMap<(String, String, String), RecordRow> = BTreeMap::new();
    for (question, fact) in &facts.dns {
        let Fact::Seen { value: DnsAnswer { records, .. }, from, .. } = fact else { continue };
        for record in records {
            let (rtype, value) = present(&record.data);
            let direct = *question == format!("{} {rtype}", record.name);
            let key = (record.name.clone(), rtype.clone(), value.clone());
            // The answer to the record's own question says more than one that met it on the way.
            if direct || !rows.contains_key(&key) {
                let line =
                    written(&record.data).map(|data| format!("{}. {} IN {rtype} {data}", record.name, record.ttl));
                let (name, ttl, from) = (record.name.clone(), record.ttl, from.clone());
                rows.insert(key, RecordRow { name, rtype, value, ttl, from, line, marks: vec![] });
            }
        }
    }
    let mut rows: Vec<RecordRow> = rows.into_values().collect();
    // The domain's own records first, the bare domain before the names below it.
    let apex = &facts.target.domain;
    rows.sort_by_key(|row| match row.name.strip_suffix(apex.as_str()) {
        Some(rest) if rest.is_empty() || rest.ends_with('.') => (0, rest.matches('.').count()),
        _ => (1, 0),
    });
    let sets: Vec<(String, String, String)> =
        rows.iter().map(|row| (row.name.clone(), row.rtype.clone(), row.value.clone())).collect();
    for row in &mut rows {
        let twice = doubled(row, &sets).map(|says| mark("duplicate", State::Attention, says, None));
        row.marks = drifted(row, expected).into_iter().chain(twice).chain(found(row, audit)).take(MARKS).collect();
    }
    rows
}

/// Questions that nobody answered, each once.
pub(super) fn unanswered(facts: &Facts) -> Vec<Unseen> {
    let mut told = BTreeSet::new();
    let missed = facts.dns.values().filter_map(|fact| fact.seen().err());
    missed.filter(|unseen| told.insert(unseen.what.clone())).collect()
}

fn mark(word: &str, state: State, says: String, check: Option<&str>) -> RecordMark {
    RecordMark { word: word.to_owned(), state, says, check: check.map(str::to_owned) }
}

/// What differs from the accepted records.
fn drifted(row: &RecordRow, expected: &Expected) -> Option<RecordMark> {
    let value = match row.rtype.as_str() {
        "CNAME" => format!("CNAME {}", row.value),
        "SOA" => row.value.rsplit_once(' ').map_or_else(|| row.value.clone(), |(rest, _)| rest.to_owned()),
        _ => row.value.clone(),
    };
    let same = |drift: &&crate::drift::Drift| drift.name == row.name && drift.new.contains(&value);
    let drift = expected.drifts.iter().find(same)?;
    let says = match drift.change {
        Change::Added => "There were no such records when they were accepted.".to_owned(),
        _ => "It has another value than the one that was accepted.".to_owned(),
    };
    let word = if drift.change == Change::Added { "added" } else { "changed" };
    Some(mark(word, State::Attention, says, Some(crate::drift::KEY)))
}

/// What checks found whose evidence shows this record.
fn found<'a>(row: &'a RecordRow, audit: &'a Audit) -> impl Iterator<Item = RecordMark> + 'a {
    let about = |check: &str| {
        let others = ["dns.expected", "dns.propagation", "dns.subdomains"];
        (check.starts_with("dns.") || check.starts_with("mail.")) && !others.contains(&check)
    };
    let sought: String = row.value.chars().take(SOUGHT).collect();
    let bare = row.value.split_once(' ').filter(|_| row.rtype == "MX").map(|(_, host)| host.to_owned());
    let shows = move |line: &str| {
        let value = holds(line, &sought) || bare.as_deref().is_some_and(|host| holds(line, host));
        value && holds(line, &row.name) && holds(line, &row.rtype)
    };
    let told = findings(audit, about).filter(move |(_, finding)| finding.evidence.iter().any(|line| shows(line)));
    told.map(|(check, finding)| {
        let word = match (check, state(finding.grade)) {
            ("dns.records", _) => "malformed",
            (_, State::Failing) => "failing",
            _ => "needs attention",
        };
        mark(word, state(finding.grade), finding.says.clone(), Some(check))
    })
}

/// Whether a line holds a text as a whole, not as a part of a longer name or number.
fn holds(line: &str, text: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    !text.is_empty()
        && line.match_indices(text).any(|(at, _)| {
            let (before, after) = (line[..at].chars().next_back(), line[at + text.len()..].chars().next());
            let open = !text.starts_with(joins) || !before.is_some_and(|c| joins(c) || c == '.');
            // A dot may end the sentence or the name; one with something behind it goes on.
            let rest = &line[at + text.len()..];
            let goes_on =
                after.is_some_and(joins) || rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(joins));
            open && (!text.ends_with(joins) || !goes_on || text.chars().count() >= SOUGHT)
        })
}

/// Records of which a name may have one only, or that say the same twice.
fn doubled(row: &RecordRow, sets: &[(String, String, String)]) -> Option<String> {
    let beside =
        || sets.iter().filter(|(name, rtype, value)| *name == row.name && *rtype == row.rtype && *value != row.value);
    match row.rtype.as_str() {
        "CNAME" | "SOA" => beside()
            .next()
            .map(|_| format!("{} has more than one {} record; only one may be there.", row.name, row.rtype)),
        "TXT" => {
            let tag = single(&row.value)?;
            beside().any(|(_, _, value)| single(value) == Some(tag)).then(|| {
                format!(
                    "{} has more than one record that begins with {tag}; receivers then ignore all of them.",
                    row.name
                )
            })
        }
        "MX" => {
            let host = |value: &str| value.split_once(' ').map(|(_, host)| host.to_owned());
            let own = host(&row.value)?;
            beside()
                .any(|(_, _, value)| host(value).as_ref() == Some(&own))
                .then(|| format!("{} names the mail server {own} more than once.", row.name))
        }
        _ => None,
    }
}

/// The version tag of a text of which a name may have one only (RFC 7208 §4.5, RFC 7489 §6.6.3, RFC 8460 §3, RFC 8461 §3.1).
fn single(text: &str) -> Option<&'static str> {
    let tags = ["v=spf1", "v=DMARC1", "v=TLSRPTv1", "v=STSv1", "v=BIMI1"];
    tags.into_iter().find(|tag| {
        let start = text.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag));
        start && !text[tag.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
    })
}
