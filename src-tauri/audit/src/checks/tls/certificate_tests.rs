//! Tests of tls.certificate.

use super::CHECK;
use crate::Why;
use crate::check::{Grade, Status};
use crate::facts::{Facts, Handshake, Trust, TrustProblem};
use crate::testing::{certificate, findings, handshake, healthy, issued, offer, seen, status, unseen};

const AT: &str = "example.com|104.18.20.10";

fn showing(names: &[&str], from: i64, until: i64, problem: Option<TrustProblem>) -> Facts {
    let mut facts = healthy();
    let trust = problem.map_or(Trust::Trusted, |problem| Trust::Refused { problem, detail: "x".to_owned() });
    let shown = Handshake { chain: vec![certificate(names, from, until)], trust, ..handshake("example.com") };
    facts.tls.insert(AT.to_owned(), seen(shown));
    facts
}

#[test]
fn a_trusted_fresh_certificate_passes_and_short_lived_ones_too() {
    assert_eq!(status(&CHECK, &healthy()), Status::Pass);
    assert_eq!(status(&CHECK, &showing(&["example.com"], -3, 3, None)), Status::Pass);
}

#[test]
fn each_problem_is_told_apart() {
    let one = |facts: Facts| {
        let found = findings(&CHECK, &facts);
        assert_eq!(found.len(), 1, "{found:?}");
        found.into_iter().next().unwrap()
    };
    assert!(one(showing(&["example.com"], -90, -1, Some(TrustProblem::Expired))).says.contains("expired"));
    assert!(one(showing(&["example.com"], 1, 90, Some(TrustProblem::NotYetValid))).says.contains("only valid from"));
    assert!(
        one(showing(&["other.example"], -9, 80, Some(TrustProblem::WrongName))).says.contains("is for other.example")
    );
    assert!(one(showing(&["example.com"], -9, 80, Some(TrustProblem::UnknownIssuer))).says.contains("self-signed"));
    assert_eq!(one(showing(&["example.com"], -75, 15, None)).grade, Grade::Warn);
    assert_eq!(one(showing(&["example.com"], -88, 2, None)).grade, Grade::Fail);
}

#[test]
fn a_handshake_that_did_not_happen_is_not_judged() {
    let mut facts = healthy();
    facts.tls.insert(AT.to_owned(), unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}

fn shown(change: impl FnOnce(&mut Handshake)) -> Facts {
    let mut facts = healthy();
    let chain = issued("Let's Encrypt", &["example.com"], -20, 70);
    let mut shown = Handshake { chain, sent: 2, ..handshake("example.com") };
    change(&mut shown);
    facts.tls.insert(AT.to_owned(), seen(shown));
    facts.offers.insert(AT.to_owned(), seen(crate::facts::Offer { timestamps: true, ..offer() }));
    facts
}

#[test]
fn the_chain_around_it_is_judged_too() {
    let says = |facts: &Facts| {
        let found = findings(&CHECK, facts);
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].says.clone()
    };
    assert_eq!(status(&CHECK, &shown(|_| {})), Status::Pass);
    assert!(says(&shown(|shown| shown.sent = 100)).contains("sends 100 certificates"));
    assert!(says(&shown(|shown| shown.chain.truncate(1))).contains("without the one that connects it"));
    let stranger = certificate(&["other.example"], -9, 80);
    assert!(says(&shown(|shown| shown.chain.insert(1, stranger))).contains("wrong order"));
    let long = issued("Let's Encrypt", &["example.com"], -20, 300);
    assert!(says(&shown(|shown| shown.chain = long)).contains("made for 320 days"));
    let longest = issued("Nobody", &["example.com"], -20, 800);
    assert_eq!(findings(&CHECK, &shown(|shown| shown.chain = longest))[0].grade, Grade::Fail);
}

#[test]
fn public_log_entries_are_missed_only_when_they_were_looked_for() {
    let mut facts = shown(|_| {});
    facts.offers.insert(AT.to_owned(), seen(offer()));
    assert!(findings(&CHECK, &facts)[0].says.contains("0 of the 2 public log entries"));
    facts.offers.clear();
    assert!(findings(&CHECK, &facts).is_empty());
}

#[test]
fn a_staple_of_no_use_is_told() {
    let facts = shown(|shown| (shown.stapled, shown.staple) = (true, Some("MAMKAQM=".to_owned())));
    assert!(findings(&CHECK, &facts)[0].says.contains("had no answer (TryLater)"));
}
