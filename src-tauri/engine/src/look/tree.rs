//! Walks a project folder: files as git sees them and every `.env*`, bounded in size and count; follows no link, opens nothing but files.

use ignore::{DirEntry, WalkBuilder};
use std::fs::{File, FileType};
use std::io::Read;
use std::path::Path;

/// Bytes of one file; what is larger was not written by people.
pub(crate) const LARGEST: u64 = 1024 * 1024;
/// Files of one project.
const MOST: usize = 200_000;
/// Folders inside folders.
const DEPTH: usize = 64;
/// Folders that hold other people's code or what a build made, also where nobody told git to ignore them.
const FOREIGN: [&str; 14] = [
    ".git",
    ".hg",
    ".svn",
    "node_modules",
    "bower_components",
    "vendor",
    "target",
    "dist",
    ".next",
    ".nuxt",
    ".svelte-kit",
    ".venv",
    "venv",
    "__pycache__",
];

/// What the walk met.
pub(crate) enum Met<'a> {
    /// A file of interest: its path below the folder with `/` between names, and its bytes.
    File(&'a str, &'a [u8]),
    /// A file that was left out, and why.
    LeftOut(&'static str),
    /// The limit that ended the walk.
    Cut(&'static str),
}

/// Hands over every file below `root` whose path `wanted` likes, until `on` says stop.
///
/// # Errors
/// The folder cannot be opened.
pub(crate) fn walk(
    root: &Path,
    wanted: impl Fn(&str) -> bool,
    mut on: impl FnMut(Met<'_>) -> bool,
) -> std::io::Result<()> {
    // A folder that cannot be opened is told at once, not taken for an empty one.
    drop(std::fs::read_dir(root)?);
    let mut seen = 0;
    let mut bytes = Vec::new();
    for ignoring in [true, false] {
        for entry in walker(root, ignoring) {
            let Ok(entry) = entry else {
                if !on(Met::LeftOut("not readable")) {
                    return Ok(());
                }
                continue;
            };
            let Some(path) = below(root, &entry) else { continue };
            let environment = dotenv(&path);
            // The second walk is for the `.env*` files that git is told to ignore.
            if !entry.file_type().is_some_and(|kind| kind.is_file()) || environment == ignoring || !wanted(&path) {
                continue;
            }
            seen += 1;
            if seen > MOST {
                on(Met::Cut("200,000 files"));
                return Ok(());
            }
            let met = match take(entry.path(), &mut bytes) {
                Ok(()) if bytes.contains(&0) => Met::LeftOut("not text"),
                Ok(()) => Met::File(&path, &bytes),
                Err(why) => Met::LeftOut(why),
            };
            if !on(met) {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn walker(root: &Path, ignoring: bool) -> ignore::Walk {
    WalkBuilder::new(root)
        .hidden(false)
        .parents(false)
        .ignore(false)
        .git_global(false)
        .git_ignore(ignoring)
        .git_exclude(false)
        .require_git(false)
        .follow_links(false)
        .same_file_system(true)
        .max_depth(Some(DEPTH))
        .sort_by_file_name(std::cmp::Ord::cmp)
        .filter_entry(|entry| {
            let folder = entry.file_type().is_some_and(|kind: FileType| kind.is_dir());
            !(folder && entry.depth() > 0 && FOREIGN.iter().any(|name| entry.file_name() == *name))
        })
        .build()
}

/// The path below the folder; none for names that are not text.
fn below(root: &Path, entry: &DirEntry) -> Option<String> {
    let path = entry.path().strip_prefix(root).ok()?.to_str()?;
    Some(if std::path::MAIN_SEPARATOR == '/' { path.to_owned() } else { path.replace(std::path::MAIN_SEPARATOR, "/") })
}

fn dotenv(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.starts_with(".env"))
}

/// Reads a file that was a plain one a moment ago; if it is none any more, it is left alone.
fn take(path: &Path, bytes: &mut Vec<u8>) -> Result<(), &'static str> {
    bytes.clear();
    let unreadable = |_| "not readable";
    let kind = std::fs::symlink_metadata(path).map_err(unreadable)?;
    if !kind.is_file() {
        return Err("not a plain file");
    }
    if kind.len() > LARGEST {
        return Err("larger than 1 MB");
    }
    let file = File::open(path).map_err(unreadable)?;
    file.take(LARGEST + 1).read_to_end(bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST { Err("larger than 1 MB") } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::{Met, walk};
    use std::fs;

    #[test]
    fn ignored_files_links_and_large_files_are_left_out_and_env_files_never() {
        let root = std::env::temp_dir().join(format!("launch-ready-tree-{}", std::process::id()));
        let outside = root.with_extension("outside");
        fs::create_dir_all(root.join("src/node_modules/x")).unwrap();
        fs::create_dir_all(&outside).unwrap();
        fs::write(outside.join("far.ts"), "x").unwrap();
        for (path, text) in [
            (".gitignore", ".env*\nbuilt/\n"),
            (".env", "A=1"),
            ("src/a.ts", "a"),
            ("src/node_modules/x/b.ts", "b"),
            ("src/c.png", "c"),
            ("src/bytes.ts", "a\0b"),
        ] {
            fs::write(root.join(path), text).unwrap();
        }
        fs::create_dir_all(root.join("built")).unwrap();
        fs::write(root.join("built/d.ts"), "d").unwrap();
        fs::write(root.join("src/large.ts"), vec![b'x'; 1_100_000]).unwrap();
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&outside, root.join("src/link")).unwrap();
            std::os::unix::fs::symlink(outside.join("far.ts"), root.join("src/far.ts")).unwrap();
            std::os::unix::fs::symlink(&root, root.join("src/round")).unwrap();
            let made = std::process::Command::new("mkfifo").arg(root.join("src/pipe.ts")).status();
            assert!(made.is_ok_and(|status| status.success()));
        }
        let (mut files, mut left) = (vec![], vec![]);
        let wanted = |path: &str| path.ends_with(".ts") || path.ends_with(".env");
        walk(&root, wanted, |met| {
            match met {
                Met::File(path, _) => files.push(path.to_owned()),
                Met::LeftOut(why) | Met::Cut(why) => left.push(why),
            }
            true
        })
        .unwrap();
        fs::remove_dir_all(&root).unwrap();
        fs::remove_dir_all(&outside).unwrap();
        assert_eq!(files, ["src/a.ts", ".env"]);
        left.sort_unstable();
        assert_eq!(left, ["larger than 1 MB", "not text"]);
        assert!(walk(&root, |_| true, |_| true).is_err());
    }
}
