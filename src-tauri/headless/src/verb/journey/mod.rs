//! `launch-ready journey FILE…`: goes through recorded steps of a visitor, tells each, and writes JUnit for CI; makes such a file out of a
//! recording of a browser.

mod file;
mod junit;
mod words;

pub use file::{Journeys, domain_of, trips};

use super::measure::Reach;
use crate::exit::{Exit, Trouble};
use crate::output::{self, Form};
use crate::{input, keychain, progress};
use audit::Fact;
use audit::facts::{Facts, JourneyEnd, JourneySeen, Scope};
use audit::read::journey::{Journey, Who, har, template_name};
use audit::read::text::clean;
use engine::{Inbox, Mailbox, Plan, Secret, Session, vault};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// What one check needs to look again at; any of them has all journeys gone through.
const CHECK: &str = "journey.core";
/// Bytes of a secret on standard input.
const LONGEST: u64 = 8 * 1024;

/// Arguments of `journey`.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true, after_help = file::HELP, after_long_help = file::LONG_HELP)]
pub struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// The files, such as journeys.toml
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Go through this journey only (may be given several times)
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Who agreed that the steps that write are really taken on these hosts; it is recorded with the result
    #[arg(long, value_name = "NAME")]
    agreed_by: Option<String>,
    #[command(flatten)]
    post: Post,
    /// Write the result as JUnit XML to this file too
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// How the result is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
    #[command(flatten)]
    reach: Reach,
}

/// The mailbox that journeys wait for mail at.
#[derive(clap::Args)]
pub struct Post {
    /// Find mail that the steps wait for in this mailbox; its password comes from LAUNCH_READY_IMAP_PASSWORD or the keychain
    #[arg(long, value_name = "HOST:PORT", requires = "imap_user")]
    imap: Option<String>,
    /// The name to sign in to the mailbox with
    #[arg(long, value_name = "NAME", requires = "imap")]
    imap_user: Option<String>,
    /// Seconds to wait for each mail
    #[arg(long, value_name = "SECONDS", requires = "imap", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    mail_wait: u64,
}

impl Post {
    /// The mailbox, where one was named.
    async fn mailbox(&self, domain: &str) -> Result<Option<Arc<Mailbox>>, Trouble> {
        let Some((server, user)) = self.imap.as_ref().zip(self.imap_user.as_ref()) else { return Ok(None) };
        let (host, port) = server.rsplit_once(':').unwrap_or((server, "993"));
        let port = port.parse().ok().filter(|port| *port != 0 && *port != 143);
        let port =
            port.ok_or_else(|| Trouble::new("a mailbox is written as HOST:PORT, such as imap.example.com:993"))?;
        let password = super::roundtrip::password("LAUNCH_READY_IMAP_PASSWORD", domain, vault::Kind::Imap).await;
        let password = password.ok_or_else(|| {
            Trouble::new("there is no password for the mailbox; set LAUNCH_READY_IMAP_PASSWORD, or leave --imap out")
        })?;
        let inbox = Inbox { host: host.to_owned(), port, user: user.clone() };
        Ok(Some(Mailbox::new(inbox, password, Duration::from_secs(self.mail_wait), Duration::from_secs(3))))
    }
}

#[derive(clap::Subcommand)]
enum Verb {
    /// Make a file of a journey out of a recording of a browser (HAR), and print it
    Import {
        /// The recording, saved by the browser's developer tools (Network, Save all as HAR)
        #[arg(value_name = "FILE")]
        har: PathBuf,
        /// What the journey is for: signup, login, logout, reset, booking, checkout, dashboard, core or webhook
        #[arg(long, value_name = "KIND")]
        kind: Option<String>,
    },
    /// Keep a secret that journeys name in this computer's keychain; it is read from standard input
    Keep {
        /// Its name, such as password for {{secret.password}}
        name: String,
        /// The product's domain
        #[arg(long)]
        domain: String,
    },
    /// Remove such a secret from the keychain
    Forget {
        /// Its name
        name: String,
        /// The product's domain
        #[arg(long)]
        domain: String,
    },
}

pub async fn run(args: Args) -> Result<Exit, Trouble> {
    match &args.verb {
        None => go(args).await,
        Some(Verb::Import { har, kind }) => import(har, kind.as_deref()),
        Some(Verb::Keep { name, domain }) => keep(name, domain).await,
        Some(Verb::Forget { name, domain }) => {
            let domain = super::audit::target(domain)?.domain;
            match vault::forget_for_journeys(&domain, name).await {
                true => Ok(Exit::Clean),
                false => Err(Trouble::new("the keychain holds no such secret, or is locked")),
            }
        }
    }
}

