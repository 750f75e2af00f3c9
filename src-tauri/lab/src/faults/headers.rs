//! Faults of the headers and of the policy in them: what looks like protection and is none.

use super::Fault;
use crate::site::Door;
use crate::world::{DOMAIN, World};

const HEADERS: &[&str] = &["http.security_headers"];
const POLICY: &str = "content-security-policy";

pub(super) const ROWS: [Fault; 16] = [
    Fault::found("hsts-zero", "Strict-Transport-Security switches itself off", HEADERS, |world| {
        with(world, "strict-transport-security", "max-age=0")
    }),
    Fault::found("hsts-garbled", "Strict-Transport-Security lacks its max-age", HEADERS, |world| {
        with(world, "strict-transport-security", "includeSubDomains; preload")
    }),
    Fault::found(
        "hsts-preload-short",
        "Strict-Transport-Security asks for preload after half a year",
        HEADERS,
        |world| with(world, "strict-transport-security", "max-age=15552000; preload"),
    ),
    Fault::found("csp-report-only", "the content security policy is only on trial", HEADERS, |world| {
        let headers = &mut world.site(DOMAIN).headers;
        if let Some(policy) = headers.remove(POLICY) {
            headers.insert("content-security-policy-report-only", policy);
        }
    }),
    Fault::found("csp-bypass", "the content security policy trusts a host that runs any function", HEADERS, |world| {
        policy(world, "script-src 'self'", "script-src 'self' https://accounts.google.com")
    }),
    Fault::found(
        "csp-any-script",
        "the content security policy takes scripts from every https host",
        HEADERS,
        |world| policy(world, "script-src 'self'", "script-src 'self' https:"),
    ),
    Fault::found("csp-base-open", "the content security policy has nonces and no base-uri", HEADERS, |world| {
        policy(world, " base-uri 'self';", "");
        policy(world, "script-src 'self'", "script-src 'nonce-cjRuZDBtMTI=' 'self'");
    }),
    Fault::found(
        "csp-nonce-reused",
        "the content security policy names the same nonce at every visit",
        HEADERS,
        |world| {
            policy(world, "script-src 'self'", "script-src 'nonce-cjRuZDBtMTI=' 'self'");
        },
    )
    .telling("same nonce"),
    Fault::trap("csp-nonce-fresh", "the content security policy names a nonce of its own at each visit", |world| {
        policy(world, "script-src 'self'", "script-src 'nonce-{fresh}' 'self'");
    }),
    Fault::found(
        "hsts-preload-detour",
        "HSTS asks for preload, and plain HTTP leads to another host first",
        &["http.https_only", "http.security_headers"],
        |world| {
            with(world, "strict-transport-security", "max-age=63072000; includeSubDomains; preload");
            world.site(DOMAIN).plain = Door::sends("https", "www.juniperdesk.example");
        },
    )
    .telling("same host first"),
    Fault::trap("hsts-preload-ready", "HSTS meets every condition of the preload list", |world| {
        with(world, "strict-transport-security", "max-age=63072000; includeSubDomains; preload")
    }),
    Fault::found("csp-slip", "the content security policy misspells a directive", HEADERS, |world| {
        policy(world, "img-src", "image-src")
    }),
    Fault::found(
        "frame-ancestors-any",
        "frame-ancestors allows every site, whatever X-Frame-Options says",
        HEADERS,
        |world| policy(world, "frame-ancestors 'none'", "frame-ancestors *"),
    ),
    Fault::found("referrer-unsafe", "whole addresses are passed on to every site", HEADERS, |world| {
        with(world, "referrer-policy", "no-referrer, unsafe-url")
    }),
    Fault::found("permissions-old", "Permissions-Policy is written in the form of its predecessor", HEADERS, |world| {
        with(world, "permissions-policy", "camera 'none'; geolocation 'none'")
    }),
    Fault::found("opener-misspelt", "Cross-Origin-Opener-Policy has a word that does not exist", HEADERS, |world| {
        with(world, "cross-origin-opener-policy", "sameorigin")
    }),
];

fn with(world: &mut World, header: &'static str, value: &str) {
    world.site(DOMAIN).headers.insert(header, value.to_owned());
}

/// Changes a part of the policy.
fn policy(world: &mut World, from: &str, to: &str) {
    if let Some(policy) = world.site(DOMAIN).headers.get_mut(POLICY) {
        *policy = policy.replace(from, to);
    }
}
