//! bundle.secrets on clean, leaking and unread scripts.

use super::CHECK;
use crate::Why;
use crate::check::{Grade, Severity, Status, Verdict};
use crate::facts::{Bundle, Facts, ScriptSeen};
use crate::read::secret::{File, Scanner, by_id};
use crate::testing::{blank, exchange, findings, judge, put, seen, status, unseen};

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
fn a_key_in_a_source_map_is_named_by_the_original_file() {
    let key = sample("stripe-secret-key");
    let source = format!("// one\nconst k = '{key}';\n");
    let map = serde_json::json!({"version": 3, "sources": ["src/pay.ts"], "sourcesContent": [source], "mappings": ""});
    let url = "https://example.com/app.js.map";
    let mut file = File::new(url, &[1; 32], false);
    file.feed(map.to_string().as_bytes());
    let mut facts = with("");
    let Some(crate::Fact::Seen { value, .. }) = &mut facts.bundle else { panic!() };
    value.matches.extend(file.finish());
    put(&mut facts, "map", exchange(url, 200, map.to_string().as_bytes()));
    let Ok(Verdict::Judged { proof, findings, unseen }) = judge(&CHECK, &facts) else { panic!() };
    assert!(unseen.is_empty());
    assert_eq!(proof[1], "source maps read: 1, with the original files in them");
    assert_eq!(
        findings[0].evidence,
        ["sk_live_… in src/pay.ts, line 2, which the source map in https://example.com/app.js.map holds"]
    );
}

#[test]
fn a_source_map_that_was_not_read_leaves_it_open() {
    let mut facts = with("");
    put(&mut facts, "map", exchange("https://example.com/app.js.map", 404, b"nothing here"));
    assert_eq!(status(&CHECK, &facts), Status::Pass);
    facts.exchanges.insert("map https://example.com/app.js.map".to_owned(), unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
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
