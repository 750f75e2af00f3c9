//! Notes that the keychain was given a secret. The secret itself never comes here.

use super::{ProjectId, Store, trouble};
use crate::EngineError;
use crate::vault::Kind;

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

    /// Notes that the keychain was given a secret.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn note_secret(&self, project: ProjectId, kind: Kind) -> Result<(), EngineError> {
        sqlx::query("INSERT INTO secret_note VALUES (?1, ?2) ON CONFLICT DO NOTHING")
            .bind(project.to_string())
            .bind(kind.key())
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
        sqlx::query("DELETE FROM secret_note WHERE project = ?1 AND kind = ?2")
            .bind(project.to_string())
            .bind(kind.key())
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
