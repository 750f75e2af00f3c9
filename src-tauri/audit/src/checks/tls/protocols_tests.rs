//! Tests of tls.protocols.

use super::CHECK;
use crate::Why;
use crate::check::{Grade, Severity, Status};
use crate::facts::{Fact, Facts, Offer, SuiteSeen, TlsVersion, VersionAnswer};
use crate::testing::{findings, healthy, offer, status, unseen};

const AT: &str = "example.com|104.18.20.10";

fn with(change: impl FnOnce(&mut Offer)) -> Facts {
    let mut facts = healthy();
    if let Some(Fact::Seen { value, .. }) = facts.offers.get_mut(AT) {
        change(value);
    }
    facts
}

fn take(offer: &mut Offer, version: TlsVersion) {
    let seen = offer.versions.iter_mut().find(|seen| seen.version == version).unwrap();
    seen.answer = VersionAnswer::Taken { suite: 0x002F };
}

#[test]
fn today_s_tls_passes() {
    assert_eq!(status(&CHECK, &healthy()), Status::Pass);
    // Compatible suites beside modern ones are what most networks offer.
    assert_eq!(offer().modern, Some(true));
}

#[test]
fn old_versions_are_weighed_by_what_else_there_is() {
    let one = |facts: Facts| {
        let found = findings(&CHECK, &facts);
        assert_eq!(found.len(), 1, "{found:?}");
        (found[0].grade, found[0].severity)
    };
    assert_eq!(one(with(|offer| take(offer, TlsVersion::Tls10))), (Grade::Warn, Severity::Medium));
    assert_eq!(one(with(|offer| take(offer, TlsVersion::Ssl3))), (Grade::Fail, Severity::High));
    let only = with(|offer| {
        take(offer, TlsVersion::Tls10);
        for seen in &mut offer.versions {
            if seen.version >= TlsVersion::Tls12 {
                seen.answer = VersionAnswer::Refused { how: "protocol version".to_owned() };
            }
        }
    });
    assert_eq!(one(only), (Grade::Fail, Severity::High));
}

#[test]
fn weak_suites_and_habits_are_told_by_name() {
    let weak = with(|offer| offer.weak = vec![SuiteSeen { suite: 0x0034, version: TlsVersion::Tls12 }]);
    let found = findings(&CHECK, &weak);
    assert_eq!(found[0].severity, Severity::Critical);
    assert!(found[0].evidence[0].contains("TLS_DH_anon_WITH_AES_128_CBC_SHA in TLS 1.2"), "{found:?}");
    assert!(found[0].fix.paste.as_deref().unwrap().contains("Edge Certificates"));
    let habits = with(|offer| (offer.compression, offer.secure_renegotiation) = (Some(true), Some(false)));
    assert_eq!(findings(&CHECK, &habits).len(), 2);
    let mut slow = healthy();
    if let Some(Fact::Seen { value, .. }) = slow.tls.get_mut(AT) {
        value.alpn = None;
    }
    assert_eq!(findings(&CHECK, &slow)[0].severity, Severity::Low);
}

#[test]
fn the_group_for_keys_is_weighed_by_its_size() {
    let severities = |bits| {
        let found = findings(&CHECK, &with(|offer| offer.group = Some(bits)));
        found.iter().map(|finding| finding.severity).collect::<Vec<_>>()
    };
    assert_eq!(severities(768), [Severity::High]);
    assert_eq!(severities(1024), [Severity::Medium]);
    assert!(severities(2048).is_empty() && severities(4096).is_empty());
}

#[test]
fn what_got_no_answer_is_not_judged() {
    let mut facts = healthy();
    facts.offers.insert(AT.to_owned(), unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    let Fact::<()>::Unseen(why) = unseen(Why::Timeout) else { panic!() };
    let hole = with(|offer| offer.versions[0].answer = VersionAnswer::Unseen(why));
    assert_eq!(status(&CHECK, &hole), Status::CouldNotTell);
}
