//! The rest of tls.certificate: the chain around the certificate, how long it was made for, its stapled answer and its timestamps.

use super::problems::{Problem, day};
use crate::Case;
use crate::check::{Grade, Severity};
use crate::facts::{Handshake, Trust};
use crate::read::certificate::Certificate;
use crate::read::issuer;
use crate::read::staple::{Standing, Staple};
use jiff::Timestamp;
use std::net::IpAddr;

/// More certificates than any authority needs between a server and its root.
const MANY: u32 = 8;
/// Days of life above which browsers refuse any certificate of a public authority.
const LONGEST: f64 = 398.0;
/// Days allowed for certificates issued from 15 March 2026 on (Baseline Requirements §6.3.2).
const LONG: f64 = 200.0;
const LONG_SINCE: i64 = 1_773_532_800;
/// Logs that Chrome and Safari want to see at least.
const LOGS: usize = 2;

pub(super) fn problems(
    case: &Case<'_>,
    host: &str,
    address: IpAddr,
    shown: &Handshake,
    leaf: &Certificate,
) -> Vec<Problem> {
    let mut found = vec![];
    found.extend(order(host, shown, leaf));
    found.extend(life(host, leaf));
    found.extend(staple(host, shown, leaf, case.now));
    // Only public authorities have to log, and only a trusted chain shows that it is one.
    let public = shown.trust == Trust::Trusted && issuer::by_name(&leaf.issuer_name).is_some();
    let elsewhere = case.offer(host, address).map_or(true, |offer| offer.timestamps) || shown.stapled;
    if public && leaf.logs.len() < LOGS && !elsewhere {
        found.push(Problem {
            kind: "timestamps",
            grade: Grade::Fail,
            severity: Severity::High,
            says: format!(
                "The certificate of {host} shows {} of the {LOGS} public log entries that Chrome and Safari demand, so they warn.",
                leaf.logs.len()
            ),
            fix: "Order a new certificate; every public authority embeds the log entries by itself.",
        });
    }
    found
}

/// What is well, for the proof.
pub(super) fn proof(shown: &Handshake, leaf: &Certificate) -> String {
    let staple = shown.staple.as_ref().and_then(|staple| Staple::read(staple).ok());
    let staple = match staple.map(|staple| staple.status) {
        Some(Standing::Good) => ", not revoked by its stapled answer",
        _ => "",
    };
    match leaf.logs.len() {
        0 => staple.to_owned(),
        logs => format!(", timestamps of {logs} public logs (not verified){staple}"),
    }
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
    match read.status {
        _ if read.serial != leaf.serial => {
            problem("staple", grade, severity, format!("{host} staples a revocation answer about another certificate."))
        }
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
