//! edge.providers: who does registrar, DNS, delivery network, hosting, certificates and mail, and that no two do the same by accident.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{End, RecordData};
use crate::parties::{self, Role};
use crate::read::provider::{self, Provider};
use crate::{Case, Unseen};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// edge.providers.
pub static CHECK: Check = Check {
    id: "edge.providers",
    title: "Each company between the visitor and the product is known",
    why: "Whoever holds the name, the records or the mail can take the product down, so each must be known and yours.",
    needs: &[Need::Public],
    concern: Concern::Control,
    covers: "Companies recognised by registry, name servers, mail hosts, address ranges, aliases, headers and certificates; two companies in one role by accident.",
    ask: None,
    refs: &["assets/data/providers.toml", "RFC 1034 §4.2.2", "RFC 5321 §5.1"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let found = parties::of(case);
    let proof = Role::ALL.into_iter().flat_map(|role| {
        found.with(role).map(move |party| format!("{}: {} ({})", role.says(), party.name, party.evidence.join("; ")))
    });
    let findings = [dns(case), mail(case), fronts(case)];
    // The registry's silence is the business of domain.registration; here it is only said.
    let (registry, unseen): (Vec<_>, Vec<_>) = found.unseen.iter().partition(|(role, _)| *role == Role::Registrar);
    let silent = registry.iter().map(|(role, why)| format!("{}: not seen, {}", role.says(), why.says));
    let unseen = unseen.into_iter().map(|(_, why)| why.clone()).collect();
    let list = format!("companies are recognised by the list of {}", provider::as_of());
    Ok(Verdict::judged(proof.chain(silent).chain([list]).collect(), findings.into_iter().flatten().collect(), unseen))
}

/// The recognised companies among these names, each with its first name.
fn companies<'a>(
    names: impl Iterator<Item = &'a String>,
    pick: fn(&Provider) -> &[String],
) -> BTreeMap<&'static str, &'a String> {
    let mut known = BTreeMap::new();
    for name in names {
        if let Some(provider) = provider::by_name(name, pick) {
            known.entry(provider.name.as_str()).or_insert(name);
        }
    }
    known
}

fn dns(case: &Case<'_>) -> Option<Finding> {
    let answer = case.dns(case.apex(), "NS").ok()?;
    let servers = answer.records.iter().filter_map(|record| match &record.data {
        RecordData::Ns(name) => Some(name),
        _ => None,
    });
    let known = companies(servers, |provider| &provider.nameservers);
    if known.len() < 2 {
        return None;
    }
    let names: Vec<&str> = known.keys().copied().collect();
    Some(finding(
        case.apex(),
        Severity::Medium,
        format!(
            "The name servers of {} belong to {}; a record changed at one is missing at the other, so visitors get old answers by chance.",
            case.apex(),
            names.join(" and ")
        ),
        known.iter().map(|(name, server)| format!("{server}: {name}")).collect(),
        format!(
            "Choose one, and remove the name servers of the other at your registrar. If both are meant, let them copy the zone from one source. Companies: {}.",
            names.join(", ")
        ),
    ))
}

fn mail(case: &Case<'_>) -> Option<Finding> {
    let answer = case.dns(case.apex(), "MX").ok()?;
    let hosts: Vec<&String> = answer
        .records
        .iter()
        .filter_map(|record| match &record.data {
            RecordData::Mx { exchange, .. } => Some(exchange),
            _ => None,
        })
        .collect();
    let known = companies(hosts.iter().copied(), |provider| &provider.mail);
    if known.len() < 2 {
        return None;
    }
    let names: Vec<&str> = known.keys().copied().collect();
    Some(finding(
        case.apex(),
        Severity::Medium,
        format!(
            "Mail for {} is taken by {}, so some messages land where nobody reads.",
            case.apex(),
            names.join(" and by ")
        ),
        known.iter().map(|(name, host)| format!("MX {host}: {name}")).collect(),
        "Keep the mail hosts of the company whose mailboxes you read, and remove the others.".to_owned(),
    ))
}

/// The bare domain and www, each with a page of its own at another company: one of them was left behind by a move.
fn fronts(case: &Case<'_>) -> Option<Finding> {
    let (apex, www) = (case.apex().to_owned(), case.www());
    let stays = |host: &str| {
        let chain = case.chain(&format!("https://{host}/")).ok()?;
        let last = chain.last().filter(|_| chain.end == End::Answered)?;
        let there = url::Url::parse(&last.url).ok()?;
        (there.host_str() == Some(host) && last.status < 400).then_some(())
    };
    stays(&apex)?;
    stays(&www)?;
    let company = |host: &str| {
        let addresses: Vec<IpAddr> = case.addresses(host).ok()?;
        addresses.into_iter().find_map(|address| provider::at(case, host, address))
    };
    let ((one, sign), (other, other_sign)) = (company(&apex)?, company(&www)?);
    if one.name == other.name {
        return None;
    }
    Some(finding(
        &www,
        Severity::Medium,
        format!("{apex} is served by {} and {www} by {}, each with a page of its own.", one.name, other.name),
        vec![format!("{apex}: {sign}"), format!("{www}: {other_sign}")],
        format!("Point {www} to {} as well, and let it redirect to {apex}.", one.name),
    ))
}

fn finding(subject: &str, severity: Severity, says: String, evidence: Vec<String>, fix: String) -> Finding {
    Finding {
        subject: subject.to_owned(),
        grade: Grade::Warn,
        severity,
        says,
        evidence,
        fix: Fix { says: fix, paste: None, minutes: 30, after: vec!["dns.nameservers".to_owned()] },
    }
}

#[cfg(test)]
#[path = "providers_tests.rs"]
mod tests;
