//! What counts and what does not, in every form; and that nothing of a value is kept.

use super::Reader;
use crate::facts::{LeakKind, LogForm, LogSeen, Topic};
use LeakKind::{Body, Card, Email, Key, Password, PersonalId, Session, StackTrace, Token};

fn seen(text: &str) -> LogSeen {
    let mut reader = Reader::new(&[7; 32]);
    reader.open("app.log");
    reader.feed(text.as_bytes());
    reader.finish()
}

fn kinds(text: &str) -> Vec<LeakKind> {
    seen(text).leaks.into_keys().collect()
}

#[test]
fn what_should_not_be_there_is_told() {
    for (line, wanted) in [
        ("{\"msg\":\"login\",\"password\":\"hunter2\"}", vec![Password]),
        ("level=info password=hunter2 user=7", vec![Password]),
        ("{\"req\":\"{\\\"password\\\":\\\"hunter2\\\"}\"}", vec![Password]),
        ("Parameters: {\"user\"=>\"x\"}", vec![Body]),
        ("{\"body\":{\"a\":1}}", vec![Body]),
        ("GET /cb?access_token=a8Fj3kLm2Nq9Zx HTTP/1.1", vec![Token]),
        ("Authorization: Bearer a8Fj3kLm2Nq9ZxQw", vec![Token]),
        ("Cookie: connect.sid=s%3Aa8Fj3kLm2Nq9", vec![Session]),
        ("user=7 mail=ada.lovelace@juniper.test", vec![Email]),
        ("card=4539578763621486 ok", vec![Card]),
        ("paid with 4539 5787 6362 1486", vec![Card]),
        ("iban DE89370400440532013000", vec![PersonalId]),
        ("ssn: 219-09-9999", vec![PersonalId]),
        ("Traceback (most recent call last):", vec![StackTrace]),
        ("Error: x\n    at f (a.js:1:2)\n    at g (a.js:2:3)", vec![StackTrace]),
    ] {
        assert_eq!(kinds(line), wanted, "{line}");
    }
    assert_eq!(seen("Error: x\n    at f (a.js:1:2)\n    at g (a.js:2:3)\nok\n    at h (").leaks[&StackTrace].count, 2);
}

#[test]
fn what_was_taken_out_or_only_looks_alike_is_not() {
    for line in [
        "{\"password\":\"[FILTERED]\"}",
        "password=*** token=<redacted> secret=[REDACTED]",
        "{\"password\":null,\"token\":\"\"}",
        "invalid password: too short",
        "password_reset requested for user 7",
        "token: expired",
        "git clone git@github.com:a/b.git",
        "sent from noreply@juniper.test and a@example.com",
        "npm install react@18.2.0 @types/node",
        "order 4539578763621486 shipped",
        "card=4242424242424242 (test)",
        "card=4539578763621487",
        "id=219-09-9999",
        "DE89370400440532013001",
        "\"body\":{}",
        "session ended",
    ] {
        assert_eq!(kinds(line), [], "{line}");
    }
}

#[test]
fn errors_and_the_requests_they_belong_to_are_counted() {
    for (line, errors, named) in [
        ("{\"level\":\"error\",\"request_id\":\"a1\"}", 1, 1),
        ("{\"level\":50,\"reqId\":\"a1\"}", 1, 1),
        ("level=error msg=x trace_id=abc", 1, 1),
        ("level=error msg=x trace_id=-", 1, 0),
        ("2026-11-21 ERROR boom", 1, 0),
        ("[error] boom", 1, 0),
        ("ERROR [3f2c8a9e-1b4d-4c6f-9a7b-2d5e8f0a1c3b] boom", 1, 1),
        ("1.2.3.4 - - [21/Nov/2026:08:00:00 +0000] \"GET / HTTP/1.1\" 502 12", 1, 0),
        ("{\"level\":\"info\",\"msg\":\"no error here\",\"request_id\":\"a\"}", 0, 0),
        ("terrors of the deep", 0, 0),
    ] {
        let seen = seen(line);
        assert_eq!((seen.errors, seen.errors_named), (errors, named), "{line}");
    }
}

#[test]
fn forms_topics_and_lines_are_told() {
    for (line, wanted) in [
        ("{\"a\":1}", LogForm::Json),
        ("time=x level=info msg=y", LogForm::Logfmt),
        ("1.2.3.4 - - [21/Nov/2026:08:00:00 +0000] \"GET / HTTP/1.1\" 200 12", LogForm::Access),
        ("<34>1 2026-11-21T08:00:00Z host app - - - x", LogForm::Syslog),
        ("Nov 21 08:00:00 host app: x", LogForm::Syslog),
        ("hello there", LogForm::Plain),
    ] {
        assert_eq!(seen(line).forms.into_keys().collect::<Vec<_>>(), [wanted], "{line}");
    }
    let seen = seen("login failed for user 7\npayment taken\nwebhook received\nrelease 12 deployed\njob done\nnothing");
    assert_eq!(seen.topics.values().sum::<u64>(), 5);
    assert_eq!(seen.topics[&Topic::FailedLogin], 1);
    assert_eq!(seen.lines, 6);
}

#[test]
fn lines_are_numbered_however_the_bytes_are_cut() {
    let mut text = "all is well\n".repeat(60_000);
    text.push_str("password=hunter2\n");
    text.push_str(&"x".repeat(3_000_000));
    text.push_str("\nmail=ada@juniper.test\n");
    for cut in [1_000, 65_537, 10_000_000] {
        let mut reader = Reader::new(&[7; 32]);
        reader.open("app.log");
        text.as_bytes().chunks(cut).for_each(|piece| reader.feed(piece));
        let seen = reader.finish();
        assert_eq!(seen.lines, 60_003, "{cut}");
        assert_eq!(seen.leaks[&Password].examples[0].line, 60_001, "{cut}");
        assert_eq!(seen.leaks[&Email].examples[0].line, 60_003, "{cut}");
    }
}

#[test]
fn nothing_of_a_value_is_kept() {
    let canary = "zq7Kp2Vx9LmN4tRs8WyB3cDf6GhJ1aEu";
    let stripe = ["sk", "_li", "ve_", canary].concat();
    let lines = format!(
        "password={canary}\ntoken={canary}\nAuthorization: Bearer {canary}\nsid={canary}\n{canary}@juniper.test\n\"body\":{{\"x\":\"{canary}\"}}\nkey {stripe}\nERROR {canary}\ncard 4539578763621486\nDE89370400440532013000\n"
    );
    let seen = seen(&lines);
    for kind in [Key, Password, Token, Session, Email, Body, Card, PersonalId] {
        assert!(seen.leaks.contains_key(&kind), "{kind:?}");
    }
    let kept = serde_json::to_string(&seen).unwrap();
    for start in 0..canary.len() - 5 {
        assert!(!kept.contains(&canary[start..start + 5]), "a part of a value was kept");
    }
    assert!(!kept.contains("4539") && !kept.contains("DE89") && !kept.contains("1486"));
}
