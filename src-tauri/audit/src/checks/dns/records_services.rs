//! The rules of dns.records for records that lead to services: SRV, HTTPS and NAPTR.

use super::rules::finding;
use crate::check::{Finding, Grade, Severity};
use crate::facts::{DnsAnswer, RecordData};
use crate::read::provider;
use crate::read::service::{Binding, Srv, announced, binding, naptr, srv};
use crate::{Case, Unseen, Why};
use std::net::IpAddr;

/// Aliases in a row that clients follow of HTTPS records (RFC 9460 §3 leaves the limit to them; eight are common).
const FOLLOWED: usize = 8;
const FAIL: (Grade, Severity) = (Grade::Fail, Severity::Medium);
const WARN: (Grade, Severity) = (Grade::Warn, Severity::Medium);

/// What was found: lines of proof, findings, what could not be seen.
pub(super) type Told = (Vec<String>, Vec<Finding>, Vec<Unseen>);

/// The texts of the records of a type that a name itself owns.
fn texts<'a>(answer: &'a DnsAnswer, name: &'a str, rtype: &'a str) -> impl Iterator<Item = &'a str> {
    answer.of(name, rtype).filter_map(|record| match &record.data {
        RecordData::Other { text, .. } => Some(text.as_str()),
        _ => None,
    })
}

/// Judges the services that the domain announces (RFC 2782).
pub(super) fn announcements(case: &Case<'_>) -> Told {
    let (mut proof, mut found, mut unseen): Told = (vec![], vec![], vec![]);
    for service in announced() {
        let name = format!("{}.{}", service.label, case.apex());
        let answer = match case.dns(&name, "SRV") {
            Ok(answer) => answer,
            Err(why) => {
                missed(&mut unseen, why);
                continue;
            }
        };
        let read: Vec<(&str, Srv)> = texts(answer, &name, "SRV").filter_map(|text| Some((text, srv(text)?))).collect();
        proof.extend(read.iter().map(|(text, _)| format!("{name} SRV {text}")));
        if read.len() > 1 && read.iter().any(|(_, record)| record.target == ".") {
            let says = format!(
                "{name} says that the service does not exist and where it is as well, so {} works for some people only.",
                service.does
            );
            let fix = "Remove the SRV record that ends in a single dot.";
            found.push(finding(&name, WARN.0, WARN.1, says, format!("{name} SRV 0 0 0 ."), fix, None));
        }
        for (text, record) in &read {
            match wrong(case, &name, record) {
                Ok(Some((grade, what))) => {
                    let says = format!("The SRV record of {name} {what}, so {} fails.", service.does);
                    let fix = "Write the host name and port that the provider of this service gives, or remove the record if you no longer use the service.";
                    let paste = Some(format!("remove: {name}. IN SRV {text}"));
                    found.push(finding(&name, grade.0, grade.1, says, format!("{name} SRV {text}"), fix, paste));
                }
                Ok(None) => {}
                Err(why) => missed(&mut unseen, why),
            }
        }
    }
    (proof, found, unseen)
}

/// One reason stands for all questions that it met; a run of an older version did not ask.
fn missed(unseen: &mut Vec<Unseen>, why: Unseen) {
    if why.why != Why::NotLooked && unseen.iter().all(|known| known.why != why.why) {
        unseen.push(why);
    }
}

/// How grave it is, and the end of a sentence that says it.
type Grave = Option<((Grade, Severity), String)>;

