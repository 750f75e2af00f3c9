//! What whoever works on a project notes for themselves. It is among no facts, so no document, picture or command can hold it.

use super::{ProjectId, Store, answer, trouble};
use crate::EngineError;

/// Longest notes of a project, characters.
const LONGEST: usize = 20_000;

impl Store {
    /// The private notes of a project; empty where there are none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn private_note(&self, project: ProjectId) -> Result<String, EngineError> {
        let text: Option<String> = sqlx::query_scalar("SELECT text FROM private_note WHERE project = ?1")
            .bind(project.to_string())
            .fetch_optional(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(text.unwrap_or_default())
    }

    /// Keeps the private notes of a project as they are now; nothing forgets them.
    ///
    /// # Errors
    /// They are too long or hold a key that is secret, or the file cannot be written.
    pub async fn keep_private_note(&self, project: ProjectId, text: &str) -> Result<(), EngineError> {
        bounded(text)?;
        let query = if text.trim().is_empty() {
            sqlx::query("DELETE FROM private_note WHERE project = ?1").bind(project.to_string())
        } else {
            let put =
                "INSERT INTO private_note VALUES (?1, ?2) ON CONFLICT (project) DO UPDATE SET text = excluded.text";
            sqlx::query(put).bind(project.to_string()).bind(text)
        };
        query.execute(&self.pool).await.map_err(trouble::of)?;
        Ok(())
    }
}

/// Refuses notes that are too long or hold a key that is secret.
///
/// # Errors
/// They are, or do.
pub(super) fn bounded(text: &str) -> Result<(), EngineError> {
    if text.chars().nth(LONGEST).is_some() {
        let says = "private notes may have at most 20,000 characters; keep the rest in a document of your own";
        return Err(EngineError::new("too-long", says));
    }
    answer::no_key([text])
}

#[cfg(test)]
mod tests {
    use crate::store::Store;
    use crate::store::tests::{begun, draft, folder, observation};

    #[tokio::test]
    async fn notes_are_kept_and_stand_in_no_facts() {
        let dir = folder("jotting");
        let store = Store::open(dir.path()).await.unwrap();
        let id = store.create_project(draft("juniperdesk.example"), begun().started).await.unwrap().id;
        let run = store.begin_run(id, &begun()).await.unwrap();
        store.append(run, &[observation("a.example A")]).await.unwrap();
        store.keep_private_note(id, "the budget is small").await.unwrap();
        store.keep_private_note(id, "the budget is smaller than they say").await.unwrap();
        store.close().await;
        let store = Store::open(dir.path()).await.unwrap();
        assert_eq!(store.private_note(id).await.unwrap(), "the budget is smaller than they say");
        let facts = serde_json::to_string(&store.facts(id).await.unwrap().unwrap()).unwrap();
        assert!(!facts.contains("budget"));

        let key = format!("{}_{}", "sk_live", "4eC39HqLyjWDarjtT1zdp7dc");
        for (text, code) in [(key, "secret"), ("x".repeat(20_001), "too-long")] {
            assert_eq!(store.keep_private_note(id, &text).await.unwrap_err().code, code);
        }
        assert_eq!(store.private_note(id).await.unwrap(), "the budget is smaller than they say");
        store.keep_private_note(id, " ").await.unwrap();
        assert_eq!(store.private_note(id).await.unwrap(), "");
    }
}
