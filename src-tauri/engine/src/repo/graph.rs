//! The objects of a repository and how they hang together: every one unpacked once, in the order in which it lies on the disk.

use super::{Progress, Reading, content};
use audit::facts::SecretMatch;
use gix::ObjectId;
use gix::ThreadSafeRepository;
use gix::hashtable::HashMap;
use gix::object::Kind;
use gix::objs::{CommitRefIter, TreeRefIter};
use gix::odb::pack::cache::lru::MemoryCappedHashmap;
use gix::odb::store::iter::Ordering as Order;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Objects that one thread takes at a time: neighbours on the disk share what they are unpacked from.
const AT_ONCE: usize = 4_096;
/// Bytes of unpacked bases that one thread keeps.
const BASES: usize = 32 * 1024 * 1024;
/// Most objects that are looked at.
const OBJECTS: usize = 20_000_000;

/// The path under which finds in messages of commits are told.
pub(super) const MESSAGE: &str = "commit message";

/// What an object is, with what hangs on it, by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Row {
    Blob,
    Tree(Box<[u32]>),
    Commit {
        tree: u32,
        parents: Box<[u32]>,
        at: i64,
    },
    Tag,
    /// It could not be unpacked: too large, or damaged.
    Unread,
}

/// All objects by number.
#[derive(Default)]
pub(super) struct Graph {
    pub ids: Vec<ObjectId>,
    pub rows: Vec<Row>,
    pub leaks: Vec<(u32, SecretMatch)>,
    /// Bytes of files read in this look.
    pub bytes: u64,
    pub numbers: HashMap<ObjectId, u32>,
}

/// What a thread read.
#[derive(Default)]
struct Part {
    rows: Vec<(u32, Row)>,
    leaks: Vec<(u32, SecretMatch)>,
    bytes: u64,
}

impl Graph {
    /// Reads every object that is not known yet.
    pub(super) fn grow(
        &mut self,
        all: &ThreadSafeRepository,
        reading: &Reading,
        progress: &Progress,
    ) -> Result<(), String> {
        let told = |error: &dyn std::fmt::Display| format!("git's objects cannot be listed: {error}");
        self.numbers = self.ids.iter().zip(0u32..).map(|(id, number)| (*id, number)).collect();
        let old = self.ids.len();
        let objects = all.to_thread_local();
        let iter = objects.objects.iter().map_err(|error| told(&error))?;
        for id in iter.with_ordering(Order::PackAscendingOffsetThenLooseLexicographical).take(OBJECTS) {
            let Ok(id) = id else { continue };
            let number = u32::try_from(self.ids.len()).map_err(|error| told(&error))?;
            if let gix::hashtable::hash_map::Entry::Vacant(place) = self.numbers.entry(id) {
                place.insert(number);
                self.ids.push(id);
            }
        }
        self.rows.resize(self.ids.len(), Row::Unread);
        let fresh = &self.ids[old..];
        progress.all.store(fresh.len() as u64, Ordering::Relaxed);
        let next = AtomicUsize::new(0);
        let parts = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..reading.threads.max(1) {
                scope.spawn(|| {
                    let mut repo = all.to_thread_local();
                    repo.objects.set_pack_cache(|| Box::new(MemoryCappedHashmap::new(BASES)));
                    let mut part = Part::default();
                    loop {
                        let from = next.fetch_add(AT_ONCE, Ordering::Relaxed);
                        if from >= fresh.len() || progress.over() {
                            break;
                        }
                        for (id, at) in fresh[from..].iter().take(AT_ONCE).zip(old + from..) {
                            self.read(&repo, *id, u32::try_from(at).unwrap_or(u32::MAX), reading, &mut part);
                            progress.step();
                        }
                    }
                    parts.lock().unwrap_or_else(PoisonError::into_inner).push(part);
                });
            }
        });
        for mut part in parts.into_inner().unwrap_or_else(PoisonError::into_inner) {
            part.rows.into_iter().for_each(|(number, row)| self.rows[number as usize] = row);
            self.leaks.append(&mut part.leaks);
            self.bytes += part.bytes;
        }
        Ok(())
    }

    fn read(&self, repo: &gix::Repository, id: ObjectId, number: u32, reading: &Reading, part: &mut Part) {
        let Ok(object) = repo.find_object(id) else { return };
        let row = match object.kind {
            Kind::Blob => {
                part.bytes += object.data.len() as u64;
                let found = content::scan(&object.data, &reading.salt).unwrap_or_default();
                part.leaks.extend(found.into_iter().map(|found| (number, found)));
                Row::Blob
            }
            Kind::Tree => Row::Tree(self.children(&object.data)),
            Kind::Commit => {
                part.leaks.extend(message(&object.data, reading).map(|found| (number, found)));
                self.commit(&object.data).unwrap_or(Row::Unread)
            }
            Kind::Tag => {
                part.leaks.extend(message(&object.data, reading).map(|found| (number, found)));
                Row::Tag
            }
        };
        part.rows.push((number, row));
    }

    /// The objects in a tree; those that are not here (another repository's commits, say) are left out.
    fn children(&self, tree: &[u8]) -> Box<[u32]> {
        let entries = TreeRefIter::from_bytes(tree, gix::hash::Kind::Sha1).flatten();
        entries.filter_map(|entry| self.numbers.get(&entry.oid.to_owned()).copied()).collect()
    }

    fn commit(&self, bytes: &[u8]) -> Option<Row> {
        let iter = || CommitRefIter::from_bytes(bytes, gix::hash::Kind::Sha1);
        let tree = *self.numbers.get(&iter().tree_id().ok()?)?;
        let parents = iter().parent_ids().filter_map(|id| self.numbers.get(&id).copied()).collect();
        let at = iter().author().ok().map_or(0, |author| author.seconds());
        Some(Row::Commit { tree, parents, at })
    }
}

/// What the message of a commit or a tag holds; it follows the first empty line.
pub(super) fn message(object: &[u8], reading: &Reading) -> impl Iterator<Item = SecretMatch> {
    let begin = object.windows(2).position(|two| two == b"\n\n").map_or(object.len(), |at| at + 2);
    content::scan(&object[begin..], &reading.salt).unwrap_or_default().into_iter()
}
