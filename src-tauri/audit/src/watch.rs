//! What a watch makes of what it sees: a change counts when it is seen twice, an outage is named by its cause, and a machine that is offline
//! itself accuses nobody.

use crate::Why;
use crate::facts::{Fact, JourneyEnd, JourneySeen};
use crate::journeys::words;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Times in a row that something must be seen before it counts: once may be chance.
const TIMES: u8 = 2;

/// How something that is watched stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bindings.ts")]
pub enum Standing {
    /// It does not work.
    Down,
    /// It works, but takes too long.
    Slow,
    /// It could not be told, most often because this machine is offline.
    Unsure,
    /// It works.
    Well,
}

/// A change of how something stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts", rename = "WatchChange")]
pub struct Change {
    /// What is watched: an address, or the name of a journey.
    pub subject: String,
    /// How it stands now.
    pub standing: Standing,
    /// Why, as the end of a sentence.
    pub says: String,
    /// When that was seen first.
    #[ts(type = "string")]
    pub since: Timestamp,
    /// How it stood before; none where it was never seen before.
    pub before: Option<Standing>,
}

/// One look at something.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Glance {
    standing: Standing,
    says: String,
    since: Timestamp,
    times: u8,
}

/// A watch: what it knows, and what it has seen too seldom to say.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    known: BTreeMap<String, Standing>,
    seen: BTreeMap<String, Glance>,
}

impl Watch {
    /// A watch that goes on where an earlier one stopped.
    #[must_use]
    pub fn after(changes: &[Change]) -> Self {
        let known = changes.iter().map(|change| (change.subject.clone(), change.standing)).collect();
        Self { known, seen: BTreeMap::new() }
    }

    /// Takes in what was seen of a journey, or of an address as the one step of one. `online` tells whether this machine reached anybody.
    pub fn hear(&mut self, subject: &str, fact: &Fact<JourneySeen>, online: bool, at: Timestamp) -> Option<Change> {
        let (standing, says) = stands(fact, online);
        let glance = self.seen.entry(subject.to_owned()).or_insert_with(|| Glance {
            standing,
            says: says.clone(),
            since: at,
            times: 0,
        });
        if glance.standing != standing {
            *glance = Glance { standing, says: says.clone(), since: at, times: 0 };
        }
        glance.times = glance.times.saturating_add(1);
        let before = self.known.get(subject).copied();
        // The first word on something that works needs no second look; nothing else is said at once.
        let sure = glance.times >= TIMES || before.is_none() && standing == Standing::Well;
        // What could not be told says nothing of what is watched.
        if !sure || before == Some(standing) || standing == Standing::Unsure {
            return None;
        }
        self.known.insert(subject.to_owned(), standing);
        Some(Change { subject: subject.to_owned(), standing, says, since: glance.since, before })
    }

    /// How each subject stands, as far as it is sure.
    #[must_use]
    pub fn known(&self) -> &BTreeMap<String, Standing> {
        &self.known
    }
}

/// How something stands by one look, and why, as the end of a sentence.
#[must_use]
pub fn stands(fact: &Fact<JourneySeen>, online: bool) -> (Standing, String) {
    let seen = match fact {
        Fact::Unseen(unseen) => return (Standing::Unsure, unseen.says.clone()),
        Fact::Seen { value, .. } => value,
    };
    let slow = seen.within_ms.filter(|limit| seen.took_ms > *limit);
    let missed = |seen: &JourneySeen| {
        let step = seen.steps.iter().rev().find(|step| !step.misses.is_empty());
        step.map(|step| step.misses.iter().map(words).collect::<Vec<_>>().join("; ")).unwrap_or_default()
    };
    match &seen.end {
        JourneyEnd::Whole if seen.steps.iter().all(|step| step.misses.is_empty()) && slow.is_none() => {
            (Standing::Well, format!("answered in {} ms", seen.took_ms))
        }
        JourneyEnd::Whole => match slow {
            Some(limit) => (Standing::Slow, format!("took {} ms where {limit} ms was allowed", seen.took_ms)),
            None => (Standing::Slow, missed(seen)),
        },
        JourneyEnd::Failed => (Standing::Down, missed(seen)),
        JourneyEnd::Lost { .. } if !online => (Standing::Unsure, "this machine reaches nobody".to_owned()),
        JourneyEnd::Lost { unseen, .. } => match cause(unseen.why) {
            Some(cause) => (Standing::Down, format!("{cause}: {}", unseen.says)),
            None => (Standing::Unsure, unseen.says.clone()),
        },
    }
}

