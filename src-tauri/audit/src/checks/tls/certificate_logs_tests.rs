//! Tests of the entries of public logs in tls.certificate.

use super::super::CHECK;
use crate::check::{Severity, Status};
use crate::facts::{Facts, Handshake, KnownLog, LogEntries, LogEntry, LogProof, Offer};
use crate::testing::{findings, handshake, healthy, issued, judge, now, offer, seen, status, unseen};
use crate::{Verdict, Why};
use jiff::{SignedDuration, Timestamp};

const AT: &str = "example.com|104.18.20.10";

fn entry(log: &str, operator: &str) -> LogEntry {
    let known = Some(KnownLog { name: log.to_owned(), operator: operator.to_owned(), retired: None });
    LogEntry { log: log.to_owned(), known, at: now() - SignedDuration::from_hours(480), proof: LogProof::Signed }
}

fn unknown() -> LogEntry {
    LogEntry { known: None, proof: LogProof::Untold { why: "x".to_owned() }, ..entry("ff", "") }
}

fn retired(at: Timestamp) -> LogEntry {
    let mut entry = entry("cc", "Heron");
    entry.known.as_mut().unwrap().retired = Some(at);
    entry
}

fn made(organisation: &str, until: i64, entries: Vec<LogEntry>) -> Facts {
    let mut facts = healthy();
    let chain = issued(organisation, &["example.com"], -20, until);
    let logs = Some(LogEntries { as_of: "2026-06-16".to_owned(), entries });
    facts.tls.insert(AT.to_owned(), seen(Handshake { chain, sent: 2, logs, ..handshake("example.com") }));
    facts.offers.insert(AT.to_owned(), seen(offer()));
    facts
}

fn with(entries: Vec<LogEntry>) -> Facts {
    made("Let's Encrypt", 70, entries)
}

#[test]
fn entries_of_two_logs_of_two_operators_pass_and_the_list_is_dated() {
    let facts = with(vec![entry("aa", "Fern"), entry("bb", "Heron")]);
    let Ok(Verdict::Judged { proof, findings, .. }) = judge(&CHECK, &facts) else { panic!() };
    assert!(
        findings.is_empty()
            && proof.iter().any(|line| line.contains("2 public logs of 2 operators (log list of 2026-06-16)"))
    );
    // More than 180 days want a third.
    let long = |entries| findings_of(&made("Let's Encrypt", 170, entries));
    assert_eq!(long(vec![entry("aa", "Fern"), entry("bb", "Heron")]), ["demand 3 logs"]);
    assert!(long(vec![entry("aa", "Fern"), entry("bb", "Heron"), entry("cc", "Heron")]).is_empty());
}

/// The part of each finding that tells one from another.
fn findings_of(facts: &Facts) -> Vec<&'static str> {
    let parts = ["demand 2 logs", "demand 3 logs", "did not sign for it"];
    let told = findings(&CHECK, facts);
    told.iter().map(|one| *parts.iter().find(|part| one.says.contains(**part)).unwrap_or(&"?")).collect()
}

#[test]
fn what_browsers_do_not_count_is_told() {
    assert_eq!(findings_of(&with(vec![])), ["demand 2 logs"]);
    assert_eq!(findings_of(&with(vec![entry("aa", "Fern"), entry("bb", "Fern")])), ["demand 2 logs"]);
    assert_eq!(findings_of(&with(vec![entry("aa", "Fern"), entry("aa", "Fern")])), ["demand 2 logs"]);
    let old = now() - SignedDuration::from_hours(1_000);
    assert_eq!(findings_of(&with(vec![entry("aa", "Fern"), retired(old)])), ["demand 2 logs"]);
    assert!(findings_of(&with(vec![entry("aa", "Fern"), retired(now())])).is_empty(), "taken before it retired");
    let ahead = LogEntry { at: now() + SignedDuration::from_hours(48), ..entry("bb", "Heron") };
    assert_eq!(findings_of(&with(vec![entry("aa", "Fern"), ahead])), ["demand 2 logs"]);
    // An authority of one's own need not log.
    assert!(findings_of(&made("Backyard CA", 70, vec![])).is_empty());
}

#[test]
fn an_entry_that_no_log_signed_is_told_by_its_weight() {
    let forged = LogEntry { proof: LogProof::Forged, ..entry("cc", "Heron") };
    let beside = with(vec![entry("aa", "Fern"), entry("bb", "Heron"), forged.clone()]);
    assert_eq!(findings(&CHECK, &beside)[0].severity, Severity::Low);
    assert_eq!(findings_of(&with(vec![entry("aa", "Fern"), forged])), ["did not sign for it", "demand 2 logs"]);
}

#[test]
fn a_list_that_is_too_old_is_no_fault_of_the_site() {
    let facts = with(vec![entry("aa", "Fern"), unknown()]);
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    let Ok(Verdict::Judged { unseen, .. }) = judge(&CHECK, &facts) else { panic!() };
    assert!(unseen[0].says.contains("by the list of 2026-06-16"));
    assert_eq!(findings_of(&with(vec![unknown()])), ["demand 2 logs"], "one entry can never be two");
}

#[test]
fn entries_of_the_greeting_count_and_are_waited_for() {
    let mut facts = with(vec![]);
    facts.offers.insert(AT.to_owned(), unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    let entries = vec![entry("aa", "Fern"), entry("bb", "Heron")];
    facts.offers.insert(AT.to_owned(), seen(Offer { timestamps: true, entries, ..offer() }));
    assert_eq!(status(&CHECK, &facts), Status::Pass);
}
