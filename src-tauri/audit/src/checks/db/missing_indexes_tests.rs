//! Tests of db.missing_indexes.

use super::CHECK;
use crate::check::{Severity, Status};
use crate::checks::db::slow_queries::tests::with;
use crate::facts::{DatabaseKind, DatabaseSeen, Index};
use crate::testing::{blank, findings, now, status};
use jiff::ToSpan;

fn index(held: &mut DatabaseSeen, name: &str, columns: &[&str]) {
    let columns = columns.iter().map(|&column| column.to_owned()).collect();
    let copy = Index { name: name.to_owned(), columns, guards: false, ..held.indexes[0].clone() };
    held.indexes.push(copy);
}

#[test]
fn a_key_with_an_index_passes() {
    assert_eq!(status(&CHECK, &with(|_| {})), Status::Pass);
    // The first columns of a longer index serve as well; so does one with another order or way.
    let facts = with(|held| {
        held.indexes.remove(0);
        index(held, "boards_owner_slug", &["owner_id", "slug"]);
        held.indexes[1].plain = false;
    });
    assert_eq!(status(&CHECK, &facts), Status::Pass);
}

#[test]
fn a_key_without_one_is_told_by_the_size_of_its_table() {
    for (rows, wanted) in
        [(120_000, Some(Severity::High)), (20_000, Some(Severity::Medium)), (2_000, Some(Severity::Low)), (500, None)]
    {
        let facts = with(|held| {
            held.indexes.remove(0);
            held.tables[0].rows = rows;
        });
        let found = findings(&CHECK, &facts);
        assert_eq!(found.first().map(|finding| finding.severity), wanted, "{rows}");
    }
    // An index of some rows only, or one that begins with another column, does not help.
    let facts = with(|held| {
        held.indexes[0].whole = false;
        index(held, "boards_slug_owner", &["slug", "owner_id"]);
    });
    let found = findings(&CHECK, &facts);
    assert_eq!(
        found[0].fix.paste.as_deref(),
        Some("CREATE INDEX CONCURRENTLY boards_owner_id_idx ON boards (owner_id);")
    );
}

#[test]
fn an_index_that_another_replaces_is_told_once() {
    let facts = with(|held| index(held, "boards_owner_id_idx2", &["owner_id"]));
    let found = findings(&CHECK, &facts);
    assert_eq!((found.len(), found[0].subject.as_str()), (1, "boards_owner_id_idx2"));
    assert_eq!(found[0].fix.paste.as_deref(), Some("DROP INDEX CONCURRENTLY boards_owner_id_idx2;"));
    let facts = with(|held| index(held, "boards_owner_slug", &["owner_id", "slug"]));
    assert_eq!(findings(&CHECK, &facts)[0].subject, "boards_owner_id_idx");
}

#[test]
fn an_index_that_nobody_uses_is_told_once_the_counters_are_old_enough() {
    let idle = |held: &mut DatabaseSeen| {
        index(held, "boards_colour", &["colour"]);
        held.indexes[2].uses = Some(0);
    };
    assert_eq!(findings(&CHECK, &with(idle))[0].subject, "boards_colour");
    let young = with(|held| {
        idle(held);
        held.since = Some(now().checked_sub(48.hours()).unwrap());
    });
    assert_eq!(status(&CHECK, &young), Status::Pass);
    // One that a foreign key needs stays, and so does one that guards a rule.
    assert_eq!(
        status(&CHECK, &with(|held| held.indexes.iter_mut().for_each(|index| index.uses = Some(0)))),
        Status::Pass
    );
    let mysql = with(|held| {
        idle(held);
        held.kind = DatabaseKind::MariaDb;
    });
    assert_eq!(findings(&CHECK, &mysql)[0].fix.paste.as_deref(), Some("DROP INDEX boards_colour ON boards;"));
}

#[test]
fn without_a_database_it_is_not_judged() {
    assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
}
