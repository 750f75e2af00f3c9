//! Notes that the keychain was given a secret. The secret itself never comes here.

use super::{ProjectId, Store, trouble};
use crate::EngineError;
use crate::vault::Kind;
use jiff::Timestamp;

/// What stands before the name of a secret that journeys name.
const JOURNEY: &str = "journey/";

impl Store {
    /// The kinds of secret that the keychain was given for a project.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn secret_notes(&self, project: ProjectId) -> Result<Vec<Kind>, EngineError> {
        let kinds: Vec<String> = sqlx::query_scalar("SELECT kind FROM secret_note WHERE project = ?1")
            .bind(project.to_string())
            .fetch_all(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(Kind::ALL.into_iter().filter(|kind| kinds.iter().any(|noted| noted == kind.key())).collect())
    }

    /// Since when the keychain has a secret; none when it has none, or when that was not noted.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn secret_since(&self, project: ProjectId, kind: Kind) -> Result<Option<Timestamp>, EngineError> {
        let since: Option<Option<String>> =
            sqlx::query_scalar("SELECT since FROM secret_note WHERE project = ?1 AND kind = ?2")
                .bind(project.to_string())
                .bind(kind.key())
                .fetch_optional(&self.pool)
                .await
                .map_err(trouble::of)?;
        since.flatten().map(|at| at.parse().map_err(|error| trouble::unreadable("secret", error))).transpose()
    }

    /// Notes that the keychain was given a secret.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn note_secret(&self, project: ProjectId, kind: Kind, at: Timestamp) -> Result<(), EngineError> {
        self.note(project, kind.key(), at).await
    }

    /// The names of secrets of journeys that the keychain was given for a project.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn journey_notes(&self, project: ProjectId) -> Result<Vec<String>, EngineError> {
        let kinds: Vec<String> = sqlx::query_scalar("SELECT kind FROM secret_note WHERE project = ?1")
            .bind(project.to_string())
            .fetch_all(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(kinds.iter().filter_map(|kind| kind.strip_prefix(JOURNEY)).map(str::to_owned).collect())
    }

    /// Notes that the keychain was given a secret of journeys.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn note_journey_secret(&self, project: ProjectId, name: &str, at: Timestamp) -> Result<(), EngineError> {
        self.note(project, &format!("{JOURNEY}{name}"), at).await
    }

    /// Notes that the keychain has let go of a secret of journeys.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn forget_journey_secret(&self, project: ProjectId, name: &str) -> Result<(), EngineError> {
        self.unnote(project, &format!("{JOURNEY}{name}")).await
    }

    async fn note(&self, project: ProjectId, kind: &str, at: Timestamp) -> Result<(), EngineError> {
        sqlx::query("INSERT INTO secret_note (project, kind, since) VALUES (?1, ?2, ?3) ON CONFLICT (project, kind) DO UPDATE SET since = ?3")
            .bind(project.to_string())
            .bind(kind)
            .bind(at.to_string())
            .execute(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(())
    }

    /// Notes that the keychain has let go of a secret.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn forget_secret(&self, project: ProjectId, kind: Kind) -> Result<(), EngineError> {
        self.unnote(project, kind.key()).await
    }

    async fn unnote(&self, project: ProjectId, kind: &str) -> Result<(), EngineError> {
        sqlx::query("DELETE FROM secret_note WHERE project = ?1 AND kind = ?2")
            .bind(project.to_string())
            .bind(kind)
            .execute(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(())
    }

    /// Deleted projects of which the keychain may still hold a secret.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn left_secrets(&self) -> Result<Vec<ProjectId>, EngineError> {
        let left: Vec<String> = sqlx::query_scalar(
            "SELECT DISTINCT project FROM secret_note WHERE project NOT IN (SELECT id FROM project)",
        )
        .fetch_all(&self.pool)
        .await
        .map_err(trouble::of)?;
        left.iter().map(|id| id.parse().map_err(|error| trouble::unreadable("project", error))).collect()
    }
}
