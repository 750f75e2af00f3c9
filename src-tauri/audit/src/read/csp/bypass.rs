//! Hosts that serve what gets round an allow-list: answers that call a function of the attacker's choice, and old AngularJS.

use crate::read::shipped::Shipped;
use serde::Deserialize;
use std::sync::LazyLock;

const FILE: &str = include_str!("../../../../../assets/data/csp-bypass.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    /// Hosts whose answers need `'unsafe-eval'` to be of use.
    needs_eval: Vec<String>,
    /// `host/path` of answers that call any function.
    jsonp: Vec<String>,
    /// `host/path` of AngularJS.
    angular: Vec<String>,
}

static LIST: LazyLock<Option<Shipped<List>>> = LazyLock::new(|| Shipped::read(FILE).ok());

/// The day of the list.
#[must_use]
pub fn as_of() -> &'static str {
    LIST.as_ref().map_or("", |list| list.date.as_str())
}

/// What this source lets in that gets round the policy; `eval`: whether the policy allows `eval`.
pub(super) fn of(source: &str, eval: bool) -> Option<&'static str> {
    let list = &LIST.as_ref()?.rows;
    if source.starts_with('\'') || source.ends_with(':') || !source.contains('.') {
        return None;
    }
    let bare = source.split_once("://").map_or(source, |(_, rest)| rest);
    let (host, path) = bare.split_once('/').map_or((bare, ""), |(host, path)| (host, path));
    let host = host.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let matches = |entry: &&String| {
        let (name, where_) = entry.split_once('/').unwrap_or((entry, ""));
        let at = match host.strip_prefix("*.") {
            Some(parent) => name.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.')),
            None => name == host,
        };
        at && (path.is_empty() || path == where_ || path.ends_with('/') && where_.starts_with(path))
    };
    let usable = |entry: &&String| {
        let name = entry.split('/').next().unwrap_or_default();
        eval || !list.needs_eval.iter().any(|host| host == name)
    };
    if list.jsonp.iter().filter(usable).any(|entry| matches(&entry)) {
        return Some("answers that call any function (JSONP)");
    }
    list.angular.iter().any(|entry| matches(&entry)).then_some("old AngularJS, which runs templates as code")
}

#[cfg(test)]
mod tests {
    use super::{FILE, List, Shipped, of};

    #[test]
    fn hosts_paths_and_wildcards_are_matched_as_browsers_match_sources() {
        let list = Shipped::<List>::read(FILE).unwrap().rows;
        assert!(list.jsonp.len() > 50 && list.angular.len() > 20);
        assert!(of("https://accounts.google.com", false).is_some());
        assert!(of("*.google.com", false).is_some());
        assert!(of("accounts.google.com/o/", false).is_some());
        assert!(of("accounts.google.com/elsewhere/", false).is_none());
        assert!(of("cdnjs.cloudflare.com", false).is_some());
        assert!(of("https://www.googletagmanager.com", false).is_none());
        assert!(of("https://www.googletagmanager.com", true).is_some());
        assert!(of("cdn.example.com", true).is_none());
        assert!(of("'self'", true).is_none());
    }
}
