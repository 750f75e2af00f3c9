//! Tests of http.canonical.

use super::CHECK;
use crate::Why;
use crate::check::{Grade, Status};
use crate::testing::{chain, chain_at, findings, healthy, status, unseen};

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

#[test]
fn silence_is_not_judged() {
    let mut facts = healthy();
    facts.http.insert("https://www.example.com/".to_owned(), unseen(Why::Timeout));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}
