//! bundle.secrets on clean, leaking and unread scripts.

use super::CHECK;
use crate::Why;
use crate::check::{Grade, Severity, Status, Verdict};
use crate::facts::{Bundle, Facts, ScriptSeen};
use crate::read::secret::{Scanner, by_id};
use crate::testing::{blank, findings, judge, seen, status, unseen};

const APP: &str = "https://example.com/app.js";

/// Facts of a page with this script, scanned as the looker does.
fn with(script: &str) -> Facts {
    let mut scanner = Scanner::new(APP, &[1; 32]);
    scanner.feed(script.as_bytes());
    let read = ScriptSeen { url: APP.to_owned(), bytes: 48_000, truncated: false, ..ScriptSeen::default() };
    let mut facts = blank();
    facts.bundle =
        Some(seen(Bundle { page: "https://example.com/".to_owned(), scripts: vec![read], matches: scanner.finish() }));
    facts
}

fn sample(rule: &str) -> String {
    by_id(rule).unwrap().yes[0].concat()
}

#[test]
fn a_publishable_key_passes_and_is_told() {
    let facts = with(&format!("pay(\"{}\")", sample("stripe-publishable-key")));
    let Ok(Verdict::Judged { proof, findings, unseen }) = judge(&CHECK, &facts) else { panic!() };
    assert!(findings.is_empty() && unseen.is_empty());
    assert!(proof[0].starts_with("1 of 1 scripts of https://example.com/ read (48 kB)"), "{}", proof[0]);
    assert!(proof[1].contains("meant to be public: pk_live_… in https://example.com/app.js, line 1"), "{}", proof[1]);
}

#[test]
fn a_secret_key_is_one_critical_finding_however_often_it_stands_there() {
    let key = sample("stripe-secret-key");
    let found = findings(&CHECK, &with(&format!("a(\"{key}\");\nb(\"{key}\")")));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].grade, found[0].severity), (Grade::Fail, Severity::Critical));
    assert_eq!(found[0].evidence[1], "sk_live_… in https://example.com/app.js, line 2");
    assert!(!format!("{found:?}").contains(&key[8..]));
    assert_eq!(findings(&CHECK, &with(&format!("t='{}'", sample("jwt"))))[0].grade, Grade::Warn);
    let cloud = format!("{{accessKeyId:\"{}\",{}}}", sample("aws-access-key-id"), sample("aws-secret-access-key"));
    assert_eq!(findings(&CHECK, &with(&cloud)).len(), 2);
}

#[test]
fn scripts_that_were_not_read_leave_it_open() {
    let mut facts = with("");
    assert_eq!(status(&CHECK, &facts), Status::Pass);
    let Some(crate::Fact::Seen { value, .. }) = &mut facts.bundle else { panic!() };
    value.scripts[0].truncated = true;
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    facts.bundle = Some(unseen(Why::Busy));
    assert_eq!(judge(&CHECK, &facts).unwrap_err().why, Why::Busy);
}
