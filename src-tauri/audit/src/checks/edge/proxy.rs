//! edge.proxy: a content delivery network stands in front, and no address goes round it.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::read::address::class;
use crate::read::provider::{self, Provider};
use crate::{Case, Unseen, Why};
use std::net::IpAddr;

#[path = "proxy_origin.rs"]
mod origin;

/// edge.proxy.
pub static CHECK: Check = Check {
    id: "edge.proxy",
    title: "A delivery network stands in front of the site, with no way round it",
    why: "Without one, a burst of visitors or a cheap attack reaches your only server directly.",
    needs: &[Need::Public],
    concern: Concern::Reach,
    covers: "The addresses, aliases and headers of the bare domain and www, and every other address of the domain's names, mail hosts and SPF record, asked for the site directly.",
    ask: None,
    refs: &["assets/data/providers.toml", "RFC 9110 §7.6.3"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let mut seen = vec![];
    // An address that no visitor can reach is the business of the dns checks.
    let usable = |address: &IpAddr| class(*address).is_public() || case.facts.scope.allow_private;
    for host in [case.apex().to_owned(), case.www()] {
        let found = case.addresses(&host).or_else(|why| if host == case.apex() { Err(why) } else { Ok(vec![]) })?;
        for address in found.into_iter().filter(usable) {
            let behind = recognised(case, &host, address);
            seen.push((host.clone(), address, behind));
        }
    }
    if seen.is_empty() {
        let says = format!("{} has no address that visitors can reach", case.apex());
        return Err(Unseen {
            what: case.apex().to_owned(),
            why: Why::Depends,
            says,
            way: "mend its address records first".to_owned(),
        });
    }
    let proof = seen.iter().filter_map(|(host, address, behind)| {
        let (provider, sign) = behind.as_ref().ok()?.as_ref()?;
        Some(format!("{host} {address}: {} ({sign})", provider.name))
    });
    let proof: Vec<String> = proof.collect();
    let Some((network, _)) = seen.iter().find_map(|(_, _, behind)| behind.as_ref().ok().and_then(Option::as_ref))
    else {
        // Nothing was recognised: only honest when everything that could tell was seen.
        if let Some(why) = seen.iter().find_map(|(_, _, behind)| behind.as_ref().err()) {
            return Err(why.clone());
        }
        return Ok(Verdict::NotApplicable(format!(
            "no delivery network (CDN) stands in front of {}; its servers answer visitors themselves",
            case.apex()
        )));
    };
    // Only a network that publishes its ranges can be told to be gone round.
    let round = |(host, address, behind): &(String, IpAddr, Result<_, Unseen>)| {
        let outside = matches!(behind, Ok(None) | Err(_)) && !network.ranges.is_empty();
        outside.then(|| past(host, *address, network))
    };
    let mut findings: Vec<Finding> = seen.iter().filter_map(round).collect();
    let mut unseen = vec![];
    let mut proof = proof;
    for (address, fact) in &case.facts.origins {
        match origin::judged(case, address, fact, network) {
            origin::Found::Site(finding) => findings.push(*finding),
            origin::Found::Other(line) => proof.push(line),
            origin::Found::Unknown(why) => unseen.push(why),
        }
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

/// Whether an address outside the network shows the same site as the bare domain.
pub(crate) fn serves_the_site(case: &Case<'_>, address: IpAddr) -> bool {
    origin::serves(case, &address.to_string())
}

type Behind = Option<(&'static Provider, String)>;

fn recognised(case: &Case<'_>, host: &str, address: IpAddr) -> Result<Behind, Unseen> {
    let aliases: Vec<&str> = case.dns(host, "A").map(|answer| answer.aliases().collect()).unwrap_or_default();
    let known = |headers: &[String]| {
        let networks = provider::all().iter().filter(|provider| provider.does("cdn"));
        networks.filter_map(|provider| provider.serves(address, &aliases, headers).map(|sign| (provider, sign))).next()
    };
    if let Some(found) = known(&[]) {
        return Ok(Some(found));
    }
    let chain = case.chain(&format!("https://{host}/"))?;
    Ok(known(&provider::headers(chain, host, address)))
}

fn past(host: &str, address: IpAddr, network: &Provider) -> Finding {
    let rtype = if address.is_ipv4() { "A" } else { "AAAA" };
    Finding {
        subject: host.to_owned(),
        grade: Grade::Fail,
        severity: Severity::High,
        says: format!("{host} also points to {address}, which goes round {} straight to your server.", network.name),
        evidence: vec![
            format!("{host} {rtype} {address}"),
            format!("{address} is in none of {}'s published ranges", network.name),
        ],
        fix: Fix {
            says: format!(
                "Switch this record to proxied at {}, or remove it; then let the server accept connections from {} only.",
                network.name, network.name
            ),
            paste: Some(format!("change: {host}. IN {rtype} {address}  →  proxied")),
            minutes: 20,
            after: vec![],
        },
    }
}

#[cfg(test)]
#[path = "proxy_tests.rs"]
mod tests;
