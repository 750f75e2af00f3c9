//! Tests of http.mixed_content.

use super::CHECK;
use crate::Why;
use crate::check::{Grade, Severity, Status};
use crate::facts::{Facts, Resource, ResourceKind as Kind, Written};
use crate::testing::{chain_at, findings, header, healthy, status, unseen};

const HOME: &str = "https://example.com/";

fn with(resources: &[(Kind, &str)]) -> Facts {
    let mut facts = healthy();
    let page = chain_at(&mut facts, HOME).hops[0].page.as_mut().unwrap();
    let resource = |(kind, url): &(Kind, &str)| Resource {
        kind: *kind,
        url: (*url).to_owned(),
        integrity: false,
        blocking: false,
        written: Written::Absolute,
    };
    page.resources = resources.iter().map(resource).collect();
    facts
}

#[test]
fn encrypted_and_local_addresses_pass() {
    let good = [
        (Kind::Script, "https://cdn.example.net/a.js"),
        (Kind::Socket, "wss://example.com/live"),
        (Kind::Script, "http://localhost:3000/a.js"),
        (Kind::Socket, "ws://127.0.0.1:3000/"),
        (Kind::Image, "http://[::1]/a.png"),
    ];
    assert_eq!(status(&CHECK, &with(&good)), Status::Pass);
}

#[test]
fn each_class_is_one_finding_of_its_own_weight() {
    for (kind, url, grade, severity) in [
        (Kind::Script, "http://cdn.example.net/a.js", Grade::Fail, Severity::High),
        (Kind::Socket, "ws://example.com/live", Grade::Fail, Severity::High),
        (Kind::Form, "http://example.com/login", Grade::Fail, Severity::High),
        (Kind::ImageSet, "http://example.com/a.png", Grade::Fail, Severity::Medium),
        (Kind::Image, "http://example.com/a.png", Grade::Warn, Severity::Low),
    ] {
        let found = findings(&CHECK, &with(&[(kind, url), (kind, "http://b.example/")]));
        assert_eq!(found.len(), 1, "{url}");
        assert_eq!((found[0].grade, found[0].severity), (grade, severity), "{url}");
        assert_eq!(found[0].evidence.len(), 2);
    }
    let many: Vec<(Kind, &str)> = vec![(Kind::Image, "http://example.com/a.png"); 30];
    assert_eq!(findings(&CHECK, &with(&many))[0].evidence.len(), 11);
}

#[test]
fn a_policy_that_upgrades_is_a_remedy() {
    let mut facts = with(&[(Kind::Script, "http://cdn.example.net/a.js")]);
    let hop = &mut chain_at(&mut facts, HOME).hops[0];
    hop.headers = vec![header("content-security-policy", "default-src 'self'; upgrade-insecure-requests")];
    assert_eq!(findings(&CHECK, &facts), []);
}

#[test]
fn silence_is_not_judged() {
    let mut facts = healthy();
    facts.http.insert(HOME.to_owned(), unseen(Why::Busy));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}
