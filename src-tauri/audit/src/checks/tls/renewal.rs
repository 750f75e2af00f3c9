//! tls.renewal: certificates renew by themselves, and did so in time.

use super::certificate::day;
use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::Choice;
use crate::read::certificate::Certificate;
use crate::read::issuer;
use crate::{Case, Unseen, Why};
use jiff::Unit;
use std::collections::BTreeMap;

/// tls.renewal.
pub static CHECK: Check = Check {
    id: "tls.renewal",
    title: "Certificates renew by themselves",
    why: "A certificate that somebody has to remember runs out on a weekend, and the product is gone until Monday.",
    needs: &[Need::Public],
    concern: Concern::Control,
    covers: "Issuer and lifetime of the certificate of every host tell whether a program renews it, and what is left of it whether that worked.",
    ask: Some("Are the certificates that no program renews watched by somebody, with a date in a calendar?"),
    refs: &["assets/data/issuers.toml", "RFC 8555", "RFC 9773", "CA/Browser Forum Baseline Requirements §6.3.2"],
    judge,
};

/// Days up to which only programs keep up with renewing.
const SHORT: f64 = 100.0;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    case.addresses(case.apex())?;
    let (mut proof, mut unseen) = (vec![], vec![]);
    let mut findings: BTreeMap<String, Finding> = BTreeMap::new();
    let mut by_hand: Vec<(String, Certificate)> = vec![];
    for host in case.hosts() {
        for address in case.addresses(&host)? {
            // A closed port is the business of the dns checks.
            if case.reach(&host, address).is_ok_and(|reach| !reach.open) {
                continue;
            }
            let shown = match case.tls(&host, address) {
                Ok(shown) => shown,
                Err(why) => {
                    unseen.push(why);
                    continue;
                }
            };
            // What vouches for itself or cannot be read is the business of tls.certificate.
            let Some(leaf) = shown.chain.first().and_then(|der| Certificate::read(der).ok()) else { continue };
            if leaf.self_issued {
                continue;
            }
            match program(&leaf) {
                None => by_hand.push((host.clone(), leaf)),
                Some(how) => match overdue(case, &leaf) {
                    Some(says) => {
                        let told = findings.entry(host.clone()).or_insert_with(|| late(&host, &says));
                        told.evidence.push(format!("{host} at {address}: {how}, valid until {}", day(leaf.until)));
                    }
                    None => proof.push(format!("{host} at {address}: {how}")),
                },
            }
        }
    }
    by_hand.dedup_by(|one, other| one.0 == other.0);
    for (host, leaf) in by_hand {
        match case.answer(CHECK.id).map(|answer| answer.choice) {
            Ok(Choice::Yes | Choice::NotApplicable) => {
                proof.push(format!("{host}: from {}, watched by a person", leaf.issuer_name));
            }
            Ok(Choice::No) => drop(findings.insert(host.clone(), forgotten(&host, &leaf))),
            Err(_) => unseen.push(Unseen {
                what: format!("renewal of the certificate of {host}"),
                why: Why::NotAnswered,
                says: format!(
                    "a certificate of {} for {:.0} days may be renewed by a program or by hand; that cannot be seen",
                    leaf.issuer_name,
                    leaf.life_days()
                ),
                way: "answer the question of this check".to_owned(),
            }),
        }
    }
    Ok(Verdict::judged(proof, findings.into_values().collect(), unseen))
}

/// By which sign a program renews it.
fn program(leaf: &Certificate) -> Option<String> {
    let known = issuer::by_name(&leaf.issuer_name).filter(|issuer| issuer.automatic);
    match known.and_then(|issuer| issuer.by.as_ref()) {
        Some(by) => Some(format!("from {}, renewed by {by}", leaf.issuer_name)),
        None if leaf.life_days() <= SHORT + 1.0 => Some(format!(
            "from {}, made for {:.0} days, which only programs keep up with",
            leaf.issuer_name,
            leaf.life_days()
        )),
        None => None,
    }
}

/// Programs renew when a third is left; below a quarter (at most 21 days) it did not work.
fn overdue(case: &Case<'_>, leaf: &Certificate) -> Option<String> {
    let left = (leaf.until - case.now).total(Unit::Hour).unwrap_or(0.0) / 24.0;
    if left >= (leaf.life_days() / 4.0).min(21.0) {
        return None;
    }
    let when = if left < 0.0 { "it has run out".to_owned() } else { format!("{left:.0} days are left") };
    Some(format!("a program renews it when a third of its life is left, and {when}"))
}

fn late(host: &str, says: &str) -> Finding {
    Finding {
        subject: host.to_owned(),
        grade: Grade::Warn,
        severity: Severity::Medium,
        says: format!("The certificate of {host} should have renewed by itself and did not: {says}."),
        evidence: vec![],
        fix: Fix {
            says: "Find out why the renewal did not run: look at the certificate's state at your host or CDN; with certbot, run it once by hand and read what it says.".to_owned(),
            paste: Some("certbot renew --dry-run\nsystemctl list-timers | grep -i certbot".to_owned()),
            minutes: 30,
            after: vec!["dns.apex".to_owned()],
        },
    }
}

fn forgotten(host: &str, leaf: &Certificate) -> Finding {
    Finding {
        subject: host.to_owned(),
        grade: Grade::Warn,
        severity: Severity::Medium,
        says: format!("The certificate of {host} is renewed by hand, and nobody watches the date ({}).", day(leaf.until)),
        evidence: vec![format!("from {}, made for {:.0} days", leaf.issuer_name, leaf.life_days())],
        fix: Fix {
            says: "Let your host, your CDN or an ACME client get and renew the certificate; until then put the date into two calendars.".to_owned(),
            paste: None,
            minutes: 60,
            after: vec![],
        },
    }
}

#[cfg(test)]
#[path = "renewal_tests.rs"]
mod tests;
