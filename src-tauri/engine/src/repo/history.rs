//! The whole history: which commits can be reached, and where in them the finds stand.

use super::graph::{Graph, What};
use super::{Progress, Reading, cache, open, place, settle};
use audit::facts::Repository;
use audit::{Unseen, Why};
use gix::ObjectId;
use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

/// Bytes of logs of references that are read.
const LOGS: u64 = 64 * 1024 * 1024;

pub(super) fn read(folder: &Path, reading: &Reading, progress: &Progress) -> Result<Repository, String> {
    let all = open::open(folder)?;
    let repo = all.to_thread_local();
    let git = repo.git_dir().to_owned();
    let mut graph = cache::load(&git, reading).unwrap_or_default();
    let known = graph.ids.len();
    graph.grow(&all, reading, progress)?;
    let head = repo.head_id().ok().and_then(|head| graph.numbers.get(&head.detach()).copied());
    let commits = reach(&graph, &tips(&repo, &git));
    let mut seen = Repository { commits: commits.len() as u64, bytes: graph.bytes, ..Repository::default() };
    let there =
        graph.kinds.iter().zip(&graph.ids).filter(|(kind, id)| **kind == What::Blob && !graph.gone.contains(*id));
    seen.files = there.count() as u64;
    seen.unread = unread(&repo, &graph);
    seen.cut = progress.over() || graph.held.cut;
    let paths = place::paths(&repo, &mut graph, &commits, head);
    seen.leaks = place::files(&graph, &commits, head);
    seen.leaks.extend(place::messages(&graph, &commits, &tags(&repo), head));
    if !progress.over() && (graph.ids.len() > known || paths) {
        cache::save(&git, reading, &graph);
    }
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
    let lost = graph.kinds.iter().zip(&graph.ids).filter(|(kind, _)| **kind == What::Unread);
    let lost = lost.filter(|(_, id)| !graph.gone.contains(*id));
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

/// The commits that can be reached: where they stand among all.
fn reach(graph: &Graph, tips: &BTreeSet<ObjectId>) -> Vec<usize> {
    let mut met = vec![false; graph.commits.len()];
    let tips = tips.iter().filter_map(|id| graph.numbers.get(id));
    let mut next: Vec<usize> = tips.filter_map(|tip| graph.commit_at(*tip)).collect();
    let mut commits = Vec::new();
    while let Some(at) = next.pop() {
        if !std::mem::replace(&mut met[at], true) {
            commits.push(at);
            next.extend(graph.commits[at].parents.iter().filter_map(|parent| graph.commit_at(*parent)));
        }
    }
    commits
}
