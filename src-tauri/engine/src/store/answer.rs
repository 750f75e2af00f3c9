//! What people answered. Every answer stays; the newest of a question counts.

use super::{ProjectId, Store, trouble};
use crate::EngineError;
use audit::facts::Answer;
use jiff::Timestamp;
use sqlx::Row;
use std::collections::BTreeMap;

/// Longest text of an answer, characters.
const LONGEST: usize = 8_000;
/// Most rows of a table answer.
const MOST_ROWS: usize = 500;

impl Store {
    /// The answers that count, by question.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn answers(&self, project: ProjectId) -> Result<BTreeMap<String, Answer>, EngineError> {
        let rows = sqlx::query(
            "SELECT key, answer FROM answer WHERE id IN (SELECT max(id) FROM answer WHERE project = ?1 GROUP BY key) AND answer IS NOT NULL",
        )
        .bind(project.to_string())
        .fetch_all(&self.pool)
        .await
        .map_err(trouble::of)?;
        let read = |row: sqlx::sqlite::SqliteRow| {
            let answer = serde_json::from_str(row.get::<&str, _>("answer"));
            Ok((row.get("key"), answer.map_err(|error| trouble::unreadable("answer", error))?))
        };
        rows.into_iter().map(read).collect()
    }

    /// Keeps an answer; earlier ones to the same question stay in its history.
    ///
    /// # Errors
    /// It is too long, or the file cannot be written.
    pub async fn save_answer(&self, project: ProjectId, key: &str, answer: &Answer) -> Result<(), EngineError> {
        let texts = [key, &answer.note, &answer.evidence, &answer.owner].into_iter();
        let cells = answer.rows.iter().flat_map(|(label, value)| [label.as_str(), value.as_str()]);
        if answer.rows.len() > MOST_ROWS || texts.chain(cells).any(|text| text.chars().count() > LONGEST) {
            let says = "an answer may have at most 500 rows and 8,000 characters in one field; put the rest in a document and link it";
            return Err(EngineError::new("too-long", says));
        }
        let text = serde_json::to_string(answer).map_err(|error| trouble::unreadable("answer", error))?;
        self.put_answer(project, key, Some(text), answer.at).await
    }

    /// Takes an answer back; its history stays.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn clear_answer(&self, project: ProjectId, key: &str, at: Timestamp) -> Result<(), EngineError> {
        self.put_answer(project, key, None, at).await
    }

    async fn put_answer(
        &self,
        project: ProjectId,
        key: &str,
        answer: Option<String>,
        at: Timestamp,
    ) -> Result<(), EngineError> {
        sqlx::query("INSERT INTO answer (project, key, answer, at) VALUES (?1, ?2, ?3, ?4)")
            .bind(project.to_string())
            .bind(key)
            .bind(answer)
            .bind(at.to_string())
            .execute(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(())
    }
}