/// What an outage is called; none where the reason is not the product's.
fn cause(why: Why) -> Option<&'static str> {
    match why {
        Why::Timeout => Some("no answer in time"),
        Why::Refused => Some("refused"),
        Why::Broken => Some("the connection broke"),
        Why::Untrusted => Some("its certificate is not trusted"),
        Why::Busy => Some("it says that it is overloaded"),
        Why::Garbled => Some("it answered what no browser understands"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Standing, Watch};
    use crate::facts::{Fact, JourneyEnd, JourneyKind, JourneySeen, Miss, StepHop, StepSeen, StepTimes};
    use crate::{Unseen, Why};
    use jiff::{Timestamp, ToSpan};

    fn fact(end: JourneyEnd, misses: Vec<Miss>) -> Fact<JourneySeen> {
        let step = StepSeen {
            name: "GET /".to_owned(),
            what: "GET /".to_owned(),
            hops: vec![StepHop { url: "https://a.example/".to_owned(), status: 200 }],
            times: StepTimes { total: 80_000, ..StepTimes::default() },
            within_ms: None,
            misses,
        };
        let value = JourneySeen {
            kind: JourneyKind::Core,
            steps: vec![step],
            planned: 1,
            took_ms: 80,
            within_ms: None,
            by: None,
            slow: None,
            earlier: None,
            end,
        };
        Fact::Seen { value, at: at(0), from: String::new() }
    }

    fn at(minute: i64) -> Timestamp {
        "2026-11-21T12:00:00Z".parse::<Timestamp>().unwrap().checked_add(minute.minutes()).unwrap()
    }

    fn lost(why: Why) -> Fact<JourneySeen> {
        let unseen = Unseen { what: "x".to_owned(), why, says: "nothing came".to_owned(), way: String::new() };
        fact(JourneyEnd::Lost { step: "GET /".to_owned(), unseen }, vec![])
    }

    fn well() -> Fact<JourneySeen> {
        fact(JourneyEnd::Whole, vec![])
    }

    fn broken() -> Fact<JourneySeen> {
        fact(JourneyEnd::Failed, vec![Miss::Status { seen: 503, wanted: vec![] }])
    }

    #[test]
    fn a_change_counts_when_it_is_seen_twice_and_its_end_is_told() {
        let mut watch = Watch::default();
        let mut hear = |fact: &Fact<JourneySeen>, minute| watch.hear("/", fact, true, at(minute));
        let first = hear(&well(), 0).unwrap();
        assert_eq!((first.standing, first.before), (Standing::Well, None));
        assert_eq!(hear(&broken(), 1), None);
        assert_eq!(hear(&well(), 2), None, "once is chance");
        assert_eq!(hear(&broken(), 3), None);
        let down = hear(&broken(), 4).unwrap();
        assert_eq!((down.standing, down.since, down.before), (Standing::Down, at(3), Some(Standing::Well)));
        assert!(down.says.contains("status 503"), "{}", down.says);
        assert_eq!(hear(&broken(), 5), None, "it is said once");
        assert_eq!(hear(&well(), 6), None);
        assert_eq!(hear(&broken(), 7), None, "flapping says nothing");
        assert_eq!(hear(&well(), 8), None);
        let up = hear(&well(), 9).unwrap();
        assert_eq!((up.standing, up.since, up.before), (Standing::Well, at(8), Some(Standing::Down)));
    }

    #[test]
    fn an_outage_is_named_by_its_cause_and_an_offline_machine_accuses_nobody() {
        for (why, names) in [
            (Why::Timeout, "no answer in time"),
            (Why::Refused, "refused"),
            (Why::Untrusted, "certificate"),
            (Why::Busy, "overloaded"),
        ] {
            let mut watch = Watch::default();
            assert_eq!(watch.hear("/", &lost(why), true, at(0)), None);
            let down = watch.hear("/", &lost(why), true, at(1)).unwrap();
            assert!(down.standing == Standing::Down && down.says.contains(names), "{}", down.says);
            let mut watch = Watch::default();
            assert!((0..5).all(|minute| watch.hear("/", &lost(why), false, at(minute)).is_none()));
        }
        let mut watch = Watch::default();
        assert!((0..5).all(|minute| watch.hear("/", &lost(Why::NoConsent), true, at(minute)).is_none()));
    }

    #[test]
    fn a_watch_goes_on_where_the_last_one_stopped() {
        let mut watch = Watch::default();
        drop(watch.hear("/", &broken(), true, at(0)));
        let down = watch.hear("/", &broken(), true, at(1)).unwrap();
        let mut later = Watch::after(&[down]);
        assert!((2..6).all(|minute| later.hear("/", &broken(), true, at(minute)).is_none()), "it was said before");
        assert_eq!(later.hear("/", &well(), true, at(7)), None);
        assert_eq!(later.hear("/", &well(), true, at(8)).unwrap().before, Some(Standing::Down));
    }
}
