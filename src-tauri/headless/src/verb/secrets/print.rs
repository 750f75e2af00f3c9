//! The finds as text for a person and as JSON for a program.

use super::{Found, Told};
use crate::exit::Trouble;
use audit::Severity;
use audit::facts::Place;
use serde_json::{Value, json};
use std::fmt::Write;

/// Finds printed in full as text.
const SHOWN: usize = 200;

pub fn text(told: &Told<'_>) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let mut line = |says: String| {
        let _ = writeln!(text, "{says}");
    };
    let mut counted: Vec<&Found<'_>> = told.found.iter().filter(|found| found.counts()).collect();
    counted.sort_by_key(|found| (std::cmp::Reverse(found.severity), std::cmp::Reverse(found.leak.place)));
    for found in counted.iter().take(SHOWN) {
        line(format!("{:<8}  {}  {}", word(found.severity), found.rule.title, at(found)));
        line(format!("          {}  fingerprint {}", place(found), found.leak.found.fingerprint));
        line(format!("          {} {}", found.rule.revoke, found.rule.link));
    }
    if counted.len() > SHOWN {
        line(format!("and {} more", counted.len() - SHOWN));
    }
    for found in told.found.iter().filter(|found| !found.counts()) {
        line(format!("{:<8}  {}  {}  {}", "known", found.rule.title, at(found), why(found)));
    }
    told.idle.iter().for_each(|says| line(format!("note      {says}")));
    for unread in told.seen.iter().flat_map(|(_, seen)| &seen.unread) {
        line(format!("unread    {}: {}", unread.what, unread.says));
    }
    told.lost.iter().for_each(|says| line(format!("unread    {says}")));
    for (what, seen) in &told.seen {
        let commits = if seen.commits > 0 { format!(" of {} commits", seen.commits) } else { String::new() };
        line(format!("{} {what}{commits} read ({} kB)", seen.files, seen.bytes.div_ceil(1000)));
    }
    let whole = told.lost.is_empty() && told.seen.iter().all(|(_, seen)| seen.unread.is_empty() && !seen.cut);
    line(match counted.len() {
        0 if !whole => "no key that must not be there in what was read".to_owned(),
        0 => "no key that must not be there".to_owned(),
        1 => "1 key that must not be there: revoke it, replace it, then remove it from the history".to_owned(),
        many => format!("{many} keys that must not be there: revoke each, replace it, then remove it from the history"),
    });
    text
}

fn at(found: &Found<'_>) -> String {
    let leak = &found.leak;
    match &leak.found.source {
        Some(source) => format!("{}: {source}:{}", leak.path, leak.found.line),
        None => format!("{}:{}", leak.path, leak.found.line),
    }
}

fn place(found: &Found<'_>) -> String {
    let leak = &found.leak;
    let short = |hex: &Option<String>| hex.as_deref().map_or_else(String::new, |hex| hex.chars().take(10).collect());
    let since = match (&leak.commit, leak.at) {
        (Some(_), Some(at)) => format!(" since commit {} of {}", short(&leak.commit), at.strftime("%Y-%m-%d")),
        (Some(_), None) => format!(" since commit {}", short(&leak.commit)),
        _ => String::new(),
    };
    match leak.place {
        Place::Tree => format!("in the folder{since}"),
        Place::Head => format!("in the last commit{since}"),
        Place::History => format!("only in the history{since}, last in {}", short(&leak.last)),
        Place::Ignored => "in a file that git ignores".to_owned(),
    }
}

fn why(found: &Found<'_>) -> String {
    if let Some(waiver) = found.waiver {
        return format!(
            "waived until {}: {}",
            waiver.until.strftime("%Y-%m-%d"),
            audit::read::text::clean(&waiver.reason, 300)
        );
    }
    if found.leak.found.allowed {
        "allowed by a comment in its line".to_owned()
    } else if found.leak.found.public {
        format!("meant to be public: {}", found.rule.revoke)
    } else {
        "git ignores the file, so it stays on this computer".to_owned()
    }
}

/// A find with the words that programs rely on.
pub fn find(found: &Found<'_>) -> Value {
    let leak = &found.leak;
    json!({
        "rule": found.rule.id, "title": found.rule.title, "severity": word(found.severity),
        "path": leak.path, "line": leak.found.line, "source": leak.found.source,
        "commit": leak.commit, "last_commit": leak.last, "date": leak.at, "place": leak.place,
        "redacted": leak.found.redacted, "fingerprint": leak.found.fingerprint,
        "public": leak.found.public, "allowed": leak.found.allowed, "counts": found.counts(),
        "waived": found.waiver.map(|waiver| json!({"reason": waiver.reason, "until": waiver.until})),
        "revoke": found.rule.revoke, "link": found.rule.link,
    })
}

pub fn json(told: &Told<'_>) -> Result<String, Trouble> {
    let read: Vec<Value> = told.seen.iter()
        .map(|(what, seen)| json!({"what": what, "files": seen.files, "commits": seen.commits, "bytes": seen.bytes, "cut": seen.cut, "unread": seen.unread}))
        .collect();
    let whole = json!({"version": 1, "finds": told.found.iter().map(find).collect::<Vec<_>>(), "read": read, "unread": told.lost, "notes": told.idle});
    serde_json::to_string_pretty(&whole).map_err(|error| Trouble::new(format!("failed to print: {error}")))
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
    }
}
