//! `launch-ready demo`: the audit on the built-in demo internet, with chosen faults.

use super::audit::{Accepted, judged_at, look, target};
use crate::exit::{Exit, Trouble};
use crate::input;
use crate::output::{self, Output};
use audit::facts::{Answer, Cap, Choice, Flow};
use engine::{
    Account, Consent, EngineError, Inbox, Letter, Lighthouse, Mailbox, Plan, Postbox, Secret, Session, Trip, Wire,
    World,
};
use jiff::Timestamp;
use lab::Lab;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// Arguments of `demo`.
#[derive(clap::Args)]
pub struct Args {
    /// Without any fault
    #[arg(long, conflicts_with = "fault")]
    healthy: bool,
    /// With these faults instead of the showcase; `--fault list` lists them
    #[arg(long, value_name = "NAME", num_args = 1..)]
    fault: Vec<String>,
    /// Which roadmap to judge by: sd, cc, cp, bb or io
    #[arg(long, default_value = "sd")]
    roadmap: String,
    /// Write the facts to this file
    #[arg(long, value_name = "FILE")]
    facts: Option<PathBuf>,
    #[command(flatten)]
    accepted: Accepted,
    /// Judge the rows and checks in this file too, beside those of the roadmap (TOML; the README tells more)
    #[arg(long, value_name = "FILE")]
    custom: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

pub async fn run(args: Args) -> Result<Exit, Trouble> {
    if args.fault.iter().any(|name| name == "list") {
        let lines: Vec<String> = lab::FAULTS.iter().map(|fault| format!("{:32} {}", fault.name, fault.says)).collect();
        output::print(&lines.join("\n"))?;
        return Ok(Exit::Clean);
    }
    let roadmap = input::roadmap(&args.roadmap)?;
    let faults: Vec<&str> = match (args.healthy, args.fault.as_slice()) {
        (true, _) => vec![],
        (false, []) => lab::showcase(),
        (false, named) => named.iter().map(String::as_str).collect(),
    };
    let lab = Lab::start(SystemTime::now(), 1, &faults).await.map_err(|error| Trouble::new(error.to_string()))?;
    let mut plan = Plan::new(target(lab.domain())?, &roadmap.id).on_loopback();
    for route in lab.routes() {
        plan.routes.push(engine::route(&plan.target, &route).map_err(|error| Trouble::new(error.message))?);
    }
    plan.own = args.custom.as_deref().map(|path| input::own(path, &plan.target)).transpose()?;
    let answers = sign_in(&lab, &mut plan)?;
    travel(&lab, &mut plan)?;
    let world = world(&lab);
    mail(&lab, &mut plan, &world).map_err(|error| Trouble::new(error.message))?;
    plan.cloudflare = Some(std::sync::Arc::new(engine::Secret::new(lab.cloudflare_token().to_owned())));
    let agreed = args.accepted.read(&plan.target, world.now())?;
    let project = lab.project().map_err(|error| Trouble::new(format!("failed to write the demo's folder: {error}")))?;
    plan.project = Some(project.folder());
    plan.environments = super::env::environments(&[format!("production={}", project.settings().display())])?;
    plan.log = Some(project.log());
    plan.queries = Some(project.queries());
    let database = engine::Address::read(&engine::Secret::new(lab.database()));
    plan.database = Some(std::sync::Arc::new(database.map_err(|error| Trouble::new(error.message))?));
    plan.reports = Some(project.reports());
    let report = audit::read::lighthouse::read(lab.lighthouse().as_bytes()).map_err(Trouble::new)?;
    plan.lighthouse = Some(Lighthouse::Given(Box::new(report)));
    let mut facts = look(&plan, &world, answers).await;
    facts.watched = serde_json::from_str(&lab.watched()).ok();
    args.accepted.enter(agreed, &mut facts)?;
    args.facts.as_deref().map_or(Ok(()), |path| output::save_facts(path, &facts))?;
    let options =
        report::Options { client: "Demo".to_owned(), product: "Juniper Desk".to_owned(), ..report::Options::default() };
    output::finish(&facts, roadmap, judged_at(&facts, &world), &args.output, &options)
}

/// Signs in to the demo's product as its owner and as somebody who works there, and agrees to tries at its forms: all of it is ours.
fn sign_in(lab: &Lab, plan: &mut Plan) -> Result<BTreeMap<String, Answer>, Trouble> {
    let secret = |value: &str| Some(Secret::new(value.to_owned()));
    let ([cookie, _], [_, token]) = (lab.owner(), lab.worker());
    plan.session = Session::new(secret(cookie), None);
    plan.lesser = Session::new(None, secret(token));
    for host in lab.hosts_of_forms() {
        let consent = Consent::record(&plan.target, host, "The demo itself", Cap::MOST, Timestamp::now());
        plan.consents.push(consent.map_err(|error| Trouble::new(error.message))?);
    }
    let rows = lab.places().into_iter().map(|(address, told)| (address, told.to_owned())).collect();
    let (note, evidence, owner) = (String::new(), String::new(), String::new());
    let answer = Answer { choice: Choice::Yes, note, evidence, owner, rows, at: Timestamp::now() };
    Ok(BTreeMap::from([(audit::read::place::KEY.to_owned(), answer)]))
}

/// Messages of the demo's product, and the account that it sends with: a test message goes through its mail service into the mailbox
/// of its founder.
fn mail(lab: &Lab, plan: &mut Plan, world: &World) -> Result<(), EngineError> {
    for (word, file) in lab.letters() {
        plan.messages.push(Letter::open(Flow::of(word).unwrap_or(Flow::Other), &file)?);
    }
    let ([(host, port, user, password), (there, at, name, key)], [from, to]) = (lab.account(), lab.addresses());
    let text = |text: &str| text.to_owned();
    let inbox = Inbox { host: text(there), port: at, user: text(name) };
    let account =
        Account { host: text(host), port, user: text(user), from: text(from), to: text(to), inbox: Some(inbox) };
    let consent = Consent::to_send(&account.server(), "The demo itself", world.now())?;
    let (password, key) = (Secret::new(text(password)), Secret::new(text(key)));
    let postbox = Postbox::open(account, password, Some(key), consent, &[Flow::Reset], world.now())?;
    // On this machine a message comes at once, or one of the demo's faults holds it back.
    plan.postbox = Some(postbox.waiting(Duration::from_secs(5), Duration::from_millis(200)));
    Ok(())
}

/// Takes along the journeys that the demo's founder recorded, and agrees to them.
fn travel(lab: &Lab, plan: &mut Plan) -> Result<(), Trouble> {
    let secret = |(name, value): (&str, &str)| (name.to_owned(), Secret::new(value.to_owned()));
    for journey in audit::read::journey::read(lab.journeys()).map_err(|wrong| Trouble::new(wrong.to_string()))? {
        let secrets = lab.secrets_of_journeys().into_iter().map(secret).collect();
        plan.journeys.push(Trip::new(journey, secrets).map_err(|error| Trouble::new(error.message))?);
    }
    let [_, (host, port, user, password)] = lab.account();
    let inbox = Inbox { host: host.to_owned(), port, user: user.to_owned() };
    let password = Secret::new(password.to_owned());
    plan.mailbox = Some(Mailbox::new(inbox, password, Duration::from_secs(5), Duration::from_millis(200)));
    for host in lab.hosts_of_forms() {
        let consent = Consent::to_write(host, "The demo itself", Timestamp::now());
        plan.consents.push(consent.map_err(|error| Trouble::new(error.message))?);
    }
    Ok(())
}

/// The lab as a world for the engine.
fn world(lab: &Lab) -> World {
    let (route, hold) = (lab.wire(), lab.wire());
    let wire = Wire {
        route: std::sync::Arc::new(move |to| route.route(to)),
        hold: std::sync::Arc::new(move |to| hold.hold(to)),
    };
    World::through(wire, lab.resolver(), lab.roots())
        .with_anchors(vec![lab.anchor()])
        .with_logs(lab.log_list(), lab.logs())
}
