//! The two days of work on a project: begun, paused, gone on with, ended. What was said is kept at once.

use super::{ProjectId, Store, trouble};
use crate::EngineError;
use audit::facts::{Pause, Sprint};
use jiff::Timestamp;

/// Most pauses of one sprint.
const MOST: usize = 100;

impl Store {
    /// The sprint of a project, when one was begun.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn sprint(&self, project: ProjectId) -> Result<Option<Sprint>, EngineError> {
        let text: Option<String> = sqlx::query_scalar("SELECT sprint FROM sprint WHERE project = ?1")
            .bind(project.to_string())
            .fetch_optional(&self.pool)
            .await
            .map_err(trouble::of)?;
        let read = |text: String| serde_json::from_str(&text).map_err(|error| trouble::unreadable("sprint", error));
        text.map(read).transpose()
    }

    /// Begins a sprint at a time of one's choice, in place of the one before; none ends it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn begin_sprint(&self, project: ProjectId, began: Option<Timestamp>) -> Result<(), EngineError> {
        match began {
            Some(began) => self.put_sprint(project, &Sprint { began, pauses: vec![] }).await,
            None => {
                let end = sqlx::query("DELETE FROM sprint WHERE project = ?1").bind(project.to_string());
                end.execute(&self.pool).await.map_err(trouble::of)?;
                Ok(())
            }
        }
    }

    /// Pauses the sprint, or goes on with it.
    ///
    /// # Errors
    /// There is none, or the file cannot be written.
    pub async fn pause_sprint(&self, project: ProjectId, paused: bool, at: Timestamp) -> Result<(), EngineError> {
        let Some(mut sprint) = self.sprint(project).await? else {
            return Err(EngineError::new("sprint", "start the sprint clock first"));
        };
        let on = sprint.pauses.last().is_some_and(|pause| pause.to.is_none());
        if paused && !on {
            if sprint.pauses.len() >= MOST {
                return Err(EngineError::new("sprint", "a sprint may be paused 100 times; start a new one"));
            }
            sprint.pauses.push(Pause { from: at, to: None });
        }
        if let Some(pause) = sprint.pauses.last_mut().filter(|_| !paused && on) {
            pause.to = Some(at.max(pause.from));
        }
        self.put_sprint(project, &sprint).await
    }

    async fn put_sprint(&self, project: ProjectId, sprint: &Sprint) -> Result<(), EngineError> {
        let text = serde_json::to_string(sprint).map_err(|error| trouble::unreadable("sprint", error))?;
        sqlx::query("INSERT INTO sprint VALUES (?1, ?2) ON CONFLICT (project) DO UPDATE SET sprint = excluded.sprint")
            .bind(project.to_string())
            .bind(text)
            .execute(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::store::Store;
    use crate::store::tests::{begun, draft, folder};
    use jiff::ToSpan;

    #[tokio::test]
    async fn a_sprint_is_paused_and_gone_on_with_across_a_restart() {
        let dir = folder("sprint");
        let store = Store::open(dir.path()).await.unwrap();
        let at = begun().started;
        let project = store.create_project(draft("a.example"), at).await.unwrap().id;
        assert_eq!(store.pause_sprint(project, true, at).await.unwrap_err().code, "sprint");
        store.begin_sprint(project, Some(at)).await.unwrap();
        store.pause_sprint(project, true, at + 1.hour()).await.unwrap();
        store.pause_sprint(project, true, at + 2.hours()).await.unwrap();
        // Not closed: as if the window had been killed.
        let store = Store::open(dir.path()).await.unwrap();
        store.pause_sprint(project, false, at + 3.hours()).await.unwrap();
        let sprint = store.sprint(project).await.unwrap().unwrap();
        let pauses: Vec<_> = sprint.pauses.iter().map(|pause| (pause.from, pause.to)).collect();
        assert_eq!((sprint.began, pauses), (at, vec![(at + 1.hour(), Some(at + 3.hours()))]));
        assert_eq!(store.facts(project).await.unwrap().map(|facts| facts.sprint), None);
        store.begin_sprint(project, None).await.unwrap();
        assert_eq!(store.sprint(project).await.unwrap(), None);
    }
}
