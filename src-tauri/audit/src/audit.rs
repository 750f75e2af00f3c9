//! The result of judging: outcomes, the states of items and stages, the fix order and the launch verdict. Everything the window, the report and CI show.

use crate::Unseen;
use crate::check::{Concern, Finding, Fix, Grade, Severity, Status};
use crate::facts::{Answer, Target, Waiver};
use crate::waive::WaiverTold;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The version of the audit format (`assets/schema/audit-1.schema.json`).
pub const AUDIT_VERSION: u16 = 1;

/// Facts judged for one roadmap at one time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Audit {
    /// [`AUDIT_VERSION`].
    pub version: u16,
    /// What was audited.
    pub target: Target,
    /// The roadmap's id.
    pub roadmap: String,
    /// When the run began.
    #[ts(type = "string")]
    pub started: Timestamp,
    /// When the run ended; none while it is going on.
    #[ts(type = "string | null")]
    pub finished: Option<Timestamp>,
    /// Whether the run was cancelled before everything was looked at.
    pub cut_short: bool,
    /// The time that it was judged by.
    #[ts(type = "string")]
    pub judged: Timestamp,
    /// Go, conditional or no-go.
    pub verdict: Verdict,
    /// The verdict in three plain sentences.
    pub says: Vec<String>,
    /// The minimum bar.
    pub bar: Vec<Light>,
    /// The seven stages.
    pub stages: Vec<Stage>,
    /// One outcome for every built check, by id.
    pub outcomes: Vec<Outcome>,
    /// What to mend, first things first.
    pub order: Vec<Step>,
    /// What to mend of it when there is one hour.
    pub hour: Hour,
    /// What has to be settled besides the blockers before it is a go, by kind.
    pub conditions: Vec<Condition>,
    /// Every risk that was accepted, oldest first, with what it does now.
    pub waivers: Vec<WaiverTold>,
}

impl Audit {
    /// The outcome of a check.
    #[must_use]
    pub fn outcome(&self, check: &str) -> Option<&Outcome> {
        self.outcomes.iter().find(|outcome| outcome.check == check)
    }
}

/// Whether the product can be launched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export_to = "bindings.ts", rename = "Launch")]
pub enum Verdict {
    /// Nothing stands against it.
    Go,
    /// It can, once what is open is settled or accepted.
    Conditional,
    /// A critical or high failure stands against it.
    NoGo,
}

/// How one check ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Outcome {
    /// Check id.
    pub check: String,
    /// The good state as a plain sentence.
    pub title: String,
    /// Why it matters to the business.
    pub why: String,
    /// How it ended.
    pub status: Status,
    /// The worst severity among its open findings.
    pub severity: Option<Severity>,
    /// What was seen that supports it.
    pub proof: Vec<String>,
    /// What is wrong and not accepted, worst first.
    pub findings: Vec<Finding>,
    /// What is wrong, or could not be told, and was accepted for a time.
    pub waived: Vec<Waived>,
    /// What could not be seen.
    pub unseen: Vec<Unseen>,
    /// Why it does not apply, when it does not.
    pub reason: Option<String>,
    /// The part of the rule that is looked at so far.
    pub covers: String,
    /// Standards that decide.
    pub refs: Vec<String>,
}

/// Something that is wrong and was accepted for a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Waived {
    /// What is wrong; none where it was accepted that the check could not tell.
    pub finding: Option<Finding>,
    /// Who accepted it, why and until when.
    pub waiver: Waiver,
}

/// One light of the minimum bar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Light {
    /// `SD.B1`.
    pub id: String,
    /// What it stands for.
    pub title: String,
    /// The worst state of its rows.
    pub state: State,
}

/// One stage with its rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Stage {
    /// 1 … 7.
    pub number: u8,
    /// Short name.
    pub title: String,
    /// What is true when it is done.
    pub goal: String,
    /// The worst state of its items.
    pub state: State,
    /// Items that need nothing more.
    pub ready: u16,
    /// The rows.
    pub items: Vec<Item>,
    /// What the stage produces.
    pub deliverables: Vec<Deliverable>,
    /// Statements that, if true, mean that the stage is not done.
    pub signals: Vec<Signal>,
    /// Built checks of this area that no row of the roadmap names ("also checked").
    pub also: Vec<String>,
}

/// One row of the checklist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Item {
    /// `SD1.1`.
    pub id: String,
    /// The good state as a plain sentence.
    pub title: String,
    /// Why it matters for this business.
    pub why: String,
    /// Where it stands.
    pub state: State,
    /// The state in one plain sentence.
    pub says: String,
    /// Checks that tell it.
    pub checks: Vec<String>,
    /// Those of them that are not built yet.
    pub unbuilt: Vec<String>,
    /// The question to a person, when there is one.
    pub question: Option<String>,
    /// The id under which the answer is kept.
    pub answers_to: Option<String>,
    /// The answer so far.
    pub answer: Option<Answer>,
    /// The day by which it is to be done, where one was set.
    #[ts(type = "string | null")]
    pub due: Option<Date>,
    /// Whether that day has passed and it is not done.
    pub overdue: bool,
    /// Who accepted it as it stands, where that holds.
    pub waiver: Option<Waiver>,
    /// Whether somebody can accept it as it stands.
    pub acceptable: bool,
    /// Whether it is a row of the project's own and not of its roadmap.
    #[serde(default)]
    pub own: bool,
}

