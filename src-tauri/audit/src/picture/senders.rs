//! Who may send mail by the SPF record, as rows: whom each term lets send, what it costs, and what a person said of it.

use crate::facts::{DnsAnswer, Facts};
use crate::read::spf;
use crate::read::text::clean;
use crate::{Unseen, Why};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Rows that are drawn.
const ROWS: usize = 80;

/// A term that lets somebody send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct SenderRow {
    /// 0: in the domain's own record; 1: in a record that this one includes; and so on.
    pub depth: u32,
    /// The term as written.
    pub term: String,
    /// The service or network that it lets send, where the data tell.
    pub who: Option<String>,
    /// Look-ups of the term with all that it includes.
    pub lookups: u32,
    /// Whether a person approved it; none while nobody said so, and of inner terms.
    pub approved: Option<bool>,
}

/// Who may send for a domain, and what that costs a receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct SenderTree {
    /// Look-ups of the whole record.
    pub lookups: u32,
    /// Look-ups that receivers make at most (RFC 7208 §4.6.4).
    pub limit: u32,
    /// The terms, outer ones before inner ones.
    pub rows: Vec<SenderRow>,
}

/// The senders of a domain; none without exactly one record that can be read.
#[must_use]
pub fn senders(facts: &Facts, domain: &str) -> Option<SenderTree> {
    let ask = |name: &str, rtype: &str| match facts.dns.get(&format!("{name} {rtype}")) {
        Some(fact) => fact.seen(),
        None => Err(unlooked(name, rtype)),
    };
    let answer: &DnsAnswer = ask(domain, "TXT").ok()?;
    let texts: Vec<String> = answer.texts().filter(|text| spf::is_spf(text)).collect();
    let [text] = texts.as_slice() else { return None };
    let record = spf::parse(text).ok()?;
    let cost = spf::evaluate(domain, &record, &ask);
    let said = facts.answers.get("mail.spf").map_or(BTreeMap::new(), |answer| answer.rows.clone());
    let tree = spf::marked(spf::tree(&record, &cost), &said);
    let row = |one: spf::Allowed| SenderRow {
        depth: u32::try_from(one.depth).unwrap_or(u32::MAX),
        term: clean(&one.term, 120),
        // The address of its help pages stands in the evidence.
        who: one.who.map(|who| who.split(" (").next().unwrap_or(&who).to_owned()),
        lookups: one.lookups,
        approved: one.approved,
    };
    let rows = tree.into_iter().take(ROWS).map(row).collect();
    Some(SenderTree { lookups: cost.lookups, limit: spf::LOOKUP_LIMIT, rows })
}

fn unlooked(name: &str, rtype: &str) -> Unseen {
    Unseen {
        what: format!("{name} {rtype}"),
        why: Why::NotLooked,
        says: "it was not looked at".to_owned(),
        way: "run the audit again".to_owned(),
    }
}
