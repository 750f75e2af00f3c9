//! Keys joined over folder and history, replaced by people, and come back.

use super::{KEY, Rotation, exposed, merge, reopen, replace, settle};
use crate::check::Severity;
use crate::facts::{Facts, KeyFound, Place, Repository, SecretMatch};
use crate::testing::{blank, now, seen};
use jiff::Timestamp;

/// A key of Stripe's live form at a place, with the time of its first commit.
pub(crate) fn key(fingerprint: &str, path: &str, place: Place, first: Option<&str>) -> KeyFound {
    let found = SecretMatch {
        rule: "stripe-secret-key".to_owned(),
        url: path.to_owned(),
        line: 3,
        redacted: "sk_live_…".to_owned(),
        fingerprint: fingerprint.to_owned(),
        public: false,
        source: None,
        allowed: false,
    };
    let at: Option<Timestamp> = first.map(|day| format!("{day}T00:00:00Z").parse().unwrap());
    let commit = first.map(|_| "0123456789abcdef0123456789abcdef01234567".to_owned());
    KeyFound { path: path.to_owned(), found, place, commit: commit.clone(), last: commit, at, waived: None }
}

/// Facts of a project whose folder and history hold these keys.
pub(crate) fn project(tree: Vec<KeyFound>, history: Vec<KeyFound>) -> Facts {
    let mut facts = blank();
    facts.tree = Some(seen(Repository { files: 9, bytes: 4_000, leaks: tree, ..Repository::default() }));
    facts.history =
        Some(seen(Repository { files: 30, commits: 12, bytes: 90_000, leaks: history, ..Repository::default() }));
    facts
}

fn rotation(facts: &Facts) -> Rotation {
    exposed(facts).unwrap().remove(0).rotation
}

#[test]
fn a_key_of_files_and_history_is_one() {
    let tree = key("aa", "a.js", Place::Tree, None);
    let (late, early) =
        (key("aa", "a.js", Place::Head, Some("2026-05-01")), key("aa", "a.js", Place::History, Some("2026-02-01")));
    let merged = merge([&tree, &late, &early]);
    assert_eq!((merged.len(), merged[0].place, merged[0].at), (1, Place::Tree, early.at));
    let facts = project(vec![tree], vec![late, early, key("bb", "old.js", Place::History, Some("2026-01-01"))]);
    let keys = exposed(&facts).unwrap();
    let told: Vec<_> = keys.iter().map(|key| (key.fingerprint, key.severity, key.in_files())).collect();
    assert_eq!(told, [("aa", Severity::Critical, true), ("bb", Severity::High, false)]);
    assert!(exposed(&blank()).is_none());
}

#[test]
fn a_replaced_key_is_done_until_it_comes_back() {
    let mut facts = project(vec![key("aa", "a.js", Place::Tree, None)], vec![]);
    let row = exposed(&facts).unwrap()[0].row();
    assert_eq!(replace(&facts, "stripe-secret-key zz", "Ada", now()), None);
    facts.answers.insert(KEY.to_owned(), replace(&facts, &row, "Ada Alder", now()).unwrap());
    assert_eq!(rotation(&facts), Rotation::Replaced { at: now(), by: "Ada Alder".to_owned() });
    // It still stands in the file: nothing to settle.
    assert_eq!(settle(&facts, now()), None);
    let answers = facts.answers.clone();
    let gone = Facts { answers, ..project(vec![], vec![key("aa", "a.js", Place::History, Some("2026-02-01"))]) };
    let settled = settle(&gone, now()).unwrap();
    let answers = [(KEY.to_owned(), settled)].into();
    let back = Facts { answers, ..facts.clone() };
    assert!(matches!(rotation(&back), Rotation::Returned { .. }));
    facts.answers.insert(KEY.to_owned(), reopen(&facts, &row, now()));
    assert_eq!(rotation(&facts), Rotation::Open);
}

#[test]
fn a_commit_after_the_day_of_replacement_reopens() {
    let mut facts = project(vec![], vec![key("aa", "a.js", Place::History, Some("2026-02-01"))]);
    let row = exposed(&facts).unwrap()[0].row();
    facts.answers.insert(KEY.to_owned(), replace(&facts, &row, "Ada", now()).unwrap());
    let answers = facts.answers.clone();
    let again = vec![
        key("aa", "a.js", Place::History, Some("2026-02-01")),
        key("aa", "b.js", Place::History, Some("2026-11-22")),
    ];
    assert!(matches!(rotation(&Facts { answers, ..project(vec![], again) }), Rotation::Returned { .. }));
}

#[test]
fn a_look_that_missed_something_settles_nothing() {
    let mut facts = project(vec![key("aa", "a.js", Place::Tree, None)], vec![]);
    let row = exposed(&facts).unwrap()[0].row();
    let table = replace(&facts, &row, "Ada", now()).unwrap();
    facts = project(vec![], vec![]);
    facts.answers.insert(KEY.to_owned(), table);
    assert!(settle(&facts, now()).is_some());
    facts.history = Some(seen(Repository { cut: true, ..Repository::default() }));
    assert_eq!(settle(&facts, now()), None);
}
