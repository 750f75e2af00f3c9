//! The runs of a project: their list, the facts of any of them, which one was accepted as how it is meant to be, and how many are kept.

use super::run::{begun, json, read, time};
use super::{ProjectId, RunId, Store, trouble};
use crate::EngineError;
use audit::Facts;
use audit::facts::{Answer, Measured, Waiver};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use std::collections::BTreeMap;

/// Runs of one project that are kept besides the accepted ones; the oldest make way.
pub const MOST_RUNS: u32 = 200;
/// Longest name of somebody who accepts a run, characters.
const LONGEST_NAME: usize = 200;

/// One run, without what it saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRun {
    /// Its id.
    pub id: RunId,
    /// When it began.
    pub started: Timestamp,
    /// When it ended; none while it goes on, or when it was killed.
    pub finished: Option<Timestamp>,
    /// Who accepted it as how it is meant to be.
    pub accepted: Option<Acceptance>,
}

impl KeptRun {
    /// The moment that it stands for.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.finished.unwrap_or(self.started)
    }
}

/// That somebody accepted a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// The runs of a project that saw anything, newest first: those before one of them, or the newest ones.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn runs(
        &self,
        project: ProjectId,
        before: Option<RunId>,
        most: u32,
    ) -> Result<Vec<KeptRun>, EngineError> {
        let rows = sqlx::query(
            "SELECT id, started, finished, accepted FROM run WHERE project = ?1 AND id < ?2 AND EXISTS (SELECT 1 FROM observation WHERE run = run.id) ORDER BY id DESC LIMIT ?3",
        )
        .bind(project.to_string())
        .bind(before.map_or(i64::MAX, |before| before.0))
        .bind(most)
        .fetch_all(&self.pool)
        .await
        .map_err(trouble::of)?;
        rows.iter().map(kept).collect()
    }

    /// The newest run that somebody accepted.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn accepted_run(&self, project: ProjectId) -> Result<Option<KeptRun>, EngineError> {
        let row = sqlx::query(
            "SELECT id, started, finished, accepted FROM run WHERE project = ?1 AND accepted IS NOT NULL ORDER BY id DESC LIMIT 1",
        )
        .bind(project.to_string())
        .fetch_optional(&self.pool)
        .await
        .map_err(trouble::of)?;
        row.as_ref().map(kept).transpose()
    }

    /// The run that a document tells changes since: the accepted one, else the first that is kept; none where that is the newest.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn earlier_run(&self, project: ProjectId) -> Result<Option<KeptRun>, EngineError> {
        let mut kept = self.runs(project, None, MOST_RUNS).await?;
        let last = kept.first().map(|run| run.id);
        let accepted = self.accepted_run(project).await?;
        Ok(accepted.or_else(|| kept.pop()).filter(|run| Some(run.id) != last))
    }

    /// Accepts a run as how it is meant to be, or takes that back.
    ///
    /// # Errors
    /// Nobody is named, the run is not there any more or goes on, or the file cannot be written.
    pub async fn accept_run(
        &self,
        project: ProjectId,
        run: RunId,
        acceptance: Option<&Acceptance>,
    ) -> Result<(), EngineError> {
        if let Some(acceptance) = acceptance {
            let name = acceptance.by.trim();
            if name.is_empty() || name.chars().count() > LONGEST_NAME {
                return Err(EngineError::new("who", "say who accepts it, so that somebody can be asked later"));
            }
            super::answer::no_key([name])?;
        }
        let text = acceptance.map(|acceptance| json("acceptance", acceptance)).transpose()?;
        let change =
            sqlx::query("UPDATE run SET accepted = ?3 WHERE project = ?1 AND id = ?2 AND finished IS NOT NULL")
                .bind(project.to_string())
                .bind(run.0)
                .bind(text);
        match change.execute(&self.pool).await.map_err(trouble::of)?.rows_affected() {
            0 => Err(gone()),
            _ => Ok(()),
        }
    }

    /// The facts of one run, with what people had told when it ended; the newest run counts what they told until now.
    ///
    /// # Errors
    /// It is not there any more, or the file cannot be read.
    pub async fn facts_of(&self, project: ProjectId, run: RunId) -> Result<Facts, EngineError> {
        if self.last_run(project).await?.is_some_and(|last| last.id == run) {
            return self.facts(project).await?.ok_or_else(gone);
        }
        let row = sqlx::query("SELECT * FROM run WHERE project = ?1 AND id = ?2")
            .bind(project.to_string())
            .bind(run.0)
            .fetch_optional(&self.pool)
            .await
            .map_err(trouble::of)?
            .ok_or_else(gone)?;
        let mut facts = begun(&row)?;
        for text in self.observations(run).await? {
            facts.add(read("observation", &text)?);
        }
        let until = facts.finished.unwrap_or(facts.started);
        // A run that is not the newest does not go on: without an end it was killed.
        facts.cut_short |= facts.finished.is_none();
        facts.answers = self.answers_until(project, until).await?;
        facts.waivers = self.waivers_until(project, until).await?;
        let measured = self.measured_facts(project).await?;
        facts.measured = measured.into_iter().filter(|one: &Measured| one.at <= until).collect();
        Ok(facts)
    }

    /// What a run saw, as it was written.
    pub(super) async fn observations(&self, run: RunId) -> Result<Vec<String>, EngineError> {
        sqlx::query_scalar("SELECT seen FROM observation WHERE run = ?1 ORDER BY seq")
            .bind(run.0)
            .fetch_all(&self.pool)
            .await
            .map_err(trouble::of)
    }

    async fn answers_until(
        &self,
        project: ProjectId,
        until: Timestamp,
    ) -> Result<BTreeMap<String, Answer>, EngineError> {
        let rows = sqlx::query("SELECT key, answer, at FROM answer WHERE project = ?1 ORDER BY id")
            .bind(project.to_string())
            .fetch_all(&self.pool)
            .await
            .map_err(trouble::of)?;
        let mut answers = BTreeMap::new();
        for row in rows {
            if time(row.get("at"))? > until {
                continue;
            }
            match row.get::<Option<&str>, _>("answer") {
                Some(text) => drop(answers.insert(row.get("key"), read("answer", text)?)),
                None => drop(answers.remove(row.get::<&str, _>("key"))),
            }
        }
        Ok(answers)
    }

    async fn waivers_until(&self, project: ProjectId, until: Timestamp) -> Result<Vec<Waiver>, EngineError> {
        let rows = sqlx::query("SELECT waiver, withdrawn FROM waiver WHERE project = ?1 ORDER BY id")
            .bind(project.to_string())
            .fetch_all(&self.pool)
            .await
            .map_err(trouble::of)?;
        let mut waivers = vec![];
        for row in rows {
            let waiver: Waiver = read("waiver", row.get("waiver"))?;
            let withdrawn = row.get::<Option<&str>, _>("withdrawn").map(time).transpose()?;
            if waiver.at <= until && withdrawn.is_none_or(|withdrawn| withdrawn > until) {
                waivers.push(waiver);
            }
        }
        Ok(waivers)
    }

    /// Lets the oldest runs go where there are too many; accepted ones stay.
    pub(super) async fn thin_runs(&self, project: ProjectId, most: u32) -> Result<(), EngineError> {
        sqlx::query(
            "DELETE FROM run WHERE project = ?1 AND accepted IS NULL AND id NOT IN (SELECT id FROM run WHERE project = ?1 AND accepted IS NULL ORDER BY id DESC LIMIT ?2)",
        )
        .bind(project.to_string())
        .bind(most)
        .execute(&self.pool)
        .await
        .map_err(trouble::of)?;
        Ok(())
    }
}

fn kept(row: &SqliteRow) -> Result<KeptRun, EngineError> {
    Ok(KeptRun {
        id: RunId(row.get("id")),
        started: time(row.get("started"))?,
        finished: row.get::<Option<&str>, _>("finished").map(time).transpose()?,
        accepted: row.get::<Option<&str>, _>("accepted").map(|text| read("acceptance", text)).transpose()?,
    })
}

fn gone() -> EngineError {
    EngineError::new("run-gone", "this run is not kept any more, or it never ended")
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
