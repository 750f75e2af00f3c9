//! Keys in files: none, some, replaced ones, and folders that could not be read.

use super::CHECK;
use crate::check::{Grade, Severity, Status};
use crate::facts::{Fact, Facts, Place, Repository};
use crate::keys::tests::{key, project};
use crate::keys::{KEY, exposed, replace};
use crate::testing::{blank, findings, now, seen, status, unseen};
use crate::{Unseen, Why};

#[test]
fn files_without_keys_pass_and_known_finds_are_proof() {
    assert_eq!(status(&CHECK, &project(vec![], vec![])), Status::Pass);
    let mut allowed = key("aa", "a.js", Place::Tree, None);
    allowed.found.allowed = true;
    let facts = project(vec![allowed, key("bb", ".env", Place::Ignored, None)], vec![]);
    assert_eq!(status(&CHECK, &facts), Status::Pass);
}

#[test]
fn a_key_is_told_once_with_its_places_and_steps() {
    let tree = vec![key("aa", "src/pay.js", Place::Tree, None), key("aa", "src/old.js", Place::Tree, None)];
    let found = findings(&CHECK, &project(tree, vec![key("aa", "src/pay.js", Place::Head, Some("2026-03-01"))]));
    assert_eq!((found.len(), found[0].severity, found[0].grade), (1, Severity::Critical, Grade::Fail));
    assert_eq!(
        found[0].evidence,
        ["src/old.js:3, in the files", "src/pay.js:3, in the files; first in commit 0123456789 of 2026-03-01"]
    );
    assert!(["Revoke: ", "Replace: ", "Purge: "].iter().all(|step| found[0].fix.says.contains(step)));
    let in_tests = project(vec![key("aa", "tests/pay.js", Place::Tree, None)], vec![]);
    assert_eq!(findings(&CHECK, &in_tests)[0].severity, Severity::Medium);
}

#[test]
fn a_replaced_key_is_untidy_only() {
    let mut facts = project(vec![key("aa", "a.js", Place::Tree, None)], vec![]);
    let row = exposed(&facts).unwrap()[0].row();
    facts.answers.insert(KEY.to_owned(), replace(&facts, &row, "Ada", now()).unwrap());
    let found = findings(&CHECK, &facts);
    assert_eq!((found[0].severity, found[0].grade), (Severity::Low, Grade::Warn));
    assert_eq!(found[0].evidence[1], "replaced on 2026-11-21 by Ada");
}

#[test]
fn what_was_not_read_is_not_called_clean() {
    assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
    let with = |why| {
        let Fact::<()>::Unseen(one) = unseen(why) else { unreachable!() };
        let tree: Vec<Unseen> = vec![one];
        Facts { tree: Some(seen(Repository { unread: tree, ..Repository::default() })), ..blank() }
    };
    assert_eq!(status(&CHECK, &with(Why::Refused)), Status::CouldNotTell);
    assert_eq!(status(&CHECK, &with(Why::Beyond)), Status::Pass);
}
