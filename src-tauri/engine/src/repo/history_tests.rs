//! Histories that are read again, packed, and rewritten meanwhile.

use super::tests::{Folder, at, holds, key, reading, storied};
use super::{Progress, Reading, history};
use audit::facts::Place;
use std::fs;

#[test]
fn a_second_reading_takes_only_what_is_new_and_tells_the_same() {
    let (repo, _) = storied("again");
    let cache = Folder::new("cache");
    let kept = Reading { cache: Some(cache.0.clone()), ..reading() };
    let first = history(&repo.0, &kept, &Progress::default()).unwrap();
    repo.write("renamed.js", "nothing");
    repo.write("fresh.js", format!("k('{}')\n", key(7)));
    repo.commit("more");
    let progress = Progress::default();
    let second = history(&repo.0, &kept, &progress).unwrap();
    assert!(progress.done.into_inner() < 8, "only the new objects are unpacked");
    let whole = history(&repo.0, &reading(), &Progress::default()).unwrap();
    assert_eq!(second.leaks, whole.leaks);
    assert_eq!(second.leaks.len(), first.leaks.len() + 1);
    assert_eq!(at(&second, "renamed.js").place, Place::History);
    // Under another key of fingerprints nothing that was kept is used.
    let other = Reading { salt: [6; 32], ..kept.clone() };
    let third = history(&repo.0, &other, &Progress::default()).unwrap();
    assert!(
        third.leaks.iter().all(|leak| second.leaks.iter().all(|old| old.found.fingerprint != leak.found.fingerprint))
    );
    for file in fs::read_dir(&cache.0).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        for number in 1..8 {
            assert!(!holds(&bytes, key(number).as_bytes()), "the cache holds a key");
        }
    }
}

#[test]
fn a_damaged_cache_is_not_believed() {
    let (repo, _) = storied("broken");
    let cache = Folder::new("damaged");
    let kept = Reading { cache: Some(cache.0.clone()), ..reading() };
    let whole = history(&repo.0, &kept, &Progress::default()).unwrap();
    let file = fs::read_dir(&cache.0).unwrap().next().unwrap().unwrap().path();
    let good = fs::read(&file).unwrap();
    for at in (0..good.len()).step_by(good.len() / 40) {
        let mut bad = good.clone();
        bad[at] ^= 0x55;
        fs::write(&file, &bad).unwrap();
        assert_eq!(history(&repo.0, &kept, &Progress::default()).unwrap().leaks, whole.leaks, "byte {at}");
        fs::write(&file, &good[..at]).unwrap();
        assert_eq!(history(&repo.0, &kept, &Progress::default()).unwrap().leaks, whole.leaks, "cut at {at}");
    }
}

#[test]
fn what_stands_in_many_versions_is_one_find_with_its_whole_span() {
    let repo = Folder::repo("versions");
    let mut commits = Vec::new();
    for version in 0..12 {
        repo.write("config.js", format!("k('{}')\n// version {version}\n{}", key(1), "more\n".repeat(version * 3)));
        commits.push(repo.commit("version"));
    }
    for packed in [false, true] {
        if packed {
            repo.git(&["gc", "-q"]);
        }
        let seen = history(&repo.0, &reading(), &Progress::default()).unwrap();
        let found = at(&seen, "config.js");
        assert_eq!(
            (found.place, found.commit.as_ref(), found.last.as_ref()),
            (Place::Head, commits.first(), commits.last())
        );
    }
}

