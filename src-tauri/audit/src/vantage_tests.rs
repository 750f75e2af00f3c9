//! Tests of the place that a run looked from.

use super::{told, veil};
use crate::Why;
use crate::facts::{Fact, Facts, Propagation, Rcode, RecordData, SetSeen, Told, Vantage, Way};
use crate::testing::{answer, healthy, seen, unseen};
use std::collections::BTreeMap;

fn place(decoy: &[&str], intercepted: Option<&str>) -> Facts {
    let mut facts = healthy();
    let decoy = seen(decoy.iter().map(|address| address.parse().unwrap()).collect());
    facts.vantage = Some(seen(Vantage {
        decoy,
        intercepted: seen(intercepted.map(str::to_owned)),
        sealed: seen(None),
        unheard: None,
    }));
    facts
}

/// A place whose certificate was shown where nobody lives.
fn sealed(by: &str) -> Facts {
    let mut facts = healthy();
    let vantage =
        Vantage { decoy: seen(vec![]), intercepted: seen(None), sealed: seen(Some(by.to_owned())), unheard: None };
    facts.vantage = Some(seen(vantage));
    facts
}

fn set(address: &str) -> SetSeen {
    let records = vec![RecordData::A(address.parse().unwrap())];
    SetSeen { rcode: Rcode::NoError, records, ttl: 60, denied_by_zone: false }
}

fn propagation(own: &str, others: &[(&str, &str)]) -> Fact<Propagation> {
    let told = |(who, address): (&str, &str)| Told {
        who: who.to_owned(),
        way: Way::Plain,
        at: "x:53".to_owned(),
        answers: BTreeMap::from([("example.com A".to_owned(), seen(set(address)))]),
    };
    seen(Propagation {
        questions: vec!["example.com A".to_owned()],
        servers: vec![told(("a.ns", own))],
        resolvers: others.iter().copied().map(told).collect(),
    })
}

#[test]
fn an_honest_network_is_not_mentioned() {
    assert_eq!(told(&place(&[], None)), []);
    assert!(veil(&place(&[], None)).is_none() && veil(&healthy()).is_none());
    let mut unknown = healthy();
    unknown.vantage = Some(unseen(Why::Timeout));
    assert!(veil(&unknown).is_none());
}

#[test]
fn a_silent_resolver_is_told_and_covers_nothing() {
    let mut facts = place(&[], None);
    let why = "192.168.1.1:53 did not answer within 2 seconds".to_owned();
    let Some(Fact::Seen { value, .. }) = &mut facts.vantage else { panic!() };
    value.unheard = Some(why);
    assert!(veil(&facts).is_none());
    let notes = told(&facts);
    assert!(
        notes.len() == 1 && notes[0].says.starts_with("your own resolver did not answer (192.168.1.1"),
        "{notes:?}"
    );
}

#[test]
fn a_login_page_for_every_name_covers_everything() {
    let mut facts = place(&["10.41.0.1"], None);
    answer(&mut facts, "example.com", "A", vec![RecordData::A("10.41.0.1".parse().unwrap())]);
    let veiled = veil(&facts).unwrap();
    assert!(veiled.dns.values().all(|fact| fact.seen().is_err()));
    assert!(veiled.http.values().all(|fact| fact.seen().is_err()));
    assert!(told(&facts)[0].says.contains("10.41.0.1") && told(&facts)[0].way.contains("log in"));
}

#[test]
fn a_resolver_that_never_denies_covers_only_what_it_made_up() {
    let mut facts = place(&["5.9.9.9"], None);
    answer(&mut facts, "old.example.com", "A", vec![RecordData::A("5.9.9.9".parse().unwrap())]);
    let veiled = veil(&facts).unwrap();
    assert!(veiled.dns["old.example.com A"].seen().is_err());
    assert!(veiled.dns["example.com A"].seen().is_ok());
}

#[test]
fn connections_that_are_taken_over_are_covered() {
    let veiled = veil(&place(&[], Some("302 to http://login.test/"))).unwrap();
    assert!(veiled.dns["example.com A"].seen().is_ok());
    assert!(veiled.http.values().all(|fact| fact.seen().is_err()));
}

#[test]
fn a_network_that_opens_encrypted_connections_covers_them() {
    let facts = sealed("Hotel Gateway");
    let veiled = veil(&facts).unwrap();
    assert!(
        veiled.tls.values().all(|fact| fact.seen().is_err()) && veiled.http.values().all(|fact| fact.seen().is_err())
    );
    assert!(veiled.dns["example.com A"].seen().is_ok());
    assert!(told(&facts)[0].says.contains("Hotel Gateway"));
}

#[test]
fn facts_of_earlier_versions_do_not_accuse_the_network() {
    let text = r#"{"decoy":{"seen":{"value":[],"at":"2026-11-21T12:00:00Z","from":"x"}},
        "intercepted":{"seen":{"value":null,"at":"2026-11-21T12:00:00Z","from":"x"}}}"#;
    let mut facts = healthy();
    facts.vantage = Some(seen(serde_json::from_str(text).unwrap()));
    assert!(veil(&facts).is_none());
}

/// Whether anything seen is left in a kind of fact, told from its written form.
fn left(facts: &Facts, kind: &str) -> bool {
    let written = serde_json::to_value(facts).unwrap();
    let text = written[kind].to_string();
    text.contains("\"seen\":")
}

#[test]
fn a_login_page_leaves_only_what_a_certificate_proves() {
    let mut facts = place(&["10.41.0.1"], None);
    answer(&mut facts, "example.com", "A", vec![RecordData::A("10.41.0.1".parse().unwrap())]);
    let text = r#"{"service":"x","alias":"x","url":"x","status":404,"unclaimed":"There is no site here"}"#;
    let claim: crate::facts::Claim = serde_json::from_str(text).unwrap();
    facts.claims.insert("docs.example.com".to_owned(), seen(claim));
    facts.signposts = Some(seen(Default::default()));
    facts.propagation = Some(propagation("5.9.1.1", &[("Google", "5.9.1.1")]));
    facts.logs = Some(seen(vec!["app.example.com".to_owned()]));
    let written = serde_json::to_value(&facts).unwrap();
    let kinds: Vec<&String> = written.as_object().unwrap().keys().filter(|kind| left(&facts, kind)).collect();
    assert!(kinds.len() > 8, "{kinds:?}");
    let veiled = veil(&facts).unwrap();
    let stays: Vec<&&String> = kinds.iter().filter(|kind| left(&veiled, kind)).collect();
    assert!(
        stays.iter().all(|kind| ["logs", "registration", "cloudflare", "vantage"].contains(&kind.as_str())),
        "{stays:?}"
    );
    assert!(stays.iter().any(|kind| kind.as_str() == "logs"));
}

#[test]
fn one_resolver_against_all_others_is_told() {
    let mut facts = healthy();
    facts.propagation = Some(propagation("5.9.1.1", &[("Google", "5.9.1.1"), ("Quad9", "5.9.1.1")]));
    assert!(told(&facts)[0].says.contains("example.com A"));
    assert!(veil(&facts).unwrap().dns["example.com A"].seen().is_err());
}

#[test]
fn a_single_witness_or_none_is_no_proof() {
    let mut facts = healthy();
    facts.propagation =
        Some(propagation("5.9.1.1", &[("Google", "5.9.1.1"), ("Google", "5.9.1.1"), ("Quad9", "5.9.2.2")]));
    assert_eq!(told(&facts), []);
    facts.propagation = Some(propagation("104.18.20.10", &[("Google", "5.9.1.1"), ("Quad9", "5.9.1.1")]));
    assert_eq!(told(&facts), []);
}
