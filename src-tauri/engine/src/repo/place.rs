//! Where in the history finds stand: the first and the last commit that holds each, and its path there.

use super::Mark;
use super::graph::{Graph, MESSAGE, What};
use super::held::{DEPTH, PLACED};
use audit::facts::{KeyFound, Place, SecretMatch};
use audit::read::text::clean;
use gix::ObjectId;
use gix::objs::TreeRefIter;
use gix::odb::pack::cache::lru::MemoryCappedHashmap;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Bytes of unpacked objects kept while paths are looked for.
const BASES: usize = 16 * 1024 * 1024;

/// A commit as it stands among others: by time, within a second by the commits below it, and else by its name, which is the same
/// whatever was read first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Moment {
    at: i64,
    depth: u32,
    id: ObjectId,
    number: u32,
    tree: u32,
}

/// First and last commit that hold something.
#[derive(Clone, Copy)]
struct Span {
    first: Moment,
    last: Moment,
}

impl Span {
    fn join(self, other: Self) -> Self {
        Self { first: self.first.min(other.first), last: self.last.max(other.last) }
    }
}

/// How many commits lie below each on its longest way down: what orders commits of the same second.
fn depths(graph: &Graph, commits: &[usize]) -> Vec<u32> {
    let mut known: Vec<Option<u32>> = vec![None; graph.commits.len()];
    for commit in commits {
        let mut open = vec![*commit];
        while let Some(at) = open.last().copied() {
            let parents = graph.commits[at].parents.iter().filter_map(|parent| graph.commit_at(*parent));
            let parents: Vec<usize> = if known[at].is_none() { parents.collect() } else { Vec::new() };
            let further: Vec<usize> = parents.iter().copied().filter(|parent| known[*parent].is_none()).collect();
            if further.is_empty() {
                let below = parents.iter().filter_map(|parent| known[*parent]).max();
                known[at].get_or_insert(below.map_or(0, |depth| depth.saturating_add(1)));
                open.pop();
            }
            open.extend(further);
        }
    }
    known.into_iter().map(Option::unwrap_or_default).collect()
}

/// The span of each file with finds.
fn spans(graph: &Graph, commits: &[usize], head: Option<u32>) -> HashMap<u32, Span> {
    let depths = depths(graph, commits);
    let mut sets: HashMap<u32, Span> = HashMap::new();
    for at in commits {
        let (commit, depth) = (&graph.commits[*at], depths[*at]);
        // What is in the last commit is in no later one, whatever the clocks say.
        let late = if Some(commit.number) == head { i64::MAX } else { commit.at };
        let (id, number, tree) = (graph.ids[commit.number as usize], commit.number, commit.tree);
        let first = Moment { at: commit.at, depth, id, number, tree };
        let span = Span { first, last: Moment { at: late, ..first } };
        let set = graph.held.of[commit.tree as usize];
        sets.entry(set).and_modify(|known| *known = known.join(span)).or_insert(span);
    }
    let mut spans: HashMap<u32, Span> = HashMap::new();
    for span in sets.values() {
        for blob in graph.held.in_tree(span.last.tree) {
            spans.entry(*blob).and_modify(|known| *known = known.join(*span)).or_insert(*span);
        }
    }
    spans
}

/// Looks up the path of each file with finds in the last commit that holds it, where that is another than the last time; tells whether
/// there was any.
pub(super) fn paths(repo: &gix::Repository, graph: &mut Graph, commits: &[usize], head: Option<u32>) -> bool {
    let mut repo = repo.clone();
    repo.objects.set_pack_cache(|| Box::new(MemoryCappedHashmap::new(BASES)));
    let mut wanted: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for (blob, span) in spans(graph, commits, head) {
        if graph.paths.get(&blob).is_none_or(|(tree, _)| *tree != span.last.tree) {
            wanted.entry(span.last.tree).or_default().insert(blob);
        }
    }
    let any = !wanted.is_empty();
    for (tree, mut blobs) in wanted {
        let mut found = Vec::new();
        down(&repo, graph, tree, "", &mut blobs, &mut found, 0);
        graph.paths.extend(found.into_iter().map(|(blob, path)| (blob, (tree, path))));
    }
    any
}

/// Where in a tree some files stand, each where it is met first.
fn down(
    repo: &gix::Repository,
    graph: &Graph,
    tree: u32,
    above: &str,
    blobs: &mut BTreeSet<u32>,
    found: &mut Vec<(u32, String)>,
    depth: usize,
) {
    let Ok(object) = repo.find_object(graph.ids[tree as usize]) else { return };
    for entry in TreeRefIter::from_bytes(&object.data, gix::hash::Kind::Sha1).flatten() {
        if blobs.is_empty() || depth > DEPTH {
            return;
        }
        let Some(child) = graph.numbers.get(&entry.oid.to_owned()).copied() else { continue };
        let path = || format!("{above}{}", clean(&entry.filename.to_string(), 255));
        if blobs.remove(&child) {
            found.push((child, path()));
        } else if graph.held.in_tree(child).iter().any(|blob| blobs.contains(blob)) {
            down(repo, graph, child, &format!("{}/", path()), blobs, found, depth + 1);
        }
    }
}

/// The finds in files that the history can reach. What stands in several versions of a file at the same place is one find.
pub(super) fn files(graph: &Graph, commits: &[usize], head: Option<u32>) -> Vec<KeyFound> {
    let spans = spans(graph, commits, head);
    let mut finds: BTreeMap<Mark<'_>, (Span, &SecretMatch)> = BTreeMap::new();
    for (blob, found) in graph.leaks.iter().take(PLACED) {
        let Some(span) = spans.get(blob) else { continue };
        let path = graph.paths.get(blob).map_or("", |(_, path)| path);
        let key = (path, found.line, found.rule.as_str(), found.fingerprint.as_str(), found.source.as_deref());
        let known = finds.entry(key).or_insert((*span, found));
        *known = (known.0.join(*span), if span.last > known.0.last { found } else { known.1 });
    }
    let hex = |number: u32| Some(graph.ids[number as usize].to_string());
    let told = finds.into_iter().map(|((path, ..), (span, found))| KeyFound {
        found: SecretMatch { url: path.to_owned(), ..found.clone() },
        path: path.to_owned(),
        place: if Some(span.last.number) == head { Place::Head } else { Place::History },
        commit: hex(span.first.number),
        last: hex(span.last.number),
        at: Timestamp::from_second(span.first.at).ok(),
        waived: None,
    });
    told.collect()
}

/// Finds in the messages of commits and tags.
pub(super) fn messages(
    graph: &Graph,
    commits: &[usize],
    tags: &BTreeSet<ObjectId>,
    head: Option<u32>,
) -> Vec<KeyFound> {
    let times: HashMap<u32, i64> =
        commits.iter().map(|at| &graph.commits[*at]).map(|commit| (commit.number, commit.at)).collect();
    let told = graph.leaks.iter().take(PLACED).filter_map(|(object, found)| {
        let id = graph.ids[*object as usize];
        let (path, commit, at) = match graph.kinds[*object as usize] {
            What::Commit => (MESSAGE, Some(id.to_string()), Some(*times.get(object)?)),
            What::Tag if tags.contains(&id) => ("tag message", None, None),
            _ => return None,
        };
        Some(KeyFound {
            path: path.to_owned(),
            found: SecretMatch { url: path.to_owned(), ..found.clone() },
            place: if head == Some(*object) { Place::Head } else { Place::History },
            last: commit.clone(),
            commit,
            at: at.and_then(|at| Timestamp::from_second(at).ok()),
            waived: None,
        })
    });
    told.collect()
}
