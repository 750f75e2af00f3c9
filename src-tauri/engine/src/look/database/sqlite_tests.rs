//! Tests of the look at SQLite, on files that the tests make.

use super::{Address, database};
use crate::Secret;
use audit::facts::{DatabasePart, DatabaseSeen, QueriesSeen};
use audit::read::query::Reader;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection};
use std::path::PathBuf;
use std::time::Duration;

const SCHEMA: &str = "CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE boards (id INTEGER PRIMARY KEY, team_id INTEGER REFERENCES teams (id), slug TEXT, colour INTEGER);
CREATE TABLE profiles (team_id INTEGER PRIMARY KEY REFERENCES teams (id));
CREATE INDEX colour_one ON boards (colour);
CREATE INDEX colour_two ON boards (colour) WHERE colour > 3;
CREATE UNIQUE INDEX slugs ON boards (slug, team_id DESC);
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO boards SELECT i, i % 50, 'canary ' || i, i FROM n;
ANALYZE;";

struct File(PathBuf, SqliteConnection);

impl File {
    async fn new(name: &str, mode: SqliteJournalMode) -> Self {
        let path = std::env::temp_dir().join(format!("launch-ready-{name}-{}.db", std::process::id()));
        let _ = std::fs::remove_file(&path);
        let options =
            SqliteConnectOptions::new().filename(&path).create_if_missing(true).journal_mode(mode).foreign_keys(false);
        let mut link = options.connect().await.unwrap();
        sqlx::raw_sql(SCHEMA).execute(&mut link).await.unwrap();
        Self(path, link)
    }

    async fn look(&self, log: Option<&QueriesSeen>) -> DatabaseSeen {
        let address = Address::read(&Secret::new(format!("sqlite:{}", self.0.display()))).unwrap();
        database(&address, log, Duration::from_secs(5)).await.unwrap()
    }
}

fn log(text: &str) -> QueriesSeen {
    let mut reader = Reader::new();
    reader.open("queries.log");
    reader.feed(text.as_bytes());
    reader.finish()
}

#[tokio::test]
async fn schema_and_plans_are_read_and_nothing_is_written() {
    let file = File::new("sqlite", SqliteJournalMode::Delete).await;
    let before = std::fs::read(&file.0).unwrap();
    let text = "query: SELECT * FROM boards WHERE colour + 1 = $1\nquery: SELECT * FROM boards WHERE colour = $1\nquery: SELECT * FROM gone WHERE id = $1\nquery: SELECT name FROM teams WHERE id = $1\n";
    let seen = file.look(Some(&log(text))).await;
    let name = |table: &audit::facts::Table| (table.name.clone(), table.rows);
    assert_eq!(
        seen.tables.iter().map(name).collect::<Vec<_>>(),
        [("boards".to_owned(), 20_000), ("profiles".to_owned(), 0), ("teams".to_owned(), 0)]
    );
    let keys: Vec<_> =
        seen.foreign_keys.iter().map(|key| format!("{} {:?} {}", key.table, key.columns, key.to)).collect();
    assert_eq!(keys, ["boards [\"team_id\"] teams", "profiles [\"team_id\"] teams"]);
    let index = |name: &str| seen.indexes.iter().find(|index| index.name == name).unwrap();
    assert!(index("colour_one").plain && !index("colour_two").whole && !index("slugs").plain && index("slugs").guards);
    assert_eq!(index("slugs").columns, ["slug", "team_id"]);
    assert_eq!(index("primary key of profiles").columns, ["team_id"]);
    let plans: Vec<_> = seen.plans.iter().map(|plan| (plan.shape.as_str(), plan.scans.len())).collect();
    assert_eq!(plans.len(), 3, "{plans:?}");
    assert!(plans.contains(&("select * from boards where colour + ? = ?", 1)), "{plans:?}");
    assert!(plans.contains(&("select * from boards where colour = ?", 0)), "{plans:?}");
    assert!(!serde_json::to_string(&seen).unwrap().contains("canary"));
    assert_eq!(std::fs::read(&file.0).unwrap(), before);
    file.1.close().await.unwrap();
    std::fs::remove_file(&file.0).unwrap();
}

#[tokio::test]
async fn a_file_that_is_in_use_is_read_beside_its_writer() {
    let mut file = File::new("sqlite-wal", SqliteJournalMode::Wal).await;
    sqlx::raw_sql("CREATE TABLE later (id INTEGER PRIMARY KEY); BEGIN IMMEDIATE; INSERT INTO later VALUES (1)")
        .execute(&mut file.1)
        .await
        .unwrap();
    let seen = file.look(None).await;
    assert!(seen.tables.iter().any(|table| table.name == "later"));
    assert!(seen.unseen.contains_key(&DatabasePart::Use));
    sqlx::raw_sql("COMMIT").execute(&mut file.1).await.unwrap();
    file.1.close().await.unwrap();
    std::fs::remove_file(&file.0).unwrap();
}

#[tokio::test]
async fn what_is_no_database_is_told() {
    let path = std::env::temp_dir().join(format!("launch-ready-broken-{}.db", std::process::id()));
    std::fs::write(&path, [b"SQLite format 3\0".as_slice(), &[7; 4_000]].concat()).unwrap();
    let address = Address::file(&path).unwrap();
    let told = database(&address, None, Duration::from_secs(5)).await.unwrap_err();
    assert!(!told.says.is_empty() && !told.way.is_empty());
    std::fs::remove_file(&path).unwrap();
    let wrong = std::env::temp_dir().join(format!("launch-ready-text-{}.db", std::process::id()));
    std::fs::write(&wrong, "hello").unwrap();
    assert!(Address::file(&wrong).is_none());
    std::fs::remove_file(&wrong).unwrap();
}
