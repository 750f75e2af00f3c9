//! mail.dkim on healthy, broken and unseen keys.

use super::CHECK;
use crate::check::{Grade, Severity, Status, Verdict};
use crate::facts::{Fact, Facts, Rcode, RecordData};
use crate::testing::{answer, blank, findings, judge, status, unseen};
use crate::{Finding, Why};

/// An Ed25519 key, as published.
const ED25519: &str = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

/// A published RSA key of so many bits; only its length matters.
fn rsa(bits: usize) -> String {
    use base64::Engine as _;
    let der = |tag: u8, body: &[u8]| {
        let length = u16::try_from(body.len()).unwrap().to_be_bytes();
        [&[tag, 0x82, length[0], length[1]], body].concat()
    };
    let modulus = [vec![0], vec![0xc5; bits / 8]].concat();
    let key = der(0x30, &[der(0x02, &modulus), vec![2, 3, 1, 0, 1]].concat());
    format!("v=DKIM1; k=rsa; p={}", base64::engine::general_purpose::STANDARD.encode(key))
}

fn with(keys: &[(&str, &str)]) -> Facts {
    let mut facts = blank();
    for selector in ["google", "pm", "default"] {
        facts.scope.selectors.push(selector.to_owned());
        answer(&mut facts, &format!("{selector}._domainkey.example.com"), "TXT", vec![]);
    }
    for (selector, text) in keys {
        let data = vec![RecordData::Txt(vec![(*text).to_owned()])];
        answer(&mut facts, &format!("{selector}._domainkey.example.com"), "TXT", data);
    }
    facts
}

fn only(keys: &[(&str, &str)]) -> Finding {
    let found = findings(&CHECK, &with(keys));
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().next().unwrap()
}

#[test]
fn long_keys_pass_with_their_service() {
    let facts = with(&[("google", &rsa(2048)), ("pm", ED25519)]);
    let Ok(Verdict::Judged { proof, findings, unseen }) = judge(&CHECK, &facts) else { panic!() };
    assert!(findings.is_empty() && unseen.is_empty(), "{findings:?}");
    assert_eq!(proof[0], "google._domainkey.example.com (Google Workspace): RSA key of 2048 bits");
    assert!(proof[1].ends_with("Ed25519 key"));
}

#[test]
fn weak_short_and_broken_keys_are_found() {
    let weak = only(&[("google", &rsa(768))]);
    assert_eq!((weak.grade, weak.severity), (Grade::Fail, Severity::High));
    let short = only(&[("google", &rsa(1024))]);
    assert_eq!((short.grade, short.severity), (Grade::Warn, Severity::Medium));
    assert!(only(&[("google", "v=DKIM1; k=rsa; p=MIIB")]).says.contains("not a whole RSA key"));
    assert!(only(&[("google", "v=DKIM1; k=rsa")]).says.contains("no \"p=\""));
}

#[test]
fn revoked_keys_fail_alone_and_warn_beside_another() {
    assert_eq!(only(&[("google", "v=DKIM1; k=rsa; p=")]).grade, Grade::Fail);
    assert_eq!(only(&[("google", "v=DKIM1; k=rsa; p="), ("pm", ED25519)]).grade, Grade::Warn);
}

#[test]
fn a_test_mark_is_taken_out() {
    let found = only(&[("pm", "v=DKIM1; k=ed25519; t=y; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")]);
    assert_eq!(found.grade, Grade::Warn);
    assert_eq!(found.fix.paste.unwrap(), format!("pm._domainkey.example.com. 3600 IN TXT \"{ED25519}\""));
}

#[test]
fn no_key_under_known_names_is_no_verdict() {
    let facts = with(&[("pm", "v=spf1 -all")]);
    let unseen_keys = judge(&CHECK, &facts).unwrap_err();
    assert_eq!(unseen_keys.why, Why::Beyond);
    assert!(unseen_keys.says.contains("under the 3 selector names"), "{}", unseen_keys.says);
    let mut facts = with(&[]);
    facts.dns.insert("pm._domainkey.example.com TXT".to_owned(), unseen(Why::Timeout));
    assert_eq!(judge(&CHECK, &facts).unwrap_err().why, Why::Timeout);
    assert_eq!(judge(&CHECK, &blank()).unwrap_err().why, Why::NotLooked);
    // One key that was found is enough, whatever other names did.
    let mut facts = with(&[("google", ED25519)]);
    facts.dns.insert("pm._domainkey.example.com TXT".to_owned(), unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &facts), Status::Pass);
}

fn denied(facts: &mut Facts, name: &str) {
    answer(facts, name, "TXT", vec![]);
    let Some(Fact::Seen { value, .. }) = facts.dns.get_mut(&format!("{name} TXT")) else { panic!() };
    value.rcode = Rcode::NxDomain;
}

#[test]
fn no_key_is_told_only_where_the_name_servers_tell_empty_from_missing() {
    let mut facts = with(&[]);
    denied(&mut facts, "_domainkey.example.com");
    let unsure = judge(&CHECK, &facts).unwrap_err();
    assert!(unsure.says.contains("some say it of every name without records"), "{}", unsure.says);
    let report = RecordData::Txt(vec!["v=TLSRPTv1; rua=mailto:a@example.com".to_owned()]);
    answer(&mut facts, "_smtp._tls.example.com", "TXT", vec![report]);
    denied(&mut facts, "_tls.example.com");
    assert!(judge(&CHECK, &facts).is_err(), "a server that denies an empty name proves nothing");
    answer(&mut facts, "_tls.example.com", "TXT", vec![]);
    let found = findings(&CHECK, &facts);
    assert!(found[0].says.starts_with("There is no DKIM key below example.com"), "{found:?}");
    answer(&mut facts, "example.com", "TXT", vec![RecordData::Txt(vec!["v=spf1 -all".to_owned()])]);
    assert_eq!(status(&CHECK, &facts), Status::NotApplicable);
}

#[test]
fn two_keys_and_exact_keys_are_told() {
    let mut facts = with(&[("pm", "v=DKIM1; k=ed25519; t=s; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")]);
    let Ok(Verdict::Judged { proof, .. }) = judge(&CHECK, &facts) else { panic!() };
    assert!(proof[0].ends_with("sub-domains do not count (t=s)"), "{}", proof[0]);
    let two = [ED25519, &rsa(2048)].map(|text| RecordData::Txt(vec![text.to_owned()])).to_vec();
    answer(&mut facts, "pm._domainkey.example.com", "TXT", two);
    assert!(findings(&CHECK, &facts)[0].says.contains("more than one DKIM key"));
}
