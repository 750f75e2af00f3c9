//! A baseline of a folder: what it waives under its own key, what it says in vain, and files that are none.

use super::super::tests::{Folder, key, reading};
use super::super::{Progress, Reading, history, kept_key, tree};
use super::{BASELINE, Baseline, idle, waive};
use audit::facts::{KeyFound, Repository};
use jiff::{SignedDuration, Timestamp};

fn now() -> Timestamp {
    "2026-11-21T08:00:00Z".parse().unwrap()
}

fn later() -> Timestamp {
    now().checked_add(SignedDuration::from_hours(24 * 91)).unwrap()
}

fn seen(repo: &Folder, reading: &Reading) -> (Repository, Repository) {
    let look = Progress::default;
    (tree(&repo.0, reading, &look()).unwrap(), history(&repo.0, reading, &look()).unwrap())
}

fn all(seen: &(Repository, Repository)) -> Vec<KeyFound> {
    seen.0.leaks.iter().chain(&seen.1.leaks).cloned().collect()
}

/// A repository with a key in its files, one that only its history holds, and one in a message.
fn leaky(name: &str) -> Folder {
    let repo = Folder::repo(&format!("baseline-{name}"));
    repo.write("old.js", format!("k('{}')\n", key(1)));
    repo.commit(&format!("with {}", key(2)));
    repo.write("old.js", "nothing\n");
    repo.write("src/pay.js", format!("// one\nk('{}')\n", key(3)));
    repo.commit("two");
    repo
}

#[test]
fn what_a_baseline_waives_under_its_own_key_is_noted_under_any() {
    let repo = leaky("waived");
    let mut baseline = Baseline::new(&[9; 32]);
    let own = seen(&repo, &Reading::new([9; 32]));
    assert_eq!(all(&own).len(), 4, "{own:?}");
    baseline.accept(&all(&own), "test account", now());
    repo.write(BASELINE, baseline.text().unwrap());
    let (mut files, mut past) = seen(&repo, &reading());
    let marks = |seen: &Repository| seen.leaks.iter().map(|leak| leak.waived.is_some()).collect::<Vec<_>>();
    for seen in [&mut files, &mut past] {
        waive(&repo.0, seen, now());
        assert!(marks(seen).iter().all(|waived| *waived), "{seen:?}");
        assert_eq!(seen.leaks[0].waived.as_ref().unwrap().reason, "test account");
    }
    let both = all(&(files.clone(), past.clone()));
    assert_eq!(idle(&repo.0, &both, now()), [""; 0]);
    // After its time it counts again, and that is told.
    waive(&repo.0, &mut files, later());
    assert_eq!(marks(&files), [false]);
    assert!(idle(&repo.0, &both, later()).iter().all(|says| says.contains("ran out on 2027-02-19")));
    // Another key in the same place is not waived; the waiver of the first waits for the history alone.
    repo.write("src/pay.js", format!("// one\nk('{}')\n", key(4)));
    let mut fresh = tree(&repo.0, &reading(), &Progress::default()).unwrap();
    waive(&repo.0, &mut fresh, now());
    assert_eq!(marks(&fresh), [false]);
    assert_eq!(idle(&repo.0, &fresh.leaks, now()).len(), 3);
}

#[test]
fn what_is_no_baseline_is_told_and_waives_nothing() {
    for text in ["", "{}", "{\"salt\":\"00\",\"finds\":[]}", "[1]"] {
        let repo = leaky("garbled");
        repo.write(BASELINE, text);
        let mut files = tree(&repo.0, &reading(), &Progress::default()).unwrap();
        waive(&repo.0, &mut files, now());
        assert!(files.leaks.iter().all(|leak| leak.waived.is_none()));
        assert!(files.unread.iter().any(|unread| unread.what == BASELINE), "{text}");
    }
}

#[test]
fn a_key_beside_what_is_kept_is_drawn_once() {
    let folder = Folder::new("kept-key");
    assert_eq!(kept_key(&folder.0, || [3; 32]).unwrap(), [3; 32]);
    assert_eq!(kept_key(&folder.0, || [4; 32]).unwrap(), [3; 32]);
    let file = folder.0.join("fingerprints.key");
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions()) & 0o777, 0o600);
    std::fs::write(&file, "nothing").unwrap();
    assert!(kept_key(&folder.0, || [4; 32]).unwrap_err().contains("remove it"));
}
