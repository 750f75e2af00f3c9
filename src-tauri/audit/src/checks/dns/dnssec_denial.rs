//! The part of dns.dnssec about absence: unsigned only when that is proven, and what each of the zone's own servers shows.

use super::findings::finding;
use super::{Break, lacking, shown};
use crate::check::{Finding, Grade, Severity};
use crate::facts::{Absence, Denial, DenialKind, Dnssec, Fact, Link, Proves, Signature, Wish};
use crate::{Unseen, Why};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Rounds above which resolvers treat a zone as unsigned or refuse it (RFC 9276 §3.2).
const MANY: u16 = 100;

/// How it is known that the parent holds no digest.
pub(super) fn of_digest(link: &Link, now: Timestamp) -> Result<String, Unseen> {
    let open = |says: String| Unseen {
        what: format!("proof that {} has no DS record", shown(link)),
        why: Why::Depends,
        says: format!(
            "indeterminate: {says}, so the zone may be unsigned, or its signatures may have been taken away on the way"
        ),
        way: "name another resolver for the run, such as 9.9.9.9".to_owned(),
    };
    let Some(denial) = &link.denial else {
        return Err(Unseen { why: Why::NotLooked, ..open("the proof of its parent was not looked at".to_owned()) });
    };
    match denial.proves {
        Proves::Unsigned => match flaw(denial, now)? {
            None => Ok(format!("proven by {}", kind(denial))),
            Some(flaw) => Err(open(format!("the proof of its parent does not hold ({flaw})"))),
        },
        Proves::TooCostly => Err(open("the proof of its parent takes more hashing than resolvers do".to_owned())),
        _ if denial.kind.is_none() => Err(open("the answer came without the proof of its parent".to_owned())),
        _ => Err(open("the records of its parent do not prove that".to_owned())),
    }
}

fn kind(denial: &Denial) -> String {
    match (denial.kind, denial.opt_out) {
        (Some(DenialKind::Nsec3), true) => "NSEC3 with opt-out".to_owned(),
        (Some(DenialKind::Nsec3), false) => "NSEC3".to_owned(),
        (Some(DenialKind::Nsec), _) => "NSEC".to_owned(),
        (None, _) => "nothing".to_owned(),
    }
}

/// What is wrong with the signatures that a proof rests on.
fn flaw(denial: &Denial, now: Timestamp) -> Result<Option<String>, Unseen> {
    for signatures in &denial.signatures {
        if let Some(how) = lacking(signatures, "proof of absence", now)? {
            return Ok(Some(super::findings::says(&how)));
        }
    }
    Ok(None)
}

type Told = (Vec<String>, Vec<Finding>, Vec<Unseen>);

/// What the zone's servers show one by one: resolvers ask any of them.
pub(super) fn servers(seen: &Dnssec, own: &Link, now: Timestamp) -> Told {
    let (mut proof, mut unseen) = (vec![], vec![]);
    let (mut bare, mut unproven, mut rounds): (Vec<String>, Vec<String>, Option<u16>) = (vec![], vec![], None);
    for server in &seen.servers {
        match bareness(&server.soa, now) {
            Ok(None) => {}
            Ok(Some(how)) => {
                bare.push(format!("{}: {}", server.server, super::findings::says(&how)));
                continue;
            }
            Err(why) => {
                unseen.push(why);
                continue;
            }
        }
        let before = unproven.len() + unseen.len();
        let mut ways = vec![];
        for fact in [&server.name, &server.rtype] {
            match fact.seen().and_then(|absence| Ok((absence, lack(absence, now)?))) {
                Ok((absence, lack)) => {
                    rounds = rounds.max(Some(absence.denial.iterations));
                    ways.push(kind(&absence.denial));
                    unproven.extend(lack.map(|lack| format!("{}: {}: {lack}", server.server, absence.question)));
                }
                Err(why) => unseen.push(why),
            }
        }
        if before == unproven.len() + unseen.len() {
            ways.dedup();
            proof.push(format!("{}: signed, absence proven by {}", server.server, ways.join(" and ")));
        }
    }
    let mut found = vec![];
    found.extend((!bare.is_empty()).then(|| unsigned(own, bare)));
    found.extend((!unproven.is_empty()).then(|| undenied(own, unproven)));
    found.extend(rounds.filter(|rounds| *rounds > 0).map(|rounds| hashing(own, rounds)));
    (proof, found, unseen)
}

fn bareness(soa: &Fact<Vec<Signature>>, now: Timestamp) -> Result<Option<Break>, Unseen> {
    lacking(soa.seen()?, "SOA record", now)
}

/// Why an answer about something absent does not convince; none when it does.
fn lack(absence: &Absence, now: Timestamp) -> Result<Option<String>, Unseen> {
    let denial = &absence.denial;
    if let Some(signatures) = &absence.answered {
        if let Some(how) = lacking(signatures, "wildcard's records", now)? {
            return Ok(Some(super::findings::says(&how)));
        }
        if !absence.wildcard {
            return Ok(None);
        }
    }
    Ok(match denial.proves {
        // What is too much to hash is told by itself.
        Proves::TooCostly => None,
        Proves::NoName | Proves::NoType => flaw(denial, now)?,
        _ if denial.kind.is_none() => Some("no NSEC or NSEC3 record came along".to_owned()),
        Proves::Nothing | Proves::Unsigned => Some("the NSEC or NSEC3 records prove something else".to_owned()),
    })
}

