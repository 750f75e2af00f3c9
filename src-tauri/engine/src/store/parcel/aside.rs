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

/// Gives what one run saw to the run that it is from now on.
pub(super) async fn take(
    batch: &mut SqliteConnection,
    project: ProjectId,
    run: usize,
    id: i64,
) -> Result<(), EngineError> {
    let move_over = "INSERT INTO observation (run, seen) SELECT ?3, seen FROM temp.aside WHERE project = ?1 AND run = ?2 ORDER BY seq";
    sqlx::query(move_over)
        .bind(project.to_string())
        .bind(i64::try_from(run).unwrap_or(i64::MAX))
        .bind(id)
        .execute(batch)
        .await
        .map_err(trouble::of)?;
    Ok(())
}

/// Forgets what waits of a project.
pub(super) async fn clear(pool: &SqlitePool, project: ProjectId) -> Result<(), EngineError> {
    let mut connection = pool.acquire().await.map_err(trouble::of)?;
    let there: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_temp_master WHERE name = 'aside'")
        .fetch_one(&mut *connection)
        .await
        .map_err(trouble::of)?;
    if there > 0 {
        let forget = sqlx::query("DELETE FROM temp.aside WHERE project = ?1").bind(project.to_string());
        forget.execute(&mut *connection).await.map_err(trouble::of)?;
    }
    Ok(())
}
