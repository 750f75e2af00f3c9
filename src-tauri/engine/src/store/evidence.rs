//! Pieces of evidence: each kept once under its hash beside the project file, written whole or not at all, and never opened by us.

use super::{ProjectId, Store, trouble};
use crate::EngineError;
use audit::facts::{Evidence, EvidenceKind};
use audit::read::attached;
use audit::read::secret::pasted;
use audit::read::text::clean;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::Row;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Largest piece, bytes.
pub(super) const LARGEST: usize = 10_000_000;
/// All pieces of one project together, bytes.
pub(super) const ALL: i64 = 200_000_000;
/// Most pieces of one project.
pub(super) const MOST: u32 = 2_000;

/// Something to attach.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// What it is called; the address itself where it is a link.
    pub name: String,
    /// What it holds; nothing where it is a link.
    pub content: Option<Vec<u8>>,
    /// Who attaches it.
    pub by: String,
}

impl Attachment {
    /// What the window hands over: the content in base64, none where it is a link.
    ///
    /// # Errors
    /// It is too large, or did not arrive whole.
    pub fn packed(name: String, content: Option<&str>, by: String) -> Result<Self, EngineError> {
        if content.is_some_and(|content| content.len() > LARGEST / 3 * 4 + 8) {
            return Err(too_large());
        }
        let content = content.map(|content| STANDARD.decode(content)).transpose();
        let content =
            content.map_err(|_| EngineError::new("evidence", "this file did not arrive whole; attach it again"))?;
        Ok(Self { name, content, by })
    }
}

/// A picture as an address that holds it whole, with a type that we chose; none for what is no picture.
#[must_use]
pub fn picture(bytes: &[u8]) -> Option<String> {
    attached::media(bytes).map(|media| format!("data:{media};base64,{}", STANDARD.encode(bytes)))
}

impl Store {
    /// Attaches something to a row. The same content is kept once, however often it is attached.
    ///
    /// # Errors
    /// It is too large, holds a key that is secret, is no address on the web, or cannot be written.
    pub async fn attach(
        &self,
        project: ProjectId,
        key: &str,
        attachment: Attachment,
        at: Timestamp,
    ) -> Result<(), EngineError> {
        let Attachment { name, content, by } = attachment;
        let (kind, content) = match content {
            Some(content) => (attached::kind(&content), content),
            None => (EvidenceKind::Link, address(&name)?.into_bytes()),
        };
        allowed(&name, kind, &content)?;
        let hash = HEXLOWER.encode(&Sha256::digest(&content));
        let bytes = u32::try_from(content.len()).unwrap_or(u32::MAX);
        self.room_for(project, key, &hash, i64::from(bytes)).await?;
        let by = clean(by.trim(), 120);
        let name = if kind == EvidenceKind::Link { name.trim() } else { last(&name) };
        let piece = Evidence { hash: hash.clone(), name: clean(name, 200), kind, bytes, by, at };
        let text = serde_json::to_string(&piece).map_err(|error| trouble::unreadable("piece of evidence", error))?;
        let _arriving = self.arriving.read().await;
        // First what it holds, then that it is there: killed in between, a file is left that the next sweep takes away.
        let folder = self.evidence_folder();
        let kept = hash.clone();
        let written = tokio::task::spawn_blocking(move || put(&folder, &kept, &content)).await;
        written.map_err(|error| EngineError::new("evidence", format!("failed to keep this: {error}")))??;
        sqlx::query(
            "INSERT INTO evidence (project, key, hash, bytes, piece) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        )
        .bind(project.to_string())
        .bind(key)
        .bind(hash)
        .bind(i64::from(bytes))
        .bind(text)
        .execute(&self.pool)
        .await
        .map_err(trouble::of)?;
        Ok(())
    }

    /// What a piece of a project holds, proved by its hash.
    ///
    /// # Errors
    /// The project has no such piece, or it was changed or removed behind our back.
    pub async fn evidence(&self, project: ProjectId, hash: &str) -> Result<Vec<u8>, EngineError> {
        let there: i64 = sqlx::query_scalar("SELECT count(*) FROM evidence WHERE project = ?1 AND hash = ?2")
            .bind(project.to_string())
            .bind(hash)
            .fetch_one(&self.pool)
            .await
            .map_err(trouble::of)?;
        let path = self.evidence_folder().join(hash);
        let content = if there == 0 { None } else { fs::read(path).ok() };
        let whole = content.filter(|content| HEXLOWER.encode(&Sha256::digest(content)) == hash);
        whole.ok_or_else(|| {
            EngineError::new("evidence", "this piece of evidence is gone or was changed; attach it again")
        })
    }

    /// Takes a piece away from a row; its content goes with the last row that has it, once that cannot be undone any more.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn detach(&self, project: ProjectId, key: &str, hash: &str) -> Result<(), EngineError> {
        let remove = sqlx::query("DELETE FROM evidence WHERE project = ?1 AND key = ?2 AND hash = ?3");
        let remove = remove.bind(project.to_string()).bind(key).bind(hash);
        remove.execute(&self.pool).await.map_err(trouble::of)?;
        self.sweep_evidence().await
    }

