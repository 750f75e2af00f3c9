//! The five roadmaps as data: what each asks of a launch, stage by stage, and which checks tell it.
//!
//! The words live in `assets/roadmaps/*.toml`. A question to a person is always one that yes or no answers: at an item or a
//! deliverable, yes is the good state; at a signal, yes raises it.

mod planned;
#[cfg(test)]
mod tests;

pub use planned::{Planned, planned};

use crate::check::Concern;
use crate::checks;
use crate::facts::Flow;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use ts_rs::TS;

/// The roadmaps' texts, in the order in which they are offered.
const FILES: [&str; 5] = [
    include_str!("../../../../assets/roadmaps/sd.toml"),
    include_str!("../../../../assets/roadmaps/cc.toml"),
    include_str!("../../../../assets/roadmaps/cp.toml"),
    include_str!("../../../../assets/roadmaps/bb.toml"),
    include_str!("../../../../assets/roadmaps/io.toml"),
];

/// One kind of business at one point of its life, and all that its launch needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bindings.ts")]
pub struct Roadmap {
    /// `sd`, `cc`, `cp`, `bb` or `io`.
    pub id: String,
    /// How its rows begin: `SD`.
    pub code: String,
    /// Short name.
    pub title: String,
    /// The point of its life where it starts.
    pub from: String,
    /// The point of its life that it leads to.
    pub to: String,
    /// The kind of business.
    pub business: String,
    /// The one question that the roadmap answers.
    pub question: String,
    /// What can wait for this business and why, one sentence each.
    pub refuses: Vec<String>,
    /// Response times to judge by.
    pub latency: Latency,
    /// What weighs more or less for this business.
    pub weights: Weights,
    /// Minutes within which mail of a kind has to arrive, where the roadmap names a figure.
    #[serde(default)]
    #[ts(skip)]
    pub arrival_minutes: BTreeMap<Flow, u32>,
    /// The figures to reach.
    #[serde(alias = "target")]
    pub targets: Vec<Target>,
    /// The minimum bar, one light each.
    pub bar: Vec<Light>,
    /// The seven stages in order.
    #[serde(alias = "stage")]
    pub stages: Vec<Stage>,
}

/// Response times that latency and load are judged by, milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bindings.ts", rename = "RoadmapLatency")]
pub struct Latency {
    /// 95 of 100 ordinary requests are answered within this time.
    pub p95_ms: u32,
    /// The same for heavy dashboard queries, where the roadmap names them.
    #[serde(default)]
    pub heavy_p95_ms: Option<u32>,
    /// The first byte of a public page from the cache arrives within this time, where the roadmap names it.
    #[serde(default)]
    pub ttfb_ms: Option<u32>,
    /// People who use the product at the same moment, and whom it still serves within these times.
    pub users: u32,
}

/// How much each concern counts in the fix order of this business; 1.0 is neutral.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bindings.ts", rename = "RoadmapWeights")]
pub struct Weights {
    /// The founder keeps control.
    pub control: f64,
    /// Customer data and keys stay shut.
    pub data: f64,
    /// What the product sends arrives.
    pub mail: f64,
    /// People reach the product at all.
    pub reach: f64,
    /// It answers fast enough.
    pub speed: f64,
    /// People and browsers trust it.
    pub trust: f64,
    /// What stands where people sign up, whatever it is.
    pub signup: f64,
    /// What stands where people pay, whatever it is.
    pub payment: f64,
}

impl Weights {
    /// The weight of one concern.
    #[must_use]
    pub fn of(self, concern: Concern) -> f64 {
        match concern {
            Concern::Control => self.control,
            Concern::Data => self.data,
            Concern::Mail => self.mail,
            Concern::Reach => self.reach,
            Concern::Speed => self.speed,
            Concern::Trust => self.trust,
        }
    }
}

/// A figure that the launch should reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bindings.ts", rename = "RoadmapTarget")]
pub struct Target {
    /// `SD.T1`.
    pub id: String,
    /// The figure as a plain statement.
    pub says: String,
    /// Checks that measure it; none where only the reading of the whole audit tells.
    #[serde(default)]
    pub checks: Vec<String>,
    /// Report sections that show it.
    #[serde(default)]
    pub reports: Vec<String>,
}

/// One light of the minimum bar; as good as the worst of what it stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bindings.ts", rename = "RoadmapLight")]
pub struct Light {
    /// `SD.B1`.
    pub id: String,
    /// The good state as a plain statement.
    pub title: String,
    /// Rows whose states it shows.
    #[serde(default)]
    pub items: Vec<String>,
    /// Checks that count besides, where no row names them.
    #[serde(default)]
    pub checks: Vec<String>,
}

/// One of the seven stages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bindings.ts", rename = "RoadmapStage")]
pub struct Stage {
    /// 1 … 7.
    pub number: u8,
    /// Short name.
    pub title: String,
    /// What is true when it is done.
    pub goal: String,
    /// Areas (what stands before the dot of a check's id) whose checks are shown here when no row names them.
    pub areas: Vec<String>,
    /// The rows.
    #[serde(alias = "item")]
    pub items: Vec<Item>,
    /// What the stage produces.
    #[serde(alias = "deliverable")]
    pub deliverables: Vec<Deliverable>,
    /// Statements that, if true, mean that the stage is not done.
    #[serde(alias = "signal")]
    pub signals: Vec<Signal>,
}

