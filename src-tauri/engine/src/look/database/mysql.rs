//! MariaDB and MySQL. The driver is built without RSA (RUSTSEC-2023-0071 has no fix): a password that MySQL asks for by `sha256_password` or
//! an empty cache of `caching_sha2_password` goes over an encrypted connection or not at all.

mod plans;

use super::ask::{self, row, rows, tell};
use super::{Counted, statements, unseen};
use audit::Why;
use audit::facts::{DatabaseKind, DatabasePart, DatabaseSeen, ForeignKey, Index, Table};
use audit::read::query::Dialect;
use audit::read::text::clean;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Deserializer};
use sqlx::mysql::{MySql, MySqlConnectOptions};
use sqlx::{ConnectOptions, Connection, Error};
use std::collections::BTreeMap;
use std::time::Duration;

const BEGIN: &str = include_str!("mysql/begin.sql");
const LIMIT_MARIADB: &str = include_str!("mysql/limit_mariadb.sql");
const LIMIT_MYSQL: &str = include_str!("mysql/limit_mysql.sql");
const ABOUT: &str = include_str!("mysql/about.sql");
const UPTIME: &str = include_str!("mysql/uptime.sql");
const ENCRYPTED: &str = include_str!("mysql/encrypted.sql");
const STATEMENTS: &str = include_str!("mysql/statements.sql");
const TABLES: &str = include_str!("mysql/tables.sql");
const FOREIGN_KEYS: &str = include_str!("mysql/foreign_keys.sql");
const INDEXES: &str = include_str!("mysql/indexes.sql");
const USE: &str = include_str!("mysql/use.sql");

/// How statements are counted, for whoever does not count them yet.
const COUNTING: &str = "set performance_schema = ON in the server's settings and restart it, then GRANT SELECT ON performance_schema.* to the user; or name a slow log by --log";

#[derive(Deserialize)]
struct About {
    version: String,
    #[serde(deserialize_with = "flag")]
    mighty: bool,
    #[serde(deserialize_with = "flag")]
    counts: bool,
}

#[derive(Deserialize)]
struct Sized {
    name: String,
    rows: u64,
    bytes: u64,
}

