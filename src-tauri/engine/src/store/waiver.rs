//! Risks as they were accepted. None is changed afterwards: it is withdrawn, or it runs out.

use super::{ProjectId, Store, answer, trouble};
use crate::EngineError;
use audit::facts::Waiver;
use audit::waive;
use jiff::Timestamp;
use sqlx::SqliteConnection;

/// Waivers of one project that are read back.
const MOST: i64 = 1_000;

impl Store {
    /// Keeps a waiver; an earlier one of the same thing makes way.
    ///
    /// # Errors
    /// It has no reason, approver or day to come, or holds a key; or the file cannot be written.
    pub async fn keep_waiver(&self, project: ProjectId, waiver: &Waiver) -> Result<(), EngineError> {
        waive::refuse(waiver).map_err(|says| EngineError::new("waiver", says))?;
        answer::no_key([waiver.reason.as_str(), &waiver.approver])?;
        let text = serde_json::to_string(waiver).map_err(|error| trouble::unreadable("waiver", error))?;
        // Both or neither: a risk that was accepted must not come back because its new words could not be written.
        let mut batch = self.pool.begin().await.map_err(trouble::of)?;
        withdraw(&mut batch, project, &waiver.of, waiver.subject.as_deref(), waiver.at).await?;
        sqlx::query("INSERT INTO waiver (project, of, subject, waiver) VALUES (?1, ?2, ?3, ?4)")
            .bind(project.to_string())
            .bind(&waiver.of)
            .bind(waiver.subject.as_deref().unwrap_or_default())
            .bind(text)
            .execute(&mut *batch)
            .await
            .map_err(trouble::of)?;
        batch.commit().await.map_err(trouble::of)
    }

    /// Withdraws a waiver; that there was one stays on record.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn withdraw_waiver(
        &self,
        project: ProjectId,
        of: &str,
        subject: Option<&str>,
        at: Timestamp,
    ) -> Result<(), EngineError> {
        let mut connection = self.pool.acquire().await.map_err(trouble::of)?;
        withdraw(&mut connection, project, of, subject, at).await
    }

    /// The waivers that were not withdrawn, oldest first; those that ran out are among them.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn waivers(&self, project: ProjectId) -> Result<Vec<Waiver>, EngineError> {
        let texts: Vec<String> = sqlx::query_scalar(
            "SELECT waiver FROM waiver WHERE project = ?1 AND withdrawn IS NULL ORDER BY id DESC LIMIT ?2",
        )
        .bind(project.to_string())
        .bind(MOST)
        .fetch_all(&self.pool)
        .await
        .map_err(trouble::of)?;
        let read = |text: &String| serde_json::from_str(text).map_err(|error| trouble::unreadable("waiver", error));
        texts.iter().rev().map(read).collect()
    }
}

async fn withdraw(
    connection: &mut SqliteConnection,
    project: ProjectId,
    of: &str,
    subject: Option<&str>,
    at: Timestamp,
) -> Result<(), EngineError> {
    sqlx::query(
        "UPDATE waiver SET withdrawn = ?4 WHERE project = ?1 AND of = ?2 AND subject = ?3 AND withdrawn IS NULL",
    )
    .bind(project.to_string())
    .bind(of)
    .bind(subject.unwrap_or_default())
    .bind(at.to_string())
    .execute(connection)
    .await
    .map_err(trouble::of)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::store::Store;
    use crate::store::tests::{begun, draft, folder};
    use audit::facts::Waiver;
    use jiff::ToSpan;

    #[tokio::test]
    async fn a_waiver_lasts_until_it_is_withdrawn_and_stays_on_record() {
        let dir = folder("waiver");
        let store = Store::open(dir.path()).await.unwrap();
        let at = begun().started;
        let project = store.create_project(draft("juniperdesk.example"), at).await.unwrap().id;
        let until = at.to_zoned(jiff::tz::TimeZone::UTC).date() + 30.days();
        let waiver = |subject: &str, reason: &str| Waiver {
            of: "http.headers".to_owned(),
            subject: Some(subject.to_owned()),
            severity: None,
            reason: reason.to_owned(),
            approver: "Dana Rivera".to_owned(),
            until,
            at,
        };
        store.keep_waiver(project, &waiver("one", "first")).await.unwrap();
        store.keep_waiver(project, &waiver("two", "other")).await.unwrap();
        store.keep_waiver(project, &waiver("one", "second")).await.unwrap();
        store.close().await;
        let store = Store::open(dir.path()).await.unwrap();
        assert_eq!(store.waivers(project).await.unwrap(), [waiver("two", "other"), waiver("one", "second")]);
        store.withdraw_waiver(project, "http.headers", Some("two"), at).await.unwrap();
        assert_eq!(store.waivers(project).await.unwrap(), [waiver("one", "second")]);
        let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM waiver").fetch_one(&store.pool).await.unwrap();
        assert_eq!(kept, 3);

        let key = format!("the key is {}_{}", "sk_live", "4eC39HqLyjWDarjtT1zdp7dc");
        for (reason, code) in [(" ", "waiver"), (key.as_str(), "secret")] {
            let refused = store.keep_waiver(project, &waiver("one", reason)).await.unwrap_err();
            assert_eq!(refused.code, code);
        }
        assert_eq!(store.waivers(project).await.unwrap(), [waiver("one", "second")]);

        // Where the new one cannot be written, the earlier one still holds.
        let full = "CREATE TRIGGER full BEFORE INSERT ON waiver BEGIN SELECT RAISE(ABORT, 'disk is full'); END";
        sqlx::query(full).execute(&store.pool).await.unwrap();
        store.keep_waiver(project, &waiver("one", "third")).await.unwrap_err();
        assert_eq!(store.waivers(project).await.unwrap(), [waiver("one", "second")]);
    }
}
