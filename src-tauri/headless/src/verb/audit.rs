//! `launch-ready audit DOMAIN`: look at a live domain, judge it, print it.

use super::journey::Journeys;
use super::measure::Saved;
use super::senders::Senders;
use super::signed::Signed;
use crate::exit::{Exit, Trouble};
use crate::output::{self, Output};
use crate::{input, progress};
use audit::facts::{Answer, Choice, Facts, Flow, Target, Waiver};
use audit::read::domain;
use audit::read::text::clean;
use engine::{Letter, Lighthouse, Plan, Secret, World};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Arguments of `audit`.
#[derive(clap::Args)]
pub struct Args {
    /// The domain, such as example.com
    domain: String,
    /// Which roadmap to judge by: sd, cc, cp, bb or io
    #[arg(long, default_value = "sd")]
    roadmap: String,
    /// Ask this resolver instead of this machine's own (may be given several times)
    #[arg(long, value_name = "IP:PORT")]
    resolver: Vec<String>,
    /// Compare the public resolvers in this file instead of the usual ones (TOML like assets/data/resolvers.toml)
    #[arg(long, value_name = "FILE")]
    public_resolvers: Option<PathBuf>,
    /// Trust the certificates in this file too, PEM or DER (may be given several times)
    #[arg(long, value_name = "FILE")]
    ca: Vec<PathBuf>,
    /// Treat private and loopback addresses as public ones (test networks)
    #[arg(long)]
    allow_private: bool,
    /// Sample the latency of this route (may be given several times)
    #[arg(long, value_name = "PATH_OR_URL")]
    route: Vec<String>,
    /// Look for a DKIM key under this selector too (may be given several times)
    #[arg(long, value_name = "NAME")]
    selector: Vec<String>,
    #[command(flatten)]
    signed: Signed,
    #[command(flatten)]
    accepted: Accepted,
    /// Judge the rows and checks in this file too, beside those of the roadmap (TOML; the README tells more)
    #[arg(long, value_name = "FILE")]
    custom: Option<PathBuf>,
    #[command(flatten)]
    senders: Senders,
    /// Read the project in this folder too: its settings and its calls to other services
    #[arg(long, value_name = "PATH")]
    repo: Option<PathBuf>,
    /// Hold the settings in this file against the project's code (may be given several times)
    #[arg(long, value_name = "NAME=FILE", requires = "repo")]
    environment: Vec<String>,
    /// Read the product's log too, a file or a folder
    #[arg(long, value_name = "PATH")]
    log: Option<PathBuf>,
    /// Read a log of the product's queries too, a file or a folder
    #[arg(long, value_name = "PATH")]
    queries: Option<PathBuf>,
    /// Ask the product's database too, read-only: the variable or entry of the keychain that holds its connection string, or a file of SQLite; without it LAUNCH_READY_DATABASE_URL
    #[arg(long, value_name = "NAME|FILE")]
    database: Option<String>,
    /// Read DMARC aggregate reports too, a file or a folder (.xml, .zip, .gz, .eml)
    #[arg(long, value_name = "PATH")]
    reports: Option<PathBuf>,
    /// Have the front page looked at by Lighthouse, where it and Chrome are installed; or judge its report in this JSON file
    #[arg(long, value_name = "FILE", num_args = 0..=1)]
    lighthouse: Option<Option<PathBuf>>,
    /// Judge this recorded load too, as `launch-ready load` or `latency` saved it (may be given several times)
    #[arg(long, value_name = "FILE")]
    load: Vec<PathBuf>,
    /// Judge what `launch-ready watch --state FOLDER` recorded too
    #[arg(long, value_name = "FOLDER")]
    watched: Option<PathBuf>,
    /// Prove this message of the product too, in its original form; name what it is for as FLOW=FILE: onboarding, reset, invoice, alert or other (may be given several times)
    #[arg(long, value_name = "FLOW=FILE")]
    message: Vec<String>,
    #[command(flatten)]
    journeys: Journeys,
    /// Write the facts to this file
    #[arg(long, value_name = "FILE")]
    facts: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

/// What was accepted before this run.
pub struct Agreed {
    records: Option<Answer>,
    waivers: Vec<Waiver>,
}

/// The records that were accepted as right, and those that are to be; and risks that were accepted.
#[derive(clap::Args)]
pub struct Accepted {
    /// Compare the records with those in this file: accepted ones, or the facts of an earlier run
    #[arg(long, value_name = "FILE")]
    expected: Option<PathBuf>,
    /// Accept the records as they are now: write them to this file, for a later --expected
    #[arg(long, value_name = "FILE")]
    save_expected: Option<PathBuf>,
    /// Leave out what this file accepts for a time, each with reason, approver and last day (TOML)
    #[arg(long, value_name = "FILE")]
    waivers: Option<PathBuf>,
}

impl Accepted {
    /// What was accepted, read before anything is looked at.
    pub fn read(&self, target: &Target, now: jiff::Timestamp) -> Result<Agreed, Trouble> {
        Ok(Agreed {
            records: self.expected.as_deref().map(|path| input::expected(path, target)).transpose()?,
            waivers: self.waivers.as_deref().map(|path| input::waivers(path, now)).transpose()?.unwrap_or_default(),
        })
    }