async fn go(args: Args) -> Result<Exit, Trouble> {
    let journeys = file::chosen(file::read(&args.files)?, &args.only)?;
    let domain = domain_of(&journeys)?;
    let base = journeys.first().map(|journey| journey.base.to_string()).unwrap_or_default();
    let (mut plan, world, _) = args.reach.to(&base).await?;
    plan.target = audit::facts::Target { name: domain.clone(), domain: domain.clone() };
    sessions(&mut plan, &journeys).await;
    if args.agreed_by.is_none()
        && let Some(writing) = journeys.iter().find(|journey| journey.writes())
    {
        let hosts: Vec<String> = writing.written().into_iter().collect();
        return Err(Trouble::new(format!(
            "the journey \"{}\" writes to {}: accounts, orders and the like are really made there; name who agreed to that with --agreed-by",
            writing.name,
            hosts.join(", ")
        )));
    }
    file::agree(&mut plan, &journeys, args.agreed_by.as_deref(), world.now())?;
    plan.journeys = trips(journeys, &domain).await?;
    plan.mailbox = args.post.mailbox(&domain).await?;
    let facts = Facts::begin(plan.target.clone(), &plan.roadmap, Scope::default(), world.now());
    let facts = progress::watched(|cancel, send| engine::look_again(facts, CHECK, &plan, &world, cancel, send)).await;
    if let Some(path) = &args.junit {
        output::write(path, junit::report(&plan.journeys, &facts)?.as_bytes())?;
        eprintln!("wrote {}", path.display());
    }
    let missing = plan.journeys.len() > facts.journeys.len();
    output::print(&match args.format {
        Form::Text => words::text(&facts.journeys),
        Form::Json => json(&facts)?,
    })?;
    let exits: Vec<Exit> = facts.journeys.values().map(exit).collect();
    Ok(if exits.contains(&Exit::Found) {
        Exit::Found
    } else if missing || exits.contains(&Exit::Unseen) {
        Exit::Unseen
    } else {
        Exit::Clean
    })
}

fn json(facts: &Facts) -> Result<String, Trouble> {
    serde_json::to_string_pretty(&serde_json::json!({ "journeys": facts.journeys }))
        .map_err(|error| Trouble::new(format!("failed to write the result: {error}")))
}

fn exit(fact: &Fact<JourneySeen>) -> Exit {
    match fact {
        Fact::Seen { value, .. } => match value.end {
            JourneyEnd::Failed => Exit::Found,
            JourneyEnd::Lost { .. } => Exit::Unseen,
            JourneyEnd::Whole => {
                let slow = value.within_ms.is_some_and(|limit| value.took_ms > limit)
                    || value.steps.iter().any(|step| !step.misses.is_empty());
                if slow { Exit::Found } else { Exit::Clean }
            }
        },
        Fact::Unseen(_) => Exit::Unseen,
    }
}

/// Sessions where a journey begins with one: from the environment, else from the keychain.
async fn sessions(plan: &mut Plan, journeys: &[Journey]) {
    let begins = |who| journeys.iter().any(|journey| journey.session == Some(who));
    let from = |name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()).map(Secret::new);
    if !begins(Who::Owner) {
        plan.session = None;
    } else if plan.session.is_none() {
        // The file of the journey asks for it; no further word is needed.
        plan.session = Session::new(from("LAUNCH_READY_COOKIE"), from("LAUNCH_READY_TOKEN"));
        if plan.session.is_none() {
            plan.session = keychain::taken(vault::session_for_domain(&plan.target.domain)).await;
        }
    }
    if begins(Who::Lesser) {
        plan.lesser = Session::new(from("LAUNCH_READY_LESSER_COOKIE"), from("LAUNCH_READY_LESSER_TOKEN"));
        if plan.lesser.is_none() {
            plan.lesser = keychain::taken(vault::lesser_for_domain(&plan.target.domain)).await;
        }
    }
}

fn import(path: &std::path::Path, kind: Option<&str>) -> Result<Exit, Trouble> {
    let kind = kind.map(file::kind).transpose()?;
    let made =
        har::import(&input::bytes(path)?, kind).map_err(|says| Trouble::new(format!("{}: {says}", path.display())))?;
    for note in &made.notes {
        eprintln!("{note}");
    }
    output::print(&made.text)?;
    Ok(Exit::Clean)
}

async fn keep(name: &str, domain: &str) -> Result<Exit, Trouble> {
    let domain = super::audit::target(domain)?.domain;
    if !template_name(name) {
        let says = format!("{} is no name; use letters, digits, _ and -", clean(name, 60));
        return Err(Trouble::new(says));
    }
    let mut text = String::with_capacity(usize::try_from(LONGEST).unwrap_or_default());
    let read = std::io::stdin().lock().take(LONGEST).read_to_string(&mut text);
    read.map_err(|error| Trouble::new(format!("failed to read the secret from standard input: {error}")))?;
    let secret = Secret::new(text.trim_end_matches(['\r', '\n']).to_owned());
    drop(Secret::new(text));
    vault::keep_for_journeys(&domain, name, secret).await.map_err(|error| Trouble::new(error.message))?;
    eprintln!("kept {name} for the journeys of {domain}");
    Ok(Exit::Clean)
}

/// The secrets that are there, by name: from the environment, else from the keychain.
async fn secrets(names: impl IntoIterator<Item = String>, domain: &str) -> BTreeMap<String, Secret<String>> {
    let mut found = BTreeMap::new();
    for name in names {
        let given = std::env::var(engine::journey::variable(&name)).ok().filter(|value| !value.is_empty());
        let secret = match given {
            Some(value) => Some(Secret::new(value)),
            None => keychain::taken(vault::journey_secret(domain, &name)).await,
        };
        found.extend(secret.map(|secret| (name, secret)));
    }
    found
}
