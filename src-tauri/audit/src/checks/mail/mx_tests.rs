//! mail.mx on hosts that take mail, that do not, and that could not be spoken to.

use super::CHECK;
use crate::Why;
use crate::check::{Grade, Severity, Status, Verdict};
use crate::facts::{Fact, Facts, Mailhost, RecordData, Trust, TrustProblem};
use crate::testing::{answer, blank, findings, handshake, judge, seen, status, unseen};

fn mx(facts: &mut Facts, hosts: &[&str]) {
    let data = |host: &&str| RecordData::Mx { preference: 10, exchange: (*host).to_owned() };
    answer(facts, "example.com", "MX", hosts.iter().map(data).collect());
}

fn with(host: Option<Fact<Mailhost>>) -> Facts {
    let mut facts = blank();
    mx(&mut facts, &["mx.example.net"]);
    answer(&mut facts, "mx.example.net", "A", vec![RecordData::A("5.9.1.1".parse().unwrap())]);
    answer(&mut facts, "mx.example.net", "AAAA", vec![]);
    facts.mailhosts.extend(host.map(|fact| ("mx.example.net|5.9.1.1".to_owned(), fact)));
    facts
}

fn good() -> Mailhost {
    Mailhost { greeting: 220, starttls: true, tls: Some(seen(handshake("mx.example.net"))) }
}

#[test]
fn a_host_that_encrypts_passes() {
    let facts = with(Some(seen(good())));
    let Ok(Verdict::Judged { proof, findings, unseen }) = judge(&CHECK, &facts) else { panic!() };
    assert!(findings.is_empty() && unseen.is_empty(), "{findings:?} {unseen:?}");
    assert_eq!(proof[1], "mx.example.net at 5.9.1.1 encrypts (TLSv1.3) with a valid certificate");
    let mut facts = blank();
    mx(&mut facts, &["."]);
    assert_eq!(status(&CHECK, &facts), Status::Pass, "null MX");
}

#[test]
fn hosts_that_lose_mail_fail() {
    let mut facts = blank();
    mx(&mut facts, &[]);
    assert_eq!(findings(&CHECK, &facts)[0].severity, Severity::High);
    let mut facts = with(None);
    answer(&mut facts, "mx.example.net", "A", vec![]);
    assert!(findings(&CHECK, &facts)[0].says.contains("has no address; mail to you comes back"));
    mx(&mut facts, &["5.9.1.1"]);
    assert!(findings(&CHECK, &facts)[0].says.contains("must name a host"));
    let closed = Mailhost { greeting: 554, starttls: false, tls: None };
    assert_eq!(findings(&CHECK, &with(Some(seen(closed))))[0].grade, Grade::Fail);
}

#[test]
fn missing_encryption_and_bad_certificates_warn() {
    let plain = Mailhost { greeting: 220, starttls: false, tls: None };
    assert!(findings(&CHECK, &with(Some(seen(plain))))[0].says.contains("without encryption"));
    let refused = Trust::Refused { problem: TrustProblem::Expired, detail: "expired".to_owned() };
    let expired = crate::facts::Handshake { trust: refused, ..handshake("mx.example.net") };
    let host = Mailhost { tls: Some(seen(expired)), ..good() };
    assert_eq!(findings(&CHECK, &with(Some(seen(host))))[0].grade, Grade::Warn);
}

#[test]
fn a_network_without_port_25_and_a_busy_host_are_not_judged() {
    assert_eq!(status(&CHECK, &with(Some(unseen(Why::Timeout)))), Status::CouldNotTell);
    let busy = Mailhost { greeting: 421, starttls: false, tls: None };
    assert_eq!(status(&CHECK, &with(Some(seen(busy)))), Status::CouldNotTell);
    let broken = Mailhost { tls: Some(unseen(Why::Broken)), ..good() };
    assert_eq!(status(&CHECK, &with(Some(seen(broken)))), Status::CouldNotTell);
    assert_eq!(status(&CHECK, &with(None)), Status::CouldNotTell);
}
