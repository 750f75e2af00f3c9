//! Settings of the window by name: small texts, and a small file such as a logo.

use super::{Store, trouble};
use crate::EngineError;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// Longest setting, bytes; the window keeps names and places, no documents.
const LONGEST: usize = 4_096;
/// Longest file, bytes.
const FILE: usize = 512 * 1024;

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
        self.put(key, value).await
    }

    /// A small file that is kept as a setting.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn kept_file(&self, key: &str) -> Result<Option<Vec<u8>>, EngineError> {
        let kept = self.preference(key).await?;
        let read = |text: String| BASE64_STANDARD.decode(text);
        kept.map(read).transpose().map_err(|_| EngineError::new("store", "a kept file is damaged; choose it again"))
    }

    /// Keeps a small file as a setting.
    ///
    /// # Errors
    /// It is too long, or the store cannot be written.
    pub async fn keep_file(&self, key: &str, bytes: &[u8]) -> Result<(), EngineError> {
        if bytes.len() > FILE {
            return Err(EngineError::new("too-long", "a file that is kept as a setting may have at most 512 kB"));
        }
        self.put(key, &BASE64_STANDARD.encode(bytes)).await
    }

    /// Forgets a setting.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn forget(&self, key: &str) -> Result<(), EngineError> {
        let forgotten = sqlx::query("DELETE FROM preference WHERE key = ?1").bind(key);
        forgotten.execute(&self.pool).await.map_err(trouble::of)?;
        Ok(())
    }

    async fn put(&self, key: &str, value: &str) -> Result<(), EngineError> {
        sqlx::query("INSERT INTO preference VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
            .bind(key)
            .bind(value)
            .execute(&self.pool)
            .await
            .map_err(trouble::of)?;
        Ok(())
    }
}
