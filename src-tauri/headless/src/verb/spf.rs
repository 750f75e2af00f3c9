//! `launch-ready spf --ip … --from … --helo …`: what a receiver that follows RFC 7208 says of this sender; of a domain alone, who may send
//! for it.

use super::audit::{resolver, target};
use super::outcome;
use super::senders::Senders;
use crate::exit::{Exit, Trouble};
use crate::output::{self, Form};
use crate::progress;
use audit::facts::{Facts, Scope, Target};
use audit::picture::senders;
use audit::read::spf::{SpfChecked, SpfQuery, SpfResult};
use audit::read::text::clean;
use audit::roadmap;
use engine::{Plan, World};
use std::net::{IpAddr, SocketAddr};

/// The longest mailbox or host name that is taken (RFC 5321 §4.5.3.1).
const LONGEST: usize = 320;

const CHECK: &str = "mail.spf";

/// Arguments of `spf`.
#[derive(clap::Args)]
#[command(
    after_help = "Of one sender, prints the result word of RFC 7208 first: none, neutral, pass, fail, softfail, temperror or permerror.\nExit codes: 0 pass, 1 any other answer, 2 bad input, 3 temperror (DNS failed, ask again later).\nOf a domain, prints who may send for it, what each costs a receiver, and the record to publish where it has to change. Exit codes: 0 nothing is wrong, 1 something is, 2 bad input, 3 it could not be told."
)]
pub struct Args {
    /// A domain, such as example.com: tells who may send for it
    #[arg(required_unless_present = "ip", conflicts_with = "ip")]
    domain: Option<String>,
    #[command(flatten)]
    senders: Senders,
    /// Address of the machine that sends
    #[arg(long, value_name = "ADDRESS", requires_all = ["from", "helo"], conflicts_with = "senders")]
    ip: Option<IpAddr>,
    /// The envelope sender (MAIL FROM); empty for a bounce, which is checked by --helo
    #[arg(long, value_name = "MAILBOX", requires = "ip")]
    from: Option<String>,
    /// The name that the machine greets with
    #[arg(long, value_name = "NAME", requires = "ip")]
    helo: Option<String>,
    /// The receiving host, which an explanation may name
    #[arg(long, value_name = "NAME", default_value = "unknown")]
    receiver: String,
    /// Ask this resolver instead of this machine's own (may be given several times)
    #[arg(long, value_name = "IP:PORT")]
    resolver: Vec<String>,
    /// How the result is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
}

pub async fn run(args: Args) -> Result<Exit, Trouble> {
    let world = World::real(vec![]).map_err(|error| Trouble::new(error.message))?;
    let resolvers = args.resolver.iter().map(|text| resolver(text)).collect::<Result<_, _>>()?;
    let Some(ip) = args.ip else { return allowed(args, resolvers, &world).await };
    let (from, helo) = (args.from.unwrap_or_default(), args.helo.unwrap_or_default());
    for (what, text) in [("--from", &from), ("--helo", &helo), ("--receiver", &args.receiver)] {
        if text.len() > LONGEST {
            return Err(Trouble::new(format!(
                "{what} is longer than {LONGEST} characters, which no mail server takes"
            )));
        }
    }
    let from = from.strip_prefix('<').and_then(|from| from.strip_suffix('>')).unwrap_or(&from);
    let query = SpfQuery {
        ip,
        helo: helo.clone(),
        mail_from: from.to_owned(),
        receiver: args.receiver.clone(),
        time: world.now().as_second(),
    };
    let domain = from.rsplit_once('@').map_or(from, |(_, domain)| domain);
    let domain = if domain.is_empty() { &helo } else { domain }.trim_end_matches('.').to_ascii_lowercase();
    let mut plan = Plan::new(Target { name: domain.clone(), domain }, "sd");
    plan.resolvers = resolvers;
    let checked = engine::spf(&plan, &world, &query).await;
    let checked = checked.ok_or_else(|| Trouble::new("the record asks for more look-ups than any may"))?;
    output::tell(args.format, &checked, || text(&checked))?;
    Ok(match checked.result {
        SpfResult::Pass => Exit::Clean,
        SpfResult::TempError => Exit::Unseen,
        _ => Exit::Found,
    })
}

/// Who may send for a domain.
async fn allowed(args: Args, resolvers: Vec<SocketAddr>, world: &World) -> Result<Exit, Trouble> {
    let target = target(args.domain.as_deref().unwrap_or_default())?;
    let approved = args.senders.read()?;
    let mut plan = Plan::new(target.clone(), "sd");
    plan.resolvers = resolvers;
    let facts = Facts::begin(target, "sd", Scope::default(), world.now());
    let look = |cancel, send| engine::look_again(facts, CHECK, &plan, world, cancel, send);
    let mut facts = progress::watched(look).await;
    Senders::enter(approved, &mut facts);
    let roadmap = roadmap::by_id("sd").ok_or_else(|| Trouble::new("the roadmap is missing"))?;
    let judged = audit::audit(&facts, roadmap, world.now());
    let outcome = judged.outcome(CHECK).ok_or_else(|| Trouble::new("the check is missing"))?;
    let told = serde_json::json!({ "outcome": outcome, "senders": senders(&facts, &facts.target.domain) });
    output::tell(args.format, &told, || outcome::lines(outcome, "pass").join("\n"))?;
    Ok(outcome::exit(outcome))
}

fn text(checked: &SpfChecked) -> String {
    let mut lines = vec![
        checked.result.to_string(),
        clean(&checked.because, 600),
        format!("{} of 10 look-ups, {} of 2 that find nothing", checked.lookups, checked.void),
    ];
    lines.extend(checked.explanation.iter().map(|told| format!("the domain says: {}", clean(told, 600))));
    for step in &checked.trace {
        let indent = "  ".repeat(step.depth + 1);
        let (domain, term) = (clean(&step.domain, 253), clean(&step.term, 300));
        lines.push(format!("{indent}{domain}: {term} → {}", clean(&step.outcome, 300)));
    }
    lines.join("\n")
}
