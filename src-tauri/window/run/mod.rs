//! One run from the button to the last event: facts go to disk as they come, and the window sees them judged.

mod follow;

use crate::error::Trouble;
use crate::ipc::RunEvent;
use crate::journey::pack;
use crate::state::Core;
use crate::view::chosen;
use audit::facts::Flow;
use engine::store::{Project, ProjectId};
use engine::{Address, Consent, Kept, Letter, Lighthouse, Plan, Postbox, World};
use follow::Seen;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tauri::ipc::Channel;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::sync::mpsc::unbounded_channel;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// The runs that go on, at most one a project.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    on: Mutex<BTreeMap<ProjectId, CancellationToken>>,
    freed: Notify,
}

impl Runs {
    fn all(&self) -> MutexGuard<'_, BTreeMap<ProjectId, CancellationToken>> {
        self.on.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether any run goes on.
    pub(crate) fn any(&self) -> bool {
        !self.all().is_empty()
    }

    /// Stops every run and waits until what they saw is kept, at most this long.
    pub(crate) async fn end(&self, most: Duration) {
        let over = async {
            loop {
                let freed = self.freed.notified();
                self.all().values().for_each(CancellationToken::cancel);
                if !self.any() {
                    return;
                }
                freed.await;
            }
        };
        // A run that hangs is left as it is: its facts are on disk, and it counts as cut short.
        let _ = timeout(most, over).await;
    }

    /// Whether a run of this project goes on.
    pub(crate) fn on(&self, project: ProjectId) -> bool {
        self.all().contains_key(&project)
    }

    /// Stops the run of this project, when there is one.
    pub(crate) fn cancel(&self, project: ProjectId) {
        if let Some(token) = self.all().get(&project) {
            token.cancel();
        }
    }

    /// Takes the one place that a project has.
    pub(crate) fn begin(&self, project: ProjectId) -> Result<CancellationToken, Trouble> {
        let mut all = self.all();
        if all.contains_key(&project) {
            return Err(Trouble::new("running", "this project is being looked at already"));
        }
        let token = CancellationToken::new();
        all.insert(project, token.clone());
        Ok(token)
    }
}

/// Frees the project's place however what takes it ends.
pub(crate) struct Place<'a>(pub(crate) &'a Runs, pub(crate) ProjectId);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        drop(self.0.all().remove(&self.1));
        self.0.freed.notify_waiters();
    }
}

/// The check that a browser is started for.
const LIGHTHOUSE: &str = "page.lighthouse";

/// What is to be looked at.
#[derive(Clone, Debug)]
pub(crate) enum Aim {
    /// Everything.
    All,
    /// What one check reads.
    Check(String),
    /// What the checks of one stage read.
    Stage(u8),
    /// A message that somebody gave.
    Letter(Letter),
    /// One test message for each of these flows.
    Send(Vec<Flow>),
    /// DMARC reports that somebody gave: files in base64.
    Reports(Vec<String>),
    /// A log of queries that somebody gave: a file in base64.
    Queries(String),
    /// A report of Lighthouse that somebody gave.
    Lighthouse(Lighthouse),
}

/// Carries a run out and tells the window how it ended.
pub(crate) async fn drive(core: &Core, id: ProjectId, aim: Aim, token: CancellationToken, channel: &Channel<RunEvent>) {
    let place = Place(&core.runs, id);
    let done = go(core, id, aim, &token, channel).await;
    drop(place);
    let settled = core.settle_keys(id).await;
    let last = match done.and_then(|cut_short| settled.map(|()| cut_short)) {
        Ok(cut_short) => core.view(id).await.map(|view| RunEvent::Finished { view: Box::new(view), cut_short }),
        Err(trouble) => Err(trouble),
    };
    let failed = |trouble: Trouble| RunEvent::Failed { code: trouble.code, message: trouble.message };
    // A window that was closed meanwhile hears nothing; what was seen is stored.
    let _ = channel.send(last.unwrap_or_else(failed));
}

/// Looks on a thread of its own, so that neither the window nor the store waits for it.
pub(crate) async fn apart<T: Send + 'static, F: Future<Output = T>>(
    look: impl FnOnce() -> F + Send + 'static,
) -> Result<T, Trouble> {
    let runtime = Handle::current();
    Ok(tauri::async_runtime::spawn_blocking(move || runtime.block_on(look())).await?)
}

/// Returns whether it was cut short.
async fn go(
    core: &Core,
    id: ProjectId,
    aim: Aim,
    token: &CancellationToken,
    channel: &Channel<RunEvent>,
) -> Result<bool, Trouble> {
    let project = core.store.project(id).await?;
    let world = world(core, &project).await?;
    let plan = tokio::select! {
        // The keychain may be waiting for a password.
        () = token.cancelled() => return Ok(true),
        plan = plan(core, &project) => plan?,
    };
    let again = |check: &str, plan| again(core, &project, vec![check.to_owned()], plan, world.clone(), token, channel);
    match aim {
        Aim::All => {
            let mut plan = Plan { kept: kept(core, id).await?, ..plan };
            if project.demo {
                core.demo.post(&mut plan).await?;
            }
            everything(core, &project, plan, world, token, channel).await
        }
        // A browser is only started where somebody asks for this check.
        Aim::Check(check) if check == LIGHTHOUSE && !project.demo => {
            again(&check, Plan { lighthouse: Some(Lighthouse::Run), ..plan }).await
        }
        Aim::Check(check) => again(&check, plan).await,
        Aim::Stage(number) => {
            let mut checks = chosen(&project)?.checks_of(number);
            checks.extend(plan.own.iter().flat_map(|own| own.checks_of(number)));
            let mut plan = Plan { kept: kept(core, id).await?, ..plan };
            if project.demo {
                core.demo.post(&mut plan).await?;
            }
            self::again(core, &project, checks, plan, world.clone(), token, channel).await
        }
        Aim::Letter(letter) => again("mail.received", Plan { messages: vec![letter], ..plan }).await,
        Aim::Reports(files) => {
            let facts = core.store.facts(id).await?;
            let given = tauri::async_runtime::spawn_blocking(move || {
                let earlier = facts.as_ref().and_then(|facts| facts.reports.as_ref()?.seen().ok());
                engine::reports_given(earlier, &files)
            });
            again("mail.dmarc", Plan { given_reports: Some(given.await??), ..plan }).await
        }
        Aim::Lighthouse(report) => again(LIGHTHOUSE, Plan { lighthouse: Some(report), ..plan }).await,
        Aim::Queries(file) => {
            let given = tauri::async_runtime::spawn_blocking(move || engine::queries_given(&file)).await??;
            again("db.n_plus_one", Plan { given_queries: Some(given), ..plan }).await
        }
        Aim::Send(flows) => {
            let postbox = postbox(core, &project, &plan.consents, &flows).await?;
            again("mail.roundtrip", Plan { postbox: Some(postbox), ..plan }).await
        }
    }
}

