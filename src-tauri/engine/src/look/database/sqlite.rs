//! SQLite: the file is opened for reading only, and nothing is written beside it.

use super::ask::{row, rows};
use super::mysql::{Part, indexes, keys};
use super::unseen;
use audit::Why;
use audit::facts::{DatabaseKind, DatabasePart, DatabaseSeen, Plan, QueriesSeen, Query, Table};
use audit::read::text::clean;
use futures::TryStreamExt;
use serde::Deserialize;
use sqlx::sqlite::{Sqlite, SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection, Error, Row};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

const ABOUT: &str = include_str!("sqlite/about.sql");
const TABLES: &str = include_str!("sqlite/tables.sql");
const ROWS: &str = include_str!("sqlite/rows.sql");
const FOREIGN_KEYS: &str = include_str!("sqlite/foreign_keys.sql");
const INDEXES: &str = include_str!("sqlite/indexes.sql");
const PRIMARY: &str = include_str!("sqlite/primary.sql");

/// Statements of the log that are planned.
const PLANS: usize = 100;

#[derive(Deserialize)]
struct About {
    version: String,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    analysed: u8,
}

#[derive(Deserialize)]
struct Counted {
    name: String,
    rows: u64,
}

pub(super) async fn look(file: &Path, log: Option<&QueriesSeen>) -> Result<DatabaseSeen, Error> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .create_if_missing(false)
        .busy_timeout(Duration::from_secs(1));
    // A journal beside the file means that it may change while it is read: SQLite's own locks then keep the reading whole. Without one the
    // file is taken as it stands, and no file is made beside it.
    let options = options.immutable(!journalled(file)).pragma("query_only", "1");
    let mut link = options.disable_statement_logging().connect().await?;
    let about: About = row::<Sqlite, _>(&mut link, ABOUT).await?;
    let named: Vec<Named> = rows::<Sqlite, _>(&mut link, TABLES).await?;
    let mut missed = BTreeMap::new();
    let counted: Vec<Counted> = match named.iter().any(|table| table.analysed > 0) {
        true => rows::<Sqlite, _>(&mut link, ROWS).await.unwrap_or_default(),
        false => vec![],
    };
    if counted.is_empty() && !named.is_empty() {
        let way = "run ANALYZE in the database once; it keeps how many rows each table has";
        missed.insert(
            DatabasePart::Tables,
            unseen("rows of tables", Why::NotAnswered, "the database does not know how many rows its tables have", way),
        );
    }
    let tables: Vec<Table> = named
        .into_iter()
        .map(|Named { name, .. }| {
            let rows = counted.iter().find(|counted| counted.name == name).map_or(0, |counted| counted.rows);
            Table { name, rows, tidied: true, ..Table::default() }
        })
        .collect();
    let foreign_keys = keys(rows::<Sqlite, Part>(&mut link, FOREIGN_KEYS).await?);
    let mut found = indexes(rows::<Sqlite, Part>(&mut link, INDEXES).await?);
    found.extend(indexes(rows::<Sqlite, Part>(&mut link, PRIMARY).await?));
    let mut plans = vec![];
    for query in log.iter().flat_map(|log| &log.top).filter(|query| can_be_planned(query)).take(PLANS) {
        // A statement for another database, or for a table that is gone, has no plan here.
        plans.extend(plan(&mut link, query, &tables).await.ok());
    }
    let what = "times of queries";
    missed.insert(
        DatabasePart::Statements,
        unseen(
            what,
            Why::NotAnswered,
            "SQLite counts nothing",
            "name a log of the product's queries with times by --log",
        ),
    );
    if log.is_none() {
        missed.insert(
            DatabasePart::Use,
            unseen("plans of queries", Why::NotAnswered, "no log of queries was named", "name one by --log"),
        );
    }
    drop(link.close().await);
    Ok(DatabaseSeen {
        kind: DatabaseKind::Sqlite,
        version: clean(&about.version, 60),
        mighty: false,
        encrypted: None,
        since: None,
        statements: vec![],
        tables,
        foreign_keys,
        indexes: found,
        plans,
        unseen: missed,
    })
}

fn journalled(file: &Path) -> bool {
    ["-wal", "-journal"].iter().any(|ending| {
        let mut beside = file.as_os_str().to_owned();
        beside.push(ending);
        std::fs::metadata(PathBuf::from(beside)).is_ok_and(|kind| kind.len() > 0)
    })
}

/// A shape that reads, whole, and is one statement: values are parameters already.
fn can_be_planned(query: &Query) -> bool {
    let shape = &query.statement.shape;
    shape.starts_with("select ") && !shape.contains([';', '…', '\\'])
}

/// How SQLite would carry out a statement. It is prepared and planned, never run.
async fn plan(link: &mut SqliteConnection, query: &Query, tables: &[Table]) -> Result<Plan, Error> {
    let sql = format!("EXPLAIN QUERY PLAN {}", query.statement.shape);
    // It is one statement, it runs nothing, and the file is open for reading only.
    let sql = sqlx::AssertSqlSafe(sql);
    let mut scans = BTreeSet::new();
    {
        let mut steps = sqlx::query(sql).fetch(&mut *link);
        while let Some(step) = steps.try_next().await? {
            let detail: String = step.try_get("detail")?;
            // "SCAN boards", "SCAN boards AS b" or "SCAN TABLE boards" (before 3.36); "USING" an index reads that in its place.
            let Some(rest) = detail.strip_prefix("SCAN ") else { continue };
            let name = rest.strip_prefix("TABLE ").unwrap_or(rest).split(' ').next().unwrap_or_default();
            let known = tables.iter().find(|table| table.name.eq_ignore_ascii_case(name));
            if let Some(table) = known.filter(|_| !rest.contains(" USING ")) {
                scans.insert(table.name.clone());
            }
        }
    }
    Ok(Plan { shape: query.statement.shape.clone(), calls: query.statement.calls, scans: scans.into_iter().collect() })
}
