//! Tests of db.n_plus_one.

use super::CHECK;
use crate::check::{Severity, Status};
use crate::checks::db::slow_queries::tests::read;
use crate::facts::Facts;
use crate::testing::{blank, findings, seen, status};
use std::fmt::Write as _;

fn logged(text: &str) -> Facts {
    let mut facts = blank();
    facts.queries = Some(seen(read(text)));
    facts
}

/// A page of so many rows, each asked for by itself.
fn page(rows: usize) -> String {
    let mut text = "{\"request_id\":\"r1\",\"sql\":\"SELECT * FROM boards WHERE team_id = 7\"}\n".to_owned();
    for row in 0..rows {
        writeln!(
            text,
            "{{\"request_id\":\"r1\",\"sql\":\"SELECT * FROM owners WHERE id = {row}\",\"duration_ms\":1.5}}"
        )
        .unwrap();
    }
    text
}

#[test]
fn a_page_that_asks_once_passes() {
    assert_eq!(status(&CHECK, &logged(&page(3))), Status::Pass);
}

#[test]
fn a_page_that_asks_for_each_row_is_told() {
    for (rows, severity) in [(20, Severity::Medium), (150, Severity::High)] {
        let found = findings(&CHECK, &logged(&page(rows)));
        assert_eq!((found.len(), found[0].severity), (1, severity));
        assert_eq!(found[0].evidence[0], "select * from owners where id = ?");
        assert!(found[0].evidence[1].starts_with(&format!("{rows} times in the request")));
        assert_eq!(found[0].fix.paste.as_deref(), Some("SELECT … FROM owners WHERE id IN (<the values of all rows>);"));
    }
}

#[test]
fn many_requests_that_each_ask_once_are_no_fault() {
    let text: String = (0..500)
        .map(|at| format!("{{\"request_id\":\"r{at}\",\"sql\":\"SELECT * FROM keys WHERE id = {at}\"}}\n"))
        .collect();
    assert_eq!(status(&CHECK, &logged(&text)), Status::Pass);
}

#[test]
fn without_queries_it_is_not_judged() {
    assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
    assert_eq!(status(&CHECK, &logged("hello\n")), Status::CouldNotTell);
}
