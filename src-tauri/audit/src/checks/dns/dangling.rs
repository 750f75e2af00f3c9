//! dns.dangling: no alias and no name server leads to something that a stranger could claim.

#[path = "dangling_findings.rs"]
mod findings;

use crate::check::{Check, Concern, Finding, Need, Verdict};
use crate::facts::{Rcode, RecordData};
use crate::read::domain::{registered, within};
use crate::read::takeover::{Claimable, as_of, service};
use crate::{Case, Unseen, Why};

/// dns.dangling.
pub static CHECK: Check = Check {
    id: "dns.dangling",
    title: "No name of yours points at something a stranger could claim",
    why: "Whoever claims the place that a forgotten name points to speaks in your name: with your login page, your cookies and a valid certificate.",
    needs: &[Need::Public],
    concern: Concern::Trust,
    covers: "Aliases and name servers of every found name: targets that do not exist, domains that can be registered, and pages of known services that say that nobody has claimed the name.",
    ask: None,
    refs: &["RFC 1034 §3.6.2", "can-i-take-over-xyz", "OWASP WSTG-CONF-10"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let (mut proof, mut found, mut unseen) = (vec![], vec![], vec![]);
    let apex = [case.apex().to_owned(), case.www()];
    for name in apex.iter().chain(&case.facts.scope.subdomains) {
        unseen.extend(case.dns(name, "A").err());
    }
    for name in apex.into_iter().chain(case.found_subdomains()) {
        match alias(case, &name, &mut proof) {
            Ok(finding) => found.extend(finding),
            Err(why) => unseen.push(why),
        }
        for server in servers(case, &name) {
            match orphaned(case, &server) {
                Ok(true) => found.push(findings::server(&name, &server)),
                Ok(false) => {}
                Err(why) => unseen.push(why),
            }
        }
    }
    if proof.is_empty() && found.is_empty() {
        proof.push("no name is an alias to a service that hands out names".to_owned());
    }
    Ok(Verdict::judged(proof, found, unseen))
}

fn alias(case: &Case<'_>, name: &str, proof: &mut Vec<String>) -> Result<Option<Finding>, Unseen> {
    // An answer that did not come is told once for the name.
    let Ok(answer) = case.dns(name, "A") else { return Ok(None) };
    let aliases: Vec<&str> = answer.aliases().collect();
    let Some(&end) = aliases.last() else { return Ok(None) };
    let known = aliases.iter().find_map(|alias| service(alias));
    if answer.rcode == Rcode::NxDomain {
        return Ok(Some(match known {
            Some(service) if service.absent && service.claimable == Claimable::Yes => {
                findings::claimable(name, end, &service.name)
            }
            _ if within(end, case.apex()) => findings::own(name, end),
            _ if unregistered(case, end)? => findings::registrable(name, end),
            _ => findings::absent(name, end),
        }));
    }
    let Some(service) = known else {
        proof.push(format!("{name} is an alias to {end}, which exists"));
        return Ok(None);
    };
    if !service.has_words() {
        proof.push(format!("{name} is an alias to {end} ({}), which exists", service.name));
        return Ok(None);
    }
    let claim = case.claim(name)?;
    let Some(words) = &claim.unclaimed else {
        proof.push(format!("{name} is an alias to {end} ({}), whose page is somebody's own", service.name));
        return Ok(None);
    };
    if !service.verified && service.claimable != Claimable::No {
        return Err(Unseen {
            what: format!("whether {name} can be claimed at {}", service.name),
            why: Why::Beyond,
            says: format!(
                "{} answers with \"{words}\", and how {} hands out names was not confirmed for the list of {}",
                claim.url,
                service.name,
                as_of()
            ),
            way: format!("look whether {name} is still set up at {}, and remove the record if it is not", service.name),
        });
    }
    Ok(match service.claimable {
        Claimable::Yes => Some(findings::unclaimed(name, claim, words)),
        Claimable::Sometimes => Some(findings::perhaps(name, claim, words)),
        Claimable::No => {
            proof.push(format!(
                "{name} is an alias to {end}; {} shows no page for it, and asks for proof of ownership before it hands out a name",
                service.name
            ));
            None
        }
    })
}

/// Whether the registered domain of a name does not exist, so that anybody may register it.
fn unregistered(case: &Case<'_>, name: &str) -> Result<bool, Unseen> {
    let Some(domain) = registered(name) else { return Ok(false) };
    Ok(case.dns(&domain, "NS")?.rcode == Rcode::NxDomain)
}

fn servers(case: &Case<'_>, name: &str) -> Vec<String> {
    let records = case.dns(name, "NS").map(|answer| answer.records.as_slice()).unwrap_or_default();
    let own = records.iter().filter(|record| record.name == name);
    own.filter_map(|record| match &record.data {
        RecordData::Ns(server) => Some(server.clone()),
        _ => None,
    })
    .collect()
}

/// Whether a name server lies in a domain that nobody has registered.
fn orphaned(case: &Case<'_>, server: &str) -> Result<bool, Unseen> {
    match case.dns(server, "A") {
        Ok(answer) if answer.rcode == Rcode::NxDomain && !within(server, case.apex()) => unregistered(case, server),
        _ => Ok(false),
    }
}

#[cfg(test)]
#[path = "dangling_tests.rs"]
mod tests;
