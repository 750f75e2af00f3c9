//! A part of the history: what was committed since a revision, and what is prepared for the next commit.

use super::{Progress, Reading, content, open, settle};
use audit::facts::{KeyFound, Place, Repository, SecretMatch};
use audit::read::text::clean;
use gix::ObjectId;
use gix::index::entry::Mode;
use gix::objs::TreeRefIter;
use gix::objs::tree::EntryKind;
use jiff::Timestamp;
use std::collections::HashSet;
use std::path::Path;

/// Folders inside one another that are followed.
const DEPTH: usize = 200;

/// Reads what the commits from a revision (not itself) to HEAD brought.
///
/// # Errors
/// One sentence why they cannot be read.
pub fn since(folder: &Path, revision: &str, reading: &Reading, progress: &Progress) -> Result<Repository, String> {
    let repo = open::open(folder)?.to_thread_local();
    let named = clean(revision, 100);
    let base = repo.rev_parse_single(revision).ok().and_then(|id| id.object().ok()?.peel_to_commit().ok()).ok_or_else(
        || format!("the repository knows no commit {named}; a shallow clone may lack it: fetch the whole history"),
    )?;
    let head = repo.head_id().map_err(|error| format!("there is no last commit: {error}"))?.detach();
    let walk = repo
        .rev_walk([head])
        .with_hidden([base.id])
        .all()
        .map_err(|error| format!("the commits cannot be followed: {error}"))?;
    let mut commits: Vec<ObjectId> = walk.flatten().map(|commit| commit.id).collect();
    // The oldest first, so that a file belongs to the commit that brought it.
    commits.reverse();
    let mut range = Range { repo: &repo, reading, met: HashSet::new(), seen: Repository::default() };
    let tree = base.tree_id().map_err(|error| format!("{named} cannot be read: {error}"))?;
    range.skip(tree.detach(), 0);
    let now = files_of(&repo, head);
    for id in commits.into_iter().take_while(|_| !progress.over()) {
        let Ok(commit) = repo.find_commit(id) else { continue };
        let at = commit.author().ok().and_then(|author| Timestamp::from_second(author.seconds()).ok());
        let Ok(tree) = commit.tree_id() else { continue };
        range.seen.commits += 1;
        range.down(tree.detach(), "", &(id, at), 0);
    }
    let mut seen = range.seen;
    for leak in &mut seen.leaks {
        leak.place = if now.contains(&leak.path) { Place::Head } else { Place::History };
    }
    seen.cut = progress.over();
    Ok(settle(seen))
}

/// The paths in a commit.
fn files_of(repo: &gix::Repository, commit: ObjectId) -> HashSet<String> {
    let index = repo.find_commit(commit).ok().and_then(|commit| repo.index_from_tree(&commit.tree_id().ok()?).ok());
    index
        .iter()
        .flat_map(|index| index.entries().iter().map(|entry| clean(&entry.path(index).to_string(), 1_000)))
        .collect()
}

struct Range<'a> {
    repo: &'a gix::Repository,
    reading: &'a Reading,
    /// Objects that need no (second) look.
    met: HashSet<ObjectId>,
    seen: Repository,
}

impl Range<'_> {
    /// Leaves out all that a tree holds.
    fn skip(&mut self, tree: ObjectId, depth: usize) {
        if !self.met.insert(tree) || depth > DEPTH {
            return;
        }
        let Ok(object) = self.repo.find_object(tree) else { return };
        for entry in TreeRefIter::from_bytes(&object.data, gix::hash::Kind::Sha1).flatten() {
            if entry.mode.is_tree() {
                self.skip(entry.oid.to_owned(), depth + 1);
            } else {
                self.met.insert(entry.oid.to_owned());
            }
        }
    }

    fn down(&mut self, tree: ObjectId, above: &str, commit: &(ObjectId, Option<Timestamp>), depth: usize) {
        if !self.met.insert(tree) || depth > DEPTH {
            return;
        }
        let Ok(object) = self.repo.find_object(tree) else { return };
        for entry in TreeRefIter::from_bytes(&object.data, gix::hash::Kind::Sha1).flatten() {
            let path = format!("{above}{}", clean(&entry.filename.to_string(), 255));
            match entry.mode.kind() {
                EntryKind::Tree => self.down(entry.oid.to_owned(), &format!("{path}/"), commit, depth + 1),
                EntryKind::Blob | EntryKind::BlobExecutable if self.met.insert(entry.oid.to_owned()) => {
                    let leaks = look(self.repo, entry.oid.to_owned(), &path, self.reading, &mut self.seen);
                    let hex = Some(commit.0.to_string());
                    self.seen.leaks.extend(leaks.into_iter().map(|found| KeyFound {
                        path: path.clone(),
                        found,
                        place: Place::History,
                        commit: hex.clone(),
                        last: hex.clone(),
                        at: commit.1,
                        waived: None,
                    }));
                }
                _ => {}
            }
        }
    }
}

fn look(
    repo: &gix::Repository,
    blob: ObjectId,
    path: &str,
    reading: &Reading,
    seen: &mut Repository,
) -> Vec<SecretMatch> {
    let Ok(object) = repo.find_object(blob) else { return Vec::new() };
    seen.files += 1;
    seen.bytes += object.data.len() as u64;
    let found = content::scan(&object.data, &reading.salt).unwrap_or_default();
    found.into_iter().map(|found| SecretMatch { url: path.to_owned(), ..found }).collect()
}

/// Reads what is prepared for the next commit.
///
/// # Errors
/// One sentence why it cannot be read.
pub fn staged(folder: &Path, reading: &Reading, progress: &Progress) -> Result<Repository, String> {
    let repo = open::open(folder)?.to_thread_local();
    let index = repo.open_index().map_err(|error| format!("the list of prepared files cannot be read: {error}"))?;
    let head = repo.head_commit().ok().and_then(|commit| repo.index_from_tree(&commit.tree_id().ok()?).ok());
    let mut seen = Repository::default();
    for entry in index.entries().iter().take_while(|_| !progress.over()) {
        let name = entry.path(&index);
        let same = head.as_ref().and_then(|head| head.entry_by_path(name)).is_some_and(|old| old.id == entry.id);
        if same || !matches!(entry.mode, Mode::FILE | Mode::FILE_EXECUTABLE) {
            continue;
        }
        let path = clean(&name.to_string(), 1_000);
        for found in look(&repo, entry.id, &path, reading, &mut seen) {
            seen.leaks.push(KeyFound {
                path: path.clone(),
                found,
                place: Place::Tree,
                commit: None,
                last: None,
                at: None,
                waived: None,
            });
        }
    }
    Ok(settle(seen))
}