/// What nobody could see again, from the run before.
async fn kept(core: &Core, id: ProjectId) -> Result<Kept, Trouble> {
    Ok(core.store.facts(id).await?.map(|facts| Kept::from(&facts)).unwrap_or_default())
}

async fn everything(
    core: &Core,
    project: &Project,
    plan: Plan,
    world: World,
    token: &CancellationToken,
    channel: &Channel<RunEvent>,
) -> Result<bool, Trouble> {
    let told = core.store.told(project.id).await?;
    let answers = told.answers.clone();
    let seen = Seen::nothing(told);
    let stop = token.child_token();
    let (send, events) = unbounded_channel();
    let cancel = stop.clone();
    let run = apart(move || async move { engine::run(&plan, &world, answers, cancel, send).await });
    let (facts, kept) = tokio::join!(run, follow::follow(core, project, &seen, events, &stop, channel));
    kept?;
    let facts = facts?;
    if let Some(run) = seen.run() {
        core.store.end_run(run, facts.finished, facts.cut_short).await?;
    }
    Ok(facts.cut_short)
}

/// Adds to the newest run, which keeps its own beginning and end.
async fn again(
    core: &Core,
    project: &Project,
    checks: Vec<String>,
    plan: Plan,
    world: World,
    token: &CancellationToken,
    channel: &Channel<RunEvent>,
) -> Result<bool, Trouble> {
    let (facts, run) = (core.store.facts(project.id).await?, core.store.last_run(project.id).await?);
    let Some((facts, run)) = facts.zip(run) else {
        return Err(Trouble::new("no-run", "there is nothing to check again yet; run the audit first"));
    };
    let seen = Seen::before(facts.clone(), run.id);
    let stop = token.child_token();
    let (send, events) = unbounded_channel();
    let cancel = stop.clone();
    let look = apart(move || async move { engine::look_again_at(facts, &checks, &plan, &world, cancel, send).await });
    let (facts, kept) = tokio::join!(look, follow::follow(core, project, &seen, events, &stop, channel));
    kept?;
    Ok(facts?.cut_short)
}

/// The demo's small internet, or the network of this machine. Reading its trusted roots can take a moment.
pub(crate) async fn world(core: &Core, project: &Project) -> Result<World, Trouble> {
    if project.demo {
        return core.demo.world().await;
    }
    let world = tauri::async_runtime::spawn_blocking(|| World::real(Vec::new())).await??;
    Ok(world.keeping(&core.folder))
}

/// The account of a project, when everything that it takes to send over it is there.
async fn postbox(
    core: &Core,
    project: &Project,
    consents: &[Consent],
    flows: &[Flow],
) -> Result<Arc<Postbox>, Trouble> {
    let missing = || Trouble::new("mail-account", "enter the account, its password and who agreed first");
    let account = core.store.account(project.id).await?.ok_or_else(missing)?;
    let now = jiff::Timestamp::now();
    let consent =
        consents.iter().find(|consent| consent.lets_send(&account.server(), now)).ok_or_else(missing)?.clone();
    let [password, inbox] = core.sessions.mail(project.id).await?;
    Ok(Postbox::open(account, password.ok_or_else(missing)?, inbox, consent, flows, now)?)
}

/// What a run of a project sets out to do, with its sessions.
pub(crate) async fn plan(core: &Core, project: &Project) -> Result<Plan, Trouble> {
    let mut plan = Plan::new(project.target.clone(), &project.roadmap);
    for route in &project.routes {
        plan.routes.push(engine::route(&project.target, route)?);
    }
    plan.session = core.sessions.session(project.id).await?;
    plan.lesser = core.sessions.lesser(project.id).await?;
    plan.consents = core.store.consents(project, jiff::Timestamp::now()).await?;
    plan.own = core.store.own(project.id).await?;
    plan.cloudflare = core.sessions.cloudflare(project.id).await?;
    let sources = core.store.sources(project.id).await?;
    if sources.folder.is_some() || project.demo {
        plan.fingerprints = Some(core.sessions.fingerprints().await);
    }
    (plan.project, plan.log, plan.environments) = (sources.folder, sources.log, sources.environments);
    plan.queries = sources.queries;
    plan.database = match core.sessions.database(project.id).await? {
        Some(database) => Some(database),
        None => sources.database.and_then(|file| Address::file(&file)).map(Arc::new),
    };
    pack(core, project, &mut plan).await?;
    if !project.demo {
        return Ok(plan);
    }
    core.demo.sign_in(&mut plan).await?;
    core.demo.travel(&mut plan).await?;
    Ok(plan.on_loopback())
}
