//! mail.spf on a healthy, a broken and an unseen record.

use super::CHECK;
use crate::check::{Grade, Severity, Status, Verdict};
use crate::facts::{Answer, Choice, Facts, RecordData};
use crate::testing::{answer, blank, findings, judge, now, status, unseen};
use crate::{Finding, Why};

fn txt(facts: &mut Facts, name: &str, texts: &[&str]) {
    answer(facts, name, "TXT", texts.iter().map(|text| RecordData::Txt(vec![(*text).to_owned()])).collect());
}

/// Google takes the mail; Google and Postmark send.
fn with(record: &[&str]) -> Facts {
    let mut facts = blank();
    txt(&mut facts, "example.com", record);
    let mx = RecordData::Mx { preference: 1, exchange: "aspmx.l.google.com".to_owned() };
    answer(&mut facts, "example.com", "MX", vec![mx]);
    txt(&mut facts, "_spf.google.com", &["v=spf1 include:_netblocks.google.com include:_netblocks2.google.com ~all"]);
    for name in ["_netblocks.google.com", "_netblocks2.google.com", "spf.mtasv.net"] {
        txt(&mut facts, name, &["v=spf1 ip4:192.0.2.0/24 ~all"]);
    }
    let eight: Vec<String> = (0..8).map(|n| format!("include:n{n}.sendgrid.net")).collect();
    txt(&mut facts, "sendgrid.net", &[&format!("v=spf1 {} ~all", eight.join(" "))]);
    (0..8).for_each(|n| txt(&mut facts, &format!("n{n}.sendgrid.net"), &["v=spf1 ip4:192.0.2.0/24 ~all"]));
    facts
}

fn only(record: &[&str]) -> Finding {
    let found = findings(&CHECK, &with(record));
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().next().unwrap()
}

#[test]
fn a_healthy_record_passes_and_names_its_senders() {
    let facts = with(&["site-verification=1", "v=spf1 include:_spf.google.com include:spf.mtasv.net -all"]);
    let Ok(Verdict::Judged { proof, findings, unseen }) = judge(&CHECK, &facts) else { panic!() };
    assert!(findings.is_empty() && unseen.is_empty(), "{findings:?} {unseen:?}");
    assert!(proof[1].starts_with("4 of 10"), "{}", proof[1]);
    assert!(proof[2].contains("Google Workspace") && proof[2].ends_with("3 look-ups"), "{}", proof[2]);
    assert_eq!(
        proof[3],
        "· include:_netblocks.google.com: Google Workspace (https://support.google.com/a/answer/33786), 1 look-up"
    );
    assert!(proof[5].contains("Postmark"), "{}", proof[5]);
    assert_eq!(proof[6], "nobody said yet whether 2 of these senders are meant to be there");
}

#[test]
fn missing_and_several_records_fail_with_a_record_to_paste() {
    let none = only(&["other"]);
    assert_eq!((none.grade, none.severity), (Grade::Fail, Severity::High));
    assert_eq!(none.fix.paste.unwrap(), "example.com. 3600 IN TXT \"v=spf1 include:_spf.google.com ~all\"");
    let two = only(&["v=spf1 include:_spf.google.com -all", "v=spf1 include:mail.zendesk.com ~all"]);
    let one = "example.com. 3600 IN TXT \"v=spf1 include:_spf.google.com include:mail.zendesk.com ~all\"";
    assert_eq!(two.fix.paste.unwrap(), one);
}

#[test]
fn a_broken_word_fails_and_is_mended_where_its_meaning_is_plain() {
    let found = only(&["v=spf1 include:_spf.google.com ipv4:50.31.156.96/27 -all"]);
    assert!(found.says.contains("\"ipv4:50.31.156.96/27\" is not a word that SPF knows"), "{}", found.says);
    assert!(found.fix.paste.unwrap().contains(" ip4:50.31.156.96/27 -all"));
    assert_eq!(only(&["v=spf1 zz:x.example -all"]).fix.paste, None);
    assert!(only(&["v=spf1 include=spf.mtasv.net -all"]).fix.paste.unwrap().contains("include:spf.mtasv.net"));
}

#[test]
fn too_many_look_ups_fail_and_the_dearest_service_moves() {
    let found = only(&["v=spf1 include:_spf.google.com include:sendgrid.net include:spf.mtasv.net -all"]);
    assert!(found.says.contains("takes 13 look-ups"), "{}", found.says);
    assert!(found.evidence.iter().any(|line| line.contains("SendGrid") && line.ends_with("9 look-ups")));
    let paste = found.fix.paste.unwrap();
    assert_eq!(
        paste.lines().collect::<Vec<_>>(),
        [
            "example.com. 3600 IN TXT \"v=spf1 include:_spf.google.com include:spf.mtasv.net -all\"",
            "mail.example.com. 3600 IN TXT \"v=spf1 include:sendgrid.net ~all\"",
        ]
    );
}

