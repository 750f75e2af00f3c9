//! Tests of tls.certificate.

use super::CHECK;
use crate::Why;
use crate::check::{Grade, Status};
use crate::facts::{Facts, Handshake, Trust, TrustProblem};
use crate::testing::{certificate, findings, handshake, healthy, seen, status, unseen};

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
