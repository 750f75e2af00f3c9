//! The baseline: finds that are known, each with a reason and a day on which it must be looked at again. It holds no key, only keyed fingerprints.

use crate::exit::Trouble;
use audit::facts::KeyFound;
use audit::read::text::clean;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Largest baseline, bytes.
const LARGEST: u64 = 16 * 1024 * 1024;
/// How long an accepted find is left alone.
const DAYS: i64 = 90;

/// A baseline file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// Keys the fingerprints, 64 hexadecimal digits drawn at random.
    salt: String,
    finds: Vec<Waiver>,
}

/// One find that is known.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    pub rule: String,
    pub path: String,
    pub fingerprint: String,
    /// Why it may stay.
    pub reason: String,
    /// Until when.
    pub until: Timestamp,
}

/// Reads a baseline; `fresh` makes one where there is none.
pub fn read(path: &Path, fresh: bool) -> Result<Baseline, Trouble> {
    let trouble = |says: String| Trouble::new(format!("{} {says}", path.display()));
    if !path.exists() {
        let salt = super::fresh().iter().map(|byte| format!("{byte:02x}")).collect();
        let hint = "is not there; write it with --accept REASON".to_owned();
        return if fresh { Ok(Baseline { salt, finds: Vec::new() }) } else { Err(trouble(hint)) };
    }
    let length = std::fs::metadata(path).map_err(|error| trouble(format!("cannot be read: {error}")))?.len();
    if length > LARGEST {
        return Err(trouble("is larger than 16 MB, which no baseline is".to_owned()));
    }
    let bytes = std::fs::read(path).map_err(|error| trouble(format!("cannot be read: {error}")))?;
    serde_json::from_slice(&bytes).map_err(|error| trouble(format!("is no baseline: {error}")))
}

/// Writes a baseline.
pub fn write(path: &Path, baseline: &Baseline) -> Result<(), Trouble> {
    let text = serde_json::to_string_pretty(baseline)
        .map_err(|error| Trouble::new(format!("failed to write the baseline: {error}")))?;
    crate::output::write(path, format!("{text}\n").as_bytes())
}

impl Baseline {
    /// The key of the fingerprints.
    pub fn key(&self) -> Result<[u8; 32], Trouble> {
        let mut key = [0; 32];
        let whole = self.salt.len() == 64 && self.salt.is_ascii();
        let digit = |at: usize| u8::from_str_radix(self.salt.get(at * 2..at * 2 + 2)?, 16).ok();
        let filled =
            whole && key.iter_mut().enumerate().all(|(at, byte)| digit(at).map(|value| *byte = value).is_some());
        if filled { Ok(key) } else { Err(Trouble::new("the salt of the baseline is no 64 hexadecimal digits")) }
    }

    /// The waiver that holds for a find now.
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
                self.finds.push(Waiver {
                    rule,
                    path: leak.path.clone(),
                    fingerprint,
                    reason: clean(reason, 300),
                    until,
                });
            }
        }
    }

    /// Waivers that ran out or match nothing, a sentence each.
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
}

impl Waiver {
    fn fits(&self, leak: &KeyFound) -> bool {
        self.fingerprint == leak.found.fingerprint && self.rule == leak.found.rule && self.path == leak.path
    }
}