/// A column of a foreign key or an index; rows of one follow one another.
#[derive(Deserialize)]
pub(super) struct Part {
    #[serde(default)]
    key: serde_json::Value,
    table: String,
    #[serde(default)]
    name: String,
    column: String,
    #[serde(default)]
    to: String,
    #[serde(default, deserialize_with = "flag")]
    guards: bool,
    #[serde(default, deserialize_with = "flag")]
    plain: bool,
    #[serde(default = "yes", deserialize_with = "flag")]
    whole: bool,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
struct Used {
    table: String,
    /// None for rows that were read without any.
    name: Option<String>,
    reads: u64,
}

#[derive(Deserialize)]
struct Uptime {
    seconds: i64,
}

#[derive(Deserialize)]
struct Cipher {
    cipher: String,
}

/// Truth as MySQL writes it into JSON: 0 and 1, or true and false.
fn flag<'de, D: Deserializer<'de>>(reader: D) -> Result<bool, D::Error> {
    let value = Option::<serde_json::Value>::deserialize(reader)?.unwrap_or_default();
    Ok(value.as_bool().unwrap_or_else(|| value.as_u64().is_some_and(|number| number > 0)))
}

/// Foreign keys from their columns.
pub(super) fn keys(parts: Vec<Part>) -> Vec<ForeignKey> {
    let mut found: Vec<(serde_json::Value, ForeignKey)> = vec![];
    for part in parts {
        match found.last_mut().filter(|(key, held)| *key == part.key && held.table == part.table) {
            Some((_, held)) => held.columns.push(part.column),
            None => found.push((part.key, ForeignKey { table: part.table, columns: vec![part.column], to: part.to })),
        }
    }
    found.into_iter().map(|(_, key)| key).collect()
}

/// Indexes from their columns.
pub(super) fn indexes(parts: Vec<Part>) -> Vec<Index> {
    let mut found: Vec<Index> = vec![];
    for part in parts {
        match found.last_mut().filter(|held| held.name == part.name && held.table == part.table) {
            Some(held) => {
                held.columns.push(part.column);
                held.plain &= part.plain;
            }
            None => found.push(Index {
                table: part.table,
                name: part.name,
                columns: vec![part.column],
                guards: part.guards,
                plain: part.plain,
                whole: part.whole,
                bytes: 0,
                uses: None,
            }),
        }
    }
    found
}

pub(super) async fn look(options: &MySqlConnectOptions, within: Duration) -> Result<DatabaseSeen, Error> {
    let mut link = ask::connected(options.clone().disable_statement_logging(), within).await?;
    tell::<MySql>(&mut link, BEGIN).await?;
    // Each of the two knows one of these settings.
    if tell::<MySql>(&mut link, LIMIT_MARIADB).await.is_err() {
        tell::<MySql>(&mut link, LIMIT_MYSQL).await?;
    }
    let about: About = row::<MySql, _>(&mut link, ABOUT).await?;
    let mut missed = BTreeMap::new();
    let mut part = |part: DatabasePart, what: &str, error: &Error| {
        let told = ask::trouble(error).of(what);
        missed.insert(part, told);
    };
    let sizes: Vec<Sized> = rows::<MySql, _>(&mut link, TABLES).await.unwrap_or_else(|error| {
        part(DatabasePart::Tables, "tables", &error);
        vec![]
    });
    let mut tables: Vec<Table> = sizes
        .into_iter()
        .map(|Sized { name, rows, bytes }| Table { name, rows, bytes, tidied: true, ..Table::default() })
        .collect();
    let foreign_keys = rows::<MySql, _>(&mut link, FOREIGN_KEYS).await.map(keys).unwrap_or_else(|error| {
        part(DatabasePart::ForeignKeys, "foreign keys", &error);
        vec![]
    });
    let mut indexes = rows::<MySql, _>(&mut link, INDEXES).await.map(indexes).unwrap_or_else(|error| {
        part(DatabasePart::Indexes, "indexes", &error);
        vec![]
    });
    let (mut since, mut encrypted, mut counted, mut planned, mut unplanned) = (None, None, vec![], vec![], None);
    let off = |what: &str| {
        unseen(what, Why::NotAnswered, "the database does not count (performance_schema is off)", COUNTING)
    };
    if about.counts {
        let uptime = row::<MySql, Uptime>(&mut link, UPTIME).await.ok();
        since = uptime.and_then(|uptime| Timestamp::now().checked_sub(uptime.seconds.seconds()).ok());
        encrypted = row::<MySql, Cipher>(&mut link, ENCRYPTED).await.ok().map(|told| !told.cipher.is_empty());
        match rows::<MySql, Counted>(&mut link, STATEMENTS).await {
            Ok(rows) => {
                (planned, unplanned) = plans::plans(&mut link, &rows, &tables, about.mighty).await;
                counted = statements(rows, Dialect::Mysql).unwrap_or_default();
            }
            Err(error) => part(DatabasePart::Statements, "times of queries", &error),
        }
        match rows::<MySql, Used>(&mut link, USE).await {
            Ok(used) => join(&mut tables, &mut indexes, used),
            Err(error) => part(DatabasePart::Use, "how tables are read", &error),
        }
    } else {
        missed.insert(DatabasePart::Statements, off("times of queries"));
        missed.insert(DatabasePart::Use, off("how tables are read"));
    }
    missed.extend(unplanned.map(|unseen| (DatabasePart::Plans, unseen)));
    drop(link.close().await);
    let kind = if about.version.contains("MariaDB") { DatabaseKind::MariaDb } else { DatabaseKind::MySql };
    Ok(DatabaseSeen {
        kind,
        version: clean(&about.version, 60),
        mighty: about.mighty,
        encrypted,
        since,
        statements: counted,
        tables,
        foreign_keys,
        indexes,
        plans: planned,
        unseen: missed,
    })
}

/// Adds how often indexes and tables were read. Rows are counted, not readings: a table of 100 rows that gave 1,000 without an index was
/// read ten times.
fn join(tables: &mut [Table], indexes: &mut [Index], used: Vec<Used>) {
    for index in indexes {
        let reads = used.iter().find(|used| used.table == index.table && used.name.as_ref() == Some(&index.name));
        index.uses = reads.map(|used| used.reads);
    }
    for table in tables {
        let mine = || used.iter().filter(|used| used.table == table.name);
        table.scanned =
            mine().filter(|used| used.name.is_none()).fold(0, |sum: u64, used| sum.saturating_add(used.reads));
        table.lookups =
            mine().filter(|used| used.name.is_some()).fold(0, |sum: u64, used| sum.saturating_add(used.reads));
        table.scans = Some(table.scanned / table.rows.max(1));
    }
}