fn unsigned(own: &Link, evidence: Vec<String>) -> Finding {
    let zone = &own.zone;
    let says = format!(
        "{zone} is signed, but not every one of its name servers gives valid signatures, so for networks that check them the domain comes and goes."
    );
    let fix = "Have the provider of these name servers load the signed zone, or take them out of the delegation at your registrar.";
    finding(zone, Grade::Fail, Severity::High, says, evidence, fix, None, 45)
}

fn undenied(own: &Link, evidence: Vec<String>) -> Finding {
    let zone = &own.zone;
    let says = format!(
        "{zone} is signed but does not prove what it does not have; networks that check signatures take such answers for forged, mail to it may wait, and certificate authorities that look for CAA records refuse to issue."
    );
    let fix = "Have your DNS provider sign the zone anew so that its NSEC or NSEC3 records fit it; until that is done, delete the DS record at your registrar.";
    finding(zone, Grade::Fail, Severity::High, says, evidence, fix, None, 45)
}

fn hashing(own: &Link, rounds: u16) -> Finding {
    let zone = &own.zone;
    let (severity, says) = if rounds > MANY {
        let says = format!(
            "{zone} hashes the names in its proofs of absence {rounds} times more than needed; resolvers treat such a zone as unsigned or refuse it."
        );
        (Severity::Medium, says)
    } else {
        let says = format!(
            "{zone} hashes the names in its proofs of absence {rounds} times more than needed, which protects nothing and costs every resolver time."
        );
        (Severity::Low, says)
    };
    let fix = "Set NSEC3 to 0 extra iterations and an empty salt at your DNS provider or in your signer.";
    let paste = Some(format!("{zone}. 0 IN NSEC3PARAM 1 0 0 -"));
    finding(zone, Grade::Warn, severity, says, vec![format!("NSEC3 iterations: {rounds}")], fix, paste, 20)
}

/// What the zone asks its parent for (RFC 7344, RFC 8078): a key that changes, signing that ends, or what would break the chain.
pub(super) fn wishes(seen: &Dnssec, own: &Link) -> Result<(Option<String>, Option<Finding>), Unseen> {
    let (Some(wished), Ok(held)) = (&seen.wished, own.digests.seen()) else { return Ok((None, None)) };
    let (ending, wished): (Vec<&Wish>, Vec<&Wish>) = wished.seen()?.iter().partition(|wish| wish.nothing);
    let zone = &own.zone;
    if let Some(first) = ending.first() {
        let says = format!("{zone} asks its parent to delete the DS record ({}): signing is being ended", line(first));
        return Ok((Some(says), None));
    }
    let (keys, digests): (Vec<&Wish>, Vec<&Wish>) = wished.iter().partition(|wish| wish.key);
    for set in [&digests, &keys] {
        if !set.is_empty() && set.iter().all(|wish| wish.fits == Some(false)) {
            let says = format!(
                "{zone} asks the registrar to take over a key which it does not use; a registrar that does so takes the domain off much of the internet."
            );
            return Ok((None, Some(unwise(own, says, set))));
        }
    }
    let tags = |set: &[&Wish]| set.iter().map(|wish| wish.tag).collect::<BTreeSet<u16>>();
    if !keys.is_empty() && !digests.is_empty() && tags(&keys) != tags(&digests) {
        let says =
            format!("{zone} asks the registrar for different keys by CDS and by CDNSKEY records, so it refuses both.");
        return Ok((None, Some(unwise(own, says, &wished))));
    }
    let same = |wish: &&&Wish| held.set.iter().any(|digest| digest.tag == wish.tag);
    let other = wished.iter().find(|wish| !same(wish));
    Ok((
        other.map(|wish| format!("{zone} asks its parent for another key ({}): its key is being changed", line(wish))),
        None,
    ))
}

fn line(wish: &Wish) -> String {
    format!("{} {}", if wish.key { "CDNSKEY" } else { "CDS" }, wish.text)
}

fn unwise(own: &Link, says: String, wished: &[&Wish]) -> Finding {
    let zone = &own.zone;
    let evidence = wished.iter().map(|wish| format!("{zone} {}", line(wish))).collect();
    let remove = wished.iter().map(|wish| format!("remove: {zone}. IN {}", line(wish))).collect::<Vec<_>>().join("\n");
    let fix = "Remove these records at your DNS provider, or have it publish them anew for the keys that the zone is signed with.";
    finding(zone, Grade::Warn, Severity::Medium, says, evidence, fix, Some(remove), 20)
}

/// Signatures over proofs of absence that run out while nobody renews them.
pub(super) fn ending(seen: &Dnssec, own: &Link, now: Timestamp) -> Option<Finding> {
    let proofs =
        seen.servers.iter().flat_map(|server| [&server.name, &server.rtype]).filter_map(|fact| fact.seen().ok());
    let mut sets = proofs.flat_map(|absence| &absence.denial.signatures);
    sets.find_map(|signatures| super::findings::ending(own, "NSEC or NSEC3", signatures, now))
}
