//! The demo project: a fictional product on a small internet inside this program, with its faults.

use crate::error::Trouble;
use audit::facts::{Answer, Cap, Choice, Flow};
use engine::store::{Draft, Project, Store};
use engine::{
    Account, Address, Consent, Inbox, Letter, Lighthouse, Mailbox, Plan, Postbox, Secret, Session, Wire, World,
};
use jiff::Timestamp;
use lab::{Lab, Project as Folder};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::OnceCell;

/// The same small internet at every start.
const SEED: u64 = 1;

/// The small internet, started when it is first needed.
#[derive(Default)]
pub(crate) struct Demo {
    lab: OnceCell<Lab>,
    /// What the demo's product keeps on disk, for as long as the window is open.
    folder: OnceCell<Folder>,
}

impl std::fmt::Debug for Demo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Demo").field("started", &self.lab.initialized()).finish_non_exhaustive()
    }
}

impl Demo {
    async fn lab(&self) -> Result<&Lab, Trouble> {
        let start = async || Lab::start(SystemTime::now(), SEED, &lab::showcase()).await;
        Ok(self.lab.get_or_try_init(start).await?)
    }

    /// The demo project, made at the first call.
    pub(crate) async fn project(&self, store: &Store) -> Result<Project, Trouble> {
        if let Some(project) = store.demo_project().await? {
            return Ok(project);
        }
        let lab = self.lab().await?;
        let draft = Draft {
            client: "Demo".to_owned(),
            name: "Juniper Desk".to_owned(),
            target: audit::read::domain::parse(lab.domain())?,
            roadmap: "sd".to_owned(),
            demo: true,
        };
        let now = Timestamp::now();
        let project = store.create_project(draft, now).await?;
        store.set_routes(project.id, &lab.routes()).await?;
        store.save_answer(project.id, audit::read::place::KEY, &places(lab, now)).await?;
        for host in lab.hosts_of_forms() {
            let consent = Consent::record(&project.target, host, "The demo itself", Cap::MOST, now)?;
            store.keep_consent(project.id, &consent).await?;
            store.keep_consent(project.id, &Consent::to_write(host, "The demo itself", now)?).await?;
        }
        store.keep_journeys(project.id, lab.journeys(), None).await?;
        store.forget_edits(project.id, None).await?;
        Ok(store.project(project.id).await?)
    }

    /// Signs in to the demo's product as its owner and as somebody who works there, and to its Cloudflare account; what a person stored
    /// for the project is used instead.
    pub(crate) async fn sign_in(&self, plan: &mut Plan) -> Result<(), Trouble> {
        let lab = self.lab().await?;
        let secret = |value: &str| Secret::new(value.to_owned());
        let ([cookie, _], [_, token]) = (lab.owner(), lab.worker());
        plan.session = plan.session.take().or_else(|| Session::new(Some(secret(cookie)), None));
        plan.lesser = plan.lesser.take().or_else(|| Session::new(None, Some(secret(token))));
        plan.cloudflare.get_or_insert_with(|| Arc::new(secret(lab.cloudflare_token())));
        Ok(())
    }

    /// Messages of the demo's product and the account that it sends with, for a run that has none from before: a test message goes
    /// through its mail service into the mailbox of its founder.
    pub(crate) async fn post(&self, plan: &mut Plan) -> Result<(), Trouble> {
        let (lab, now) = (self.lab().await?, Timestamp::now());
        if plan.kept.messages.is_empty() {
            for (word, file) in lab.letters() {
                plan.messages.push(Letter::open(Flow::of(word).unwrap_or(Flow::Other), &file)?);
            }
        }
        if !plan.kept.roundtrips.is_empty() {
            return Ok(());
        }
        let ([(host, port, user, password), (there, at, name, key)], [from, to]) = (lab.account(), lab.addresses());
        let text = |text: &str| text.to_owned();
        let inbox = Inbox { host: text(there), port: at, user: text(name) };
        let account =
            Account { host: text(host), port, user: text(user), from: text(from), to: text(to), inbox: Some(inbox) };
        let consent = Consent::to_send(&account.server(), "The demo itself", now)?;
        let (password, key) = (Secret::new(text(password)), Secret::new(text(key)));
        let postbox = Postbox::open(account, password, Some(key), consent, &[Flow::Reset], now)?;
        // On this machine a message comes at once.
        plan.postbox = Some(postbox.waiting(Duration::from_secs(5), Duration::from_millis(200)));
        Ok(())
    }

