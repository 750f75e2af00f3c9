//! What crosses the border to the page, besides the audit and its pictures. `ui/src/bindings.ts` is written from these.

use crate::error::Trouble;
use audit::diff::Diff;
use audit::facts::{Agreed, Answer, Choice, Dossier, Environment, JourneyKind, LoadAgreed, LoadCap, ValueSeen, Waiver};
use audit::form::Form;
use audit::glance::Glance;
use audit::own::OwnRow;
use audit::picture::{JourneyRow, MeasuredRow, Pictures};
use audit::sprint::Timeline;
use audit::watch::Change;
use audit::{Audit, Launch, State, waive};
use engine::Account;
use engine::load::Tick;
use engine::store::{Edit, MeasuredId, Project, ProjectId, RunId, Sources};
use engine::vault::SessionStatus;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use ts_rs::TS;

/// A project on the home screen.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct ProjectCard {
    pub(crate) id: ProjectId,
    pub(crate) client: String,
    pub(crate) name: String,
    /// As a person reads it.
    pub(crate) domain: String,
    /// The roadmap's id.
    pub(crate) roadmap: String,
    /// Whether it is the built-in demo.
    pub(crate) demo: bool,
    pub(crate) archived: bool,
    #[ts(type = "string")]
    pub(crate) created: Timestamp,
    /// When the newest run that saw anything ended, or began when it did not end.
    #[ts(type = "string | null")]
    pub(crate) last_run: Option<Timestamp>,
    pub(crate) verdict: Option<Launch>,
    /// The states of the seven stages; empty before the first run.
    pub(crate) ring: Vec<State>,
    /// Findings that stand against a launch by themselves.
    pub(crate) blockers: u32,
}

impl ProjectCard {
    pub(crate) fn new(project: &Project, audit: Option<&Audit>) -> Self {
        let blocks = |step: &&audit::audit::Step| audit::judge::blocks(step.grade, step.severity);
        let blockers = audit.map_or(0, |audit| audit.order.iter().filter(blocks).count());
        Self {
            id: project.id,
            client: project.client.clone(),
            name: project.name.clone(),
            domain: project.target.name.clone(),
            roadmap: project.roadmap.clone(),
            demo: project.demo,
            archived: project.archived,
            created: project.created,
            last_run: audit.map(|audit| audit.finished.unwrap_or(audit.started)),
            verdict: audit.map(|audit| audit.verdict),
            ring: audit.map(|audit| audit.stages.iter().map(|stage| stage.state).collect()).unwrap_or_default(),
            blockers: u32::try_from(blockers).unwrap_or(u32::MAX),
        }
    }
}

/// One project, open.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct View {
    pub(crate) project: ProjectCard,
    /// None before the first run.
    pub(crate) audit: Option<Audit>,
    pub(crate) pictures: Option<Pictures>,
    /// Whether a run is going on.
    pub(crate) running: bool,
    pub(crate) session: SessionStatus,
    /// Routes that are sampled, absolute URLs; none means the page of the bare domain.
    pub(crate) routes: Vec<String>,
    pub(crate) sources: SourcesSeen,
    /// What people answered, by question.
    pub(crate) answers: BTreeMap<String, Answer>,
    /// What was filed on rows, by the question or the row.
    pub(crate) dossiers: BTreeMap<String, Dossier>,
    /// The two days of work, once somebody began them.
    pub(crate) sprint: Option<Timeline>,
    /// The file of its own rows and checks; empty where there is none.
    pub(crate) own: String,
    /// What whoever works on it notes for themselves.
    pub(crate) notes: String,
    /// What was typed into a question and not saved yet, by question.
    pub(crate) drafts: BTreeMap<String, String>,
}

/// A row in a file of own rows that can be used.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct OwnLine {
    /// The stage that it stands in, 1 … 7.
    pub(crate) stage: u8,
    pub(crate) title: String,
    /// Whether a person is asked.
    pub(crate) asks: bool,
    /// Whether a run looks at something for it.
    pub(crate) expects: bool,
}

impl From<&OwnRow> for OwnLine {
    fn from(row: &OwnRow) -> Self {
        Self { stage: row.stage, title: row.title.clone(), asks: row.question.is_some(), expects: row.expects() }
    }
}

/// What was undone, and the project as it is then.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct Undone {
    /// None where there was nothing to undo.
    pub(crate) edit: Option<Edit>,
    /// None outside of any project.
    pub(crate) view: Option<View>,
}

