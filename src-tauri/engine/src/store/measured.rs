//! Measurements of speed and load as they were made, and which of them later ones are compared with.

use super::{ProjectId, Store, trouble};
use crate::EngineError;
use audit::facts::{Loaded, Measured};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use std::collections::BTreeSet;
use ts_rs::TS;

/// Measurements of one project that are kept; the oldest make way, baselines last.
const MOST: i64 = 200;
/// Addresses whose measurements go into the audit.
const ADDRESSES: usize = 20;

/// Names one measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(type = "number")]
pub struct MeasuredId(i64);

impl Store {
    /// Keeps a measurement. When this returns it is on disk.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn keep_measured(
        &self,
        project: ProjectId,
        at: Timestamp,
        loaded: &Loaded,
    ) -> Result<MeasuredId, EngineError> {
        let text = serde_json::to_string(loaded).map_err(|error| trouble::unreadable("measurement", error))?;
        let done = sqlx::query("INSERT INTO measured (project, what, at, baseline, loaded) VALUES (?1, ?2, ?3, 0, ?4)")
            .bind(project.to_string())
            .bind(&loaded.what)
            .bind(at.to_string())
            .bind(text)
            .execute(&self.pool)
            .await
            .map_err(trouble::of)?;
        sqlx::query(
            "DELETE FROM measured WHERE project = ?1 AND id NOT IN (SELECT id FROM measured WHERE project = ?1 ORDER BY baseline DESC, id DESC LIMIT ?2)",
        )
        .bind(project.to_string())
        .bind(MOST)
        .execute(&self.pool)
        .await
        .map_err(trouble::of)?;
        Ok(MeasuredId(done.last_insert_rowid()))
    }

    /// The measurements of a project, newest first. One whose record cannot be read counts as none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn measured(&self, project: ProjectId) -> Result<Vec<(MeasuredId, Measured)>, EngineError> {
        let rows = sqlx::query("SELECT id, at, baseline, loaded FROM measured WHERE project = ?1 ORDER BY id DESC")
            .bind(project.to_string())
            .fetch_all(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(rows.iter().filter_map(read).collect())
    }

    /// What an audit is told of them: of each address the baseline and the newest of every kind: a few requests, load, a slow network.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn measured_facts(&self, project: ProjectId) -> Result<Vec<Measured>, EngineError> {
        let (mut newest, mut addresses) = (BTreeSet::new(), BTreeSet::new());
        let mut all: Vec<Measured> = self.measured(project).await?.into_iter().map(|(_, measured)| measured).collect();
        all.retain(|measured| {
            let known = addresses.contains(&measured.loaded.what);
            if !known && addresses.len() >= ADDRESSES {
                return false;
            }
            addresses.insert(measured.loaded.what.clone());
            let (what, load, slow) = measured.kind();
            newest.insert((what.to_owned(), load, slow)) || measured.baseline
        });
        Ok(all)
    }

    /// Accepts a measurement as the one that later ones of its kind are compared with.
    ///
    /// # Errors
    /// It is not there, or the file cannot be written.
    pub async fn set_baseline(&self, project: ProjectId, id: MeasuredId) -> Result<(), EngineError> {
        let all = self.measured(project).await?;
        let kind = all.iter().find(|(known, _)| *known == id).map(|(_, one)| one.kind());
        let alike: Vec<MeasuredId> =
            all.iter().filter(|(_, one)| Some(one.kind()) == kind).map(|(known, _)| *known).collect();
        let alike = serde_json::to_string(&alike).map_err(|error| trouble::unreadable("measurement", error))?;
        let done = sqlx::query(
            "UPDATE measured SET baseline = (id = ?2) WHERE project = ?1 AND id IN (SELECT value FROM json_each(?3))",
        )
        .bind(project.to_string())
        .bind(id.0)
        .bind(alike)
        .execute(&self.pool)
        .await
        .map_err(trouble::of)?;
        there(done.rows_affected())
    }

    /// Forgets a measurement.
    ///
    /// # Errors
    /// It is not there, or the file cannot be written.
    pub async fn forget_measured(&self, project: ProjectId, id: MeasuredId) -> Result<(), EngineError> {
        let done = sqlx::query("DELETE FROM measured WHERE project = ?1 AND id = ?2")
            .bind(project.to_string())
            .bind(id.0)
            .execute(&self.pool)
            .await
            .map_err(trouble::of)?;
        there(done.rows_affected())
    }
}

fn there(rows: u64) -> Result<(), EngineError> {
    if rows > 0 {
        return Ok(());
    }
    Err(EngineError::new("measured-gone", "this measurement is not there any more"))
}

fn read(row: &SqliteRow) -> Option<(MeasuredId, Measured)> {
    let loaded = serde_json::from_str(row.get("loaded")).ok()?;
    let at = row.get::<&str, _>("at").parse().ok()?;
    Some((MeasuredId(row.get("id")), Measured { at, baseline: row.get("baseline"), loaded }))
}

#[cfg(test)]
#[path = "measured_tests.rs"]
mod tests;
