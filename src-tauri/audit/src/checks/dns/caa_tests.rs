//! Tests of dns.caa.

use super::CHECK;
use crate::Why;
use crate::check::{Severity, Status};
use crate::facts::{Facts, RecordData};
use crate::testing::{answer, findings, handshake, healthy, now, seen, status, unseen};

/// A certificate for `name` by an authority with this organisation, DER in base64.
fn made_by(organisation: &str, name: &str) -> String {
    use base64::Engine as _;
    let mut above = rcgen::CertificateParams::default();
    above.distinguished_name.push(rcgen::DnType::OrganizationName, organisation);
    above.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let issuer = rcgen::CertifiedIssuer::self_signed(above, rcgen::KeyPair::generate().unwrap()).unwrap();
    let mut params = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_after = time::OffsetDateTime::from_unix_timestamp(now().as_second() + 6_000_000).unwrap();
    let leaf = params.signed_by(&rcgen::KeyPair::generate().unwrap(), &issuer).unwrap();
    base64::engine::general_purpose::STANDARD.encode(leaf.der())
}

fn caa(critical: bool, tag: &str, value: &str) -> RecordData {
    RecordData::Caa { critical, tag: tag.to_owned(), value: value.to_owned() }
}

/// The healthy site with certificates by Let's Encrypt and these records at the apex.
fn with(records: Vec<RecordData>) -> Facts {
    let mut facts = healthy();
    for host in ["example.com", "www.example.com"] {
        answer(&mut facts, host, "CAA", vec![]);
        let shown = crate::facts::Handshake { chain: vec![made_by("Let's Encrypt", host)], ..handshake(host) };
        facts.tls.insert(format!("{host}|104.18.20.10"), seen(shown));
    }
    answer(&mut facts, "example.com", "CAA", records);
    facts
}

#[test]
fn records_that_allow_the_issuer_and_no_records_pass() {
    assert_eq!(status(&CHECK, &with(vec![])), Status::Pass);
    assert_eq!(
        status(&CHECK, &with(vec![caa(false, "issue", "letsencrypt.org; validationmethods=dns-01")])),
        Status::Pass
    );
    assert_eq!(status(&CHECK, &with(vec![caa(false, "iodef", "mailto:a@example.com")])), Status::Pass);
    // A rule for wildcard names alone leaves others open.
    assert_eq!(status(&CHECK, &with(vec![caa(false, "issuewild", ";")])), Status::Pass);
}

#[test]
fn records_that_forbid_the_issuer_fail() {
    for records in [
        vec![caa(false, "issue", "digicert.com")],
        vec![caa(false, "issue", ";")],
        vec![caa(false, "issue", "letsencrypt.org"), caa(true, "future", "x")],
    ] {
        let found = findings(&CHECK, &with(records));
        assert_eq!(found.len(), 2, "both hosts");
        assert_eq!(found[0].severity, Severity::High);
    }
    let found = findings(&CHECK, &with(vec![caa(false, "issue", "digicert.com")]));
    assert_eq!(found[0].fix.paste.as_deref(), Some("example.com. 3600 IN CAA 0 issue \"letsencrypt.org\""));
    // The closest set counts.
    let mut facts = with(vec![caa(false, "issue", "digicert.com")]);
    answer(&mut facts, "www.example.com", "CAA", vec![caa(false, "issue", "letsencrypt.org")]);
    assert_eq!(findings(&CHECK, &facts).len(), 1);
}

#[test]
fn records_that_nobody_understands_are_told() {
    assert_eq!(status(&CHECK, &with(vec![caa(false, "isue", "letsencrypt.org")])), Status::Warn);
    let url = vec![caa(false, "issue", "letsencrypt.org"), caa(false, "issue", "https://letsencrypt.org")];
    assert_eq!(status(&CHECK, &with(url)), Status::Warn);
}

#[test]
fn an_unknown_issuer_and_missing_answers_are_not_judged() {
    let mut facts = with(vec![caa(false, "issue", "digicert.com")]);
    for host in ["example.com", "www.example.com"] {
        let shown = crate::facts::Handshake { chain: vec![made_by("Backyard CA", host)], ..handshake(host) };
        facts.tls.insert(format!("{host}|104.18.20.10"), seen(shown));
    }
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    let mut facts = with(vec![]);
    facts.dns.insert("www.example.com CAA".to_owned(), unseen(Why::Busy));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    facts = with(vec![caa(false, "issue", "letsencrypt.org")]);
    facts.tls.insert("example.com|104.18.20.10".to_owned(), unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}
