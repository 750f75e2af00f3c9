//! The files of a folder: what git would take, and every `.env` file besides.

use super::{Progress, Reading, content, open, settle};
use audit::facts::{KeyFound, Place, Repository};
use audit::read::text::clean;
use audit::{Unseen, Why};
use ignore::WalkBuilder;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Largest file that is read, bytes.
const LARGEST: u64 = 64 * 1024 * 1024;
/// Most files read.
const FILES: usize = 1_000_000;
/// Folders without a founder's own files; `.env` files are not looked for in them when git ignores them.
const FOREIGN: [&str; 8] = ["node_modules", "target", ".venv", "venv", "dist", "build", ".next", "vendor"];

struct Candidate {
    file: PathBuf,
    ignored: bool,
}

pub(super) fn read(folder: &Path, reading: &Reading, progress: &Progress) -> Result<Repository, String> {
    let root = folder.canonicalize().map_err(|error| format!("failed to open the folder: {error}"))?;
    let files = files(&root, reading, progress);
    progress.all.store(files.len() as u64, Ordering::Relaxed);
    let base = if root.is_dir() { open::root(&root).unwrap_or_else(|| root.clone()) } else { parent(&root) };
    let next = AtomicUsize::new(0);
    let seen = Mutex::new(Repository::default());
    std::thread::scope(|scope| {
        for _ in 0..reading.threads.max(1) {
            scope.spawn(|| {
                let mut part = Repository::default();
                while let Some(one) = files.get(next.fetch_add(1, Ordering::Relaxed)).filter(|_| !progress.over()) {
                    look(one, &base, &reading.salt, &mut part);
                    progress.step();
                }
                let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                seen.files += part.files;
                seen.bytes += part.bytes;
                seen.leaks.append(&mut part.leaks);
                seen.unread.append(&mut part.unread);
            });
        }
    });
    let mut seen = seen.into_inner().unwrap_or_else(PoisonError::into_inner);
    seen.cut = progress.over() || files.len() >= FILES;
    Ok(settle(seen))
}

fn parent(path: &Path) -> PathBuf {
    path.parent().unwrap_or(path).to_owned()
}

/// The files to read, each once.
fn files(root: &Path, reading: &Reading, progress: &Progress) -> Vec<Candidate> {
    let usual = |respects: bool| {
        let mut walk = WalkBuilder::new(root);
        walk.hidden(false).follow_links(false).ignore(false).git_global(false).require_git(true);
        walk.git_ignore(respects).git_exclude(respects).parents(respects);
        walk
    };
    let mut files = Vec::new();
    let mut taken = BTreeSet::new();
    let own = usual(!reading.ignored).filter_entry(|entry| entry.file_name() != ".git").build();
    for entry in own.flatten().take_while(|_| !progress.over()) {
        if entry.file_type().is_some_and(|kind| kind.is_file()) && files.len() < FILES {
            if env(entry.path()) {
                taken.insert(entry.path().to_owned());
            }
            files.push(Candidate { file: entry.into_path(), ignored: false });
        }
    }
    let foreign = |name: &std::ffi::OsStr| name == ".git" || FOREIGN.iter().any(|foreign| name == *foreign);
    let all = usual(false).filter_entry(move |entry| !foreign(entry.file_name())).build();
    for entry in all.flatten().take_while(|_| !progress.over()) {
        if env(entry.path()) && entry.file_type().is_some_and(|kind| kind.is_file()) && !taken.contains(entry.path()) {
            files.push(Candidate { file: entry.into_path(), ignored: true });
        }
    }
    files
}

/// Whether a file is one of settings, which git is told to ignore and which is read all the same.
fn env(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".env"))
}

fn look(one: &Candidate, base: &Path, salt: &[u8; 32], seen: &mut Repository) {
    let path = one.file.strip_prefix(base).unwrap_or(&one.file).to_string_lossy().replace('\\', "/");
    let path = clean(&path, 1_000);
    let bytes = match bytes(&one.file) {
        Ok(bytes) => bytes,
        Err((why, says)) => {
            let way = "make the file readable, or look at it yourself".to_owned();
            return seen.unread.push(Unseen { what: path, why, says, way });
        }
    };
    seen.files += 1;
    seen.bytes += bytes.len() as u64;
    let place = if one.ignored { Place::Ignored } else { Place::Tree };
    for found in content::scan(&bytes, salt).unwrap_or_default() {
        let found = audit::facts::SecretMatch { url: path.clone(), ..found };
        seen.leaks.push(KeyFound {
            path: path.clone(),
            found,
            place,
            commit: None,
            last: None,
            at: None,
            waived: None,
        });
    }
}

/// The bytes of a regular file; whatever it was exchanged for meanwhile is not waited for.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, (Why, String)> {
    let told = |error: std::io::Error| (Why::Refused, format!("failed to read: {error}"));
    let before = path.symlink_metadata().map_err(told)?;
    if !before.is_file() {
        return Err((Why::Refused, "it is no regular file".to_owned()));
    }
    if before.len() > LARGEST {
        return Err((Why::Beyond, format!("it is larger than {} MB", LARGEST / 1024 / 1024)));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(before.len()).unwrap_or(0));
    File::open(path).map_err(told)?.take(LARGEST).read_to_end(&mut bytes).map_err(told)?;
    Ok(bytes)
}
