//! Projects as the page sees them: what is stored, judged at this moment.

use crate::error::Trouble;
use crate::ipc::{ProjectCard, View};
use crate::state::Core;
use audit::facts::Answer;
use audit::picture::{self, Pictures};
use audit::roadmap::Roadmap;
use audit::sprint::timeline;
use audit::{Audit, Facts, drift, keys, roadmap};
use engine::store::{Project, ProjectId, RunId};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Facts and what was judged from them.
pub(crate) struct Judged {
    pub(crate) facts: Facts,
    pub(crate) audit: Audit,
    pub(crate) pictures: Pictures,
}

/// Judges facts on a thread that may take its time.
pub(crate) async fn judge(facts: Facts, roadmap: &'static Roadmap) -> Result<Judged, Trouble> {
    let work = move || {
        let audit = audit::audit(&facts, roadmap, Timestamp::now());
        let pictures = picture::of(&facts, roadmap, &audit);
        Judged { facts, audit, pictures }
    };
    Ok(tauri::async_runtime::spawn_blocking(work).await?)
}

/// The roadmap of a project.
pub(crate) fn chosen(project: &Project) -> Result<&'static Roadmap, Trouble> {
    known(&project.roadmap)
}

/// The roadmap with this id.
pub(crate) fn known(id: &str) -> Result<&'static Roadmap, Trouble> {
    roadmap::by_id(id).ok_or_else(|| Trouble::new("roadmap", "this roadmap does not exist in this version"))
}

/// The answers without the tables that the product writes itself.
fn asked(mut answers: BTreeMap<String, Answer>) -> BTreeMap<String, Answer> {
    answers.retain(|key, _| ![drift::KEY, keys::KEY].contains(&key.as_str()));
    answers
}

impl Core {
    /// The stored facts of a project, judged; none before its first run.
    pub(crate) async fn judged(&self, project: &Project) -> Result<Option<Judged>, Trouble> {
        let Some(mut facts) = self.store.facts(project.id).await? else { return Ok(None) };
        // A run that neither goes on nor ended was killed: it saw a part only.
        facts.cut_short |= facts.finished.is_none() && !self.runs.on(project.id);
        judge(facts, chosen(project)?).await.map(Some)
    }

    /// One project, open.
    pub(crate) async fn view(&self, id: ProjectId) -> Result<View, Trouble> {
        let project = self.store.project(id).await?;
        let (audit, pictures) = self.judged(&project).await?.map(|judged| (judged.audit, judged.pictures)).unzip();
        let stages = audit.as_ref().map_or(&[][..], |audit| &audit.stages);
        let sprint = self.store.sprint(id).await?;
        let sprint = sprint.and_then(|sprint| timeline(&sprint, &project.roadmap, stages, Timestamp::now()));
        Ok(View {
            project: ProjectCard::new(&project, audit.as_ref()),
            sprint,
            audit,
            pictures,
            running: self.runs.on(id),
            session: self.sessions.status(id).await?,
            routes: project.routes,
            sources: self.store.sources(id).await?.into(),
            answers: asked(self.store.answers(id).await?),
            dossiers: self.store.dossiers(id).await?,
            own: self.store.own_file(id).await?,
            notes: self.store.private_note(id).await?,
            drafts: self.store.drafts(id).await?,
        })
    }

    /// Refuses while a run of the project goes on: what it sees is not whole yet.
    pub(crate) fn resting(&self, id: ProjectId) -> Result<(), Trouble> {
        if self.runs.on(id) {
            return Err(Trouble::new("running", "wait until the run is over, so that the records are whole"));
        }
        Ok(())
    }

    /// Keeps the records that a run saw as the accepted ones; without a run those of the newest.
    pub(crate) async fn accept_records(&self, id: ProjectId, run: Option<RunId>, by: &str) -> Result<(), Trouble> {
        self.resting(id)?;
        let facts = match run {
            Some(run) => Some(self.store.facts_of(id, run).await?),
            None => self.store.facts(id).await?,
        };
        let Some(facts) = facts else {
            return Err(Trouble::new("no-run", "there are no records to accept yet; run the audit first"));
        };
        let earlier = self.store.answers(id).await?;
        let renewed = drift::renew(earlier.get(drift::KEY), &facts, Timestamp::now());
        if renewed.rows.is_empty() {
            return Err(Trouble::new("no-records", "no record of the domain was seen, so there is none to accept"));
        }
        let answer = Answer { owner: by.trim().to_owned(), ..renewed };
        Ok(self.store.save_answer(id, drift::KEY, &answer).await?)
    }

    /// Notes that somebody replaced a key that the newest run found.
    pub(crate) async fn key_replaced(&self, id: ProjectId, row: &str, by: &str, now: Timestamp) -> Result<(), Trouble> {
        if by.trim().is_empty() {
            return Err(Trouble::new("who", "say who replaced it, so that somebody can be asked later"));
        }
        let facts = self.store.facts(id).await?;
        let table = facts.and_then(|facts| keys::replace(&facts, row, by.trim(), now));
        let table =
            table.ok_or_else(|| Trouble::new("no-key", "the newest run did not find this key; run it again"))?;
        Ok(self.store.save_answer(id, keys::KEY, &table).await?)
    }

    /// Takes the word back that a key was replaced.
    pub(crate) async fn key_reopened(&self, id: ProjectId, row: &str, now: Timestamp) -> Result<(), Trouble> {
        let Some(facts) = self.store.facts(id).await? else { return Ok(()) };
        Ok(self.store.save_answer(id, keys::KEY, &keys::reopen(&facts, row, now)).await?)
    }

    /// Notes which replaced keys have left files or history since, so that one that returns is told.
    pub(crate) async fn settle_keys(&self, id: ProjectId) -> Result<(), Trouble> {
        let settled = self.store.facts(id).await?.and_then(|facts| keys::settle(&facts, Timestamp::now()));
        match settled {
            Some(table) => {
                self.store.save_answer(id, keys::KEY, &table).await?;
                // No person did that, so nobody can undo it.
                Ok(self.store.forget_edits(id, Some(keys::KEY)).await?)
            }
            None => Ok(()),
        }
    }

    /// Every project, for the home screen.
    pub(crate) async fn cards(&self) -> Result<Vec<ProjectCard>, Trouble> {
        let mut cards = Vec::new();
        for project in self.store.projects().await? {
            let judged = self.judged(&project).await?;
            cards.push(ProjectCard::new(&project, judged.as_ref().map(|judged| &judged.audit)));
        }
        Ok(cards)
    }
}
