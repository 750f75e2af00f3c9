//! What an earlier reading of a history saw, so that the next one reads only what is new: object ids, how they hang together, redacted finds.

use super::Reading;
use super::graph::{Graph, Row};
use audit::read::secret;
use data_encoding::HEXLOWER;
use gix::ObjectId;
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

const MAGIC: &[u8; 8] = b"LRHIST02";
/// Largest cache that is read, bytes.
const LARGEST: u64 = 512 * 1024 * 1024;

fn file(git: &Path, reading: &Reading) -> Option<PathBuf> {
    let name = Sha256::digest(git.as_os_str().as_encoded_bytes());
    let name: String = name[..12].iter().map(|byte| format!("{byte:02x}")).collect();
    reading.cache.as_ref().map(|folder| folder.join(format!("{name}.history")))
}

/// Finds of other rules, or under another key of fingerprints, are of no use.
fn seal(reading: &Reading) -> [u8; 32] {
    Sha256::new().chain_update(b"history").chain_update(secret::edition()).chain_update(reading.salt).finalize().into()
}

/// The key of fingerprints that lies beside what is kept, for its owner's eyes only; drawn where there is none yet. Without it every reading
/// would have a key of its own, and nothing that was kept would be of use to the next.
///
/// # Errors
/// One sentence why it can neither be read nor be kept.
pub fn kept_key(folder: &Path, draw: impl FnOnce() -> [u8; 32]) -> Result<[u8; 32], String> {
    let file = folder.join("fingerprints.key");
    let trouble = |error: std::io::Error| format!("failed to keep {}: {error}", file.display());
    std::fs::create_dir_all(folder).map_err(trouble)?;
    let mut new = std::fs::OpenOptions::new();
    new.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut new, 0o600);
    match new.open(&file) {
        Ok(mut made) => {
            let key = draw();
            made.write_all(HEXLOWER.encode(&key).as_bytes()).map_err(trouble)?;
            Ok(key)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let mut text = Vec::new();
            std::fs::File::open(&file).and_then(|held| held.take(100).read_to_end(&mut text)).map_err(trouble)?;
            let key = HEXLOWER.decode(text.trim_ascii()).ok().and_then(|key| key.try_into().ok());
            key.ok_or_else(|| format!("{} holds no key of fingerprints; remove it", file.display()))
        }
        Err(error) => Err(trouble(error)),
    }
}

/// The last reading; none when there is none that fits.
pub(super) fn load(git: &Path, reading: &Reading) -> Option<Graph> {
    let path = file(git, reading)?;
    let whole = path.symlink_metadata().ok().filter(|seen| seen.is_file() && seen.len() <= LARGEST)?;
    let bytes = std::fs::read(&path).ok().filter(|bytes| bytes.len() as u64 == whole.len())?;
    let (body, check) = bytes.split_at_checked(bytes.len().checked_sub(32)?)?;
    let digest: [u8; 32] = Sha256::digest(body).into();
    (digest == check).then_some(())?;
    let body = body.strip_prefix(MAGIC)?.strip_prefix(&seal(reading))?;
    let mut from = Words(body);
    let all = from.word()? as usize;
    let mut graph = Graph::default();
    for _ in 0..all {
        graph.ids.push(ObjectId::try_from(from.take(20)?).ok()?);
    }
    for _ in 0..all {
        graph.rows.push(from.row(all)?);
    }
    graph.leaks = serde_json::from_slice(from.0).ok()?;
    graph.leaks.iter().all(|(blob, _)| (*blob as usize) < all).then_some(graph)
}

/// Keeps a reading; one that cannot be kept is read again.
pub(super) fn save(git: &Path, reading: &Reading, graph: &Graph) {
    let Some(path) = file(git, reading) else { return };
    let mut body = MAGIC.to_vec();
    body.extend(seal(reading));
    let mut word = |word: u32| body.extend(word.to_le_bytes());
    word(count(graph.ids.len()));
    for id in &graph.ids {
        body.extend(id.as_slice());
    }
    for row in &graph.rows {
        let mut list = |kind: u32, list: &[u32]| {
            body.extend((kind << 28 | count(list.len())).to_le_bytes());
            list.iter().for_each(|number| body.extend(number.to_le_bytes()));
        };
        match row {
            Row::Blob => list(0, &[]),
            Row::Tree(children) => list(1, children),
            Row::Commit { tree, parents, at } => {
                list(2, parents);
                body.extend(tree.to_le_bytes());
                body.extend(at.to_le_bytes());
            }
            Row::Tag => list(3, &[]),
            Row::Unread => list(4, &[]),
        }
    }
    let Ok(leaks) = serde_json::to_vec(&graph.leaks) else { return };
    body.extend(leaks);
    let check = Sha256::digest(&body);
    body.extend(check);
    let fresh = path.with_extension(format!("new{}", std::process::id()));
    let written = path.parent().map(std::fs::create_dir_all).transpose().is_ok()
        && std::fs::File::create(&fresh).and_then(|mut file| file.write_all(&body)).is_ok();
    if !written || std::fs::rename(&fresh, &path).is_err() {
        // A cache that cannot be written costs time, nothing else.
        let _ = std::fs::remove_file(&fresh);
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Little-endian words that are taken off the front.
struct Words<'a>(&'a [u8]);

impl<'a> Words<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(head)
    }

    fn word(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    fn row(&mut self, all: usize) -> Option<Row> {
        let head = self.word()?;
        let length = (head & 0x0fff_ffff) as usize;
        let list: Box<[u32]> = self
            .take(length.checked_mul(4)?)?
            .as_chunks::<4>()
            .0
            .iter()
            .map(|word| u32::from_le_bytes(*word))
            .collect();
        list.iter().all(|number| (*number as usize) < all).then_some(())?;
        Some(match head >> 28 {
            0 => Row::Blob,
            1 => Row::Tree(list),
            2 => {
                let tree = self.word().filter(|tree| (*tree as usize) < all)?;
                Row::Commit { tree, parents: list, at: i64::from_le_bytes(self.take(8)?.try_into().ok()?) }
            }
            3 => Row::Tag,
            4 => Row::Unread,
            _ => return None,
        })
    }
}
