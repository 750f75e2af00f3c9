//! The public conformance suite for RFC 7208, every case of it, and whatever else has a zone and a result.

use super::{SpfChecked, SpfProgress, SpfQuery, check_host};
use crate::Why;
use crate::facts::{DnsAnswer, Fact, Rcode, Record, RecordData};
use crate::testing::{seen, unseen};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Scenario {
    description: String,
    tests: BTreeMap<String, Case>,
    zonedata: BTreeMap<String, Vec<Value>>,
}

#[derive(Deserialize)]
struct Case {
    helo: String,
    host: String,
    mailfrom: String,
    result: OneOrMore,
    explanation: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn has(&self, word: &str) -> bool {
        match self {
            Self::One(one) => one == word,
            Self::More(more) => more.iter().any(|one| one == word),
        }
    }
}

/// A zone in the form of the suite: per name a list of `{TYPE: value}`, or `TIMEOUT`.
pub(super) struct Zone(BTreeMap<String, Vec<Value>>);

impl Zone {
    pub(super) fn new(data: &BTreeMap<String, Vec<Value>>) -> Self {
        Self(
            data.iter()
                .map(|(name, records)| (name.trim_end_matches('.').to_ascii_lowercase(), records.clone()))
                .collect(),
        )
    }

    fn answer(&self, name: &str, rtype: &str, aliases: u8) -> Fact<DnsAnswer> {
        let Some(entries) = self.0.get(name) else {
            return seen(DnsAnswer { rcode: Rcode::NxDomain, records: vec![] });
        };
        // The suite writes records as SPF and leaves it to the driver to publish them as TXT, unless the name has TXT of its own.
        let own_text = entries.iter().any(|entry| entry.get("TXT").is_some());
        let mut records = Vec::new();
        for entry in entries {
            let Some((kind, value)) = entry.as_object().and_then(|entry| entry.iter().next()) else {
                if records.is_empty() {
                    return unseen(Why::Timeout);
                }
                break;
            };
            let kind = if kind == "SPF" && !own_text { "TXT" } else { kind.as_str() };
            if kind == "CNAME" && rtype != "CNAME" && aliases > 0 {
                let target = value.as_str().unwrap().trim_end_matches('.').to_ascii_lowercase();
                records.push(RecordData::Cname(target.clone()));
                match self.answer(&target, rtype, aliases - 1) {
                    Fact::Seen { value, .. } => records.extend(value.records.into_iter().map(|record| record.data)),
                    lost @ Fact::Unseen(_) => return lost,
                }
            } else if kind == rtype {
                if value == "TIMEOUT" {
                    return unseen(Why::Timeout);
                }
                records.extend(data(kind, value));
            }
        }
        let records = records.into_iter().map(|data| Record { name: name.to_owned(), ttl: 300, data }).collect();
        seen(DnsAnswer { rcode: Rcode::NoError, records })
    }
}

fn data(kind: &str, value: &Value) -> Option<RecordData> {
    let text = || value.as_str().unwrap().to_owned();
    Some(match kind {
        "A" => RecordData::A(text().parse().unwrap()),
        "AAAA" => RecordData::Aaaa(text().parse().unwrap()),
        "MX" => RecordData::Mx {
            preference: u16::try_from(value[0].as_u64().unwrap()).unwrap(),
            exchange: value[1].as_str().unwrap().to_owned(),
        },
        "PTR" => RecordData::Other { rtype: "PTR".to_owned(), text: text() },
        "TXT" if value == "NONE" => return None,
        "TXT" => RecordData::Txt(match value {
            Value::Array(parts) => parts.iter().map(|part| part.as_str().unwrap().to_owned()).collect(),
            _ => vec![text()],
        }),
        other => panic!("{other}"),
    })
}

/// Asks the zone until the evaluation ends, as the engine asks DNS.
pub(super) fn follow(query: &SpfQuery, zone: &Zone) -> SpfChecked {
    let mut known: BTreeMap<(String, &'static str), Fact<DnsAnswer>> = BTreeMap::new();
    for _ in 0..200 {
        let ask = |name: &str, rtype: &'static str| known.get(&(name.to_owned(), rtype));
        let asks = match check_host(query, &ask) {
            SpfProgress::Ended(checked) => return checked,
            SpfProgress::Asks(asks) => asks,
        };
        assert!(!asks.is_empty());
        for (name, rtype) in asks {
            let answer = zone.answer(&name, rtype, 1);
            assert!(known.insert((name.clone(), rtype), answer).is_none(), "{name} {rtype} was asked twice");
        }
    }
    panic!("no end to {query:?}");
}

fn query(case: &Case) -> SpfQuery {
    SpfQuery {
        ip: case.host.parse().unwrap(),
        helo: case.helo.clone(),
        mail_from: case.mailfrom.clone(),
        receiver: "unknown".to_owned(),
        time: 1_574_000_000,
    }
}

/// Runs a file of scenarios; gives how many cases it holds.
fn run(file: &str) -> usize {
    let scenarios: Vec<Scenario> = serde_json::from_str(file).unwrap();
    let (mut count, mut wrong) = (0, Vec::new());
    for scenario in &scenarios {
        let zone = Zone::new(&scenario.zonedata);
        for (id, case) in &scenario.tests {
            count += 1;
            let checked = follow(&query(case), &zone);
            let word = checked.result.to_string();
            // Hexadecimal digits of an address may be written either way.
            let same = |wanted: &String| match (wanted.as_str(), &checked.explanation) {
                ("DEFAULT", told) => told.is_none(),
                (wanted, told) => told.as_ref().is_some_and(|told| told.eq_ignore_ascii_case(wanted)),
            };
            if !case.result.has(&word) || !case.explanation.as_ref().is_none_or(same) {
                wrong.push(format!("{} / {id}: {checked:?}", scenario.description));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    count
}

#[test]
fn every_case_of_the_public_suite_ends_as_it_should() {
    assert_eq!(run(include_str!("../../../../../tests/cases/spf/rfc7208-tests.json")), 203);
}

#[test]
fn a_second_implementation_says_the_same() {
    assert_eq!(run(include_str!("../../../../../tests/cases/spf/compared.json")), 423);
}

/// Where the second implementation says otherwise, the RFC is plain: one case of each kind, with the section that decides.
#[test]
fn every_kind_of_difference_is_decided_by_the_rfc() {
    let file = include_str!("../../../../../tests/cases/spf/differences.json");
    assert_eq!(run(file), 12);
    let scenarios: Vec<Value> = serde_json::from_str(file).unwrap();
    for test in scenarios.iter().flat_map(|scenario| scenario["tests"].as_object().unwrap().values()) {
        assert!(test["section"].as_str().unwrap().starts_with('§'), "{test}");
        assert!(test["pyspf"].is_string(), "{test}");
    }
}
