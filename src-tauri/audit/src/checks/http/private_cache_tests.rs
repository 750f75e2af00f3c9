//! Tests of http.private_cache.

use super::CHECK;
use crate::Why;
use crate::check::{Grade, Severity, Status};
use crate::facts::{Exchange, Facts};
use crate::testing::{chain_at, exchange, findings, header, healthy, judge, named, put, status, unseen};

const URL: &str = "https://example.com/boards";
const MINE: &[u8] = b"<html>Acme's boards";

fn answer(status: u16, body: &[u8], headers: &[(&str, &str)]) -> Exchange {
    let mut answer = exchange(URL, status, body);
    answer.headers = headers.iter().map(|(name, value)| header(name, value)).collect();
    answer
}

fn site(owner: &[(&str, &str)], second: Exchange) -> Facts {
    let mut facts = healthy();
    named(&mut facts, &[(URL, "data")]);
    put(&mut facts, "anonymous", answer(302, b"", &[]));
    put(&mut facts, "signed-in", answer(200, MINE, owner));
    put(&mut facts, "second", second);
    facts
}

#[test]
fn a_private_answer_passes() {
    for cache in ["private, no-store", "no-store", "private", "no-cache", "max-age=0"] {
        assert_eq!(status(&CHECK, &site(&[("cache-control", cache)], answer(302, b"", &[]))), Status::Pass, "{cache}");
    }
    assert_eq!(status(&CHECK, &site(&[("vary", "Cookie")], answer(302, b"", &[]))), Status::Pass);
}

#[test]
fn a_proven_leak_is_critical_and_the_rest_is_graded() {
    let closed = || answer(302, b"", &[]);
    for (owner, second, expected) in [
        (&[("cache-control", "no-store")][..], answer(200, MINE, &[("cf-cache-status", "HIT")]), Severity::Critical),
        (&[("cache-control", "no-store")], answer(200, MINE, &[]), Severity::Critical),
        (&[("cache-control", "public, max-age=60")], closed(), Severity::High),
        (&[("cache-control", "max-age=60"), ("vary", "cookie")], closed(), Severity::Medium),
        (&[], closed(), Severity::Medium),
    ] {
        let found = findings(&CHECK, &site(owner, second));
        assert_eq!(found.iter().map(|finding| finding.severity).collect::<Vec<_>>(), [expected], "{owner:?}");
    }
}

#[test]
fn a_page_that_is_the_same_for_everybody_is_no_leak() {
    let mut facts = site(&[("cache-control", "private")], answer(200, MINE, &[]));
    put(&mut facts, "anonymous", answer(200, MINE, &[]));
    assert_eq!(status(&CHECK, &facts), Status::Pass);
    put(&mut facts, "signed-in", answer(200, MINE, &[("cache-control", "public, max-age=600")]));
    assert_eq!(status(&CHECK, &facts), Status::Pass);
}

#[test]
fn a_token_keeps_shared_caches_away_unless_they_are_asked_in() {
    let by_token = |cache: &str| {
        let mut facts = site(&[], answer(401, b"", &[]));
        let mut owner = answer(200, MINE, &[("cache-control", cache)]);
        owner.sent.push(header("authorization", "…"));
        put(&mut facts, "signed-in", owner);
        status(&CHECK, &facts)
    };
    assert_eq!(by_token("max-age=60"), Status::Pass);
    assert_eq!(by_token("public, max-age=60"), Status::Fail);
}

#[test]
fn cookies_on_pages_that_caches_keep_are_found() {
    let page = |extra: &[(&str, &str)]| {
        let mut facts = site(&[("cache-control", "private")], answer(302, b"", &[]));
        let hop = &mut chain_at(&mut facts, "https://example.com/").hops[0];
        hop.headers.extend(extra.iter().map(|(name, value)| header(name, value)));
        findings(&CHECK, &facts).iter().map(|finding| (finding.grade, finding.severity)).collect::<Vec<_>>()
    };
    let kept = ("cache-control", "public, max-age=600");
    assert_eq!(page(&[kept, ("set-cookie", "sid=…; Secure")]), [(Grade::Fail, Severity::High)]);
    let hit = [kept, ("set-cookie", "sid=…"), ("cf-cache-status", "HIT")];
    assert_eq!(page(&hit), [(Grade::Fail, Severity::Critical)]);
    for fine in [
        &[kept, ("set-cookie", "__cf_bm=…; Secure")][..],
        &[kept, ("set-cookie", "old=…; Max-Age=0")],
        &[("set-cookie", "sid=…")],
        &[("cache-control", "no-cache"), ("set-cookie", "sid=…")],
    ] {
        assert_eq!(page(fine), [], "{fine:?}");
    }
}

#[test]
fn no_address_no_session_and_silence_are_not_judged() {
    let unseen_by = |facts: &Facts| match judge(&CHECK, facts) {
        Ok(crate::Verdict::Judged { unseen, .. }) => unseen[0].why,
        other => panic!("{other:?}"),
    };
    assert_eq!(unseen_by(&healthy()), Why::NotAnswered);
    let mut facts = site(&[("cache-control", "private")], answer(302, b"", &[]));
    facts.exchanges.insert(format!("second {URL}"), unseen(Why::Busy));
    assert_eq!(unseen_by(&facts), Why::Busy);
    facts.exchanges.insert(format!("signed-in {URL}"), unseen(Why::NoSession));
    assert_eq!(unseen_by(&facts), Why::NoSession);
}
