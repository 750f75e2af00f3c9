//! The objects of a repository and how they hang together: every one unpacked once.

use super::held::{Edges, Held};
use super::pack::{Desk, Pack, Root};
use super::{Progress, Reading, content};
use audit::facts::SecretMatch;
use gix::ObjectId;
use gix::ThreadSafeRepository;
use gix::hashtable::hash_map::Entry;
use gix::hashtable::{HashMap, HashSet};
use gix::object::Kind;
use gix::objs::{CommitRefIter, TreeRefIter};
use gix::odb::pack::cache::lru::MemoryCappedHashmap;
use std::collections::HashMap as Map;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Objects outside the packs, or families in them, that one thread takes at a time.
const AT_ONCE: usize = 32;
/// Bytes of unpacked bases that one thread keeps while it reads object by object.
const BASES: usize = 16 * 1024 * 1024;
/// Most objects that are looked at.
const OBJECTS: usize = 20_000_000;

/// The path under which finds in messages of commits are told.
pub(super) const MESSAGE: &str = "commit message";

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Blob,
    Tree,
    Commit,
    Tag,
    /// It could not be unpacked: too large, or damaged.
    Unread,
}

/// A commit, by numbers of objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Commit {
    pub number: u32,
    pub tree: u32,
    pub parents: Box<[u32]>,
    /// Seconds since 1970, as its author's clock says.
    pub at: i64,
}

/// All objects by number.
#[derive(Default)]
pub(super) struct Graph {
    pub ids: Vec<ObjectId>,
    pub kinds: Vec<What>,
    /// In the order of their numbers.
    pub commits: Vec<Commit>,
    pub leaks: Vec<(u32, SecretMatch)>,
    /// Which finds each tree holds.
    pub held: Held,
    /// Where versions with finds stood when they were last placed: the tree of a commit, and the path in it.
    pub paths: Map<u32, (u32, String)>,
    /// Bytes of files read in this look.
    pub bytes: u64,
    pub numbers: HashMap<ObjectId, u32>,
    /// Objects that are known from an earlier look and are no longer there.
    pub gone: HashSet,
}

/// What a thread read.
#[derive(Default)]
struct Part {
    kinds: Vec<(u32, What)>,
    commits: Vec<Commit>,
    leaks: Vec<(u32, SecretMatch)>,
    edges: Vec<u32>,
    bytes: u64,
}

/// One round of reading.
struct Round<'a> {
    all: &'a ThreadSafeRepository,
    packs: &'a [Pack],
    /// The files with finds, where they are all known.
    wanted: Option<&'a HashSet>,
    edges: &'a Edges,
    reading: &'a Reading,
    progress: &'a Progress,
}

/// A piece of work: a family in a pack, or one object.
#[derive(Clone, Copy)]
enum Piece {
    Family(Root),
    Object(u32),
}

impl Graph {
    /// Reads every object that is not known yet.
    pub(super) fn grow(
        &mut self,
        all: &ThreadSafeRepository,
        reading: &Reading,
        progress: &Progress,
    ) -> Result<(), String> {
        let old = self.ids.len();
        self.list(all)?;
        progress.all.store((self.ids.len() - old) as u64, Ordering::Relaxed);
        let first = u32::try_from(old).map_err(|error| error.to_string())?;
        let fresh = first..u32::try_from(self.ids.len()).map_err(|error| error.to_string())?;
        let repo = all.to_thread_local();
        let packs = if fresh.is_empty() {
            Vec::new()
        } else {
            Pack::all(repo.objects.store_ref().path(), &self.numbers, first)
        };
        let mut edges = Edges::new(self.ids.len());
        // Files first: of trees, only what leads to a find is kept.
        let families = |blobs: bool| {
            let roots = packs.iter().enumerate().flat_map(move |(at, pack)| pack.roots(at, blobs));
            roots.map(Piece::Family).collect::<Vec<_>>()
        };
        let mut look = |graph: &mut Self, work: &[Piece], wanted: Option<&HashSet>| {
            for part in graph.read(work, &Round { all, packs: &packs, wanted, edges: &edges, reading, progress }) {
                graph.take(part, &mut edges);
            }
        };
        look(self, &families(true), None);
        let packed: Vec<bool> = {
            let mut packed = vec![false; fresh.len()];
            packs.iter().flat_map(Pack::wanted).for_each(|number| packed[(number - first) as usize] = true);
            packed
        };
        let single = |graph: &Self, packed: &[bool]| {
            let left = fresh.clone().filter(|number| graph.kinds[*number as usize] == What::Unread);
            left.filter(|number| !packed[(number - first) as usize]).map(Piece::Object).collect::<Vec<_>>()
        };
        let work = single(&*self, &packed);
        look(self, &work, None);
        let wanted: HashSet = self.leaks.iter().map(|(number, _)| self.ids[*number as usize]).collect();
        look(self, &families(false), Some(&wanted));
        // What its family could not be read for.
        let work = single(&*self, &vec![false; fresh.len()]);
        look(self, &work, None);
        self.commits.sort_unstable_by_key(|commit| commit.number);
        self.leaks.sort_by_key(|(number, _)| *number);
        let mut held = std::mem::take(&mut self.held);
        held.grow(self, &edges, fresh, &repo);
        self.held = held;
        Ok(())
    }

