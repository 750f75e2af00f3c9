//! Tests of edge.hosting.

use super::CHECK;
use crate::Why;
use crate::check::Status;
use crate::testing::{chain_at, findings, header, healthy, host, judge, status, unseen};
use crate::{Unseen, Verdict};

fn open(facts: &crate::Facts) -> Vec<Unseen> {
    match judge(&CHECK, facts) {
        Ok(Verdict::Judged { unseen, .. }) => unseen,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_recognised_company_passes_and_a_hidden_one_is_asked_for() {
    let mut facts = healthy();
    host(&mut facts, "example.com", "76.76.21.21");
    assert_eq!(status(&CHECK, &facts), Status::Pass);
    let hidden = open(&healthy());
    assert_eq!(hidden[0].why, Why::NotAnswered);
    assert!(hidden[0].says.contains("Cloudflare hides"), "{hidden:?}");
}

#[test]
fn what_a_company_gave_up_or_does_not_hold_is_told() {
    let mut facts = healthy();
    host(&mut facts, "www.example.com", "192.30.252.153");
    assert!(findings(&CHECK, &facts)[0].says.contains("given up"));
    let mut facts = healthy();
    let hop = &mut chain_at(&mut facts, "https://example.com/").hops[0];
    (hop.status, hop.headers) = (404, vec![header("x-vercel-error", "DEPLOYMENT_NOT_FOUND")]);
    assert!(findings(&CHECK, &facts)[0].says.contains("nothing is deployed"));
}

#[test]
fn without_the_page_the_reason_is_told() {
    let mut facts = healthy();
    facts.http.insert("https://example.com/".to_owned(), unseen(Why::Timeout));
    assert!(open(&facts)[0].says.contains("the page was not seen"));
}
