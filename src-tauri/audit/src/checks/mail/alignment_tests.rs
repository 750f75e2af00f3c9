//! mail.alignment on services that prove the domain, that do not, and that cannot be told.

use super::CHECK;
use crate::Why;
use crate::check::{Status, Verdict};
use crate::facts::{Facts, RecordData};
use crate::testing::{answer, blank, findings, judge, status, unseen};

const KEY: &str = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

fn txt(facts: &mut Facts, name: &str, text: &str) {
    answer(facts, name, "TXT", vec![RecordData::Txt(vec![text.to_owned()])]);
}

/// Google holds the mailboxes, Postmark sends.
fn with(google: Option<&str>, postmark: Option<&str>) -> Facts {
    let mut facts = blank();
    txt(&mut facts, "example.com", "v=spf1 include:_spf.google.com include:spf.mtasv.net -all");
    let mx = RecordData::Mx { preference: 1, exchange: "smtp.google.com".to_owned() };
    answer(&mut facts, "example.com", "MX", vec![mx]);
    answer(&mut facts, "_domainkey.example.com", "TXT", vec![]);
    for (selector, key) in [("google", google), ("pm", postmark)] {
        facts.scope.selectors.push(selector.to_owned());
        let data = key.map(|text| RecordData::Txt(vec![text.to_owned()])).into_iter().collect();
        answer(&mut facts, &format!("{selector}._domainkey.example.com"), "TXT", data);
    }
    facts
}

#[test]
fn keys_and_mailboxes_prove_the_domain() {
    let facts = with(Some(KEY), Some(KEY));
    let Ok(Verdict::Judged { proof, findings, unseen }) = judge(&CHECK, &facts) else { panic!() };
    assert!(findings.is_empty() && unseen.is_empty(), "{findings:?} {unseen:?}");
    assert!(proof[0].starts_with("Google Workspace: proven by its key") && proof[0].contains("by SPF"), "{}", proof[0]);
    assert!(proof[1].starts_with("Postmark: proven by its key at pm._domainkey.example.com; its SPF proves its own"));
    assert_eq!(status(&CHECK, &with(None, Some(KEY))), Status::Pass, "mailboxes are proven by SPF");
}

#[test]
fn a_service_with_a_broken_key_is_told_and_one_without_a_known_key_is_not_judged() {
    let broken = findings(&CHECK, &with(Some(KEY), Some("v=DKIM1; p=")));
    assert_eq!(broken[0].subject, "Postmark");
    assert!(broken[0].says.contains("does not prove example.com"), "{}", broken[0].says);
    assert_eq!(status(&CHECK, &with(Some(KEY), None)), Status::CouldNotTell);
    let mut facts = with(Some(KEY), None);
    facts.dns.insert("pm._domainkey.example.com TXT".to_owned(), unseen(Why::Busy));
    assert_eq!(judge(&CHECK, &facts).unwrap_err().why, Why::Busy);
}

#[test]
fn without_services_there_is_nothing_to_align() {
    let mut facts = with(None, None);
    txt(&mut facts, "example.com", "v=spf1 ip4:5.9.1.1 -all");
    assert_eq!(status(&CHECK, &facts), Status::NotApplicable);
    txt(&mut facts, "example.com", "no record");
    assert_eq!(judge(&CHECK, &facts).unwrap_err().why, Why::Depends);
}
