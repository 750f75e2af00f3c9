//! mail.bimi with, without and with a broken record.

use super::CHECK;
use crate::Why;
use crate::check::{Severity, Status, Verdict};
use crate::facts::{BrandFile, Fact, Facts, LogoSeen, RecordData};
use crate::read::logotype::{digest, tests::holding};
use crate::testing::{answer, blank, certificate, findings, judge, seen, status, unseen};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

fn with(records: &[&str], policy: &str) -> Facts {
    let mut facts = blank();
    let text = |text: &&str| RecordData::Txt(vec![(*text).to_owned()]);
    answer(&mut facts, "default._bimi.example.com", "TXT", records.iter().map(text).collect());
    answer(&mut facts, "_dmarc.example.com", "TXT", vec![text(&policy)]);
    facts
}

#[test]
fn absence_and_a_whole_record_pass() {
    assert_eq!(status(&CHECK, &with(&[], "v=DMARC1; p=none")), Status::Pass);
    let whole = "v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/vmc.pem";
    let bare = findings(&CHECK, &with(&[whole], "v=DMARC1; p=reject"));
    assert_eq!(bare, []);
    assert_eq!(status(&CHECK, &with(&["v=BIMI1; l=; a=;"], "v=DMARC1; p=none")), Status::Pass);
}

#[test]
fn a_record_that_shows_nothing_is_advice() {
    for (records, policy) in [
        (&["v=BIMI1; l=https://example.com/logo.svg"][..], "v=DMARC1; p=none"),
        (&["v=BIMI1; l=http://example.com/logo.svg"], "v=DMARC1; p=reject"),
        (&["v=BIMI1; l=https://example.com/logo.png"], "v=DMARC1; p=reject"),
        (&["v=BIMI1; l=https://a.example/a.svg", "v=BIMI1; l=https://a.example/b.svg"], "v=DMARC1; p=reject"),
        (&["v=bimi1; l=https://example.com/logo.svg"], "v=DMARC1; p=reject"),
        (&["v=BIMI1; l=https://example.com/logo.svg"], "v=DMARC1; p=reject; sp=none"),
        (&["v=BIMI1; l=https://example.com/logo.svg"], "v=DMARC1; p=quarantine; pct=50"),
    ] {
        let found = findings(&CHECK, &with(records, policy));
        assert_eq!((found.len(), found[0].severity), (1, Severity::Low), "{records:?} {found:?}");
    }
    let found = findings(&CHECK, &with(&["V=BIMI1; l=https://example.com/logo.svg;a="], "v=DMARC1; p=reject"));
    assert!(found[0].fix.paste.as_deref().unwrap().contains("\"v=BIMI1; l=https://example.com/logo.svg; a=\""));
    for fine in ["v=DMARC1; p=quarantine; pct=100", "v=DMARC1; p=reject; sp=quarantine"] {
        assert_eq!(findings(&CHECK, &with(&["v=BIMI1; l=https://example.com/logo.svgz"], fine)), []);
    }
}

#[test]
fn what_was_not_seen_is_not_judged() {
    let mut facts = with(&[], "v=DMARC1; p=none");
    facts.dns.insert("default._bimi.example.com TXT".to_owned(), unseen(Why::Timeout));
    assert_eq!(judge(&CHECK, &facts).unwrap_err().why, Why::Timeout);
}

fn file(status: u16, logo: Option<LogoSeen>, chain: Vec<String>) -> BrandFile {
    let digest = logo.as_ref().map(|_| digest(SVG.as_bytes())).unwrap_or_default();
    BrandFile { url: "https://example.com/x".to_owned(), status, bytes: 900, digest, logo, chain }
}

const SVG: &str = "<svg version=\"1.2\" baseProfile=\"tiny-ps\"/>";

