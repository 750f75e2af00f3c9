//! dns.dnssec: the chain of signatures from the root to the domain holds, or there is none.

#[path = "dnssec_denial.rs"]
mod denial;
#[path = "dnssec_findings.rs"]
mod findings;

use crate::check::{Check, Concern, Finding, Need, Severity, Verdict};
use crate::facts::{Dnssec, Link, Signature};
use crate::{Case, Unseen, Why};
use jiff::Timestamp;

/// dns.dnssec.
pub static CHECK: Check = Check {
    id: "dns.dnssec",
    title: "The domain's signatures are valid, or there are none",
    why: "Most large networks check DNSSEC; when the chain is broken, your site and mail do not exist for their users.",
    needs: &[Need::Public],
    concern: Concern::Reach,
    covers: "DS, DNSKEY and their signatures from the root to the domain, verified for real, the signatures over its SOA and A records, the proof that a digest is absent, what the zone asks its parent to hold (CDS, CDNSKEY), and what each of the domain's name servers shows of signatures and of proofs of absence (NSEC, NSEC3).",
    ask: None,
    refs: &[
        "RFC 4034",
        "RFC 4035 §5",
        "RFC 5155 §8",
        "RFC 6840",
        "RFC 7344",
        "RFC 8078",
        "RFC 9276",
        "RFC 9904",
        "RFC 9905",
        "RFC 9906",
    ],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let seen = case.dnssec()?;
    let Some((own, above)) = seen.links.split_last() else {
        return Ok(Verdict::judged(vec![], vec![], vec![]));
    };
    for link in above {
        match state(link, case.now)? {
            State::Secure => {}
            State::Absent(how) => {
                let says = format!(
                    "state: insecure from {} on, which itself is not signed ({how}), so no name in it can be; nothing is wrong with that",
                    shown(link)
                );
                return Ok(Verdict::judged(vec![says], vec![], vec![]));
            }
            State::Broken(how) => return Err(elsewhere(link, &how)),
        }
    }
    match state(own, case.now)? {
        State::Absent(how) => absent(own, &how),
        State::Broken(how) => Ok(Verdict::judged(vec![], vec![findings::broken(own, &how, case.now)], vec![])),
        State::Secure => Ok(secure(seen, own, case.now)),
    }
}

/// What a zone's part of the chain comes to.
enum State {
    Secure,
    /// The parent holds no digest of its keys that counts; how that is known.
    Absent(String),
    Broken(Break),
}

/// Why a chain does not hold.
enum Break {
    /// The parent names keys and the zone shows none.
    NoKeys,
    /// None of the keys that the parent names is shown.
    OtherKeys,
    /// Signatures over this whose life is over.
    Expired(String),
    /// Signatures over this that do not verify, or none.
    Unsigned(String),
}

fn state(link: &Link, now: Timestamp) -> Result<State, Unseen> {
    let digests = link.digests.seen()?;
    if digests.set.is_empty() && link.zone != "." {
        return denial::of_digest(link, now).map(State::Absent);
    }
    // A digest or algorithm that validators do not know counts as none (RFC 4035 §5.2).
    if !digests.set.iter().any(|digest| digest.fits.is_some()) {
        return Ok(State::Absent("its parent holds only digests of a kind that nobody checks".to_owned()));
    }
    if link.zone != "."
        && let Some(how) = lacking(&digests.signatures, &format!("DS of {}", link.zone), now)?
    {
        return Ok(State::Broken(how));
    }
    let keys = link.keys.seen()?;
    if keys.set.is_empty() {
        return Ok(State::Broken(Break::NoKeys));
    }
    if !digests.set.iter().any(|digest| digest.fits == Some(true)) {
        return Ok(State::Broken(Break::OtherKeys));
    }
    Ok(lacking(&keys.signatures, &format!("keys of {}", shown(link)), now)?.map_or(State::Secure, State::Broken))
}

