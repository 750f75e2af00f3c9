//! tls.certificate: every host shows a certificate that browsers accept, with time left.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{Handshake, Trust, TrustProblem};
use crate::read::certificate::{Certificate, Key};
use crate::{Case, Unseen, Why};
use jiff::{Timestamp, Unit};
use std::collections::BTreeMap;

/// tls.certificate.
pub static CHECK: Check = Check {
    id: "tls.certificate",
    title: "Every host shows a certificate that browsers accept",
    why: "A bad certificate puts a red warning page between your customers and the product.",
    needs: &[Need::Public],
    concern: Concern::Trust,
    covers: "The chain as sent by every address of every host: names, dates, key, signature, and the trust of this computer's own verifier.",
    ask: None,
    refs: &["RFC 9525 §6.3", "RFC 5280 §6", "RFC 8446 §4.4.2", "CA/Browser Forum Baseline Requirements §6.1.5"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    case.addresses(case.apex())?;
    let (mut proof, mut unseen) = (vec![], vec![]);
    // One problem of one host is told once, with every address that shows it.
    let mut findings: BTreeMap<(String, &str), Finding> = BTreeMap::new();
    for host in case.hosts() {
        for address in case.addresses(&host)? {
            // A closed port is the business of the dns checks.
            if case.reach(&host, address).is_ok_and(|reach| !reach.open) {
                continue;
            }
            let seen = case.tls(&host, address).and_then(|shown| Ok((shown, leaf(shown, &host)?)));
            match seen {
                Ok((shown, leaf)) => {
                    let problems = problems(&host, shown, &leaf, case.now);
                    if problems.is_empty() {
                        proof.push(format!(
                            "{host} at {address}: from {}, valid until {}",
                            leaf.issuer_name,
                            day(leaf.until)
                        ));
                    }
                    for problem in problems {
                        let at = format!(
                            "{host} at {address}: subject {}, issuer {}, {} to {}",
                            leaf.subject,
                            leaf.issuer,
                            day(leaf.from),
                            day(leaf.until)
                        );
                        findings
                            .entry((host.clone(), problem.kind))
                            .or_insert_with(|| problem.finding(&host))
                            .evidence
                            .push(at);
                    }
                }
                Err(why) => unseen.push(why),
            }
        }
    }
    Ok(Verdict::judged(proof, findings.into_values().collect(), unseen))
}

fn leaf(shown: &Handshake, host: &str) -> Result<Certificate, Unseen> {
    let garbled = |says: String| Unseen {
        what: format!("certificate of {host}"),
        why: Why::Garbled,
        says,
        way: "look at the server's certificate file".to_owned(),
    };
    let first = shown.chain.first().ok_or_else(|| garbled("the server sent no certificate".to_owned()))?;
    Certificate::read(first).map_err(garbled)
}

struct Problem {
    kind: &'static str,
    grade: Grade,
    severity: Severity,
    says: String,
    fix: &'static str,
}

impl Problem {
    fn finding(self, host: &str) -> Finding {
        let fix = Fix {
            says: self.fix.to_owned(),
            paste: None,
            minutes: 20,
            after: vec!["dns.apex".to_owned(), "dns.www".to_owned()],
        };
        Finding {
            subject: host.to_owned(),
            grade: self.grade,
            severity: self.severity,
            says: self.says,
            evidence: vec![],
            fix,
        }
    }
}

const RENEW: &str = "Renew the certificate at your host or CDN. With Let's Encrypt: run the renewal once by hand (certbot renew) and find out why it did not run by itself.";

fn problems(host: &str, shown: &Handshake, leaf: &Certificate, now: Timestamp) -> Vec<Problem> {
    let fail = |kind, says: String, fix| Problem { kind, grade: Grade::Fail, severity: Severity::Critical, says, fix };
    let mut found = vec![];
    if !leaf.covers(host) {
        let names = if leaf.names.is_empty() {
            "no name".to_owned()
        } else {
            leaf.names.iter().take(5).cloned().collect::<Vec<_>>().join(", ")
        };
        found.push(fail(
            "name",
            format!("The certificate shown for {host} is for {names}, so browsers warn."),
            "Add this name to the certificate, or point the name to the server that has its certificate.",
        ));
    }
    found.extend(dates(host, leaf, now));
    if let Trust::Refused { problem, detail } = &shown.trust {
        found.extend(distrust(host, shown, leaf, *problem, detail, now));
    }
    let weak = match leaf.key {
        Key::Rsa(bits) if bits < 2048 => Some(format!("an RSA key of {bits} bits")),
        Key::Ec(bits) if bits < 256 => Some(format!("an elliptic-curve key of {bits} bits")),
        _ if leaf.weakly_signed() && !leaf.self_issued => Some("a SHA-1 or MD5 signature".to_owned()),
        _ => None,
    };
    found.extend(weak.map(|weak| Problem {
        kind: "key",
        grade: Grade::Fail,
        severity: Severity::High,
        says: format!("The certificate of {host} has {weak}, which is too weak for today."),
        fix: "Order a new certificate with a key of RSA 2048 bits or P-256.",
    }));
    found
}

fn dates(host: &str, leaf: &Certificate, now: Timestamp) -> Option<Problem> {
    let days = |from: Timestamp, to: Timestamp| (to - from).total(Unit::Hour).unwrap_or(0.0) / 24.0;
    let (life, left) = (days(leaf.from, leaf.until), days(now, leaf.until));
    let problem = |grade, severity, says| Some(Problem { kind: "dates", grade, severity, says, fix: RENEW });
    if left < 0.0 {
        return problem(
            Grade::Fail,
            Severity::Critical,
            format!("The certificate of {host} expired on {}, so browsers warn.", day(leaf.until)),
        );
    }
    if now < leaf.from {
        return problem(
            Grade::Fail,
            Severity::Critical,
            format!("The certificate of {host} is only valid from {}, so browsers warn.", day(leaf.from)),
        );
    }
    let whole = left.floor();
    let when = if whole < 1.0 {
        "within a day".to_owned()
    } else {
        format!("in {whole:.0} day{}", if whole < 2.0 { "" } else { "s" })
    };
    let says = format!("The certificate of {host} expires {when}, on {}.", day(leaf.until));
    if left < (life / 10.0).min(7.0) {
        return problem(Grade::Fail, Severity::High, says);
    }
    if left < (life / 4.0).min(21.0) {
        return problem(Grade::Warn, Severity::Medium, says);
    }
    None
}

fn distrust(
    host: &str,
    shown: &Handshake,
    leaf: &Certificate,
    problem: TrustProblem,
    detail: &str,
    now: Timestamp,
) -> Option<Problem> {
    let signed_by_sent = shown
        .chain
        .iter()
        .skip(1)
        .filter_map(|der| Certificate::read(der).ok())
        .any(|above| above.subject == leaf.issuer);
    let (kind, says, fix) = match problem {
        TrustProblem::WrongName if !leaf.covers(host) => return None,
        TrustProblem::Expired if now > leaf.until => return None,
        TrustProblem::NotYetValid if now < leaf.from => return None,
        TrustProblem::UnknownIssuer if leaf.self_issued => (
            "self-signed",
            format!("The certificate of {host} is self-signed: it vouches for itself, so browsers warn."),
            "Get a certificate from a public authority; your host, your CDN or Let's Encrypt gives one for free.",
        ),
        TrustProblem::UnknownIssuer if !signed_by_sent => (
            "intermediate",
            format!(
                "The server of {host} shows a certificate from {} without the one that connects it to a trusted authority, so some apps and browsers refuse it.",
                leaf.issuer_name
            ),
            "Install the full chain (the file is often called fullchain.pem) instead of the certificate alone. If the issuer is an authority of your own, get a certificate from a public one.",
        ),
        TrustProblem::UnknownIssuer => (
            "issuer",
            format!("The certificate of {host} comes from {}, which browsers do not know.", leaf.issuer_name),
            "Get a certificate from a public authority; your host, your CDN or Let's Encrypt gives one for free.",
        ),
        TrustProblem::Revoked => (
            "revoked",
            format!("The certificate of {host} was revoked by its issuer."),
            "Order a new certificate with a new key, and find out why the old one was revoked.",
        ),
        _ => (
            "trust",
            format!("This computer does not trust the certificate of {host}: {detail}"),
            "Install the full chain of a new certificate.",
        ),
    };
    Some(Problem { kind, grade: Grade::Fail, severity: Severity::Critical, says, fix })
}

fn day(at: Timestamp) -> String {
    at.strftime("%-d %b %Y").to_string()
}

#[cfg(test)]
#[path = "certificate_tests.rs"]
mod tests;
