//! RFC 9111 by its own examples and rules.

use super::Caching;
use crate::testing::header;

fn of(lines: &[(&str, &str)]) -> Caching {
    Caching::of(&lines.iter().map(|(name, value)| header(name, value)).collect::<Vec<_>>())
}

fn control(value: &str) -> Caching {
    of(&[("cache-control", value)])
}

#[test]
fn freshness_takes_the_first_rule_that_speaks() {
    // §4.2.1: s-maxage for shared caches, then max-age, then Expires less Date.
    let all = of(&[
        ("date", "Sat, 21 Nov 2026 12:00:00 GMT"),
        ("expires", "Sat, 21 Nov 2026 12:10:00 GMT"),
        ("cache-control", "max-age=60, s-maxage=30"),
    ]);
    assert_eq!((all.shared_lifetime(), all.private_lifetime()), (Some(30), Some(60)));
    let old = of(&[("date", "Sat, 21 Nov 2026 12:00:00 GMT"), ("expires", "Sat, 21 Nov 2026 12:10:00 GMT")]);
    assert_eq!(old.shared_lifetime(), Some(600));
    // §5.3: "an Expires with an invalid date, in particular 0, means already expired".
    for value in ["0", "-1", "Thu, 01 Dec 1994 16:00:00 GMT", "tomorrow"] {
        let stale = of(&[("date", "Sat, 21 Nov 2026 12:00:00 GMT"), ("expires", value)]);
        assert_eq!(stale.private_lifetime(), Some(0), "{value}");
    }
    assert_eq!(control("").private_lifetime(), None);
    // §4.2.1: of several the first counts, and what cannot be read is stale. §1.2.2: an overflow is 2^31.
    assert_eq!(control("max-age=1, max-age=9").max_age, Some(1));
    for value in ["max-age", "max-age=-1", "max-age=1.5", "max-age=x"] {
        assert_eq!(control(value).max_age, Some(0), "{value}");
    }
    assert_eq!(control("max-age=99999999999999999999").max_age, Some(1 << 31));
    // §5.2: names without regard to case, arguments as tokens or quoted.
    assert_eq!(control("Max-Age=\"10\" , PUBLIC").max_age, Some(10));
}

#[test]
fn the_guess_is_a_tenth_of_the_age_of_the_change() {
    let quiet = of(&[("date", "Sat, 21 Nov 2026 12:00:00 GMT"), ("last-modified", "Wed, 11 Nov 2026 12:00:00 GMT")]);
    assert_eq!((quiet.shared_lifetime(), quiet.guess()), (None, Some(86_400)));
    assert!(quiet.shared_may_reuse(200, false) && !quiet.shared_may_reuse(302, false));
    assert!(quiet.validator);
}

#[test]
fn storing_follows_section_three() {
    for (value, status, shared, private) in [
        ("", 200, true, true),
        ("", 302, false, false),
        ("max-age=60", 302, true, true),
        ("no-store", 200, false, false),
        ("private", 200, false, true),
        ("private, max-age=60", 200, false, true),
        ("public", 403, true, true),
        ("no-cache", 200, true, true),
        // With field names only those fields are private (§5.2.2.7).
        ("private=\"set-cookie, x\", max-age=60", 200, true, true),
        ("no-cache=\"set-cookie\", max-age=60", 200, true, true),
    ] {
        let caching = control(value);
        assert_eq!(caching.shared_may_store(status, false), shared, "{value} {status}");
        assert_eq!(caching.private_may_store(status), private, "{value} {status}");
    }
}

#[test]
fn an_authorised_answer_needs_leave() {
    // §3.5: public, must-revalidate or s-maxage.
    for (value, allowed) in [
        ("max-age=60", false),
        ("max-age=60, public", true),
        ("s-maxage=60", true),
        ("max-age=60, must-revalidate", true),
    ] {
        assert_eq!(control(value).shared_may_store(200, true), allowed, "{value}");
    }
}

#[test]
fn reuse_ends_with_freshness() {
    assert!(control("public, max-age=60").shared_may_reuse(200, false));
    assert!(!control("no-cache").shared_may_reuse(200, false));
    assert!(!control("max-age=0, must-revalidate").shared_may_reuse(200, false));
    assert!(!control("max-age=60, s-maxage=0").shared_may_reuse(200, false));
    assert!(!of(&[("cache-control", "max-age=60"), ("age", "60")]).shared_may_reuse(200, false));
    assert!(
        of(&[("pragma", "no-cache")]).no_cache && !of(&[("pragma", "no-cache"), ("cache-control", "public")]).no_cache
    );
}

#[test]
fn hostile_fields_are_read_in_time() {
    for value in
        ["\"".repeat(4_096), ",".repeat(4_096), "a=\"b,".repeat(800), "=".repeat(4_096), "é=\"ü\"é,é".repeat(500)]
    {
        let _ = control(&value);
        let _ = of(&[("expires", &value), ("date", &value), ("age", &value), ("vary", &value)]);
    }
    assert_eq!(control("x=\"a, max-age=5\", max-age=9").max_age, Some(9));
    assert_eq!(of(&[("vary", "Accept-Encoding, Origin"), ("vary", "")]).vary, ["accept-encoding", "origin"]);
}