    /// Removes contents that no row has any more, and that no undo can bring back.
    ///
    /// # Errors
    /// The file or the folder cannot be read.
    pub(super) async fn sweep_evidence(&self) -> Result<(), EngineError> {
        // What belongs to nobody yet may be on its way in: the next sweep sees to what is left.
        let Ok(_alone) = self.arriving.try_write() else { return Ok(()) };
        let folder = self.evidence_folder();
        let Ok(listed) = fs::read_dir(&folder) else { return Ok(()) };
        let hashes: Vec<String> = sqlx::query_scalar(
            "SELECT hash FROM evidence UNION SELECT json_extract(coalesce(was, became), '$.hash') FROM edit WHERE place = 'evidence'",
        )
        .fetch_all(&self.pool)
        .await
        .map_err(trouble::of)?;
        let held: BTreeSet<String> = hashes.into_iter().collect();
        for file in listed.filter_map(Result::ok) {
            if file.file_name().to_str().is_none_or(|name| !held.contains(name)) {
                fs::remove_file(file.path()).map_err(|error| trouble::of_file("remove", &file.path(), &error))?;
            }
        }
        Ok(())
    }

    /// The pieces of a project with their rows, oldest first.
    pub(super) async fn pieces(&self, project: ProjectId) -> Result<Vec<(String, Evidence)>, EngineError> {
        let rows = sqlx::query("SELECT key, piece FROM evidence WHERE project = ?1 ORDER BY id LIMIT ?2")
            .bind(project.to_string())
            .bind(MOST)
            .fetch_all(&self.pool)
            .await
            .map_err(trouble::of)?;
        let read = |row: sqlx::sqlite::SqliteRow| {
            let piece = serde_json::from_str(row.get::<&str, _>("piece"));
            Ok((row.get("key"), piece.map_err(|error| trouble::unreadable("piece of evidence", error))?))
        };
        rows.into_iter().map(read).collect()
    }

    async fn room_for(&self, project: ProjectId, key: &str, hash: &str, bytes: i64) -> Result<(), EngineError> {
        let row = sqlx::query(
            "SELECT count(*) AS pieces, coalesce(sum(bytes), 0) AS bytes FROM evidence WHERE project = ?1 AND NOT (key = ?2 AND hash = ?3)",
        )
        .bind(project.to_string())
        .bind(key)
        .bind(hash)
        .fetch_one(&self.pool)
        .await
        .map_err(trouble::of)?;
        if row.get::<i64, _>("bytes") + bytes > ALL || row.get::<u32, _>("pieces") >= MOST {
            let says = "the evidence of one project may have 200 MB and 2,000 pieces together; remove some, or attach a link instead";
            return Err(EngineError::new("too-large", says));
        }
        Ok(())
    }

    pub(super) fn evidence_folder(&self) -> PathBuf {
        self.dir.join("evidence")
    }
}

fn address(name: &str) -> Result<String, EngineError> {
    attached::link(name).ok_or_else(|| {
        EngineError::new(
            "link",
            "write an address that begins with https:// and holds no password, such as https://status.example",
        )
    })
}

/// Refuses what is empty, too large or holds a key that is secret.
pub(super) fn allowed(name: &str, kind: EvidenceKind, content: &[u8]) -> Result<(), EngineError> {
    if content.is_empty() {
        return Err(EngineError::new("evidence", "there is nothing in it"));
    }
    if content.len() > LARGEST {
        return Err(too_large());
    }
    let told = matches!(kind, EvidenceKind::Text | EvidenceKind::Link)
        .then(|| pasted(&String::from_utf8_lossy(content)))
        .flatten();
    match told.or_else(|| pasted(name)) {
        Some(title) => Err(EngineError::new(
            "secret",
            format!(
                "this holds a key itself ({title}), so nothing was kept; attach it without the key, and replace the key if others saw it"
            ),
        )),
        None => Ok(()),
    }
}

fn too_large() -> EngineError {
    EngineError::new("too-large", "a piece of evidence may have at most 10 MB; attach a smaller part of it, or a link")
}

/// The last part of a name, whichever way its folders are written.
fn last(name: &str) -> &str {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name).trim();
    if name.is_empty() { "without a name" } else { name }
}

/// Written beside, made durable, then moved into its place.
pub(super) fn put(folder: &Path, hash: &str, content: &[u8]) -> Result<(), EngineError> {
    let error = |what: &str, path: &Path, error: &std::io::Error| trouble::of_file(what, path, error);
    let path = folder.join(hash);
    // What lies there is believed only when it is whole.
    if fs::read(&path).is_ok_and(|there| there == content) {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(|why| error("make the folder", folder, &why))?;
    let beside = folder.join(format!("{}.part", uuid::Uuid::new_v4()));
    let mut file = fs::File::create_new(&beside).map_err(|why| error("write", &beside, &why))?;
    file.write_all(content).and_then(|()| file.sync_all()).map_err(|why| error("write", &beside, &why))?;
    fs::rename(&beside, &path).map_err(|why| error("write", &path, &why))
}

#[cfg(test)]
#[path = "evidence_tests.rs"]
mod tests;
