//! How long an answer counts: evidence goes out of date, each kind in its own time (`assets/data/freshness.toml`).

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Freshness {
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "date")]
    _date: String,
    answers: u16,
    run: u16,
    days: BTreeMap<String, u16>,
}

static FRESHNESS: LazyLock<Option<Freshness>> =
    LazyLock::new(|| toml::from_str(include_str!("../../../assets/data/freshness.toml")).ok());

/// How many days an answer to a check, item, deliverable or signal counts.
#[must_use]
pub fn days(key: &str) -> u16 {
    // A text that does not parse would leave nothing fresh; a test keeps that from being released.
    FRESHNESS.as_ref().map_or(0, |fresh| fresh.days.get(key).copied().unwrap_or(fresh.answers))
}

/// How many days what a run saw counts.
#[must_use]
pub fn run_days() -> u16 {
    FRESHNESS.as_ref().map_or(0, |fresh| fresh.run)
}

/// Whether something of this time is older than so many days.
pub(crate) fn stale(at: Timestamp, now: Timestamp, days: u16) -> bool {
    now.duration_since(at) > SignedDuration::from_hours(i64::from(days) * 24)
}

#[cfg(test)]
mod tests {
    use super::{FRESHNESS, days};
    use crate::roadmap;
    use std::collections::BTreeSet;

    #[test]
    fn every_row_names_a_check_of_a_roadmap() {
        let named: BTreeSet<&str> = roadmap::all().iter().flat_map(roadmap::Roadmap::checks).collect();
        let fresh = FRESHNESS.as_ref().expect("the text parses");
        let unknown: Vec<&String> = fresh.days.keys().filter(|key| !named.contains(key.as_str())).collect();
        assert_eq!(unknown, Vec::<&String>::new());
        assert_eq!((days("secrets.rotation"), days("SD1.2")), (90, fresh.answers));
    }
}
