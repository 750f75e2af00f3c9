//! Drift: the records that a person accepted as right, against those of today. The accepted set is that person's answer to `dns.expected`.

use crate::facts::{Answer, Choice, DnsAnswer, Fact, Facts, Rcode, Record, RecordData, Target};
use crate::own::Own;
use crate::picture::present;
use crate::read::domain::within;
use crate::read::provider;
use crate::{Unseen, Why};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use ts_rs::TS;

/// The question that an accepted set answers.
pub const KEY: &str = "dns.expected";
/// Questions kept of an accepted set.
const MOST: usize = 400;

/// One question whose records are others than the accepted ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Drift {
    /// The name.
    pub name: String,
    /// Type mnemonic.
    pub rtype: String,
    /// What happened to its records.
    pub change: Change,
    /// Accepted values that are gone.
    pub gone: Vec<String>,
    /// Values of today that were not accepted.
    pub new: Vec<String>,
}

/// What happened to the records of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bindings.ts")]
pub enum Change {
    /// There are records where there were none.
    Added,
    /// There are none any more.
    Removed,
    /// Some are others.
    Changed,
}

/// Today's records as the accepted ones: an answer with one row a question, one value a line.
#[must_use]
pub fn accept(facts: &Facts, at: Timestamp) -> Answer {
    let rows: BTreeMap<String, String> = own(facts)
        .filter_map(|(question, fact)| Some((question.clone(), values(question, fact.seen().ok()?))))
        .filter(|(_, values)| !values.is_empty())
        .take(MOST)
        .map(|(question, values)| (question, values.into_iter().collect::<Vec<_>>().join("\n")))
        .collect();
    let note = format!("{} record sets accepted", rows.len());
    Answer { choice: Choice::Yes, note, evidence: String::new(), owner: String::new(), rows, at }
}

/// The same over an earlier acceptance: what could not be seen today keeps the values that were accepted before.
#[must_use]
pub fn renew(earlier: Option<&Answer>, facts: &Facts, at: Timestamp) -> Answer {
    let mut answer = accept(facts, at);
    let missed = |question: &String| facts.dns.get(question).is_some_and(|fact| fact.seen().is_err());
    for (question, values) in earlier.into_iter().flat_map(|earlier| &earlier.rows) {
        if missed(question) && answer.rows.len() < MOST {
            answer.rows.insert(question.clone(), values.clone());
        }
    }
    answer.note = format!("{} record sets accepted", answer.rows.len());
    answer
}

/// The accepted questions about the domain's own names, each a name and a type. A run asks them even where nothing else would: what was
/// accepted once is watched until it is forgotten.
pub fn questions<'a>(accepted: &'a Answer, target: &'a Target) -> impl Iterator<Item = (&'a str, &'a str)> {
    let pairs = accepted.rows.keys().filter_map(|question| question.split_once(' '));
    pairs.filter(|(name, _)| within(name, &target.domain)).take(MOST)
}

/// What differs from the accepted set, and which of it could not be seen today.
#[must_use]
pub fn diff(accepted: &Answer, facts: &Facts) -> (Vec<Drift>, Vec<Unseen>) {
    let (mut drifts, mut unseen) = (vec![], vec![]);
    let now: BTreeMap<&String, &Fact<DnsAnswer>> = own(facts).collect();
    let asked: BTreeSet<&String> = now.keys().copied().chain(accepted.rows.keys()).collect();
    // Nobody may have asked for it when the others were accepted; its own row says what it has to be.
    let named: BTreeSet<String> = facts.own.iter().flat_map(Own::questions).collect();
    for question in
        asked.into_iter().filter(|question| accepted.rows.contains_key(*question) || !named.contains(*question))
    {
        let was: BTreeSet<String> =
            accepted.rows.get(question).map(|row| row.lines().map(str::to_owned).collect()).unwrap_or_default();
        let is = match now.get(question).map(|fact| fact.seen()) {
            Some(Ok(answer)) => values(question, answer),
            Some(Err(why)) => {
                unseen.push(why);
                continue;
            }
            None if missing(question, facts) => BTreeSet::new(),
            None => {
                unseen.push(not_looked(question));
                continue;
            }
        };
        drifts.extend(drift(question, &was, &is));
    }
    (drifts, unseen)
}

fn drift(question: &str, was: &BTreeSet<String>, is: &BTreeSet<String>) -> Option<Drift> {
    if was == is || turns(was, is) {
        return None;
    }
    let (name, rtype) = question.split_once(' ')?;
    let change = match (was.is_empty(), is.is_empty()) {
        (true, _) => Change::Added,
        (_, true) => Change::Removed,
        _ => Change::Changed,
    };
    let beside = |one: &BTreeSet<String>, other: &BTreeSet<String>| one.difference(other).cloned().collect();
    Some(Drift { name: name.to_owned(), rtype: rtype.to_owned(), change, gone: beside(was, is), new: beside(is, was) })
}

/// Addresses that one and the same network turns over as it likes.
fn turns(was: &BTreeSet<String>, is: &BTreeSet<String>) -> bool {
    let network = |text: &String| {
        let address: IpAddr = text.parse().ok()?;
        let runs =
            |one: &&provider::Provider| one.does("cdn") && one.ranges.iter().any(|range| range.contains(&address));
        provider::all().iter().find(runs).map(|one| one.name.as_str())
    };
    let all: BTreeSet<Option<&str>> = was.iter().chain(is).map(network).collect();
    !was.is_empty() && !is.is_empty() && all.len() == 1 && !all.contains(&None)
}

/// The questions about the domain's own names; the random one is asked for another reason.
fn own(facts: &Facts) -> impl Iterator<Item = (&String, &Fact<DnsAnswer>)> {
    let apex = &facts.target.domain;
    facts.dns.iter().filter(move |(question, _)| {
        let name = question.split(' ').next().unwrap_or_default();
        let below = name.strip_suffix(apex.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        below && name != facts.scope.random_name
    })
}

/// The values that the name itself owns; a version number is no drift.
fn values(question: &str, answer: &DnsAnswer) -> BTreeSet<String> {
    let name = question.split(' ').next().unwrap_or_default();
    let text = |record: &Record| match &record.data {
        RecordData::Soa { mname, rname, .. } => format!("{mname} {rname}"),
        // An alias stands in the answers to other questions too.
        RecordData::Cname(target) => format!("CNAME {target}"),
        data => present(data).1.replace('\n', "\\n"),
    };
    answer.records.iter().filter(|record| record.name == name).map(text).collect()
}

/// Whether the name is gone as a whole, so that nobody asked for its further records.
fn missing(question: &str, facts: &Facts) -> bool {
    let name = question.split(' ').next().unwrap_or_default();
    let answer = facts.dns.get(&format!("{name} A")).and_then(|fact| fact.seen().ok());
    answer.is_some_and(|answer| answer.rcode == Rcode::NxDomain)
}

fn not_looked(question: &str) -> Unseen {
    Unseen {
        what: question.to_owned(),
        why: Why::NotLooked,
        says: "it was accepted earlier, but this run did not ask for it".to_owned(),
        way: "run the whole audit again, or accept today's records as expected".to_owned(),
    }
}
