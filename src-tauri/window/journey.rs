//! Journeys of a project from the button to the last step, and what the page is told of them.

use crate::error::Trouble;
use crate::ipc::{JourneyCard, JourneySecret, JourneyState, RunEvent};
use crate::run::{Place, apart, plan, world};
use crate::state::Core;
use audit::facts::{Agreed, Agreement, Facts, Observation, Scope};
use audit::picture::JourneyRow;
use audit::read::journey::Journey;
use engine::store::{KeptJourney, Project, ProjectId};
use engine::{Event, Mailbox, Plan, Trip};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;
use tauri::ipc::Channel;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_util::sync::CancellationToken;

/// What one check needs to look again at; any of them has all journeys gone through.
const CHECK: &str = "journey.core";

/// Goes through journeys and tells the page how far it is and how it ended.
pub(crate) async fn drive(
    core: &Core,
    id: ProjectId,
    names: &[String],
    token: CancellationToken,
    channel: &Channel<RunEvent>,
) {
    let place = Place(&core.runs, id);
    let done = go(core, id, names, &token, channel).await;
    drop(place);
    let last = match done {
        Ok(cut_short) => core.view(id).await.map(|view| RunEvent::Finished { view: Box::new(view), cut_short }),
        Err(trouble) => Err(trouble),
    };
    let failed = |trouble: Trouble| RunEvent::Failed { code: trouble.code, message: trouble.message };
    // A window that was closed meanwhile hears nothing; what was seen is stored.
    let _ = channel.send(last.unwrap_or_else(failed));
}

async fn go(
    core: &Core,
    id: ProjectId,
    names: &[String],
    token: &CancellationToken,
    channel: &Channel<RunEvent>,
) -> Result<bool, Trouble> {
    let project = core.store.project(id).await?;
    let world = world(core, &project).await?;
    let mut plan = tokio::select! {
        // The keychain may be waiting for a password.
        () = token.cancelled() => return Ok(true),
        plan = plan(core, &project) => plan?,
    };
    plan.journeys.retain(|trip| names.is_empty() || names.contains(&trip.journey().name));
    let facts = Facts::begin(project.target.clone(), &project.roadmap, Scope::default(), Timestamp::now());
    let (send, events) = unbounded_channel();
    let stop = token.child_token();
    let cancel = stop.clone();
    let look = apart(move || async move { engine::look_again(facts, CHECK, &plan, &world, cancel, send).await });
    let heard = async {
        let heard = hear(core, id, events, channel).await;
        if heard.is_err() {
            // Seeing more than can be kept helps nobody.
            stop.cancel();
        }
        heard
    };
    let (facts, heard) = tokio::join!(look, heard);
    heard?;
    Ok(facts?.cut_short)
}

/// Keeps what is seen before anybody is told of it.
async fn hear(
    core: &Core,
    id: ProjectId,
    mut events: UnboundedReceiver<Event>,
    channel: &Channel<RunEvent>,
) -> Result<(), Trouble> {
    let began = Instant::now();
    while let Some(event) = events.recv().await {
        match event {
            Event::Looking { what, done, total } => {
                let elapsed_ms = u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX);
                let _ = channel.send(RunEvent::Looking { what, done, total, elapsed_ms });
            }
            Event::Saw(seen) => {
                if let Observation::Journey { key, fact } = &*seen {
                    core.store.note_journey(id, key, fact).await?;
                }
            }
            Event::Scoped(_) => {}
        }
    }
    Ok(())
}

/// Puts the journeys of a project into a plan, with those of their secrets that can be had and the mailbox that they wait at.
pub(crate) async fn pack(core: &Core, project: &Project, plan: &mut Plan) -> Result<(), Trouble> {
    let kept = core.store.journeys(project.id).await?;
    let named: BTreeSet<String> = kept.iter().flat_map(|kept| kept.journey.secrets()).collect();
    let waits = kept.iter().any(|kept| kept.journey.mails() > 0);
    for KeptJourney { journey, .. } in kept {
        let secrets = match named.is_empty() {
            true => BTreeMap::new(),
            false => core.sessions.secrets_for_journeys(project.id, &journey.secrets()).await?,
        };
        plan.journeys.push(Trip::with(journey, secrets));
    }
    let inbox = core.store.account(project.id).await?.and_then(|account| account.inbox).filter(|_| waits);
    if let Some(inbox) = inbox {
        let [_, password] = core.sessions.mail(project.id).await?;
        plan.mailbox = password.map(|password| Mailbox::usual(inbox, password));
    }
    Ok(())
}

impl Core {
    /// What the page shows of journeys.
    pub(crate) async fn journeys(&self, id: ProjectId) -> Result<JourneyState, Trouble> {
        let (project, now) = (self.store.project(id).await?, Timestamp::now());
        let kept = self.store.journeys(id).await?;
        let known = self.sessions.kept_for_journeys(id).await?;
        let mut secrets: BTreeSet<String> = kept.iter().flat_map(|kept| kept.journey.secrets()).collect();
        secrets.extend(known.iter().cloned());
        let held = self.store.consents(&project, now).await?;
        let agreed: Vec<Agreed> = held.iter().map(|consent| consent.agreed().clone()).collect();
        let written: BTreeSet<String> = kept.iter().flat_map(|kept| kept.journey.written()).collect();
        let inbox = self.store.account(id).await?.and_then(|account| account.inbox);
        Ok(JourneyState {
            rows: kept.iter().map(card).collect(),
            secrets: secrets.into_iter().map(|name| JourneySecret { kept: known.contains(&name), name }).collect(),
            agreed: agreed.into_iter().filter(|agreed| agreed.kind == Agreement::Journey).collect(),
            written: written.into_iter().collect(),
            mailbox: project.demo || inbox.is_some() && self.sessions.status(id).await?.imap,
        })
    }
}

fn card(kept: &KeptJourney) -> JourneyCard {
    let Journey { name, kind, base, steps, .. } = &kept.journey;
    JourneyCard {
        name: name.clone(),
        kind: *kind,
        base: base.to_string(),
        steps: steps.iter().map(|step| step.name.clone()).collect(),
        writes: kept.journey.written().into_iter().collect(),
        needs: kept.journey.secrets().into_iter().collect(),
        mails: kept.journey.mails() > 0,
        text: kept.text.clone(),
        seen: kept.seen.as_ref().map(|fact| JourneyRow::of(kind.word(), name, fact)),
    }
}
