//! dns.records: the records of every known name are well formed and do not contradict each other.

#[path = "records_rules.rs"]
mod rules;
#[path = "records_services.rs"]
mod services;

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::RecordData;
use crate::picture::present;
use crate::{Case, Unseen};
use std::net::IpAddr;

/// dns.records.
pub static CHECK: Check = Check {
    id: "dns.records",
    title: "The DNS records are well formed and do not contradict each other",
    why: "A malformed record works for some people and fails for others, which is the hardest kind of outage to find.",
    needs: &[Need::Public],
    concern: Concern::Reach,
    covers: "A, AAAA, CNAME, MX, TXT, NS, SOA, CAA, HTTPS, NAPTR and the usual SRV records of the bare domain and of the found names: aliases beside other data, in circles or long chains, malformed and doubled targets, quotes, sizes and times to live; services that lead nowhere, bindings that contradict themselves or the server.",
    ask: None,
    refs: &["RFC 1034 §3.6.2", "RFC 2181 §10.3", "RFC 2782", "RFC 3403 §4.1", "RFC 7505", "RFC 9460"],
    judge,
};

const TYPES: [&str; 7] = ["A", "AAAA", "MX", "TXT", "NS", "SOA", "CAA"];

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let apex = case.apex();
    let (mut proof, mut findings, mut unseen) = (vec![], vec![], vec![]);
    for rtype in TYPES {
        match case.dns(apex, rtype) {
            Ok(answer) => proof.extend(answer.records.iter().map(|record| {
                let (rtype, value) = present(&record.data);
                format!("{} {} {rtype} {value}", record.name, record.ttl)
            })),
            Err(why) => unseen.push(why),
        }
    }
    findings.extend(alias_at_apex(case)?);
    let answer = |rtype| case.dns(apex, rtype).map(|answer| answer.records.as_slice()).unwrap_or_default();
    for record in answer("MX").iter().chain(answer("NS")) {
        match &record.data {
            RecordData::Mx { exchange, .. } if exchange != "." => findings.extend(target(case, "MX", exchange)),
            RecordData::Ns(name) => findings.extend(target(case, "NS", name)),
            _ => {}
        }
    }
    let mut told = services::Told::default();
    let hosts = [apex.to_owned(), case.www()].into_iter().chain(case.facts.scope.subdomains.iter().cloned());
    for host in hosts {
        findings.extend(rules::name(case, &host));
        add(&mut told, services::bindings(case, &host));
    }
    add(&mut told, services::announcements(case));
    add(&mut told, services::rewriting(case));
    let (lines, more, blind) = told;
    proof.extend(lines);
    findings.extend(more);
    unseen.extend(blind);
    Ok(Verdict::judged(proof, findings, unseen))
}

/// One reason stands for all questions that it met.
fn add(told: &mut services::Told, (proof, findings, unseen): services::Told) {
    told.0.extend(proof);
    told.1.extend(findings);
    let news = unseen.into_iter().filter(|why| told.2.iter().all(|known| known.why != why.why)).collect::<Vec<_>>();
    told.2.extend(news);
}

/// A CNAME at the bare domain always stands beside SOA and NS (RFC 1034 §3.6.2).
fn alias_at_apex(case: &Case<'_>) -> Result<Option<Finding>, Unseen> {
    let apex = case.apex();
    let own = |rtype| case.dns(apex, rtype).map(|answer| answer.records.iter().filter(|record| record.name == apex));
    let alias = own("CNAME")?.find_map(|record| match &record.data {
        RecordData::Cname(to) => Some(to.clone()),
        _ => None,
    });
    Ok(alias.map(|to| Finding {
        subject: apex.to_owned(),
        grade: Grade::Fail,
        severity: Severity::High,
        says: format!("The bare domain is an alias (CNAME) to {to}, which is not allowed beside its mail and name server records; mail and look-ups fail for some people."),
        evidence: vec![format!("{apex} CNAME {to}"), format!("{apex} also has SOA and NS records")],
        fix: Fix {
            says: "Replace the CNAME with an A record to your host's address, or with your DNS provider's ALIAS, ANAME or flattened CNAME.".to_owned(),
            paste: Some(format!("remove: {apex}. IN CNAME {to}.\nadd:    {apex}. 300 IN A <address from your hosting provider>")),
            minutes: 20,
            after: vec![],
        },
    }))
}

/// A mail or name server must be a host name with addresses of its own (RFC 2181 §10.3).
fn target(case: &Case<'_>, rtype: &str, name: &str) -> Option<Finding> {
    let apex = case.apex();
    let what = if rtype == "MX" { "mail server" } else { "name server" };
    let lost = if rtype == "MX" { "mail to you is lost or delayed" } else { "look-ups fail for some people" };
    let wrong = if name.parse::<IpAddr>().is_ok() {
        format!("The {what} record names the address {name} where a host name belongs, so {lost}.")
    } else {
        let alias = case.dns(name, "A").ok()?.aliases().next()?.to_owned();
        format!("The {what} {name} is only an alias for {alias}, which is not allowed there, so {lost}.")
    };
    Some(Finding {
        subject: format!("{apex} {rtype}"),
        grade: Grade::Fail,
        severity: Severity::High,
        says: wrong,
        evidence: vec![format!("{apex} {rtype} {name}")],
        fix: Fix {
            says: format!(
                "Change the {rtype} record to the host name that your {} provider gives.",
                if rtype == "MX" { "mail" } else { "DNS" }
            ),
            paste: Some(format!("{apex}. 3600 IN {rtype} <host name from the provider>")),
            minutes: 15,
            after: vec![],
        },
    })
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Status;
    use crate::facts::{Facts, RecordData};
    use crate::testing::{answer, findings, healthy, status, unseen};

    fn whole() -> Facts {
        let mut facts = healthy();
        for rtype in ["CNAME", "TXT", "SOA", "CAA"] {
            answer(&mut facts, "example.com", rtype, vec![]);
        }
        answer(&mut facts, "example.com", "NS", vec![RecordData::Ns("ada.ns.cloudflare.com".to_owned())]);
        answer(
            &mut facts,
            "example.com",
            "MX",
            vec![RecordData::Mx { preference: 1, exchange: "smtp.google.com".to_owned() }],
        );
        facts
    }

    #[test]
    fn well_formed_records_pass() {
        assert_eq!(status(&CHECK, &whole()), Status::Pass);
    }

    #[test]
    fn aliases_and_addresses_in_the_wrong_place_fail() {
        let mut facts = whole();
        answer(&mut facts, "example.com", "CNAME", vec![RecordData::Cname("x.vercel.app".to_owned())]);
        assert!(findings(&CHECK, &facts)[0].says.contains("alias"));

        let mut facts = whole();
        answer(
            &mut facts,
            "example.com",
            "MX",
            vec![RecordData::Mx { preference: 1, exchange: "203.0.113.25".to_owned() }],
        );
        assert!(findings(&CHECK, &facts)[0].says.contains("host name belongs"));

        let mut facts = whole();
        answer(&mut facts, "smtp.google.com", "A", vec![RecordData::Cname("other.example".to_owned())]);
        assert!(findings(&CHECK, &facts)[0].says.contains("only an alias"));
    }

    #[test]
    fn an_answer_that_did_not_come_is_not_judged() {
        let mut facts = whole();
        facts.dns.insert("example.com MX".to_owned(), unseen(crate::Why::Busy));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    }
}
