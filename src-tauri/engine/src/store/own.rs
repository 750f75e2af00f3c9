//! The rows and checks that a project has besides those of its roadmap: the file as it was given, read anew each time.

use super::{ProjectId, Store, trouble};
use crate::EngineError;
use audit::facts::Target;
use audit::own::{self, Own};

impl Store {
    /// The file of own rows of a project; empty where there is none.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn own_file(&self, project: ProjectId) -> Result<String, EngineError> {
        let text: Option<String> = sqlx::query_scalar("SELECT text FROM own_rows WHERE project = ?1")
            .bind(project.to_string())
            .fetch_optional(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(text.unwrap_or_default())
    }

    /// The own rows of a project; none where there are none, or where this version cannot read the file.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn own(&self, project: ProjectId) -> Result<Option<Own>, EngineError> {
        let text = self.own_file(project).await?;
        if text.is_empty() {
            return Ok(None);
        }
        Ok(own::read(&text, &self.project(project).await?.target).ok())
    }

    /// Keeps the file of own rows in place of the one before; nothing forgets it.
    ///
    /// # Errors
    /// It cannot be used, which is told with its line; or the store cannot be written.
    pub async fn keep_own(&self, project: ProjectId, text: &str) -> Result<(), EngineError> {
        let query = if text.trim().is_empty() {
            sqlx::query("DELETE FROM own_rows WHERE project = ?1").bind(project.to_string())
        } else {
            own_rows(text, &self.project(project).await?.target)?;
            let put = "INSERT INTO own_rows VALUES (?1, ?2) ON CONFLICT (project) DO UPDATE SET text = excluded.text";
            sqlx::query(put).bind(project.to_string()).bind(text)
        };
        query.execute(&self.pool).await.map_err(trouble::of)?;
        Ok(())
    }
}

/// Reads a file of own rows for a domain; one without any text holds none.
///
/// # Errors
/// It cannot be used, which is told with its line, or it holds a key that is secret, even in a comment.
pub fn own_rows(text: &str, target: &Target) -> Result<Own, EngineError> {
    if text.trim().is_empty() {
        return Ok(Own::default());
    }
    let own = own::read(text, target).map_err(|why| EngineError::new("own", why))?;
    super::answer::no_key([text])?;
    Ok(own)
}

#[cfg(test)]
mod tests {
    use crate::store::Store;
    use crate::store::tests::{begun, draft, folder, observation};

    #[tokio::test]
    async fn own_rows_are_kept_and_count_at_once() {
        let dir = folder("own");
        let store = Store::open(dir.path()).await.unwrap();
        let id = store.create_project(draft("juniperdesk.example"), begun().started).await.unwrap().id;
        let run = store.begin_run(id, &begun()).await.unwrap();
        store.append(run, &[observation("a.example A")]).await.unwrap();
        let file = include_str!("../../../../assets/recipes/own.toml");
        store.keep_own(id, file).await.unwrap();
        let facts = store.facts(id).await.unwrap().unwrap();
        let own = facts.own.unwrap();
        assert_eq!(own.rows[0].http[0].url, "https://juniperdesk.example/pricing");
        let refused = store.keep_own(id, "version = 1\n[[row]]\nid = 1").await.unwrap_err();
        assert_eq!(refused.code, "own");
        assert!(refused.message.starts_with("line "), "{}", refused.message);
        let key = format!("{file}# {}_{}", "sk_live", "4eC39HqLyjWDarjtT1zdp7dc");
        assert_eq!(store.keep_own(id, &key).await.unwrap_err().code, "secret");
        assert_eq!(store.own_file(id).await.unwrap(), file);
        store.keep_own(id, "").await.unwrap();
        assert_eq!(store.own(id).await.unwrap(), None);
    }
}
