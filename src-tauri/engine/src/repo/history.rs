//! The whole history: which commits can be reached, and where in them the finds stand.

use super::graph::{Graph, Row};
use super::{Progress, Reading, cache, graph, open, settle};
use audit::facts::{KeyFound, Place, Repository, SecretMatch};
use audit::read::text::clean;
use audit::{Unseen, Why};
use gix::ObjectId;
use gix::objs::TreeRefIter;
use jiff::Timestamp;
use std::collections::{BTreeSet, HashMap};
use std::io::Read;
use std::path::Path;
use std::rc::Rc;

/// Folders inside one another that are followed.
const DEPTH: usize = 200;
/// Bytes of logs of references that are read.
const LOGS: u64 = 64 * 1024 * 1024;
/// Versions of files with finds that are placed in the history.
const PLACED: usize = 20_000;

pub(super) fn read(folder: &Path, reading: &Reading, progress: &Progress) -> Result<Repository, String> {
    let all = open::open(folder)?;
    let repo = all.to_thread_local();
    let git = repo.git_dir().to_owned();
    let mut graph = cache::load(&git, reading).unwrap_or_default();
    let known = graph.ids.len();
    graph.grow(&all, reading, progress)?;
    if !progress.over() && graph.ids.len() > known {
        cache::save(&git, reading, &graph);
    }
    let head = repo.head_id().ok().map(gix::Id::detach);
    let commits = reach(&graph, &tips(&repo, &git));
    let mut seen = Repository { commits: commits.len() as u64, bytes: graph.bytes, ..Repository::default() };
    seen.files = graph.rows.iter().filter(|row| **row == Row::Blob).count() as u64;
    seen.unread = unread(&repo, &graph);
    seen.cut = progress.over();
    let head = head.and_then(|head| graph.numbers.get(&head).copied());
    seen.leaks = place(&repo, &graph, &commits, head);
    seen.leaks.extend(messages(&graph, &commits, &tags(&repo), head));
    Ok(settle(seen))
}

/// What is missing of the history: too large by design, damaged, or never fetched.
fn unread(repo: &gix::Repository, graph: &Graph) -> Vec<Unseen> {
    let shallow = repo.is_shallow().unwrap_or(true).then(|| Unseen {
        what: "the older commits".to_owned(),
        why: Why::NotLooked,
        says: "this copy of the repository is shallow and holds the last commits only".to_owned(),
        way: "fetch the rest with git fetch --unshallow (GitHub Actions: fetch-depth: 0)".to_owned(),
    });
    let lost = graph.rows.iter().zip(&graph.ids).filter(|(row, _)| **row == Row::Unread);
    let told = lost.map(|(_, id)| {
        let large = repo.find_header(*id).is_ok_and(|header| header.size() > open::LARGEST as u64);
        let (why, says) = if large {
            (Why::Beyond, format!("it is larger than {} MB", open::LARGEST / 1024 / 1024))
        } else {
            (Why::Garbled, "it is damaged".to_owned())
        };
        Unseen { what: format!("object {id}"), why, says, way: format!("look at it with git cat-file -p {id}") }
    });
    shallow.into_iter().chain(told).take(super::UNREAD).collect()
}

/// Everything that a name or a log still leads to.
fn tips(repo: &gix::Repository, git: &Path) -> BTreeSet<ObjectId> {
    let mut tips = BTreeSet::new();
    tips.extend(repo.head_id().ok().map(gix::Id::detach));
    if let Ok(names) = repo.references() {
        let all = names.all().into_iter().flatten().flatten();
        tips.extend(all.filter_map(|mut name| name.peel_to_commit().ok()).map(|commit| commit.id));
    }
    let mut left = LOGS;
    for root in [git.join("logs"), git.join("worktrees")] {
        logs(&root, 0, &mut left, &mut tips);
    }
    tips
}

