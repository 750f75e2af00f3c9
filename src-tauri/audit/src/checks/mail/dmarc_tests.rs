//! mail.dmarc on healthy, broken and unseen policies.

use super::CHECK;
use crate::check::{Grade, Severity, Status, Verdict};
use crate::facts::{Fact, Facts, RecordData, ReportsSeen, Source};
use crate::testing::{answer, blank, findings, judge, now, seen, status, unseen};
use crate::{Finding, Why};

fn txt(facts: &mut Facts, name: &str, texts: &[&str]) {
    answer(facts, name, "TXT", texts.iter().map(|text| RecordData::Txt(vec![(*text).to_owned()])).collect());
}

fn with(texts: &[&str]) -> Facts {
    let mut facts = blank();
    txt(&mut facts, "_dmarc.example.com", texts);
    for name in ["_dmarc.com", "_dmarc.mail.example.com"] {
        txt(&mut facts, name, &[]);
    }
    facts
}

fn only(texts: &[&str]) -> Finding {
    let found = findings(&CHECK, &with(texts));
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().next().unwrap()
}

fn proof(texts: &[&str]) -> String {
    match judge(&CHECK, &with(texts)) {
        Ok(Verdict::Judged { proof, findings, unseen }) if findings.is_empty() && unseen.is_empty() => proof.join("\n"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_valid_policy_passes_and_watching_has_a_next_step() {
    assert!(proof(&["other", "v=DMARC1; p=reject"]).contains("refused"));
    let watching = proof(&["v=DMARC1; p=none; pct=50; rf=afrf; ri=3600; rua=mailto:dmarc@mail.example.com"]);
    assert!(watching.contains("change to p=quarantine by 5 December 2026"), "{watching}");
    for tag in ["pct", "rf", "ri"] {
        assert!(watching.contains(&format!("{tag}= is gone since RFC 9989")), "{watching}");
    }
}

#[test]
fn missing_several_and_invalid_policies_fail() {
    let none = only(&["v=spf1 -all"]);
    assert_eq!((none.grade, none.severity), (Grade::Fail, Severity::High));
    assert_eq!(
        none.fix.paste.unwrap(),
        "_dmarc.example.com. 3600 IN TXT \"v=DMARC1; p=none; rua=mailto:dmarc@example.com\""
    );
    let two = only(&["v=DMARC1; p=none", "v=DMARC1; p=reject"]);
    assert!(two.says.contains("2 DMARC records") && two.fix.paste.unwrap().contains("p=reject"));
    let bad = only(&["v=DMARC1; p=blok; rua=mailto:a@example.com"]);
    assert_eq!((bad.grade, bad.severity), (Grade::Fail, Severity::High));
    assert!(bad.says.starts_with("p=blok in the DMARC record is not valid, so receivers only watch"), "{}", bad.says);
    assert_eq!(
        bad.fix.paste.unwrap(),
        "_dmarc.example.com. 3600 IN TXT \"v=DMARC1; p=none; rua=mailto:a@example.com\""
    );
    assert!(only(&["v=DMARC1; p=none; p=reject"]).says.contains("cannot be read"));
    let address = only(&["v=DMARC1; p=reject; rua=mailto:a@example.com,b@example.com"]);
    assert_eq!(address.severity, Severity::Medium);
    assert!(address.fix.paste.unwrap().ends_with("rua=mailto:a@example.com\""));
    let below = only(&["v=DMARC1; p=reject; sp=rejekt; rua=mailto:a@example.com"]);
    assert!(below.fix.paste.unwrap().contains("sp=reject;"));
    assert_eq!(only(&["v=DMARC1; p=none"]).severity, Severity::Low);
    assert_eq!(only(&["v=DMARC1; rua=mailto:a@example.com"]).grade, Grade::Warn);
}

#[test]
fn reports_to_others_need_their_consent() {
    let mut facts = with(&["v=DMARC1; p=reject; rua=mailto:x@inbox.example"]);
    for name in ["_dmarc.inbox.example", "_dmarc.example"] {
        txt(&mut facts, name, &[]);
    }
    let consent = "example.com._report._dmarc.inbox.example";
    txt(&mut facts, consent, &[]);
    let found = findings(&CHECK, &facts);
    assert_eq!((found.len(), found[0].grade), (1, Grade::Warn));
    assert_eq!(found[0].fix.paste.as_deref().unwrap(), format!("{consent}. 3600 IN TXT \"v=DMARC1\""));
    txt(&mut facts, consent, &["v=DMARC1;"]);
    assert_eq!(status(&CHECK, &facts), Status::Pass);
    facts.dns.insert(format!("{consent} TXT"), unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}

#[test]
fn what_was_not_seen_is_not_judged() {
    let mut facts = blank();
    facts.dns.insert("_dmarc.example.com TXT".to_owned(), unseen(Why::Refused));
    assert_eq!(judge(&CHECK, &facts).unwrap_err().why, Why::Refused);
    facts.target.domain = "app.example.com".to_owned();
    txt(&mut facts, "_dmarc.app.example.com", &[]);
    assert_eq!(judge(&CHECK, &facts).unwrap_err().why, Why::Refused, "the domain above may have a policy");
    txt(&mut facts, "_dmarc.app.example.com", &["v=DMARC1; p=reject"]);
    assert_eq!(status(&CHECK, &facts), Status::Pass, "its own policy counts, whatever stands above");
}

#[test]
fn a_policy_above_counts_for_a_sub_domain() {
    let mut facts = with(&["v=DMARC1; p=reject; sp=quarantine"]);
    facts.target.domain = "app.example.com".to_owned();
    txt(&mut facts, "_dmarc.app.example.com", &[]);
    let Ok(Verdict::Judged { proof, findings: found, unseen }) = judge(&CHECK, &facts) else { panic!() };
    assert!(found.is_empty() && unseen.is_empty());
    assert_eq!(proof[2], "quarantine for its sub-domains: forged mail goes to the spam folder");
    txt(&mut facts, "_dmarc.example.com", &[]);
    assert!(findings(&CHECK, &facts)[0].says.starts_with("app.example.com has no DMARC policy"));
}

#[test]
fn sub_domains_left_open_and_a_wrong_psd_are_told() {
    let open = only(&["v=DMARC1; p=reject; sp=none"]);
    assert!(open.says.contains("every sub-domain of example.com open"), "{}", open.says);
    assert!(open.fix.paste.unwrap().contains("p=reject; sp=reject"));
    assert!(only(&["v=DMARC1; p=quarantine; np=none"]).says.contains("made-up sub-domains"));
    let psd = only(&["v=DMARC1; p=none; psd=y; rua=mailto:a@example.com"]);
    assert!(psd.says.contains("psd=y") && psd.fix.paste.unwrap().contains("psd=u"));
    assert!(proof(&["v=DMARC1; p=reject; psd=n"]).contains("sub-domains: reject; names that do not exist: reject"));
}

#[test]
fn where_old_and_new_receivers_differ_is_told() {
    let mut facts = blank();
    facts.target.domain = "giant.example.com".to_owned();
    txt(&mut facts, "_dmarc.giant.example.com", &["v=DMARC1; p=reject; psd=n"]);
    txt(&mut facts, "_dmarc.example.com", &["v=DMARC1; p=none"]);
    let Ok(Verdict::Judged { proof, .. }) = judge(&CHECK, &facts) else { panic!() };
    assert!(proof.last().unwrap().contains("belongs to giant.example.com; receivers that still go by the public suffix list (RFC 7489) take example.com"), "{proof:?}");
}

fn source(ip: &str, messages: u64, proven: u64, envelope: &str) -> Source {
    Source {
        ip: ip.parse().unwrap(),
        domain: "example.com".to_owned(),
        messages,
        proven,
        by_spf: 0,
        by_dkim: proven,
        quarantined: 0,
        rejected: 0,
        excused: 0,
        envelopes: [envelope.to_owned()].into(),
        signers: [].into(),
    }
}

/// Reports of so many days, the last of them yesterday.
fn reported(record: &str, days: i64, sources: Vec<Source>) -> Facts {
    let mut facts = with(&[record]);
    let last = now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let seen_reports = ReportsSeen {
        reports: 1,
        until: Some(now() - jiff::SignedDuration::from_hours(12)),
        days: (1..=days).map(|back| last - jiff::Span::new().days(back)).collect(),
        domains: [("example.com".to_owned(), 1)].into(),
        reporters: [("Alder Mail".to_owned(), 1)].into(),
        sources,
        ..ReportsSeen::default()
    };
    facts.reports = Some(seen(seen_reports));
    facts
}

const WATCH: &str = "v=DMARC1; p=none; rua=mailto:dmarc@example.com";

#[test]
fn two_weeks_of_good_reports_advise_the_next_record() {
    let good =
        || vec![source("192.0.2.1", 100, 99, "pm-bounces.mtasv.net"), source("203.0.113.9", 900, 0, "x.example")];
    let found = findings(&CHECK, &reported(WATCH, 14, good()));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].grade, found[0].severity), (Grade::Warn, Severity::Low));
    assert_eq!(
        found[0].fix.paste.as_deref(),
        Some("_dmarc.example.com. 3600 IN TXT \"v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com\"")
    );
    assert!(
        found[0].evidence.contains(&"Postmark: 99 of 100 messages proven (DKIM 99, SPF 0)".to_owned()),
        "{found:?}"
    );
    for (record, days) in [(WATCH, 13), ("v=DMARC1; p=quarantine", 14), ("v=DMARC1; p=reject", 14)] {
        assert_eq!(findings(&CHECK, &reported(record, days, good())), [], "{record}");
    }
    let mut old = reported(WATCH, 14, good());
    old.reports = old.reports.map(|fact| match fact {
        Fact::Seen { mut value, at, from } => {
            value.until = Some(now() - jiff::SignedDuration::from_hours(24 * 31));
            Fact::Seen { value, at, from }
        }
        unseen => unseen,
    });
    assert_eq!(findings(&CHECK, &old), []);
    assert_eq!(findings(&CHECK, &reported(WATCH, 14, vec![])), []);
    let mut lost = with(&[WATCH]);
    lost.reports = Some(unseen(Why::Refused));
    assert_eq!(status(&CHECK, &lost), Status::CouldNotTell);
}

#[test]
fn senders_that_prove_nothing_are_named_before_the_policy_is_stricter() {
    let part = || vec![source("192.0.2.1", 100, 60, "pm-bounces.mtasv.net")];
    let watching = findings(&CHECK, &reported(WATCH, 14, part()));
    assert_eq!((watching.len(), watching[0].grade), (1, Grade::Warn));
    assert!(watching[0].says.starts_with("40 of 100 messages that Postmark sent"), "{}", watching[0].says);
    let strict = findings(&CHECK, &reported("v=DMARC1; p=reject", 3, part()));
    assert_eq!((strict[0].grade, strict[0].severity), (Grade::Fail, Severity::High));
    assert!(strict[0].says.ends_with("it is refused."), "{}", strict[0].says);
    // Nobody's service: a newsletter that was never set up, or somebody else's.
    let foreign = || vec![source("198.51.100.1", 5, 0, "mail7.mcsv.net"), source("192.0.2.1", 9, 9, "mtasv.net")];
    let found = findings(&CHECK, &reported(WATCH, 14, foreign()));
    assert!(found[0].says.starts_with("Mailchimp sent 5 messages"), "{found:?}");
    assert!(found[1].fix.says.contains("Mail by Mailchimp is stopped with it"), "{found:?}");
    assert_eq!(findings(&CHECK, &reported("v=DMARC1; p=reject", 14, foreign())), []);
    // A machine that the SPF record allows is the domain's own, whatever it proves.
    let mut own = reported(WATCH, 14, vec![source("192.0.2.77", 50, 0, "bounce.example.net")]);
    txt(&mut own, "example.com", &["v=spf1 ip4:192.0.2.77 -all"]);
    assert!(findings(&CHECK, &own)[0].says.contains("your own servers"), "{:?}", findings(&CHECK, &own));
}

#[test]
fn the_organisation_that_may_take_reports_unasked_is_found_by_the_tree_walk() {
    let reject = "v=DMARC1; p=reject; rua=mailto:a@reports.example.net";
    let mut facts = with(&[reject]);
    for name in ["_dmarc.reports.example.net", "_dmarc.example.net", "_dmarc.net"] {
        txt(&mut facts, name, &[]);
    }
    txt(&mut facts, "example.com._report._dmarc.reports.example.net", &[]);
    assert!(findings(&CHECK, &facts)[0].says.contains("did not agree"));
    // A record with psd=n makes the domain below it an organisation of its own (RFC 9989 §4.10.2).
    let mut facts = with(&["v=DMARC1; p=reject; rua=mailto:a@apart.example.com"]);
    txt(&mut facts, "_dmarc.apart.example.com", &["v=DMARC1; p=none; psd=n"]);
    txt(&mut facts, "example.com._report._dmarc.apart.example.com", &[]);
    assert!(findings(&CHECK, &facts)[0].says.contains("apart.example.com did not agree"));
    facts.dns.insert("_dmarc.apart.example.com TXT".to_owned(), unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}
