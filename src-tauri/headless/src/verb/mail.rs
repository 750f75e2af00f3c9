//! `launch-ready mail FILE`: what a received message proves, its signatures verified with the keys in DNS; with --roundtrip, one that is
//! sent for it.

use super::audit::resolver;
use super::roundtrip::{self, Roundtrip};
use crate::exit::{Exit, Trouble};
use crate::output::{self, Form};
use audit::facts::{DmarcResult, Target};
use audit::read::message::{ArcResult, Examined, Hop, LONGEST, Mail};
use audit::read::text::clean;
use engine::{Plan, World};
use std::io::Read;
use std::path::PathBuf;

/// Arguments of `mail`.
#[derive(clap::Args)]
#[command(
    after_help = "Of a file, prints the DMARC result first: pass, fail, none, temperror or permerror.\nExit codes: 0 pass, 1 any other answer, 2 bad input, 3 temperror (DNS failed, ask again later).\nWith --roundtrip, sends one test message for each --flow and waits for it in the mailbox. Exit codes: 0 it arrived as it should, 1 something is wrong, 2 bad input, 3 it could not be told.\nPasswords are read from LAUNCH_READY_SMTP_PASSWORD and LAUNCH_READY_IMAP_PASSWORD, else from the keychain, never from an argument."
)]
pub struct Args {
    /// The message in its original form (.eml)
    #[arg(required_unless_present = "roundtrip", conflicts_with = "roundtrip")]
    file: Option<PathBuf>,
    #[command(flatten)]
    sent: Roundtrip,
    /// Ask this resolver instead of this machine's own (may be given several times)
    #[arg(long, value_name = "IP:PORT")]
    resolver: Vec<String>,
    /// How the result is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
}

pub async fn run(args: Args) -> Result<Exit, Trouble> {
    let resolvers = args.resolver.iter().map(|text| resolver(text)).collect::<Result<_, _>>()?;
    let Some(path) = &args.file else { return roundtrip::run(args.sent, resolvers, args.format).await };
    let trouble = |why: &dyn std::fmt::Display| Trouble::new(format!("failed to read {}: {why}", path.display()));
    let mut file = Vec::new();
    let most = u64::try_from(LONGEST).unwrap_or(u64::MAX).saturating_add(1);
    std::fs::File::open(path)
        .and_then(|opened| opened.take(most).read_to_end(&mut file))
        .map_err(|error| trouble(&error))?;
    let mail = Mail::open(&file).map_err(|error| trouble(&error))?;
    let world = World::real(vec![]).map_err(|error| Trouble::new(error.message))?;
    let mut plan = Plan::new(Target { name: mail.domain(), domain: mail.domain() }, "sd");
    plan.resolvers = resolvers;
    let examined = engine::examine(&plan, &world, &mail).await;
    let examined = examined.ok_or_else(|| Trouble::new("the message asks for more look-ups than any may"))?;
    output::tell(args.format, &examined, || text(&examined))?;
    Ok(match examined.dmarc.result {
        DmarcResult::Pass => Exit::Clean,
        DmarcResult::TempError => Exit::Unseen,
        _ => Exit::Found,
    })
}

fn text(seen: &Examined) -> String {
    let mut lines = vec![seen.dmarc.result.word().to_owned(), clean(&seen.dmarc.says, 600)];
    lines.push(format!("From: {}", seen.from.as_deref().unwrap_or("not exactly one mailbox")));
    lines.extend(seen.dmarc.policy.iter().map(|policy| format!("policy: {policy}")));
    lines.extend(seen.dkim.iter().map(|one| {
        let result = one.result.word();
        let says = if one.says.is_empty() { String::new() } else { format!(": {}", clean(&one.says, 300)) };
        format!("DKIM {result} {} (selector {}, {}){says}", one.domain, one.selector, one.algorithm)
    }));
    if seen.dkim.is_empty() {
        lines.push("DKIM none: the message carries no signature".to_owned());
    }
    match &seen.spf {
        Some(spf) => lines.push(format!(
            "SPF {} {} from {}: {}",
            spf.checked.result,
            clean(&spf.checked.domain, 253),
            spf.ip,
            clean(&spf.checked.because, 300)
        )),
        None => lines.push("SPF: the message names no public sending machine and return path".to_owned()),
    }
    lines.push(match seen.arc.result {
        ArcResult::None => "ARC none".to_owned(),
        ArcResult::Pass => format!("ARC pass: sealed by {}", seen.arc.sealers.join(", ")),
        ArcResult::Fail => format!("ARC fail: {}", clean(&seen.arc.says, 300)),
        ArcResult::TempError => format!("ARC temperror: {}", clean(&seen.arc.says, 300)),
    });
    lines.extend(seen.hops.iter().map(hop));
    lines.extend(seen.receiver.iter().cloned());
    lines.extend(seen.spam.iter().map(|word| format!("{}: {}", word.field, word.says)));
    lines.join("\n")
}

pub(super) fn hop(hop: &Hop) -> String {
    let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "?".to_owned());
    // A machine without a name greets with its address.
    let named = |ip: &std::net::IpAddr| hop.from.as_deref() == Some(&format!("[{ip}]"));
    let ip = hop.ip.filter(|ip| !named(ip)).map_or_else(String::new, |ip| format!(" [{ip}]"));
    let time = match (hop.at, hop.seconds) {
        (Some(at), Some(seconds)) => format!(" at {at}, {seconds} s after the hop before"),
        (Some(at), None) => format!(" at {at}"),
        _ => String::new(),
    };
    format!("hop: {}{ip} → {}{time}", name(&hop.from), name(&hop.by))
}