/// What was named of a project on this machine.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct SourcesSeen {
    /// The folder of its code; empty when none was named.
    pub(crate) folder: String,
    /// Its log; empty when none was named.
    pub(crate) log: String,
    /// A log of its queries; empty when none was named.
    pub(crate) queries: String,
    /// Its database, where that is a file of SQLite; else empty.
    pub(crate) database: String,
    pub(crate) environments: Vec<EnvironmentSeen>,
}

/// What one environment has, in numbers.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct EnvironmentSeen {
    pub(crate) name: String,
    /// The kind of list that was read.
    pub(crate) from: String,
    pub(crate) names: u32,
    /// How many of them have no value.
    pub(crate) empty: u32,
}

impl From<Sources> for SourcesSeen {
    fn from(sources: Sources) -> Self {
        let path = |path: Option<PathBuf>| path.map_or_else(String::new, |path| path.display().to_string());
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let seen = |(name, has): (String, Environment)| EnvironmentSeen {
            name,
            from: has.from,
            names: count(has.names.len()),
            empty: count(has.names.values().filter(|value| **value == Some(ValueSeen::Empty)).count()),
        };
        Self {
            folder: path(sources.folder),
            log: path(sources.log),
            queries: path(sources.queries),
            database: path(sources.database),
            environments: sources.environments.into_iter().map(seen).collect(),
        }
    }
}

/// A roadmap to choose.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct RoadmapCard {
    pub(crate) id: String,
    pub(crate) code: String,
    pub(crate) title: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) business: String,
    pub(crate) question: String,
    /// Titles of the seven stages.
    pub(crate) stages: Vec<String>,
}

impl From<&audit::roadmap::Roadmap> for RoadmapCard {
    fn from(roadmap: &audit::roadmap::Roadmap) -> Self {
        Self {
            id: roadmap.id.clone(),
            code: roadmap.code.clone(),
            title: roadmap.title.clone(),
            from: roadmap.from.clone(),
            to: roadmap.to.clone(),
            business: roadmap.business.clone(),
            question: roadmap.question.clone(),
            stages: roadmap.stages.iter().map(|stage| stage.title.clone()).collect(),
        }
    }
}

/// What a run tells the window, at most once in 60 ms.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum RunEvent {
    /// How far it is.
    Looking { what: String, done: u32, total: u32, elapsed_ms: u32 },
    /// The facts so far, judged. `code_stays`: the pictures come without that of the code, which is as it was told last.
    Judged { audit: Box<Audit>, pictures: Option<Box<Pictures>>, code_stays: bool },
    /// It is over.
    Finished { view: Box<View>, cut_short: bool },
    /// It cannot go on, for a reason on our own side.
    Failed { code: String, message: String },
}

/// What a measurement tells the window, ten times a second.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum MeasureEvent {
    /// The next address.
    Began { at: u32, of: u32, what: String, planned_ms: u32 },
    /// How it goes.
    Tick { tick: Tick },
    /// All of it is over and kept.
    Finished { view: Box<View> },
    /// It cannot go on.
    Failed { code: String, message: String },
}

/// What was measured of a project.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct MeasureState {
    /// The addresses that an audit samples.
    pub(crate) routes: Vec<String>,
    /// The roadmap's target for 95 of 100 requests, milliseconds.
    pub(crate) target_ms: u32,
    /// The most that anybody can agree to.
    pub(crate) most: LoadCap,
    /// Who agreed to load, as long as that lasts.
    pub(crate) agreed: Vec<LoadAgreed>,
    /// Newest first.
    pub(crate) rows: Vec<MeasuredCard>,
}

/// One measurement with its name.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct MeasuredCard {
    pub(crate) id: MeasuredId,
    pub(crate) row: MeasuredRow,
}

/// The journeys of a project.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct JourneyState {
    /// In the order in which they were recorded.
    pub(crate) rows: Vec<JourneyCard>,
    /// The secrets that they name, and those that are kept.
    pub(crate) secrets: Vec<JourneySecret>,
    /// Who agreed to steps that write, as long as that lasts.
    pub(crate) agreed: Vec<Agreed>,
    /// The hosts that their steps write to.
    pub(crate) written: Vec<String>,
    /// Whether there is a mailbox to look for mail in.
    pub(crate) mailbox: bool,
}

/// One journey.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct JourneyCard {
    pub(crate) name: String,
    pub(crate) kind: JourneyKind,
    /// Where its paths begin.
    pub(crate) base: String,
    /// The names of its steps.
    pub(crate) steps: Vec<String>,
    /// The hosts that it writes to; none where it only reads.
    pub(crate) writes: Vec<String>,
    /// The secrets that it names.
    pub(crate) needs: Vec<String>,
    /// Whether it waits for a mail.
    pub(crate) mails: bool,
    /// Its file.
    pub(crate) text: String,
    /// What came of it the last time.
    pub(crate) seen: Option<JourneyRow>,
}

