//! Measurements from the button to the last figure: fifteen words a second to the page, and each one on disk before it is told as done.

use crate::error::Trouble;
use crate::ipc::{MeasureEvent, MeasureState, MeasuredCard};
use crate::run::{Place, plan, world};
use crate::state::Core;
use crate::view::chosen;
use audit::facts::{LoadCap, Loaded, Measured, Model};
use audit::picture::{Compared, MeasuredRow};
use engine::load::{self, Gauge, Load, LoadConsent, Permit, Tick, Wish};
use engine::store::{MeasuredId, Project, ProjectId};
use engine::{Plan, World};
use jiff::Timestamp;
use std::time::Duration;
use tauri::ipc::Channel;
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;

/// Measures and tells the page how it goes and how it ended.
pub(crate) async fn drive(
    core: &Core,
    id: ProjectId,
    wish: Wish,
    token: CancellationToken,
    channel: &Channel<MeasureEvent>,
) {
    let place = Place(&core.runs, id);
    let done = go(core, id, &wish, &token, channel).await;
    drop(place);
    let last = match done {
        Ok(()) => core.view(id).await.map(|view| MeasureEvent::Finished { view: Box::new(view) }),
        Err(trouble) => Err(trouble),
    };
    let failed = |trouble: Trouble| MeasureEvent::Failed { code: trouble.code, message: trouble.message };
    // A window that was closed meanwhile hears nothing; what was measured is stored.
    let _ = channel.send(last.unwrap_or_else(failed));
}

async fn go(
    core: &Core,
    id: ProjectId,
    wish: &Wish,
    token: &CancellationToken,
    channel: &Channel<MeasureEvent>,
) -> Result<(), Trouble> {
    let project = core.store.project(id).await?;
    let loads = wish.loads(&project.target)?;
    let world = world(core, &project).await?;
    let plan = tokio::select! {
        // The keychain may be waiting for a password.
        () = token.cancelled() => return Ok(()),
        plan = plan(core, &project) => plan?,
    };
    if wish.signed_in && plan.session.is_none() {
        return Err(Trouble::new("no-session", "there is no session yet; store one under Signed-in routes"));
    }
    let plan = Plan { session: plan.session.filter(|_| wish.signed_in), ..plan };
    let of = u32::try_from(loads.len()).unwrap_or(u32::MAX);
    for (at, what) in (1..).zip(&loads) {
        let _ = channel.send(MeasureEvent::Began { at, of, what: what.what(), planned_ms: planned_ms(what) });
        let begun = Timestamp::now();
        let consent = agreed(core, &project, wish, what).await?;
        let permit = consent.as_ref().map_or(Permit::Polite, Permit::Agreed);
        let loaded = one(&plan, &world, what, permit, token, channel).await?;
        if loaded.sent > 0 {
            core.store.keep_measured(id, begun, &loaded).await?;
        }
        if token.is_cancelled() {
            break;
        }
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "no measurement sends 2^52 requests")]
fn count(requests: u64) -> f64 {
    requests as f64
}

/// How long it takes when nothing holds it up, for the picture of it.
fn planned_ms(what: &Load) -> u32 {
    let whole = what.duration;
    let time = match (what.requests, what.model) {
        (Some(requests), Model::Rate { per_second, .. }) => Duration::try_from_secs_f64(count(requests) / per_second),
        _ => Ok(whole),
    };
    u32::try_from(time.unwrap_or(whole).min(whole).as_millis()).unwrap_or(u32::MAX)
}

/// The consent for the host, where this is load.
async fn agreed(core: &Core, project: &Project, wish: &Wish, what: &Load) -> Result<Option<LoadConsent>, Trouble> {
    if matches!(wish.gauge, Gauge::Latency { .. }) {
        return Ok(None);
    }
    let host = what.url.host_str().unwrap_or_default();
    let held = core.store.load_consents(project, Timestamp::now()).await?;
    let consent = held.into_iter().find(|consent| consent.agreed().host == host);
    let says = || format!("record first who agreed to load on {host}");
    consent.map(Some).ok_or_else(|| Trouble::new("load-consent", says()))
}

async fn one(
    plan: &Plan,
    world: &World,
    what: &Load,
    permit: Permit<'_>,
    token: &CancellationToken,
    channel: &Channel<MeasureEvent>,
) -> Result<Loaded, Trouble> {
    let (send, mut ticks) = unbounded_channel::<Tick>();
    let told = async {
        while let Some(tick) = ticks.recv().await {
            let _ = channel.send(MeasureEvent::Tick { tick });
        }
    };
    let (loaded, ()) = tokio::join!(load::load(plan, world, what, permit, token.child_token(), send), told);
    Ok(loaded?)
}

impl Core {
    /// The measurements of a project, and who agreed to load.
    pub(crate) async fn measured(&self, id: ProjectId) -> Result<MeasureState, Trouble> {
        let project = self.store.project(id).await?;
        let held = self.store.load_consents(&project, Timestamp::now()).await?;
        let all = self.store.measured(id).await?;
        let rows = tauri::async_runtime::spawn_blocking(move || {
            let card = |(id, one): &(MeasuredId, Measured)| MeasuredCard { id: *id, row: MeasuredRow::of(one) };
            all.iter().map(card).collect()
        });
        Ok(MeasureState {
            routes: Plan { routes: routes(&project)?, ..Plan::new(project.target.clone(), &project.roadmap) }
                .sampled_routes()
                .iter()
                .map(ToString::to_string)
                .collect(),
            target_ms: chosen(&project)?.latency.p95_ms,
            most: LoadCap::MOST,
            agreed: held.iter().map(|consent| consent.agreed().clone()).collect(),
            rows: rows.await?,
        })
    }

    /// Two measurements side by side.
    pub(crate) async fn compared(
        &self,
        id: ProjectId,
        before: MeasuredId,
        after: MeasuredId,
    ) -> Result<Compared, Trouble> {
        let all = self.store.measured(id).await?;
        let find = |id| all.iter().find(|(known, _)| *known == id).map(|(_, one)| one.clone());
        let pair = find(before).zip(find(after)).filter(|(before, after)| before.loaded.what == after.loaded.what);
        let (before, after) =
            pair.ok_or_else(|| Trouble::new("measured-gone", "choose two measurements of the same address"))?;
        Ok(tauri::async_runtime::spawn_blocking(move || Compared::of(&before, &after)).await?)
    }
}

fn routes(project: &Project) -> Result<Vec<tauri::Url>, Trouble> {
    project.routes.iter().map(|route| Ok(engine::route(&project.target, route)?)).collect()
}
