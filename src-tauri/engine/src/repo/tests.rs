//! Real repositories made by git: whole histories, hostile ones, and no value of any kind in what comes out.

use super::{Progress, Reading, history, since, staged, tree};
use audit::facts::{KeyFound, Place, Repository};
use audit::read::secret::{by_id, rules};
use base64::Engine as _;
use gix::bstr::ByteSlice as _;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder of this test, removed when it ends.
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    pub(super) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("launch-ready-repo-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(super) fn repo(name: &str) -> Self {
        let folder = Self::new(name);
        folder.git(&["init", "-q", "-b", "main"]);
        folder
    }

    pub(super) fn git(&self, args: &[&str]) -> String {
        let ended = Command::new("git")
            .current_dir(&self.0)
            .args([
                "-c",
                "user.name=A",
                "-c",
                "user.email=a@example.com",
                "-c",
                "commit.gpgsign=false",
                "-c",
                "protocol.file.allow=always",
            ])
            .args(args)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            // All commits are of one second, as those of a fast machine are: their times order nothing.
            .env("GIT_AUTHOR_DATE", "@1790000000 +0000")
            .env("GIT_COMMITTER_DATE", "@1790000000 +0000")
            .env_remove("GIT_DIR")
            .output()
            .unwrap();
        assert!(ended.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&ended.stderr));
        String::from_utf8(ended.stdout).unwrap().trim().to_owned()
    }

    pub(super) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let file = self.0.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    pub(super) fn commit(&self, message: &str) -> String {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A key of a kind, different for each number, that no placeholder word spoils.
pub(super) fn key(number: usize) -> String {
    format!("sk_{}_{:0>6}qZ7wK3xV9tB5nM2r", "live", number * 7_919)
}

pub(super) fn reading() -> Reading {
    Reading::new([5; 32])
}

pub(super) fn at<'a>(seen: &'a Repository, path: &str) -> &'a KeyFound {
    let mut found = seen.leaks.iter().filter(|leak| leak.path == path);
    let first = found.next().unwrap_or_else(|| panic!("{path} not in {:?}", seen.leaks));
    assert!(found.next().is_none(), "{path} twice in {:?}", seen.leaks);
    first
}

/// Every way in which a history can hold a key that its last commit does not show.
pub(super) fn storied(name: &str) -> (Folder, Vec<String>) {
    let repo = Folder::repo(&format!("storied-{name}"));
    repo.write("kept.js", format!("\n\nconst k = '{}';\n", key(1)));
    repo.write("gone.js", format!("k('{}')\n", key(2)));
    let first = repo.commit("one");
    repo.git(&["rm", "-q", "gone.js"]);
    let second = repo.commit("two");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.write("deep/er/side.js", format!("k('{}')\n", key(3)));
    repo.commit("side");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("other.txt", "nothing");
    repo.commit("three");
    repo.git(&["merge", "-q", "--no-edit", "side"]);
    repo.git(&["mv", "kept.js", "renamed.js"]);
    repo.commit("renamed");
    repo.git(&["checkout", "-q", "-b", "tagged"]);
    repo.write("tagged.js", format!("k('{}')\n", key(4)));
    repo.commit("tagged");
    repo.git(&["tag", "-a", "v1", "-m", "v1"]);
    repo.git(&["checkout", "-q", "main"]);
    repo.git(&["branch", "-q", "-D", "tagged"]);
    repo.git(&["gc", "-q"]);
    repo.write("other.txt", format!("k('{}')\n", key(5)));
    repo.git(&["stash", "-q"]);
    repo.write("amended.js", format!("k('{}')\n", key(6)));
    repo.commit("to be amended");
    repo.git(&["rm", "-q", "amended.js"]);
    repo.git(&["commit", "-q", "--amend", "--allow-empty", "-m", "amended"]);
    (repo, vec![first, second])
}

#[test]
fn the_whole_history_is_read_packed_and_loose() {
    let (repo, commits) = storied("whole");
    let seen = history(&repo.0, &reading(), &Progress::default()).unwrap();
    assert_eq!(seen.unread, []);
    assert_eq!(seen.leaks.len(), 6, "{:#?}", seen.leaks);
    let kept = at(&seen, "renamed.js");
    assert_eq!((kept.place, kept.commit.as_ref(), kept.found.line), (Place::Head, Some(&commits[0]), 3));
    let gone = at(&seen, "gone.js");
    assert_eq!(
        (gone.place, gone.commit.as_ref(), gone.last.as_ref()),
        (Place::History, Some(&commits[0]), Some(&commits[0]))
    );
    assert!(gone.at.is_some());
    assert_eq!(at(&seen, "deep/er/side.js").place, Place::Head);
    for path in ["tagged.js", "other.txt", "amended.js"] {
        assert_eq!(at(&seen, path).place, Place::History, "{path}");
    }
}