/// Why none of these signatures holds now; none when one does.
fn lacking(signatures: &[Signature], over: &str, now: Timestamp) -> Result<Option<Break>, Unseen> {
    let good = |signature: &&Signature| signature.good == Some(true);
    if signatures.iter().filter(good).any(|signature| (signature.from..=signature.until).contains(&now)) {
        return Ok(None);
    }
    if signatures.iter().any(|signature| signature.good.is_none()) {
        return Err(Unseen {
            what: format!("signature over the {over}"),
            why: Why::Beyond,
            says: "it is made with an algorithm that cannot be verified here".to_owned(),
            way: "look at it with dnsviz.net".to_owned(),
        });
    }
    let expired = signatures.iter().any(|signature| good(&signature) && signature.until < now);
    Ok(Some(if expired { Break::Expired(over.to_owned()) } else { Break::Unsigned(over.to_owned()) }))
}

fn absent(own: &Link, how: &str) -> Result<Verdict, Unseen> {
    // Keys without a digest at the parent do nothing; without either the zone is simply not signed.
    let keys = own.keys.seen()?;
    let unlinked = findings::unlinked(own, keys);
    let says = format!(
        "state: insecure: {} is not signed with DNSSEC ({how}), which is allowed; many DNS providers sign at the press of a button",
        own.zone
    );
    let proof = if unlinked.is_some() { vec![] } else { vec![says] };
    Ok(Verdict::judged(proof, unlinked.into_iter().collect(), vec![]))
}

fn secure(seen: &Dnssec, own: &Link, now: Timestamp) -> Verdict {
    let (mut proof, mut found, mut unseen): (Vec<String>, Vec<Finding>, Vec<Unseen>) = (vec![], vec![], vec![]);
    proof.push(format!(
        "state: secure, the chain of signatures holds: {}",
        seen.links.iter().map(shown).collect::<Vec<_>>().join(" → ")
    ));
    for answer in &seen.answers {
        let signatures = match answer.signatures.seen() {
            Ok(Some(signatures)) => signatures,
            Ok(None) => continue,
            Err(why) => {
                unseen.push(why);
                continue;
            }
        };
        match lacking(signatures, &format!("{} records of {}", answer.rtype, own.zone), now) {
            Ok(Some(how)) => found.push(findings::broken(own, &how, now)),
            Ok(None) => {
                proof.extend(
                    signatures
                        .iter()
                        .map(|one| format!("{} signed by key {} until {}", answer.rtype, one.tag, one.until)),
                );
                found.extend(findings::ending(own, &answer.rtype, signatures, now));
            }
            Err(why) => unseen.push(why),
        }
    }
    found.extend(findings::weak(own));
    // Where the chain is broken for everybody, what a single server lacks is no news.
    if found.iter().all(|one| one.severity != Severity::Critical) {
        let (lines, more, blind) = denial::servers(seen, own, now);
        proof.extend(lines);
        found.extend(more);
        unseen.extend(blind);
    }
    if found.is_empty() {
        found.extend(denial::ending(seen, own, now));
    }
    match denial::wishes(seen, own) {
        Ok((line, unwise)) => {
            proof.extend(line);
            found.extend(unwise);
        }
        Err(why) => unseen.push(why),
    }
    Verdict::judged(proof, found, unseen)
}

fn shown(link: &Link) -> String {
    if link.zone == "." { "the root".to_owned() } else { link.zone.clone() }
}

fn elsewhere(link: &Link, how: &Break) -> Unseen {
    Unseen {
        what: format!("signatures of {}", shown(link)),
        why: Why::Depends,
        says: format!(
            "indeterminate: the signatures of {} did not verify from here: {}",
            shown(link),
            findings::says(how)
        ),
        way: "name another resolver for the run; if it stays, the break is above your domain".to_owned(),
    }
}

#[cfg(test)]
#[path = "dnssec_tests.rs"]
mod tests;
