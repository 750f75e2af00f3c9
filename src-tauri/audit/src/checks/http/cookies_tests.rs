//! Tests of http.cookies.

use super::CHECK;
use crate::Why;
use crate::check::{Grade, Severity, Status};
use crate::facts::{Fact, Facts};
use crate::testing::{chain_at, findings, header, healthy, status, unseen};

const HOME: &str = "https://example.com/";

fn with(cookies: &[&str]) -> Facts {
    let mut facts = healthy();
    let headers = cookies.iter().map(|line| header("set-cookie", line)).collect();
    chain_at(&mut facts, HOME).hops[0].headers = headers;
    facts
}

#[test]
fn no_cookies_and_good_cookies_pass() {
    assert_eq!(status(&CHECK, &healthy()), Status::Pass);
    let good = [
        "__Host-session=…; Path=/; Secure; HttpOnly; SameSite=Lax",
        "theme=…; Secure; Path=/",
        "XSRF-TOKEN=…; Secure; SameSite=Strict",
        "sessionid=…; Max-Age=0",
        "embed_session=…; Secure; HttpOnly; SameSite=None; Partitioned",
    ];
    assert_eq!(findings(&CHECK, &with(&good)), []);
}

#[test]
fn each_opening_is_told_and_sessions_are_judged_harder() {
    use Grade::{Fail, Warn};
    use Severity::{High, Low, Medium};
    for (line, grade, severity, says) in [
        ("theme=…", Warn, Low, "without encryption"),
        ("sid=…; HttpOnly; SameSite=Lax", Fail, High, "without encryption"),
        ("sid=…; Secure; SameSite=Lax", Fail, High, "Scripts can read"),
        ("sid=…; Secure; HttpOnly", Warn, Low, "browsers differ"),
        ("sid=…; Secure; HttpOnly; SameSite=None", Warn, Low, "every request"),
        ("theme=…; SameSite=None", Warn, Medium, "needs Secure"),
        ("theme=…; Secure; SameSite=yes", Warn, Low, "do not know"),
        ("__Host-sid=…; Secure; HttpOnly; SameSite=Lax; Path=/; Domain=example.com", Fail, High, "forbids Domain"),
        ("__Secure-theme=…", Warn, Medium, "promises Secure"),
        ("sid=…; Secure; HttpOnly; SameSite=Lax; Domain=example.com", Warn, Low, "every host below"),
        ("theme=…; Secure; Domain=other.example", Warn, Low, "may not set it"),
    ] {
        let found = findings(&CHECK, &with(&[line]));
        assert!(found.len() == 1 && found[0].says.contains(says), "{line}: {found:#?}");
        assert_eq!((found[0].grade, found[0].severity), (grade, severity), "{line}");
    }
}

#[test]
fn a_cookie_is_told_once_and_those_of_others_are_not_ours() {
    let mut facts = with(&["theme=…", "theme=…"]);
    chain_at(&mut facts, "http://example.com/").hops[1].headers = vec![header("set-cookie", "theme=…")];
    assert_eq!(findings(&CHECK, &facts).len(), 1);
    let hop = &mut chain_at(&mut facts, HOME).hops[0];
    hop.url = "https://login.elsewhere.example/".to_owned();
    let Some(Fact::Seen { value, .. }) = facts.http.get_mut("http://example.com/") else { panic!() };
    value.hops[1].headers.clear();
    assert_eq!(findings(&CHECK, &facts), []);
}

#[test]
fn silence_is_not_judged() {
    let mut facts = healthy();
    facts.http.insert("https://www.example.com/".to_owned(), unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}
