//! Tests of http.security_headers.

use super::CHECK;
use crate::Why;
use crate::check::{Severity, Status};
use crate::facts::{Facts, PageSeen, Resource, ResourceKind, Written};
use crate::testing::{chain_at, findings, header, healthy, judge, status, unseen};

const HOME: &str = "https://example.com/";
const CSP: &str = "content-security-policy";

fn with(headers: &[(&str, &str)]) -> Facts {
    let mut facts = healthy();
    let good = [
        ("strict-transport-security", "max-age=31536000"),
        (CSP, "default-src 'self'; frame-ancestors 'none'"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("server", "cloudflare"),
    ];
    let kept = good.iter().filter(|(name, _)| headers.iter().all(|(other, _)| other != name));
    let all = kept.chain(headers).filter(|(_, value)| !value.is_empty());
    chain_at(&mut facts, HOME).hops[0].headers = all.map(|(name, value)| header(name, value)).collect();
    facts
}

fn page(facts: &mut Facts, change: impl FnOnce(&mut PageSeen)) {
    change(chain_at(facts, HOME).hops[0].page.as_mut().unwrap());
}

#[test]
fn good_headers_pass() {
    let strict = "script-src 'nonce-b7Qw3kZp' 'strict-dynamic' 'unsafe-inline' https:; object-src 'none'; base-uri 'none'; frame-ancestors 'self'";
    for headers in [
        &[][..],
        &[(CSP, strict)],
        &[(CSP, "default-src 'self'"), ("x-frame-options", "SAMEORIGIN")],
        &[("strict-transport-security", "max-age=63072000; includeSubDomains; preload")],
        &[("permissions-policy", "camera=(), geolocation=(self \"https://maps.example\"), fullscreen=*, payment=self")],
        &[
            ("cross-origin-opener-policy", "same-origin; report-to=\"x\""),
            ("cross-origin-resource-policy", "same-site"),
        ],
        &[("referrer-policy", "no-referrer, strict-origin-when-cross-origin, from-the-future")],
        &[("server", "nginx"), ("x-powered-by", "Next.js")],
    ] {
        assert_eq!(findings(&CHECK, &with(headers)), [], "{headers:?}");
    }
    assert_eq!(status(&CHECK, &with(&[])), Status::Pass);
}

#[test]
fn each_missing_or_weak_header_is_one_finding() {
    for (name, value, says) in [
        ("strict-transport-security", "", "missing"),
        ("strict-transport-security", "max-age=300", "180 days"),
        ("strict-transport-security", "max-age=0", "stop insisting"),
        ("strict-transport-security", "includeSubDomains", "written wrongly"),
        ("strict-transport-security", "max-age=15552000; preload", "preload list"),
        (
            CSP,
            "default-src 'self'; script-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
            "script-src 'unsafe-inline'",
        ),
        (CSP, "default-src 'self'; script-src *; frame-ancestors 'none'", "anywhere"),
        (CSP, "default-src 'self'; script-src 'self' https://accounts.google.com; frame-ancestors 'none'", "got round"),
        (CSP, "default-src 'self'", "inside a frame"),
        (CSP, "default-src 'self'; frame-ancestors *", "overrides X-Frame-Options"),
        (CSP, "default-src 'self'; script-scr 'self'; frame-ancestors 'none'", "script-scr"),
        (CSP, "object-src 'none'; frame-ancestors 'none'", "does not limit scripts"),
        ("x-content-type-options", "", "file types"),
        ("x-content-type-options", "sniff, nosniff", "file types"),
        ("referrer-policy", "", "private pages"),
        ("referrer-policy", "no-referrer, unsafe-url", "whole addresses"),
        ("permissions-policy", "camera 'none'; microphone 'self'", "do not understand"),
        ("cross-origin-opener-policy", "sameorigin", "do not know"),
        ("server", "nginx/1.18.0", "version"),
    ] {
        let found = findings(&CHECK, &with(&[(name, value)]));
        assert!(found.len() == 1 && found[0].says.contains(says), "{name}: {value}: {found:#?}");
    }
    let found =
        findings(&CHECK, &with(&[(CSP, "default-src 'self'"), ("x-frame-options", "ALLOW-FROM https://a.example")]));
    assert!(found[0].says.contains("allow-from"));
}

#[test]
fn a_policy_on_trial_or_in_the_page_is_told_as_what_it_is() {
    let mut facts =
        with(&[(CSP, ""), ("x-frame-options", "DENY"), ("content-security-policy-report-only", "default-src 'self'")]);
    assert!(findings(&CHECK, &facts)[0].says.contains("on trial"));
    page(&mut facts, |page| page.csp_meta = vec!["default-src 'self'; frame-ancestors 'none'".to_owned()]);
    assert_eq!(findings(&CHECK, &facts), []);
    let mut facts = with(&[(CSP, "default-src 'self' 'unsafe-inline'"), ("x-frame-options", "DENY")]);
    page(&mut facts, |page| page.csp_meta = vec!["script-src 'self'".to_owned()]);
    assert_eq!(findings(&CHECK, &facts), []);
}

#[test]
fn what_is_pasted_clears_the_finding_and_raises_no_other() {
    for policy in [
        "",
        "default-src 'self'; script-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
        "default-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
        "default-src 'self'; script-src https: 'unsafe-eval'; frame-ancestors 'none'",
        "script-src 'nonce-b7Qw3kZp'; frame-ancestors 'none'",
        "object-src *; default-src 'self'; frame-ancestors 'none'",
        "img-src 'self'; frame-ancestors 'none'",
        "default-src 'self'; frame-ancestors *",
    ] {
        let mut facts = with(&[(CSP, policy), ("x-frame-options", "DENY")]);
        page(&mut facts, |page| {
            page.inline_hashes = vec!["sha256-AAAA".to_owned()];
            let url = "http://cdn.example.net/a.js".to_owned();
            let (kind, written) = (ResourceKind::Script, Written::Absolute);
            page.resources = vec![Resource { kind, url, integrity: false, blocking: false, written }];
        });
        let before = findings(&CHECK, &facts);
        assert!(!before.is_empty(), "{policy}");
        for finding in &before {
            let paste = finding.fix.paste.clone().unwrap();
            let value = paste.strip_prefix("Content-Security-Policy: ").unwrap();
            if policy.is_empty() || finding.says.contains("inline") {
                assert!(
                    ["'sha256-AAAA'", "https://cdn.example.net"].iter().all(|source| value.contains(source)),
                    "{value}"
                );
            }
            let mut mended = facts.clone();
            let headers = &mut chain_at(&mut mended, HOME).hops[0].headers;
            headers.retain(|header| header.name != CSP);
            headers.push(header(CSP, value));
            let after = findings(&CHECK, &mended);
            assert!(
                after.iter().all(|left| left.says != finding.says && before.iter().any(|old| old.says == left.says)),
                "{value}: {after:#?}"
            );
        }
    }
}

#[test]
fn the_observatory_stands_beside() {
    let Ok(crate::Verdict::Judged { proof, .. }) = judge(&CHECK, &with(&[])) else { panic!() };
    assert!(proof.iter().any(|line| line == "MDN observatory: score 115, grade A+"), "{proof:#?}");
    assert!(proof.iter().any(|line| line == "  content-security-policy: csp-implemented-with-no-unsafe (+5)"));
    let own = proof.iter().skip_while(|line| !line.starts_with("MDN")).skip(1);
    assert_eq!(own.take_while(|line| line.starts_with("  ") && line.contains(": ")).count(), 10);
    assert_eq!(findings(&CHECK, &with(&[("strict-transport-security", "")]))[0].severity, Severity::Medium);
}

#[test]
fn silence_is_not_judged() {
    let mut facts = with(&[]);
    facts.http.insert(HOME.to_owned(), unseen(Why::Untrusted));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}

const NONCE: &str =
    "default-src 'self'; script-src 'nonce-b7Qw3kZpR2' 'strict-dynamic'; base-uri 'none'; frame-ancestors 'none'";

#[test]
fn a_nonce_of_two_answers_is_told() {
    let again = |policy: &str| {
        let mut facts = with(&[(CSP, NONCE), ("x-frame-options", "DENY")]);
        let mut second = crate::testing::exchange(HOME, 200, b"<!doctype html>");
        second.headers.push(header(CSP, policy));
        crate::testing::put(&mut facts, "home", second);
        facts
    };
    assert_eq!(findings(&CHECK, &again(&NONCE.replace("R2", "T9"))), []);
    assert!(findings(&CHECK, &again(NONCE))[0].says.contains("same nonce at every visit"));
    let mut silent = again(NONCE);
    silent.exchanges.insert(format!("home {HOME}"), unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &silent), Status::CouldNotTell);
    let mut without = with(&[]);
    without.exchanges.insert(format!("home {HOME}"), unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &without), Status::Pass);
}

