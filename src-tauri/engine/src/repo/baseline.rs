//! The baseline: finds that are known, each with a reason and a day on which it must be looked at again. It holds no key, only keyed fingerprints.

use super::{Reading, content, graph, open, tree};
use audit::facts::{KeyFound, Place, Repository, SecretMatch, WaivedFind};
use audit::read::text::clean;
use audit::{Unseen, Why};
use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::path::Path;

/// The baseline's name in the folder of a repository, where it is read without being named.
pub const BASELINE: &str = ".launch-ready-secrets.json";
/// Largest baseline, bytes.
const LARGEST: u64 = 16 * 1024 * 1024;
/// How long an accepted find is left alone.
const DAYS: i64 = 90;
/// Files and versions of files that are read once more for their waivers.
const AGAIN: usize = 2_000;

/// A baseline file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// Keys the fingerprints, 64 hexadecimal digits drawn at random.
    salt: String,
    finds: Vec<Waiver>,
}

/// One find that is known.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The kind of key.
    pub rule: String,
    /// Path in the repository, with `/`.
    pub path: String,
    /// The hash of its value under the baseline's own key.
    pub fingerprint: String,
    /// Why it may stay.
    pub reason: String,
    /// Until when.
    pub until: Timestamp,
}

impl Baseline {
    /// One without finds; `salt` was drawn at random.
    #[must_use]
    pub fn new(salt: &[u8; 32]) -> Self {
        Self { salt: HEXLOWER.encode(salt), finds: Vec::new() }
    }

    /// Reads a baseline; none where there is none.
    ///
    /// # Errors
    /// What is wrong with the file, to be read after its name.
    pub fn read(path: &Path) -> Result<Option<Self>, String> {
        let Ok(seen) = path.symlink_metadata() else { return Ok(None) };
        if !seen.is_file() {
            return Err("is no regular file".to_owned());
        }
        if seen.len() > LARGEST {
            return Err("is larger than 16 MB, which no baseline is".to_owned());
        }
        let bytes = std::fs::read(path).map_err(|error| format!("cannot be read: {error}"))?;
        let baseline: Self = serde_json::from_slice(&bytes).map_err(|error| format!("is no baseline: {error}"))?;
        baseline.key().map(|_| Some(baseline))
    }

    /// The baseline as its file holds it.
    ///
    /// # Errors
    /// Why it cannot be written out.
    pub fn text(&self) -> Result<String, String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n").map_err(|error| error.to_string())
    }

    /// The key of the fingerprints.
    ///
    /// # Errors
    /// That the salt is none.
    pub fn key(&self) -> Result<[u8; 32], String> {
        let key = HEXLOWER.decode(self.salt.as_bytes()).ok().and_then(|key| key.try_into().ok());
        key.ok_or_else(|| "has a salt that is no 64 hexadecimal digits".to_owned())
    }

    /// The waiver that holds for a find now; its fingerprint is under the baseline's key.
    #[must_use]
    pub fn waives(&self, leak: &KeyFound, now: Timestamp) -> Option<&Waiver> {
        self.finds.iter().find(|waiver| waiver.fits(leak) && waiver.until > now)
    }

    /// Adds what is not waived.
    pub fn accept(&mut self, leaks: &[KeyFound], reason: &str, now: Timestamp) {
        let until = now.checked_add(SignedDuration::from_hours(24 * DAYS)).unwrap_or(now);
        self.finds.retain(|waiver| waiver.until > now);
        for leak in leaks.iter().filter(|leak| !leak.found.public) {
            if self.waives(leak, now).is_none() {
                let (rule, fingerprint) = (leak.found.rule.clone(), leak.found.fingerprint.clone());
                let (path, reason) = (leak.path.clone(), clean(reason, 300));
                self.finds.push(Waiver { rule, path, fingerprint, reason, until });
            }
        }
    }

    /// Waivers that ran out or match nothing, a sentence each.
    #[must_use]
    pub fn idle(&self, leaks: &[KeyFound], now: Timestamp) -> Vec<String> {
        let told = |waiver: &Waiver| {
            let (rule, path) = (clean(&waiver.rule, 60), clean(&waiver.path, 200));
            match leaks.iter().any(|leak| waiver.fits(leak)) {
                true if waiver.until <= now => {
                    Some(format!("the waiver of {rule} in {path} ran out on {}", waiver.until.strftime("%Y-%m-%d")))
                }
                true => None,
                false => Some(format!("the waiver of {rule} in {path} matches nothing any more")),
            }
        };
        self.finds.iter().filter_map(told).collect()
    }

    /// The same finds with fingerprints under the baseline's key, as far as a waiver speaks of their kind and path.
    fn reread(&self, folder: &Path, leaks: &[KeyFound], key: [u8; 32]) -> Vec<(usize, KeyFound)> {
        let base = open::root(folder).unwrap_or_else(|| folder.to_owned());
        let repo = open::open(folder).ok().map(|repo| repo.to_thread_local());
        let mut read: HashMap<(String, Option<String>), Vec<SecretMatch>> = HashMap::new();
        let spoken = |leak: &KeyFound| {
            self.finds.iter().any(|waiver| waiver.rule == leak.found.rule && waiver.path == leak.path)
        };
        let mut again = Vec::new();
        for (at, leak) in leaks.iter().enumerate().filter(|(_, leak)| spoken(leak)) {
            let source = (leak.path.clone(), leak.last.clone());
            if read.len() >= AGAIN && !read.contains_key(&source) {
                continue;
            }
            let found = read.entry(source).or_insert_with(|| match (leak.place, &repo) {
                (Place::Tree | Place::Ignored, _) => {
                    let bytes = tree::bytes(&base.join(&leak.path)).unwrap_or_default();
                    content::scan(&bytes, &key).unwrap_or_default()
                }
                (Place::Head | Place::History, Some(repo)) => past(repo, leak, key).unwrap_or_default(),
                _ => Vec::new(),
            });
            let same = |found: &&SecretMatch| {
                (found.line, &found.rule, &found.source) == (leak.found.line, &leak.found.rule, &leak.found.source)
            };
            again
                .extend(found.iter().filter(same).map(|found| (at, KeyFound { found: found.clone(), ..leak.clone() })));
        }
        again
    }
}