fn wrong(case: &Case<'_>, name: &str, record: &Srv) -> Result<Grave, Unseen> {
    let target = record.target.as_str();
    let twice = format!(".{0}.{0}", case.apex());
    Ok(if target == "." {
        None
    } else if target.parse::<IpAddr>().is_ok() {
        Some((FAIL, format!("names the address {target} where a host name belongs")))
    } else if target == name {
        Some((FAIL, "names itself as the host".to_owned()))
    } else if target.ends_with(&twice) {
        Some((FAIL, format!("ends in your domain twice ({target})")))
    } else if record.port == 0 {
        Some((WARN, format!("names port 0 at {target}, which nothing can listen at")))
    } else if case.addresses(target)?.is_empty() {
        Some((FAIL, format!("leads to {target}, which has no address")))
    } else if target.strip_suffix(case.apex()).is_some_and(|rest| rest.ends_with('.'))
        && case.dns(target, "A").is_ok_and(|answer| answer.aliases().next().is_some())
    {
        // At a provider's host it is the provider's business, and clients cope.
        Some(((Grade::Warn, Severity::Low), format!("leads to {target}, which is only an alias (not allowed there)")))
    } else {
        None
    })
}

/// Judges the NAPTR records of the bare domain.
pub(super) fn rewriting(case: &Case<'_>) -> Told {
    let (mut proof, mut found, mut unseen): Told = (vec![], vec![], vec![]);
    let apex = case.apex();
    match case.dns(apex, "NAPTR") {
        Err(why) => missed(&mut unseen, why),
        Ok(answer) => {
            for text in texts(answer, apex, "NAPTR") {
                let slip = naptr(text).map_or(Some("is not written as one"), |record| record.slip());
                proof.push(format!("{apex} NAPTR {text}"));
                found.extend(slip.map(|slip| {
                    let says = format!("A NAPTR record of {apex} {slip}; calls to your domain that look for it fail.");
                    let fix = "Copy the record again from the instructions of your telephony provider.";
                    let paste = Some(format!("remove: {apex}. IN NAPTR {text}"));
                    finding(apex, WARN.0, Severity::Low, says, format!("{apex} NAPTR {text}"), fix, paste)
                }));
            }
        }
    }
    (proof, found, unseen)
}

/// Judges the HTTPS records of a host (RFC 9460).
pub(super) fn bindings(case: &Case<'_>, name: &str) -> Told {
    let (mut proof, mut found, mut unseen): Told = (vec![], vec![], vec![]);
    let answer = match case.dns(name, "HTTPS") {
        Ok(answer) => answer,
        Err(why) => {
            missed(&mut unseen, why);
            return (proof, found, unseen);
        }
    };
    let read: Vec<(&str, Binding)> =
        texts(answer, name, "HTTPS").filter_map(|text| Some((text, binding(text)?))).collect();
    proof.extend(read.iter().map(|(text, _)| format!("{name} HTTPS {text}")));
    let mut tell = |text: &str, (grade, severity): (Grade, Severity), what: String, fix: &str| {
        let says = format!("The HTTPS record of {name} {what}");
        let paste = Some(format!("remove: {name}. IN HTTPS {text}"));
        found.push(finding(name, grade, severity, says, format!("{name} HTTPS {text}"), fix, paste));
    };
    let aliases = read.iter().filter(|(_, one)| one.is_alias()).count();
    for (text, one) in &read {
        let told = if one.is_alias() {
            if aliases < read.len() {
                Ok(Some((WARN, "is an alias beside records with settings, which browsers then ignore.".to_owned())))
            } else {
                alias(case, name, one)
            }
        } else {
            setting(case, name, one)
        };
        match told {
            Ok(None) => {}
            Ok(Some((grave, what))) => {
                tell(
                    text,
                    grave,
                    what,
                    "Remove the record, or let your CDN or host write it anew; without it, browsers simply use the address records.",
                );
            }
            Err(why) => missed(&mut unseen, why),
        }
    }
    (proof, found, unseen)
}