#[test]
fn messages_of_commits_and_tags_and_notes_are_read() {
    let repo = Folder::repo("messages");
    repo.write("a.txt", "nothing");
    let first = repo.commit(&format!("use the key\n\nit is {}", key(11)));
    repo.git(&["tag", "-a", "v1", "-m", &format!("with {}", key(12))]);
    repo.git(&["notes", "add", "-m", &format!("see {}", key(13))]);
    repo.write("a.txt", "more");
    repo.commit("harmless");
    let seen = history(&repo.0, &reading(), &Progress::default()).unwrap();
    let told: BTreeSet<(&str, u32)> = seen.leaks.iter().map(|leak| (leak.path.as_str(), leak.found.line)).collect();
    assert_eq!(told, BTreeSet::from([(first.as_str(), 1), ("commit message", 3), ("tag message", 1)]));
    let message = at(&seen, "commit message");
    assert_eq!((message.commit.as_deref(), message.place), (Some(first.as_str()), Place::History));
    // A message that nothing leads to any more is none.
    repo.git(&["tag", "-d", "v1"]);
    assert_eq!(history(&repo.0, &reading(), &Progress::default()).unwrap().leaks.len(), 2);
}

#[test]
fn a_repository_of_the_other_hash_is_told() {
    let repo = Folder::new("sha256");
    repo.git(&["init", "-q", "--object-format=sha256"]);
    repo.write("a.txt", "nothing");
    repo.commit("one");
    let says = history(&repo.0, &reading(), &Progress::default()).unwrap_err();
    assert!(says.contains("SHA-256"), "{says}");
}

#[test]
fn the_tree_tells_ignored_settings_and_leaves_noise_out() {
    let repo = Folder::repo("tree");
    repo.write(".gitignore", "secret.txt\n.env\nnode_modules\n");
    repo.write(".env", format!("KEY={}\n", key(1)));
    repo.write("secret.txt", key(2));
    repo.write("node_modules/x/.env", key(3));
    repo.write("src/app.js", format!("// é\nk('{}') // launch-ready:allow\n", key(4)));
    let pem = by_id("private-key").unwrap().yes[0].concat();
    repo.write("tests/key.pem", &pem);
    repo.write("deploy/key.pem", &pem);
    repo.write("data.bin", [b"\0\0".as_slice(), key(5).as_bytes()].concat());
    let wide: Vec<u8> =
        [0xfeff].into_iter().chain(format!("KEY={}", key(6)).encode_utf16()).flat_map(u16::to_le_bytes).collect();
    repo.write("windows.env", wide);
    let seen = tree(&repo.0, &reading(), &Progress::default()).unwrap();
    assert_eq!(seen.leaks.len(), 4, "{:#?}", seen.leaks);
    assert_eq!(at(&seen, ".env").place, Place::Ignored);
    assert!(at(&seen, "src/app.js").found.allowed && at(&seen, "src/app.js").found.line == 2);
    assert_eq!(at(&seen, "deploy/key.pem").found.rule, "private-key");
    assert_eq!(at(&seen, "windows.env").found.rule, "stripe-secret-key");
    let all = tree(&repo.0, &Reading { ignored: true, ..reading() }, &Progress::default()).unwrap();
    assert_eq!(at(&all, "secret.txt").place, Place::Tree);
}

