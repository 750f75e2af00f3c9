//! edge.hosting: the company that runs the servers is known, and every name that points to it has something deployed.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::Choice;
use crate::parties::{self, Role};
use crate::read::provider::{self, Provider};
use crate::{Case, Unseen, Why};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// edge.hosting.
pub static CHECK: Check = Check {
    id: "edge.hosting",
    title: "The company that hosts the product is known",
    why: "When the product is down, somebody must know whom to call and where to log in.",
    needs: &[Need::Public],
    concern: Concern::Control,
    covers: "Hosting companies by address range, alias and headers of every host; names that lead to nothing deployed, and addresses a company has given up.",
    ask: Some("Which company runs the servers of the product?"),
    refs: &["assets/data/providers.toml", "vercel.com/docs/errors", "docs.github.com/pages"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    case.addresses(case.apex())?;
    let mut findings: BTreeMap<String, Finding> = BTreeMap::new();
    let mut unseen = vec![];
    for host in case.hosts() {
        for address in case.addresses(&host)? {
            if let Some(found) = retired(&host, address).or_else(|| gone(case, &host, address)) {
                findings.entry(host.clone()).or_insert(found);
            }
        }
    }
    let parties = parties::of(case);
    let mut proof: Vec<String> = parties
        .with(Role::Hosting)
        .flat_map(|party| party.evidence.iter().map(move |sign| format!("{}: {sign}", party.name)))
        .collect();
    if proof.is_empty() {
        match case.answer(CHECK.id) {
            Ok(answer) if answer.choice == Choice::Yes && !answer.note.trim().is_empty() => {
                proof.push(format!("{}, as answered by a person", answer.note.trim()));
            }
            _ => unseen.push(unknown(case, &parties)),
        }
    }
    Ok(Verdict::judged(proof, findings.into_values().collect(), unseen))
}

fn unknown(case: &Case<'_>, parties: &parties::Parties) -> Unseen {
    // Headers of the front page could have told.
    let page = case.chain(&format!("https://{}/", case.apex())).err();
    let network = parties.with(Role::Network).next().map(|network| format!("{} hides the servers", network.name));
    let why = page.map(|why| format!("the page was not seen ({})", why.says)).or(network);
    Unseen {
        what: format!("hosting of {}", case.apex()),
        why: Why::NotAnswered,
        says: format!(
            "the company that runs the servers cannot be told from outside: {}",
            why.unwrap_or_else(|| "no sign of a known company".to_owned())
        ),
        way: "name the company in the question of this check".to_owned(),
    }
}

fn retired(host: &str, address: IpAddr) -> Option<Finding> {
    let holder =
        provider::all().iter().find(|provider| provider.retired.iter().any(|range| range.contains(&address)))?;
    let name = &holder.name;
    Some(told(
        host,
        (Grade::Fail, Severity::High),
        format!("{host} points to {address}, an address that {name} has given up for websites."),
        vec![
            format!("{host} {} {address}", if address.is_ipv4() { "A" } else { "AAAA" }),
            format!("addresses of providers as of {}", provider::as_of()),
        ],
        format!("Point {host} to the addresses that {name} documents today."),
    ))
}

/// The company itself says that nothing is deployed under this name.
fn gone(case: &Case<'_>, host: &str, address: IpAddr) -> Option<Finding> {
    let chain = case.chain(&format!("https://{host}/")).ok()?;
    let headers = provider::headers(chain, host, address);
    let sign = |provider: &'static Provider| {
        headers.iter().find(|line| provider.gone.iter().any(|gone| line.starts_with(gone.as_str())))
    };
    let (company, line) = provider::all().iter().find_map(|provider| Some((provider, sign(provider)?)))?;
    let name = &company.name;
    let status = chain.hops.first().map_or(0, |hop| hop.status);
    Some(told(
        host,
        (Grade::Fail, Severity::High),
        format!(
            "{host} leads to {name}, but nothing is deployed there under this name, so visitors see an error page."
        ),
        vec![format!("https://{host}/ answers {status}"), line.clone()],
        format!("Add {host} to the right project at {name} and deploy it, or remove the record."),
    ))
}

fn told(host: &str, (grade, severity): (Grade, Severity), says: String, evidence: Vec<String>, fix: String) -> Finding {
    let fix = Fix { says: fix, paste: None, minutes: 20, after: vec!["dns.apex".to_owned(), "dns.www".to_owned()] };
    Finding { subject: host.to_owned(), grade, severity, says, evidence, fix }
}

#[cfg(test)]
#[path = "hosting_tests.rs"]
mod tests;
