//! mail.bimi with, without and with a broken record.

use super::CHECK;
use crate::Why;
use crate::check::{Severity, Status};
use crate::facts::{BrandFile, Fact, Facts, LogoSeen, RecordData};
use crate::testing::{answer, blank, certificate, findings, judge, seen, status, unseen};

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
    ] {
        let found = findings(&CHECK, &with(records, policy));
        assert_eq!((found.len(), found[0].severity), (1, Severity::Low), "{records:?} {found:?}");
    }
}

#[test]
fn what_was_not_seen_is_not_judged() {
    let mut facts = with(&[], "v=DMARC1; p=none");
    facts.dns.insert("default._bimi.example.com TXT".to_owned(), unseen(Why::Timeout));
    assert_eq!(judge(&CHECK, &facts).unwrap_err().why, Why::Timeout);
}

fn file(status: u16, logo: Option<LogoSeen>, chain: Vec<String>) -> BrandFile {
    BrandFile { url: "https://example.com/x".to_owned(), status, bytes: 900, logo, chain }
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