/// What a version of a file, or the message of a commit, holds.
fn past(repo: &gix::Repository, leak: &KeyFound, key: [u8; 32]) -> Option<Vec<SecretMatch>> {
    let commit = repo.find_commit(gix::ObjectId::from_hex(leak.last.as_ref()?.as_bytes()).ok()?).ok()?;
    if leak.path == graph::MESSAGE {
        return Some(graph::message(&commit.data, &Reading::new(key)).collect());
    }
    let entry = commit.tree().ok()?.lookup_entry_by_path(&leak.path).ok()??;
    content::scan(&entry.object().ok()?.data, &key)
}

impl Waiver {
    fn fits(&self, leak: &KeyFound) -> bool {
        self.fingerprint == leak.found.fingerprint && self.rule == leak.found.rule && self.path == leak.path
    }
}

/// The baseline in the folder of a repository with its key, if there is one.
fn of(folder: &Path) -> Result<Option<(Baseline, [u8; 32])>, String> {
    let file = open::root(folder).unwrap_or_else(|| folder.to_owned()).join(BASELINE);
    let Some(baseline) = Baseline::read(&file)? else { return Ok(None) };
    let key = baseline.key()?;
    Ok(Some((baseline, key)))
}

/// Notes at each find what the baseline in the repository's folder says of it now.
pub fn waive(folder: &Path, seen: &mut Repository, now: Timestamp) {
    match of(folder) {
        Ok(None) => {}
        Ok(Some((baseline, key))) => {
            for (at, leak) in baseline.reread(folder, &seen.leaks, key) {
                let held = baseline.waives(&leak, now);
                let told = |waiver: &Waiver| WaivedFind { reason: clean(&waiver.reason, 300), until: waiver.until };
                seen.leaks[at].waived = held.map(told);
            }
        }
        Err(says) => seen.unread.push(Unseen {
            what: BASELINE.to_owned(),
            why: Why::Garbled,
            says: format!("the file {says}"),
            way: "mend it, or write it anew with launch-ready secrets --baseline and --accept".to_owned(),
        }),
    }
}

/// What the baseline in the folder says in vain: waivers that ran out, or that match none of these finds.
#[must_use]
pub fn idle(folder: &Path, leaks: &[KeyFound], now: Timestamp) -> Vec<String> {
    let Ok(Some((baseline, key))) = of(folder) else { return Vec::new() };
    let again: Vec<KeyFound> = baseline.reread(folder, leaks, key).into_iter().map(|(_, leak)| leak).collect();
    let mut idle = baseline.idle(&again, now);
    idle.truncate(super::UNREAD);
    idle
}

#[cfg(test)]
#[path = "baseline_tests.rs"]
mod tests;
