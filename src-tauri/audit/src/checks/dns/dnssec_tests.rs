//! Tests of dns.dnssec.

use super::CHECK;
use crate::Why;
use crate::check::{Severity, Status};
use crate::facts::{
    Absence, Denial, DenialKind, DigestSeen, Digests, Dnssec, Facts, KeySeen, Keys, Link, Proves, ServerSigned,
    Signature, SignedSet, Wish,
};
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
        denial: None,
        keys: seen(Keys { set: vec![key], signatures: vec![signed(10, Some(true))] }),
    }
}

/// A proof whose signatures hold.
fn proof(proves: Proves) -> Denial {
    let kind = Some(DenialKind::Nsec3);
    Denial { kind, proves, signatures: vec![vec![signed(10, Some(true))]; 2], ..Denial::default() }
}

fn absence(proves: Proves) -> Absence {
    Absence { question: "q7x.example.com A".to_owned(), answered: None, wildcard: false, denial: proof(proves) }
}

fn server(name: &str) -> ServerSigned {
    let soa = seen(vec![signed(10, Some(true))]);
    let (name, rtype) = (format!("{name} (5.9.1.1)"), seen(absence(Proves::NoType)));
    ServerSigned { server: name, soa, name: seen(absence(Proves::NoName)), rtype }
}

/// A chain whose last zone has no digest at its parent, with this proof of it.
fn unsigned(denial: Option<Denial>) -> Facts {
    chain(|dnssec| {
        let link = dnssec.links.last_mut().unwrap();
        (link.digests, link.keys, link.denial) = (seen(Digests::default()), seen(Keys::default()), denial);
        dnssec.servers.clear();
    })
}

/// The chain of a well-kept domain, changed.
fn chain(change: impl FnOnce(&mut Dnssec)) -> Facts {
    let answer =
        |rtype: &str| SignedSet { rtype: rtype.to_owned(), signatures: seen(Some(vec![signed(10, Some(true))])) };
    let links = vec![link("."), link("com"), link("example.com")];
    let servers = vec![server("ada"), server("bob")];
    let mut dnssec = Dnssec { links, answers: vec![answer("SOA"), answer("A")], servers, wished: Some(seen(vec![])) };
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
    assert_eq!(status(&CHECK, &unsigned(Some(proof(Proves::Unsigned)))), Status::Pass);
    let above = chain(|dnssec| {
        let denial = Some(proof(Proves::Unsigned));
        dnssec.links[1] = Link { digests: seen(Digests::default()), denial, ..dnssec.links[1].clone() };
    });
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
    let unlinked = chain(|dnssec| {
        let link = dnssec.links.last_mut().unwrap();
        (link.digests, link.denial) = (seen(Digests::default()), Some(proof(Proves::Unsigned)));
    });
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

#[test]
fn unsigned_is_believed_only_when_it_is_proven() {
    let forged = Denial { signatures: vec![vec![signed(10, Some(false))]], ..proof(Proves::Unsigned) };
    let late = Denial { signatures: vec![vec![signed(-1, Some(true))]], ..proof(Proves::Unsigned) };
    let none = Denial::default();
    for (denial, says) in [
        (Some(forged), "does not hold"),
        (Some(late), "expired"),
        (Some(none), "without the proof"),
        (Some(proof(Proves::NoName)), "do not prove"),
        (Some(proof(Proves::TooCostly)), "more hashing"),
        (None, "not looked at"),
    ] {
        let told = crate::testing::judge(&CHECK, &unsigned(denial)).unwrap_err().says;
        assert!(told.starts_with("indeterminate: ") && told.contains(says), "{told}");
    }
}

#[test]
fn each_server_must_sign_and_prove_what_it_does_not_have() {
    let with = |change: fn(&mut ServerSigned)| chain(|dnssec| change(&mut dnssec.servers[1]));
    let forged = |absence: &mut Absence| absence.denial.signatures[1] = vec![signed(10, Some(false))];
    for (facts, says) in [
        (with(|server| server.soa = seen(vec![])), "not every one of its name servers"),
        (
            with(|server| server.name = seen(Absence { denial: Denial::default(), ..absence(Proves::NoName) })),
            "does not prove",
        ),
        (with(|server| server.rtype = seen(absence(Proves::Nothing))), "does not prove"),
        (
            chain(|dnssec| {
                let mut absence = absence(Proves::NoName);
                forged(&mut absence);
                dnssec.servers[0].name = seen(absence);
            }),
            "does not prove",
        ),
    ] {
        let found = findings(&CHECK, &facts);
        assert_eq!((found.len(), found[0].severity), (1, Severity::High), "{found:#?}");
        assert!(found[0].says.contains(says) && found[0].evidence.len() == 1, "{found:#?}");
    }
    let silent = chain(|dnssec| dnssec.servers[0].name = unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &silent), Status::CouldNotTell);
}

