//! What was typed into a question and not saved yet: kept while it is typed, gone once the answer is saved.

use super::{ProjectId, Store, answer, trouble};
use crate::EngineError;
use sqlx::Row;
use std::collections::BTreeMap;

/// Longest draft, bytes: an answer of the longest fields and a large table.
const LONGEST: usize = 200_000;

impl Store {
    /// The drafts of a project, by question.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn drafts(&self, project: ProjectId) -> Result<BTreeMap<String, String>, EngineError> {
        let rows = sqlx::query("SELECT key, text FROM draft WHERE project = ?1")
            .bind(project.to_string())
            .fetch_all(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(rows.into_iter().map(|row| (row.get("key"), row.get("text"))).collect())
    }

    /// Keeps a draft in place of the one before; none forgets it.
    ///
    /// # Errors
    /// It is too long or holds a key that is secret, or the file cannot be written.
    pub async fn keep_draft(&self, project: ProjectId, key: &str, text: Option<&str>) -> Result<(), EngineError> {
        let Some(text) = text else {
            let forget = sqlx::query("DELETE FROM draft WHERE project = ?1 AND key = ?2");
            forget.bind(project.to_string()).bind(key).execute(&self.pool).await.map_err(trouble::of)?;
            return Ok(());
        };
        bounded(key, text)?;
        sqlx::query(
            "INSERT INTO draft VALUES (?1, ?2, ?3) ON CONFLICT (project, key) DO UPDATE SET text = excluded.text",
        )
        .bind(project.to_string())
        .bind(key)
        .bind(text)
        .execute(&self.pool)
        .await
        .map_err(trouble::of)?;
        Ok(())
    }
}

/// Refuses a draft that is too long or holds a key that is secret.
///
/// # Errors
/// It is, or does.
pub(super) fn bounded(key: &str, text: &str) -> Result<(), EngineError> {
    if key.len() > 200 || text.len() > LONGEST {
        let says = "this is too long to be kept; put the rest in a document and link it";
        return Err(EngineError::new("too-long", says));
    }
    answer::no_key([text])
}

#[cfg(test)]
mod tests {
    use crate::store::Store;
    use crate::store::tests::{begun, draft, folder};
    use audit::facts::{Answer, Choice};

    #[tokio::test]
    async fn a_draft_lasts_until_its_answer_is_saved() {
        let dir = folder("draft");
        let store = Store::open(dir.path()).await.unwrap();
        let at = begun().started;
        let project = store.create_project(draft("juniperdesk.example"), at).await.unwrap().id;
        store.keep_draft(project, "CC7.S", Some("Ad")).await.unwrap();
        store.keep_draft(project, "CC7.S", Some("Ada")).await.unwrap();
        store.keep_draft(project, "SD1.1", Some("other")).await.unwrap();
        store.keep_draft(project, "SD1.1", None).await.unwrap();
        // Not closed: as if the window had been killed.
        let again = Store::open(dir.path()).await.unwrap();
        assert_eq!(again.drafts(project).await.unwrap(), [("CC7.S".to_owned(), "Ada".to_owned())].into());

        let key = format!("{}_{}", "sk_live", "4eC39HqLyjWDarjtT1zdp7dc");
        let refused = store.keep_draft(project, "CC7.S", Some(&key)).await.unwrap_err();
        assert_eq!(refused.code, "secret");
        assert_eq!(store.drafts(project).await.unwrap()["CC7.S"], "Ada");

        let text = String::new;
        let mut answer =
            Answer { choice: Choice::Yes, note: text(), evidence: text(), owner: text(), rows: [].into(), at };
        let wanting = store.save_answer(project, "CC7.S", &answer).await.unwrap_err();
        assert_eq!((wanting.code, wanting.message.as_str()), ("form", "still wanting: who looked"));
        assert_eq!(store.drafts(project).await.unwrap().len(), 1);
        answer.rows = [("who".to_owned(), "Ada".to_owned()), ("on".to_owned(), "2026-11-20".to_owned())].into();
        store.save_answer(project, "CC7.S", &answer).await.unwrap();
        assert!(store.drafts(project).await.unwrap().is_empty());
        assert_eq!(store.answers(project).await.unwrap()["CC7.S"], answer);
    }
}
