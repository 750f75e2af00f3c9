//! Tests of dns.propagation.

use super::CHECK;
use crate::Why;
use crate::check::{Finding, Grade, Severity, Status};
use crate::facts::{Fact, Facts, Propagation, Rcode, RecordData, SetSeen, Told, Way};
use crate::testing::{blank, findings, seen, status, unseen};
use std::collections::BTreeMap;

const QUESTION: &str = "example.com A";

fn set(addresses: &[&str], ttl: u32) -> SetSeen {
    let records = addresses.iter().map(|address| RecordData::A(address.parse().unwrap())).collect();
    SetSeen { rcode: Rcode::NoError, records, ttl, denied_by_zone: false }
}

fn told(who: &str, fact: Fact<SetSeen>) -> Told {
    let answers = BTreeMap::from([(QUESTION.to_owned(), fact)]);
    Told { who: who.to_owned(), way: Way::Plain, at: "x:53".to_owned(), answers }
}

fn facts(own: &[&str], fact: Fact<SetSeen>) -> Facts {
    let mut facts = blank();
    let servers = vec![told("a.ns", seen(set(own, 300))), told("b.ns", unseen(Why::Timeout))];
    let questions = vec![QUESTION.to_owned()];
    facts.propagation = Some(seen(Propagation { questions, servers, resolvers: vec![told("Quad9", fact)] }));
    facts
}

fn only(facts: &Facts) -> Finding {
    let mut found = findings(&CHECK, facts);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn the_same_answer_passes_in_any_order_and_part() {
    for other in [&["5.9.1.1", "5.9.1.2"][..], &["5.9.1.2", "5.9.1.1"], &["5.9.1.2"]] {
        assert_eq!(status(&CHECK, &facts(&["5.9.1.1", "5.9.1.2"], seen(set(other, 200)))), Status::Pass);
    }
}

#[test]
fn another_address_of_the_same_network_is_the_same_answer() {
    assert_eq!(status(&CHECK, &facts(&["104.18.20.10"], seen(set(&["172.67.1.2"], 200)))), Status::Pass);
    assert_eq!(status(&CHECK, &facts(&["104.18.20.10"], seen(set(&["5.9.1.1"], 200)))), Status::Warn);
}

#[test]
fn an_older_answer_is_a_matter_of_waiting() {
    let old = only(&facts(&["5.9.1.1"], seen(set(&["5.9.7.7"], 2_700))));
    assert_eq!((old.grade, old.severity), (Grade::Warn, Severity::Low));
    assert!(old.fix.says.contains("45 minutes"), "{}", old.fix.says);
    let denied = SetSeen { rcode: Rcode::NxDomain, denied_by_zone: true, ..set(&[], 1_800) };
    assert_eq!(only(&facts(&["5.9.1.1"], seen(denied))).grade, Grade::Warn);
}

#[test]
fn what_waiting_does_not_cure_is_a_failure() {
    let stuck = only(&facts(&["5.9.1.1"], seen(set(&["5.9.7.7"], 604_800))));
    assert_eq!((stuck.grade, stuck.severity), (Grade::Fail, Severity::Medium));
    let denied = SetSeen { rcode: Rcode::NxDomain, ..set(&[], 0) };
    for blocked in [denied, set(&["0.0.0.0"], 60)] {
        let found = only(&facts(&["5.9.1.1"], seen(blocked)));
        assert_eq!((found.grade, found.severity), (Grade::Fail, Severity::High));
        assert_eq!(found.fix.paste.as_deref(), Some("https://quad9.net/result/"));
    }
}

#[test]
fn nothing_at_both_ends_is_the_same() {
    let nothing = SetSeen { rcode: Rcode::NxDomain, ..set(&[], 0) };
    assert_eq!(status(&CHECK, &facts(&[], seen(nothing))), Status::Pass);
}

#[test]
fn who_is_silent_is_not_judged() {
    assert_eq!(status(&CHECK, &facts(&["5.9.1.1"], unseen(Why::Timeout))), Status::CouldNotTell);
    assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
    let mut silent = facts(&["5.9.1.1"], seen(set(&["5.9.7.7"], 60)));
    if let Some(Fact::Seen { value, .. }) = &mut silent.propagation {
        value.servers.remove(0);
    }
    assert_eq!(status(&CHECK, &silent), Status::CouldNotTell);
}
