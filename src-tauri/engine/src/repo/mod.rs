//! Keys in a folder of the founder: the working tree and the whole history, read without running anything that lies in it.

mod baseline;
mod cache;
mod content;
mod graph;
mod held;
mod history;
#[cfg(test)]
mod history_tests;
mod open;
mod pack;
mod place;
mod range;
#[cfg(test)]
mod tests;
mod tree;

pub use baseline::{BASELINE, Baseline, Waiver, idle, waive};
pub use cache::kept_key;
pub use range::{since, staged};

use audit::facts::{KeyFound, Repository};
use audit::read::secret::{by_id, quiet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Finds kept of one look.
const MOST: usize = 20_000;
/// Places named of what could not be read.
const UNREAD: usize = 50;

/// How a folder is read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Keys the fingerprints.
    pub salt: [u8; 32],
    /// Whether files that git ignores are read as well; `.env` files always are.
    pub ignored: bool,
    /// Where results of earlier readings are kept; none to keep nothing. It holds object ids, redacted finds and
    /// their paths only.
    pub cache: Option<PathBuf>,
    /// Threads at work.
    pub threads: usize,
}

impl Reading {
    /// Reads with this key of fingerprints, on as many cores as there are up to four, and keeps nothing.
    #[must_use]
    pub fn new(salt: [u8; 32]) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(4);
        Self { salt, ignored: false, cache: None, threads }
    }
}

/// How far a reading has come; written by its threads, read by whoever shows it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Set to end the reading early.
    pub cancel: AtomicBool,
    /// What there is to read; files in the tree, objects in the history.
    pub all: AtomicU64,
    /// What was read of it.
    pub done: AtomicU64,
}

impl Progress {
    pub(crate) fn over(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }

    pub(crate) fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

/// Reads the files of a folder.
///
/// # Errors
/// One sentence why the folder cannot be read.
pub fn tree(folder: &Path, reading: &Reading, progress: &Progress) -> Result<Repository, String> {
    tree::read(folder, reading, progress)
}

/// Reads every version of every file that the repository at a folder can reach: all references, tags, stashes and their logs.
///
/// # Errors
/// One sentence why there is no history that can be read.
pub fn history(folder: &Path, reading: &Reading, progress: &Progress) -> Result<Repository, String> {
    history::read(folder, reading, progress)
}

/// Whether the folder, or one above it, is a git repository.
#[must_use]
pub fn root(folder: &Path) -> Option<PathBuf> {
    open::root(folder)
}

/// Leaves out noise, sorts, and bounds.
fn settle(mut seen: Repository) -> Repository {
    seen.leaks.retain(|leak| by_id(&leak.found.rule).is_some_and(|rule| !quiet(rule, &leak.path)));
    seen.leaks.sort_by(|a, b| order(a).cmp(&order(b)));
    seen.leaks.dedup_by(|a, b| order(a) == order(b));
    seen.cut |= seen.leaks.len() > MOST;
    seen.leaks.truncate(MOST);
    seen.unread.truncate(UNREAD);
    seen
}

/// What makes two finds the same: path, line, rule, fingerprint, and the file in a source map.
type Mark<'a> = (&'a str, u32, &'a str, &'a str, Option<&'a str>);

fn order(leak: &KeyFound) -> Mark<'_> {
    (&leak.path, leak.found.line, &leak.found.rule, &leak.found.fingerprint, leak.found.source.as_deref())
}
