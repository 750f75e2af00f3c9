//! What db.table_scans says of each table that is read whole.

use crate::check::{Finding, Fix, Grade, Severity};
use crate::facts::{DatabaseKind, Index, Plan, Statement, Table};
use crate::read::query::search::{create_index, quoted, search};

/// Rows from which reading all of them hurts.
const HUGE: u64 = 100_000;

fn grade(rows: u64) -> (Grade, Severity) {
    if rows >= HUGE { (Grade::Fail, Severity::High) } else { (Grade::Warn, Severity::Medium) }
}

/// The index for the dearest statement that searches a table by a column that no index begins with.
fn index_for(
    table: &str,
    statements: &[Statement],
    held: &[Index],
    kind: Option<DatabaseKind>,
) -> Option<(String, String)> {
    let served = |column: &String| {
        held.iter().any(|index| index.table == table && index.whole && index.columns.first() == Some(column))
    };
    let columns = |statement: &Statement| {
        let found = search(&statement.shape).filter(|found| found.table == table)?;
        (!found.equals.iter().chain(&found.range).any(served)).then(|| found.columns())
    };
    let open = statements.iter().filter_map(|statement| Some((statement, columns(statement)?)));
    let (dearest, columns) = open.max_by(|(one, _), (other, _)| one.total_ms.total_cmp(&other.total_ms))?;
    Some((dearest.shape.clone(), create_index(kind, table, &columns)))
}

fn indexing(index: Option<(String, String)>, table: &str) -> (Fix, Option<String>) {
    let (shape, paste) = index.unzip();
    let says = match &shape {
        Some(_) => format!("Make an index for the query that reads {table} most; it is built while the product runs."),
        None => format!(
            "Find the query that reads {table} (pg_stat_statements, or a slow log), and make an index for the columns behind its WHERE."
        ),
    };
    (Fix { says, paste, minutes: 30, after: vec![] }, shape)
}

pub(super) fn scanned(
    table: &Table,
    (statements, plans): (&[Statement], &[Plan]),
    held: &[Index],
    kind: Option<DatabaseKind>,
) -> Finding {
    let (grade, severity) = grade(table.rows);
    let scans = table.scans.unwrap_or(0);
    let (fix, shape) = indexing(index_for(&table.name, statements, held, kind), &table.name);
    let mut evidence = vec![format!(
        "{}: {} rows, read whole {scans} times ({} rows in all), by an index {} times",
        table.name, table.rows, table.scanned, table.lookups
    )];
    evidence.extend(shape);
    let by_plan = plans.iter().filter(|plan| plan.scans.contains(&table.name)).max_by_key(|plan| plan.calls);
    evidence
        .extend(by_plan.map(|plan| format!("by its plan this reads all of it: {} ({} calls)", plan.shape, plan.calls)));
    Finding {
        subject: table.name.clone(),
        grade,
        severity,
        says: format!(
            "The table {} has {} rows and was read from the first to the last {scans} times.",
            table.name, table.rows
        ),
        evidence,
        fix,
    }
}

pub(super) fn planned(table: &Table, plan: &Plan, kind: Option<DatabaseKind>) -> Finding {
    let (grade, severity) = grade(table.rows);
    let paste = search(&plan.shape)
        .filter(|found| found.table == table.name)
        .map(|found| create_index(kind, &table.name, &found.columns()));
    let (fix, _) = indexing(paste.map(|paste| (plan.shape.clone(), paste)), &table.name);
    Finding {
        subject: table.name.clone(),
        grade,
        severity,
        says: format!(
            "A query of the product reads all {} rows of the table {}; {} {} times.",
            table.rows,
            table.name,
            if kind == Some(DatabaseKind::Sqlite) { "the log holds it" } else { "it was carried out" },
            plan.calls
        ),
        evidence: vec![plan.shape.clone(), format!("SCAN {}", table.name)],
        fix,
    }
}

pub(super) fn wasted(statement: &Statement, table: String, kind: Option<DatabaseKind>) -> Finding {
    let each = statement.examined.unwrap_or(0) / statement.calls.max(1);
    let (grade, severity) = grade(each);
    let index =
        search(&statement.shape).map(|found| (statement.shape.clone(), create_index(kind, &table, &found.columns())));
    let (fix, _) = indexing(index, &table);
    Finding {
        subject: table,
        grade,
        severity,
        says: format!(
            "A query reads {each} rows each time to hand over {}.",
            statement.rows.unwrap_or(0) / statement.calls.max(1)
        ),
        evidence: vec![
            statement.shape.clone(),
            format!("{} calls, {} rows read in all", statement.calls, statement.examined.unwrap_or(0)),
        ],
        fix,
    }
}

pub(super) fn dead(table: &Table) -> Finding {
    Finding {
        subject: format!("{} (deleted rows)", table.name),
        grade: Grade::Warn,
        severity: Severity::Low,
        says: format!("The table {} drags {} deleted rows along beside {} living ones; every reading of it takes longer.", table.name, table.dead, table.rows),
        evidence: vec![format!("{}: {} dead rows, {}", table.name, table.dead, if table.tidied { "tidied up before" } else { "never tidied up" })],
        fix: Fix {
            says: "Tidy the table up once, then find what keeps autovacuum from it: a transaction that stays open for hours, or settings that make it wait.".to_owned(),
            paste: Some(format!("VACUUM (ANALYZE) {};", quoted(Some(DatabaseKind::Postgres), &table.name))),
            minutes: 30,
            after: vec![],
        },
    }
}
