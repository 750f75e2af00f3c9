//! Tests of http.third_party.

use super::CHECK;
use crate::Why;
use crate::check::{Severity, Status};
use crate::facts::{Facts, Resource, ResourceKind as Kind, Written};
use crate::testing::{chain_at, findings, healthy, status, unseen};

const HOME: &str = "https://example.com/";

fn with(kind: Kind, url: &str, integrity: bool, blocking: bool) -> Facts {
    let mut facts = healthy();
    let page = chain_at(&mut facts, HOME).hops[0].page.as_mut().unwrap();
    page.resources = vec![Resource { kind, url: url.to_owned(), integrity, blocking, written: Written::Absolute }];
    facts
}

#[test]
fn own_signed_and_ever_changing_scripts_pass() {
    for (kind, url, integrity) in [
        (Kind::Script, "https://example.com/a.js", false),
        (Kind::Script, "https://static.example.com/a.js", false),
        (Kind::Script, "https://cdn.jsdelivr.net/npm/vue@3.5.0/dist/vue.global.js", true),
        (Kind::Script, "https://js.stripe.com/v3/", false),
        (Kind::Script, "https://d111111abcdef8.cloudfront.net/a.js", false),
        (Kind::Image, "https://images.unsplash.com/a.jpg", false),
        (Kind::Frame, "https://www.youtube.com/embed/x", false),
    ] {
        assert_eq!(status(&CHECK, &with(kind, url, integrity, false)), Status::Pass, "{url}");
    }
    assert_eq!(status(&CHECK, &with(Kind::Script, "https://example.com/a.js", false, true)), Status::Pass);
}

#[test]
fn blocking_and_unsigned_ones_are_told() {
    let fixed = "https://cdn.jsdelivr.net/npm/vue@3.5.0/dist/vue.global.js";
    let found = findings(&CHECK, &with(Kind::Script, fixed, true, true));
    assert!(found.len() == 1 && found[0].says.contains("slow"));
    for (url, severity) in [(fixed, Severity::Medium), ("https://widgets.acme.example/w.js", Severity::Low)] {
        let found = findings(&CHECK, &with(Kind::Script, url, false, false));
        assert!(found.len() == 1 && found[0].severity == severity, "{url}: {found:#?}");
    }
    assert_eq!(findings(&CHECK, &with(Kind::Style, fixed, false, true)).len(), 1);
    assert_eq!(findings(&CHECK, &with(Kind::Script, "https://js.stripe.com/v3/", false, true)).len(), 1);
}

#[test]
fn silence_is_not_judged() {
    let mut facts = healthy();
    facts.http.insert(HOME.to_owned(), unseen(Why::Challenged));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}
