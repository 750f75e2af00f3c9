//! db.missing_indexes: the columns that queries search by have an index.

use crate::check::{Check, Concern, Finding, Need, Verdict};
use crate::facts::{DatabasePart, DatabaseSeen, ForeignKey, Index};
use crate::read::query::known::waiting;
use crate::{Case, Unseen};
use findings::{double, missing, unused};

/// db.missing_indexes.
pub static CHECK: Check = Check {
    id: "db.missing_indexes",
    title: "The columns that queries search by have an index",
    why: "Lists of what belongs to a customer, and deleting that customer, search by these columns; without an index both read whole tables. Indexes that nobody needs slow every write instead.",
    needs: &[Need::Db],
    concern: Concern::Speed,
    covers: "Columns that point to another table (foreign keys) of tables with 1,000 rows or more; indexes that another one replaces; indexes of 1 MB or more that were not used in seven days.",
    ask: None,
    refs: &[
        "postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
        "sqlite.org/foreignkeys.html#fk_indexes",
    ],
    judge,
};

/// Rows below which a table is read as fast without an index.
const SMALL: u64 = 1_000;
/// Bytes from which an index that nobody uses matters.
const HEAVY: u64 = 1024 * 1024;
/// Days after which no use means that nobody uses it.
const WEEK: i64 = 7;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let seen = case.database()?;
    let mut unseen = waiting(case, DatabasePart::ForeignKeys);
    unseen.extend(waiting(case, DatabasePart::Indexes));
    // Without their rows no table counts as large.
    unseen.extend(waiting(case, DatabasePart::Tables));
    if !unseen.is_empty() && seen.indexes.is_empty() {
        return Err(unseen.remove(0));
    }
    let rows = |name: &str| seen.tables.iter().find(|table| table.name == name).map_or(0, |table| table.rows);
    let mut findings = vec![];
    let mut small = 0;
    for key in seen.foreign_keys.iter().filter(|key| !served(key, &seen.indexes)) {
        match rows(&key.table) {
            rows if rows < SMALL => small += 1,
            rows => findings.push(missing(key, rows, seen.kind)),
        }
    }
    for index in seen.indexes.iter().filter(|index| index.plain && !index.guards) {
        if let Some(other) = seen.indexes.iter().find(|other| replaces(other, index)) {
            findings.push(double(index, other, seen.kind));
        }
    }
    let days = seen.since.map(|since| case.now.duration_since(since).as_hours() / 24);
    if days.is_some_and(|days| days >= WEEK) {
        let idle = |index: &&Index| {
            index.uses == Some(0) && !index.guards && index.bytes >= HEAVY && !serves_a_key(index, seen)
        };
        let told: Vec<&String> = findings.iter().map(|finding: &Finding| &finding.subject).collect();
        let idle: Vec<Finding> = seen
            .indexes
            .iter()
            .filter(idle)
            .filter(|index| !told.contains(&&index.name))
            .map(|index| unused(index, days.unwrap_or(0), seen.kind))
            .collect();
        findings.extend(idle);
    }
    let mut proof = vec![format!(
        "{} foreign keys, {} indexes, {} tables",
        seen.foreign_keys.len(),
        seen.indexes.len(),
        seen.tables.len()
    )];
    if small > 0 {
        proof.push(format!("{small} foreign keys without an index stand in tables of less than {SMALL} rows"));
    }
    match days {
        Some(days) if days >= WEEK => proof.push(format!("the counters are {days} days old")),
        _ => proof.push(format!("whether indexes are used is told once the counters are {WEEK} days old")),
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

/// Whether an index begins with the columns of a key, in any order.
fn leads(index: &Index, columns: &[String]) -> bool {
    let first = index.columns.iter().take(columns.len());
    index.whole && index.columns.len() >= columns.len() && first.into_iter().all(|column| columns.contains(column))
}

fn served(key: &ForeignKey, indexes: &[Index]) -> bool {
    indexes.iter().any(|index| index.table == key.table && leads(index, &key.columns))
}

fn serves_a_key(index: &Index, seen: &DatabaseSeen) -> bool {
    seen.foreign_keys.iter().any(|key| key.table == index.table && leads(index, &key.columns))
}

/// Whether whatever one index does, the other does too: the same columns (of two alike the later name goes), or more behind them.
fn replaces(other: &Index, index: &Index) -> bool {
    let same = other.columns == index.columns;
    other.plain
        && other.table == index.table
        && other.name != index.name
        && !index.columns.is_empty()
        && other.columns.starts_with(&index.columns)
        // A longer one is larger to search; that is only worth it where the short one weighs something.
        && (same && (other.guards || other.name < index.name) || !same && index.bytes >= HEAVY)
}

#[path = "missing_indexes_findings.rs"]
mod findings;
#[cfg(test)]
#[path = "missing_indexes_tests.rs"]
mod tests;