#[test]
fn trusted_types_are_advice() {
    let told = |policy: &str| {
        let facts = with(&[(CSP, policy), ("x-frame-options", "DENY")]);
        let Ok(crate::Verdict::Judged { proof, findings, .. }) = judge(&CHECK, &facts) else { panic!() };
        (findings.len(), proof.iter().any(|line| line.starts_with("advice: require-trusted-types-for")))
    };
    assert_eq!(told("default-src 'self'; frame-ancestors 'none'"), (0, true));
    assert_eq!(told("default-src 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"), (0, false));
}

#[test]
fn each_condition_of_the_preload_list_is_told() {
    let lines = |facts: &crate::Facts| {
        let Ok(crate::Verdict::Judged { proof, .. }) = judge(&CHECK, facts) else { panic!() };
        proof.into_iter().skip_while(|line| !line.starts_with("HSTS preload list")).take(6).collect::<Vec<_>>()
    };
    let hsts = "strict-transport-security";
    let mut facts = with(&[(hsts, "max-age=63072000; includeSubDomains; preload")]);
    let all = lines(&facts);
    assert!(all[0].contains("ready to be") && all[1..].iter().all(|line| line.ends_with(": met")), "{all:#?}");
    assert_eq!(findings(&CHECK, &facts), []);
    crate::testing::chain(&mut facts, &["http://example.com/", "https://www.example.com/"]);
    assert_eq!(lines(&facts)[4], "  plain HTTP leads to HTTPS on the same host first: not met");
    assert!(findings(&CHECK, &facts)[0].says.contains("preload list, which refuses it"));
    facts.http.insert("http://example.com/".to_owned(), unseen(Why::Timeout));
    assert!(lines(&facts)[4].ends_with("could not be seen"));
    assert_eq!(findings(&CHECK, &facts), []);
    assert!(lines(&with(&[(hsts, "max-age=31536000")]))[0].contains("no fault"));
}