/// How an answer is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bindings.ts")]
pub enum How {
    /// From the public internet, by itself.
    Auto,
    /// From something given: a repository, a log, a token, a session, a database, a message.
    Given,
    /// From a person.
    Person,
}

/// One row of a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bindings.ts", rename = "RoadmapItem")]
pub struct Item {
    /// `SD1.1`; an outcome of the last stage is `SD7.S`.
    pub id: String,
    /// The good state as a plain statement.
    pub title: String,
    /// Why it matters to this business, one sentence.
    pub why: String,
    /// How it is found out.
    pub how: Vec<How>,
    /// Checks that tell it.
    #[serde(default)]
    pub checks: Vec<String>,
    /// Report sections that show it.
    #[serde(default)]
    pub reports: Vec<String>,
    /// The question to a person; yes is the good state.
    #[serde(default)]
    pub question: Option<String>,
}

/// Something that a stage produces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bindings.ts", rename = "RoadmapDeliverable")]
pub struct Deliverable {
    /// `SD1.D.1`, or `SD4.D` when it is the only one.
    pub id: String,
    /// What it is.
    pub title: String,
    /// How it comes about.
    pub how: Vec<How>,
    /// Checks whose outcomes it rests on.
    #[serde(default)]
    pub checks: Vec<String>,
    /// Report sections that hold it, the main one first.
    #[serde(default)]
    pub reports: Vec<String>,
    /// The question to a person; yes is the good state.
    #[serde(default)]
    pub question: Option<String>,
}

/// A statement that, if true, means that the stage is not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bindings.ts", rename = "RoadmapSignal")]
pub struct Signal {
    /// `SD1.F.1`, or `BB6.F` when it is the only one.
    pub id: String,
    /// The bad state as a plain statement.
    pub says: String,
    /// How it is found out.
    pub how: Vec<How>,
    /// Checks whose failure raises it.
    #[serde(default)]
    pub checks: Vec<String>,
    /// The question to a person; yes raises the signal.
    #[serde(default)]
    pub question: Option<String>,
}

/// The five roadmaps, in the order in which they are offered.
#[must_use]
pub fn all() -> &'static [Roadmap] {
    // A text that does not parse would be left out here; `every_text_parses` keeps that from being released.
    static ALL: LazyLock<Vec<Roadmap>> =
        LazyLock::new(|| FILES.iter().filter_map(|text| toml::from_str(text).ok()).collect());
    &ALL
}

/// The roadmap with this id, in capitals or not.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Roadmap> {
    all().iter().find(|roadmap| roadmap.id.eq_ignore_ascii_case(id))
}

impl Roadmap {
    /// Every row with the stage it stands in.
    pub fn items(&self) -> impl Iterator<Item = (&Stage, &Item)> {
        self.stages.iter().flat_map(|stage| stage.items.iter().map(move |item| (stage, item)))
    }

    /// The checks that any row, deliverable or signal of a stage names, or the bar or a target.
    #[must_use]
    pub fn checks(&self) -> BTreeSet<&str> {
        let staged = self.stages.iter().flat_map(|stage| {
            let items = stage.items.iter().flat_map(|item| &item.checks);
            let deliverables = stage.deliverables.iter().flat_map(|deliverable| &deliverable.checks);
            items.chain(deliverables).chain(stage.signals.iter().flat_map(|signal| &signal.checks))
        });
        let lights = self.bar.iter().flat_map(|light| &light.checks);
        let targets = self.targets.iter().flat_map(|target| &target.checks);
        staged.chain(lights).chain(targets).map(String::as_str).collect()
    }

    /// The built checks that a stage rests on: those that its rows, deliverables and signals name, and those that are shown there besides.
    #[must_use]
    pub fn checks_of(&self, number: u8) -> Vec<String> {
        let all = self.checks();
        let Some(stage) = self.stages.iter().find(|stage| stage.number == number) else { return vec![] };
        let items = stage.items.iter().flat_map(|item| &item.checks);
        let deliverables = stage.deliverables.iter().flat_map(|deliverable| &deliverable.checks);
        let signals = stage.signals.iter().flat_map(|signal| &signal.checks);
        let named: BTreeSet<&String> = items.chain(deliverables).chain(signals).collect();
        let here = |id: &str| self.home(id).is_some_and(|home| home.number == number);
        let ids = checks::all().iter().map(|check| check.id.to_owned());
        ids.filter(|id| named.contains(id) || (!all.contains(id.as_str()) && here(id))).collect()
    }

    /// The stage where a check is shown when no row names it: the one that its area belongs to.
    #[must_use]
    pub fn home(&self, check: &str) -> Option<&Stage> {
        let area = check.split_once('.').map_or(check, |(area, _)| area);
        self.stages.iter().find(|stage| stage.areas.iter().any(|owned| owned == area))
    }
}
