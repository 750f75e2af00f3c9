//! The depth of dns.nameservers: what each server shows and how it behaves, beyond its SOA record.

use super::finding;
use crate::check::{Finding, Grade, Severity};
use crate::facts::{Conduct, Delegation, RecordData, ServerSeen, Service};
use crate::read::address::class;
use crate::read::provider;
use crate::{Case, Unseen, Why};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// The longest time that "there is no such record" should be remembered (RFC 2308 §5).
const DENIAL: u32 = 86_400;

/// Judges the conduct of all servers.
pub(super) fn judge(service: &Service, case: &Case<'_>, found: &mut Vec<Finding>, unseen: &mut Vec<Unseen>) {
    for server in &service.servers {
        for told in manners(server) {
            // What a server does at all of its addresses is one thing to mend.
            match found.iter_mut().find(|known| known.subject == told.subject && known.says == told.says) {
                Some(known) => known.evidence.extend(told.evidence),
                None => found.push(told),
            }
        }
        unseen.extend([&server.edns, &server.tcp, &server.open].into_iter().filter_map(|fact| fact.seen().err()));
        unseen.extend(
            server.sets.values().filter_map(|fact| fact.seen().err()).filter(|unseen| unseen.why != Why::Beyond),
        );
    }
    let questions: BTreeSet<&String> = service.servers.iter().flat_map(|server| server.sets.keys()).collect();
    found.extend(questions.into_iter().filter_map(|question| differing(service, question)));
    found.extend(service.glue.iter().filter_map(|(server, handed)| stale(case, server, handed)));
    found.extend(timers(service, case));
    found.extend(contact(case));
}

/// Whether the servers show different data for one question. Addresses that one provider turns round are no difference.
fn differing(service: &Service, question: &str) -> Option<Finding> {
    let mut shown: BTreeMap<&[String], Vec<&Conduct>> = BTreeMap::new();
    for server in &service.servers {
        if let Some(Ok(set)) = server.sets.get(question).map(|fact| fact.seen()) {
            shown.entry(set.as_slice()).or_default().push(server);
        }
    }
    let (name, rtype) = question.split_once(' ')?;
    if shown.len() < 2 || (matches!(rtype, "A" | "AAAA") && turning(shown.keys().copied())) {
        return None;
    }
    let line = |(set, servers): (&&[String], &Vec<&Conduct>)| {
        let who: BTreeSet<String> = servers.iter().map(|one| format!("{} ({})", one.server, one.address)).collect();
        let what = if set.is_empty() { "none".to_owned() } else { set.join(", ") };
        format!("{}: {what}", who.into_iter().collect::<Vec<_>>().join(", "))
    };
    let grave = matches!(rtype, "A" | "AAAA" | "CNAME" | "MX" | "NS");
    let (grade, severity) = if grave { (Grade::Fail, Severity::High) } else { (Grade::Warn, Severity::Medium) };
    let says = format!(
        "Your name servers give different {rtype} records for {name}, so it depends on chance what people get."
    );
    let fix = "Make the same change at every DNS provider that serves the domain, or leave only one of them as name servers at your registrar.";
    Some(finding(question, grade, severity, says, shown.iter().map(line).collect(), fix))
}

/// Whether all addresses belong to one provider that answers from a pool: a CDN, which also resolves aliases itself, or another whose
/// sets overlap.
fn turning<'a>(sets: impl Iterator<Item = &'a [String]>) -> bool {
    let sets: Vec<BTreeSet<IpAddr>> =
        sets.map(|set| set.iter().filter_map(|text| text.split_once(' ')?.1.parse().ok()).collect()).collect();
    let owner = |address: &IpAddr| provider::all().iter().find(|one| one.serves(*address, &[], &[]).is_some());
    let Some(first) = sets.iter().flatten().next().and_then(owner) else { return false };
    let own = |address: &IpAddr| owner(address).is_some_and(|one| one.name == first.name);
    let overlap = sets.windows(2).all(|pair| pair[0].intersection(&pair[1]).next().is_some());
    sets.iter().all(|set| !set.is_empty() && set.iter().all(own)) && (overlap || first.does("cdn"))
}

