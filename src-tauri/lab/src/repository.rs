//! The product's git repository as its founder's machine has it: a few commits over the files, written without a git program.

use gix::ObjectId;
use gix::actor::Signature;
use gix::date::Time;
use gix::date::parse::TimeBuf;
use gix::objs::Tree;
use gix::objs::tree::{Entry, EntryKind};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// A file that an earlier commit holds and the present does not.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Past {
    /// The branch whose commit holds it; it was removed again on `main`, and never merged from another.
    pub branch: &'static str,
    /// Its path.
    pub path: &'static str,
    /// What it held.
    pub text: String,
}

/// When the first commit was written, seconds since 1970; the others follow day by day.
const BEGAN: i64 = 1_767_600_000;
const DAY: i64 = 86_400;

/// Commits the files, with those of the past before them.
pub(crate) fn commit(folder: &Path, files: &BTreeMap<String, String>, past: &[Past]) -> io::Result<()> {
    let repo = gix::init(folder).map_err(io::Error::other)?;
    let known: BTreeMap<&str, &str> =
        files.iter().filter(|(path, _)| *path != ".env").map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let with = |branch: &str| {
        let earlier = past.iter().filter(|past| past.branch == branch);
        let mut all = known.clone();
        all.extend(earlier.map(|past| (past.path, past.text.as_str())));
        tree(&repo, &all)
    };
    let write = |name: &str, days: i64, tree: ObjectId, parents: Vec<ObjectId>| {
        let time = Time::new(BEGAN + days * DAY, 0);
        let who = Signature { name: "Maren Holt".into(), email: "maren@juniperdesk.example".into(), time };
        let (mut author, mut committer) = <(TimeBuf, TimeBuf)>::default();
        let (author, committer) = (who.to_ref(&mut author), who.to_ref(&mut committer));
        repo.commit_as(committer, author, name, "Work of the day", tree, parents)
            .map(gix::Id::detach)
            .map_err(io::Error::other)
    };
    let first = write("HEAD", 0, with("main")?, vec![])?;
    write("HEAD", 1, tree(&repo, &known)?, vec![first])?;
    for (days, branch) in (2..).zip(past.iter().map(|past| past.branch).filter(|branch| *branch != "main")) {
        write(&format!("refs/heads/{branch}"), days, with(branch)?, vec![first])?;
    }
    Ok(())
}

/// Writes a tree with everything below it.
fn tree(repo: &gix::Repository, files: &BTreeMap<&str, &str>) -> io::Result<ObjectId> {
    let mut folders: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    let mut entries = Vec::new();
    for (path, text) in files {
        match path.split_once('/') {
            Some((folder, rest)) => drop(folders.entry(folder).or_default().insert(rest, text)),
            None => {
                entries.push(entry(EntryKind::Blob, path, repo.write_blob(text).map_err(io::Error::other)?.detach()))
            }
        }
    }
    for (folder, files) in folders {
        entries.push(entry(EntryKind::Tree, folder, tree(repo, &files)?));
    }
    entries.sort();
    repo.write_object(Tree { entries }).map(gix::Id::detach).map_err(io::Error::other)
}

fn entry(kind: EntryKind, name: &str, oid: ObjectId) -> Entry {
    Entry { mode: kind.into(), filename: name.into(), oid }
}
