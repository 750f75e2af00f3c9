//! Tests of http.security_headers.

use super::CHECK;
use crate::Why;
use crate::check::Status;
use crate::facts::Facts;
use crate::testing::{chain_at, findings, header, healthy, status, unseen};

const HOME: &str = "https://example.com/";

fn with(headers: &[(&str, &str)]) -> Facts {
    let mut facts = healthy();
    let good = [
        ("strict-transport-security", "max-age=31536000"),
        ("content-security-policy", "default-src 'self'; frame-ancestors 'none'"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("server", "cloudflare"),
    ];
    let kept = good.iter().filter(|(name, _)| headers.iter().all(|(other, _)| other != name));
    let all = kept.chain(headers).filter(|(_, value)| !value.is_empty());
    chain_at(&mut facts, HOME).hops[0].headers = all.map(|(name, value)| header(name, value)).collect();
    facts
}

#[test]
fn good_headers_pass() {
    assert_eq!(status(&CHECK, &with(&[])), Status::Pass);
    let nonce = "script-src 'nonce-abc' 'unsafe-inline' https:; frame-ancestors 'self'";
    assert_eq!(
        findings(
            &CHECK,
            &with(&[(
                "content-security-policy",
                "script-src 'nonce-abc' 'strict-dynamic' 'unsafe-inline' https:; frame-ancestors 'self'"
            )])
        ),
        vec![]
    );
    assert_eq!(findings(&CHECK, &with(&[("content-security-policy", nonce)])).len(), 1);
}

#[test]
fn each_missing_or_weak_header_is_one_finding() {
    for (name, value) in [
        ("strict-transport-security", ""),
        ("strict-transport-security", "max-age=300"),
        ("content-security-policy", "script-src 'self' 'unsafe-inline'; frame-ancestors 'none'"),
        ("content-security-policy", "script-src *; frame-ancestors 'none'"),
        ("content-security-policy", "default-src 'self'"),
        ("x-content-type-options", ""),
        ("referrer-policy", ""),
        ("server", "nginx/1.18.0"),
    ] {
        assert_eq!(findings(&CHECK, &with(&[(name, value)])).len(), 1, "{name}: {value}");
    }
}

#[test]
fn silence_is_not_judged() {
    let mut facts = with(&[]);
    facts.http.insert(HOME.to_owned(), unseen(Why::Untrusted));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}
