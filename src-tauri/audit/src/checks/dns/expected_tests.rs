//! Tests of dns.expected and of the difference that it tells.

use super::CHECK;
use crate::check::{Grade, Severity, Status};
use crate::drift::{Change, accept, diff, renew};
use crate::facts::{Facts, RecordData};
use crate::testing::{absent, answer, findings, healthy, judge, now, status, unseen};
use crate::{Unseen, Why};

fn mx(preference: u16) -> RecordData {
    RecordData::Mx { preference, exchange: "mail.example.com".to_owned() }
}

/// A healthy site whose records were accepted.
fn accepted() -> Facts {
    let mut facts = healthy();
    answer(&mut facts, "example.com", "MX", vec![mx(1)]);
    answer(&mut facts, "example.com", "TXT", vec![RecordData::Txt(vec!["v=spf1 ".to_owned(), "-all".to_owned()])]);
    let soa = |serial| RecordData::Soa { mname: "a.ns".to_owned(), rname: "b".to_owned(), serial };
    answer(&mut facts, "example.com", "SOA", vec![soa(7)]);
    let set = accept(&facts, now());
    facts.answers.insert(CHECK.id.to_owned(), set);
    answer(&mut facts, "example.com", "SOA", vec![soa(8)]);
    facts
}

#[test]
fn accepted_records_pass_whatever_their_serial() {
    assert_eq!(status(&CHECK, &accepted()), Status::Pass);
}

#[test]
fn the_random_name_and_names_of_others_are_not_accepted() {
    let mut facts = healthy();
    answer(&mut facts, "q7x.example.com", "A", vec![RecordData::A("5.9.1.1".parse().unwrap())]);
    answer(&mut facts, "other.test", "A", vec![RecordData::A("5.9.1.1".parse().unwrap())]);
    let rows = accept(&facts, now()).rows;
    assert!(
        !rows.is_empty() && rows.keys().all(|key| key.ends_with("example.com A") && !key.contains("q7x")),
        "{rows:?}"
    );
}

#[test]
fn added_removed_and_changed_records_are_told_apart() {
    let mut facts = accepted();
    answer(&mut facts, "example.com", "MX", vec![mx(5)]);
    answer(&mut facts, "example.com", "TXT", vec![]);
    answer(&mut facts, "new.example.com", "A", vec![RecordData::A("5.9.1.1".parse().unwrap())]);
    let (drifts, unseen) = diff(&facts.answers[CHECK.id], &facts);
    let told: Vec<_> = drifts.iter().map(|drift| (drift.rtype.as_str(), drift.change)).collect();
    assert_eq!(told, [("MX", Change::Changed), ("TXT", Change::Removed), ("A", Change::Added)]);
    assert_eq!(unseen, []);
    let found = findings(&CHECK, &facts);
    assert_eq!((found[0].grade, found[0].severity), (Grade::Fail, Severity::Medium));
    assert_eq!(found[0].evidence, ["- example.com MX 1 mail.example.com", "+ example.com MX 5 mail.example.com"]);
    assert_eq!(found[0].fix.paste.as_deref(), Some("example.com. 3600 IN MX 1 mail.example.com."));
    assert_eq!(found[1].fix.paste.as_deref(), Some("example.com. 3600 IN TXT \"v=spf1 -all\""));
    assert_eq!(found[2].fix.paste, None);
}

#[test]
fn addresses_that_one_network_turns_over_are_no_drift() {
    let mut facts = accepted();
    answer(&mut facts, "example.com", "A", vec![RecordData::A("172.67.1.2".parse().unwrap())]);
    assert_eq!(status(&CHECK, &facts), Status::Pass);
    answer(&mut facts, "example.com", "A", vec![RecordData::A("5.9.1.1".parse().unwrap())]);
    assert_eq!(status(&CHECK, &facts), Status::Fail);
}

#[test]
fn a_name_that_is_gone_takes_its_records_along() {
    let mut facts = accepted();
    answer(&mut facts, "www.example.com", "TXT", vec![RecordData::Txt(vec!["x".to_owned()])]);
    let set = accept(&facts, now());
    facts.answers.insert(CHECK.id.to_owned(), set);
    facts.dns.remove("www.example.com TXT");
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell, "not asked for");
    absent(&mut facts, "www.example.com");
    let told: Vec<String> = findings(&CHECK, &facts).into_iter().map(|finding| finding.subject).collect();
    assert_eq!(told, ["www.example.com A", "www.example.com TXT"]);
}

#[test]
fn nothing_accepted_or_nothing_seen_is_not_judged() {
    assert!(matches!(judge(&CHECK, &healthy()), Err(Unseen { why: Why::NotAnswered, .. })));
    let mut facts = accepted();
    facts.dns.insert("example.com MX".to_owned(), unseen(Why::Busy));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}

#[test]
fn a_bare_yes_accepts_nothing() {
    let mut facts = accepted();
    facts.answers.get_mut(CHECK.id).unwrap().rows.clear();
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}

#[test]
fn what_is_out_of_sight_stays_as_it_was_accepted() {
    let mut facts = accepted();
    let earlier = facts.answers[CHECK.id].clone();
    facts.dns.insert("example.com MX".to_owned(), unseen(Why::Timeout));
    let renewed = renew(Some(&earlier), &facts, now());
    assert_eq!(renewed.rows["example.com MX"], "1 mail.example.com");
    assert_eq!(renewed.rows.len(), earlier.rows.len());
    assert!(!renew(None, &facts, now()).rows.contains_key("example.com MX"));
}
