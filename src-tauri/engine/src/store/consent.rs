//! Consents as they were recorded. None is changed afterwards: it is withdrawn, or it runs out.

use super::{Project, ProjectId, Store, trouble};
use crate::load::LoadConsent;
use crate::{Consent, EngineError};
use audit::facts::{Agreed, Agreement, LoadAgreed};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Consents of one project and kind that are read back.
const MOST: i64 = 100;
/// The word for consent to load.
const LOAD: &str = "load";
/// What else is agreed to.
const KINDS: [Agreement; 3] = [Agreement::Tries, Agreement::Mail, Agreement::Journey];

/// The word by which a consent is told from others for the same host.
fn word(kind: Agreement) -> &'static str {
    match kind {
        Agreement::Tries => "tries",
        Agreement::Mail => "mail",
        Agreement::Journey => "journey",
    }
}

impl Store {
    /// Keeps a consent; an earlier one of the same kind for the same host makes way.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn keep_consent(&self, project: ProjectId, consent: &Consent) -> Result<(), EngineError> {
        let agreed = consent.agreed();
        self.keep_agreed(project, word(agreed.kind), (&agreed.host, agreed.at), agreed).await
    }

    /// Keeps a consent to load; an earlier one for the same host makes way.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn keep_load_consent(&self, project: ProjectId, consent: &LoadConsent) -> Result<(), EngineError> {
        let agreed = consent.agreed();
        self.keep_agreed(project, LOAD, (&agreed.host, agreed.at), agreed).await
    }

    /// Withdraws the consent of this kind for a host; that there was one stays on record, and consents of other kinds hold on.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn withdraw_consent(
        &self,
        project: ProjectId,
        kind: Agreement,
        host: &str,
        at: Timestamp,
    ) -> Result<(), EngineError> {
        self.withdraw(project, word(kind), host, at).await
    }

    /// Withdraws the consent to load on a host; that there was one stays on record, and consents of other kinds hold on.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn withdraw_load_consent(
        &self,
        project: ProjectId,
        host: &str,
        at: Timestamp,
    ) -> Result<(), EngineError> {
        self.withdraw(project, LOAD, host, at).await
    }

    /// The consents that hold now except those to load, by kind, newest first. One whose record cannot be read counts as none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn consents(&self, project: &Project, now: Timestamp) -> Result<Vec<Consent>, EngineError> {
        let mut held = Vec::new();
        for kind in KINDS {
            let read: Vec<Agreed> = self.agreed(project.id, word(kind)).await?;
            let read = read.into_iter().filter(|agreed| agreed.kind == kind);
            held.extend(read.filter_map(|agreed| Consent::recorded(&project.target, agreed, now)));
        }
        Ok(held)
    }

    /// The consents to load that hold now, newest first. One whose record cannot be read counts as none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn load_consents(&self, project: &Project, now: Timestamp) -> Result<Vec<LoadConsent>, EngineError> {
        let read: Vec<LoadAgreed> = self.agreed(project.id, LOAD).await?;
        Ok(read.into_iter().filter_map(|agreed| LoadConsent::recorded(&project.target, agreed, now)).collect())
    }

    async fn keep_agreed(
        &self,
        project: ProjectId,
        kind: &str,
        (host, at): (&str, Timestamp),
        agreed: &impl Serialize,
    ) -> Result<(), EngineError> {
        let text = serde_json::to_string(agreed).map_err(|error| trouble::unreadable("consent", error))?;
        self.withdraw(project, kind, host, at).await?;
        sqlx::query("INSERT INTO consent (project, kind, host, agreed) VALUES (?1, ?2, ?3, ?4)")
            .bind(project.to_string())
            .bind(kind)
            .bind(host)
            .bind(text)
            .execute(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(())
    }

    async fn withdraw(&self, project: ProjectId, kind: &str, host: &str, at: Timestamp) -> Result<(), EngineError> {
        sqlx::query(
            "UPDATE consent SET withdrawn = ?4 WHERE project = ?1 AND kind = ?2 AND host = ?3 AND withdrawn IS NULL",
        )
        .bind(project.to_string())
        .bind(kind)
        .bind(host)
        .bind(at.to_string())
        .execute(&self.pool)
        .await
        .map_err(trouble::of)?;
        Ok(())
    }

    async fn agreed<T: DeserializeOwned>(&self, project: ProjectId, kind: &str) -> Result<Vec<T>, EngineError> {
        let texts: Vec<String> = sqlx::query_scalar(
            "SELECT agreed FROM consent WHERE project = ?1 AND kind = ?2 AND withdrawn IS NULL ORDER BY id DESC LIMIT ?3",
        )
        .bind(project.to_string())
        .bind(kind)
        .bind(MOST)
        .fetch_all(&self.pool)
        .await
        .map_err(trouble::of)?;
        Ok(texts.iter().filter_map(|text| serde_json::from_str(text).ok()).collect())
    }
}

#[cfg(test)]
#[path = "consent_tests.rs"]
mod tests;
