//! Which finds each tree holds, at any depth: all that is kept of trees, so that a history of any length stays small.

use super::graph::{Graph, What};
use gix::ObjectId;
use gix::hashtable::HashSet;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Folders inside one another that are followed.
pub(super) const DEPTH: usize = 200;
/// Numbers kept of what trees hold while they are read (four bytes each); the trees beyond are read again when they are asked for.
const EDGES: usize = 20_000_000;
/// Numbers kept of all different sets of finds.
const SETS: usize = 16_000_000;
/// Versions of files with finds that are placed in the history.
pub(super) const PLACED: usize = 20_000;

/// What hangs on the trees that were read: number, count, children, one behind the other.
pub(super) struct Edges {
    lists: Vec<Vec<u32>>,
    /// For each object, which list and where in it.
    places: Vec<(u32, u32)>,
    count: AtomicUsize,
}

impl Edges {
    pub(super) fn new(objects: usize) -> Self {
        Self { lists: Vec::new(), places: vec![(u32::MAX, 0); objects], count: AtomicUsize::new(0) }
    }

    /// Notes what hangs on a tree, as long as there is room.
    pub(super) fn note(&self, tree: u32, children: impl Iterator<Item = u32>, list: &mut Vec<u32>) {
        if self.count.load(Ordering::Relaxed) < EDGES {
            let begin = list.len();
            list.extend([tree, 0]);
            list.extend(children);
            let count = list.len() - begin - 2;
            list[begin + 1] = u32::try_from(count).unwrap_or_default();
            self.count.fetch_add(count + 2, Ordering::Relaxed);
        }
    }

    pub(super) fn take(&mut self, list: Vec<u32>) {
        let number = u32::try_from(self.lists.len()).unwrap_or(u32::MAX);
        let mut at = 0;
        while let Some([tree, count]) = list.get(at..at + 2) {
            self.places[*tree as usize] = (number, u32::try_from(at).unwrap_or_default());
            at += *count as usize + 2;
        }
        self.lists.push(list);
    }

    fn of(&self, tree: u32) -> Option<&[u32]> {
        let (list, at) = self.places[tree as usize];
        let list = self.lists.get(list as usize)?;
        let (at, count) = (at as usize, *list.get(at as usize + 1)? as usize);
        list.get(at + 2..at + 2 + count)
    }
}

/// The sets of finds that trees hold; most trees share theirs with others.
#[derive(Default)]
pub(super) struct Held {
    /// Numbers of files with finds, in order.
    pub sets: Vec<Arc<[u32]>>,
    /// The set of each object that holds finds: its place, plus one; nought for none.
    pub of: Vec<u32>,
    /// Whether there were more sets than are kept.
    pub cut: bool,
}

/// What is needed to find out what trees hold.
struct Search<'a> {
    graph: &'a Graph,
    edges: &'a Edges,
    repo: &'a gix::Repository,
    wanted: Vec<bool>,
    ids: HashSet<ObjectId>,
    met: Vec<bool>,
    known: HashMap<Arc<[u32]>, u32>,
    joined: HashMap<(Vec<u32>, Vec<u32>), u32>,
    size: usize,
}

impl Held {
    /// The finds in a tree.
    pub(super) fn in_tree(&self, tree: u32) -> &[u32] {
        self.sets.get((self.of[tree as usize] as usize).wrapping_sub(1)).map_or(&[], |set| set)
    }

    /// Finds out what the trees among new objects hold.
    pub(super) fn grow(&mut self, graph: &Graph, edges: &Edges, fresh: Range<u32>, repo: &gix::Repository) {
        self.of.resize(graph.ids.len(), 0);
        let mut wanted = vec![false; graph.ids.len()];
        let blobs = graph.leaks.iter().map(|(number, _)| *number);
        let blobs = blobs.filter(|number| graph.kinds[*number as usize] == What::Blob).take(PLACED);
        blobs.for_each(|number| wanted[number as usize] = true);
        let ids = wanted.iter().zip(&graph.ids).filter(|(wanted, _)| **wanted).map(|(_, id)| *id).collect();
        let mut met = vec![true; graph.ids.len()];
        met[fresh.start as usize..].fill(false);
        let known = self.sets.iter().zip(1u32..).map(|(set, at)| (Arc::clone(set), at)).collect();
        let size = self.sets.iter().map(|set| set.len()).sum();
        let mut search = Search { graph, edges, repo, wanted, ids, met, known, joined: HashMap::new(), size };
        for tree in fresh.filter(|number| graph.kinds[*number as usize] == What::Tree) {
            self.look(&mut search, tree, 0);
        }
    }

    fn look(&mut self, search: &mut Search<'_>, tree: u32, depth: usize) -> u32 {
        if depth > DEPTH || std::mem::replace(&mut search.met[tree as usize], true) {
            return self.of[tree as usize];
        }
        let graph = search.graph;
        let again: Vec<u32>;
        let children = match search.edges.of(tree) {
            Some(children) => children,
            None => {
                let object = search.repo.find_object(graph.ids[tree as usize]);
                again =
                    object.map_or_else(|_| Vec::new(), |tree| graph.children(&tree.data, Some(&search.ids)).collect());
                &again
            }
        };
        let (mut sets, mut blobs) = (Vec::new(), Vec::new());
        for child in children {
            match graph.kinds[*child as usize] {
                What::Blob if search.wanted[*child as usize] => blobs.push(*child),
                What::Tree => {
                    let set = self.look(search, *child, depth + 1);
                    sets.extend((set != 0).then_some(set));
                }
                _ => {}
            }
        }
        sets.sort_unstable();
        sets.dedup();
        let set = match (&sets[..], &blobs[..]) {
            ([], []) => 0,
            ([set], []) => *set,
            _ => self.join(search, sets, blobs),
        };
        self.of[tree as usize] = set;
        set
    }

    /// The set of all that some sets and files hold.
    fn join(&mut self, search: &mut Search<'_>, sets: Vec<u32>, blobs: Vec<u32>) -> u32 {
        if let Some(known) = search.joined.get(&(sets.clone(), blobs.clone())) {
            return *known;
        }
        let mut all: BTreeSet<u32> = blobs.iter().copied().collect();
        all.extend(sets.iter().flat_map(|set| self.sets[*set as usize - 1].iter().copied()));
        let all: Arc<[u32]> = all.into_iter().collect();
        let number = match search.known.get(&all) {
            Some(known) => *known,
            None if search.size + all.len() > SETS => {
                self.cut = true;
                return sets.first().copied().unwrap_or_default();
            }
            None => {
                search.size += all.len();
                self.sets.push(Arc::clone(&all));
                let number = u32::try_from(self.sets.len()).unwrap_or_default();
                search.known.insert(all, number);
                number
            }
        };
        search.joined.insert((sets, blobs), number);
        number
    }
}
