//! What a watch makes of what it sees: a change counts when it is seen twice, an outage is named by its cause, and a machine that is offline
//! itself accuses nobody.

use crate::Why;
use crate::facts::{Fact, JourneyEnd, JourneySeen, Miss, Reached};
use crate::journeys::words;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Times in a row that something must be seen before it counts: once may be chance.
const TIMES: u8 = 2;
/// The subject of what is said of the machine that watches.
pub const SELF: &str = "this machine";

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

/// What an outage is named by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts", rename = "OutageCause")]
pub enum Cause {
    /// The name has no address, or nobody can look it up.
    Dns,
    /// No connection comes about, or it breaks.
    Connection,
    /// The connection cannot be encrypted, or the certificate is not trusted.
    Tls,
    /// The server answers with an error.
    Status,
    /// The answer is not what it should be.
    Content,
    /// A mail that belongs to it does not come.
    Mail,
    /// It takes too long.
    Slow,
    /// A host of another company, which the journey needs.
    ThirdParty,
    /// The network of the machine that watches; nothing is said of the product.
    OwnNetwork,
}

impl Cause {
    /// Its name, as the beginning of a sentence.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Dns => "its name cannot be looked up (DNS)",
            Self::Connection => "no connection",
            Self::Tls => "no trusted encryption (TLS)",
            Self::Status => "an error from the server",
            Self::Slow => "too slow",
            Self::Content => "a wrong answer",
            Self::Mail => "a mail that does not come",
            Self::ThirdParty => "another company's service",
            Self::OwnNetwork => "the network of this machine itself",
        }
    }
}

/// A change of how something stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts", rename = "WatchChange")]
pub struct Change {
    /// What is watched: an address, or the name of a journey.
    pub subject: String,
    /// How it stands now.
    pub standing: Standing,
    /// What it is named by, where it is an outage or slow; none in records of versions that did not tell.
    #[serde(default)]
    pub cause: Option<Cause>,
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
        let stand = stands(fact, online);
        let before = self.known.get(subject).copied();
        // What could not be told says nothing of what is watched, but it parts two looks that saw the same.
        let change = self.sure(subject, stand, at, before.is_none())?;
        (change.standing != Standing::Unsure).then(|| self.noted(change))
    }

    /// Takes in whether the machine that watches reached anybody; that it does is only told after it did not.
    pub fn hear_self(&mut self, online: bool, at: Timestamp) -> Option<Change> {
        let stand = if online {
            Stand { standing: Standing::Well, cause: None, says: "it reaches others again".to_owned() }
        } else {
            let says = "it reaches nobody, so nothing is said of the product meanwhile".to_owned();
            Stand { standing: Standing::Unsure, cause: Some(Cause::OwnNetwork), says }
        };
        let first = !self.known.contains_key(SELF);
        let change = self.sure(SELF, stand, at, false)?;
        (!first || !online).then(|| self.noted(change))
    }

    fn noted(&mut self, change: Change) -> Change {
        self.known.insert(change.subject.clone(), change.standing);
        change
    }

    /// The change that this look makes sure; none while it was seen too seldom or is known.
    fn sure(&mut self, subject: &str, stand: Stand, at: Timestamp, new: bool) -> Option<Change> {
        let Stand { standing, cause, says } = stand;
        let glance = self.seen.entry(subject.to_owned()).or_insert(Glance { standing, since: at, times: 0 });
        if glance.standing != standing {
            *glance = Glance { standing, since: at, times: 0 };
        }
        glance.times = glance.times.saturating_add(1);
        let before = self.known.get(subject).copied();
        // The first word on something that works needs no second look; nothing else is said at once.
        let sure = glance.times >= TIMES || new && standing == Standing::Well;
        let change = Change { subject: subject.to_owned(), standing, cause, says, since: glance.since, before };
        (sure && before != Some(standing)).then_some(change)
    }

    /// How each subject stands, as far as it is sure.
    #[must_use]
    pub fn known(&self) -> &BTreeMap<String, Standing> {
        &self.known
    }
}

