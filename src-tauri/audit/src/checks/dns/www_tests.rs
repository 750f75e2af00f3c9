//! Tests of dns.www.

use super::CHECK;
use crate::Why;
use crate::check::{Severity, Status};
use crate::facts::RecordData;
use crate::testing::{absent, answer, findings, healthy, status, unseen};

#[test]
fn a_www_that_answers_passes() {
    assert_eq!(status(&CHECK, &healthy()), Status::Pass);
}

#[test]
fn missing_dangling_and_documentation_addresses_fail() {
    let mut facts = healthy();
    absent(&mut facts, "www.example.com");
    assert_eq!(findings(&CHECK, &facts)[0].severity, Severity::Medium);

    answer(&mut facts, "www.example.com", "A", vec![RecordData::Cname("gone.host.example".to_owned())]);
    let found = findings(&CHECK, &facts);
    assert_eq!(found[0].severity, Severity::High);
    assert!(found[0].says.contains("gone.host.example"));

    answer(&mut facts, "www.example.com", "A", vec![RecordData::A("203.0.113.7".parse().unwrap())]);
    assert!(findings(&CHECK, &facts)[0].says.contains("examples in documents"));
}

#[test]
fn private_addresses_count_as_public_when_the_run_allows_them() {
    let mut facts = healthy();
    answer(&mut facts, "www.example.com", "A", vec![RecordData::A("127.0.0.2".parse().unwrap())]);
    facts.scope.allow_private = true;
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}

#[test]
fn silence_is_not_judged() {
    let mut facts = healthy();
    facts.dns.insert("www.example.com A".to_owned(), unseen(Why::Busy));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}
