//! What people told of a project besides its runs: it counts in every run from its start.

use super::{ProjectId, Store};
use crate::EngineError;
use audit::Facts;
use audit::facts::{Answer, Dossier, Measured, Sprint, Waiver, Watched};
use audit::own::Own;
use std::collections::BTreeMap;

/// Answers, what was filed, accepted risks and measurements of a project, and what its watch recorded.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// The answers that count, by question.
    pub answers: BTreeMap<String, Answer>,
    /// What was filed on rows.
    pub dossiers: BTreeMap<String, Dossier>,
    /// The two days of work, once somebody began them.
    pub sprint: Option<Sprint>,
    /// Accepted risks.
    pub waivers: Vec<Waiver>,
    /// Measurements that somebody started.
    pub measured: Vec<Measured>,
    /// Rows and checks of its own.
    pub own: Option<Own>,
    /// What the watch recorded in the last days.
    pub watched: Option<Watched>,
}

impl Told {
    /// Puts it among the facts of a run.
    pub fn enter(self, facts: &mut Facts) {
        facts.answers = self.answers;
        facts.dossiers = self.dossiers;
        facts.sprint = self.sprint;
        facts.waivers = self.waivers;
        facts.measured = self.measured;
        facts.own = self.own;
        facts.watched = self.watched;
        facts.take_load();
    }
}

impl Store {
    /// What people told of a project.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn told(&self, project: ProjectId) -> Result<Told, EngineError> {
        Ok(Told {
            answers: self.answers(project).await?,
            dossiers: self.dossiers(project).await?,
            sprint: self.sprint(project).await?,
            waivers: self.waivers(project).await?,
            measured: self.measured_facts(project).await?,
            own: self.own(project).await?,
            watched: self.watched(project).await?,
        })
    }
}
