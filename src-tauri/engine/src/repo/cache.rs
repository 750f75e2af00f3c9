//! What an earlier reading of a history saw, so that the next one reads only what is new: object ids, commits, which trees lead to finds,
//! redacted finds and their paths.

use super::Reading;
use super::graph::{Commit, Graph, What};
use audit::read::secret;
use data_encoding::HEXLOWER;
use gix::ObjectId;
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const MAGIC: &[u8; 8] = b"LRHIST03";
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

/// Whether objects may come later than the trees that name them (git's partial clones): what was kept of those trees would be wrong.
fn partial(git: &Path) -> bool {
    let packs = std::fs::read_dir(git.join("objects/pack")).into_iter().flatten().flatten();
    packs.map(|entry| entry.path()).any(|path| path.extension().is_some_and(|end| end == "promisor"))
}

/// The last reading; none when there is none that fits.
pub(super) fn load(git: &Path, reading: &Reading) -> Option<Graph> {
    let path = file(git, reading).filter(|_| !partial(git))?;
    let whole = path.symlink_metadata().ok().filter(|seen| seen.is_file() && seen.len() <= LARGEST)?;
    let bytes = std::fs::read(&path).ok().filter(|bytes| bytes.len() as u64 == whole.len())?;
    let (body, check) = bytes.split_at_checked(bytes.len().checked_sub(32)?)?;
    let digest: [u8; 32] = Sha256::digest(body).into();
    (digest == check).then_some(())?;
    let body = body.strip_prefix(MAGIC)?.strip_prefix(&seal(reading))?;
    let mut from = Words(body);
    let all = from.word()?;
    let mut graph = Graph::default();
    let ids = from.take((all as usize).checked_mul(20)?)?;
    graph.ids = ids.as_chunks::<20>().0.iter().map(|id| ObjectId::Sha1(*id)).collect();
    graph.kinds = from.take(all as usize)?.iter().map(|kind| what(*kind)).collect::<Option<_>>()?;
    for _ in 0..from.word()? {
        let (number, tree) = (from.below(all)?, from.below(all)?);
        let at = i64::from_le_bytes(from.take(8)?.try_into().ok()?);
        graph.commits.push(Commit { number, tree, parents: from.list(all)?.into(), at });
    }
    graph.commits.is_sorted_by_key(|commit| commit.number).then_some(())?;
    for _ in 0..from.word()? {
        graph.held.sets.push(Arc::from(from.list(all)?));
    }
    graph.held.of = vec![0; all as usize];
    let sets = count(graph.held.sets.len());
    for _ in 0..from.word()? {
        let tree = from.below(all)?;
        graph.held.of[tree as usize] = from.below(sets.checked_add(1)?)?;
    }
    graph.held.cut = from.word()? == 1;
    (graph.leaks, graph.paths) = serde_json::from_slice(from.0).ok()?;
    let mut named = graph.leaks.iter().map(|(number, _)| number).chain(graph.paths.keys());
    named.all(|number| *number < all).then_some(graph)
}

fn what(kind: u8) -> Option<What> {
    [What::Blob, What::Tree, What::Commit, What::Tag, What::Unread].into_iter().find(|what| *what as u8 == kind)
}

/// Keeps a reading; one that cannot be kept is read again.
pub(super) fn save(git: &Path, reading: &Reading, graph: &Graph) {
    let Some(path) = file(git, reading).filter(|_| !partial(git)) else { return };
    let mut body = MAGIC.to_vec();
    body.extend(seal(reading));
    let word = |body: &mut Vec<u8>, word: u32| body.extend(word.to_le_bytes());
    let list = |body: &mut Vec<u8>, list: &[u32]| {
        word(body, count(list.len()));
        list.iter().for_each(|number| word(body, *number));
    };
    word(&mut body, count(graph.ids.len()));
    graph.ids.iter().for_each(|id| body.extend(id.as_slice()));
    body.extend(graph.kinds.iter().map(|kind| *kind as u8));
    word(&mut body, count(graph.commits.len()));
    for commit in &graph.commits {
        word(&mut body, commit.number);
        word(&mut body, commit.tree);
        body.extend(commit.at.to_le_bytes());
        list(&mut body, &commit.parents);
    }
    word(&mut body, count(graph.held.sets.len()));
    graph.held.sets.iter().for_each(|set| list(&mut body, set));
    let holding = || graph.held.of.iter().zip(0u32..).filter(|(set, _)| **set != 0);
    word(&mut body, count(holding().count()));
    for (set, tree) in holding() {
        word(&mut body, tree);
        word(&mut body, *set);
    }
    word(&mut body, u32::from(graph.held.cut));
    let Ok(leaks) = serde_json::to_vec(&(&graph.leaks, &graph.paths)) else { return };
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

    /// A number that is smaller than another.
    fn below(&mut self, end: u32) -> Option<u32> {
        self.word().filter(|number| *number < end)
    }

    fn list(&mut self, end: u32) -> Option<Vec<u32>> {
        let length = self.word()? as usize;
        let words = self.take(length.checked_mul(4)?)?.as_chunks::<4>().0;
        words.iter().map(|word| Some(u32::from_le_bytes(*word)).filter(|number| *number < end)).collect()
    }
}
