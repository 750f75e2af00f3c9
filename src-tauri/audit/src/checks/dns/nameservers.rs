//! dns.nameservers: at least two name servers, each with authority, the same version, and the parent's blessing.
//!
//! Beside the test cases of zonemaster (its specification of 2024; a founder acts on what stands in the first two lines of each):
//!
//! | its test cases | here |
//! |---|---|
//! | address 01; basic 01–03; connectivity 01, 02; consistency 01, 04, 05; delegation 01, 02, 04, 06, 07; nameserver 01–03, 05, 06 | this check |
//! | delegation 05; syntax 04, 08; zone 07–09, 11 | dns.records, mail.mx, mail.spf |
//! | dnssec 01–11, 14–18 | dns.dnssec |
//! | syntax 05; zone 03, 05, 06 | this check, as told by the SOA record |
//! | syntax 01–03 | the reader of the domain's name, before a run |
//! | address 02, 03 (reverse names of name servers) | left out: of use to mail hosts only, where mail.mx looks |
//! | connectivity 03, 04 (networks of different operators) | left out: the usual providers announce all servers by anycast from one network |
//! | consistency 02, 03, 06 (contact, timers and primary in each SOA) | told by differing serials; alone they reach nobody |
//! | delegation 03, nameserver 13 (truncation) | seen as servers without TCP, which is when it hurts |
//! | dnssec 12, 13 (every algorithm signs) | left out: validators need one chain only (RFC 6840 §5.11) |
//! | nameserver 04, 07–12, 14 (source address, upward referral, letter case, odd EDNS) | left out: nobody but the server's maker can act |
//! | syntax 06, 07; zone 01, 02, 04, 10 (form of contact and primary, shortest timers, two SOA) | left out: providers set them, and nothing fails |

#[path = "nameservers_depth.rs"]
mod depth;

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{Delegation, ServerSeen};
use crate::read::provider;
use crate::{Case, Unseen, Why};
use std::collections::BTreeSet;

/// dns.nameservers.
pub static CHECK: Check = Check {
    id: "dns.nameservers",
    title: "Two or more name servers answer for the domain, and they agree",
    why: "Name servers that are missing or disagree make the site and its mail vanish for some people some of the time.",
    needs: &[Need::Public],
    concern: Concern::Reach,
    covers: "The NS set and addresses at the parent and at the domain; authority, serial and timers of the SOA; every record type of the found names at each server; EDNS, TCP, recursion and zone transfer of each.",
    ask: None,
    refs: &["RFC 1034 §4.1", "RFC 2182 §5", "RFC 1912 §2.8", "RFC 9471", "RFC 7766", "RFC 5936 §5", "RFC 8020"],
    judge,
};

/// Name servers named in one line; more than the 13 of the root are a mistake.
const SHOWN: usize = 13;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let seen = case.delegation()?;
    let mut unseen = vec![];
    let mut findings: Vec<Finding> = seen.servers.iter().filter_map(|server| lame(&seen.zone, server)).collect();
    let lost = depth::nowhere(case, seen);
    let nowhere = |server: &&ServerSeen| lost.iter().any(|finding| finding.subject == server.name);
    let elsewhere = |server: &&ServerSeen| unreachable(seen, server);
    let inner = |server: &&ServerSeen| !case.facts.scope.allow_private && depth::inner(server).is_some();
    let silent = seen.servers.iter().filter(|server| !nowhere(server) && !elsewhere(server) && !inner(server));
    unseen.extend(silent.filter_map(|server| server.soa.seen().err()));
    findings.extend(lost);
    findings.extend(seen.servers.iter().filter(inner).filter_map(depth::inner));
    findings.extend(depth::alone(seen));
    match case.service() {
        Ok(service) => depth::judge(service, case, &mut findings, &mut unseen),
        Err(why) => unseen.push(why),
    }
    findings.extend(few(seen));
    findings.extend(serials(seen));
    match seen.parent.seen() {
        Ok(parent) => findings.extend(parents(seen, parent)),
        Err(why) => unseen.push(why),
    }
    Ok(Verdict::judged(proof(seen), findings, unseen))
}

/// Whether this machine has no way to an address (no IPv6) of a server that answered at another.
fn unreachable(seen: &Delegation, server: &ServerSeen) -> bool {
    let answered = |other: &ServerSeen| other.name == server.name && other.soa.seen().is_ok();
    server.soa.seen().is_err_and(|why| why.why == Why::NoRoute) && seen.servers.iter().any(answered)
}