/// The tags with a message that a name leads to.
fn tags(repo: &gix::Repository) -> BTreeSet<ObjectId> {
    let Ok(names) = repo.references() else { return BTreeSet::new() };
    let names = names.all().into_iter().flatten().flatten();
    names.filter_map(|name| name.try_id().map(gix::Id::detach)).collect()
}

/// Commits named in the logs of references (`old new who when`), stashes among them, and in the HEAD of other worktrees.
fn logs(folder: &Path, depth: usize, left: &mut u64, tips: &mut BTreeSet<ObjectId>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten().filter(|_| depth < 20) {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => logs(&entry.path(), depth + 1, left, tips),
            Ok(kind) if kind.is_file() => {
                let mut text = Vec::new();
                let read = std::fs::File::open(entry.path()).and_then(|file| file.take(*left).read_to_end(&mut text));
                *left -= read.map_or(0, |length| (length as u64).min(*left));
                for line in text.split(|byte| *byte == b'\n') {
                    tips.extend(
                        line.split(|byte| *byte == b' ').take(2).filter_map(|hex| ObjectId::from_hex(hex).ok()),
                    );
                }
            }
            _ => {}
        }
    }
}

/// The commits that can be reached, with their trees and times.
fn reach(graph: &Graph, tips: &BTreeSet<ObjectId>) -> Vec<(u32, u32, i64)> {
    let mut met = vec![false; graph.rows.len()];
    let mut next: Vec<u32> = tips.iter().filter_map(|id| graph.numbers.get(id).copied()).collect();
    let mut commits = Vec::new();
    while let Some(number) = next.pop() {
        if let Row::Commit { tree, parents, at } = &graph.rows[number as usize]
            && !std::mem::replace(&mut met[number as usize], true)
        {
            commits.push((number, *tree, *at));
            next.extend(parents.iter());
        }
    }
    commits
}

/// Which blobs with finds each tree holds, at any depth; trees without any are only remembered as met.
struct Holders<'a> {
    graph: &'a Graph,
    wanted: Vec<bool>,
    met: Vec<bool>,
    holds: HashMap<u32, Rc<[u32]>>,
}

impl Holders<'_> {
    fn of(&mut self, tree: u32, depth: usize) -> Option<Rc<[u32]>> {
        if self.met[tree as usize] || depth > DEPTH {
            return self.holds.get(&tree).cloned();
        }
        self.met[tree as usize] = true;
        let graph = self.graph;
        let Row::Tree(children) = &graph.rows[tree as usize] else { return None };
        let mut blobs = BTreeSet::new();
        for child in children {
            match &graph.rows[*child as usize] {
                Row::Blob if self.wanted[*child as usize] => {
                    blobs.insert(*child);
                }
                Row::Tree(_) => blobs.extend(self.of(*child, depth + 1).iter().flat_map(|inner| inner.iter().copied())),
                _ => {}
            }
        }
        (!blobs.is_empty()).then(|| {
            let held: Rc<[u32]> = blobs.into_iter().collect();
            self.holds.insert(tree, Rc::clone(&held));
            held
        })
    }
}

/// First and last commit that hold a blob: time, commits below it, commit, tree.
struct Span {
    first: (i64, u32, u32),
    last: (i64, u32, u32, u32),
}

/// How many commits lie below each on its longest way down: what orders commits of the same second.
fn depths(graph: &Graph, commits: &[(u32, u32, i64)]) -> HashMap<u32, u32> {
    let mut known: HashMap<u32, u32> = HashMap::with_capacity(commits.len());
    for (commit, _, _) in commits {
        let mut open = vec![*commit];
        while let Some(at) = open.last().copied() {
            let parents = match &graph.rows[at as usize] {
                Row::Commit { parents, .. } if !known.contains_key(&at) => &parents[..],
                _ => &[],
            };
            let further: Vec<u32> = parents.iter().copied().filter(|parent| !known.contains_key(parent)).collect();
            if further.is_empty() {
                let below = parents.iter().filter_map(|parent| known.get(parent)).max();
                let depth = below.map_or(0, |depth| depth.saturating_add(1));
                known.entry(at).or_insert(depth);
                open.pop();
            }
            open.extend(further);
        }
    }
    known
}

