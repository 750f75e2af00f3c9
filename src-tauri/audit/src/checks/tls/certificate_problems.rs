//! The words of tls.certificate: what can be wrong with a certificate by itself, and how it is mended.

use crate::check::{Finding, Fix, Grade, Severity};
use crate::facts::{Handshake, Trust, TrustProblem};
use crate::read::certificate::{Certificate, Key};
use jiff::{Timestamp, Unit};

/// Something that is wrong with what a host shows.
pub(super) struct Problem {
    pub(super) kind: &'static str,
    pub(super) grade: Grade,
    pub(super) severity: Severity,
    pub(super) says: String,
    pub(super) fix: &'static str,
}

impl Problem {
    pub(super) fn finding(self, host: &str) -> Finding {
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

/// The largest RSA key that common verifiers take, in bits.
const LARGEST: usize = 8192;

pub(super) const RENEW: &str = "Renew the certificate at your host or CDN. With Let's Encrypt: run the renewal once by hand (certbot renew) and find out why it did not run by itself.";

/// Everything that is wrong with the certificate itself.
pub(super) fn problems(host: &str, shown: &Handshake, leaf: &Certificate, now: Timestamp) -> Vec<Problem> {
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
    let weak = match leaf.key {
        Key::Rsa(bits) if bits < 2048 => Some(format!("an RSA key of {bits} bits")),
        Key::Ec(bits) if bits < 256 => Some(format!("an elliptic-curve key of {bits} bits")),
        _ => leaf.weak_hash().filter(|_| !leaf.self_issued).map(|hash| format!("a signature that rests on {hash}")),
    };
    let huge = match leaf.key {
        Key::Rsa(bits) if bits > LARGEST => Some(bits),
        _ => None,
    };
    let vouches = leaf.authority && !leaf.self_issued;
    // Verifiers refuse such keys and hashes without a useful word; the cause is told instead.
    if let Trust::Refused { problem, detail } = &shown.trust
        && !(*problem == TrustProblem::Other && (weak.is_some() || huge.is_some() || !leaf.server || vouches))
    {
        found.extend(distrust(host, shown, leaf, *problem, detail, now));
    }
    found.extend((!leaf.server).then(|| Problem {
        kind: "purpose",
        grade: Grade::Fail,
        severity: Severity::Critical,
        says: format!("The certificate of {host} was made for another purpose than web servers, so browsers warn."),
        fix: "Order a certificate for web servers (extended key usage: server authentication) and install that one.",
    }));
    found.extend((!leaf.shakes).then(|| Problem {
        kind: "usage",
        grade: Grade::Fail,
        severity: Severity::High,
        says: format!(
            "The certificate of {host} does not allow its key to sign, which today's encryption begins with, so Chrome refuses it."
        ),
        fix: "Order a new certificate whose key usage holds digital signature; every public authority makes them so.",
    }));
    found.extend(vouches.then(|| Problem {
        kind: "authority",
        grade: Grade::Fail,
        severity: Severity::High,
        says: format!(
            "The certificate that {host} shows may make certificates itself; whoever gets at this server could stand for any site that trusts it."
        ),
        fix: "Keep the authority's certificate and key off the web server, and install one that was made for this host alone.",
    }));
    found.extend(huge.map(|bits| Problem {
        kind: "huge",
        grade: Grade::Fail,
        severity: Severity::High,
        says: format!(
            "The certificate of {host} has an RSA key of {bits} bits, more than many browsers and apps can check."
        ),
        fix: "Order a new certificate with a key of RSA 2048 bits or P-256.",
    }));
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

/// A date as a person writes it.
pub(in crate::checks::tls) fn day(at: Timestamp) -> String {
    at.strftime("%-d %b %Y").to_string()
}
