//! What dns.dangling says of what it found, and the record to remove.

use crate::check::{Finding, Fix, Grade, Severity};
use crate::facts::Claim;
use crate::read::domain::registered;
use crate::read::takeover::as_of;

/// A service says that nobody has claimed the name, and hands it to whoever asks.
pub(super) fn unclaimed(name: &str, claim: &Claim, words: &str) -> Finding {
    let says = format!(
        "{name} points to {}, where nobody has claimed it: anybody can, and then speaks in your name.",
        claim.service
    );
    finding(name, &claim.alias, Grade::Fail, Severity::Critical, says, vec![page(claim, words)])
}

/// The same, where settings that cannot be seen decide.
pub(super) fn perhaps(name: &str, claim: &Claim, words: &str) -> Finding {
    let says = format!(
        "{name} points to {}, which shows no site there; unless you have verified your domain with it, somebody else can claim the name.",
        claim.service
    );
    finding(name, &claim.alias, Grade::Warn, Severity::High, says, vec![page(claim, words)])
}

/// The target does not exist at a service where anybody can register it.
pub(super) fn claimable(name: &str, end: &str, service: &str) -> Finding {
    let says = format!(
        "{name} points to {end}, which no longer exists; anybody can register that name at {service} and then speaks in yours."
    );
    finding(name, end, Grade::Fail, Severity::Critical, says, vec![gone(end)])
}

/// The target lies in a domain that nobody has registered.
pub(super) fn registrable(name: &str, end: &str) -> Finding {
    let domain = registered(end).unwrap_or_else(|| end.to_owned());
    let says =
        format!("{name} points into {domain}, which nobody has registered; whoever buys it speaks in your name.");
    finding(name, end, Grade::Fail, Severity::Critical, says, vec![gone(end), gone(&domain)])
}

/// The target does not exist; whether a stranger can have it depends on whoever runs its domain.
pub(super) fn absent(name: &str, end: &str) -> Finding {
    let domain = registered(end).unwrap_or_else(|| end.to_owned());
    let says = format!(
        "{name} points to {end}, which does not exist; if whoever runs {domain} hands that name to somebody else, they speak in yours."
    );
    finding(name, end, Grade::Warn, Severity::Medium, says, vec![gone(end)])
}

/// The target is a name of the domain itself.
pub(super) fn own(name: &str, end: &str) -> Finding {
    let says = format!("{name} points to your own name {end}, which does not exist, so it leads nowhere.");
    finding(name, end, Grade::Warn, Severity::Low, says, vec![gone(end)])
}

/// A name server in a domain that nobody has registered: its owner would answer for everything.
pub(super) fn server(name: &str, server: &str) -> Finding {
    let domain = registered(server).unwrap_or_else(|| server.to_owned());
    let says = format!(
        "{name} names {server} as a name server, and nobody has registered {domain}; whoever buys it decides where your site and mail go."
    );
    Finding {
        subject: name.to_owned(),
        grade: Grade::Fail,
        severity: Severity::Critical,
        says,
        evidence: vec![format!("{name} NS {server}"), gone(server), gone(&domain)],
        fix: Fix {
            says: "Remove this name server at your registrar and in your DNS now.".to_owned(),
            paste: Some(format!(
                "remove: {name}. IN NS {server}.\nat the registrar: take {server} off the list of name servers"
            )),
            minutes: 10,
            after: vec![],
        },
    }
}

fn page(claim: &Claim, words: &str) -> String {
    format!("{} answered {} with \"{words}\" (list of services of {})", claim.url, claim.status, as_of())
}

fn gone(name: &str) -> String {
    format!("{name}: does not exist (NXDOMAIN)")
}

fn finding(
    name: &str,
    target: &str,
    grade: Grade,
    severity: Severity,
    says: String,
    mut evidence: Vec<String>,
) -> Finding {
    evidence.insert(0, format!("{name} CNAME {target}"));
    Finding {
        subject: name.to_owned(),
        grade,
        severity,
        says,
        evidence,
        fix: Fix {
            says: "Remove this record where your DNS is managed; if you still need the name, set the service up first and point to it again.".to_owned(),
            paste: Some(format!("remove: {name}. IN CNAME {target}.")),
            minutes: 10,
            after: vec![],
        },
    }
}
