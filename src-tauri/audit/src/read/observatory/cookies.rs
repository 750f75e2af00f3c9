//! The cookies test.

use super::{Sight, Test};
use crate::facts::Hop;
use crate::read::cookie::{SameSite, SetCookie, parse};
use url::Url;

/// Set by a platform whose load balancer cannot do better; the observatory looks past it.
const PASSED_OVER: &str = "heroku-session-affinity";

/// Results from best to worst.
const WORSE: [(&str, i32); 7] = [
    ("cookies-without-secure-flag-but-protected-by-hsts", -5),
    ("cookies-without-secure-flag", -20),
    ("cookies-session-without-secure-flag-but-protected-by-hsts", -10),
    ("cookies-samesite-flag-invalid", -20),
    ("cookies-anticsrf-without-samesite-flag", -20),
    ("cookies-session-without-httponly-flag", -30),
    ("cookies-session-without-secure-flag", -40),
];

pub(super) fn test(sight: &Sight<'_>, hsts: bool) -> Test {
    let told = |result, modifier, pass| super::test("cookies", result, modifier, pass);
    let kept: Vec<SetCookie> = sight.secure.hops.iter().flat_map(taken).collect();
    if kept.is_empty() {
        return told("cookies-not-found", 0, true);
    }
    let last = sight.secure.last().into_iter().flat_map(|hop| hop.header("set-cookie")).map(parse);
    let invalid = last.filter(|cookie| matches!(cookie.same_site(), SameSite::Unknown(_))).map(|_| 3);
    let worst = kept.iter().flat_map(|cookie| faults(cookie, hsts)).chain(invalid).max();
    match worst.and_then(|place| WORSE.get(place)) {
        Some((result, modifier)) => told(result, *modifier, false),
        None if kept.iter().any(|cookie| !said(cookie)) => told("cookies-secure-with-httponly-sessions", 0, true),
        None => told("cookies-secure-with-httponly-sessions-and-samesite", 5, true),
    }
}

/// The cookies of an answer that a client keeps.
fn taken(hop: &Hop) -> Vec<SetCookie> {
    let host = Url::parse(&hop.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let keeps = |cookie: &SetCookie| {
        let named = !cookie.name.is_empty() && cookie.name != PASSED_OVER;
        named && cookie.fits(&host) && cookie.broken_prefix().is_none()
    };
    hop.header("set-cookie").map(parse).filter(keeps).collect()
}

/// Places in the order of results.
fn faults(cookie: &SetCookie, hsts: bool) -> Vec<usize> {
    let name = cookie.name.to_ascii_lowercase();
    let session = name.contains("login") || name.contains("sess");
    let bare = !cookie.secure();
    let rules = [
        (bare && hsts, 0),
        (bare && !hsts, 1),
        (session && bare && hsts, 2),
        (bare && cookie.same_site() == SameSite::None, 3),
        (name.contains("csrf") && !said(cookie), 4),
        (session && !cookie.http_only(), 5),
        (session && bare && !hsts, 6),
    ];
    rules.iter().filter(|(broken, _)| *broken).map(|(_, place)| *place).collect()
}

fn said(cookie: &SetCookie) -> bool {
    !matches!(cookie.same_site(), SameSite::Missing | SameSite::Unknown(_))
}
