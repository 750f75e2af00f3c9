//! Settings of the window: small texts by name.

use super::{Store, trouble};
use crate::EngineError;

/// Longest setting, bytes; the window keeps names and places, no documents.
const LONGEST: usize = 4_096;

impl Store {
    /// A setting, when it was made.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn preference(&self, key: &str) -> Result<Option<String>, EngineError> {
        sqlx::query_scalar("SELECT value FROM preference WHERE key = ?1")
            .bind(key)
            .fetch_optional(&self.pool)
            .await
            .map_err(trouble::of)
    }

    /// Makes a setting.
    ///
    /// # Errors
    /// It is too long, or the file cannot be written.
    pub async fn prefer(&self, key: &str, value: &str) -> Result<(), EngineError> {
        if key.len().max(value.len()) > LONGEST {
            return Err(EngineError::new("too-long", "a setting may have at most 4,096 bytes"));
        }
        sqlx::query("INSERT INTO preference VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
            .bind(key)
            .bind(value)
            .execute(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(())
    }
}
