//! Follows a run: writes what it sees before anything else, and paints it for the window at most once in 60 ms.

use crate::error::Trouble;
use crate::ipc::RunEvent;
use crate::state::Core;
use crate::view::{chosen, judge};
use audit::picture::CodePicture;
use audit::{Audit, Facts, Observation};
use engine::Event;
use engine::store::{Project, RunId, Told};
use jiff::Timestamp;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tauri::ipc::Channel;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// The least time between two pictures of a run.
const FRAME: Duration = Duration::from_millis(60);
/// The least time between two sets of pictures: nobody reads a table of records that changes faster.
const PICTURES: Duration = Duration::from_millis(500);
/// Most events in one write.
const BATCH: usize = 64;

/// What was seen so far, and what the window has not been shown of it.
pub(super) struct Seen(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    facts: Option<Facts>,
    run: Option<RunId>,
    told: Told,
    looking: Option<(String, u32, u32)>,
    new_facts: bool,
}

impl Seen {
    /// The beginning of a run; what people told counts from the start.
    pub(super) fn nothing(told: Told) -> Self {
        Self(Mutex::new(Inner { told, ..Inner::default() }))
    }

    /// What an earlier run saw, to be added to.
    pub(super) fn before(facts: Facts, run: RunId) -> Self {
        Self(Mutex::new(Inner { facts: Some(facts), run: Some(run), ..Inner::default() }))
    }

    /// The stored run, once there is one.
    pub(super) fn run(&self) -> Option<RunId> {
        self.lock().run
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what is on disk now.
    fn add(&self, observations: Vec<Observation>) {
        let mut inner = self.lock();
        inner.new_facts |= !observations.is_empty();
        if let Some(facts) = &mut inner.facts {
            observations.into_iter().for_each(|seen| facts.add(seen));
        }
    }
}

/// Listens until the run is over.
pub(super) async fn follow(
    core: &Core,
    project: &Project,
    seen: &Seen,
    mut events: UnboundedReceiver<Event>,
    stop: &CancellationToken,
    channel: &Channel<RunEvent>,
) -> Result<(), Trouble> {
    let over = CancellationToken::new();
    let keep = async {
        let kept = keep(core, project, seen, &mut events).await;
        if kept.is_err() {
            // Seeing more than can be kept helps nobody: a full disk ends the run.
            stop.cancel();
        }
        over.cancel();
        kept
    };
    let (kept, painted) = tokio::join!(keep, paint(project, seen, &over, channel));
    kept.and(painted)
}

async fn keep(
    core: &Core,
    project: &Project,
    seen: &Seen,
    events: &mut UnboundedReceiver<Event>,
) -> Result<(), Trouble> {
    let mut batch = Vec::with_capacity(BATCH);
    while events.recv_many(&mut batch, BATCH).await > 0 {
        let mut observations = Vec::new();
        for event in batch.drain(..) {
            match event {
                Event::Scoped(scope) => rescope(core, project, seen, scope).await?,
                Event::Looking { what, done, total } => seen.lock().looking = Some((what, done, total)),
                Event::Saw(observation) => observations.push(*observation),
            }
        }
        if let Some(run) = seen.run() {
            core.store.append(run, &observations).await?;
        }
        for seen in &observations {
            if let Observation::Journey { key, fact } = seen {
                core.store.note_journey(project.id, key, fact).await?;
            }
        }
        seen.add(observations);
    }
    Ok(())
}

/// The first scope begins the stored run; a later one corrects it.
async fn rescope(core: &Core, project: &Project, seen: &Seen, scope: audit::facts::Scope) -> Result<(), Trouble> {
    if let Some(run) = seen.run() {
        core.store.set_scope(run, &scope).await?;
        if let Some(facts) = &mut seen.lock().facts {
            facts.scope = scope;
        }
        return Ok(());
    }
    let mut facts = Facts::begin(project.target.clone(), &project.roadmap, scope, Timestamp::now());
    let run = core.store.begin_run(project.id, &facts).await?;
    let mut inner = seen.lock();
    std::mem::take(&mut inner.told).enter(&mut facts);
    (inner.facts, inner.run) = (Some(facts), Some(run));
    Ok(())
}

async fn paint(
    project: &Project,
    seen: &Seen,
    over: &CancellationToken,
    channel: &Channel<RunEvent>,
) -> Result<(), Trouble> {
    let (roadmap, began) = (chosen(project)?, Instant::now());
    let mut frames = tokio::time::interval(FRAME);
    frames.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut shown: Option<Audit> = None;
    let mut drawn = Instant::now();
    let mut code: Option<CodePicture> = None;
    while !over.is_cancelled() {
        tokio::select! {
            () = over.cancelled() => {}
            _ = frames.tick() => {}
        }
        if let Some((what, done, total)) = seen.lock().looking.take() {
            let elapsed_ms = u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX);
            let _ = channel.send(RunEvent::Looking { what, done, total, elapsed_ms });
        }
        let Some(facts) = fresh(seen) else { continue };
        let judged = judge(facts, roadmap).await?;
        // Most facts change nothing that the window shows: only the time of judgement would differ.
        let same = shown.as_ref().is_some_and(|shown| {
            let judged_then = Audit { judged: shown.judged, ..judged.audit.clone() };
            *shown == judged_then
        });
        if !same {
            shown = Some(judged.audit.clone());
            let due = drawn.elapsed() >= PICTURES;
            if due {
                drawn = Instant::now();
            }
            let mut pictures = due.then(|| Box::new(judged.pictures));
            // Ten thousand keys are two megabytes, which the page reads at a stretch: once is enough.
            let code_stays = pictures.as_mut().is_some_and(|pictures| {
                let now = std::mem::take(&mut pictures.code);
                let stays = code.as_ref() == Some(&now);
                if !stays {
                    pictures.code.clone_from(&now);
                    code = Some(now);
                }
                stays
            });
            let _ = channel.send(RunEvent::Judged { audit: Box::new(judged.audit), pictures, code_stays });
        }
    }
    Ok(())
}

/// The facts, when there are some that were not painted yet.
fn fresh(seen: &Seen) -> Option<Facts> {
    let mut inner = seen.lock();
    std::mem::take(&mut inner.new_facts).then(|| inner.facts.clone()).flatten()
}
