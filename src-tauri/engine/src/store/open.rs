//! Opens the file: settings that lose nothing, a look for damage after a crash, a copy before a change of schema, hands off a newer one.

use super::{FILE, Store, trouble};
use crate::EngineError;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqlitePool};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The schema, oldest step first.
pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Before this one, resetting the write-ahead log could lose a commit (sqlite.org/wal.html, "WAL-reset bug").
const LEAST_SQLITE: [u32; 3] = [3, 51, 3];
/// How long to wait for another program that writes.
const BUSY: Duration = Duration::from_secs(5);
/// Copies kept of the file as it was before a change of schema.
const COPIES: usize = 3;

pub(super) async fn open(dir: &Path, schema: &Migrator) -> Result<Store, EngineError> {
    let file = dir.join(FILE);
    make_private(dir)?;
    let version = written_by(&file).await?;
    let newest = newest(schema);
    if version.is_some_and(|version| version > newest) {
        return Err(EngineError::new(
            "store-newer",
            "a newer version of Launch Ready wrote these projects; install that version again (the file was not touched)",
        ));
    }
    // SQLite removes its log when the last user closes the file: one that is still there means a crash, or another window.
    let crashed = fs::metadata(log_of(&file)).is_ok_and(|log| log.len() > 0);
    let pool = connect(&file).await?;
    engine_is_safe(&pool).await?;
    if crashed {
        whole(&pool, &file).await?;
    }
    if version.is_some_and(|version| version < newest) {
        keep_copy(&pool, dir).await?;
    }
    schema.run(&pool).await.map_err(|error| match error {
        sqlx::migrate::MigrateError::Execute(error) | sqlx::migrate::MigrateError::ExecuteMigration(error, _) => {
            trouble::of(error)
        }
        other => EngineError::new("store-schema", format!("failed to bring the project file up to date: {other}")),
    })?;
    Ok(Store { pool, dir: dir.to_owned(), arriving: Arc::default() })
}

/// Facts name hosts and people: no other account of this machine may read them.
fn make_private(dir: &Path) -> Result<(), EngineError> {
    fs::create_dir_all(dir).map_err(|error| trouble::of_file("make the folder", dir, &error))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700))
            .map_err(|error| trouble::of_file("close the folder to others:", dir, &error))?;
    }
    Ok(())
}

fn log_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

fn newest(schema: &Migrator) -> i64 {
    schema.iter().map(|step| step.version).max().unwrap_or(0)
}

/// The schema that the file was written with, read without writing; none when there is no file yet.
async fn written_by(file: &Path) -> Result<Option<i64>, EngineError> {
    if !file.exists() {
        return Ok(None);
    }
    let options = SqliteConnectOptions::new().filename(file).read_only(true).busy_timeout(BUSY);
    let mut reader = options.connect().await.map_err(trouble::of)?;
    let known: Option<i64> = sqlx::query_scalar("SELECT count(*) FROM sqlite_master WHERE name = '_sqlx_migrations'")
        .fetch_one(&mut reader)
        .await
        .map_err(trouble::of)?;
    let version = match known {
        Some(1) => sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(&mut reader).await,
        _ => Ok(None),
    };
    let version = version.map_err(trouble::of)?;
    reader.close().await.map_err(trouble::of)?;
    Ok(version)
}

/// One connection: it writes, and what is read passes through it as well, so that nothing waits for a lock of our own.
async fn connect(file: &Path) -> Result<SqlitePool, EngineError> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY)
        .foreign_keys(true)
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .pragma("mmap_size", "0");
    SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options)
        .await
        .map_err(trouble::of)
}

async fn engine_is_safe(pool: &SqlitePool) -> Result<(), EngineError> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(pool).await.map_err(trouble::of)?;
    let parts: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    if parts.as_slice() >= LEAST_SQLITE.as_slice() {
        return Ok(());
    }
    Err(EngineError::new(
        "store-engine",
        format!("this build carries SQLite {version}, which can lose data; use another build"),
    ))
}

/// After a crash: is every page readable?
async fn whole(pool: &SqlitePool, file: &Path) -> Result<(), EngineError> {
    let told: Vec<String> = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_all(pool).await.map_err(trouble::of)?;
    if told == ["ok"] {
        return Ok(());
    }
    let says = format!(
        "the project file {} is damaged and was left as it is; copies are in the folder \"copies\" beside it",
        file.display()
    );
    Err(EngineError::new("store-damaged", says))
}

/// Keeps the file as it is before its schema changes, and the newest copies only.
async fn keep_copy(pool: &SqlitePool, dir: &Path) -> Result<(), EngineError> {
    let copies = dir.join("copies");
    make_private(&copies)?;
    let name = format!("before-{}.db", jiff::Timestamp::now().strftime("%Y%m%dT%H%M%S%.6f"));
    let path = copies.join(name);
    let text =
        path.to_str().ok_or_else(|| EngineError::new("store-folder", "the folder's name is not readable text"))?;
    sqlx::query("VACUUM INTO ?1").bind(text).execute(pool).await.map_err(trouble::of)?;
    let listed = fs::read_dir(&copies).map_err(|error| trouble::of_file("list", &copies, &error))?;
    let mut kept: Vec<PathBuf> = listed.filter_map(|entry| Some(entry.ok()?.path())).collect();
    kept.retain(|path| path.extension().is_some_and(|ending| ending == "db"));
    kept.sort();
    for old in kept.iter().rev().skip(COPIES) {
        fs::remove_file(old).map_err(|error| trouble::of_file("remove the old copy", old, &error))?;
    }
    Ok(())
}