/// How something stands by one look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stand {
    /// How it stands.
    pub standing: Standing,
    /// What it is named by, where it does not work or is slow.
    pub cause: Option<Cause>,
    /// Why, as the end of a sentence.
    pub says: String,
}

/// How something stands by one look. `online` tells whether the machine that looks reaches anybody.
#[must_use]
pub fn stands(fact: &Fact<JourneySeen>, online: bool) -> Stand {
    let unsure = |says: &str| Stand { standing: Standing::Unsure, cause: None, says: says.to_owned() };
    let slow = |says| Stand { standing: Standing::Slow, cause: Some(Cause::Slow), says };
    let seen = match fact {
        Fact::Unseen(unseen) => return unsure(&unseen.says),
        Fact::Seen { value, .. } => value,
    };
    let misses = || seen.steps.iter().rev().find(|step| !step.misses.is_empty()).map_or(&[][..], |step| &step.misses);
    let missed = || misses().iter().map(words).collect::<Vec<_>>().join("; ");
    let late = seen.within_ms.filter(|limit| seen.took_ms > *limit);
    match &seen.end {
        JourneyEnd::Whole => match late {
            Some(limit) => slow(format!("took {} ms where {limit} ms was allowed", seen.took_ms)),
            None if !misses().is_empty() => slow(missed()),
            None => Stand { standing: Standing::Well, cause: None, says: format!("answered in {} ms", seen.took_ms) },
        },
        JourneyEnd::Failed => down(seen, misses().iter().map(of_miss).min().unwrap_or(Cause::Content), &missed()),
        JourneyEnd::Lost { .. } if !online => unsure("this machine reaches nobody"),
        JourneyEnd::Lost { unseen, .. } => match lost(seen.stop.as_ref().map(|stop| stop.reached), unseen.why) {
            Some((cause, words)) => down(seen, cause, &format!("{words}: {}", unseen.says)),
            None => unsure(&unseen.says),
        },
    }
}

/// An outage; where the host belongs to somebody else it is named by that.
fn down(seen: &JourneySeen, cause: Cause, says: &str) -> Stand {
    let standing = Standing::Down;
    match seen.stop.as_ref().filter(|stop| !stop.own) {
        Some(stop) => {
            let says = format!("{} ({}): {says}", Cause::ThirdParty.name(), stop.host);
            Stand { standing, cause: Some(Cause::ThirdParty), says }
        }
        None => Stand { standing, cause: Some(cause), says: says.to_owned() },
    }
}

/// What an answer that is not as expected is named by.
fn of_miss(miss: &Miss) -> Cause {
    match miss {
        Miss::Status { .. } => Cause::Status,
        Miss::Slow { .. } => Cause::Slow,
        Miss::NoMail { .. } => Cause::Mail,
        Miss::Unencrypted { .. } => Cause::Tls,
        _ => Cause::Content,
    }
}

/// What an outage without an answer is named by, with words for it; none where the reason is not the product's.
fn lost(reached: Option<Reached>, why: Why) -> Option<(Cause, &'static str)> {
    if reached == Some(Reached::Name) {
        // Without an address, or with name servers that fail: this machine's own resolver knows other names meanwhile.
        let theirs = matches!(why, Why::Depends | Why::Busy | Why::Timeout);
        return theirs.then_some((Cause::Dns, Cause::Dns.name()));
    }
    let connection = if reached == Some(Reached::Tls) { Cause::Tls } else { Cause::Connection };
    match why {
        Why::Timeout if reached == Some(Reached::Answer) => Some((Cause::Slow, "no answer in time")),
        Why::Timeout => Some((connection, "no answer in time")),
        Why::Refused => Some((connection, "refused")),
        Why::Broken => Some((connection, "the connection broke")),
        Why::Untrusted => Some((Cause::Tls, "its certificate is not trusted")),
        Why::Busy => Some((Cause::Status, "it says that it is overloaded")),
        Why::Garbled => Some((Cause::Content, "it answered what no browser understands")),
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
            stop: None,
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