fn manners(server: &Conduct) -> Vec<Finding> {
    let name = &server.server;
    let at = |what: &str| vec![format!("{name} at {}: {what}", server.address)];
    let mut found = vec![];
    if server.open.seen() == Ok(&true) {
        let says = format!(
            "{name} answers everybody's questions about everybody's names; it will be used to attack others and then be blocked."
        );
        let fix = "Turn recursion off on this name server, or allow it only for your own network.";
        found.push(finding(name, Grade::Warn, Severity::Medium, says, at("answered for a.root-servers.net"), fix));
    }
    if server.tcp.seen() == Ok(&false) {
        let says = format!("{name} refuses DNS over TCP, so longer answers (DNSSEC, long TXT records) never arrive.");
        let fix = "Open TCP port 53 on this name server and in its firewall.";
        found.push(finding(name, Grade::Warn, Severity::Medium, says, at("TCP port 53: connection refused"), fix));
    }
    if server.transfer.as_ref().is_some_and(|fact| fact.seen() == Ok(&true)) {
        let says = format!(
            "{name} hands the whole list of your names to everybody who asks (zone transfer), test systems and all."
        );
        let fix = "Allow zone transfers (AXFR) on this name server for your second name servers only.";
        let paste = "At BIND: allow-transfer { <addresses of your second name servers>; };";
        let mut told = finding(name, Grade::Warn, Severity::Medium, says, at("AXFR: the zone was handed out"), fix);
        told.fix.paste = Some(paste.to_owned());
        found.push(told);
    }
    found.extend(denying(server));
    if server.edns.seen() == Ok(&false) {
        let says = format!(
            "{name} calls questions in today's form (EDNS) malformed, so every look-up takes a detour and DNSSEC cannot work."
        );
        let fix = "Update the software of this name server, or have another provider serve the domain.";
        found.push(finding(name, Grade::Warn, Severity::Low, says, at("FORMERR to a question with EDNS"), fix));
    }
    found
}

/// A name that the server shows records of and says not to exist when asked for others: resolvers then forget the name as a whole
/// (RFC 8020, RFC 4074 §4.2).
fn denying(server: &Conduct) -> Option<Finding> {
    let shows = |name: &str| {
        server.sets.iter().any(|(question, set)| {
            question.split(' ').next() == Some(name) && set.seen().is_ok_and(|set| !set.is_empty())
        })
    };
    let (name, rtype) =
        server.denied.iter().filter_map(|question| question.split_once(' ')).find(|(name, _)| shows(name))?;
    let says = format!(
        "{} says that {name} does not exist when asked for its {rtype} records, though it has others of it; resolvers that remember this do not find {name} at all.",
        server.server
    );
    let evidence = vec![format!("{} at {}: {name} {rtype}: NXDOMAIN", server.server, server.address)];
    let fix =
        "Have the provider of this name server answer such questions with an empty answer (NOERROR), or leave it.";
    Some(finding(&server.server, Grade::Fail, Severity::High, says, evidence, fix))
}

/// A name server at an address that nobody outside reaches (RFC 6890).
pub(super) fn inner(server: &ServerSeen) -> Option<Finding> {
    let address = server.address.filter(|address| !class(*address).is_public())?;
    let says = format!(
        "The name server {} has the address {address}, which is {}, so a part of all look-ups fails or is slow.",
        server.name,
        class(address).says()
    );
    let fix =
        "Give this name server its public address, or take it out of the list at your registrar and in the domain.";
    Some(finding(&server.name, Grade::Fail, Severity::High, says, vec![format!("{} {address}", server.name)], fix))
}

/// Addresses of a server that the registry hands out and that the server does not have.
fn stale(case: &Case<'_>, server: &str, handed: &[IpAddr]) -> Option<Finding> {
    let own: BTreeSet<IpAddr> = case.addresses(server).ok()?.into_iter().collect();
    let old: Vec<&IpAddr> = handed.iter().filter(|address| !own.contains(address)).collect();
    (!old.is_empty() && !own.is_empty()).then(|| {
        let list = |addresses: &mut dyn Iterator<Item = String>| addresses.collect::<Vec<_>>().join(", ");
        let says = format!("The registry hands out an old address for your name server {server}, so some look-ups go to the wrong machine.");
        let evidence = vec![
            format!("at the registry: {}", list(&mut handed.iter().map(ToString::to_string))),
            format!("in DNS: {}", list(&mut own.iter().map(ToString::to_string))),
        ];
        let fix = "Change the address of this name server (its glue or host record) at your registrar.";
        finding(server, Grade::Fail, Severity::High, says, evidence, fix)
    })
}

