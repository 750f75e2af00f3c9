//! What people filed on the rows of the checklist: who does it until when, what they said of it, and what proves it.

use super::{ProjectId, Store, answer, trouble};
use crate::EngineError;
use audit::facts::{Comment, Dossier};
use audit::read::text::clean;
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::Row;
use std::collections::BTreeMap;

/// Longest comment, characters.
const LONGEST: usize = 4_000;
/// Longest name of a person, characters.
const NAME: usize = 120;
/// Comments of one project: one more is refused, so that none is left out when they are read.
const MOST: i64 = 5_000;

impl Store {
    /// What was filed in a project, by the question or the row.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn dossiers(&self, project: ProjectId) -> Result<BTreeMap<String, Dossier>, EngineError> {
        let mut all: BTreeMap<String, Dossier> = BTreeMap::new();
        let charges = sqlx::query("SELECT key, owner, due FROM charge WHERE project = ?1").bind(project.to_string());
        for row in charges.fetch_all(&self.pool).await.map_err(trouble::of)? {
            let dossier = all.entry(row.get("key")).or_default();
            dossier.owner = row.get("owner");
            dossier.due = row.get::<Option<&str>, _>("due").and_then(|day| day.parse().ok());
        }
        let comments = sqlx::query("SELECT id, key, by, says, at FROM comment WHERE project = ?1 ORDER BY id LIMIT ?2");
        let comments = comments.bind(project.to_string()).bind(MOST);
        for row in comments.fetch_all(&self.pool).await.map_err(trouble::of)? {
            let at = row.get::<&str, _>("at").parse().map_err(|error| trouble::unreadable("comment", error))?;
            let comment = Comment { id: row.get("id"), by: row.get("by"), says: row.get("says"), at };
            all.entry(row.get("key")).or_default().comments.push(comment);
        }
        for (key, piece) in self.pieces(project).await? {
            all.entry(key).or_default().evidence.push(piece);
        }
        Ok(all)
    }

    /// Says who does a row until when; nobody and no day forgets it.
    ///
    /// # Errors
    /// The name holds a key that is secret, or the file cannot be written.
    pub async fn set_charge(
        &self,
        project: ProjectId,
        key: &str,
        owner: &str,
        due: Option<Date>,
    ) -> Result<(), EngineError> {
        let owner = clean(owner.trim(), NAME);
        answer::no_key([owner.as_str()])?;
        let query = if owner.is_empty() && due.is_none() {
            sqlx::query("DELETE FROM charge WHERE project = ?1 AND key = ?2").bind(project.to_string()).bind(key)
        } else {
            let put = "INSERT INTO charge VALUES (?1, ?2, ?3, ?4) ON CONFLICT (project, key) DO UPDATE SET owner = excluded.owner, due = excluded.due";
            sqlx::query(put).bind(project.to_string()).bind(key).bind(owner).bind(due.map(|day| day.to_string()))
        };
        query.execute(&self.pool).await.map_err(trouble::of)?;
        Ok(())
    }

    /// Keeps what somebody said of a row.
    ///
    /// # Errors
    /// It is empty, too long or holds a key that is secret, the project has 5,000 already, or the file cannot be written.
    pub async fn add_comment(
        &self,
        project: ProjectId,
        key: &str,
        by: &str,
        says: &str,
        at: Timestamp,
    ) -> Result<(), EngineError> {
        let (by, says) = (clean(by.trim(), NAME), says.trim());
        bounded(&by, says)?;
        let add = "INSERT INTO comment (project, key, by, says, at) SELECT ?1, ?2, ?3, ?4, ?5
                   WHERE (SELECT count(*) FROM comment WHERE project = ?1) < ?6";
        let added = sqlx::query(add)
            .bind(project.to_string())
            .bind(key)
            .bind(by)
            .bind(says)
            .bind(at.to_string())
            .bind(MOST)
            .execute(&self.pool)
            .await
            .map_err(trouble::of)?;
        if added.rows_affected() == 0 {
            let full = "this project has 5,000 comments, and more are not kept; remove some that are settled, and add it again";
            return Err(EngineError::new("too-many", full));
        }
        Ok(())
    }

    /// Takes a comment away.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn remove_comment(&self, project: ProjectId, comment: i64) -> Result<(), EngineError> {
        let remove = sqlx::query("DELETE FROM comment WHERE project = ?1 AND id = ?2");
        remove.bind(project.to_string()).bind(comment).execute(&self.pool).await.map_err(trouble::of)?;
        Ok(())
    }
}

/// Refuses a comment that is empty, too long, or holds a key that is secret.
///
/// # Errors
/// It is, or does.
pub(super) fn bounded(by: &str, says: &str) -> Result<(), EngineError> {
    if says.is_empty() || by.is_empty() {
        return Err(EngineError::new("comment", "write what there is to say, and your name"));
    }
    if says.chars().count() > LONGEST {
        let more = "a comment may have at most 4,000 characters; attach the rest as evidence";
        return Err(EngineError::new("too-long", more));
    }
    answer::no_key([by, says])
}
