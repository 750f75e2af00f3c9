//! Where the facts of a project's runs wait until all of them are read: a table of SQLite's own temporary file, which nobody else sees and
//! which goes with the connection. So memory holds one run at a time, and the connection is lent for one run at a time.

use super::super::trouble;
use crate::EngineError;
use crate::store::ProjectId;
use sqlx::{SqliteConnection, SqlitePool};

/// Puts what one run saw aside.
pub(super) async fn put(pool: &SqlitePool, project: ProjectId, run: usize, seen: &[String]) -> Result<(), EngineError> {
    let mut batch = pool.begin().await.map_err(trouble::of)?;
    let table = "CREATE TEMP TABLE IF NOT EXISTS aside (seq INTEGER PRIMARY KEY, project TEXT, run INTEGER, seen TEXT)";
    sqlx::query(table).execute(&mut *batch).await.map_err(trouble::of)?;
    for seen in seen {
        sqlx::query("INSERT INTO temp.aside (project, run, seen) VALUES (?1, ?2, ?3)")
            .bind(project.to_string())
            .bind(i64::try_from(run).unwrap_or(i64::MAX))
            .bind(seen)
            .execute(&mut *batch)
            .await
            .map_err(trouble::of)?;
    }
    batch.commit().await.map_err(trouble::of)
}

/// Gives what one run saw, so many facts of it, to the run that it is from now on.
///
/// # Errors
/// Not all of it waits here any more: the connection was made anew meanwhile, and what waited went with the old one.
pub(super) async fn take(
    batch: &mut SqliteConnection,
    project: ProjectId,
    run: usize,
    seen: usize,
    id: i64,
) -> Result<(), EngineError> {
    let move_over = "INSERT INTO observation (run, seen) SELECT ?3, seen FROM temp.aside WHERE project = ?1 AND run = ?2 ORDER BY seq";
    let moved = sqlx::query(move_over)
        .bind(project.to_string())
        .bind(i64::try_from(run).unwrap_or(i64::MAX))
        .bind(id)
        .execute(batch)
        .await
        .map_err(trouble::of)?;
    if moved.rows_affected() == u64::try_from(seen).unwrap_or(u64::MAX) {
        return Ok(());
    }
    Err(EngineError::new(
        "store",
        "the project's own file was opened anew meanwhile, so nothing was read in; try again",
    ))
}

/// Forgets what waits of a project.
pub(super) async fn clear(connection: &mut SqliteConnection, project: ProjectId) -> Result<(), EngineError> {
    let there: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_temp_master WHERE name = 'aside'")
        .fetch_one(&mut *connection)
        .await
        .map_err(trouble::of)?;
    if there > 0 {
        let forget = sqlx::query("DELETE FROM temp.aside WHERE project = ?1").bind(project.to_string());
        forget.execute(connection).await.map_err(trouble::of)?;
    }
    Ok(())
}
