//! PostgreSQL: one read-only transaction a question, so that a pooler between us and the server keeps them together.

mod plans;

use super::ask::{self, row, rows, tell};
use super::{Counted, statements, unseen};
use audit::Why;
use audit::facts::{DatabaseKind, DatabasePart, DatabaseSeen, ForeignKey, Index, Table};
use audit::read::query::Dialect;
use audit::read::text::clean;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sqlx::postgres::{PgConnectOptions, PgConnection, Postgres};
use sqlx::{ConnectOptions, Connection, Error};
use std::collections::BTreeMap;
use std::time::Duration;

const BEGIN: &str = include_str!("postgres/begin.sql");
const END: &str = "ROLLBACK";
const ABOUT: &str = include_str!("postgres/about.sql");
const STATEMENTS: &str = include_str!("postgres/statements.sql");
const STATEMENTS_BEFORE_13: &str = include_str!("postgres/statements_before_13.sql");
const TABLES: &str = include_str!("postgres/tables.sql");
const FOREIGN_KEYS: &str = include_str!("postgres/foreign_keys.sql");
const INDEXES: &str = include_str!("postgres/indexes.sql");

/// How statements are counted, for whoever does not count them yet.
const COUNTING: &str = "put pg_stat_statements into shared_preload_libraries (most hosts have a switch for it), then run CREATE EXTENSION pg_stat_statements; and let the role see all: GRANT pg_read_all_stats TO the role";

#[derive(Deserialize)]
struct About {
    version: String,
    mighty: Option<bool>,
    encrypted: Option<bool>,
    since: Option<Timestamp>,
    /// The version of pg_stat_statements, where it is there.
    counts: Option<String>,
}

/// Asks a question in a transaction of its own.
async fn answer<T: DeserializeOwned>(link: &mut PgConnection, sql: &'static str) -> Result<Vec<T>, Error> {
    tell::<Postgres>(link, BEGIN).await?;
    let found = rows::<Postgres, T>(link, sql).await;
    tell::<Postgres>(link, END).await?;
    found
}

pub(super) async fn look(options: &PgConnectOptions, within: Duration) -> Result<DatabaseSeen, Error> {
    let mut link = ask::connected(options.clone().disable_statement_logging(), within).await?;
    tell::<Postgres>(&mut link, BEGIN).await?;
    let about: About = row::<Postgres, _>(&mut link, ABOUT).await?;
    tell::<Postgres>(&mut link, END).await?;
    let mut missed = BTreeMap::new();
    let mut part = |part: DatabasePart, what: &str, error: &Error| {
        let told = ask::trouble(error).of(what);
        missed.insert(part, told);
    };
    let tables: Vec<Table> = answer(&mut link, TABLES).await.unwrap_or_else(|error| {
        part(DatabasePart::Tables, "how tables are read", &error);
        vec![]
    });
    let foreign_keys: Vec<ForeignKey> = answer(&mut link, FOREIGN_KEYS).await.unwrap_or_else(|error| {
        part(DatabasePart::ForeignKeys, "foreign keys", &error);
        vec![]
    });
    let indexes: Vec<Index> = answer(&mut link, INDEXES).await.unwrap_or_else(|error| {
        part(DatabasePart::Indexes, "indexes", &error);
        vec![]
    });
    let what = "times of queries";
    let mut planned = vec![];
    let counted = match about.counts.as_deref() {
        None => Err(unseen(
            what,
            Why::NotAnswered,
            "the database does not count its statements (pg_stat_statements is off)",
            COUNTING,
        )),
        Some(version) => {
            let sql = if before_13(version) { STATEMENTS_BEFORE_13 } else { STATEMENTS };
            match answer::<Counted>(&mut link, sql).await {
                Ok(counted) => {
                    let (wanted, left_out) = plans::wanted(&counted, about.mighty.unwrap_or(true));
                    let (plans, unplanned) = plans::plans(&mut link, (&wanted, left_out), &tables).await?;
                    planned = plans;
                    missed.extend(unplanned.map(|unseen| (DatabasePart::Plans, unseen)));
                    statements(counted, Dialect::Postgres).map_err(|says| unseen(what, Why::Refused, says, COUNTING))
                }
                Err(error) => Err(audit::Unseen { way: COUNTING.to_owned(), ..ask::trouble(&error).of(what) }),
            }
        }
    };
    drop(link.close().await);
    let counted = counted.unwrap_or_else(|unseen| {
        missed.insert(DatabasePart::Statements, unseen);
        vec![]
    });
    Ok(DatabaseSeen {
        kind: DatabaseKind::Postgres,
        version: clean(&about.version, 60),
        mighty: about.mighty.unwrap_or(false),
        encrypted: about.encrypted,
        since: about.since,
        statements: counted,
        tables,
        foreign_keys,
        indexes,
        plans: planned,
        unseen: missed,
    })
}

/// Whether the columns still have their old names: extension versions below 1.8 (PostgreSQL 13).
fn before_13(version: &str) -> bool {
    let minor = version.strip_prefix("1.").and_then(|minor| minor.parse::<u32>().ok());
    minor.is_some_and(|minor| minor < 8)
}
