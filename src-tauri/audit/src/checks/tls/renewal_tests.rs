//! Tests of tls.renewal.

use super::CHECK;
use crate::check::Status;
use crate::facts::{Answer, Choice, Facts, Handshake};
use crate::testing::{findings, handshake, healthy, issued, judge, now, seen, status, unseen};
use crate::{Verdict, Why};

const AT: &str = "example.com|104.18.20.10";

fn showing(organisation: &str, from: i64, until: i64) -> Facts {
    let mut facts = healthy();
    let chain = issued(organisation, &["example.com"], from, until);
    facts.tls.insert(AT.to_owned(), seen(Handshake { chain, ..handshake("example.com") }));
    facts
}

#[test]
fn what_programs_renew_passes_and_is_late_when_it_did_not() {
    assert_eq!(status(&CHECK, &showing("Let's Encrypt", -20, 70)), Status::Pass);
    assert_eq!(status(&CHECK, &showing("Some Authority", -3, 3)), Status::Pass, "six days are for programs");
    assert!(findings(&CHECK, &showing("Let's Encrypt", -80, 10))[0].says.contains("10 days are left"));
}

#[test]
fn what_a_person_may_renew_is_asked_for() {
    let mut facts = showing("DigiCert Inc", -20, 180);
    let Ok(Verdict::Judged { unseen, .. }) = judge(&CHECK, &facts) else { panic!() };
    assert_eq!(unseen[0].why, Why::NotAnswered);
    let answer = |choice| Answer {
        choice,
        note: String::new(),
        evidence: String::new(),
        owner: String::new(),
        rows: Default::default(),
        at: now(),
    };
    facts.answers.insert(CHECK.id.to_owned(), answer(Choice::Yes));
    assert_eq!(status(&CHECK, &facts), Status::Pass);
    facts.answers.insert(CHECK.id.to_owned(), answer(Choice::No));
    assert_eq!(status(&CHECK, &facts), Status::Warn);
}

#[test]
fn a_handshake_that_did_not_happen_is_not_judged() {
    let mut facts = healthy();
    facts.tls.insert(AT.to_owned(), unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}
