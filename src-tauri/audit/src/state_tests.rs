//! States of rows: what a row wants of a person, what was answered before, and a day that has passed.

use crate::facts::{Answer, Choice, Dossier};
use crate::testing::healthy;
use std::collections::BTreeMap;

#[test]
fn a_row_that_wants_a_log_names_the_log() {
    let facts = healthy();
    let audit = crate::audit(&facts, crate::roadmap::by_id("sd").unwrap(), facts.started);
    let items: Vec<_> = audit.stages.iter().flat_map(|stage| &stage.items).collect();
    let says = |id: &str| items.iter().find(|item| item.id == id).unwrap().says.clone();
    assert!(says("SD1.6").starts_with("No log was named. Choose it on the page Code and keys"), "{}", says("SD1.6"));
    let asking = items.iter().filter(|item| item.state == crate::State::NeedsYou);
    assert!(asking.clone().any(|item| item.says == "Only you can answer this."));
    assert!(asking.clone().all(|item| !item.says.contains(crate::case::UNANSWERED)));
}

#[test]
fn an_answer_given_before_its_check_was_built_is_still_shown() {
    let mut facts = healthy();
    let note = "Held by Acme Ltd, login with Ada".to_owned();
    let (evidence, owner, rows) = (String::new(), String::new(), BTreeMap::new());
    let answer = Answer { choice: Choice::Yes, note, evidence, owner, rows, at: facts.started };
    facts.answers.insert("SD1.1".to_owned(), answer.clone());
    let audit = crate::audit(&facts, crate::roadmap::by_id("sd").unwrap(), facts.started);
    let item = audit.stages[0].items.iter().find(|item| item.id == "SD1.1").unwrap();
    assert_eq!(item.answers_to.as_deref(), Some("domain.registration"));
    assert_eq!(item.answer, Some(answer));
}

#[test]
fn a_row_is_overdue_from_the_day_after_until_it_is_done() {
    let mut facts = healthy();
    let today = crate::waive::day(facts.started);
    let item = |facts: &crate::Facts| {
        let audit = crate::audit(facts, crate::roadmap::by_id("cc").unwrap(), facts.started);
        let items = audit.stages.into_iter().flat_map(|stage| stage.items);
        items.into_iter().find(|item| item.id == "CC7.S").unwrap()
    };
    let due = |due| Dossier { due: Some(due), ..Dossier::default() };
    facts.dossiers.insert("CC7.S".to_owned(), due(today));
    assert_eq!((item(&facts).due, item(&facts).overdue), (Some(today), false));
    facts.dossiers.insert("CC7.S".to_owned(), due(today.yesterday().unwrap()));
    assert!(item(&facts).overdue);
    let (note, evidence, owner) = ("ready".to_owned(), String::new(), String::new());
    let answer = Answer { choice: Choice::Yes, note, evidence, owner, rows: BTreeMap::new(), at: facts.started };
    facts.answers.insert("CC7.S".to_owned(), answer);
    assert!(!item(&facts).overdue);
}
