//! Tests of http.canonical.

use super::CHECK;
use crate::Why;
use crate::check::{Grade, Status};
use crate::facts::{Facts, Robots, Signposts, Sitemap};
use crate::testing::{chain, chain_at, findings, healthy, seen, status, unseen};

#[test]
fn one_site_passes() {
    assert_eq!(status(&CHECK, &healthy()), Status::Pass);
}

#[test]
fn a_second_site_fails_a_second_address_warns_and_claims_are_read() {
    let mut facts = healthy();
    chain(&mut facts, &["https://www.example.com/"]);
    assert_eq!(findings(&CHECK, &facts)[0].grade, Grade::Warn);
    chain_at(&mut facts, "https://www.example.com/").hops[0].page.as_mut().unwrap().title = Some("Old site".to_owned());
    assert_eq!(findings(&CHECK, &facts)[0].grade, Grade::Fail);

    let mut facts = healthy();
    chain_at(&mut facts, "https://example.com/").hops[0].page.as_mut().unwrap().canonical =
        Some("https://old.example/".to_owned());
    assert!(findings(&CHECK, &facts)[0].says.contains("rel=canonical"));
}

fn posts(robots: Option<(&str, bool)>, origins: &[(&str, u32)]) -> Facts {
    let mut facts = healthy();
    let robots = robots.map(|(map, shut)| Robots {
        url: "https://example.com/robots.txt".to_owned(),
        sitemaps: vec![map.to_owned()],
        shut,
    });
    let map = Sitemap {
        url: "https://example.com/sitemap.xml".to_owned(),
        entries: 3,
        origins: origins.iter().map(|(at, count)| ((*at).to_owned(), *count)).collect(),
    };
    let origin = "https://example.com".to_owned();
    facts.signposts = Some(seen(Signposts { origin, robots, sitemaps: vec![map], unseen: vec![] }));
    facts
}

#[test]
fn robots_and_sitemaps_must_agree() {
    let (map, own) = ("https://example.com/sitemap.xml", [("https://example.com", 3)]);
    assert_eq!(status(&CHECK, &posts(Some((map, false)), &own)), Status::Pass);
    assert_eq!(status(&CHECK, &posts(None, &own)), Status::Pass);
    assert!(findings(&CHECK, &posts(Some((map, true)), &own))[0].says.contains("stay away"));
    assert!(
        findings(&CHECK, &posts(Some(("http://example.com/s.xml", false)), &own))[0].says.contains("another address")
    );
    let two = [("https://example.com", 1), ("https://www.example.com", 2)];
    assert!(findings(&CHECK, &posts(None, &two))[0].says.contains("2 at https://www.example.com"));
    let mut facts = healthy();
    facts.signposts = Some(unseen(Why::Busy));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}

#[test]
fn silence_is_not_judged() {
    let mut facts = healthy();
    facts.http.insert("https://www.example.com/".to_owned(), unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}
