//! Tests of db.slow_queries, and the facts of a small database for its neighbours.

use super::CHECK;
use crate::check::{Severity, Status};
use crate::facts::{
    DatabaseKind, DatabasePart, DatabaseSeen, Fact, Facts, ForeignKey, Index, QueriesSeen, Statement, Table, Unseen,
    Why,
};
use crate::read::query::Reader;
use crate::testing::{blank, findings, now, seen, status};
use jiff::ToSpan;

/// A healthy database: two tables, one pointing to the other, everything with its index.
pub(in crate::checks) fn database() -> DatabaseSeen {
    let table = |name: &str, rows| Table {
        name: name.to_owned(),
        rows,
        scans: Some(3),
        scanned: 3 * rows,
        lookups: 90_000,
        tidied: true,
        ..Table::default()
    };
    let index = |name: &str, columns: &[&str], guards| Index {
        table: "boards".to_owned(),
        name: name.to_owned(),
        columns: columns.iter().map(|&column| column.to_owned()).collect(),
        guards,
        plain: true,
        whole: true,
        bytes: 4 << 20,
        uses: Some(40),
    };
    DatabaseSeen {
        kind: DatabaseKind::Postgres,
        version: "15.4".to_owned(),
        mighty: false,
        encrypted: Some(true),
        since: Some(now().checked_sub((30 * 24).hours()).unwrap()),
        statements: vec![statement("select * from boards where owner_id = ? limit ?", 90_000, 0.4, 5)],
        tables: vec![table("boards", 120_000), table("owners", 800)],
        foreign_keys: vec![ForeignKey {
            table: "boards".to_owned(),
            columns: vec!["owner_id".to_owned()],
            to: "owners".to_owned(),
        }],
        indexes: vec![index("boards_owner_id_idx", &["owner_id"], false), index("boards_pkey", &["id"], true)],
        plans: vec![],
        unseen: std::collections::BTreeMap::new(),
    }
}

/// A statement that was timed each time.
pub(in crate::checks) fn statement(shape: &str, calls: u64, mean: f64, rows: u64) -> Statement {
    let total_ms = mean * calls as f64;
    Statement {
        shape: shape.to_owned(),
        calls,
        timed: calls,
        total_ms,
        max_ms: 2.0 * mean,
        rows: Some(rows * calls),
        examined: None,
    }
}

/// Facts with this database.
pub(in crate::checks) fn with(change: impl FnOnce(&mut DatabaseSeen)) -> Facts {
    let (mut facts, mut held) = (blank(), database());
    change(&mut held);
    facts.database = Some(seen(held));
    facts
}

/// What a log holds.
pub(in crate::checks) fn read(text: &str) -> QueriesSeen {
    let mut reader = Reader::new();
    reader.open("queries.log");
    reader.feed(text.as_bytes());
    reader.finish()
}

#[test]
fn a_quick_database_passes() {
    assert_eq!(status(&CHECK, &with(|_| {})), Status::Pass);
}

#[test]
fn slow_statements_are_told_by_what_they_cost() {
    let facts = with(|held| {
        held.statements.push(statement("select * from notes where text = ? limit ?", 40, 900.0, 1));
        held.statements.push(statement("select a from b where c = ?", 400, 150.0, 1));
        // A report that somebody ran once.
        held.statements.push(statement("select sum(a) from b", 2, 9_000.0, 1));
    });
    let found = findings(&CHECK, &facts);
    let told: Vec<_> = found.iter().map(|finding| (finding.severity, finding.subject.as_str())).collect();
    assert_eq!(
        told,
        [
            (Severity::Medium, "select a from b where c = ?"),
            (Severity::High, "select * from notes where text = ? limit ?")
        ]
    );
}

#[test]
fn lists_without_an_end_are_told() {
    let facts = with(|held| held.statements.push(statement("select * from boards", 300, 40.0, 4_000)));
    assert!(findings(&CHECK, &facts)[0].says.contains("4000 rows"));
    let limited = with(|held| held.statements.push(statement("select * from boards limit ?", 300, 40.0, 4_000)));
    assert_eq!(status(&CHECK, &limited), Status::Pass);
}

#[test]
fn a_log_with_times_stands_in_for_counters() {
    let mut facts = blank();
    let line = |at: usize| {
        format!(
            "2026-11-21 08:00:0{at}.000 UTC [7] LOG:  duration: 812.0 ms  statement: SELECT * FROM notes WHERE a = {at}\n"
        )
    };
    facts.queries = Some(seen(read(&(0..6).map(line).collect::<String>())));
    assert_eq!(findings(&CHECK, &facts)[0].subject, "select * from notes where a = ?");
    assert!(!findings(&CHECK, &facts)[0].evidence.concat().contains("= 5"));
}

#[test]
fn what_nobody_counts_is_not_judged() {
    assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
    let mut facts = with(|held| {
        held.statements.clear();
        let unseen = Unseen {
            what: "statements".to_owned(),
            why: Why::NotAnswered,
            says: "off".to_owned(),
            way: "on".to_owned(),
        };
        held.unseen.insert(DatabasePart::Statements, unseen);
    });
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    facts.queries = Some(seen(read("prisma:query SELECT * FROM notes WHERE a = $1\n")));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    facts.database = Some(Fact::Unseen(Unseen {
        what: "x".to_owned(),
        why: Why::Refused,
        says: "x".to_owned(),
        way: "x".to_owned(),
    }));
    assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
}
