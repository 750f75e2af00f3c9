//! The findings of http.private_cache.

use super::{Finding, Severity, copied, of_network};
use crate::check::{Fix, Grade};
use crate::facts::{Exchange, Hop};
use crate::read::caching::Caching;
use crate::read::cookie;

/// A private answer was handed to a second client.
pub(super) fn leaked(owner: &Exchange, url: &str, line: &str) -> Finding {
    Finding {
        subject: url.to_owned(),
        grade: Grade::Fail,
        severity: Severity::Critical,
        says: format!("What your session was shown at {url} was handed to a second visitor without a session."),
        evidence: vec![
            format!("GET {} with your session → {}, {} bytes", owner.url, owner.status, owner.body.bytes),
            format!("the same address from a second client without cookie or token → the same bytes ({line})"),
        ],
        fix: Fix {
            says: "Purge the cache of the delivery network now and switch off the rule that keeps this address. Then let the server forbid it; at nginx, paste this into the location.".to_owned(),
            paste: Some("add_header Cache-Control \"private, no-store\" always;".to_owned()),
            minutes: 30,
            after: vec![],
        },
    }
}

/// Shared caches may give the answer to somebody else.
pub(super) fn storable(owner: &Exchange, url: &str, said: &str, apart: bool) -> Finding {
    let (grade, severity) = if apart { (Grade::Warn, Severity::Medium) } else { (Grade::Fail, Severity::High) };
    Finding {
        subject: url.to_owned(),
        grade,
        severity,
        says: format!(
            "A cache between you and your customers may keep what {url} shows one of them and give it to others."
        ),
        evidence: vec![
            format!("GET {} with your session → {}, cache-control: {said}", owner.url, owner.status),
            "a second client did not get it yet: whether a cache keeps it is up to each cache on the way".to_owned(),
        ],
        fix: Fix {
            says: "Mark everything behind the login as private. At nginx, paste this into the location.".to_owned(),
            paste: Some("add_header Cache-Control \"private, no-store\" always;".to_owned()),
            minutes: 20,
            after: vec![],
        },
    }
}

/// Nothing forbids caches to keep it.
pub(super) fn unsaid(owner: &Exchange, url: &str) -> Finding {
    Finding {
        subject: url.to_owned(),
        grade: Grade::Warn,
        severity: Severity::Medium,
        says: format!(
            "Nothing tells caches that {url} belongs to one customer only, so the first cache rule that is too wide gives it to others."
        ),
        evidence: vec![format!("GET {} with your session → {}, no Cache-Control", owner.url, owner.status)],
        fix: Fix {
            says: "Mark everything behind the login as private. At nginx, paste this into the location.".to_owned(),
            paste: Some("add_header Cache-Control \"private, no-store\" always;".to_owned()),
            minutes: 20,
            after: vec![],
        },
    }
}

/// A page that sets a cookie and that shared caches may give to others, cookie included (RFC 9111 §7.3).
pub(super) fn cookie(page: &Hop) -> Option<Finding> {
    let names: Vec<String> = page
        .header("set-cookie")
        .map(cookie::parse)
        .filter(|cookie| !cookie.deletes() && !of_network(&cookie.name))
        .map(|cookie| cookie.name)
        .collect();
    if names.is_empty() || !Caching::of(&page.headers).shared_may_reuse(page.status, false) {
        return None;
    }
    let said = page.header("cache-control").next().unwrap_or("no Cache-Control");
    let copy = copied(&page.headers);
    let (grade, severity) =
        if copy.is_some() { (Grade::Fail, Severity::Critical) } else { (Grade::Fail, Severity::High) };
    let says = match copy {
        Some(_) => format!("Every visitor of {} is handed the same cookie out of a cache.", page.url),
        None => format!(
            "{} sets a cookie and lets caches keep the answer, cookie included, for the next visitor.",
            page.url
        ),
    };
    let mut evidence =
        vec![format!("GET {} → {}, cache-control: {said}, set-cookie: {}", page.url, page.status, names.join(", "))];
    evidence.extend(copy);
    let fix = Fix {
        says: "Do not set cookies on pages that are the same for everybody, or forbid caches to keep this one. At nginx, paste this into the location.".to_owned(),
        paste: Some("add_header Cache-Control \"private, no-cache\" always;".to_owned()),
        minutes: 30,
        after: vec![],
    };
    Some(Finding { subject: page.url.clone(), grade, severity, says, evidence, fix })
}
