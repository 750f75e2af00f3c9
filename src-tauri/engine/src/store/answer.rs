//! What people answered. Every answer stays; the newest of a question counts.

use super::{ProjectId, Store, trouble};
use crate::EngineError;
use audit::facts::{Answer, Choice};
use audit::read::secret::pasted;
use audit::{drift, form, keys};
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
        bounded(key, answer)?;
        if answer.choice == Choice::NotApplicable && answer.note.trim().is_empty() {
            return Err(EngineError::new("reason", "say why it does not apply: the reason stands in the report"));
        }
        form::refuse(key, answer).map_err(|says| EngineError::new("form", says))?;
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
        // What was typed is in the answer now, or was taken back with it: both or neither.
        let mut both = self.pool.begin().await.map_err(trouble::of)?;
        sqlx::query("INSERT INTO answer (project, key, answer, at) VALUES (?1, ?2, ?3, ?4)")
            .bind(project.to_string())
            .bind(key)
            .bind(answer)
            .bind(at.to_string())
            .execute(&mut *both)
            .await
            .map_err(trouble::of)?;
        let forget = sqlx::query("DELETE FROM draft WHERE project = ?1 AND key = ?2");
        forget.bind(project.to_string()).bind(key).execute(&mut *both).await.map_err(trouble::of)?;
        both.commit().await.map_err(trouble::of)
    }
}

/// Refuses an answer that is too long or holds a key that is secret.
///
/// # Errors
/// It is, or does.
pub(super) fn bounded(key: &str, answer: &Answer) -> Result<(), EngineError> {
    let mut texts = texts_of(answer, "").chain([key]);
    if answer.rows.len() > MOST_ROWS || texts.any(|text| text.chars().count() > LONGEST) {
        let says = "an answer may have at most 500 rows and 8,000 characters in one field; put the rest in a document and link it";
        return Err(EngineError::new("too-long", says));
    }
    no_key(texts_of(answer, key))
}

/// The texts that a person writes; the tables that the product itself writes hold records and names of finds.
fn texts_of<'a>(answer: &'a Answer, key: &str) -> impl Iterator<Item = &'a str> {
    let own = [drift::KEY, keys::KEY].contains(&key);
    let cells = answer.rows.iter().filter(move |_| !own);
    let cells = cells.flat_map(|(label, value)| [label.as_str(), value.as_str()]);
    [&answer.note, &answer.evidence, &answer.owner].into_iter().map(String::as_str).chain(cells)
}

/// Refuses texts that hold a key that is secret.
///
/// # Errors
/// One of them does.
pub(super) fn no_key<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<(), EngineError> {
    let Some(title) = texts.into_iter().find_map(pasted) else { return Ok(()) };
    let says = format!(
        "this looks like a key itself ({title}), so nothing was kept; write where it lives and who owns it, and replace it if others saw it"
    );
    Err(EngineError::new("secret", says))
}
