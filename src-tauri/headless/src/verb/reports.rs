//! `launch-ready reports FILE|DIR`: who sends in a domain's name, by the DMARC reports that receivers sent about it. Asks no network.

use crate::exit::{Exit, Trouble};
use crate::output::{Form, tell};
use audit::facts::ReportsSeen;
use audit::read::domain;
use audit::read::report::{ReportSender, senders};
use serde::Serialize;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Arguments of `reports`.
#[derive(clap::Args)]
#[command(
    after_help = "Exit codes: 0 every sender that proved the domain at all did so for 95 of 100 messages, 1 one did not, 2 bad input.\nReads DMARC aggregate reports (.xml, .zip, .gz) and mails with one attached (.eml). An audit with --reports also knows your SPF record."
)]
pub struct Args {
    /// A file or a folder
    #[arg(value_name = "FILE|DIR")]
    path: PathBuf,
    /// The domain that is asked about; otherwise the one that most reports are about
    #[arg(long)]
    domain: Option<String>,
    /// How the result is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
}

#[derive(Serialize)]
struct Told<'a> {
    domain: &'a str,
    #[serde(flatten)]
    seen: &'a ReportsSeen,
    senders: &'a [ReportSender],
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let asked = args.domain.as_deref().map(domain::parse).transpose();
    let asked = asked.map_err(|error| Trouble::new(error.to_string()))?.map(|target| target.domain);
    let seen = engine::reports(&args.path, &|| false).map_err(|error| Trouble::new(error.message))?;
    if seen.reports == 0 {
        let why: Vec<String> = seen.left_out.iter().map(|(why, count)| format!("{count} {why}")).collect();
        return Err(Trouble::new(format!("no DMARC report could be read: {}", why.join(", "))));
    }
    let most = seen.domains.iter().max_by_key(|(_, reports)| **reports).map(|(domain, _)| domain.clone());
    let domain = asked.or(most).unwrap_or_default();
    let senders = senders(&seen, &domain, &|_| None);
    let told = Told { domain: &domain, seen: &seen, senders: &senders };
    tell(args.format, &told, || text(&seen, &domain, &senders))?;
    let failing = senders.iter().any(|sender| sender.own && sender.unproven().saturating_mul(20) > sender.messages);
    Ok(if failing { Exit::Found } else { Exit::Clean })
}

fn text(seen: &ReportsSeen, domain: &str, senders: &[ReportSender]) -> String {
    let mut out = String::new();
    let date =
        |at: Option<jiff::Timestamp>| at.map_or_else(|| "?".to_owned(), |at| at.strftime("%-d %B %Y").to_string());
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "{domain}: {} reports of {} days, {} to {}",
        seen.reports,
        seen.days.len(),
        date(seen.from),
        date(seen.until)
    );
    for (reporter, messages) in &seen.reporters {
        let _ = writeln!(out, "  {reporter}: {messages} messages");
    }
    if seen.repeated > 0 {
        let _ = writeln!(out, "left out: {} that were there already", seen.repeated);
    }
    for (why, count) in &seen.left_out {
        let _ = writeln!(out, "left out: {count} {why}");
    }
    if senders.is_empty() {
        let _ = writeln!(out, "\nNo report names mail of {domain}.");
    }
    for sender in senders {
        let proven = if sender.own { "" } else { ", proves nothing" };
        let _ = writeln!(out, "\n{}{proven}", sender.name);
        let _ = writeln!(
            out,
            "  {} messages, {} proven (DKIM {}, SPF {})",
            sender.messages, sender.proven, sender.by_dkim, sender.by_spf
        );
        for (count, what) in [
            (sender.excused, "forwarded or excused by the receiver"),
            (sender.quarantined, "put into the spam folder"),
            (sender.rejected, "refused"),
        ] {
            if count > 0 {
                let _ = writeln!(out, "  {count} {what}");
            }
        }
        let machines: Vec<String> = sender.machines.iter().map(ToString::to_string).collect();
        let _ = writeln!(out, "  from {}", machines.join(", "));
        if let (Some(docs), true) = (&sender.docs, sender.unproven() > 0) {
            let _ = writeln!(out, "  how to set it up: {docs}");
        }
    }
    out
}
