//! Tests of edge.cloudflare.

use super::CHECK;
use crate::Why;
use crate::check::{Severity, Status};
use crate::facts::{CloudflareRecord, CloudflareZone, Facts};
use crate::testing::{chain, findings, healthy, seen, status, unseen};

fn with(change: impl FnOnce(&mut CloudflareZone)) -> Facts {
    let settings = [("ssl", "strict"), ("always_use_https", "on"), ("min_tls_version", "1.2"), ("hsts", "on")];
    let mut zone = CloudflareZone {
        status: "active".to_owned(),
        settings: settings.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        phases: vec!["http_ratelimit".to_owned(), "http_request_firewall_managed".to_owned()],
        permissions: vec!["#zone:read".to_owned()],
        bots_fought: Some(true),
        ..CloudflareZone::default()
    };
    change(&mut zone);
    let mut facts = healthy();
    facts.cloudflare = Some(seen(zone));
    facts
}

#[test]
fn a_zone_that_is_set_up_well_passes() {
    assert_eq!(status(&CHECK, &with(|_| {})), Status::Pass);
}

#[test]
fn records_that_were_not_read_leave_a_question() {
    assert_eq!(status(&CHECK, &with(|zone| zone.more_records = true)), Status::CouldNotTell);
}

#[test]
fn each_setting_is_told_by_itself() {
    let set = |name: &'static str, value: &'static str| {
        with(|zone| drop(zone.settings.insert(name.to_owned(), value.to_owned())))
    };
    for (facts, severity) in [
        (set("ssl", "flexible"), Severity::High),
        (set("always_use_https", "off"), Severity::Low),
        (set("min_tls_version", "1.0"), Severity::Medium),
        (set("development_mode", "on"), Severity::Medium),
        (with(|zone| zone.phases.clear()), Severity::Medium),
        (with(|zone| zone.permissions.push("#dns_records:edit".to_owned())), Severity::Medium),
        (with(|zone| zone.cached.push("starts_with(http.request.uri.path, \"/api/\")".to_owned())), Severity::Critical),
        (
            with(|zone| {
                let (name, rtype) = ("www.example.com".to_owned(), "A".to_owned());
                zone.records.push(CloudflareRecord { name, rtype, proxied: false });
            }),
            Severity::High,
        ),
    ] {
        let found = findings(&CHECK, &facts);
        assert!(found.iter().any(|one| one.severity == severity), "{found:?}");
    }
}

#[test]
fn the_switch_is_held_against_the_edge() {
    let mut facts = with(|_| {});
    chain(&mut facts, &["http://example.com/"]);
    assert!(findings(&CHECK, &facts)[0].says.contains("and yet the site is served without encryption"));
}

#[test]
fn without_a_token_or_a_part_nothing_is_claimed() {
    let mut facts = healthy();
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    facts.cloudflare = Some(unseen(Why::NoSession));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    let crate::Fact::<()>::Unseen(mut hole) = unseen(Why::NoSession) else { panic!() };
    hole.what = "Cloudflare's rules".to_owned();
    let part = with(|zone| {
        zone.phases.clear();
        zone.unseen.push(hole);
    });
    assert!(findings(&CHECK, &part).is_empty());
    assert_eq!(status(&CHECK, &part), Status::CouldNotTell);
}