/// An alias: it must lead to a host that is there (RFC 9460 §2.4.2).
fn alias(case: &Case<'_>, name: &str, first: &Binding) -> Result<Grave, Unseen> {
    if first.target == "." {
        return Ok(Some((
            FAIL,
            "says that there is no web site at this name, so some browsers do not open it.".to_owned(),
        )));
    }
    let (mut way, mut next) = (vec![name.to_owned()], first.target.clone());
    loop {
        if way.contains(&next) {
            way.push(next);
            return Ok(Some((
                FAIL,
                format!("leads in a circle ({}), so some browsers do not open the site.", way.join(" → ")),
            )));
        }
        way.push(next.clone());
        if way.len() > FOLLOWED {
            return Ok(Some((WARN, format!("leads over more than {FOLLOWED} aliases; browsers stop before its end."))));
        }
        let answer = case.dns(&next, "HTTPS")?;
        let further = texts(answer, &next, "HTTPS").filter_map(binding).find(Binding::is_alias);
        match further {
            Some(further) if further.target != "." => next = further.target,
            _ => break,
        }
    }
    let last = way.last().map_or(name, String::as_str);
    Ok(case
        .addresses(last)?
        .is_empty()
        .then(|| (FAIL, format!("leads to {last}, which has no address, so some browsers do not open the site."))))
}

/// A record with settings: they must agree with each other and with what is really there.
fn setting(case: &Case<'_>, name: &str, one: &Binding) -> Result<Grave, Unseen> {
    let lacking: Vec<&str> = one.lacking().collect();
    if !lacking.is_empty() {
        let list = lacking.join(", ");
        return Ok(Some((
            WARN,
            format!("says that browsers must know {list} and does not give it, so they ignore the record."),
        )));
    }
    if one.has("no-default-alpn") && !one.has("alpn") {
        return Ok(Some((
            WARN,
            "forbids HTTP/1.1 and names no other protocol, so browsers ignore the record.".to_owned(),
        )));
    }
    if let Some(port) = one.port().filter(|port| matches!(port, 0 | 80)) {
        return Ok(Some((WARN, format!("sends browsers to port {port}, where nothing speaks HTTPS."))));
    }
    let host = if one.target == "." { name } else { one.target.as_str() };
    if case.addresses(host)?.is_empty() {
        // That the name itself has none is told by the check of that name.
        let says = || format!("leads to {host}, which has no address, so some browsers do not open the site.");
        return Ok((host != name).then(|| (FAIL, says())));
    }
    for hint in one.hints() {
        let own: Vec<IpAddr> = case.dns(host, if hint.is_ipv4() { "A" } else { "AAAA" })?.addresses().collect();
        if !own.contains(&hint) && !same_pool(hint, &own) {
            return Ok(Some((
                WARN,
                format!(
                    "hints at the address {hint}, which {host} does not have: browsers that take the hint reach another server."
                ),
            )));
        }
    }
    Ok(unspoken(case, host, one).map(|agreed| {
        (WARN, format!("promises HTTP/2, and the server agrees to {agreed} only, so the first connection of a browser is for nothing."))
    }))
}

/// Whether an address is of the provider that the others are of: providers answer from pools.
fn same_pool(hint: IpAddr, own: &[IpAddr]) -> bool {
    let owner = |address: IpAddr| provider::all().iter().find(|one| one.serves(address, &[], &[]).is_some());
    owner(hint).is_some_and(|one| own.iter().any(|address| owner(*address).is_some_and(|other| other.name == one.name)))
}

/// What a server agrees to that does not speak the HTTP/2 that its record promises. HTTP/3 is another road and is not tried.
fn unspoken(case: &Case<'_>, host: &str, one: &Binding) -> Option<String> {
    if one.port().is_some_and(|port| port != 443) || !one.list("alpn").any(|protocol| protocol == "h2") {
        return None;
    }
    let shown: Vec<&crate::facts::Handshake> =
        case.addresses(host).ok()?.into_iter().filter_map(|address| case.tls(host, address).ok()).collect();
    let agreed = shown.first()?.alpn.clone();
    shown.iter().all(|shown| shown.alpn.as_deref() != Some("h2")).then(|| match agreed.as_deref() {
        Some("http/1.1") | None => "HTTP/1.1".to_owned(),
        Some(other) => other.to_owned(),
    })
}

#[cfg(test)]
#[path = "records_services_tests.rs"]
mod tests;
