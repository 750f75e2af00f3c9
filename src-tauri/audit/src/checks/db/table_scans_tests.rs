//! Tests of db.table_scans.

use super::CHECK;
use crate::check::{Severity, Status};
use crate::checks::db::slow_queries::tests::{read, statement, with};
use crate::facts::{DatabasePart, Plan, Unseen, Why};
use crate::testing::{blank, findings, seen, status};

#[test]
fn tables_that_are_read_by_their_indexes_pass() {
    assert_eq!(status(&CHECK, &with(|_| {})), Status::Pass);
}

#[test]
fn a_large_table_that_is_read_whole_again_and_again_is_told_with_the_index_to_make() {
    let facts = with(|held| {
        (held.tables[0].scans, held.tables[0].scanned) = (Some(4_000), 480_000_000);
        held.statements.push(statement("select * from boards where slug = ?", 4_000, 30.0, 1));
    });
    let found = findings(&CHECK, &facts);
    assert_eq!((found.len(), found[0].subject.as_str(), found[0].severity), (1, "boards", Severity::High));
    assert_eq!(found[0].fix.paste.as_deref(), Some("CREATE INDEX CONCURRENTLY boards_slug_idx ON boards (slug);"));
    // A search that has its index already is no reason for another one.
    let unknown = with(|held| (held.tables[0].scans, held.tables[0].scanned) = (Some(4_000), 480_000_000));
    assert_eq!(findings(&CHECK, &unknown)[0].fix.paste, None);
}

#[test]
fn backups_small_tables_and_first_rows_alone_are_no_fault() {
    let backups = with(|held| (held.tables[0].scans, held.tables[0].scanned) = (Some(60), 7_200_000));
    assert_eq!(status(&CHECK, &backups), Status::Pass);
    let small = with(|held| (held.tables[1].scans, held.tables[1].scanned) = (Some(900_000), 720_000_000));
    assert_eq!(status(&CHECK, &small), Status::Pass);
    let first = with(|held| (held.tables[0].scans, held.tables[0].scanned) = (Some(90_000), 900_000));
    assert_eq!(status(&CHECK, &first), Status::Pass);
}

#[test]
fn deleted_rows_in_the_way_are_told() {
    let facts = with(|held| held.tables[0].dead = 90_000);
    assert_eq!(findings(&CHECK, &facts)[0].fix.paste.as_deref(), Some("VACUUM (ANALYZE) boards;"));
    assert_eq!(status(&CHECK, &with(|held| held.tables[0].dead = 20_000)), Status::Pass);
}

#[test]
fn plans_and_a_slow_log_tell_too() {
    let shape = "select * from boards where slug = ?";
    let facts =
        with(|held| held.plans = vec![Plan { shape: shape.to_owned(), calls: 9, scans: vec!["boards".to_owned()] }]);
    assert_eq!(findings(&CHECK, &facts)[0].evidence[0], shape);
    let mut facts = blank();
    let log = "# Time: 2026-11-21T08:00:00.000000Z\n# User@Host: app[app] @ localhost []  Id:     8\n# Query_time: 0.310000  Lock_time: 0.000001 Rows_sent: 1  Rows_examined: 480000\nSET timestamp=1700000000;\nSELECT * FROM boards WHERE slug = 'kitchen';\n";
    facts.queries = Some(seen(read(log)));
    assert_eq!(status(&CHECK, &facts), Status::Pass, "once is no habit");
    facts.queries = Some(seen(read(&log.repeat(6))));
    let found = findings(&CHECK, &facts);
    assert_eq!((found[0].subject.as_str(), found[0].severity), ("boards", Severity::High));
    assert!(found[0].fix.paste.as_deref().unwrap().ends_with("ON boards (slug) ALGORITHM=INPLACE LOCK=NONE;"));
}

#[test]
fn tables_that_nobody_counts_are_not_judged() {
    let facts = with(|held| {
        let unseen =
            Unseen { what: "tables".to_owned(), why: Why::NotAnswered, says: "off".to_owned(), way: "on".to_owned() };
        held.unseen.insert(DatabasePart::Use, unseen);
        held.tables.iter_mut().for_each(|table| table.scans = None);
    });
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}

#[test]
fn without_a_database_it_is_not_judged() {
    assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
    let mut facts = blank();
    facts.queries = Some(seen(read("prisma:query SELECT * FROM notes WHERE a = $1\n")));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}
