//! `launch-ready mail --roundtrip`: one test message for each kind of mail over the product's own account, waited for in a mailbox.

use super::audit::{target, world};
use super::mail::hop;
use super::outcome;
use crate::exit::{Exit, Trouble};
use crate::output::{self, Form};
use crate::{keychain, progress};
use audit::audit::Outcome;
use audit::facts::{Fact, Facts, Flow, Roundtrip as Trip, RoundtripEnd, Scope};
use audit::roadmap;
use engine::vault::{self, Kind};
use engine::{Account, Consent, EngineError, Inbox, Plan, Postbox, Secret, World};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

const CHECK: &str = "mail.roundtrip";

/// Arguments of `mail --roundtrip`.
#[derive(clap::Args)]
pub struct Roundtrip {
    /// Send a test message and wait until it arrives
    #[arg(long, requires_all = ["smtp", "user", "from", "to", "agreed_by"])]
    roundtrip: bool,
    /// The server that the product sends over; port 465 is encrypted at once, all others by STARTTLS
    #[arg(long, value_name = "HOST:PORT", requires = "roundtrip")]
    smtp: Option<String>,
    /// The name to sign in there with
    #[arg(long, value_name = "NAME", requires = "roundtrip")]
    user: Option<String>,
    /// The address that the product sends from
    #[arg(long, value_name = "ADDRESS", requires = "roundtrip")]
    from: Option<String>,
    /// The address of a mailbox of yours
    #[arg(long, value_name = "ADDRESS", requires = "roundtrip")]
    to: Option<String>,
    /// Who agreed that test messages are sent over this account
    #[arg(long, value_name = "NAME", requires = "roundtrip")]
    agreed_by: Option<String>,
    /// Find the message in that mailbox by IMAP; without it, give the message to `launch-ready audit --message` when it is there
    #[arg(long, value_name = "HOST:PORT", requires = "roundtrip")]
    imap: Option<String>,
    /// The name to sign in to the mailbox with; that of --user where nothing is said
    #[arg(long, value_name = "NAME", requires = "imap")]
    imap_user: Option<String>,
    /// What the message stands for: onboarding, reset, invoice, alert or other (may be given several times)
    #[arg(long, value_name = "FLOW", requires = "roundtrip")]
    flow: Vec<String>,
    /// Seconds to wait for each message
    #[arg(long, value_name = "SECONDS", requires = "roundtrip", default_value_t = 240, value_parser = clap::value_parser!(u64).range(5..=3600))]
    wait: u64,
    /// Trust the certificates in this file too, PEM or DER (may be given several times)
    #[arg(long, value_name = "FILE", requires = "roundtrip")]
    ca: Vec<PathBuf>,
    /// Treat private and loopback addresses as public ones (test networks)
    #[arg(long, requires = "roundtrip")]
    allow_private: bool,
}

pub(super) async fn run(args: Roundtrip, resolvers: Vec<SocketAddr>, form: Form) -> Result<Exit, Trouble> {
    let own = |error: EngineError| Trouble::new(error.message);
    let account = account(&args)?.checked().map_err(own)?;
    let domain = account.from.rsplit('@').next().unwrap_or_default().to_owned();
    let domain = audit::read::domain::registered(&domain).unwrap_or(domain);
    let world = world(&args.ca)?;
    let flows = flows(&args.flow)?;
    let by = args.agreed_by.as_deref().unwrap_or_default();
    let consent = Consent::to_send(&account.server(), by, world.now()).map_err(own)?;
    let password = password("LAUNCH_READY_SMTP_PASSWORD", &domain, Kind::Smtp).await;
    let password = password.ok_or_else(|| {
        Trouble::new(
            "there is no password for the account; set LAUNCH_READY_SMTP_PASSWORD, or enter the account in the window",
        )
    })?;
    let inbox = match &account.inbox {
        None => None,
        Some(_) => Some(self::password("LAUNCH_READY_IMAP_PASSWORD", &domain, Kind::Imap).await.ok_or_else(|| {
            Trouble::new("there is no password for the mailbox; set LAUNCH_READY_IMAP_PASSWORD, or leave --imap out")
        })?),
    };
    let target = target(&domain)?;
    let mut plan = Plan::new(target.clone(), "sd");
    plan.resolvers = resolvers;
    plan.allow_private = args.allow_private;
    let postbox = Postbox::open(account, password, inbox, consent, &flows, world.now()).map_err(own)?;
    plan.postbox = Some(postbox.waiting(Duration::from_secs(args.wait), Duration::from_secs(5)));
    let facts = look(&plan, &world, Facts::begin(target, "sd", Scope::default(), world.now())).await;
    let roadmap = roadmap::by_id("sd").ok_or_else(|| Trouble::new("the roadmap is missing"))?;
    let judged = audit::audit(&facts, roadmap, world.now());
    let outcome = judged.outcome(CHECK).ok_or_else(|| Trouble::new("the check is missing"))?;
    let told = serde_json::json!({ "outcome": outcome, "messages": facts.roundtrips });
    output::tell(form, &told, || text(outcome, &facts.roundtrips))?;
    Ok(outcome::exit(outcome))
}

async fn look(plan: &Plan, world: &World, facts: Facts) -> Facts {
    progress::watched(|cancel, send| engine::look_again(facts, CHECK, plan, world, cancel, send)).await
}

fn account(args: &Roundtrip) -> Result<Account, Trouble> {
    let given = |text: &Option<String>| text.clone().unwrap_or_default();
    let server = |text: &Option<String>, usual: u16| {
        let text = given(text);
        let (host, port) =
            text.rsplit_once(':').map_or((text.as_str(), Ok(usual)), |(host, port)| (host, port.parse()));
        let port = port.map_err(|_| Trouble::new("a server is written as HOST:PORT, such as smtp.example.com:587"))?;
        Ok::<_, Trouble>((host.to_owned(), port))
    };
    let (host, port) = server(&args.smtp, 587)?;
    let inbox = match &args.imap {
        None => None,
        Some(_) => {
            let (host, port) = server(&args.imap, 993)?;
            let user = args.imap_user.clone().or_else(|| args.user.clone()).unwrap_or_default();
            Some(Inbox { host, port, user })
        }
    };
    Ok(Account { host, port, user: given(&args.user), from: given(&args.from), to: given(&args.to), inbox })
}

fn flows(typed: &[String]) -> Result<Vec<Flow>, Trouble> {
    if typed.is_empty() {
        return Ok(vec![Flow::Reset]);
    }
    let words: Vec<&str> = Flow::ALL.iter().map(|flow| flow.word()).collect();
    let flow = |word: &String| {
        Flow::of(word).ok_or_else(|| Trouble::new(format!("a message stands for one of {}", words.join(", "))))
    };
    typed.iter().map(flow).collect()
}

/// From the environment (an empty variable counts as none), else from the keychain.
pub(super) async fn password(variable: &str, domain: &str, kind: Kind) -> Option<Secret<String>> {
    match std::env::var(variable).ok().filter(|text| !text.is_empty()) {
        Some(text) => Some(Secret::new(text)),
        None => keychain::taken(vault::secret_for_domain(domain, kind)).await,
    }
}

fn text(outcome: &Outcome, trips: &BTreeMap<String, Fact<Trip>>) -> String {
    let mut lines = outcome::lines(outcome, "arrived");
    for trip in trips.values().filter_map(|fact| fact.seen().ok()) {
        if let RoundtripEnd::Arrived { seen, .. } = &trip.end {
            lines.extend(seen.hops.iter().map(hop));
        }
    }
    lines.join("\n")
}