    /// Puts what was accepted among the facts, and writes the records of today where that was asked for.
    pub fn enter(&self, agreed: Agreed, facts: &mut Facts) -> Result<(), Trouble> {
        facts.answers.extend(agreed.records.map(|set| (audit::drift::KEY.to_owned(), set)));
        facts.waivers.extend(agreed.waivers);
        self.save_expected.as_deref().map_or(Ok(()), |path| output::save_expected(path, facts))
    }
}

pub async fn run(args: Args) -> Result<Exit, Trouble> {
    let target = domain::parse(&args.domain).map_err(|error| Trouble::new(error.to_string()))?;
    let roadmap = input::roadmap(&args.roadmap)?;
    let mut plan = Plan::new(target.clone(), &roadmap.id);
    plan.resolvers = args.resolver.iter().map(|text| resolver(text)).collect::<Result<_, _>>()?;
    if let Some(path) = &args.public_resolvers {
        let text = String::from_utf8_lossy(&input::bytes(path)?).into_owned();
        plan.public = audit::read::resolver::parse(&text)
            .map_err(|why| Trouble::new(format!("{} is not a list of resolvers: {why}", path.display())))?;
    }
    plan.routes = args
        .route
        .iter()
        .map(|text| engine::route(&target, text).map_err(|error| Trouble::new(error.message)))
        .collect::<Result<_, _>>()?;
    plan.own = args.custom.as_deref().map(|path| input::own(path, &target)).transpose()?;
    plan.allow_private = args.allow_private;
    args.signed.enter(&mut plan).await?;
    let mut answers = args.signed.answers(&target)?;
    plan.cloudflare = cloudflare(&target).await;
    plan.project = args.repo.as_deref().map(folder).transpose()?;
    plan.environments = super::env::environments(&args.environment)?;
    if plan.project.is_some() {
        plan.fingerprints = engine::vault::kept_fingerprints().await;
    }
    plan.log = args.log.as_deref().map(readable).transpose()?;
    plan.queries = args.queries.as_deref().map(readable).transpose()?;
    plan.database = super::db::address(args.database.as_deref()).await?;
    plan.reports = args.reports.as_deref().map(readable).transpose()?;
    for path in &args.load {
        plan.kept.load.extend(Saved::read(path)?.facts(&target)?);
    }
    plan.lighthouse = args.lighthouse.as_ref().map(|file| lighthouse(file.as_deref())).transpose()?;
    plan.messages = args.message.iter().map(|typed| letter(typed)).collect::<Result<_, _>>()?;
    let world = world(&args.ca)?;
    args.journeys.enter(&mut plan, world.now()).await?;
    let agreed = args.accepted.read(&target, world.now())?;
    let approved = args.senders.read()?;
    answers.extend(selectors(&args.selector, &world));
    let watched = match &args.watched {
        Some(folder) => Some(super::watch::recorded(folder, &target).await?),
        None => None,
    };
    let mut facts = look(&plan, &world, answers).await;
    facts.watched = watched;
    args.accepted.enter(agreed, &mut facts)?;
    Senders::enter(approved, &mut facts);
    if let Some(path) = &args.facts {
        output::save_facts(path, &facts)?;
    }
    output::finish(&facts, roadmap, judged_at(&facts, &world), &args.output, &output::unnamed(&facts))
}

/// This machine's network, trusting the certificates in these files too.
pub fn world(trusted: &[PathBuf]) -> Result<World, Trouble> {
    let mut roots = vec![];
    for path in trusted {
        let found = engine::certificates(&input::bytes(path)?);
        roots.extend(found.map_err(|error| Trouble::new(format!("{}: {}", path.display(), error.message)))?);
    }
    World::real(roots).map_err(|error| Trouble::new(error.message))
}

/// The time to judge by: when the run ended, so that judging the saved facts gives the same result.
pub fn judged_at(facts: &Facts, world: &World) -> jiff::Timestamp {
    facts.finished.unwrap_or_else(|| world.now())
}

/// Runs the audit with progress; Ctrl-C cuts it short.
pub async fn look(plan: &Plan, world: &World, answers: BTreeMap<String, Answer>) -> Facts {
    progress::watched(|cancel, send| engine::run(plan, world, answers, cancel, send)).await
}

/// Selectors as the answer that a person gives in the window.
fn selectors(named: &[String], world: &World) -> BTreeMap<String, Answer> {
    if named.is_empty() {
        return BTreeMap::new();
    }
    let rows = named.iter().map(|selector| (selector.clone(), String::new())).collect();
    let text = String::new;
    let answer = Answer { choice: Choice::Yes, note: text(), evidence: text(), owner: text(), rows, at: world.now() };
    BTreeMap::from([("mail.dkim".to_owned(), answer)])
}

/// A resolver as typed; without a port it is 53.
pub fn resolver(text: &str) -> Result<SocketAddr, Trouble> {
    let bare = text.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 53));
    text.parse()
        .or(bare)
        .map_err(|_| Trouble::new(format!("{} is not a resolver's address; write it like 9.9.9.9:53", clean(text, 60))))
}

