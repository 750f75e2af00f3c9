//! Tests of domain.registration.

use super::CHECK;
use crate::check::{Grade, Severity, Status};
use crate::facts::{Answer, Choice, Delegation, Facts, Listed, Registered, Registration};
use crate::testing::{absent, answer, blank, findings, judge, now, seen, status, unseen};
use crate::{Unseen, Why};
use std::collections::BTreeMap;

fn record(days: i64) -> Registered {
    let expires = jiff::Timestamp::from_second(now().as_second() + days * 86_400).ok();
    Registered {
        registrar: Some("Larkspur".to_owned()),
        expires,
        statuses: vec!["client transfer prohibited".to_owned()],
        nameservers: vec!["a.ns".to_owned(), "b.ns".to_owned()],
        signed: Some(false),
        ..Registered::default()
    }
}

fn facts(record: Option<Registered>) -> Facts {
    let mut facts = blank();
    facts.registration = Some(seen(Registration {
        domain: "example.com".to_owned(),
        server: Some("https://rdap.test/".to_owned()),
        listed: Listed::Iana("today".to_owned()),
        record,
    }));
    let names = vec!["a.ns".to_owned(), "b.ns".to_owned()];
    let (zone, parent) = ("example.com".to_owned(), seen(names.clone()));
    facts.delegation = Some(seen(Delegation { zone, parent, child: names, servers: vec![] }));
    answer(&mut facts, "example.com", "DS", vec![]);
    facts
}

fn only(facts: &Facts) -> (Grade, Severity) {
    let found = findings(&CHECK, facts);
    assert_eq!(found.len(), 1, "{found:?}");
    (found[0].grade, found[0].severity)
}

#[test]
fn a_registration_in_order_passes() {
    assert_eq!(status(&CHECK, &facts(Some(record(300)))), Status::Pass);
    assert_eq!(status(&CHECK, &facts(Some(record(45)))), Status::Pass);
}

#[test]
fn the_end_of_a_registration_is_told_in_time() {
    assert_eq!(only(&facts(Some(record(44)))), (Grade::Warn, Severity::Medium));
    assert_eq!(only(&facts(Some(record(13)))), (Grade::Fail, Severity::High));
    assert_eq!(only(&facts(Some(record(-2)))), (Grade::Fail, Severity::Critical));
}

#[test]
fn holds_missing_locks_and_differences_are_told() {
    let mut held = record(300);
    held.statuses.push("client hold".to_owned());
    assert_eq!(only(&facts(Some(held))), (Grade::Fail, Severity::Critical));
    let open = Registered { statuses: vec!["active".to_owned()], ..record(300) };
    assert_eq!(only(&facts(Some(open))), (Grade::Warn, Severity::Medium));
    let other = Registered { nameservers: vec!["c.ns".to_owned()], ..record(300) };
    assert!(findings(&CHECK, &facts(Some(other)))[0].evidence[0].contains("c.ns"));
    let signed = Registered { signed: Some(true), ..record(300) };
    assert!(findings(&CHECK, &facts(Some(signed)))[0].says.contains("no DS record"));
}

#[test]
fn a_country_registry_without_lock_statuses_is_no_finding() {
    let mut facts = facts(Some(Registered { statuses: vec!["active".to_owned()], ..record(300) }));
    if let Some(crate::facts::Fact::Seen { value, .. }) = &mut facts.registration {
        value.domain = "example.fr".to_owned();
    }
    assert_eq!(findings(&CHECK, &facts), []);
}

#[test]
fn unregistered_is_said_only_when_dns_agrees() {
    let mut none = facts(None);
    assert!(matches!(judge(&CHECK, &none), Err(Unseen { why: Why::NotLooked, .. })));
    answer(&mut none, "example.com", "A", vec![]);
    assert!(matches!(judge(&CHECK, &none), Err(Unseen { why: Why::Beyond, .. })));
    absent(&mut none, "example.com");
    assert_eq!(only(&none), (Grade::Fail, Severity::Critical));
}

#[test]
fn what_could_not_be_seen_is_not_judged() {
    let mut silent = facts(Some(record(300)));
    silent.registration = Some(unseen(Why::Busy));
    assert_eq!(status(&CHECK, &silent), Status::CouldNotTell);
    assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
    let undated = Registered { expires: None, ..record(300) };
    assert_eq!(status(&CHECK, &facts(Some(undated))), Status::CouldNotTell);
    let mut alone = facts(Some(record(300)));
    alone.delegation = Some(unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &alone), Status::CouldNotTell);
}

#[test]
fn an_ending_without_rdap_is_a_question_to_a_person() {
    let mut facts = facts(None);
    let Some(crate::facts::Fact::Seen { value, .. }) = &mut facts.registration else { panic!() };
    value.server = None;
    assert!(matches!(judge(&CHECK, &facts), Err(Unseen { why: Why::NotAnswered, .. })));
    let text = |text: &str| text.to_owned();
    let mut answer = Answer {
        choice: Choice::Yes,
        note: text("Larkspur, 2028-01-01, locked"),
        evidence: text(""),
        owner: text(""),
        rows: BTreeMap::new(),
        at: now(),
    };
    facts.answers.insert(CHECK.id.to_owned(), answer.clone());
    assert_eq!(status(&CHECK, &facts), Status::Pass);
    answer.choice = Choice::No;
    facts.answers.insert(CHECK.id.to_owned(), answer);
    assert_eq!(status(&CHECK, &facts), Status::Fail);
}