fn proof(seen: &Delegation) -> Vec<String> {
    let line = |server: &ServerSeen| {
        let answer = server.soa.seen().ok()?;
        let owner =
            provider::by_name(&server.name, |p| &p.nameservers).map_or(String::new(), |p| format!(" ({})", p.name));
        let serial = answer.serial.map_or_else(|| "no serial".to_owned(), |serial| format!("serial {serial}"));
        Some(format!(
            "{}{owner} at {}: {}, {serial}",
            server.name,
            address(server),
            if answer.authoritative { "with authority" } else { "without authority" }
        ))
    };
    seen.servers.iter().filter_map(line).collect()
}

fn address(server: &ServerSeen) -> String {
    server.address.map_or_else(|| "no address".to_owned(), |address| address.to_string())
}

fn lame(zone: &str, server: &ServerSeen) -> Option<Finding> {
    let answer = server.soa.seen().ok()?;
    if answer.authoritative && answer.serial.is_some() {
        return None;
    }
    let says = format!(
        "{} is listed as a name server but does not answer for {zone}, so some look-ups fail or are slow.",
        server.name
    );
    let evidence = format!(
        "{} at {}: {} {}",
        server.name,
        address(server),
        answer.rcode,
        if answer.authoritative { "without SOA" } else { "without authority" }
    );
    let fix = "Remove this server from the list at your registrar, or add the domain at the provider that runs it.";
    Some(finding(&server.name, Grade::Fail, Severity::High, says, vec![evidence], fix))
}

fn few(seen: &Delegation) -> Option<Finding> {
    let names: BTreeSet<&String> = seen.child.iter().collect();
    (names.len() < 2).then(|| {
        let says =
            format!("{} has {} name server; when it is down, the site and its mail are gone.", seen.zone, names.len());
        let evidence = names.iter().map(|name| format!("{} NS {name}", seen.zone)).collect();
        finding(
            &seen.zone,
            Grade::Warn,
            Severity::Medium,
            says,
            evidence,
            "Add a second name server at your DNS provider and enter it at your registrar.",
        )
    })
}

fn serials(seen: &Delegation) -> Option<Finding> {
    let serial = |server: &ServerSeen| {
        server.soa.seen().ok().filter(|answer| answer.authoritative).and_then(|answer| answer.serial)
    };
    let told: Vec<(&ServerSeen, u32)> =
        seen.servers.iter().filter_map(|server| serial(server).map(|serial| (server, serial))).collect();
    let versions: BTreeSet<u32> = told.iter().map(|(_, serial)| *serial).collect();
    (versions.len() > 1).then(|| {
        let says = "The name servers hold different versions of the records, so people get different answers.".to_owned();
        let evidence = told.iter().map(|(server, serial)| format!("{} at {}: serial {serial}", server.name, address(server))).collect();
        let fix = "Wait half an hour and check again; if they still differ, ask your DNS provider to transfer the zone to the older server.";
        finding(&seen.zone, Grade::Warn, Severity::Medium, says, evidence, fix)
    })
}

fn parents(seen: &Delegation, parent: &[String]) -> Option<Finding> {
    let (above, own): (BTreeSet<&String>, BTreeSet<&String>) = (parent.iter().collect(), seen.child.iter().collect());
    (above != own).then(|| {
        let says = "The registrar's list of name servers differs from the list in the domain itself.".to_owned();
        let list = |names: &BTreeSet<&String>| {
            let shown = names.iter().take(SHOWN).map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
            let more = names.len().saturating_sub(SHOWN);
            if more == 0 { shown } else { format!("{shown} and {more} more") }
        };
        let evidence = vec![format!("at the registrar: {}", list(&above)), format!("in the domain: {}", list(&own))];
        finding(
            &seen.zone,
            Grade::Warn,
            Severity::Medium,
            says,
            evidence,
            "Enter the same name servers at your registrar that your DNS provider shows.",
        )
    })
}

fn finding(subject: &str, grade: Grade, severity: Severity, says: String, evidence: Vec<String>, fix: &str) -> Finding {
    Finding {
        subject: subject.to_owned(),
        grade,
        severity,
        says,
        evidence,
        fix: Fix { says: fix.to_owned(), paste: None, minutes: 20, after: vec![] },
    }
}

#[cfg(test)]
#[path = "nameservers_tests.rs"]
mod tests;