/// A mark certificate of this logo and the authority above it, DER in base64.
fn mark(logo: &str) -> Vec<String> {
    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, ExtendedKeyUsagePurpose, IsCa};
    let key = || rcgen::KeyPair::generate().unwrap();
    let mut above = CertificateParams::default();
    above.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(above, key()).unwrap();
    let mut params = CertificateParams::new(vec!["example.com".to_owned()]).unwrap();
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::Other(vec![1, 3, 6, 1, 5, 5, 7, 3, 31])];
    let held = CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 12], holding(logo));
    params.custom_extensions = vec![held];
    let leaf = params.signed_by(&key(), &issuer).unwrap();
    [leaf.der(), issuer.der()].map(|der| STANDARD.encode(der)).into()
}

#[test]
fn a_certificate_is_of_the_logo_and_signed_by_who_follows_it() {
    let record = "v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/vmc.pem";
    let look = |chain: Vec<String>| {
        let mut facts = with(&[record], "v=DMARC1; p=reject");
        let (shown, mark) = (seen(file(200, Some(logo()), vec![])), seen(file(200, None, chain)));
        facts.brand = [("l".to_owned(), shown), ("a".to_owned(), mark)].into();
        facts
    };
    let Ok(Verdict::Judged { proof, findings: none, unseen }) = judge(&CHECK, &look(mark(SVG))) else { panic!() };
    assert!(none.is_empty() && unseen.is_empty(), "{none:?} {unseen:?}");
    assert!(proof.iter().any(|line| line == "the logo is the one in the certificate"), "{proof:?}");
    let other = findings(&CHECK, &look(mark("<svg/>")));
    assert!(other.len() == 1 && other[0].says.contains("not the one in its certificate"), "{other:?}");
    let forged = findings(&CHECK, &look(vec![mark(SVG)[0].clone(), mark(SVG)[1].clone()]));
    assert!(forged.len() == 1 && forged[0].says.contains("not by its key"), "{forged:?}");
    let alone = look(mark(SVG)[..1].to_vec());
    assert_eq!((findings(&CHECK, &alone), status(&CHECK, &alone)), (vec![], Status::CouldNotTell));
}

fn logo() -> LogoSeen {
    LogoSeen {
        version: Some("1.2".to_owned()),
        profile: Some("tiny-ps".to_owned()),
        title: true,
        square: Some(true),
        ..LogoSeen::default()
    }
}

#[test]
fn a_logo_that_breaks_the_profile_and_a_certificate_that_is_none_are_advice() {
    let record = "v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/vmc.pem";
    let look = |logo: Fact<BrandFile>, mark: Fact<BrandFile>| {
        let mut facts = with(&[record], "v=DMARC1; p=reject");
        facts.brand = [("l".to_owned(), logo), ("a".to_owned(), mark)].into();
        facts
    };
    let plain = || seen(file(200, None, vec![certificate(&["example.com"], -1, 30)]));
    let script = LogoSeen { banned: vec!["script".to_owned()], ..logo() };
    for (seen_logo, says) in [
        (seen(file(404, None, vec![])), "answers with the status 404"),
        (seen(file(200, None, vec![])), "it is no SVG"),
        (seen(file(200, Some(script), vec![])), "the profile has no script"),
        (seen(file(200, Some(LogoSeen { profile: None, ..logo() }), vec![])), "baseProfile"),
    ] {
        let found = findings(&CHECK, &look(seen_logo, plain()));
        assert!(found[0].says.contains(says) && found[0].severity == Severity::Low, "{found:?}");
    }
    let found = findings(&CHECK, &look(seen(file(200, Some(logo()), vec![])), plain()));
    assert_eq!(found.len(), 1);
    assert!(found[0].says.ends_with("it is not made for logos in mailboxes; there is no logo in it."), "{found:?}");
    let old = seen(file(200, None, vec![certificate(&["example.org"], -60, -3)]));
    let found = findings(&CHECK, &look(seen(file(200, Some(logo()), vec![])), old));
    assert!(found[0].says.contains("it ended on 18 November 2026; it does not name example.com"), "{found:?}");
    let found = findings(&CHECK, &look(seen(file(200, Some(logo()), vec![])), seen(file(200, None, vec![]))));
    assert!(found[0].says.contains("no certificate in it"), "{found:?}");
    assert_eq!(status(&CHECK, &look(unseen(Why::Timeout), unseen(Why::Timeout))), Status::CouldNotTell);
}