/// A contact written as a mail address: the first dot stands for the @ (RFC 1035 §3.3.13).
fn contact(case: &Case<'_>) -> Option<Finding> {
    let zone = case.apex();
    let answer = case.dns(zone, "SOA").ok()?;
    let rname = answer.records.iter().find_map(|record| match &record.data {
        RecordData::Soa { rname, .. } if record.name == zone && rname.contains('@') => Some(rname),
        _ => None,
    })?;
    let says = format!(
        "The contact of {zone} in its SOA record is written with an @, so nobody who wants to warn you reaches it."
    );
    let fix = "Write a dot in place of the @ in the contact of the SOA record.";
    let mut told = finding(zone, Grade::Warn, Severity::Low, says, vec![format!("SOA contact: {rname}")], fix);
    told.fix.paste = Some(format!("{}.", rname.replace("\\@", ".").replace('@', ".")));
    Some(told)
}

fn timers(service: &Service, case: &Case<'_>) -> Vec<Finding> {
    let Some(timers) = service.timers else { return vec![] };
    let zone = case.apex();
    let evidence = vec![format!(
        "SOA: refresh {}, retry {}, expire {}, minimum {}",
        timers.refresh, timers.retry, timers.expire, timers.minimum
    )];
    let mut found = vec![];
    if timers.expire <= timers.refresh {
        let says =
            format!("The second name servers of {zone} stop answering before they ask the first one for news again.");
        let fix = "Set the expiry in the SOA record to a week or more (1209600) and refresh to some hours (7200).";
        found.push(finding(zone, Grade::Warn, Severity::Medium, says, evidence.clone(), fix));
    }
    if timers.retry >= timers.refresh {
        let says = format!(
            "A second name server of {zone} that missed a change tries again later than it would ask anyway, so old records stay longer."
        );
        let fix = "Set retry in the SOA record well below refresh: 7200 for refresh and 900 for retry.";
        found.push(finding(zone, Grade::Warn, Severity::Low, says, evidence.clone(), fix));
    }
    if timers.minimum > DENIAL {
        let days = timers.minimum / 86_400;
        let says = format!(
            "When a record of {zone} is missing, the world remembers that for {days} days, long after you have added it."
        );
        let fix = "Set the minimum in the SOA record to an hour (3600).";
        found.push(finding(zone, Grade::Warn, Severity::Low, says, evidence, fix));
    }
    found
}

/// Name servers that have no address at all.
pub(super) fn nowhere(case: &Case<'_>, seen: &Delegation) -> Vec<Finding> {
    let lost = |name: &&str| case.addresses(name).is_ok_and(|found| found.is_empty());
    let names: BTreeSet<&str> =
        seen.servers.iter().filter(|server| server.address.is_none()).map(|server| server.name.as_str()).collect();
    let told = |name: &str| {
        let says = format!(
            "{name} is listed as a name server and has no address, so a part of all look-ups fails or is slow."
        );
        let fix =
            "Remove this server from the list at your registrar and in the domain, or give its name an address again.";
        finding(
            name,
            Grade::Fail,
            Severity::High,
            says,
            vec![format!("{name} A: none"), format!("{name} AAAA: none")],
            fix,
        )
    };
    names.into_iter().filter(lost).map(told).collect()
}

/// Servers that are one machine under several names.
pub(super) fn alone(seen: &Delegation) -> Option<Finding> {
    let addresses: BTreeSet<IpAddr> = seen.servers.iter().filter_map(|server| server.address).collect();
    let names: BTreeSet<&str> = seen.servers.iter().map(|server| server.name.as_str()).collect();
    (names.len() > 1 && addresses.len() == 1).then(|| {
        let says = "All your name servers are one machine under several names; when it is down, the site and its mail are gone.".to_owned();
        let evidence = seen.servers.iter().filter_map(|server| Some(format!("{} {}", server.name, server.address?))).collect();
        let fix = "Have a second, independent machine serve the domain; every DNS provider includes that.";
        finding(&seen.zone, Grade::Warn, Severity::Medium, says, evidence, fix)
    })
}
