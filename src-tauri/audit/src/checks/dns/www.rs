//! dns.www: the www name exists and leads to addresses that take connections.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::read::address::class;
use crate::read::domain::registrable;
use crate::{Case, Unseen};
use std::net::IpAddr;

/// dns.www.
pub static CHECK: Check = Check {
    id: "dns.www",
    title: "The www name leads to servers that answer",
    why: "Many people and older links still type www; for them a missing www is a site that is down.",
    needs: &[Need::Public],
    concern: Concern::Reach,
    covers: "A and AAAA records of the www name, its alias, and a connection to port 443 of each address.",
    ask: None,
    refs: &["RFC 1035 §3.4.1", "RFC 1034 §3.6.2", "RFC 6890"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let name = case.www();
    let found = case.addresses(&name)?;
    if !found.is_empty() {
        return Ok(addresses(case, &Named { name: &name, silent: Severity::Medium }, &found));
    }
    if !registrable(case.apex()) && !case.exists(&name)? {
        return Ok(Verdict::NotApplicable(format!(
            "{} is a name below a domain; nobody types www before it",
            case.apex()
        )));
    }
    let alias = case.dns(&name, "A").ok().and_then(|answer| answer.aliases().last().map(str::to_owned));
    let (severity, says) = match &alias {
        Some(to) => (Severity::High, format!("{name} points to {to}, which does not exist or has no address.")),
        None => (Severity::Medium, format!("{name} does not exist, so everybody who types www sees an error.")),
    };
    let evidence = vec![alias.map_or_else(|| format!("{name} A: none"), |to| format!("{name} CNAME {to}"))];
    let fix = Fix {
        says: format!(
            "Point www to the bare domain where your DNS is managed, and let the web server send it on to https://{}.",
            case.apex()
        ),
        paste: Some(format!("{name}. 300 IN CNAME {}.", case.apex())),
        minutes: 10,
        after: vec!["dns.apex".to_owned()],
    };
    let finding = Finding { subject: name, grade: Grade::Fail, severity, says, evidence, fix };
    Ok(Verdict::judged(vec![], vec![finding], vec![]))
}

/// A name whose addresses are judged.
pub(super) struct Named<'a> {
    pub(super) name: &'a str,
    /// How bad it is when an address refuses.
    pub(super) silent: Severity,
}

/// Judges each address of a name: usable from anywhere, and taking connections on 443.
pub(super) fn addresses(case: &Case<'_>, named: &Named<'_>, found: &[IpAddr]) -> Verdict {
    let (mut proof, mut findings, mut unseen) = (vec![], vec![], vec![]);
    let usable = |address: &IpAddr| class(*address).is_public() || case.facts.scope.allow_private;
    for address in found {
        if !usable(address) {
            findings.push(unusable(case, named.name, *address, found.len()));
            continue;
        }
        match case.reach(named.name, *address) {
            Ok(reach) if reach.open => {
                proof.push(format!("{} {address} took a connection on port 443 in {} ms", named.name, reach.took_ms))
            }
            Ok(_) => findings.push(refused(named, *address, found.len())),
            Err(why) => unseen.push(why),
        }
    }
    Verdict::judged(proof, findings, unseen)
}

fn unusable(case: &Case<'_>, name: &str, address: IpAddr, of: usize) -> Finding {
    let remove = format!("remove: {}", record(name, address));
    // Without its only address the name would be gone.
    let paste = match of {
        1 if name == case.www() => format!("{remove}\nadd:    {name}. 300 IN CNAME {}.", case.apex()),
        1 => format!("{remove}\nadd:    {name}. 300 IN A <address from your hosting provider>"),
        _ => remove,
    };
    Finding {
        subject: name.to_owned(),
        grade: Grade::Fail,
        severity: Severity::High,
        says: format!("{name} points to {address}, which is {}; visitors who are sent there see an error.", class(address).says()),
        evidence: vec![record(name, address)],
        fix: Fix {
            says: "Remove this record where your DNS is managed, or replace it with the address that your hosting provider gives.".to_owned(),
            paste: Some(paste),
            minutes: 10,
            after: vec![],
        },
    }
}

fn refused(named: &Named<'_>, address: IpAddr, of: usize) -> Finding {
    let name = named.name;
    let some = if of > 1 { "some visitors are sent there and" } else { "visitors" };
    let severity = if of == 1 { Severity::High } else { named.silent };
    Finding {
        subject: name.to_owned(),
        grade: Grade::Fail,
        severity,
        says: format!("{name} points to {address}, which refuses connections on port 443, so {some} see an error."),
        evidence: vec![record(name, address), format!("{address} port 443: connection refused")],
        fix: Fix {
            says: format!(
                "If no server of yours is at {address}, remove this record where your DNS is managed; otherwise start the web server there on port 443."
            ),
            paste: Some(format!("remove: {}", record(name, address))),
            minutes: 15,
            after: vec![],
        },
    }
}

pub(super) fn record(name: &str, address: IpAddr) -> String {
    format!("{name}. IN {} {address}", if address.is_ipv4() { "A" } else { "AAAA" })
}

#[cfg(test)]
#[path = "www_tests.rs"]
mod tests;
