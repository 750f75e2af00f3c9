//! Consents as they were recorded. None is changed afterwards: it is withdrawn, or it runs out.

use super::{Project, ProjectId, Store, trouble};
use crate::{Consent, EngineError};
use audit::facts::Agreed;
use jiff::Timestamp;

/// Consents of one project that are read back.
const MOST: i64 = 100;

impl Store {
    /// Keeps a consent; an earlier one of the same kind for the same host makes way.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn keep_consent(&self, project: ProjectId, consent: &Consent) -> Result<(), EngineError> {
        let agreed = consent.agreed();
        let text = serde_json::to_string(agreed).map_err(|error| trouble::unreadable("consent", error))?;
        let kind = serde_json::to_string(&agreed.kind).map_err(|error| trouble::unreadable("consent", error))?;
        sqlx::query(
            "UPDATE consent SET withdrawn = ?3 WHERE project = ?1 AND host = ?2 AND withdrawn IS NULL AND json_valid(agreed) AND coalesce(json_extract(agreed, '$.kind'), 'tries') = ?4",
        )
        .bind(project.to_string())
        .bind(&agreed.host)
        .bind(agreed.at.to_string())
        .bind(kind.trim_matches('"'))
        .execute(&self.pool)
        .await
        .map_err(trouble::of)?;
        sqlx::query("INSERT INTO consent (project, host, agreed) VALUES (?1, ?2, ?3)")
            .bind(project.to_string())
            .bind(&agreed.host)
            .bind(text)
            .execute(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(())
    }

    /// Withdraws the consent for a host; that there was one stays on record.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn withdraw_consent(&self, project: ProjectId, host: &str, at: Timestamp) -> Result<(), EngineError> {
        sqlx::query("UPDATE consent SET withdrawn = ?3 WHERE project = ?1 AND host = ?2 AND withdrawn IS NULL")
            .bind(project.to_string())
            .bind(host)
            .bind(at.to_string())
            .execute(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(())
    }

    /// The consents that hold now, newest first. One whose record cannot be read counts as none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn consents(&self, project: &Project, now: Timestamp) -> Result<Vec<Consent>, EngineError> {
        let texts: Vec<String> = sqlx::query_scalar(
            "SELECT agreed FROM consent WHERE project = ?1 AND withdrawn IS NULL ORDER BY id DESC LIMIT ?2",
        )
        .bind(project.id.to_string())
        .bind(MOST)
        .fetch_all(&self.pool)
        .await
        .map_err(trouble::of)?;
        let read = texts.iter().filter_map(|text| serde_json::from_str::<Agreed>(text).ok());
        Ok(read.filter_map(|agreed| Consent::recorded(&project.target, agreed, now)).collect())
    }
}

#[cfg(test)]
mod tests {
    use crate::Consent;
    use crate::store::Store;
    use crate::store::tests::{begun, draft, folder};
    use audit::facts::Cap;

    #[tokio::test]
    async fn a_consent_lasts_until_it_is_withdrawn_or_runs_out() {
        let dir = folder("consent");
        let store = Store::open(dir.path()).await.unwrap();
        let now = begun().started;
        let project = store.create_project(draft("juniperdesk.example"), now).await.unwrap();
        let host = "app.juniperdesk.example";
        let consent = |by: &str| Consent::record(&project.target, host, by, Cap::MOST, now).unwrap();
        store.keep_consent(project.id, &consent("Ada")).await.unwrap();
        store.keep_consent(project.id, &consent("Ben")).await.unwrap();
        store.close().await;
        let store = Store::open(dir.path()).await.unwrap();
        let held = store.consents(&project, now).await.unwrap();
        assert_eq!(held, [consent("Ben")]);
        assert_eq!(store.consents(&project, held[0].agreed().until).await.unwrap(), []);
        let journeys = Consent::to_write(host, "Ada", now).unwrap();
        store.keep_consent(project.id, &journeys).await.unwrap();
        assert_eq!(store.consents(&project, now).await.unwrap(), [journeys, consent("Ben")]);
        store.withdraw_consent(project.id, host, now).await.unwrap();
        assert_eq!(store.consents(&project, now).await.unwrap(), []);
        let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM consent").fetch_one(&store.pool).await.unwrap();
        assert_eq!(kept, 3);
    }

    #[tokio::test]
    async fn a_record_that_was_tampered_with_is_no_consent() {
        let dir = folder("consent-tampered");
        let store = Store::open(dir.path()).await.unwrap();
        let now = begun().started;
        let project = store.create_project(draft("juniperdesk.example"), now).await.unwrap();
        let made = Consent::record(&project.target, "app.juniperdesk.example", "Ada", Cap::MOST, now).unwrap();
        store.keep_consent(project.id, &made).await.unwrap();
        for (from, to) in [("\"cap\":30", "\"cap\":200"), ("app.juniperdesk.example", "victim.test"), ("{", "[")] {
            let text = serde_json::to_string(made.agreed()).unwrap().replace(from, to);
            sqlx::query("UPDATE consent SET agreed = ?1").bind(text).execute(&store.pool).await.unwrap();
            assert_eq!(store.consents(&project, now).await.unwrap(), [], "{to}");
        }
    }
}