#[test]
fn what_was_kept_stays_right_when_history_is_rewritten_branches_go_and_objects_are_repacked() {
    let (repo, _) = storied("rewritten");
    let cache = Folder::new("rewritten-cache");
    let kept = Reading { cache: Some(cache.0.clone()), ..reading() };
    let same = |what: &str| {
        let progress = Progress::default();
        let again = history(&repo.0, &kept, &progress).unwrap();
        let whole = history(&repo.0, &reading(), &Progress::default()).unwrap();
        assert_eq!(
            (again.leaks, again.files, again.unread),
            (whole.leaks.clone(), whole.files, whole.unread),
            "{what}"
        );
        (whole.leaks.len(), progress.done.into_inner())
    };
    repo.write("late.js", format!("k('{}')", key(8)));
    repo.commit("late");
    assert_eq!(same("first").0, 7);
    assert_eq!(same("nothing new"), (7, 0));
    // A commit that nothing led to is led to again, and its trees were met before.
    let lost = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["reset", "-q", "--hard", "HEAD~1"]);
    repo.git(&["reflog", "expire", "--expire=now", "--all"]);
    let shorter = same("reset").0;
    assert!(shorter < 7, "{shorter}");
    repo.git(&["branch", "back", &lost]);
    assert!(same("a branch leads to it again").0 > shorter);
    // A tree that was met before is taken into a new commit.
    let tree = repo.git(&["rev-parse", &format!("{lost}^{{tree}}")]);
    repo.git(&["branch", "-q", "-D", "back"]);
    let made = repo.git(&["commit-tree", &tree, "-m", "the same files"]);
    repo.git(&["update-ref", "refs/heads/made", &made]);
    assert_eq!(same("an old tree in a new commit").1, 1);
    repo.git(&["repack", "-a", "-d", "-q"]);
    assert_eq!(same("repacked").1, 0);
    // What nothing leads to is thrown away.
    repo.git(&["update-ref", "-d", "refs/heads/made"]);
    repo.git(&["reflog", "expire", "--expire=now", "--all"]);
    repo.git(&["tag", "-d", "v1"]);
    repo.git(&["gc", "-q", "--prune=now"]);
    assert_eq!(same("pruned").1, 0);
}

#[test]
fn a_pack_is_read_as_git_reads_it() {
    let repo = Folder::repo("packed");
    let mut text: Vec<String> = (0..400).map(|line| format!("line {line} of a file that grows")).collect();
    for version in 0..60 {
        text[version * 5] = format!("const k{version} = '{}';", key(version));
        repo.write(&format!("dir{}/file.js", version % 3), text.join("\n"));
        // Larger than what a thread keeps for those that differ from it, and no text.
        repo.write("large.bin", [vec![0; 64], text.join("\n").repeat(60).into_bytes()].concat());
        repo.commit("version");
    }
    let loose = history(&repo.0, &reading(), &Progress::default()).unwrap();
    repo.git(&["repack", "-a", "-d", "-f", "-q", "--depth=40", "--window=30"]);
    let progress = Progress::default();
    let packed = history(&repo.0, &reading(), &progress).unwrap();
    assert_eq!(packed.leaks, loose.leaks);
    assert_eq!((packed.files, packed.bytes, packed.commits), (loose.files, loose.bytes, 60));
    assert_eq!(progress.done.into_inner(), progress.all.into_inner());
    repo.git(&["repack", "-a", "-d", "-f", "-q", "--no-write-bitmap-index"]);
    // Differences named by object, as some servers write them.
    repo.git(&["-c", "repack.useDeltaBaseOffset=false", "repack", "-a", "-d", "-f", "-q", "--depth=40"]);
    assert_eq!(history(&repo.0, &reading(), &Progress::default()).unwrap().leaks, loose.leaks);
}

#[test]
fn an_index_that_leads_outside_itself_is_told() {
    let (repo, _) = storied("index");
    repo.git(&["repack", "-a", "-d", "-q"]);
    let packs = fs::read_dir(repo.0.join(".git/objects/pack")).unwrap().map(|entry| entry.unwrap().path());
    let index = packs.into_iter().find(|path| path.extension().is_some_and(|end| end == "idx")).unwrap();
    let good = fs::read(&index).unwrap();
    let count = u32::from_be_bytes(*good[..8 + 1_024].last_chunk().unwrap()) as usize;
    fs::remove_file(&index).unwrap();
    for bad in [good.len() - 1, good.len() / 2, 1_000, 8 + 1_024 + count * 24] {
        let mut bytes = good.clone();
        if bad == 8 + 1_024 + count * 24 {
            bytes[bad] |= 0x80;
        } else {
            bytes.truncate(bad);
        }
        fs::write(&index, bytes).unwrap();
        let told = history(&repo.0, &reading(), &Progress::default()).map(|seen| seen.leaks.len());
        assert!(told.as_ref().is_err_and(|says| says.contains("damaged")) || bad == good.len() - 1, "{bad}: {told:?}");
    }
}
