//! Journeys as they were recorded, each with what was seen when it was last gone through. A file with a secret in it never comes here.

use super::{ProjectId, Store, trouble};
use crate::EngineError;
use audit::facts::{Fact, JourneySeen};
use audit::read::journey::{Journey, parts};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use std::collections::BTreeMap;

/// Journeys of one project.
const MOST: usize = 50;

/// A journey of a project.
#[derive(Clone, Debug)]
pub struct KeptJourney {
    /// What its file says.
    pub journey: Journey,
    /// The file of this one journey.
    pub text: String,
    /// What was seen the last time; none before the first.
    pub seen: Option<Fact<JourneySeen>>,
}

impl KeptJourney {
    /// Its key among the facts.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{} {}", self.journey.kind.word(), self.journey.name)
    }
}

impl Store {
    /// Keeps every journey of a file; one of the same name makes way, and so does the one that this file is a new version of.
    ///
    /// # Errors
    /// The file is none, holds a secret, there are too many, or the store cannot be written.
    pub async fn keep_journeys(
        &self,
        project: ProjectId,
        text: &str,
        instead_of: Option<&str>,
    ) -> Result<Vec<String>, EngineError> {
        let parts = parts(text).map_err(|wrong| EngineError::new("journey", wrong.to_string()))?;
        let known = self.journeys(project).await?;
        let stays = |name: &str| instead_of != Some(name) && !parts.iter().any(|(journey, _)| journey.name == name);
        if known.iter().filter(|kept| stays(&kept.journey.name)).count() + parts.len() > MOST {
            return Err(EngineError::new("journey", "a project may have at most 50 journeys; remove one first"));
        }
        let mut batch = self.pool.begin().await.map_err(trouble::of)?;
        let names: Vec<String> = parts.iter().map(|(journey, _)| journey.name.clone()).collect();
        for name in names.iter().map(String::as_str).chain(instead_of) {
            sqlx::query("DELETE FROM journey WHERE project = ?1 AND name = ?2")
                .bind(project.to_string())
                .bind(name)
                .execute(&mut *batch)
                .await
                .map_err(trouble::of)?;
        }
        for (journey, text) in &parts {
            sqlx::query("INSERT INTO journey (project, name, text) VALUES (?1, ?2, ?3)")
                .bind(project.to_string())
                .bind(&journey.name)
                .bind(text)
                .execute(&mut *batch)
                .await
                .map_err(trouble::of)?;
        }
        batch.commit().await.map_err(trouble::of)?;
        Ok(names)
    }

    /// The journeys of a project, in the order in which they were recorded. One that cannot be read counts as none.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn journeys(&self, project: ProjectId) -> Result<Vec<KeptJourney>, EngineError> {
        let rows = sqlx::query("SELECT text, seen FROM journey WHERE project = ?1 ORDER BY id")
            .bind(project.to_string())
            .fetch_all(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(rows.iter().filter_map(read).collect())
    }

    /// What an audit is told of them, by their keys.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(super) async fn journey_facts(
        &self,
        project: ProjectId,
    ) -> Result<BTreeMap<String, Fact<JourneySeen>>, EngineError> {
        let kept = self.journeys(project).await?;
        Ok(kept.into_iter().filter_map(|kept| Some((kept.key(), kept.seen?))).collect())
    }

    /// Keeps what was seen of the journey with this key; one that is not there any more is none of ours.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn note_journey(
        &self,
        project: ProjectId,
        key: &str,
        fact: &Fact<JourneySeen>,
    ) -> Result<(), EngineError> {
        let name = key.split_once(' ').map_or(key, |(_, name)| name);
        let text = serde_json::to_string(fact).map_err(|error| trouble::unreadable("journey", error))?;
        sqlx::query("UPDATE journey SET seen = ?3 WHERE project = ?1 AND name = ?2")
            .bind(project.to_string())
            .bind(name)
            .bind(text)
            .execute(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(())
    }

    /// Forgets a journey.
    ///
    /// # Errors
    /// It is not there, or the store cannot be written.
    pub async fn forget_journey(&self, project: ProjectId, name: &str) -> Result<(), EngineError> {
        let done = sqlx::query("DELETE FROM journey WHERE project = ?1 AND name = ?2")
            .bind(project.to_string())
            .bind(name)
            .execute(&self.pool)
            .await
            .map_err(trouble::of)?;
        if done.rows_affected() > 0 {
            return Ok(());
        }
        Err(EngineError::new("journey-gone", "this journey is not there any more"))
    }
}

fn read(row: &SqliteRow) -> Option<KeptJourney> {
    let text: String = row.get("text");
    let (journey, _) = parts(&text).ok()?.into_iter().next()?;
    let seen = row.get::<Option<&str>, _>("seen").and_then(|seen| serde_json::from_str(seen).ok());
    Some(KeptJourney { journey, text, seen })
}

#[cfg(test)]
mod tests {
    use crate::store::Store;
    use crate::store::tests::{begun, draft, folder};
    use audit::facts::Fact;
    use audit::{Unseen, Why};

    const FILE: &str = "version = 1\n[[journey]]\nname = \"Sign in\"\nkind = \"login\"\nbase = \"https://a.example\"\n[[journey.step]]\npath = \"/\"\n[[journey]]\nname = \"Order\"\nkind = \"checkout\"\nbase = \"https://a.example\"\n[[journey.step]]\npath = \"/order\"\n";

    #[tokio::test]
    async fn journeys_are_kept_with_what_came_of_them() {
        let dir = folder("journeys");
        let store = Store::open(dir.path()).await.unwrap();
        let id = store.create_project(draft("a.example"), begun().started).await.unwrap().id;
        assert_eq!(store.keep_journeys(id, FILE, None).await.unwrap(), ["Sign in", "Order"]);
        let lost = Fact::Unseen(Unseen {
            what: "journey".to_owned(),
            why: Why::NoConsent,
            says: "nobody agreed".to_owned(),
            way: "record it".to_owned(),
        });
        store.note_journey(id, "login Sign in", &lost).await.unwrap();
        store.note_journey(id, "core Somebody else's", &lost).await.unwrap();
        store.close().await;
        let store = Store::open(dir.path()).await.unwrap();
        let kept = store.journeys(id).await.unwrap();
        assert_eq!((kept.len(), kept[0].key()), (2, "login Sign in".to_owned()));
        assert_eq!(kept[0].seen, Some(lost));
        assert!(kept[1].seen.is_none());
        assert_eq!(store.journey_facts(id).await.unwrap().len(), 1);
        // A new version under another name takes the place of the old one, and nothing is known of it yet.
        let renamed = kept[0].text.replace("Sign in", "Come in");
        store.keep_journeys(id, &renamed, Some("Sign in")).await.unwrap();
        let kept = store.journeys(id).await.unwrap();
        assert_eq!(kept.iter().map(|kept| kept.journey.name.as_str()).collect::<Vec<_>>(), ["Order", "Come in"]);
        assert!(kept.iter().all(|kept| kept.seen.is_none()));
        store.forget_journey(id, "Order").await.unwrap();
        assert_eq!(store.forget_journey(id, "Order").await.unwrap_err().code, "journey-gone");
        let secret = FILE.replace("path = \"/\"", "path = \"/\"\nform = { password = \"hunter2\" }");
        assert_eq!(store.keep_journeys(id, &secret, None).await.unwrap_err().code, "journey");
        assert_eq!(store.journeys(id).await.unwrap().len(), 1);
    }
}
