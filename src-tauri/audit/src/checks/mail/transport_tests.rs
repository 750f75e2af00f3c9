//! mail.transport with, without and with a broken policy.

use super::CHECK;
use crate::Why;
use crate::check::{Grade, Severity, Status};
use crate::facts::{Facts, RecordData, StsAnswer};
use crate::testing::{answer, blank, findings, judge, seen, status, unseen};

fn txt(facts: &mut Facts, name: &str, texts: &[&str]) {
    answer(facts, name, "TXT", texts.iter().map(|text| RecordData::Txt(vec![(*text).to_owned()])).collect());
}

fn with(sts: &[&str], policy: Option<&str>, reports: &[&str]) -> Facts {
    let mut facts = blank();
    let mx = RecordData::Mx { preference: 1, exchange: "mx.example.net".to_owned() };
    answer(&mut facts, "example.com", "MX", vec![mx]);
    txt(&mut facts, "_mta-sts.example.com", sts);
    txt(&mut facts, "_smtp._tls.example.com", reports);
    answer(&mut facts, "mta-sts.example.com", "A", vec![RecordData::A("5.9.1.1".parse().unwrap())]);
    facts.sts = policy.map(|text| seen(StsAnswer { status: 200, text: text.to_owned() }));
    facts
}

const ID: &str = "v=STSv1; id=1;";
const REPORTS: &str = "v=TLSRPTv1; rua=mailto:tls@example.com";

#[test]
fn absence_and_a_whole_policy_pass() {
    assert_eq!(status(&CHECK, &with(&[], None, &[])), Status::Pass);
    let policy = "version: STSv1\nmode: enforce\nmx: *.example.net\nmax_age: 604800\n";
    assert_eq!(status(&CHECK, &with(&[ID], Some(policy), &[REPORTS])), Status::Pass);
}

#[test]
fn an_enforced_policy_that_forgets_a_host_fails() {
    let policy = "version: STSv1\nmode: enforce\nmx: old.example.org\nmax_age: 604800\n";
    let found = findings(&CHECK, &with(&[ID], Some(policy), &[REPORTS]));
    assert_eq!((found[0].grade, found[0].severity), (Grade::Fail, Severity::High));
    assert!(found[0].fix.paste.as_deref().unwrap().contains("mx: mx.example.net\n"));
    let testing = policy.replace("enforce", "testing");
    assert_eq!(findings(&CHECK, &with(&[ID], Some(&testing), &[REPORTS]))[0].grade, Grade::Warn);
}

#[test]
fn broken_records_and_policies_warn() {
    assert!(findings(&CHECK, &with(&[ID], Some("<html>"), &[]))[0].says.contains("senders go on without it"));
    assert!(findings(&CHECK, &with(&["v=STSv1"], None, &[]))[0].says.contains("no valid id"));
    assert_eq!(findings(&CHECK, &with(&[ID, ID], None, &[])).len(), 1);
    assert!(findings(&CHECK, &with(&[], None, &["v=TLSRPTv1; rua=nobody"]))[0].says.contains("no place"));
    let mut gone = with(&[ID], None, &[]);
    answer(&mut gone, "mta-sts.example.com", "A", vec![]);
    answer(&mut gone, "mta-sts.example.com", "AAAA", vec![]);
    assert!(findings(&CHECK, &gone)[0].says.contains("mta-sts.example.com has no address"));
    let mut untrusted = with(&[ID], None, &[]);
    untrusted.sts = Some(unseen(Why::Untrusted));
    assert!(findings(&CHECK, &untrusted)[0].says.contains("not trusted"));
}

#[test]
fn what_was_not_seen_is_not_judged() {
    let mut facts = with(&[ID], None, &[]);
    assert_eq!(judge(&CHECK, &facts).unwrap_err().why, Why::NotLooked);
    facts.sts = Some(unseen(Why::Timeout));
    assert_eq!(judge(&CHECK, &facts).unwrap_err().why, Why::Timeout);
    answer(&mut facts, "example.com", "MX", vec![RecordData::Mx { preference: 0, exchange: ".".to_owned() }]);
    assert_eq!(status(&CHECK, &facts), Status::NotApplicable);
}
