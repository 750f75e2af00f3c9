//! What db.missing_indexes says of each lack and each index too many.

use crate::check::{Finding, Fix, Grade, Severity};
use crate::facts::{DatabaseKind, ForeignKey, Index};
use crate::read::query::search::{create_index, quoted};

/// Rows from which the lack is felt, and from which it hurts.
const LARGE: u64 = 10_000;
const HUGE: u64 = 100_000;

pub(super) fn missing(key: &ForeignKey, rows: u64, kind: DatabaseKind) -> Finding {
    let columns = key.columns.join(", ");
    let (grade, severity) = match rows {
        HUGE.. => (Grade::Fail, Severity::High),
        LARGE.. => (Grade::Warn, Severity::Medium),
        _ => (Grade::Warn, Severity::Low),
    };
    Finding {
        subject: format!("{} ({columns})", key.table),
        grade,
        severity,
        says: format!(
            "Nothing helps to find the rows of {} that belong to a row of {}: {columns} has no index, and {rows} rows are read each time.",
            key.table, key.to
        ),
        evidence: vec![format!("{} ({columns}) points to {}, {rows} rows, no index begins with it", key.table, key.to)],
        fix: Fix {
            says: "Make the index; it is built while the product runs.".to_owned(),
            paste: Some(create_index(Some(kind), &key.table, &key.columns)),
            minutes: 15,
            after: vec![],
        },
    }
}

fn drop_index(index: &Index, kind: DatabaseKind) -> String {
    let schema =
        index.table.rsplit_once('.').map_or(String::new(), |(schema, _)| format!("{}.", quoted(Some(kind), schema)));
    let name = format!("{schema}{}", quoted(Some(kind), &index.name));
    match kind {
        DatabaseKind::Postgres => format!("DROP INDEX CONCURRENTLY {name};"),
        DatabaseKind::MariaDb | DatabaseKind::MySql => {
            format!("DROP INDEX {} ON {};", quoted(Some(kind), &index.name), quoted(Some(kind), &index.table))
        }
        DatabaseKind::Sqlite => format!("DROP INDEX {};", quoted(Some(kind), &index.name)),
    }
}

fn needless(index: &Index, says: String, evidence: String, fix: &str, kind: DatabaseKind) -> Finding {
    Finding {
        subject: index.name.clone(),
        grade: Grade::Warn,
        severity: Severity::Low,
        says,
        evidence: vec![evidence],
        fix: Fix { says: fix.to_owned(), paste: Some(drop_index(index, kind)), minutes: 15, after: vec![] },
    }
}

pub(super) fn double(index: &Index, other: &Index, kind: DatabaseKind) -> Finding {
    needless(
        index,
        format!(
            "The index {} does nothing that {} does not do as well; each write to {} pays for both.",
            index.name, other.name, index.table
        ),
        format!("{} ({}) and {} ({})", index.name, index.columns.join(", "), other.name, other.columns.join(", ")),
        "Drop the index that the other one replaces.",
        kind,
    )
}

pub(super) fn unused(index: &Index, days: i64, kind: DatabaseKind) -> Finding {
    needless(
        index,
        format!(
            "The index {} was not used once in {days} days; each write to {} pays for it.",
            index.name, index.table
        ),
        format!("{} on {} ({}), {} bytes, no use", index.name, index.table, index.columns.join(", "), index.bytes),
        "Ask whether a copy of the database for reading, or a job that runs once a month, needs it; drop it where none does.",
        kind,
    )
}
