//! Tests of http.redirects.

use super::CHECK;
use crate::Why;
use crate::check::{Severity, Status};
use crate::facts::{BodySeen, End, Exchange};
use crate::testing::{chain, chain_at, findings, healthy, seen, status, unseen};

#[test]
fn short_permanent_redirects_pass() {
    assert_eq!(status(&CHECK, &healthy()), Status::Pass);
}

#[test]
fn loops_long_temporary_and_downgrading_redirects_are_told() {
    let mut facts = healthy();
    chain_at(&mut facts, "https://www.example.com/").end = End::Loop { back_to: "https://example.com/".to_owned() };
    assert_eq!(findings(&CHECK, &facts)[0].severity, Severity::Critical);

    let mut facts = healthy();
    let path = |n| format!("https://example.com/{n}");
    let urls = ["https://example.com/".to_owned(), path(1), path(2), path(3), path(4)];
    chain(&mut facts, &urls.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(status(&CHECK, &facts), Status::Warn);

    let mut facts = healthy();
    chain_at(&mut facts, "http://example.com/").hops[0].status = 302;
    assert_eq!(findings(&CHECK, &facts)[0].severity, Severity::Low);

    let mut facts = healthy();
    chain(&mut facts, &["https://www.example.com/", "http://example.com/", "https://example.com/"]);
    assert_eq!(findings(&CHECK, &facts)[0].severity, Severity::High);
}

#[test]
fn a_login_redirect_is_not_a_temporary_one() {
    let mut facts = healthy();
    chain(&mut facts, &["https://example.com/", "https://example.com/login"]);
    chain_at(&mut facts, "https://example.com/").hops[0].status = 302;
    assert_eq!(status(&CHECK, &facts), Status::Pass);
}

#[test]
fn a_redirect_keeps_what_was_asked_for() {
    let ask = "http://example.com/launch-ready/kept?page=2";
    for (to, lost) in [
        (Some("https://example.com/launch-ready/kept?page=2"), false),
        (Some("https://example.com/en/launch-ready/kept/?page=2"), false),
        (Some("https://example.com/login?next=x"), false),
        (None, false),
        (Some("https://example.com/"), true),
        (Some("https://example.com/launch-ready/kept"), true),
    ] {
        let mut facts = healthy();
        let answer = Exchange {
            method: "GET".to_owned(),
            url: ask.to_owned(),
            sent: vec![],
            signed_in: false,
            address: "104.18.20.10:80".to_owned(),
            version: "HTTP/1.1".to_owned(),
            status: 301,
            headers: vec![],
            location: to.map(str::to_owned),
            took_ms: 1,
            body: BodySeen::default(),
        };
        facts.exchanges.insert(format!("kept {ask}"), seen(answer));
        assert_eq!(findings(&CHECK, &facts).len(), usize::from(lost), "{to:?}");
    }
}

#[test]
fn silence_is_not_judged() {
    let mut facts = healthy();
    facts.http.insert("https://example.com/".to_owned(), unseen(Why::Broken));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}
