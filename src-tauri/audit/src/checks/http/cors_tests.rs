//! Tests of http.cors.

use super::CHECK;
use crate::Why;
use crate::check::{Grade, Severity, Status};
use crate::facts::{BodySeen, Exchange, Facts};
use crate::testing::{findings, header, healthy, seen, status, unseen};

const URL: &str = "https://api.example.com/";
const ORIGINS: [(&str, &str); 5] = [
    ("any", "https://probe.example"),
    ("null", "null"),
    ("suffix", "https://example.com.probe.example"),
    ("prefix", "https://probeexample.com"),
    ("own", "https://example.com"),
];

fn answer(method: &str, origin: &str, headers: &[(&str, &str)], status: u16) -> Exchange {
    Exchange {
        method: method.to_owned(),
        url: URL.to_owned(),
        sent: vec![header("origin", origin)],
        signed_in: false,
        address: "104.18.20.10:443".to_owned(),
        version: "HTTP/2".to_owned(),
        status,
        headers: headers.iter().map(|(name, value)| header(name, value)).collect(),
        location: None,
        took_ms: 3,
        body: BodySeen::default(),
    }
}

/// An interface that names these askers, with these headers beside; `by` GET or preflight.
fn with(named: &[&str], beside: &[(&str, &str)], by: &str) -> Facts {
    let mut facts = healthy();
    for (word, origin) in ORIGINS {
        for method in ["GET", "OPTIONS"] {
            let probe = match (method, word) {
                ("GET", _) => format!("cors-{word}"),
                (_, "any") => "cors-preflight".to_owned(),
                (_, "own") => continue,
                _ => format!("cors-preflight-{word}"),
            };
            let mut headers = vec![];
            if named.contains(&word) && by == method {
                headers.push(("access-control-allow-origin", origin));
                headers.extend(beside);
            }
            let status = if method == "GET" { 200 } else { 405 };
            facts.exchanges.insert(format!("{probe} {URL}"), seen(answer(method, origin, &headers, status)));
        }
    }
    facts
}

const WITH: (&str, &str) = ("access-control-allow-credentials", "true");
const VARY: (&str, &str) = ("vary", "Accept-Encoding, origin");

#[test]
fn closed_own_and_public_interfaces_pass() {
    for (named, beside) in
        [(&[][..], &[][..]), (&["own"], &[WITH, VARY]), (&["any", "null", "suffix", "prefix"], &[VARY])]
    {
        assert_eq!(findings(&CHECK, &with(named, beside, "GET")), [], "{named:?}");
    }
    let mut facts = with(&[], &[], "GET");
    let open = answer("GET", "https://probe.example", &[("access-control-allow-origin", "*")], 200);
    facts.exchanges.insert(format!("cors-any {URL}"), seen(open));
    assert_eq!(status(&CHECK, &facts), Status::Pass);
}

#[test]
fn whoever_is_let_in_with_cookies_is_told_by_get_and_by_preflight() {
    let all = ["any", "null", "suffix", "prefix", "own"];
    for by in ["GET", "OPTIONS"] {
        for (named, severity, says) in [
            (&all[..], Severity::Critical, "Any website"),
            (&["null"], Severity::High, "null"),
            (&["suffix"], Severity::High, "begin like yours"),
            (&["prefix"], Severity::High, "end like yours"),
        ] {
            let found = findings(&CHECK, &with(named, &[WITH, VARY], by));
            assert!(found.len() == 1 && found[0].says.contains(says), "{by} {named:?}: {found:#?}");
            assert_eq!((found[0].grade, found[0].severity), (Grade::Fail, severity));
        }
    }
    let found = findings(&CHECK, &with(&["suffix"], &[VARY], "GET"));
    assert!(found.len() == 1 && found[0].severity == Severity::Low);
}

#[test]
fn what_browsers_refuse_and_what_caches_mix_up_is_told_low() {
    let mut facts = with(&[], &[], "GET");
    let both = answer("GET", "https://probe.example", &[("access-control-allow-origin", "*"), WITH], 200);
    facts.exchanges.insert(format!("cors-any {URL}"), seen(both));
    assert!(findings(&CHECK, &facts)[0].says.contains("at once"));
    let found = findings(&CHECK, &with(&["own"], &[WITH], "GET"));
    assert!(found.len() == 1 && found[0].fix.paste.as_deref() == Some("Vary: Origin"));
    assert_eq!(findings(&CHECK, &with(&["own"], &[WITH, ("cache-control", "no-store")], "GET")), []);
}

#[test]
fn silence_and_errors_of_the_server_are_not_judged() {
    let mut facts = with(&[], &[], "GET");
    facts.exchanges.insert(format!("cors-null {URL}"), unseen(Why::Challenged));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    let mut facts = with(&[], &[], "GET");
    facts.exchanges.insert(format!("cors-null {URL}"), seen(answer("GET", "null", &[], 500)));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    assert_eq!(status(&CHECK, &healthy()), Status::CouldNotTell);
}