#[test]
fn parts_of_the_history_are_read_alone() {
    let repo = Folder::repo("parts");
    repo.write("old.js", format!("k('{}')", key(1)));
    let base = repo.commit("old");
    repo.write("dir/new.js", format!("\nk('{}')", key(2)));
    let second = repo.commit("new");
    repo.git(&["rm", "-q", "dir/new.js"]);
    repo.commit("removed");
    repo.write("staged.js", format!("k('{}')", key(3)));
    repo.git(&["add", "staged.js"]);
    repo.write("staged.js", "the file is clean again, what is prepared is not");
    repo.write("unstaged.js", format!("k('{}')", key(4)));
    let range = since(&repo.0, &base, &reading(), &Progress::default()).unwrap();
    assert_eq!(range.leaks.len(), 1, "{:?}", range.leaks);
    let new = at(&range, "dir/new.js");
    assert_eq!((new.place, new.commit.as_ref(), new.found.line), (Place::History, Some(&second), 2));
    let prepared = staged(&repo.0, &reading(), &Progress::default()).unwrap();
    assert_eq!(prepared.leaks.len(), 1, "{:?}", prepared.leaks);
    assert_eq!(at(&prepared, "staged.js").place, Place::Tree);
    assert!(since(&repo.0, "nowhere", &reading(), &Progress::default()).unwrap_err().contains("nowhere"));
    let none = Folder::new("none");
    assert!(staged(&none.0, &reading(), &Progress::default()).is_err());
}

#[cfg(unix)]
#[test]
fn a_hostile_repository_runs_nothing_and_leads_nowhere() {
    let repo = Folder::repo("hostile");
    let outside = Folder::repo("outside");
    outside.write("theirs.js", format!("k('{}')", key(9)));
    outside.commit("theirs");
    repo.write("mine.js", format!("k('{}')", key(1)));
    repo.write(".gitattributes", "* filter=evil diff=evil\n");
    repo.commit("mine");
    let payload = repo.0.join("payload");
    let script = repo.0.join("evil.sh");
    fs::write(&script, format!("#!/bin/sh\ntouch {}\ncat\n", payload.display())).unwrap();
    Command::new("chmod").arg("+x").arg(&script).status().unwrap();
    let evil = script.display();
    let mut config = fs::read_to_string(repo.0.join(".git/config")).unwrap();
    write!(
        config,
        "\tfsmonitor = {evil}\n\thooksPath = {repo}\n\tsshCommand = {evil}\n\tworktree = {outside}\n[filter \"evil\"]\n\tclean = {evil}\n\tsmudge = {evil}\n\tprocess = {evil}\n\trequired = true\n[diff \"evil\"]\n\ttextconv = {evil}\n\tcommand = {evil}\n[diff]\n\texternal = {evil}\n[include]\n\tpath = /dev/zero\n[remote \"origin\"]\n\turl = ext::{evil}\n\tuploadpack = {evil}\n\tpromisor = true\n[extensions]\n\tpartialClone = origin\n",
        repo = repo.0.display(),
        outside = outside.0.display(),
    )
    .unwrap();
    fs::write(repo.0.join(".git/config"), config).unwrap();
    for hook in ["post-checkout", "pre-commit", "post-index-change", "reference-transaction"] {
        fs::copy(&script, repo.0.join(".git/hooks").join(hook)).unwrap();
    }
    std::os::unix::fs::symlink(outside.0.join("theirs.js"), repo.0.join("link.js")).unwrap();
    std::os::unix::fs::symlink(&outside.0, repo.0.join("linked")).unwrap();
    std::os::unix::fs::symlink("/", repo.0.join(".env")).unwrap();
    Command::new("mkfifo").arg(repo.0.join(".env.fifo")).status().unwrap();
    let before = listing(&repo.0);
    let files = tree(&repo.0, &reading(), &Progress::default()).unwrap();
    assert_eq!(files.leaks.iter().map(|leak| leak.path.as_str()).collect::<Vec<_>>(), ["mine.js"]);
    let whole = history(&repo.0, &reading(), &Progress::default());
    assert!(whole.as_ref().is_ok_and(|seen| seen.leaks.len() == 1) || whole.is_err(), "{whole:?}");
    let _ = staged(&repo.0, &reading(), &Progress::default());
    let _ = since(&repo.0, "HEAD", &reading(), &Progress::default());
    assert!(!payload.exists(), "something was run");
    assert_eq!(listing(&repo.0), before, "something was written");
    // Other folders' objects are not read.
    let lent = repo.0.join(".git/objects/info");
    fs::create_dir_all(&lent).unwrap();
    fs::write(lent.join("alternates"), format!("{}\n", outside.0.join(".git/objects").display())).unwrap();
    assert!(history(&repo.0, &reading(), &Progress::default()).unwrap_err().contains("borrows"));
    fs::remove_file(lent.join("alternates")).unwrap();
    fs::rename(repo.0.join(".git"), repo.0.join("moved")).unwrap();
    fs::write(repo.0.join(".git"), format!("gitdir: {}\n", outside.0.join(".git").display())).unwrap();
    assert!(history(&repo.0, &reading(), &Progress::default()).unwrap_err().contains("linked"));
    fs::remove_file(repo.0.join(".git")).unwrap();
    std::os::unix::fs::symlink(outside.0.join(".git"), repo.0.join(".git")).unwrap();
    assert!(history(&repo.0, &reading(), &Progress::default()).is_err());
}