    /// Numbers all objects that there are, and notes those that are there no more.
    fn list(&mut self, all: &ThreadSafeRepository) -> Result<(), String> {
        let told = |error: &dyn std::fmt::Display| format!("git's objects cannot be listed: {error}");
        let old = self.ids.len();
        self.numbers.reserve(old);
        self.numbers.extend(self.ids.iter().zip(0u32..).map(|(id, number)| (*id, number)));
        let mut there = vec![false; old];
        let repo = all.to_thread_local();
        for id in repo.objects.iter().map_err(|error| told(&error))?.take(OBJECTS) {
            let Ok(id) = id else { continue };
            let number = u32::try_from(self.ids.len()).map_err(|error| told(&error))?;
            match self.numbers.entry(id) {
                Entry::Vacant(place) => {
                    place.insert(number);
                    self.ids.push(id);
                }
                Entry::Occupied(known) => {
                    there.get_mut(*known.get() as usize).into_iter().for_each(|there| *there = true);
                }
            }
        }
        self.gone = there.iter().zip(&self.ids).filter(|(there, _)| !**there).map(|(_, id)| *id).collect();
        self.kinds.resize(self.ids.len(), What::Unread);
        Ok(())
    }

    fn read(&self, work: &[Piece], round: &Round<'_>) -> Vec<Part> {
        let (next, alone) = (AtomicUsize::new(0), Mutex::new(()));
        let parts = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..round.reading.threads.clamp(1, work.len().div_ceil(AT_ONCE).max(1)) {
                scope.spawn(|| {
                    let mut repo = round.all.to_thread_local();
                    repo.objects.set_pack_cache(|| Box::new(MemoryCappedHashmap::new(BASES)));
                    let (mut part, mut desk) = (Part::default(), Desk::default());
                    loop {
                        let from = next.fetch_add(AT_ONCE, Ordering::Relaxed);
                        if from >= work.len() || round.progress.over() {
                            break;
                        }
                        for piece in work[from..].iter().take(AT_ONCE) {
                            let mut see = |number: u32, kind: Kind, bytes: &[u8]| {
                                self.see((number, kind, bytes), round, &mut part);
                                round.progress.step();
                                !round.progress.over()
                            };
                            match piece {
                                Piece::Family(root) => {
                                    round.packs[root.pack as usize].family(*root, &mut desk, &alone, &mut see);
                                }
                                Piece::Object(number) => {
                                    if let Ok(object) = repo.find_object(self.ids[*number as usize]) {
                                        see(*number, object.kind, &object.data);
                                    }
                                }
                            }
                        }
                    }
                    parts.lock().unwrap_or_else(PoisonError::into_inner).push(part);
                });
            }
        });
        parts.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&mut self, mut part: Part, edges: &mut Edges) {
        part.kinds.into_iter().for_each(|(number, what)| self.kinds[number as usize] = what);
        self.commits.append(&mut part.commits);
        self.leaks.append(&mut part.leaks);
        self.bytes += part.bytes;
        edges.take(part.edges);
    }

    fn see(&self, (number, kind, bytes): (u32, Kind, &[u8]), round: &Round<'_>, part: &mut Part) {
        let reading = round.reading;
        let what = match kind {
            Kind::Blob => {
                part.bytes += bytes.len() as u64;
                let found = content::scan(bytes, &reading.salt).unwrap_or_default();
                part.leaks.extend(found.into_iter().map(|found| (number, found)));
                What::Blob
            }
            Kind::Tree => {
                round.edges.note(number, self.children(bytes, round.wanted), &mut part.edges);
                What::Tree
            }
            Kind::Commit => {
                part.leaks.extend(message(bytes, reading).map(|found| (number, found)));
                let commit = self.commit(number, bytes);
                let what = if commit.is_some() { What::Commit } else { What::Unread };
                part.commits.extend(commit);
                what
            }
            Kind::Tag => {
                part.leaks.extend(message(bytes, reading).map(|found| (number, found)));
                What::Tag
            }
        };
        part.kinds.push((number, what));
    }

    /// The objects in a tree: trees, and files, of which those with finds are enough where they are known. Those that are not here (another
    /// repository's commits, say) are left out.
    pub(super) fn children(&self, tree: &[u8], wanted: Option<&HashSet>) -> impl Iterator<Item = u32> {
        let entries = TreeRefIter::from_bytes(tree, gix::hash::Kind::Sha1).flatten();
        let led = entries.filter(move |entry| {
            entry.mode.is_tree() || wanted.is_none_or(|wanted| wanted.contains(&entry.oid.to_owned()))
        });
        led.filter_map(|entry| self.numbers.get(&entry.oid.to_owned()).copied())
    }

    fn commit(&self, number: u32, bytes: &[u8]) -> Option<Commit> {
        let iter = || CommitRefIter::from_bytes(bytes, gix::hash::Kind::Sha1);
        let tree = *self.numbers.get(&iter().tree_id().ok()?)?;
        let parents = iter().parent_ids().filter_map(|id| self.numbers.get(&id).copied()).collect();
        let at = iter().author().ok().map_or(0, |author| author.seconds());
        Some(Commit { number, tree, parents, at })
    }

    /// Where a commit stands among all, by its number.
    pub(super) fn commit_at(&self, number: u32) -> Option<usize> {
        self.commits.binary_search_by_key(&number, |commit| commit.number).ok()
    }
}

/// What the message of a commit or a tag holds; it follows the first empty line.
pub(super) fn message(object: &[u8], reading: &Reading) -> impl Iterator<Item = SecretMatch> {
    let begin = object.windows(2).position(|two| two == b"\n\n").map_or(object.len(), |at| at + 2);
    content::scan(&object[begin..], &reading.salt).unwrap_or_default().into_iter()
}
