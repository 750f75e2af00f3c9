//! Tests of edge.providers.

use super::CHECK;
use crate::Verdict;
use crate::Why;
use crate::check::Status;
use crate::facts::{Facts, Listed, RecordData, Registered, Registration};
use crate::testing::{answer, chain, findings, healthy, host, judge, seen, status, unseen};

fn ns(names: &[&str]) -> Vec<RecordData> {
    names.iter().map(|name| RecordData::Ns((*name).to_owned())).collect()
}

fn mx(names: &[&str]) -> Vec<RecordData> {
    names.iter().map(|name| RecordData::Mx { preference: 1, exchange: (*name).to_owned() }).collect()
}

fn known() -> Facts {
    let mut facts = healthy();
    answer(&mut facts, "example.com", "NS", ns(&["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"]));
    answer(&mut facts, "example.com", "MX", mx(&["aspmx.l.google.com", "alt1.aspmx.l.google.com"]));
    let record = Registered { registrar: Some("Gandi SAS".to_owned()), ..Registered::default() };
    facts.registration = Some(seen(Registration {
        domain: "example.com".to_owned(),
        server: Some("https://rdap.example/".to_owned()),
        listed: Listed::Shipped("2026-11-01".to_owned()),
        record: Some(record),
    }));
    facts
}

#[test]
fn everybody_is_named_with_the_sign() {
    let Ok(Verdict::Judged { proof, .. }) = judge(&CHECK, &known()) else { panic!() };
    let all = proof.join("\n");
    for part in [
        "Registrar: Gandi SAS",
        "DNS: Cloudflare (name server ada",
        "Delivery network: Cloudflare",
        "Mail: Google Workspace",
    ] {
        assert!(all.contains(part), "{part} is not in\n{all}");
    }
    assert_eq!(status(&CHECK, &known()), Status::Pass);
}

#[test]
fn two_companies_in_one_role_are_told() {
    let mut facts = known();
    answer(&mut facts, "example.com", "NS", ns(&["ada.ns.cloudflare.com", "ns41.domaincontrol.com"]));
    assert!(findings(&CHECK, &facts)[0].says.contains("Cloudflare and GoDaddy"));
    let mut facts = known();
    answer(&mut facts, "example.com", "MX", mx(&["smtp.google.com", "mx.zoho.eu"]));
    assert!(findings(&CHECK, &facts)[0].says.contains("Google Workspace and by Zoho Mail"));
    let mut facts = known();
    host(&mut facts, "www.example.com", "76.76.21.21");
    assert!(findings(&CHECK, &facts).is_empty(), "www redirects");
    chain(&mut facts, &["https://www.example.com/"]);
    assert!(findings(&CHECK, &facts)[0].says.contains("www.example.com by Vercel"));
}

#[test]
fn what_was_not_seen_is_said() {
    let mut facts = known();
    facts.dns.insert("example.com MX".to_owned(), unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}