/// A folder that can be opened.
fn folder(path: &Path) -> Result<PathBuf, Trouble> {
    std::fs::read_dir(path)
        .map(|_| path.to_owned())
        .map_err(|error| Trouble::new(format!("failed to open the folder {}: {error}", path.display())))
}

/// A message of the product: a file, with the word of its flow before it.
fn letter(typed: &str) -> Result<Letter, Trouble> {
    let named = typed.split_once('=').and_then(|(word, file)| Some((Flow::of(word)?, file)));
    let (flow, file) = named.unwrap_or((Flow::Other, typed));
    let file = Path::new(file);
    let opened = Letter::open(flow, &input::bytes(file)?);
    opened.map_err(|error| Trouble::new(format!("{}: {}", file.display(), error.message)))
}

/// A report of Lighthouse: in a file, or made now.
fn lighthouse(file: Option<&Path>) -> Result<Lighthouse, Trouble> {
    let Some(file) = file else { return Ok(Lighthouse::Run) };
    let seen = audit::read::lighthouse::read(&input::bytes(file)?);
    seen.map(|seen| Lighthouse::Given(Box::new(seen)))
        .map_err(|says| Trouble::new(format!("{}: {says}", file.display())))
}

/// A file or folder that is there.
fn readable(path: &Path) -> Result<PathBuf, Trouble> {
    std::fs::metadata(path)
        .map(|_| path.to_owned())
        .map_err(|error| Trouble::new(format!("failed to read {}: {error}", path.display())))
}

/// A read-only token of the Cloudflare account: from the environment (an empty variable counts as none), else from the keychain.
async fn cloudflare(target: &Target) -> Option<Arc<Secret<String>>> {
    let given = std::env::var("LAUNCH_READY_CLOUDFLARE_TOKEN").ok().filter(|token| !token.trim().is_empty());
    let (token, from) = match given {
        Some(token) => (Secret::new(token), "LAUNCH_READY_CLOUDFLARE_TOKEN"),
        None => (engine::vault::cloudflare_for_domain(&target.domain).await?, "the keychain"),
    };
    eprintln!("using the Cloudflare token from {from}");
    Some(Arc::new(token))
}

/// The target of a domain that is known to be good.
pub fn target(domain: &str) -> Result<Target, Trouble> {
    domain::parse(domain).map_err(|error| Trouble::new(error.to_string()))
}
