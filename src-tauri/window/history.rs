//! The runs of a project as the page shows them: each judged again from what it saw, and any two side by side.

use crate::error::Trouble;
use crate::ipc::{RunCard, RunList};
use crate::state::Core;
use crate::view::{Judged, chosen};
use audit::diff::{Diff, diff};
use audit::roadmap::Roadmap;
use audit::{Audit, Facts, glance};
use engine::store::{Acceptance, KeptRun, MOST_RUNS, Project, ProjectId, RunId};
use jiff::Timestamp;

/// Runs on one page of the list.
const PAGE: u32 = 10;

impl Core {
    /// A page of the runs of a project, newest first.
    pub(crate) async fn runs(&self, id: ProjectId, before: Option<RunId>) -> Result<RunList, Trouble> {
        let project = self.store.project(id).await?;
        let roadmap = chosen(&project)?;
        // One more than is shown tells whether there are older ones.
        let mut kept = self.store.runs(id, before, PAGE + 1).await?;
        let more = kept.len() > PAGE as usize;
        kept.truncate(PAGE as usize);
        let mut rows = Vec::new();
        for run in &kept {
            let audit = self.audit_of(&project, roadmap, run.id).await?;
            rows.push(RunCard::new(run, glance::of(&audit)));
        }
        Ok(RunList { rows, more, most: MOST_RUNS, drift: self.drift(&project, roadmap).await? })
    }

    /// Two runs side by side.
    pub(crate) async fn compare_runs(&self, id: ProjectId, was: RunId, now: RunId) -> Result<Diff, Trouble> {
        let project = self.store.project(id).await?;
        let roadmap = chosen(&project)?;
        let was = self.audit_of(&project, roadmap, was).await?;
        Ok(diff(&was, &self.audit_of(&project, roadmap, now).await?))
    }

    /// Accepts a run as how it is meant to be, where that is wanted with the records that it saw; takes it back where nobody is named.
    pub(crate) async fn accept_run(
        &self,
        id: ProjectId,
        run: RunId,
        by: Option<String>,
        records: bool,
    ) -> Result<RunList, Trouble> {
        let acceptance = by.map(|by| Acceptance { by: by.trim().to_owned(), at: Timestamp::now() });
        let records = records && acceptance.is_some();
        // Before anything is kept: both are accepted or neither.
        if records {
            self.resting(id)?;
        }
        self.store.accept_run(id, run, acceptance.as_ref()).await?;
        if let Some(Acceptance { by, .. }) = acceptance.filter(|_| records) {
            match self.accept_records(id, Some(run), &by).await {
                // A run that saw none says nothing of them.
                Err(none) if none.code == "no-records" => {}
                kept => kept?,
            }
        }
        self.runs(id, None).await
    }

    /// What changed since the accepted run, else since the first one that is kept; none where there is neither.
    pub(crate) async fn since(&self, project: &Project, judged: &Judged) -> Result<Option<Diff>, Trouble> {
        let Some(earlier) = self.store.earlier_run(project.id).await? else { return Ok(None) };
        let was = self.audit_of(project, chosen(project)?, earlier.id).await?;
        Ok(Some(diff(&was, &judged.audit)))
    }

    /// What changed since the accepted run; none where none was accepted, or nothing was looked at since.
    async fn drift(&self, project: &Project, roadmap: &'static Roadmap) -> Result<Option<Diff>, Trouble> {
        let newest = self.store.runs(project.id, None, 1).await?;
        let accepted = self.store.accepted_run(project.id).await?;
        match accepted.zip(newest.first()) {
            Some((accepted, newest)) if accepted.id != newest.id => {
                let was = self.audit_of(project, roadmap, accepted.id).await?;
                Ok(Some(diff(&was, &self.audit_of(project, roadmap, newest.id).await?)))
            }
            _ => Ok(None),
        }
    }

    /// One run, judged by the clock of its end; the newest one by the clock of now.
    async fn audit_of(&self, project: &Project, roadmap: &'static Roadmap, run: RunId) -> Result<Audit, Trouble> {
        let newest = self.store.last_run(project.id).await?.is_some_and(|last| last.id == run);
        let mut facts = self.store.facts_of(project.id, run).await?;
        facts.cut_short |= facts.finished.is_none() && !self.runs.on(project.id);
        let at = if newest { Timestamp::now() } else { end(&facts) };
        let work = move || audit::audit(&facts, roadmap, at);
        Ok(tauri::async_runtime::spawn_blocking(work).await?)
    }
}

fn end(facts: &Facts) -> Timestamp {
    facts.finished.unwrap_or(facts.started)
}

impl RunCard {
    fn new(run: &KeptRun, glance: glance::Glance) -> Self {
        let (by, accepted) = run.accepted.clone().map(|acceptance| (acceptance.by, acceptance.at)).unzip();
        Self { id: run.id, at: run.at(), glance, accepted, by: by.unwrap_or_default() }
    }
}
