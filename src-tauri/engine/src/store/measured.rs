//! Measurements of speed and load as they were made, which of them later ones are compared with, and who agreed to load.

use super::{Project, ProjectId, Store, trouble};
use crate::EngineError;
use crate::load::LoadConsent;
use audit::facts::{LoadAgreed, Loaded, Measured};
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
/// Consents of one project that are read back.
const CONSENTS: i64 = 100;

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
            let kind = (measured.loaded.agreed.is_some(), measured.loaded.slow.is_some());
            newest.insert((measured.loaded.what.clone(), kind)) || measured.baseline
        });
        Ok(all)
    }

    /// Accepts a measurement as the one that later ones of its address are compared with.
    ///
    /// # Errors
    /// It is not there, or the file cannot be written.
    pub async fn set_baseline(&self, project: ProjectId, id: MeasuredId) -> Result<(), EngineError> {
        let done = sqlx::query(
            "UPDATE measured SET baseline = (id = ?2) WHERE project = ?1 AND what = (SELECT what FROM measured WHERE project = ?1 AND id = ?2)",
        )
        .bind(project.to_string())
        .bind(id.0)
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

    /// Keeps a consent to load; an earlier one for the same host makes way.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn keep_load_consent(&self, project: ProjectId, consent: &LoadConsent) -> Result<(), EngineError> {
        let agreed = consent.agreed();
        let text = serde_json::to_string(agreed).map_err(|error| trouble::unreadable("consent", error))?;
        self.withdraw_load_consent(project, &agreed.host, agreed.at).await?;
        sqlx::query("INSERT INTO load_consent (project, host, agreed) VALUES (?1, ?2, ?3)")
            .bind(project.to_string())
            .bind(&agreed.host)
            .bind(text)
            .execute(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(())
    }

    /// Withdraws the consent to load on a host; that there was one stays on record.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn withdraw_load_consent(
        &self,
        project: ProjectId,
        host: &str,
        at: Timestamp,
    ) -> Result<(), EngineError> {
        sqlx::query("UPDATE load_consent SET withdrawn = ?3 WHERE project = ?1 AND host = ?2 AND withdrawn IS NULL")
            .bind(project.to_string())
            .bind(host)
            .bind(at.to_string())
            .execute(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(())
    }

    /// The consents to load that hold now, newest first. One whose record cannot be read counts as none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn load_consents(&self, project: &Project, now: Timestamp) -> Result<Vec<LoadConsent>, EngineError> {
        let texts: Vec<String> = sqlx::query_scalar(
            "SELECT agreed FROM load_consent WHERE project = ?1 AND withdrawn IS NULL ORDER BY id DESC LIMIT ?2",
        )
        .bind(project.id.to_string())
        .bind(CONSENTS)
        .fetch_all(&self.pool)
        .await
        .map_err(trouble::of)?;
        let read = texts.iter().filter_map(|text| serde_json::from_str::<LoadAgreed>(text).ok());
        Ok(read.filter_map(|agreed| LoadConsent::recorded(&project.target, agreed, now)).collect())
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
