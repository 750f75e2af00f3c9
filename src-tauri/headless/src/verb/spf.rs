//! `launch-ready spf --ip … --from … --helo …`: what a receiver that follows RFC 7208 says of this sender.

use super::audit::resolver;
use crate::exit::{Exit, Trouble};
use crate::output::{self, Form};
use audit::facts::Target;
use audit::read::spf::{SpfChecked, SpfQuery, SpfResult};
use audit::read::text::clean;
use engine::{Plan, World};
use std::net::IpAddr;

/// The longest mailbox or host name that is taken (RFC 5321 §4.5.3.1).
const LONGEST: usize = 320;

/// Arguments of `spf`.
#[derive(clap::Args)]
#[command(
    after_help = "Prints the result word of RFC 7208 first: none, neutral, pass, fail, softfail, temperror or permerror.\nExit codes: 0 pass, 1 any other answer, 2 bad input, 3 temperror (DNS failed, ask again later)."
)]
pub struct Args {
    /// Address of the machine that sends
    #[arg(long, value_name = "ADDRESS")]
    ip: IpAddr,
    /// The envelope sender (MAIL FROM); empty for a bounce, which is checked by --helo
    #[arg(long, value_name = "MAILBOX")]
    from: String,
    /// The name that the machine greets with
    #[arg(long, value_name = "NAME")]
    helo: String,
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
    for (what, text) in [("--from", &args.from), ("--helo", &args.helo), ("--receiver", &args.receiver)] {
        if text.len() > LONGEST {
            return Err(Trouble::new(format!(
                "{what} is longer than {LONGEST} characters, which no mail server takes"
            )));
        }
    }
    let from = args.from.strip_prefix('<').and_then(|from| from.strip_suffix('>')).unwrap_or(&args.from);
    let query = SpfQuery {
        ip: args.ip,
        helo: args.helo.clone(),
        mail_from: from.to_owned(),
        receiver: args.receiver.clone(),
        time: world.now().as_second(),
    };
    let domain = from.rsplit_once('@').map_or(from, |(_, domain)| domain);
    let domain = if domain.is_empty() { &args.helo } else { domain }.trim_end_matches('.').to_ascii_lowercase();
    let mut plan = Plan::new(Target { name: domain.clone(), domain }, "sd");
    plan.resolvers = args.resolver.iter().map(|text| resolver(text)).collect::<Result<_, _>>()?;
    let checked = engine::spf(&plan, &world, &query).await;
    let checked = checked.ok_or_else(|| Trouble::new("the record asks for more look-ups than any may"))?;
    output::tell(args.format, &checked, || text(&checked))?;
    Ok(match checked.result {
        SpfResult::Pass => Exit::Clean,
        SpfResult::TempError => Exit::Unseen,
        _ => Exit::Found,
    })
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