/// The watch of a project.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct WatchState {
    /// Seconds from one round to the next; none where nobody watches.
    pub(crate) every_s: Option<u32>,
    /// When the last round ended.
    #[ts(type = "string | null")]
    pub(crate) looked: Option<Timestamp>,
    /// Whether this machine reached anybody then.
    pub(crate) online: bool,
    /// Why the last round was none.
    pub(crate) trouble: Option<String>,
    /// How each address and journey stands, as far as it is sure.
    pub(crate) standings: Vec<Change>,
    /// What changed, newest first.
    pub(crate) changes: Vec<Change>,
}

/// A secret that journeys name. Never the secret itself.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct JourneySecret {
    pub(crate) name: String,
    pub(crate) kept: bool,
}

/// The file that a recording of a browser made.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct JourneyImport {
    pub(crate) text: String,
    /// What a person should know of it.
    pub(crate) notes: Vec<String>,
}

/// An answer as the page gives it; the date is ours.
#[derive(Clone, Debug, Deserialize, TS)]
pub(crate) struct AnswerGiven {
    pub(crate) choice: Choice,
    pub(crate) note: String,
    pub(crate) evidence: String,
    pub(crate) owner: String,
    pub(crate) rows: BTreeMap<String, String>,
}

impl AnswerGiven {
    /// The answer as it is kept.
    pub(crate) fn at(self, at: Timestamp) -> Answer {
        let Self { choice, note, evidence, owner, rows } = self;
        Answer { choice, note, evidence, owner, rows, at }
    }
}

/// A risk that somebody wants to accept.
#[derive(Clone, Debug, Deserialize, TS)]
pub(crate) struct WaiverGiven {
    /// A check, item, deliverable or signal.
    pub(crate) of: String,
    /// The subject of the finding, where it is one.
    pub(crate) subject: Option<String>,
    pub(crate) reason: String,
    pub(crate) approver: String,
    /// The last day, `2026-12-31`.
    pub(crate) until: String,
}

impl WaiverGiven {
    /// The waiver as it is kept: of what the audit says now.
    pub(crate) fn at(self, audit: Option<&Audit>, at: Timestamp) -> Result<Waiver, Trouble> {
        let Self { of, subject, reason, approver, until } = self;
        let severity = audit.and_then(|audit| waive::severity(audit, &of, subject.as_deref()));
        let until = until.parse().map_err(|_| Trouble::new("waiver", "choose the last day, such as 2026-12-31"))?;
        Ok(Waiver { of, subject, severity, reason, approver, until, at })
    }
}

/// The account that the product sends mail with.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct MailState {
    /// Its settings, without passwords.
    pub(crate) account: Option<Account>,
    /// Who agreed to test messages over it, as long as that lasts.
    pub(crate) agreed: Option<Agreed>,
}

/// The runs of a project, a page of them.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct RunList {
    /// Newest first.
    pub(crate) rows: Vec<RunCard>,
    /// Whether there are older ones.
    pub(crate) more: bool,
    /// How many are kept besides the accepted ones.
    pub(crate) most: u32,
    /// What changed since the newest accepted run; none where none was accepted, or nothing was looked at since.
    pub(crate) drift: Option<Diff>,
}

/// One run at a glance.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct RunCard {
    pub(crate) id: RunId,
    /// When it ended, or began when it did not end.
    #[ts(type = "string")]
    pub(crate) at: Timestamp,
    pub(crate) glance: Glance,
    /// When it was accepted as how it is meant to be.
    #[ts(type = "string | null")]
    pub(crate) accepted: Option<Timestamp>,
    /// By whom; empty where it was not.
    pub(crate) by: String,
}

/// A document that was written.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct Exported {
    /// Where it is.
    pub(crate) path: String,
    /// Its size.
    pub(crate) bytes: u32,
}

/// One thing that is open before the document is handed over.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct OpenPoint {
    /// What is.
    pub(crate) says: String,
    /// What to do.
    pub(crate) way: String,
    /// Whether nothing is written before it is settled.
    pub(crate) stops: bool,
}

/// How this window was started.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct Startup {
    /// Whether the demo is to be opened at once.
    pub(crate) demo: bool,
    pub(crate) version: String,
    /// Whether the page had stopped by itself and was begun anew.
    pub(crate) anew: bool,
    /// What questions ask for besides yes and no.
    pub(crate) forms: Vec<Form>,
    /// The questions of checks that only a person can answer, by check.
    pub(crate) asking: BTreeMap<String, String>,
}
