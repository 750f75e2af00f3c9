//! Opens a repository so that nothing in it can run, write, or lead outside.

use gix::ThreadSafeRepository;
use gix::open::Options;
use gix::sec::Trust;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Largest object that is unpacked, bytes; a larger one is told as unread.
pub(super) const LARGEST: usize = 32 * 1024 * 1024;
/// Bytes read of git's own settings.
const CONFIG: u64 = 256 * 1024;

/// The folder that holds `.git`, from this one upwards.
pub(super) fn root(folder: &Path) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    let folder = if folder.is_dir() { folder } else { folder.parent()?.to_owned() };
    folder.ancestors().find(|above| above.join(".git").symlink_metadata().is_ok()).map(Path::to_owned)
}

/// Opens the repository of a folder, untrusted: no configuration but its own is read, no program is started, nothing is written.
pub(super) fn open(folder: &Path) -> Result<ThreadSafeRepository, String> {
    let root = root(folder).ok_or_else(|| "the folder is no git repository".to_owned())?;
    let git = root.join(".git");
    inside(&git)?;
    hash(&git)?;
    Options::isolated()
        .with(Trust::Reduced)
        .open_path_as_is(true)
        .config_overrides([format!("gitoxide.objects.allocLimit={LARGEST}")])
        .open(git)
        .map_err(|error| format!("git's files cannot be read: {error}"))
}

/// Whether objects are named as they usually are; the other way (git's hash-function transition) is not read yet.
fn hash(git: &Path) -> Result<(), String> {
    let (path, mut config) = (git.join("config"), Vec::new());
    if !path.symlink_metadata().is_ok_and(|seen| seen.is_file()) {
        return Ok(());
    }
    let read = std::fs::File::open(path).and_then(|file| file.take(CONFIG).read_to_end(&mut config));
    let text = String::from_utf8_lossy(&config).to_ascii_lowercase();
    let other = read.is_ok()
        && text.lines().any(|line| {
            line.split_once('=').is_some_and(|(name, value)| name.trim() == "objectformat" && value.trim() == "sha256")
        });
    let says = "the repository names its objects by SHA-256, which is not read yet; its files are";
    if other { Err(says.to_owned()) } else { Ok(()) }
}

/// Whether all that is read of `.git` lies in it: no link, no other folder's objects.
fn inside(git: &Path) -> Result<(), String> {
    let kind = |path: &Path| path.symlink_metadata().map(|seen| seen.file_type());
    match kind(git) {
        Ok(kind) if kind.is_dir() => {}
        Ok(kind) if kind.is_file() => {
            return Err(
                "the folder is a linked worktree or a submodule; its history lies in another folder, read that one"
                    .to_owned(),
            );
        }
        _ => return Err("the folder's .git is no folder".to_owned()),
    }
    for name in ["HEAD", "config", "index", "packed-refs", "refs", "logs", "objects", "objects/pack", "objects/info"] {
        if kind(&git.join(name)).is_ok_and(|kind| kind.is_symlink()) {
            return Err(format!("{name} in .git is a link to another place, which is not followed"));
        }
    }
    if git.join("commondir").symlink_metadata().is_ok() {
        return Err("the folder's .git leads to another folder, which is not followed".to_owned());
    }
    let lent = git.join("objects/info/alternates").symlink_metadata().is_ok_and(|seen| seen.len() > 0);
    if lent {
        return Err("the repository borrows objects from another folder, which is not followed; run git repack -a -d, then remove .git/objects/info/alternates".to_owned());
    }
    let packs = std::fs::read_dir(git.join("objects/pack")).into_iter().flatten().flatten();
    if packs.into_iter().any(|entry| !entry.file_type().is_ok_and(|kind| kind.is_file())) {
        return Err("objects/pack in .git holds something that is no file".to_owned());
    }
    Ok(())
}
