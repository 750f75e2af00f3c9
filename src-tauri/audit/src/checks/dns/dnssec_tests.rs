//! Tests of dns.dnssec.

use super::CHECK;
use crate::Why;
use crate::check::{Severity, Status};
use crate::facts::{DigestSeen, Digests, Dnssec, Facts, KeySeen, Keys, Link, Signature, SignedSet};
use crate::testing::{blank, findings, now, seen, status, unseen};
use jiff::{SignedDuration, Timestamp};

fn day(days: i64) -> Timestamp {
    now() + SignedDuration::from_hours(days * 24)
}

fn signed(left: i64, good: Option<bool>) -> Signature {
    Signature { tag: 7, algorithm: 13, from: day(left - 14), until: day(left), good }
}

fn digest(digest: u8, fits: Option<bool>) -> DigestSeen {
    DigestSeen { tag: 7, algorithm: 13, digest, fits, text: format!("7 13 {digest} AB") }
}

fn link(zone: &str) -> Link {
    let key = KeySeen { tag: 7, algorithm: 13, flags: 257, bits: 512, digest: Some("7 13 2 AB".to_owned()) };
    Link {
        zone: zone.to_owned(),
        digests: seen(Digests { set: vec![digest(2, Some(true))], signatures: vec![signed(10, Some(true))] }),
        keys: seen(Keys { set: vec![key], signatures: vec![signed(10, Some(true))] }),
    }
}

/// The chain of a well-kept domain, changed.
fn chain(change: impl FnOnce(&mut Dnssec)) -> Facts {
    let answer =
        |rtype: &str| SignedSet { rtype: rtype.to_owned(), signatures: seen(Some(vec![signed(10, Some(true))])) };
    let links = vec![link("."), link("com"), link("example.com")];
    let mut dnssec = Dnssec { links, answers: vec![answer("SOA"), answer("A")] };
    change(&mut dnssec);
    let mut facts = blank();
    facts.dnssec = Some(seen(dnssec));
    facts
}

fn own(change: impl FnOnce(&mut Digests, &mut Keys)) -> Facts {
    chain(|dnssec| {
        let link = dnssec.links.last_mut().unwrap();
        let (mut digests, mut keys) = (link.digests.seen().unwrap().clone(), link.keys.seen().unwrap().clone());
        change(&mut digests, &mut keys);
        (link.digests, link.keys) = (seen(digests), seen(keys));
    })
}

#[test]
fn a_chain_that_holds_and_a_domain_without_one_pass() {
    assert_eq!(status(&CHECK, &chain(|_| {})), Status::Pass);
    let unsigned = own(|digests, keys| {
        *digests = Digests::default();
        *keys = Keys::default();
    });
    assert_eq!(status(&CHECK, &unsigned), Status::Pass);
    let above = chain(|dnssec| dnssec.links[1].digests = seen(Digests::default()));
    assert_eq!(status(&CHECK, &above), Status::Pass);
    // A digest of a kind that nobody knows counts as none.
    let unknown = own(|digests, _| digests.set[0].fits = None);
    assert_ne!(status(&CHECK, &unknown), Status::Fail);
}

#[test]
fn breaks_at_the_domain_are_critical() {
    let keyless = own(|_, keys| *keys = Keys::default());
    let other = own(|digests, _| digests.set[0].fits = Some(false));
    let expired = own(|_, keys| keys.signatures = vec![signed(-1, Some(true))]);
    let forged = own(|_, keys| keys.signatures = vec![signed(10, Some(false))]);
    let bare = chain(|dnssec| dnssec.answers[1].signatures = seen(Some(vec![])));
    for (facts, word) in [
        (keyless, "hold no keys"),
        (other, "does not use"),
        (expired, "expired"),
        (forged, "verifies"),
        (bare, "A records"),
    ] {
        let found = findings(&CHECK, &facts);
        assert_eq!(found[0].severity, Severity::Critical);
        assert!(found[0].says.contains(word), "{}", found[0].says);
        assert!(found[0].fix.paste.as_ref().unwrap().contains("IN DS 7 13 2 AB"));
    }
}

#[test]
fn signatures_that_end_digests_of_yesterday_and_keys_without_a_link_are_told() {
    let ending = chain(|dnssec| dnssec.answers[0].signatures = seen(Some(vec![signed(1, Some(true))])));
    assert_eq!(status(&CHECK, &ending), Status::Warn);
    // Providers that sign each answer give it a life of two days: half of it is always left.
    let short = Signature { from: day(-1), until: day(1), ..signed(1, Some(true)) };
    let live = chain(|dnssec| dnssec.answers[0].signatures = seen(Some(vec![short])));
    assert_eq!(status(&CHECK, &live), Status::Pass);
    assert!(findings(&CHECK, &own(|digests, _| digests.set[0].digest = 1))[0].says.contains("SHA-1"));
    assert!(findings(&CHECK, &own(|_, keys| keys.set[0].algorithm = 5))[0].says.contains("retired"));
    let unlinked = own(|digests, _| *digests = Digests::default());
    assert!(findings(&CHECK, &unlinked)[0].fix.paste.as_ref().unwrap().contains("IN DS 7 13 2 AB"));
}

#[test]
fn what_was_not_seen_or_cannot_be_verified_is_not_judged() {
    assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
    let silent = chain(|dnssec| dnssec.links[2].keys = unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &silent), Status::CouldNotTell);
    let above = chain(|dnssec| dnssec.links[1].keys = seen(Keys::default()));
    assert_eq!(status(&CHECK, &above), Status::CouldNotTell);
    let strange = own(|_, keys| keys.signatures = vec![signed(10, None)]);
    assert_eq!(status(&CHECK, &strange), Status::CouldNotTell);
}