fn place(repo: &gix::Repository, graph: &Graph, commits: &[(u32, u32, i64)], head: Option<u32>) -> Vec<KeyFound> {
    let mut wanted = vec![false; graph.rows.len()];
    graph.leaks.iter().take(PLACED).for_each(|(blob, _)| wanted[*blob as usize] = true);
    let mut holders = Holders { graph, wanted, met: vec![false; graph.rows.len()], holds: HashMap::new() };
    let mut spans: HashMap<u32, Span> = HashMap::new();
    let mut now = BTreeSet::new();
    let depths = depths(graph, commits);
    for (commit, tree, at) in commits {
        let depth = depths.get(commit).copied().unwrap_or_default();
        let held = holders.of(*tree, 0);
        for blob in held.iter().flat_map(|held| held.iter()) {
            let (first, last) = ((*at, depth, *commit), (*at, depth, *commit, *tree));
            let span = spans.entry(*blob).or_insert(Span { first, last });
            span.first = span.first.min(first);
            // What is in the last commit is in no later one, whatever the clocks say.
            if Some(*commit) == head {
                span.last = (i64::MAX, depth, *commit, *tree);
                now.insert(*blob);
            }
            span.last = span.last.max(last);
        }
    }
    let mut paths: HashMap<u32, String> = HashMap::new();
    let mut leaks = Vec::new();
    for (blob, found) in graph.leaks.iter().take(PLACED) {
        let Some(span) = spans.get(blob) else { continue };
        let path = paths.entry(*blob).or_insert_with(|| path(repo, graph, &holders, span.last.3, *blob));
        let hex = |number: u32| Some(graph.ids[number as usize].to_string());
        leaks.push(KeyFound {
            path: path.clone(),
            found: SecretMatch { url: path.clone(), ..found.clone() },
            place: if now.contains(blob) { Place::Head } else { Place::History },
            commit: hex(span.first.2),
            last: hex(span.last.2),
            at: Timestamp::from_second(span.first.0).ok(),
            waived: None,
        });
    }
    leaks
}

/// Finds in the messages of commits and tags.
fn messages(graph: &Graph, commits: &[(u32, u32, i64)], tags: &BTreeSet<ObjectId>, head: Option<u32>) -> Vec<KeyFound> {
    let times: HashMap<u32, i64> = commits.iter().map(|(commit, _, at)| (*commit, *at)).collect();
    let told = graph.leaks.iter().take(PLACED).filter_map(|(object, found)| {
        let id = graph.ids[*object as usize];
        let (path, commit, at) = match graph.rows[*object as usize] {
            Row::Commit { .. } => (graph::MESSAGE, Some(id.to_string()), Some(*times.get(object)?)),
            Row::Tag if tags.contains(&id) => ("tag message", None, None),
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

/// Where in a tree a blob stands.
fn path(repo: &gix::Repository, graph: &Graph, holders: &Holders<'_>, tree: u32, blob: u32) -> String {
    let (mut at, mut path) = (tree, String::new());
    'down: for _ in 0..DEPTH {
        let Ok(object) = repo.find_object(graph.ids[at as usize]) else { break };
        for entry in TreeRefIter::from_bytes(&object.data, gix::hash::Kind::Sha1).flatten() {
            let Some(child) = graph.numbers.get(&entry.oid.to_owned()).copied() else { continue };
            let inside = holders.holds.get(&child).is_some_and(|held| held.binary_search(&blob).is_ok());
            if child == blob || inside {
                path.push_str(&clean(&entry.filename.to_string(), 255));
                if child == blob {
                    return path;
                }
                path.push('/');
                at = child;
                continue 'down;
            }
        }
        break;
    }
    path
}