/// Every file of a folder with its length.
fn listing(folder: &Path) -> Vec<(PathBuf, u64)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            files.extend(listing(&entry.path()));
        } else {
            files.push((entry.path(), entry.path().symlink_metadata().unwrap().len()));
        }
    }
    files.sort();
    files
}

#[test]
fn garbage_in_place_of_objects_ends_in_words() {
    let (repo, _) = storied("garbage");
    let objects = repo.0.join(".git/objects");
    for (file, length) in listing(&objects) {
        let good = fs::read(&file).unwrap();
        let mut bad = good.clone();
        let middle = usize::try_from(length).unwrap() / 2;
        if let Some(byte) = bad.get_mut(middle) {
            *byte ^= 0xff;
        }
        fs::remove_file(&file).unwrap();
        fs::write(&file, &bad).unwrap();
        let _ = history(&repo.0, &reading(), &Progress::default());
        fs::write(&file, &good[..middle]).unwrap();
        let _ = history(&repo.0, &reading(), &Progress::default());
        fs::write(&file, good).unwrap();
    }
    assert_eq!(history(&repo.0, &reading(), &Progress::default()).unwrap().leaks.len(), 6);
}

pub(super) fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.find(part).is_some()
}

/// The forms in which a value could stand in a text.
fn forms(value: &[u8]) -> Vec<Vec<u8>> {
    let base64 = base64::engine::general_purpose::STANDARD_NO_PAD;
    let mut hex = String::new();
    let mut percent = String::new();
    for byte in value {
        write!(hex, "{byte:02x}").unwrap();
        write!(percent, "%{byte:02X}").unwrap();
    }
    let wide = |order: fn(u16) -> [u8; 2]| value.iter().flat_map(|byte| order(u16::from(*byte))).collect::<Vec<u8>>();
    let shifted = (0..3)
        .filter(|skip| value.len() > skip + 9)
        .map(|skip| base64.encode(&value[skip..value.len() / 3 * 3]).into_bytes());
    let mut forms = vec![
        value.to_vec(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
        percent.into_bytes(),
        wide(u16::to_le_bytes),
        wide(u16::to_be_bytes),
    ];
    forms.extend(shifted.map(|mut text| {
        // The last letters depend on what follows.
        text.truncate(text.len().saturating_sub(4));
        text
    }));
    forms
}

#[test]
fn no_value_of_any_kind_comes_out_in_any_form() {
    let repo = Folder::repo("canary");
    let cache = Folder::new("canary-cache");
    for (number, rule) in rules().iter().enumerate() {
        for sample in &rule.yes {
            repo.write(&format!("src/file{number}.txt"), format!("{}\n", sample.concat()));
        }
    }
    repo.commit("canaries");
    let kept = Reading { cache: Some(cache.0.clone()), ..reading() };
    let mut out = serde_json::to_vec(&history(&repo.0, &kept, &Progress::default()).unwrap()).unwrap();
    let files = tree(&repo.0, &kept, &Progress::default()).unwrap();
    assert!(files.leaks.len() + 2 >= rules().len(), "{} of {}", files.leaks.len(), rules().len());
    out.extend(serde_json::to_vec(&files).unwrap());
    out.extend(format!("{files:?}").into_bytes());
    for file in listing(&cache.0) {
        out.extend(fs::read(file.0).unwrap());
    }
    for rule in rules() {
        for sample in rule.yes.iter().map(|pieces| pieces.concat()) {
            // What is no fixed word of the kind: the last letters of it.
            let tail = &sample.trim_end().as_bytes()[sample.trim_end().len() - 10..];
            for form in forms(tail) {
                assert!(!holds(&out, &form), "{} came out: {:?}", rule.id, String::from_utf8_lossy(&form));
            }
        }
    }
    // The search itself finds what is there.
    assert!(forms(b"stripe-secret-key").iter().any(|form| holds(&out, form)));
}
