//! mail.transport with, without and with a broken policy.

use super::CHECK;
use crate::Why;
use crate::check::{Grade, Severity, Status, Verdict};
use crate::facts::{Facts, Handshake, Mailhost, RecordData, StsAnswer, Trust, TrustProblem};
use crate::testing::{answer, blank, findings, handshake, issued, judge, seen, status, unseen};

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

fn mail_host(facts: &mut Facts, host: &str, chain: Vec<String>, trust: Trust) {
    let shaken = Handshake { chain, trust, ..handshake(host) };
    let talk = Mailhost { greeting: 220, starttls: true, tls: Some(seen(shaken)) };
    facts.mailhosts.insert(format!("{host}|5.9.2.2"), seen(talk));
}

fn tlsa(facts: &mut Facts, host: &str, texts: &[String]) {
    let record = |text: &String| RecordData::Other { rtype: "TLSA".to_owned(), text: text.clone() };
    answer(facts, &format!("_25._tcp.{host}"), "TLSA", texts.iter().map(record).collect());
}

#[test]
fn dane_records_are_held_against_the_certificate_that_is_sent() {
    let chain = issued("Lantern Authority", &["mx.example.net"], -1, 30);
    let fits = crate::read::dane::fitting(&chain).unwrap();
    let zeros = format!("3 1 1 {}", "0".repeat(64));
    let look = |host: &str, texts: &[String]| {
        let mut facts = with(&[], None, &[]);
        let mx = RecordData::Mx { preference: 1, exchange: host.to_owned() };
        answer(&mut facts, "example.com", "MX", vec![mx]);
        tlsa(&mut facts, host, texts);
        zone(&mut facts, host, true);
        mail_host(&mut facts, host, chain.clone(), Trust::Trusted);
        facts
    };
    assert_eq!(status(&CHECK, &look("mx.example.net", &[])), Status::Pass);
    assert_eq!(status(&CHECK, &look("mx.example.net", &[zeros.clone(), fits.clone()])), Status::Pass);
    let other = findings(&CHECK, &look("mx.example.net", std::slice::from_ref(&zeros)));
    assert_eq!((other[0].severity, other[0].fix.paste.clone()), (Severity::High, None));
    assert!(other[0].fix.says.starts_with("Tell the company that runs the mail host"));
    let own = findings(&CHECK, &look("mx.example.com", std::slice::from_ref(&zeros)));
    assert_eq!(own[0].fix.paste.as_deref(), Some(format!("_25._tcp.mx.example.com. 3600 IN TLSA {fits}").as_str()));
    let skipped = findings(&CHECK, &look("mx.example.net", &[zeros.replace("3 1 1", "1 1 1"), "1 2 3".to_owned()]));
    assert!(skipped[0].says.contains("all of them are skipped"), "{skipped:?}");
    let mut silent = look("mx.example.net", &[fits]);
    silent.mailhosts.clear();
    assert_eq!(status(&CHECK, &silent), Status::CouldNotTell);
}

/// A host's zone begins at its last two labels.
fn zone(facts: &mut Facts, host: &str, signed: bool) {
    let (_, zone) = host.split_once('.').unwrap();
    let digest = RecordData::Other { rtype: "DS".to_owned(), text: "1 13 2 00".to_owned() };
    answer(facts, zone, "NS", vec![RecordData::Ns("ns.example.org".to_owned())]);
    answer(facts, zone, "DS", signed.then_some(digest).into_iter().collect());
    answer(facts, host, "NS", vec![]);
}

#[test]
fn dane_counts_in_a_signed_zone_and_only_its_owner_can_mend_it() {
    let zeros = format!("3 1 1 {}", "0".repeat(64));
    let look = |host: &str, signed: bool| {
        let mut facts = with(&[], None, &[]);
        let mx = RecordData::Mx { preference: 1, exchange: host.to_owned() };
        answer(&mut facts, "example.com", "MX", vec![mx]);
        tlsa(&mut facts, host, std::slice::from_ref(&zeros));
        zone(&mut facts, host, signed);
        mail_host(&mut facts, host, issued("Lantern Authority", &[host], -1, 30), Trust::Trusted);
        facts
    };
    let Ok(Verdict::Judged { proof, findings: none, .. }) = judge(&CHECK, &look("mx.example.net", false)) else {
        panic!()
    };
    assert!(none.is_empty() && proof.iter().any(|line| line.contains("senders skip it")), "{proof:?} {none:?}");
    let own = findings(&CHECK, &look("mx.example.com", false));
    assert_eq!((own.len(), own[0].severity), (1, Severity::Low));
    assert!(own[0].says.contains("because example.com is not signed"), "{own:?}");
    let mut silent = look("mx.example.net", true);
    silent.dns.insert("example.net DS".to_owned(), unseen(Why::Timeout));
    assert_eq!((findings(&CHECK, &silent), status(&CHECK, &silent)), (vec![], Status::CouldNotTell));
    let mut cut = look("mx.example.net", true);
    answer(&mut cut, "mx.example.net", "NS", vec![RecordData::Ns("ns.example.org".to_owned())]);
    answer(&mut cut, "mx.example.net", "DS", vec![]);
    assert_eq!(findings(&CHECK, &cut), [], "a zone below that is not signed ends the chain");
    let mut bare = with(&[], None, &[]);
    tlsa(&mut bare, "mx.example.net", &[]);
    let Ok(Verdict::Judged { proof, .. }) = judge(&CHECK, &bare) else { panic!() };
    assert!(proof.iter().any(|line| line.contains("only the company that runs mx.example.net")), "{proof:?}");
}

#[test]
fn an_enforced_policy_needs_certificates_that_prove_the_hosts() {
    let policy = "version: STSv1\nmode: enforce\nmx: *.example.net\nmax_age: 604800\n";
    let refused = Trust::Refused { problem: TrustProblem::Expired, detail: "over".to_owned() };
    let look = |text: &str, trust: Trust| {
        let mut facts = with(&[ID], Some(text), &[REPORTS]);
        mail_host(&mut facts, "mx.example.net", vec![], trust);
        facts
    };
    assert_eq!(status(&CHECK, &look(policy, Trust::Trusted)), Status::Pass);
    let found = findings(&CHECK, &look(policy, refused.clone()));
    assert_eq!((found.len(), found[0].grade, found[0].severity), (1, Grade::Fail, Severity::High));
    assert_eq!(status(&CHECK, &look(&policy.replace("enforce", "testing"), refused)), Status::Pass);
}
