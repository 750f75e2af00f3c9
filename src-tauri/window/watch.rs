//! The watch of a project while this window is open: one round after another, each change on disk before it is shown.

use crate::error::Trouble;
use crate::ipc::WatchState;
use crate::run::{apart, plan, world};
use crate::state::{App, Core};
use audit::facts::JourneyKind;
use audit::watch::Watch;
use engine::store::ProjectId;
use engine::watch::{Round, round};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tauri::{AppHandle, Manager};
use tokio_util::sync::CancellationToken;

/// The least and the longest time between two rounds, seconds.
const EVERY: (u32, u32) = (30, 24 * 3_600);
/// Changes that the page shows.
const SHOWN: usize = 50;

/// The watches that go on, each with when it last looked and why it could not.
#[derive(Debug, Default)]
pub(crate) struct Watches(Mutex<BTreeMap<ProjectId, Going>>);

#[derive(Debug)]
struct Going {
    token: CancellationToken,
    looked: Option<Timestamp>,
    online: bool,
    trouble: Option<String>,
}

impl Watches {
    fn all(&self) -> MutexGuard<'_, BTreeMap<ProjectId, Going>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the watch of a project.
    pub(crate) fn end(&self, id: ProjectId) {
        if let Some(going) = self.all().remove(&id) {
            going.token.cancel();
        }
    }

    /// One watch a project: an earlier one ends.
    fn begin(&self, id: ProjectId) -> CancellationToken {
        self.end(id);
        let token = CancellationToken::new();
        self.all().insert(id, Going { token: token.clone(), looked: None, online: true, trouble: None });
        token
    }

    fn note(&self, id: ProjectId, token: &CancellationToken, seen: &Result<Option<Round>, Trouble>) {
        let mut all = self.all();
        let Some(going) = all.get_mut(&id).filter(|_| !token.is_cancelled()) else { return };
        match seen {
            Ok(None) => {}
            Ok(Some(round)) => (going.looked, going.online, going.trouble) = (Some(round.at), round.online, None),
            Err(trouble) => going.trouble = Some(trouble.message.clone()),
        }
    }
}

/// Watches a project from now on, and after the next start too.
pub(crate) async fn start(handle: &AppHandle, id: ProjectId, every_s: u32) -> Result<(), Trouble> {
    if !(EVERY.0..=EVERY.1).contains(&every_s) {
        return Err(Trouble::new("watch", "a watch looks between every 30 seconds and once a day"));
    }
    handle.state::<App>().core()?.store.set_watch(id, Some(every_s)).await?;
    go_on(handle, id, every_s);
    Ok(())
}

/// Goes on with every watch that was not ended.
pub(crate) async fn resume(handle: &AppHandle) -> Result<(), Trouble> {
    for (id, every_s) in handle.state::<App>().core()?.store.watches().await? {
        go_on(handle, id, every_s);
    }
    Ok(())
}

fn go_on(handle: &AppHandle, id: ProjectId, every_s: u32) {
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        let app = handle.state::<App>();
        let Ok(core) = app.core() else { return };
        let token = core.watches.begin(id);
        let mut watch = Watch::after(&core.store.standings(id).await.unwrap_or_default());
        while !token.is_cancelled() {
            let seen = look(core, id, every_s, &mut watch, &token).await;
            core.watches.note(id, &token, &seen);
            tokio::select! {
                () = token.cancelled() => {}
                () = tokio::time::sleep(Duration::from_secs(every_s.into())) => {}
            }
        }
    });
}

/// One round; none while an audit or a measurement goes on, which it would disturb.
async fn look(
    core: &Core,
    id: ProjectId,
    every_s: u32,
    watch: &mut Watch,
    token: &CancellationToken,
) -> Result<Option<Round>, Trouble> {
    if core.runs.on(id) {
        return Ok(None);
    }
    let project = core.store.project(id).await?;
    let world = world(core, &project).await?;
    let mut plan = plan(core, &project).await?;
    // What a journey makes stays in the product: only those are repeated all day that leave nothing behind.
    plan.journeys.retain(|trip| {
        let journey = trip.journey();
        !journey.writes() || matches!(journey.kind, JourneyKind::Login | JourneyKind::Dashboard)
    });
    let token = token.clone();
    let seen = apart(move || async move { round(&plan, &world, &token).await }).await?;
    let Some(seen) = seen else { return Ok(None) };
    core.store.note_round(id, every_s, &seen).await?;
    for change in seen.tell(watch) {
        core.store.note_change(id, &change).await?;
    }
    Ok(Some(seen))
}

impl Core {
    /// What the page shows of a watch.
    pub(crate) async fn watch(&self, id: ProjectId) -> Result<WatchState, Trouble> {
        let every_s =
            self.store.watches().await?.into_iter().find(|(watched, _)| *watched == id).map(|(_, every)| every);
        let mut changes = self.store.changes(id).await?;
        changes.truncate(SHOWN);
        let standings = self.store.standings(id).await?;
        let all = self.watches.all();
        let going = all.get(&id);
        Ok(WatchState {
            every_s,
            looked: going.and_then(|going| going.looked),
            online: going.is_none_or(|going| going.online),
            trouble: going.and_then(|going| going.trouble.clone()),
            standings,
            changes,
        })
    }
}
