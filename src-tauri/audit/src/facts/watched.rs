//! Facts of a watch: how often each thing was looked at in the last days, and how long it took.

use super::Spread;
use crate::watch::Change;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a watch recorded in the last days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched {
    /// Seconds from one round to the next.
    pub every_s: u32,
    /// When it looked last.
    pub last: Timestamp,
    /// Each address or journey by its name, hour by hour, the oldest first; hours without a look are left out.
    pub subjects: BTreeMap<String, Vec<WatchedHour>>,
    /// What changed meanwhile, the newest first.
    #[serde(default)]
    pub changes: Vec<Change>,
}

/// One hour of one subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchedHour {
    /// When the hour began.
    pub at: Timestamp,
    /// Looks while this machine reached anybody.
    pub looks: u32,
    /// Those of them that found it well.
    pub well: u32,
    /// How long these took, milliseconds.
    pub times: Spread,
}

impl Watched {
    /// When the record begins.
    #[must_use]
    pub fn since(&self) -> Timestamp {
        self.subjects.values().flatten().map(|hour| hour.at).min().unwrap_or(self.last)
    }

    /// The day before it looked last.
    #[must_use]
    pub fn day(&self) -> Timestamp {
        self.last.checked_sub(SignedDuration::from_hours(24)).unwrap_or(self.last)
    }

    /// The share of the last day, or of the time since the record began, in which it looked; 1 for all of it. The first hour does not
    /// count: nobody knows when in it the watch began.
    #[must_use]
    pub fn awake(&self) -> f64 {
        let hour = SignedDuration::from_hours(1);
        let from = self.day().max(self.since().checked_add(hour).unwrap_or(self.last));
        if self.last.duration_since(from) < hour {
            return 1.0;
        }
        let span = self.last.duration_since(from).as_secs_f64();
        let whole = span / f64::from(self.every_s.max(1));
        let looks = |hours: &Vec<WatchedHour>| hours.iter().filter(|hour| hour.at >= from).map(|hour| hour.looks).sum();
        let most: u32 = self.subjects.values().map(looks).max().unwrap_or(0);
        (f64::from(most) / whole.max(1.0)).min(1.0)
    }

    /// Whether the watch has ended without anybody ending it: several rounds are overdue.
    #[must_use]
    pub fn overdue(&self, now: Timestamp) -> bool {
        now.duration_since(self.last) > SignedDuration::from_secs(i64::from(self.every_s) * 3 + 600)
    }
}

/// How long it took in these hours: how many looks, and the time that this share of them kept, milliseconds.
#[must_use]
pub fn kept<'a>(hours: impl Iterator<Item = &'a WatchedHour>, percent: u64) -> (u64, Option<u32>) {
    let mut all: BTreeMap<u32, u64> = BTreeMap::new();
    for (time, count) in hours.flat_map(|hour| &hour.times) {
        *all.entry(*time).or_default() += u64::from(*count);
    }
    let looks: u64 = all.values().sum();
    let mut left = (looks * percent).div_ceil(100).max(1);
    let at = all.into_iter().find(|(_, count)| {
        let reached = *count >= left;
        left = left.saturating_sub(*count);
        reached
    });
    (looks, at.map(|(time, _)| time))
}
