//! Tests of dns.dangling.

use super::CHECK;
use crate::Why;
use crate::check::{Severity, Status};
use crate::facts::{Claim, DnsAnswer, Facts, Rcode, Record, RecordData};
use crate::testing::{answer, findings, healthy, seen, status, unseen};

const DOCS: &str = "docs.example.com";

/// docs is an alias to `end`, which exists or does not.
fn alias(end: &str, exists: bool) -> Facts {
    let mut facts = healthy();
    facts.scope.subdomains = vec![DOCS.to_owned()];
    let mut records = vec![Record { name: DOCS.to_owned(), ttl: 300, data: RecordData::Cname(end.to_owned()) }];
    if exists {
        records.push(Record {
            name: end.to_owned(),
            ttl: 300,
            data: RecordData::A("138.197.235.123".parse().unwrap()),
        });
    }
    let rcode = if exists { Rcode::NoError } else { Rcode::NxDomain };
    facts.dns.insert(format!("{DOCS} A"), seen(DnsAnswer { rcode, records }));
    answer(&mut facts, DOCS, "AAAA", vec![]);
    facts
}

fn domain(facts: &mut Facts, name: &str, rcode: Rcode) {
    facts.dns.insert(format!("{name} NS"), seen(DnsAnswer { rcode, records: vec![] }));
}

fn claim(facts: &mut Facts, service: &str, unclaimed: Option<&str>) {
    let claim = Claim {
        service: service.to_owned(),
        alias: "x".to_owned(),
        url: format!("http://{DOCS}/"),
        status: 404,
        unclaimed: unclaimed.map(str::to_owned),
    };
    facts.claims.insert(DOCS.to_owned(), seen(claim));
}

#[test]
fn aliases_that_lead_somewhere_pass() {
    assert_eq!(status(&CHECK, &healthy()), Status::Pass);
    assert_eq!(status(&CHECK, &alias("host.provider.net", true)), Status::Pass);
    let mut used = alias("na-west1.surge.sh", true);
    claim(&mut used, "Surge", None);
    assert_eq!(status(&CHECK, &used), Status::Pass);
    // Parked at a service that asks for proof of ownership.
    let mut parked = alias("cname.vercel-dns.com", true);
    claim(&mut parked, "Vercel", Some("The deployment could not be found on Vercel."));
    assert_eq!(status(&CHECK, &parked), Status::Pass);
}

#[test]
fn a_row_that_was_not_confirmed_proves_nothing() {
    let mut facts = alias("docs-example.kinsta.cloud", true);
    claim(&mut facts, "Kinsta", Some("No Site For Domain"));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    claim(&mut facts, "Kinsta", None);
    assert_eq!(status(&CHECK, &facts), Status::Pass);
}

#[test]
fn what_anybody_can_claim_is_critical() {
    let mut surge = alias("na-west1.surge.sh", true);
    claim(&mut surge, "Surge", Some("project not found"));
    assert_eq!(findings(&CHECK, &surge)[0].severity, Severity::Critical);
    assert_eq!(findings(&CHECK, &alias("shop.azurewebsites.net", false))[0].severity, Severity::Critical);
    let mut free = alias("old.gone-hosting.com", false);
    domain(&mut free, "gone-hosting.com", Rcode::NxDomain);
    assert!(findings(&CHECK, &free)[0].says.contains("nobody has registered"));
    let mut servers = healthy();
    answer(&mut servers, "example.com", "NS", vec![RecordData::Ns("ns1.gone-hosting.com".to_owned())]);
    servers
        .dns
        .insert("ns1.gone-hosting.com A".to_owned(), seen(DnsAnswer { rcode: Rcode::NxDomain, records: vec![] }));
    domain(&mut servers, "gone-hosting.com", Rcode::NxDomain);
    assert_eq!(findings(&CHECK, &servers)[0].severity, Severity::Critical);
}

#[test]
fn what_is_not_proven_is_told_and_no_more() {
    let mut there = alias("old.hosting.com", false);
    domain(&mut there, "hosting.com", Rcode::NoError);
    assert_eq!(status(&CHECK, &there), Status::Warn);
    let mut pages = alias("somebody.github.io", true);
    claim(&mut pages, "GitHub Pages", Some("There isn't a GitHub Pages site here."));
    assert_eq!(status(&CHECK, &pages), Status::Warn);
    assert_eq!(findings(&CHECK, &alias("old.example.com", false))[0].severity, Severity::Low);
}

#[test]
fn a_page_or_domain_that_was_not_seen_is_not_judged() {
    let mut facts = alias("na-west1.surge.sh", true);
    facts.claims.insert(DOCS.to_owned(), unseen(Why::Busy));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    let mut facts = alias("old.hosting.com", false);
    facts.dns.insert("hosting.com NS".to_owned(), unseen(Why::Busy));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    facts.dns.insert(format!("{DOCS} A"), unseen(Why::Busy));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}
