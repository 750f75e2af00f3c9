//! The sprint clock: two days in four half-days, what is to be settled at the end of each, and what slipped (`assets/data/sprint.toml`).

use crate::audit::{Stage, State};
use crate::facts::{Pause, Sprint};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use ts_rs::TS;

const FILE: &str = include_str!("../../../assets/data/sprint.toml");
/// What the half-days are called.
const TITLES: [&str; 4] = ["Day 1, morning", "Day 1, afternoon", "Day 2, morning", "Day 2, afternoon"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plans {
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "date")]
    _date: String,
    begins: [i64; 4],
    hours: i64,
    sprint: Vec<Plan>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    roadmap: String,
    halves: [Part; 4],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    does: String,
    stages: Vec<u8>,
}

static PLANS: LazyLock<Option<Plans>> = LazyLock::new(|| toml::from_str(FILE).ok());

/// The two days as they stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Timeline {
    /// When they began.
    #[ts(type = "string")]
    pub began: Timestamp,
    /// Since when nothing is done.
    #[ts(type = "string | null")]
    pub paused: Option<Timestamp>,
    /// The four half-days.
    pub halves: Vec<Half>,
}

/// One half-day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts", rename = "HalfDay")]
pub struct Half {
    /// `Day 1, morning`.
    pub title: String,
    /// What it is for.
    pub does: String,
    /// When it begins; pauses before it push it on.
    #[ts(type = "string")]
    pub from: Timestamp,
    /// When it ends.
    #[ts(type = "string")]
    pub until: Timestamp,
    /// How it stands.
    pub standing: Standing,
    /// Rows that need nothing more.
    pub ready: u16,
    /// Rows of its stages.
    pub rows: u16,
    /// The rows that are still open, by id.
    pub open: Vec<String>,
}

/// How a half-day stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bindings.ts", rename = "HalfStanding")]
pub enum Standing {
    /// Still to come.
    Ahead,
    /// Everything is settled.
    Done,
    /// Under way.
    Now,
    /// Over, and something is still open.
    Slipped,
}

/// The sprint as it stands; without stages nothing is settled yet. None for a roadmap without a plan.
#[must_use]
pub fn timeline(sprint: &Sprint, roadmap: &str, stages: &[Stage], now: Timestamp) -> Option<Timeline> {
    let plans = PLANS.as_ref()?;
    let plan = plans.sprint.iter().find(|plan| plan.roadmap == roadmap)?;
    let parts = plan.halves.iter().zip(TITLES).zip(plans.begins);
    let halves = parts.map(|((part, title), begins)| {
        let from = worked(sprint, SignedDuration::from_hours(begins), now);
        let until = worked(sprint, SignedDuration::from_hours(begins + plans.hours), now);
        let items = || stages.iter().filter(|stage| part.stages.contains(&stage.number)).flat_map(|stage| &stage.items);
        // Nobody can settle what this version does not look at.
        let waits = |state: State| !state.ready() && state != State::NotBuilt;
        let open: Vec<String> = items().filter(|item| waits(item.state)).map(|item| item.id.clone()).collect();
        let standing = match (open.is_empty() && items().next().is_some(), now < from, now < until) {
            (true, _, _) => Standing::Done,
            (false, true, _) => Standing::Ahead,
            (false, false, true) => Standing::Now,
            (false, false, false) => Standing::Slipped,
        };
        let count = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
        let (ready, rows) = (items().filter(|item| item.state.ready()).count(), items().count());
        let (title, does) = (title.to_owned(), part.does.clone());
        Half { title, does, from, until, standing, ready: count(ready), rows: count(rows), open }
    });
    let paused = sprint.pauses.last().filter(|pause| pause.to.is_none()).map(|pause| pause.from);
    Some(Timeline { began: sprint.began, paused, halves: halves.collect() })
}

/// The moment at which this much of the sprint has gone by, pauses left out; a pause that goes on lasts until now.
fn worked(sprint: &Sprint, gone: SignedDuration, now: Timestamp) -> Timestamp {
    let mut at = sprint.began.checked_add(gone).unwrap_or(Timestamp::MAX);
    for Pause { from, to } in &sprint.pauses {
        let to = to.unwrap_or(now);
        if *from < at && to > *from {
            at = at.checked_add(to.duration_since((*from).max(sprint.began))).unwrap_or(Timestamp::MAX);
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::{PLANS, Standing, timeline};
    use crate::facts::{Answer, Choice, Pause, Sprint};
    use crate::roadmap;
    use crate::testing::healthy;
    use jiff::{Timestamp, ToSpan};

    #[test]
    fn every_roadmap_has_a_plan_that_names_each_stage_once() {
        let plans = PLANS.as_ref().expect("the text parses");
        for roadmap in roadmap::all() {
            let plan = plans.sprint.iter().find(|plan| plan.roadmap == roadmap.id).unwrap();
            let mut stages: Vec<u8> = plan.halves.iter().flat_map(|half| half.stages.clone()).collect();
            stages.sort_unstable();
            assert_eq!(stages, [1, 2, 3, 4, 5, 6, 7], "{}", roadmap.id);
        }
    }

    #[test]
    fn half_days_are_done_under_way_or_slipped_and_a_pause_pushes_them_on() {
        let began: Timestamp = "2026-11-23T08:00:00Z".parse().unwrap();
        let mut facts = healthy();
        let answers = roadmap::by_id("sd").unwrap().items().map(|(_, item)| item.id.clone());
        for id in answers.chain(crate::form::asking().into_keys()) {
            let text = String::new;
            let (choice, note, at) = (Choice::NotApplicable, "not here".to_owned(), facts.started);
            facts.answers.insert(id, Answer { choice, note, evidence: text(), owner: text(), rows: [].into(), at });
        }
        let audit = crate::audit(&facts, roadmap::by_id("sd").unwrap(), facts.started);
        let told = |sprint: &Sprint, hours: i64| {
            let now = began + hours.hours();
            let line = timeline(sprint, "sd", &audit.stages, now).unwrap();
            line.halves.iter().map(|half| half.standing).collect::<Vec<_>>()
        };
        let mut sprint = Sprint { began, pauses: vec![] };
        let open = |number: usize| timeline(&sprint, "sd", &audit.stages, began).unwrap().halves[number].open.clone();
        // Something is open on the first afternoon, and it is named.
        assert!(!open(1).is_empty());
        assert_eq!(told(&sprint, 6)[1], Standing::Now);
        assert_eq!(told(&sprint, 4)[1], Standing::Ahead);
        assert_eq!(told(&sprint, 10)[1], Standing::Slipped);
        sprint.pauses.push(Pause { from: began + 6.hours(), to: Some(began + 10.hours()) });
        assert_eq!(told(&sprint, 12)[1], Standing::Now);
        assert_eq!(told(&sprint, 14)[1], Standing::Slipped);
        sprint.pauses.push(Pause { from: began + 12.hours(), to: None });
        assert_eq!(told(&sprint, 100)[1], Standing::Now);
        let line = timeline(&sprint, "sd", &audit.stages, began + 100.hours()).unwrap();
        assert_eq!(line.paused, Some(began + 12.hours()));
        assert_eq!(timeline(&sprint, "sd", &[], began + 1.hour()).unwrap().halves[0].standing, Standing::Now);
    }
}
