//! mail.mx: mail to the domain has a host to arrive at, and that host encrypts.

use crate::check::{Check, Concern, Finding, Need, Verdict};
use crate::facts::{DnsAnswer, Fact, Handshake, RecordData, Trust};
use crate::read::text::clean;
use crate::{Case, Unseen, Why};
use std::net::IpAddr;

#[path = "mx_findings.rs"]
mod findings;

/// mail.mx.
pub static CHECK: Check = Check {
    id: "mail.mx",
    title: "Mail sent to you has a place to arrive",
    why: "A customer who answers an invoice and gets it returned does not write a second time.",
    needs: &[Need::Public],
    concern: Concern::Mail,
    covers: "The MX records and their addresses, and a conversation on port 25 with the first three hosts up to encryption, where this network allows that.",
    ask: None,
    refs: &["RFC 5321 §5.1", "RFC 7505", "RFC 3207", "RFC 2181 §10.3"],
    judge,
};

/// The mail hosts by preference; `.` is none (RFC 7505 §3).
pub(super) fn hosts(answer: &DnsAnswer) -> Vec<(u16, &str)> {
    let mut hosts: Vec<(u16, &str)> = answer
        .records
        .iter()
        .filter_map(|record| match &record.data {
            RecordData::Mx { preference, exchange } => Some((*preference, exchange.as_str())),
            _ => None,
        })
        .collect();
    hosts.sort_unstable();
    hosts
}

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let hosts = hosts(case.dns(case.apex(), "MX")?);
    if hosts.is_empty() {
        return Ok(Verdict::judged(vec![], vec![findings::none(case)], vec![]));
    }
    if hosts.iter().all(|(_, host)| *host == ".") {
        let says = "the domain says that it takes no mail (null MX)".to_owned();
        return Ok(Verdict::judged(vec![says], vec![], vec![]));
    }
    let (mut proof, mut found, mut unseen, mut talked) = (vec![], vec![], vec![], 0);
    let mut silent = None;
    for (preference, host) in hosts.iter().take(10) {
        proof.push(format!("{} MX {preference} {}", case.apex(), clean(host, 253)));
        if *host == "." || host.parse::<IpAddr>().is_ok() {
            found.push(findings::no_name(case, host));
            continue;
        }
        let addresses = match case.addresses(host) {
            Ok(addresses) => addresses,
            Err(why) => {
                unseen.push(why);
                continue;
            }
        };
        if addresses.is_empty() {
            found.push(findings::dead(case, host, hosts.len()));
        }
        if case.dns(host, "A").is_ok_and(|answer| answer.aliases().next().is_some()) {
            found.push(findings::alias(case, host));
        }
        for (address, fact) in case.mailhosts(host) {
            match fact.seen() {
                Ok(seen) => {
                    talked += 1;
                    found.extend(conversation(host, address, seen, &mut proof, &mut unseen));
                }
                Err(why) => silent = silent.or(Some(why)),
            }
        }
    }
    if talked == 0 && found.is_empty() {
        unseen.extend(silent.or_else(|| Some(not_looked(case))));
    }
    Ok(Verdict::judged(proof, found, unseen))
}

fn conversation(
    host: &str,
    address: &str,
    seen: &crate::facts::Mailhost,
    proof: &mut Vec<String>,
    unseen: &mut Vec<Unseen>,
) -> Option<Finding> {
    if seen.greeting != 220 {
        // A code from 400 to 499 is for the moment (RFC 5321 §4.2.1).
        if seen.greeting / 100 == 4 {
            unseen.push(busy(host, address, seen.greeting));
            return None;
        }
        return Some(findings::closed(host, address, seen.greeting));
    }
    match seen.tls.as_ref().map(Fact::seen) {
        None => Some(findings::plain(host, address)),
        Some(Err(why)) => {
            unseen.push(why);
            None
        }
        Some(Ok(Handshake { trust: Trust::Trusted, protocol, .. })) => {
            let protocol = protocol.as_deref().unwrap_or("TLS");
            proof.push(format!("{host} at {address} encrypts ({protocol}) with a valid certificate"));
            None
        }
        Some(Ok(Handshake { trust: Trust::Refused { detail, .. }, .. })) => {
            Some(findings::untrusted(host, address, detail))
        }
    }
}

fn busy(host: &str, address: &str, code: u16) -> Unseen {
    Unseen {
        what: format!("port 25 of {host} at {address}"),
        why: Why::Busy,
        says: format!("{host} takes no mail for the moment (it greets with {code})"),
        way: "run the audit again later".to_owned(),
    }
}

fn not_looked(case: &Case<'_>) -> Unseen {
    Unseen {
        what: format!("mail hosts of {}", case.apex()),
        why: Why::NotLooked,
        says: "no mail host was spoken to yet".to_owned(),
        way: "run the audit".to_owned(),
    }
}

#[cfg(test)]
#[path = "mx_tests.rs"]
mod tests;
