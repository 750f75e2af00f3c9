//! The part of http.canonical that reads robots.txt and the sitemaps: they must name the address that people end at.

use super::origin;
use crate::check::{Finding, Fix, Grade, Severity};
use crate::facts::Signposts;

/// Proof lines.
pub(super) fn seen(posts: &Signposts) -> Vec<String> {
    let mut lines = match &posts.robots {
        Some(robots) => vec![format!("{} names {} sitemaps", robots.url, robots.sitemaps.len())],
        None => vec![format!("{} has no robots.txt", posts.origin)],
    };
    lines.extend(posts.sitemaps.iter().map(|map| format!("{} lists {} addresses", map.url, map.entries)));
    lines
}

/// What they say of other addresses than the site's own.
pub(super) fn broken(posts: &Signposts) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(robots) = &posts.robots {
        if robots.shut {
            let says = format!(
                "{} tells every search engine to stay away from the whole site, so nobody finds it by searching.",
                robots.url
            );
            let fix = "Remove the line Disallow: / once the site is meant to be found.";
            found.push(finding("robots.txt", Severity::Medium, says, "User-agent: * / Disallow: /", fix, None));
        }
        for map in robots.sitemaps.iter().filter(|map| origin(map) != posts.origin) {
            let says = format!("{} names a sitemap at another address than the site's own: {map}.", robots.url);
            let line = format!("Sitemap: {}/sitemap.xml", posts.origin);
            let fix = "Name the sitemap at the address that people end at.";
            found.push(finding("robots.txt", Severity::Low, says, &format!("Sitemap: {map}"), fix, Some(line)));
        }
    }
    for map in &posts.sitemaps {
        let elsewhere: Vec<String> = map
            .origins
            .iter()
            .filter(|(at, _)| **at != posts.origin)
            .map(|(at, count)| format!("{count} at {at}"))
            .collect();
        if elsewhere.is_empty() {
            continue;
        }
        let says = format!(
            "The sitemap {} sends search engines to other addresses than {}: {}.",
            map.url,
            posts.origin,
            elsewhere.join(", ")
        );
        let fix = format!(
            "Write all addresses of the sitemap with {}; most generators take it from one setting (site URL, base URL).",
            posts.origin
        );
        found.push(finding(
            "sitemap",
            Severity::Medium,
            says,
            &format!("{} of {} addresses", elsewhere.join(", "), map.entries),
            &fix,
            None,
        ));
    }
    found
}

fn finding(subject: &str, severity: Severity, says: String, saw: &str, fix: &str, paste: Option<String>) -> Finding {
    Finding {
        subject: subject.to_owned(),
        grade: Grade::Warn,
        severity,
        says,
        evidence: vec![saw.to_owned()],
        fix: Fix { says: fix.to_owned(), paste, minutes: 10, after: vec![] },
    }
}
