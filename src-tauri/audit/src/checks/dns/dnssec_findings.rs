//! What dns.dnssec says of what it found, and the records that mend it.

use super::Break;
use crate::check::{Finding, Fix, Grade, Severity};
use crate::facts::{Keys, Link, Signature};
use jiff::Timestamp;

/// Algorithms that must not sign any more (RFC 9904 §2, RFC 9905 for SHA-1, RFC 9906 for GOST).
const OLD: [u8; 6] = [1, 3, 5, 6, 7, 12];
/// RSASHA512, not recommended for signing (RFC 8624 §3.1, RFC 9904 §2).
const LAST: u8 = 10;
/// RSA keys below this size are within reach of large attackers (NIST SP 800-57 part 1 table 2).
const SMALL: u32 = 2_048;

/// The break in a few words.
pub(super) fn says(how: &Break) -> String {
    match how {
        Break::NoKeys => "it shows no keys".to_owned(),
        Break::OtherKeys => "it shows other keys than its parent names".to_owned(),
        Break::Expired(over) => format!("the signature over the {over} has expired"),
        Break::Unsigned(over) => format!("no signature over the {over} verifies"),
    }
}

/// A chain that does not hold at the domain itself: for everybody who checks, the domain is gone.
pub(super) fn broken(own: &Link, how: &Break, now: Timestamp) -> Finding {
    let zone = &own.zone;
    let lost = "networks that check signatures (among them Google's, Cloudflare's and most mobile providers') do not find your site and mail at all";
    let remove =
        digests(own).map(|digest| format!("remove at the registrar: {zone}. IN DS {digest}")).collect::<Vec<_>>();
    let (says, fix, paste) = match how {
        Break::NoKeys => (
            format!(
                "The registrar says that {zone} is signed (DS record), but its name servers hold no keys, so {lost}."
            ),
            "Delete the DS record at your registrar now; it is left over from a former DNS provider. Sign again later at the present one.",
            Some(remove.join("\n")),
        ),
        Break::OtherKeys => (
            format!("The registrar names a key (DS record) that {zone} does not use, so {lost}."),
            "Replace the DS record at your registrar by the one for the present key, or delete it until your DNS provider shows the right one.",
            Some(
                remove
                    .into_iter()
                    .chain(wanted(own).map(|digest| format!("add at the registrar:    {zone}. IN DS {digest}")))
                    .collect::<Vec<_>>()
                    .join("\n"),
            ),
        ),
        Break::Expired(over) => (
            format!("The signature over the {over} has expired, so {lost}."),
            "Have your DNS provider sign the zone again; if that takes long, delete the DS record at your registrar until then.",
            Some(remove.join("\n")),
        ),
        Break::Unsigned(over) => (
            format!("No signature over the {over} verifies, so {lost}."),
            "Turn DNSSEC off and on again at your DNS provider; until that is done, delete the DS record at your registrar.",
            Some(remove.join("\n")),
        ),
    };
    let mut evidence: Vec<String> = digests(own).map(|digest| format!("{zone} DS {digest}")).collect();
    if let Ok(keys) = own.keys.seen() {
        let key = |key: &crate::facts::KeySeen| {
            format!("{zone} DNSKEY {} algorithm {} tag {}", key.flags, key.algorithm, key.tag)
        };
        evidence.extend(keys.set.iter().map(key));
        evidence.extend(keys.signatures.iter().map(|one| signature("DNSKEY", one)));
        if keys.set.is_empty() {
            evidence.push(format!("{zone} DNSKEY: none"));
        }
    }
    evidence.push(format!("state: bogus at {zone}, checked at {now}"));
    finding(zone, Grade::Fail, Severity::Critical, says, evidence, fix, paste, 15)
}

/// Signatures that run out while nobody renews them: less than a tenth of their life is left.
pub(super) fn ending(own: &Link, rtype: &str, signatures: &[Signature], now: Timestamp) -> Option<Finding> {
    let good = signatures.iter().filter(|one| one.good == Some(true) && (one.from..=one.until).contains(&now));
    let last = good.max_by_key(|one| one.until)?;
    let life = last.until.as_second() - last.from.as_second();
    let left = last.until.as_second() - now.as_second();
    (left * 10 < life).then(|| {
        let says = format!(
            "The signature over the {rtype} records of {} runs out in {} hours and has not been renewed; after that, much of the internet no longer finds the domain.",
            own.zone,
            left / 3_600
        );
        let fix = "Ask your DNS provider why the zone is not signed again, or restart its signing; if it does not succeed in time, delete the DS record at your registrar.";
        finding(&own.zone, Grade::Warn, Severity::High, says, vec![signature(rtype, last)], fix, None, 30)
    })
}