/// One deliverable of a stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Deliverable {
    /// `SD1.D.1`.
    pub id: String,
    /// What it is.
    pub title: String,
    /// The report section that holds it.
    pub report: Option<String>,
    /// `done` when the report has it, `needs-you` when a person attaches it, `not-built` otherwise.
    pub state: State,
    /// The question to a person, when there is one; the answer is kept under its id.
    pub question: Option<String>,
    /// The answer so far.
    pub answer: Option<Answer>,
    /// Who accepted it as it stands, where that holds.
    pub waiver: Option<Waiver>,
    /// Whether somebody can accept it as it stands.
    pub acceptable: bool,
}

/// One failure signal of a stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Signal {
    /// `SD1.F.1`.
    pub id: String,
    /// The statement.
    pub says: String,
    /// `failing` when raised, `done` when a check shows that it is not so, `unsure`, `needs-you` or `not-built` otherwise.
    pub state: State,
    /// Checks that can raise it.
    pub checks: Vec<String>,
    /// The question to a person, when there is one; yes raises it, and the answer is kept under its id.
    pub question: Option<String>,
    /// The answer so far.
    pub answer: Option<Answer>,
    /// Who accepted it as it stands, where that holds.
    pub waiver: Option<Waiver>,
    /// Whether somebody can accept it as it stands.
    pub acceptable: bool,
}

/// Where an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export_to = "bindings.ts")]
pub enum State {
    /// A check fails.
    Failing,
    /// A check warns.
    Attention,
    /// A check could not tell.
    Unsure,
    /// Only a person can answer, and has not.
    NeedsYou,
    /// A check proposes the answer; a person confirms.
    Proposed,
    /// Nothing more to do.
    Done,
    /// Accepted with a reason, an approver and an expiry.
    Waived,
    /// Does not apply, with a reason.
    NotApplicable,
    /// Was done, but the evidence is too old.
    Stale,
    /// A check that it needs does not exist yet.
    NotBuilt,
}

impl State {
    /// How much it stands in the way; larger is worse.
    #[must_use]
    pub fn weight(self) -> u8 {
        match self {
            Self::NotApplicable => 0,
            Self::Done => 1,
            Self::Waived => 2,
            Self::NotBuilt => 3,
            Self::Proposed => 4,
            Self::Stale => 5,
            Self::NeedsYou => 6,
            Self::Unsure => 7,
            Self::Attention => 8,
            Self::Failing => 9,
        }
    }

    /// Whether nothing more is to be done.
    #[must_use]
    pub fn ready(self) -> bool {
        matches!(self, Self::Done | Self::Waived | Self::NotApplicable)
    }
}

/// One step of the fix order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Step {
    /// Place in the order, from 1.
    pub rank: u16,
    /// The check that found it.
    pub check: String,
    /// What it is about.
    pub subject: String,
    /// Fail or warn.
    pub grade: Grade,
    /// How much it matters.
    pub severity: Severity,
    /// What is at stake.
    pub concern: Concern,
    /// Who meets it.
    pub exposure: Exposure,
    /// What is, as one plain sentence.
    pub says: String,
    /// What to do.
    pub fix: Fix,
    /// Why it stands here, in words.
    pub reason: String,
    /// Whether it belongs into the next 48 hours.
    pub now: bool,
    /// Rows of the roadmap that it holds open.
    pub items: Vec<String>,
}

/// Who meets what is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bindings.ts")]
pub enum Exposure {
    /// Everybody who opens the product.
    Visitors,
    /// Everybody who is written to.
    Recipients,
    /// Customers who signed in.
    Customers,
    /// Somebody who looks for weak places.
    Attackers,
    /// Nobody but the people who run it.
    Team,
}

/// The steps that take the most risk away within sixty minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Hour {
    /// Places in the fix order, in the order in which they are done.
    pub steps: Vec<u16>,
    /// What they take together, minutes.
    pub minutes: u16,
    /// What is reached by it, in words; empty where there is nothing to mend.
    pub says: String,
}

/// One kind of thing that stands between a conditional go and a go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Condition {
    /// What it is.
    pub kind: Open,
    /// How many there are; never 0.
    pub count: u32,
    /// The same in words, without the number: "smaller findings".
    pub says: String,
    /// What settles it.
    pub way: String,
}

/// What can be open besides blockers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export_to = "bindings.ts")]
pub enum Open {
    /// Findings that do not stand against a launch by themselves.
    Findings,
    /// Signs that a stage is not done.
    Signals,
    /// Checks that could not tell.
    Untold,
    /// Questions that nobody answered.
    Questions,
    /// Answers to confirm or to renew.
    Confirm,
    /// Items that this version does not look at.
    NotBuilt,
}
