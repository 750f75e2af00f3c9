//! Facts of a database and of its query logs: catalogues, counters and the shapes of statements. Never a value, never a row.

use super::Unseen;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a database tells of itself in a read-only session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatabaseSeen {
    /// Which system.
    pub kind: DatabaseKind,
    /// Its version, as it says.
    pub version: String,
    /// Whether the role that looked may do everything or write; less would do.
    pub mighty: bool,
    /// Whether the connection was encrypted; none where there is none, as with a file.
    pub encrypted: Option<bool>,
    /// Since when the counters count.
    pub since: Option<Timestamp>,
    /// Statements by what they cost, the dearest first.
    pub statements: Vec<Statement>,
    /// Tables, the largest first.
    pub tables: Vec<Table>,
    /// Foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Indexes.
    pub indexes: Vec<Index>,
    /// How the database would carry out statements: those of the log (SQLite), or the dearest that it counts.
    pub plans: Vec<Plan>,
    /// Parts that could not be looked at.
    pub unseen: BTreeMap<DatabasePart, Unseen>,
}

/// A database system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DatabaseKind {
    /// MariaDB.
    MariaDb,
    /// MySQL.
    MySql,
    /// PostgreSQL.
    Postgres,
    /// SQLite, a file.
    Sqlite,
}

/// One part of what is asked of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DatabasePart {
    /// What the statements cost.
    Statements,
    /// How large the tables are and how they are read.
    Tables,
    /// Which column points to which table.
    ForeignKeys,
    /// Which indexes there are.
    Indexes,
    /// How often each index was used.
    Use,
    /// How statements would be carried out.
    Plans,
}

/// A statement without its values, and what it cost in all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// The statement with `?` in place of each value.
    pub shape: String,
    /// How often it was carried out.
    pub calls: u64,
    /// How many of these have a time.
    pub timed: u64,
    /// Their time in all, milliseconds.
    pub total_ms: f64,
    /// The longest, milliseconds.
    pub max_ms: f64,
    /// Rows that it handed over in all; none where nobody counted.
    pub rows: Option<u64>,
    /// Rows that were read for them; none where nobody counted.
    pub examined: Option<u64>,
}

/// A table and how it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name, with its schema where that is not the usual one.
    pub name: String,
    /// Rows, as the database estimates them.
    pub rows: u64,
    /// Bytes; nought where unknown.
    pub bytes: u64,
    /// How often it was read from the first row to the last; none where nobody counts.
    pub scans: Option<u64>,
    /// Rows that were read so.
    pub scanned: u64,
    /// How often it was read by an index.
    pub lookups: u64,
    /// Rows that are deleted and still take room.
    pub dead: u64,
    /// Whether it was ever tidied up, by hand or by itself.
    pub tidied: bool,
}

/// A column, or several, that point to another table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKey {
    /// Its table.
    pub table: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// The table that it points to.
    pub to: String,
}

/// An index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Its table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// Its columns in their order; an expression is empty.
    pub columns: Vec<String>,
    /// Whether it guards a rule (primary key, unique, exclusion).
    pub guards: bool,
    /// Whether it holds all rows, by plain columns in the usual order and way, so that it can be compared with others.
    pub plain: bool,
    /// Whether it holds every row of its table.
    pub whole: bool,
    /// Bytes; nought where unknown.
    pub bytes: u64,
    /// How often it was used since the counters began; none where nobody counts.
    pub uses: Option<u64>,
}

/// How the database would carry out a statement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The statement with `?` in place of each value.
    pub shape: String,
    /// How often the log holds it, or the database carried it out.
    pub calls: u64,
    /// Tables that it would read from the first row to the last.
    pub scans: Vec<String>,
}

/// What query logs hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QueriesSeen {
    /// Files that were read.
    pub files: u32,
    /// Why some were left out, with how many.
    pub left_out: BTreeMap<String, u32>,
    /// Bytes after unpacking.
    pub bytes: u64,
    /// Lines.
    pub lines: u64,
    /// Files by their form.
    pub forms: BTreeMap<QueryForm, u32>,
    /// Statements that were carried out.
    pub statements: u64,
    /// Those of them that name how long they took.
    pub timed: u64,
    /// Requests that could be told apart.
    pub requests: u64,
    /// Whether the lines name their request, so that no request had to be guessed from time or place.
    pub named: bool,
    /// Shapes that were met; `forgotten` ones may be counted twice.
    pub shapes: u64,
    /// Shapes that were met seldom and forgotten to stay within memory.
    pub forgotten: u64,
    /// The shapes that cost most, and all that were repeated within one request (each up to a limit).
    pub top: Vec<Query>,
    /// The limit that ended the reading.
    pub cut: Option<String>,
}

/// One shape in a log.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Query {
    /// What it cost.
    #[serde(flatten)]
    pub statement: Statement,
    /// Requests that asked it.
    pub requests: u64,
    /// Requests that asked it [`REPEATED`] times or more.
    pub repeated: u64,
    /// The most that one request asked it.
    pub most: u64,
    /// Where the request that asked it most ends.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
}

/// From how often within one request a statement counts as repeated.
pub const REPEATED: u64 = 10;

/// The form of a query log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueryForm {
    /// What frameworks print while a product is developed: Rails, Django, Prisma, Laravel, TypeORM …
    Framework,
    /// One JSON object a line, PostgreSQL's own among them.
    Json,
    /// MySQL's and MariaDB's general log.
    MysqlGeneral,
    /// MySQL's and MariaDB's slow log.
    MysqlSlow,
    /// PostgreSQL's log on standard error.
    Postgres,
    /// PostgreSQL's log as CSV.
    PostgresCsv,
}