/// Keys that nothing leads to.
pub(super) fn unlinked(own: &Link, keys: &Keys) -> Option<Finding> {
    let digest = keys.set.iter().find_map(|key| key.digest.as_ref())?;
    let zone = &own.zone;
    let says = format!(
        "{zone} is signed, but the registrar does not hold the matching DS record, so nobody can check the signatures."
    );
    let evidence = vec![format!("{zone} DNSKEY: {}", keys.set.len()), format!("{zone} DS: none")];
    let fix = "Enter this DS record at your registrar (Cloudflare and others enter it themselves when domain and DNS are with them), or turn signing off.";
    let paste = Some(format!("{zone}. 3600 IN DS {digest}"));
    Some(finding(zone, Grade::Warn, Severity::Low, says, evidence, fix, paste, 10))
}

/// Algorithms, digests and key sizes of yesterday.
pub(super) fn weak(own: &Link) -> Vec<Finding> {
    let zone = &own.zone;
    let mut found = vec![];
    let set = own.digests.seen().map(|digests| digests.set.as_slice()).unwrap_or_default();
    if !set.is_empty() && set.iter().all(|digest| matches!(digest.digest, 1 | 3)) {
        let says = format!(
            "The registrar holds only an outdated digest (SHA-1 or GOST) of the key of {zone}; newer resolvers ignore it and treat the domain as unsigned."
        );
        let evidence = set.iter().map(|digest| format!("{zone} DS {}", digest.text)).collect();
        let paste = wanted(own).next().map(|digest| format!("{zone}. 3600 IN DS {digest}"));
        let fix = "Enter this DS record (SHA-256) at your registrar and then delete the old one.";
        found.push(finding(zone, Grade::Warn, Severity::Low, says, evidence, fix, paste, 10));
    }
    let Ok(keys) = own.keys.seen() else { return found };
    if let Some(key) = keys.set.iter().find(|key| OLD.contains(&key.algorithm)) {
        let says = format!(
            "{zone} is signed with algorithm {}, which is retired; newer resolvers treat the domain as unsigned.",
            key.algorithm
        );
        let evidence = vec![format!("{zone} DNSKEY algorithm {} tag {}", key.algorithm, key.tag)];
        let fix = "Change the signing algorithm to ECDSA P-256 (13) at your DNS provider; most do it by turning DNSSEC off and on again.";
        found.push(finding(zone, Grade::Warn, Severity::Medium, says, evidence, fix, None, 45));
    } else if let Some(key) = keys.set.iter().find(|key| key.algorithm == LAST) {
        let says = format!(
            "{zone} is signed with RSA and SHA-512 (algorithm {LAST}), which signers are told to leave: not every resolver checks it, and its answers are large."
        );
        let evidence = vec![format!("{zone} DNSKEY algorithm {LAST} tag {}", key.tag)];
        let fix = "Roll over to ECDSA P-256 (algorithm 13) at your DNS provider when you change keys next.";
        found.push(finding(zone, Grade::Warn, Severity::Low, says, evidence, fix, None, 45));
    } else if let Some(key) = keys.set.iter().find(|key| matches!(key.algorithm, 8 | 10) && key.bits < SMALL) {
        let says = format!("{zone} is signed with an RSA key of {} bits, which is too short today.", key.bits);
        let evidence = vec![format!("{zone} DNSKEY algorithm {} tag {}: {} bits", key.algorithm, key.tag, key.bits)];
        let fix = "Roll over to an ECDSA P-256 key (algorithm 13) or to RSA 2048 at your DNS provider.";
        found.push(finding(zone, Grade::Warn, Severity::Low, says, evidence, fix, None, 45));
    }
    found
}

fn digests(own: &Link) -> impl Iterator<Item = String> {
    own.digests.seen().map(|digests| digests.set.clone()).unwrap_or_default().into_iter().map(|digest| digest.text)
}

/// The digests that belong to the keys as they are.
fn wanted(own: &Link) -> impl Iterator<Item = String> {
    own.keys.seen().map(|keys| keys.set.clone()).unwrap_or_default().into_iter().filter_map(|key| key.digest)
}

fn signature(over: &str, one: &Signature) -> String {
    let verifies = match one.good {
        Some(true) => "verifies",
        Some(false) => "does not verify",
        None => "cannot be verified here",
    };
    format!("signature over {over} by key {}: {} to {}, {verifies}", one.tag, one.from, one.until)
}

#[expect(clippy::too_many_arguments, reason = "one row of words")]
pub(super) fn finding(
    zone: &str,
    grade: Grade,
    severity: Severity,
    says: String,
    evidence: Vec<String>,
    fix: &str,
    paste: Option<String>,
    minutes: u16,
) -> Finding {
    let fix = Fix { says: fix.to_owned(), paste, minutes, after: vec![] };
    Finding { subject: zone.to_owned(), grade, severity, says, evidence, fix }
}