#[test]
fn wildcards_must_prove_that_the_name_itself_is_absent() {
    let wild = |wildcard: bool, denial: Denial| {
        let answered = Some(vec![signed(10, Some(true))]);
        let name = Absence { answered, wildcard, denial, ..absence(Proves::NoName) };
        status(&CHECK, &chain(|dnssec| dnssec.servers[0].name = seen(name)))
    };
    assert_eq!(wild(true, proof(Proves::NoName)), Status::Pass);
    assert_eq!(wild(true, Denial::default()), Status::Fail);
    // Signers that work while they answer sign the very name.
    assert_eq!(wild(false, Denial::default()), Status::Pass);
}

#[test]
fn needless_hashing_is_told_by_how_much_it_hurts() {
    let rounds = |iterations: u16, proves: Proves| {
        let denial = Denial { iterations, ..proof(proves) };
        findings(&CHECK, &chain(|dnssec| dnssec.servers[0].name = seen(Absence { denial, ..absence(proves) })))
    };
    assert_eq!(rounds(0, Proves::NoName), []);
    assert_eq!(rounds(10, Proves::NoName)[0].severity, Severity::Low);
    assert_eq!(rounds(2_500, Proves::TooCostly)[0].severity, Severity::Medium);
}

#[test]
fn wishes_of_the_zone_are_told_as_what_they_are() {
    let nothing = Wish { nothing: true, ..wish(false, 0, false) };
    for (wished, says) in [
        (vec![nothing], "signing is being ended"),
        (vec![wish(false, 9, true)], "its key is being changed"),
        (vec![wish(false, 7, true), wish(false, 9, false)], "its key is being changed"),
    ] {
        let facts = chain(|dnssec| dnssec.wished = Some(seen(wished)));
        let Ok(crate::Verdict::Judged { proof, findings, .. }) = crate::testing::judge(&CHECK, &facts) else {
            panic!()
        };
        assert!(findings.is_empty() && proof.iter().any(|line| line.contains(says)), "{proof:#?}");
    }
}

fn wish(key: bool, tag: u16, fits: bool) -> Wish {
    Wish { key, nothing: false, tag, fits: Some(fits), text: format!("{tag} 13 2 AB") }
}

#[test]
fn wishes_that_would_break_the_chain_are_told() {
    for (wished, says) in [
        (vec![wish(false, 9, false)], "does not use"),
        (vec![wish(true, 9, false)], "does not use"),
        (vec![wish(false, 7, true), wish(true, 7, true), wish(true, 9, true)], "different keys"),
    ] {
        let found = findings(&CHECK, &chain(|dnssec| dnssec.wished = Some(seen(wished))));
        assert!(found.len() == 1 && found[0].says.contains(says), "{found:#?}");
    }
    let same = vec![wish(false, 7, true), wish(false, 7, true), wish(true, 7, true)];
    assert_eq!(findings(&CHECK, &chain(|dnssec| dnssec.wished = Some(seen(same)))), []);
    let silent = chain(|dnssec| dnssec.wished = Some(unseen(Why::Timeout)));
    assert_eq!(status(&CHECK, &silent), Status::CouldNotTell);
}

#[test]
fn proofs_that_run_out_and_an_algorithm_of_yesterday_are_told() {
    let late = chain(|dnssec| {
        let mut absence = absence(Proves::NoName);
        absence.denial.signatures[1] = vec![signed(1, Some(true))];
        dnssec.servers[1].name = seen(absence);
    });
    assert!(findings(&CHECK, &late)[0].says.contains("NSEC or NSEC3"));
    let old = own(|_, keys| keys.set[0].algorithm = 10);
    assert!(findings(&CHECK, &old)[0].says.contains("SHA-512"));
}
