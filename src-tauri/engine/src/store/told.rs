//! What people told of a project besides its runs: it counts in every run from its start.

use super::{ProjectId, Store};
use crate::EngineError;
use audit::Facts;
use audit::facts::{Answer, Measured, Waiver};
use std::collections::BTreeMap;

/// Answers, accepted risks and measurements of a project.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// The answers that count, by question.
    pub answers: BTreeMap<String, Answer>,
    /// Accepted risks.
    pub waivers: Vec<Waiver>,
    /// Measurements that somebody started.
    pub measured: Vec<Measured>,
}

impl Told {
    /// Puts it among the facts of a run.
    pub fn enter(self, facts: &mut Facts) {
        facts.answers = self.answers;
        facts.waivers = self.waivers;
        facts.measured = self.measured;
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
            waivers: self.waivers(project).await?,
            measured: self.measured_facts(project).await?,
        })
    }
}
