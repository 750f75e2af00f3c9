//! Tests of auth.anonymous.

use super::CHECK;
use crate::Why;
use crate::check::{Severity, Status};
use crate::facts::{Answer, Choice, Facts};
use crate::read::place::KEY;
use crate::testing::{exchange, findings, healthy, judge, named, put, status, unseen};

const URL: &str = "https://example.com/v1/boards";
const LIST: &[u8] = b"{\"data\":[{\"id\":1},{\"id\":2}]}";

fn site(stranger: (u16, &[u8])) -> Facts {
    let mut facts = healthy();
    named(&mut facts, &[(URL, "data")]);
    put(&mut facts, "anonymous", exchange(URL, stranger.0, stranger.1));
    put(&mut facts, "signed-in", exchange(URL, 200, LIST));
    facts
}

#[test]
fn a_closed_door_passes_with_and_without_a_session() {
    let mut facts = site((401, b""));
    assert_eq!(status(&CHECK, &facts), Status::Pass);
    facts.exchanges.remove(&format!("signed-in {URL}"));
    assert_eq!(status(&CHECK, &facts), Status::Pass);
}

#[test]
fn data_for_strangers_is_critical() {
    let found = findings(&CHECK, &site((200, LIST)));
    assert_eq!((found.len(), found[0].severity), (1, Severity::Critical));
    assert!(found[0].says.contains(URL));
}

#[test]
fn routes_that_nobody_named_are_asked_about() {
    let mut facts = site((200, LIST));
    facts.answers.clear();
    (facts.scope.signed_in, facts.scope.routes) = (true, vec![URL.to_owned()]);
    assert!(findings(&CHECK, &facts).is_empty());
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}

#[test]
fn silence_no_session_and_no_address_are_not_judged() {
    let mut facts = site((200, b"<html>hello"));
    facts.exchanges.insert(format!("signed-in {URL}"), unseen(Why::NoSession));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    facts.exchanges.insert(format!("anonymous {URL}"), unseen(Why::Busy));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    facts.answers.clear();
    assert_eq!(judge(&CHECK, &facts).unwrap_err().why, Why::NotAnswered);
}

#[test]
fn a_product_without_login_is_left_alone() {
    let mut facts = healthy();
    let text = String::new;
    let answer = Answer {
        choice: Choice::NotApplicable,
        note: text(),
        evidence: text(),
        owner: text(),
        rows: Default::default(),
        at: crate::testing::now(),
    };
    facts.answers.insert(KEY.to_owned(), answer);
    assert_eq!(status(&CHECK, &facts), Status::NotApplicable);
}
