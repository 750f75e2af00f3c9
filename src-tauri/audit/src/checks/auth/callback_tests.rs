//! Tests of auth.callback.

use super::CHECK;
use crate::Why;
use crate::check::{Severity, Status};
use crate::facts::{Answer, Choice, Discovery, Facts, OauthStart};
use crate::testing::{findings, healthy, judge, now, seen, status, unseen};
use std::collections::BTreeMap;

const START: &str = "https://app.example.com/login/google";
const DOCUMENT: &str = "https://id.example.com/.well-known/openid-configuration";

fn back_to(address: &str) -> Facts {
    let mut facts = healthy();
    let back = BTreeMap::from([("redirect_uri".to_owned(), address.to_owned())]);
    let service = Some("https://accounts.google.com/o/oauth2/v2/auth".to_owned());
    facts.oauth.insert(START.to_owned(), seen(OauthStart { way: vec![], service, back }));
    facts
}

fn described(issuer: &str, token: &str) -> Facts {
    let mut facts = healthy();
    let endpoints = BTreeMap::from([("token_endpoint".to_owned(), token.to_owned())]);
    facts.discoveries.insert(DOCUMENT.to_owned(), seen(Some(Discovery { issuer: issuer.to_owned(), endpoints })));
    facts
}

fn severities(facts: &Facts) -> Vec<Severity> {
    findings(&CHECK, facts).iter().map(|finding| finding.severity).collect()
}

#[test]
fn the_way_back_to_the_product_passes() {
    for address in [
        "https://example.com/auth/callback",
        "https://app.example.com/auth/callback",
        "https://acme.supabase.co/auth/v1/callback",
        "com.example.app:/callback",
    ] {
        assert_eq!(status(&CHECK, &back_to(address)), Status::Pass, "{address}");
    }
    let fine = described("https://id.example.com/", "https://id.example.com/token");
    assert_eq!(status(&CHECK, &fine), Status::Pass);
}

#[test]
fn wrong_ways_back_are_found() {
    for (address, severity) in [
        ("http://localhost:3000/cb", Severity::High),
        ("http://app.example.com/cb", Severity::High),
        ("https://staging.example.com/cb", Severity::High),
        ("https://example-git-fix.vercel.app/cb", Severity::High),
        ("https://www.example.com/cb", Severity::Medium),
    ] {
        assert_eq!(severities(&back_to(address)), [severity], "{address}");
    }
}

#[test]
fn a_service_that_no_list_knows_is_asked_about() {
    let mut facts = back_to("https://login.newcomer.test/cb");
    let Ok(crate::Verdict::Judged { findings, unseen, .. }) = judge(&CHECK, &facts) else { panic!() };
    assert!(findings.is_empty() && unseen[0].why == Why::NotAnswered && unseen[0].says.contains("list of 2026-11"));
    let text = String::new;
    let yes =
        Answer { choice: Choice::Yes, note: text(), evidence: text(), owner: text(), rows: BTreeMap::new(), at: now() };
    facts.answers.insert(CHECK.id.to_owned(), yes);
    assert_eq!(status(&CHECK, &facts), Status::Pass);
}

#[test]
fn descriptions_with_wrong_addresses_are_found() {
    assert_eq!(severities(&described("https://id.example.com", "http://localhost:8080/token")), [Severity::High]);
    assert_eq!(severities(&described("https://other.example.com", "https://id.example.com/t")), [Severity::Medium]);
}

#[test]
fn nothing_found_and_silence_are_not_judged_and_a_person_may_say_more() {
    assert_eq!(judge(&CHECK, &healthy()).unwrap_err().why, Why::NotAnswered);
    let mut facts = healthy();
    facts.oauth.insert(START.to_owned(), unseen(Why::Busy));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    for (choice, expected) in
        [(Choice::No, Status::Fail), (Choice::Yes, Status::Pass), (Choice::NotApplicable, Status::NotApplicable)]
    {
        let text = String::new;
        let mut facts = healthy();
        let answer = Answer { choice, note: text(), evidence: text(), owner: text(), rows: BTreeMap::new(), at: now() };
        facts.answers.insert(CHECK.id.to_owned(), answer);
        assert_eq!(status(&CHECK, &facts), expected);
    }
}
