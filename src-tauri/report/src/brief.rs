//! What sections are written from: the audit, the facts behind it, and what is drawn of them.

use crate::Options;
use audit::audit::{Outcome, Step};
use audit::facts::{Answer, Choice};
use audit::form::{self, Reading};
use audit::parties::Role;
use audit::picture::{self, Pictures};
use audit::roadmap::{self, Roadmap};
use audit::{Audit, Facts, Finding, Launch, Status};
use jiff::tz::TimeZone;

/// The check whose answer names the owners.
pub const OWNERS: &str = "handover.owners";

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

    /// How many risks somebody accepted for a time, and which hold.
    #[must_use]
    pub fn held(&self) -> usize {
        self.audit.waivers.iter().filter(|told| told.standing == audit::waive::Standing::Holds).count()
    }

    /// The checks that could not tell.
    pub fn untold(&self) -> impl Iterator<Item = &'a Outcome> + '_ {
        self.audit.outcomes.iter().filter(|outcome| outcome.status == Status::CouldNotTell)
    }

    /// What a person answered to the row of the roadmap that rests on this check.
    #[must_use]
    pub fn answered(&self, check: &str) -> Option<&'a Answer> {
        let mut items = self.audit.stages.iter().flat_map(|stage| &stage.items);
        let row = items.find(|item| item.answer.is_some() && item.checks.iter().any(|id| id == check));
        row.and_then(|item| item.answer.as_ref()).or_else(|| self.facts.answers.get(check))
    }

    /// What was filled in and noted there; none where nothing was, or where it does not apply.
    #[must_use]
    pub fn said(&self, check: &str) -> Option<String> {
        let answer = self.answered(check).filter(|answer| answer.choice != Choice::NotApplicable)?;
        let today = answer.at.to_zoned(TimeZone::UTC).date();
        let filled = form::of(check).map(|form| Reading::of(form, answer, &self.audit.roadmap, today).proof);
        let noted = Some(answer.note.trim().to_owned()).filter(|note| !note.is_empty());
        let lines: Vec<String> = filled.into_iter().flatten().chain(noted).collect();
        (!lines.is_empty()).then(|| lines.join("; "))
    }

    /// The companies that were recognised in a role.
    #[must_use]
    pub fn companies(&self, role: Role) -> Vec<&str> {
        let stations = self.pictures.providers.stations.iter().filter(|station| station.role == role);
        stations.flat_map(|station| &station.parties).map(|party| party.name.as_str()).collect()
    }

    /// Those companies in one phrase, or these words where none was recognised.
    #[must_use]
    pub fn company(&self, role: Role, unknown: &str) -> String {
        let names = self.companies(role);
        if names.is_empty() { unknown.to_owned() } else { names.join(" and ") }
    }

    /// Who looks after the first system whose name holds one of these words, as the owners were named.
    #[must_use]
    pub fn owner(&self, words: &[&str]) -> Option<&'a str> {
        let rows = &self.facts.answers.get(OWNERS)?.rows;
        let named = |word: &&str| {
            let mut systems = form::labels(rows).filter(|system| system.to_lowercase().contains(*word));
            systems.find_map(|system| rows.get(system).map(|owner| owner.trim()).filter(|owner| !owner.is_empty()))
        };
        words.iter().find_map(named)
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
