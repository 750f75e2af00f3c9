//! What sections are written from: the audit, the facts behind it, and what is drawn of them.

use crate::Options;
use audit::audit::{Outcome, Step};
use audit::picture::{self, Pictures};
use audit::roadmap::{self, Roadmap};
use audit::{Audit, Facts, Finding, Launch, Status};

/// Everything that a section may look into.
pub struct Brief<'a> {
    /// The audit.
    pub audit: &'a Audit,
    /// The facts that it was judged from.
    pub facts: &'a Facts,
    /// For whom it is written.
    pub options: &'a Options,
    /// Its roadmap; none when this version does not know it.
    pub roadmap: Option<&'static Roadmap>,
    /// What is drawn, as rows.
    pub pictures: Pictures,
}

/// A finding with its place in the fix order.
pub struct Ranked<'a> {
    /// The step.
    pub step: &'a Step,
    /// The check that found it.
    pub outcome: Option<&'a Outcome>,
    /// The finding itself.
    pub finding: Option<&'a Finding>,
}

impl<'a> Brief<'a> {
    /// Draws the pictures once.
    #[must_use]
    pub fn new(audit: &'a Audit, facts: &'a Facts, options: &'a Options) -> Self {
        let roadmap = roadmap::by_id(&audit.roadmap);
        let pictures = roadmap.map(|roadmap| picture::of(facts, roadmap, audit)).unwrap_or_default();
        Self { audit, facts, options, roadmap, pictures }
    }

    /// The findings in the order in which they are mended.
    pub fn findings(&self) -> impl Iterator<Item = Ranked<'a>> + '_ {
        self.audit.order.iter().map(|step| {
            let outcome = self.audit.outcome(&step.check);
            let same = |finding: &&Finding| finding.subject == step.subject && finding.says == step.says;
            let finding = outcome.and_then(|outcome| outcome.findings.iter().find(same));
            Ranked { step, outcome, finding }
        })
    }

    /// Steps that stand against a launch by themselves.
    pub fn blockers(&self) -> impl Iterator<Item = &'a Step> + '_ {
        self.audit.order.iter().filter(|step| audit::judge::blocks(step.grade, step.severity))
    }

    /// The checks that could not tell.
    pub fn untold(&self) -> impl Iterator<Item = &'a Outcome> + '_ {
        self.audit.outcomes.iter().filter(|outcome| outcome.status == Status::CouldNotTell)
    }

    /// Whether a launch is advised against.
    #[must_use]
    pub fn stops(&self) -> bool {
        self.audit.verdict == Launch::NoGo
    }
}

/// The heading of a stage.
#[must_use]
pub fn stage_id(number: u8) -> String {
    format!("stage-{number}")
}
