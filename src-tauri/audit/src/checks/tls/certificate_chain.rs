//! The rest of tls.certificate: the chain around the certificate, how long it was made for, and its stapled answer.

use super::problems::{Problem, day};
use crate::check::{Grade, Severity};
use crate::facts::{Handshake, Trust};
use crate::read::certificate::Certificate;
use crate::read::issuer;
use crate::read::staple::{Standing, Staple, Voucher};
use jiff::Timestamp;

/// More certificates than any authority needs between a server and its root.
const MANY: u32 = 8;
/// Days of life above which browsers refuse any certificate of a public authority.
const LONGEST: f64 = 398.0;
/// Days allowed for certificates issued from 15 March 2026 on (Baseline Requirements §6.3.2).
const LONG: f64 = 200.0;
const LONG_SINCE: i64 = 1_773_532_800;

pub(super) fn problems(host: &str, shown: &Handshake, leaf: &Certificate, now: Timestamp) -> Vec<Problem> {
    let mut found = vec![];
    found.extend(order(host, shown, leaf));
    found.extend(life(host, leaf));
    found.extend(staple(host, shown, leaf, now));
    found
}

/// What is well, for the proof.
pub(super) fn proof(shown: &Handshake, leaf: &Certificate, now: Timestamp) -> String {
    let last = shown.chain.iter().skip(1).next_back().and_then(|der| Certificate::read(der).ok());
    // Every client has the roots that it trusts; sending one costs a little and harms nobody (RFC 8446 §4.4.2).
    let root = if last.is_some_and(|last| last.self_issued) { ", its root sent along without need" } else { "" };
    let read = shown.staple.as_ref().and_then(|staple| Some((staple, Staple::read(staple).ok()?)));
    let staple = match read {
        Some((staple, Staple { status: Standing::Good, .. })) => match Voucher::of(staple, &shown.chain, now) {
            Voucher::Issuer => ", not revoked by its stapled answer, which its issuer signed",
            _ => ", not revoked by its stapled answer, whose signature could not be verified here",
        },
        // Let's Encrypt and others have ended such answers; nothing is missing there.
        None if !leaf.ocsp => {
            ", revocation only by lists that browsers fetch themselves, so there is nothing to staple"
        }
        _ => "",
    };
    format!("{staple}{root}")
}

fn order(host: &str, shown: &Handshake, leaf: &Certificate) -> Option<Problem> {
    let warn = |kind, severity, says, fix| Some(Problem { kind, grade: Grade::Warn, severity, says, fix });
    if shown.sent > MANY {
        return warn(
            "many",
            Severity::Medium,
            format!(
                "{host} sends {} certificates where two or three are enough, which slows every first visit.",
                shown.sent
            ),
            "Install the certificate and its intermediate only (the file is often called fullchain.pem).",
        );
    }
    if shown.trust != Trust::Trusted {
        return None;
    }
    let chain: Vec<Certificate> = shown.chain.iter().filter_map(|der| Certificate::read(der).ok()).collect();
    let broken = chain.windows(2).any(|pair| match pair {
        [one, above] => one.issuer != above.subject,
        _ => false,
    });
    if broken {
        return warn(
            "order",
            Severity::Low,
            format!(
                "{host} sends its certificates in the wrong order or with strangers among them; some older apps refuse that."
            ),
            "Install the full chain as the authority gives it: the certificate first, then each issuer.",
        );
    }
    if chain.len() == 1 && !leaf.self_issued && issuer::by_name(&leaf.issuer_name).is_some() {
        return warn(
            "intermediate",
            Severity::High,
            format!(
                "{host} shows its certificate without the one that connects it to a trusted authority; this computer knew it already, many apps do not."
            ),
            "Install the full chain (the file is often called fullchain.pem) instead of the certificate alone.",
        );
    }
    let weak = chain.iter().skip(1).filter(|one| !one.self_issued).find_map(Certificate::weak_hash)?;
    warn(
        "intermediate-hash",
        Severity::Medium,
        format!("The chain of {host} has a certificate whose signature rests on {weak}."),
        "Install the current chain of your authority.",
    )
}

fn life(host: &str, leaf: &Certificate) -> Option<Problem> {
    let days = leaf.life_days();
    let recent = leaf.from.as_second() >= LONG_SINCE;
    let (grade, severity, says) = if days > LONGEST + 1.0 {
        let says = format!(
            "The certificate of {host} was made for {days:.0} days; browsers refuse more than {LONGEST:.0} of a public authority."
        );
        (Grade::Fail, Severity::High, says)
    } else if days > LONG + 1.0 && recent && issuer::by_name(&leaf.issuer_name).is_some() {
        let says = format!(
            "The certificate of {host} was made for {days:.0} days, more than the {LONG:.0} that public authorities may give since March 2026."
        );
        (Grade::Warn, Severity::Low, says)
    } else {
        return None;
    };
    Some(Problem {
        kind: "life",
        grade,
        severity,
        says,
        fix: "Replace it by a short-lived certificate that renews by itself, for instance of Let's Encrypt.",
    })
}

fn staple(host: &str, shown: &Handshake, leaf: &Certificate, now: Timestamp) -> Option<Problem> {
    let problem = |kind, grade, severity, says| {
        let fix = "Restart the web server so that it fetches a new answer from its authority; where the certificate was revoked, order a new one with a new key.";
        Some(Problem { kind, grade, severity, says, fix })
    };
    if !shown.stapled {
        let says = format!(
            "The certificate of {host} says that it is only good with a stapled revocation answer, and the server sends none; Firefox refuses it."
        );
        return leaf.must_staple.then(|| problem("must-staple", Grade::Fail, Severity::High, says)).flatten();
    }
    let (grade, severity) = if leaf.must_staple { (Grade::Fail, Severity::High) } else { (Grade::Warn, Severity::Low) };
    let read = match shown.staple.as_deref().map(Staple::read) {
        None => return None,
        Some(Err(why)) => {
            let says = format!("The revocation answer that {host} staples is of no use: {why}.");
            return problem("staple", grade, severity, says);
        }
        Some(Ok(read)) => read,
    };
    let voucher = shown.staple.as_ref().map(|staple| Voucher::of(staple, &shown.chain, now));
    match read.status {
        _ if read.serial != leaf.serial => {
            problem("staple", grade, severity, format!("{host} staples a revocation answer about another certificate."))
        }
        _ if voucher == Some(Voucher::Stranger) => problem(
            "staple",
            grade,
            severity,
            format!(
                "{host} staples a revocation answer that the issuer of its certificate did not sign, so browsers drop it."
            ),
        ),
        Standing::Revoked(at) => problem(
            "revoked",
            Grade::Fail,
            Severity::Critical,
            format!("The certificate of {host} was revoked by its issuer on {}.", day(at)),
        ),
        Standing::Unknown => problem(
            "staple",
            grade,
            severity,
            format!("The issuer does not know the certificate of {host}, says the stapled answer."),
        ),
        Standing::Good if read.until.is_some_and(|until| until < now) => {
            problem("staple", grade, severity, format!("The revocation answer that {host} staples is out of date."))
        }
        Standing::Good => None,
    }
}