#[test]
fn endings_ptr_and_dead_includes_are_told() {
    let open = only(&["v=spf1 include:spf.mtasv.net +all"]);
    assert_eq!((open.grade, open.severity), (Grade::Fail, Severity::High));
    assert!(open.fix.paste.unwrap().ends_with("include:spf.mtasv.net ~all\""));
    for mild in ["v=spf1 include:spf.mtasv.net ?all", "v=spf1 include:spf.mtasv.net"] {
        assert_eq!((only(&[mild]).grade, only(&[mild]).severity), (Grade::Warn, Severity::Medium));
    }
    assert_eq!(only(&["v=spf1 ptr -all"]).severity, Severity::Low);
    let mut facts = with(&["v=spf1 include:old.example -all"]);
    txt(&mut facts, "old.example", &[]);
    assert!(
        findings(&CHECK, &facts)[0].says.starts_with("old.example, which the SPF record leads to, has no SPF record")
    );
    let mut facts = with(&["v=spf1 include:back.example -all"]);
    txt(&mut facts, "back.example", &["v=spf1 include:example.com -all"]);
    assert!(findings(&CHECK, &facts)[0].says.contains("leads back to itself"));
}

#[test]
fn what_was_not_seen_is_not_judged() {
    let mut facts = with(&["v=spf1 include:_spf.google.com -all"]);
    facts.dns.insert("_spf.google.com TXT".to_owned(), unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    facts.dns.insert("example.com TXT".to_owned(), unseen(Why::Busy));
    assert_eq!(judge(&CHECK, &facts).unwrap_err().why, Why::Busy);
    assert_eq!(status(&CHECK, &with(&["v=spf1 exists:%{i}._spf.example.com -all"])), Status::Pass);
    assert_eq!(status(&CHECK, &with(&["v=spf1 include:%{d}._spf.example.com -all"])), Status::CouldNotTell);
}

fn mark(facts: &mut Facts, rows: &[(&str, &str)]) {
    let rows = rows.iter().map(|(term, mark)| ((*term).to_owned(), (*mark).to_owned())).collect();
    let text = String::new;
    let answer = Answer { choice: Choice::Yes, note: text(), evidence: text(), owner: text(), rows, at: now() };
    facts.answers.insert(CHECK.id.to_owned(), answer);
}

#[test]
fn a_sender_that_is_not_approved_fails_with_the_shorter_record() {
    let mut facts = with(&["v=spf1 include:_spf.google.com include:spf.mtasv.net ip4:5.9.0.1 -all"]);
    mark(&mut facts, &[("include:_spf.google.com", "approved"), ("include:SPF.mtasv.net", "unwanted")]);
    let found = findings(&CHECK, &facts);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].says.starts_with("You marked Postmark"), "{}", found[0].says);
    let paste = found[0].fix.paste.as_deref().unwrap();
    assert_eq!(paste, "example.com. 3600 IN TXT \"v=spf1 include:_spf.google.com ip4:5.9.0.1 -all\"");
    mark(&mut facts, &[("include:spf.mtasv.net", "approved")]);
    assert_eq!(status(&CHECK, &facts), Status::Pass);
}

#[test]
fn what_is_not_approved_goes_first_when_the_record_is_too_long() {
    let mut facts = with(&["v=spf1 include:_spf.google.com include:sendgrid.net include:spf.mtasv.net -all"]);
    mark(&mut facts, &[("include:sendgrid.net", "unwanted")]);
    let found = findings(&CHECK, &facts);
    assert_eq!(found.len(), 2, "{found:?}");
    let short = "example.com. 3600 IN TXT \"v=spf1 include:_spf.google.com include:spf.mtasv.net -all\"";
    assert!(found.iter().all(|finding| finding.fix.paste.as_deref() == Some(short)), "{found:?}");
    let twice = only(&[
        "v=spf1 include:_spf.google.com include:_spf.google.com include:_spf.google.com include:_spf.google.com -all",
    ]);
    assert_eq!(twice.fix.paste.unwrap(), "example.com. 3600 IN TXT \"v=spf1 include:_spf.google.com -all\"");
    let mut facts = with(&["v=spf1 include:old.example -all"]);
    txt(&mut facts, "old.example", &[]);
    assert_eq!(findings(&CHECK, &facts)[0].fix.paste.as_deref(), Some("example.com. 3600 IN TXT \"v=spf1 -all\""));
}

#[test]
fn a_service_that_another_one_includes_already_is_left_out_of_the_shorter_record() {
    let mut facts = with(&["v=spf1 include:_spf.google.com include:suite.example include:sendgrid.net -all"]);
    txt(&mut facts, "suite.example", &["v=spf1 ip4:192.0.2.0/24 include:sendgrid.net -all"]);
    let found = findings(&CHECK, &facts);
    assert!(found[0].evidence.iter().any(|line| line.starts_with("include:sendgrid.net is included by another")));
    // Twelve look-ups less the nine of the one that goes would still be too many, so the record is split without it.
    let paste = found[0].fix.paste.as_deref().unwrap();
    assert_eq!(paste.matches("sendgrid").count(), 0, "{paste}");
    // A term that refuses somebody before it makes the inner one no proof for the outer one.
    txt(&mut facts, "suite.example", &["v=spf1 -ip4:192.0.2.9 include:sendgrid.net -all"]);
    assert!(!findings(&CHECK, &facts)[0].evidence.iter().any(|line| line.contains("included by another")));
}
