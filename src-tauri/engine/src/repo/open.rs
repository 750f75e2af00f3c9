//! Opens a repository so that nothing in it can run, write, or lead outside.

use audit::read::text::clean;
use gix::ThreadSafeRepository;
use gix::open::Options;
use gix::sec::Trust;
use std::io::{BufReader, Read, Seek, SeekFrom};
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
    indexes(&git.join("objects/pack"))?;
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

/// Whether the indexes of packs lead nowhere outside themselves: who reads them trusts them in that.
fn indexes(packs: &Path) -> Result<(), String> {
    for path in std::fs::read_dir(packs).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.extension().is_some_and(|end| end == "idx") && sound(&path).is_none() {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            return Err(format!("{name} in .git/objects/pack is damaged; run git fsck", name = clean(&name, 100)));
        }
    }
    Ok(())
}

/// Whether places beyond two gigabytes, which have a table of their own, stand in that table (gitformat-pack, version 2).
fn sound(path: &Path) -> Option<()> {
    const FAN: u64 = 8 + 256 * 4;
    let mut file = std::fs::File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    let mut head = [0; FAN as usize];
    file.read_exact(&mut head).ok()?;
    if !head.starts_with(b"\xfftOc") {
        return Some(());
    }
    let count = u64::from(u32::from_be_bytes(*head.last_chunk()?));
    let large = length.checked_sub(FAN + count * 28 + 40)? / 8;
    file.seek(SeekFrom::Start(FAN + count * 24)).ok()?;
    let mut places = BufReader::new(file).take(count * 4);
    let mut place = [0; 4];
    for _ in 0..count {
        places.read_exact(&mut place).ok()?;
        let place = u32::from_be_bytes(place);
        (place >> 31 == 0 || u64::from(place & 0x7fff_ffff) < large).then_some(())?;
    }
    Some(())
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
