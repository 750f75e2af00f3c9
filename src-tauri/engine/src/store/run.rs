//! Runs: what was seen, written as it streams in, so that a kill loses nothing that was acknowledged.

use super::{MOST_RUNS, ProjectId, Store, trouble};
use crate::EngineError;
use audit::facts::{Facts, Observation, Scope, Target};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use ts_rs::TS;

/// Names one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(type = "number")]
pub struct RunId(pub(super) i64);

/// The newest run of a project that saw anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastRun {
    /// Its id.
    pub id: RunId,
    /// When it began.
    pub started: Timestamp,
    /// When it ended; none while it goes on, or when it was killed.
    pub finished: Option<Timestamp>,
}

impl Store {
    /// Begins a run with facts that hold nothing yet but what it is about.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn begin_run(&self, project: ProjectId, facts: &Facts) -> Result<RunId, EngineError> {
        let done = sqlx::query(
            "INSERT INTO run (project, roadmap, target, scope, started, finished, cut_short) VALUES (?1, ?2, ?3, ?4, ?5, NULL, 0)",
        )
        .bind(project.to_string())
        .bind(&facts.roadmap)
        .bind(json("target", &facts.target)?)
        .bind(json("scope", &facts.scope)?)
        .bind(facts.started.to_string())
        .execute(&self.pool)
        .await
        .map_err(trouble::of)?;
        self.thin_runs(project, MOST_RUNS).await?;
        Ok(RunId(done.last_insert_rowid()))
    }

    /// Adds what was seen. When this returns, all of it is on disk; when it fails, none of it is.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn append(&self, run: RunId, seen: &[Observation]) -> Result<(), EngineError> {
        let mut batch = self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(trouble::of)?;
        for observation in seen {
            sqlx::query("INSERT INTO observation (run, seen) VALUES (?1, ?2)")
                .bind(run.0)
                .bind(json("observation", observation)?)
                .execute(&mut *batch)
                .await
                .map_err(trouble::of)?;
        }
        batch.commit().await.map_err(trouble::of)
    }

    /// Notes what a run turned out to look at; names and selectors are found on the way.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn set_scope(&self, run: RunId, scope: &Scope) -> Result<(), EngineError> {
        let change = sqlx::query("UPDATE run SET scope = ?2 WHERE id = ?1").bind(run.0).bind(json("scope", scope)?);
        change.execute(&self.pool).await.map_err(trouble::of)?;
        Ok(())
    }

    /// Ends a run, whole or cut short.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn end_run(&self, run: RunId, finished: Option<Timestamp>, cut_short: bool) -> Result<(), EngineError> {
        sqlx::query("UPDATE run SET finished = ?2, cut_short = ?3 WHERE id = ?1")
            .bind(run.0)
            .bind(finished.map(|at| at.to_string()))
            .bind(cut_short)
            .execute(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(())
    }

    /// The newest run that saw anything.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn last_run(&self, project: ProjectId) -> Result<Option<LastRun>, EngineError> {
        let Some(row) = self.newest(project).await? else { return Ok(None) };
        Ok(Some(LastRun {
            id: RunId(row.get("id")),
            started: time(row.get("started"))?,
            finished: row.get::<Option<&str>, _>("finished").map(time).transpose()?,
        }))
    }

    /// The facts of a project: the newest run that saw anything, and the answers that count; none before the first run.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn facts(&self, project: ProjectId) -> Result<Option<Facts>, EngineError> {
        let Some(run) = self.newest(project).await? else { return Ok(None) };
        let mut facts = begun(&run)?;
        for text in self.observations(RunId(run.get("id"))).await? {
            facts.add(read("observation", &text)?);
        }
        self.told(project).await?.enter(&mut facts);
        facts.journeys = self.journey_facts(project).await?;
        Ok(Some(facts))
    }

    async fn newest(&self, project: ProjectId) -> Result<Option<SqliteRow>, EngineError> {
        sqlx::query(
            "SELECT * FROM run WHERE project = ?1 AND EXISTS (SELECT 1 FROM observation WHERE run = run.id) ORDER BY id DESC LIMIT 1",
        )
        .bind(project.to_string())
        .fetch_optional(&self.pool)
        .await
        .map_err(trouble::of)
    }
}

pub(super) fn begun(run: &SqliteRow) -> Result<Facts, EngineError> {
    let target: Target = read("target", run.get("target"))?;
    let scope: Scope = read("scope", run.get("scope"))?;
    let mut facts = Facts::begin(target, run.get("roadmap"), scope, time(run.get("started"))?);
    facts.finished = run.get::<Option<&str>, _>("finished").map(time).transpose()?;
    facts.cut_short = run.get("cut_short");
    Ok(facts)
}

pub(super) fn json(what: &str, value: &impl serde::Serialize) -> Result<String, EngineError> {
    serde_json::to_string(value).map_err(|error| trouble::unreadable(what, error))
}

pub(super) fn read<T: serde::de::DeserializeOwned>(what: &str, text: &str) -> Result<T, EngineError> {
    serde_json::from_str(text).map_err(|error| trouble::unreadable(what, error))
}

pub(super) fn time(text: &str) -> Result<Timestamp, EngineError> {
    text.parse().map_err(|error| trouble::unreadable("time", error))
}
