//! Watches: which projects are watched and how often, and the changes that were noted.

use super::{ProjectId, Store, trouble};
use crate::EngineError;
use audit::watch::Change;
use sqlx::Row;
use std::collections::BTreeSet;

/// Changes of one project that are kept.
const MOST: i64 = 500;

impl Store {
    /// Begins or ends the watch of a project: every so many seconds, or none.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn set_watch(&self, project: ProjectId, every_s: Option<u32>) -> Result<(), EngineError> {
        let query = match every_s {
            Some(_) => "INSERT INTO watch VALUES (?1, ?2) ON CONFLICT (project) DO UPDATE SET every_s = ?2",
            None => "DELETE FROM watch WHERE project = ?1",
        };
        let query = sqlx::query(query).bind(project.to_string());
        let query = if let Some(every_s) = every_s { query.bind(every_s) } else { query };
        query.execute(&self.pool).await.map_err(trouble::of)?;
        Ok(())
    }

    /// The projects that are watched, each with its seconds.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn watches(&self) -> Result<Vec<(ProjectId, u32)>, EngineError> {
        let rows =
            sqlx::query("SELECT project, every_s FROM watch").fetch_all(&self.pool).await.map_err(trouble::of)?;
        Ok(rows
            .iter()
            .filter_map(|row| Some((row.get::<&str, _>("project").parse().ok()?, row.get("every_s"))))
            .collect())
    }

    /// Notes a change. When this returns it is on disk.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn note_change(&self, project: ProjectId, change: &Change) -> Result<(), EngineError> {
        let text = serde_json::to_string(change).map_err(|error| trouble::unreadable("change", error))?;
        sqlx::query("INSERT INTO watch_change (project, change) VALUES (?1, ?2)")
            .bind(project.to_string())
            .bind(text)
            .execute(&self.pool)
            .await
            .map_err(trouble::of)?;
        sqlx::query(
            "DELETE FROM watch_change WHERE project = ?1 AND id NOT IN (SELECT id FROM watch_change WHERE project = ?1 ORDER BY id DESC LIMIT ?2)",
        )
        .bind(project.to_string())
        .bind(MOST)
        .execute(&self.pool)
        .await
        .map_err(trouble::of)?;
        Ok(())
    }

    /// The changes of a project, newest first. One that cannot be read counts as none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn changes(&self, project: ProjectId) -> Result<Vec<Change>, EngineError> {
        let texts: Vec<String> =
            sqlx::query_scalar("SELECT change FROM watch_change WHERE project = ?1 ORDER BY id DESC")
                .bind(project.to_string())
                .fetch_all(&self.pool)
                .await
                .map_err(trouble::of)?;
        Ok(texts.iter().filter_map(|text| serde_json::from_str(text).ok()).collect())
    }

    /// The newest change of each subject: how it stands.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn standings(&self, project: ProjectId) -> Result<Vec<Change>, EngineError> {
        let mut told = BTreeSet::new();
        Ok(self.changes(project).await?.into_iter().filter(|change| told.insert(change.subject.clone())).collect())
    }
}

#[cfg(test)]
mod tests {
    use crate::store::Store;
    use crate::store::tests::{begun, draft, folder};
    use audit::watch::{Change, Standing};

    #[tokio::test]
    async fn what_a_watch_noted_is_there_after_a_restart() {
        let dir = folder("watch");
        let store = Store::open(dir.path()).await.unwrap();
        let at = begun().started;
        let id = store.create_project(draft("a.example"), at).await.unwrap().id;
        store.set_watch(id, Some(300)).await.unwrap();
        store.set_watch(id, Some(60)).await.unwrap();
        let change = |standing, before| Change {
            subject: "https://a.example/".to_owned(),
            standing,
            says: "status 503".to_owned(),
            since: at,
            before,
        };
        for change in [change(Standing::Well, None), change(Standing::Down, Some(Standing::Well))] {
            store.note_change(id, &change).await.unwrap();
        }
        store.close().await;
        let store = Store::open(dir.path()).await.unwrap();
        assert_eq!(store.watches().await.unwrap(), [(id, 60)]);
        assert_eq!(store.changes(id).await.unwrap().len(), 2);
        assert_eq!(store.standings(id).await.unwrap(), [change(Standing::Down, Some(Standing::Well))]);
        store.set_watch(id, None).await.unwrap();
        assert_eq!(store.watches().await.unwrap(), []);
    }
}
