//! db.table_scans: large tables are not read row by row for each request.

use crate::check::{Check, Concern, Need, Verdict};
use crate::facts::{DatabaseKind, DatabasePart, Statement, Table};
use crate::read::query::known::{Known, known, waiting};
use crate::read::query::search::search;
use crate::{Case, Unseen};
use findings::{dead, planned, scanned, wasted};
use std::collections::BTreeSet;

/// db.table_scans.
pub static CHECK: Check = Check {
    id: "db.table_scans",
    title: "Large tables are not read row by row for each request",
    why: "Reading a whole table to find a few rows is quick with the first hundred customers and stops the product with the next ten thousand.",
    needs: &[Need::Db],
    concern: Concern::Speed,
    covers: "Tables of 10,000 rows or more that are read from the first row to the last again and again, by the database's counters, its plans, or the rows that a slow log counts; rows that are deleted and still in the way.",
    ask: None,
    refs: &[
        "postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-TABLES-VIEW",
        "sqlite.org/eqp.html",
    ],
    judge,
};

/// Rows from which reading all of them is felt.
const LARGE: u64 = 10_000;
/// Fewer readings are a backup or somebody's own question; so are less than these in a day.
const OFTEN: u64 = 50;
const A_DAY: u64 = 10;
/// Calls from which a statement counts as asked again and again.
const ASKED: u64 = 5;
/// Rows read for each that is handed over.
const WASTE: u64 = 100;
/// Deleted rows that are in the way, and their share of the table in percent (autovacuum begins at 20).
const DEAD: u64 = 10_000;
const DEAD_SHARE: u64 = 30;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let Known { statements, kind, .. } = known(case)?;
    let (mut proof, mut findings, mut told) = (vec![], vec![], BTreeSet::new());
    let mut unseen = waiting(case, DatabasePart::Tables);
    unseen.extend(waiting(case, DatabasePart::Use));
    if let Ok(seen) = case.database() {
        let days = seen.since.map(|since| (case.now.duration_since(since).as_hours() / 24).max(0).unsigned_abs() + 1);
        for table in seen.tables.iter().filter(|table| again(table, days)) {
            told.insert(table.name.clone());
            findings.push(scanned(table, (&statements, &seen.plans), &seen.indexes, kind));
        }
        findings.extend(seen.tables.iter().filter(|table| crowded(table)).map(dead));
        // A log that is given on purpose holds few; what a database counts holds somebody's single question too.
        let least = if kind == Some(DatabaseKind::Sqlite) { 0 } else { ASKED };
        for plan in seen.plans.iter().filter(|plan| plan.calls >= least) {
            for table in seen.tables.iter().filter(|table| table.rows >= LARGE && plan.scans.contains(&table.name)) {
                if told.insert(table.name.clone()) {
                    findings.push(planned(table, plan, kind));
                }
            }
        }
        let counted = seen.tables.iter().filter(|table| table.scans.is_some()).count();
        let large = seen.tables.iter().filter(|table| table.rows >= LARGE).count();
        proof.push(format!(
            "{} tables, {large} of them large, {counted} with counters, {} plans",
            seen.tables.len(),
            seen.plans.len()
        ));
        // Where readings are counted, plans only name the statement behind them.
        let unplanned = waiting(case, DatabasePart::Plans).into_iter();
        proof.extend(unplanned.map(|unseen| format!("{}: {}; {}", unseen.what, unseen.says, unseen.way)));
        proof.extend(seen.since.map(|since| format!("the counters began on {}", since.strftime("%-d %B %Y"))));
        if seen.mighty {
            proof.push(
                "the role that looked could do more than look; one with pg_monitor, or SELECT alone, is enough"
                    .to_owned(),
            );
        }
    }
    for statement in statements.iter().filter(|statement| wasteful(statement)) {
        let table = search(&statement.shape).map_or_else(|| statement.shape.clone(), |found| found.table);
        if told.insert(table.clone()) {
            findings.push(wasted(statement, table, kind));
        }
    }
    let examined = statements.iter().any(|statement| statement.examined.is_some());
    if proof.is_empty() && !examined {
        // A log without counts of rows says nothing of this.
        return Err(case.database().err().unwrap_or_else(|| unseen.remove(0)));
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

fn again(table: &Table, days: Option<u64>) -> bool {
    let scans = table.scans.unwrap_or(0);
    let daily = days.is_none_or(|days| scans / days >= A_DAY);
    table.rows >= LARGE && scans >= OFTEN && daily && table.scanned / scans.max(1) >= table.rows / 4
}

fn crowded(table: &Table) -> bool {
    table.dead >= DEAD && table.dead / DEAD_SHARE >= table.rows.saturating_add(table.dead) / 100
}

fn wasteful(statement: &Statement) -> bool {
    let (Some(examined), calls) = (statement.examined, statement.calls.max(1)) else { return false };
    // An import or a report that ran once is nobody's request.
    let asked = statement.calls >= ASKED && !statement.shape.starts_with("insert ");
    let given = statement.rows.unwrap_or(0).max(calls);
    asked && examined / calls >= LARGE && examined / given >= WASTE
}

#[path = "table_scans_findings.rs"]
mod findings;
#[cfg(test)]
#[path = "table_scans_tests.rs"]
mod tests;