    /// What the journeys of the demo need: the account of its founder and the mailbox; its database with a log of queries. What a person
    /// stored for the project is used instead.
    pub(crate) async fn travel(&self, plan: &mut Plan) -> Result<(), Trouble> {
        let lab = self.lab().await?;
        let secret = |value: &str| Secret::new(value.to_owned());
        for trip in &mut plan.journeys {
            let given = lab.secrets_of_journeys().map(|(name, value)| (name.to_owned(), secret(value)));
            *trip = trip.clone().with_more(given);
        }
        if plan.mailbox.is_none() {
            let [_, (host, port, user, password)] = lab.account();
            let inbox = Inbox { host: host.to_owned(), port, user: user.to_owned() };
            plan.mailbox =
                Some(Mailbox::new(inbox, secret(password), Duration::from_secs(5), Duration::from_millis(200)));
        }
        if plan.database.is_none() {
            plan.database = Some(Arc::new(Address::read(&secret(&lab.database()))?));
        }
        if let Ok(report) = audit::read::lighthouse::read(lab.lighthouse().as_bytes()) {
            plan.lighthouse = Some(Lighthouse::Given(Box::new(report)));
        }
        let folder = self.folder().await?;
        plan.queries.get_or_insert_with(|| folder.queries());
        if plan.project.is_none() {
            plan.project = Some(folder.folder());
            plan.log.get_or_insert_with(|| folder.log());
        }
        if plan.environments.is_empty() {
            let list =
                tokio::fs::read(folder.settings()).await.map_err(|error| Trouble::new("demo", error.to_string()))?;
            let has = audit::read::env::given("production", &list)
                .map_err(|refusal| Trouble::new("environment", refusal.to_string()))?;
            plan.environments.insert("production".to_owned(), has);
        }
        Ok(())
    }

    /// What the demo's product keeps on disk: its code with a past, a log, a log of queries.
    async fn folder(&self) -> Result<&Folder, Trouble> {
        let lab = self.lab().await?;
        let write = async || {
            lab.project().map_err(|error| Trouble::new("demo", format!("failed to write the demo's folder: {error}")))
        };
        self.folder.get_or_try_init(write).await
    }

    /// Leaves nothing of it on disk: the window ends without dropping what it holds.
    pub(crate) fn leave(&self) {
        if let Some(folder) = self.folder.get() {
            folder.remove();
        }
    }

    /// The way into the small internet.
    pub(crate) async fn world(&self) -> Result<World, Trouble> {
        let lab = self.lab().await?;
        let (route, hold) = (lab.wire(), lab.wire());
        let wire = Wire { route: Arc::new(move |to| route.route(to)), hold: Arc::new(move |to| hold.hold(to)) };
        Ok(World::through(wire, lab.resolver(), lab.roots())
            .with_anchors(vec![lab.anchor()])
            .with_logs(lab.log_list(), lab.logs()))
    }
}

/// The addresses of the demo's signed-in area, as a person would name them.
fn places(lab: &Lab, at: Timestamp) -> Answer {
    let rows = lab.places().into_iter().map(|(address, told)| (address, told.to_owned())).collect();
    let (note, evidence, owner) = (String::new(), String::new(), String::new());
    Answer { choice: Choice::Yes, note, evidence, owner, rows, at }
}
