//! db.slow_queries: no query keeps people waiting.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{DatabaseKind, DatabasePart, Statement};
use crate::read::query::known::{Known, known, waiting};
use crate::{Case, Unseen, Why};
use std::collections::BTreeSet;

/// db.slow_queries.
pub static CHECK: Check = Check {
    id: "db.slow_queries",
    title: "No query keeps people waiting",
    why: "A page is never faster than its slowest query, and the query gets slower with every customer who joins.",
    needs: &[Need::Db, Need::Log],
    concern: Concern::Speed,
    covers: "Statements by their mean time and the rows that they hand over, as the database counted them or a query log tells; asked five times or more.",
    ask: None,
    refs: &["postgresql.org/docs/current/pgstatstatements.html", "dev.mysql.com/doc/refman/8.4/en/slow-query-log.html"],
    judge,
};

/// A statement that came less often says little of what people feel.
const OFTEN: u64 = 5;
/// A mean from which people notice, and from which they wait, milliseconds (nngroup.com/articles/response-times-3-important-limits).
const NOTICED: f64 = 100.0;
const WAITED: f64 = 500.0;
/// Rows for each call that no page shows.
const MANY: u64 = 1_000;
/// Findings of each kind; the dearest come first.
const MOST: usize = 10;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let Known { statements, kind, .. } = known(case)?;
    let mut unseen = waiting(case, DatabasePart::Statements);
    if statements.iter().all(|statement| statement.timed == 0) {
        let why = unseen.pop().unwrap_or_else(|| Unseen {
            what: "times of queries".to_owned(),
            why: Why::TooFew,
            says: "no query that was seen tells how long it took".to_owned(),
            way: "name a database that counts, or a log with times (PostgreSQL: log_min_duration_statement = 0)"
                .to_owned(),
        });
        return Err(why);
    }
    // What the log tells with times stands in for what the database does not count.
    unseen.clear();
    let often = || statements.iter().filter(|statement| statement.calls >= OFTEN);
    let mut slow: Vec<&Statement> = often().filter(|statement| mean(statement) >= NOTICED).collect();
    slow.sort_by(|one, other| other.total_ms.total_cmp(&one.total_ms));
    let mut endless: Vec<&Statement> = often().filter(|statement| endless(statement)).collect();
    endless.sort_by_key(|statement| std::cmp::Reverse(statement.rows));
    let mut told = BTreeSet::new();
    let mut findings: Vec<Finding> = slow
        .into_iter()
        .filter(|statement| told.insert(&statement.shape))
        .take(MOST)
        .map(|statement| finding(statement, kind))
        .collect();
    findings.extend(endless.into_iter().filter(|statement| told.insert(&statement.shape)).take(MOST).map(unlimited));
    let dearest = statements.iter().max_by(|one, other| mean(one).total_cmp(&mean(other)));
    let mut proof = vec![format!("{} kinds of statements were seen", statements.len())];
    proof.extend(dearest.map(|statement| {
        format!("slowest on average: {:.1} ms, {} calls: {}", mean(statement), statement.calls, statement.shape)
    }));
    Ok(Verdict::judged(proof, findings, unseen))
}

fn mean(statement: &Statement) -> f64 {
    if statement.timed == 0 { 0.0 } else { statement.total_ms / statement.timed as f64 }
}

/// Whether a statement hands over everything there is.
fn endless(statement: &Statement) -> bool {
    let limited = [" limit ", " fetch first ", " top "].iter().any(|word| statement.shape.contains(word));
    statement.shape.starts_with("select ")
        && !limited
        && statement.rows.is_some_and(|rows| rows / statement.calls.max(1) >= MANY)
}

fn finding(statement: &Statement, kind: Option<DatabaseKind>) -> Finding {
    let mean = mean(statement);
    let waits = mean >= WAITED;
    let analyse = match kind {
        Some(DatabaseKind::Sqlite) => "EXPLAIN QUERY PLAN",
        Some(DatabaseKind::MariaDb) => "ANALYZE",
        Some(DatabaseKind::MySql) => "EXPLAIN ANALYZE",
        Some(DatabaseKind::Postgres) | None => "EXPLAIN (ANALYZE, BUFFERS)",
    };
    Finding {
        subject: statement.shape.clone(),
        grade: if waits { Grade::Fail } else { Grade::Warn },
        severity: if waits { Severity::High } else { Severity::Medium },
        says: format!("This query takes {mean:.0} ms on average, and was asked {} times; whoever needs it waits that long.", statement.calls),
        evidence: vec![
            statement.shape.clone(),
            format!("{} calls, mean {mean:.1} ms, longest {:.1} ms, {:.1} s in all", statement.calls, statement.max_ms, statement.total_ms / 1_000.0),
        ],
        fix: Fix {
            says: "Ask the database how it carries the query out, with real values in place of each question mark; where it reads a large table row by row, make an index for the columns behind WHERE.".to_owned(),
            paste: Some(format!("{analyse} <the query with real values: {}>", statement.shape)),
            minutes: 60,
            after: vec![],
        },
    }
}

fn unlimited(statement: &Statement) -> Finding {
    let each = statement.rows.unwrap_or(0) / statement.calls.max(1);
    Finding {
        subject: statement.shape.clone(),
        grade: Grade::Warn,
        severity: Severity::Medium,
        says: format!(
            "This query hands over {each} rows each time and has no LIMIT; it grows with the product until pages break."
        ),
        evidence: vec![
            statement.shape.clone(),
            format!("{} calls, {} rows in all", statement.calls, statement.rows.unwrap_or(0)),
        ],
        fix: Fix {
            says: "Ask for one page of rows, and for the next page by the last row that was shown.".to_owned(),
            paste: Some(format!("{} <ORDER BY the key> LIMIT 50", statement.shape)),
            minutes: 60,
            after: vec![],
        },
    }
}

#[cfg(test)]
#[path = "slow_queries_tests.rs"]
pub(in crate::checks) mod tests;
