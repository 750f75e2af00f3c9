//! `launch-ready diff OLD NEW`: hold a later run against an earlier one, without a network.

use crate::exit::{Exit, Threshold, Trouble};
use crate::input;
use crate::output::{self, Form};
use audit::Facts;
use audit::diff::{Kind, diff, regressed};
use audit::roadmap::Roadmap;
use std::io::IsTerminal;
use std::path::PathBuf;

/// Arguments of `diff`.
#[derive(clap::Args)]
pub struct Args {
    /// The facts of the earlier run, as `launch-ready audit --facts` wrote them
    old: PathBuf,
    /// The facts of the later run
    new: PathBuf,
    /// Judge both by this roadmap instead of the one in the later file: sd, cc, cp, bb or io
    #[arg(long)]
    roadmap: Option<String>,
    /// How the result is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
    /// Exit 1 when something new or worse is at least this severe
    #[arg(long, value_enum, value_name = "SEVERITY", default_value = "high")]
    fail_on: Threshold,
    /// Exit 1 also when something that could be told then cannot be told now
    #[arg(long)]
    fail_on_unknown: bool,
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let (old, new) = (input::facts(&args.old)?, input::facts(&args.new)?);
    let roadmap = input::roadmap(args.roadmap.as_deref().unwrap_or(&new.roadmap))?;
    let told = between(&old, &new, roadmap)?;
    output::tell(args.format, &told, || report::changes(&told, std::io::stdout().is_terminal()))?;
    if new.cut_short || new.finished.is_none() {
        return Ok(Exit::Unseen);
    }
    let threshold = args.fail_on.into();
    let found = told.rows.iter().filter(|row| regressed(row)).filter_map(|row| row.now.as_ref());
    let lost = told.rows.iter().any(|row| row.kind == Kind::UntoldNow);
    let fails = found.into_iter().any(|side| side.severity >= threshold) || (args.fail_on_unknown && lost);
    Ok(if fails { Exit::Found } else { Exit::Clean })
}

/// Both judged by one roadmap, each by the clock of its own end.
pub fn between(old: &Facts, new: &Facts, roadmap: &Roadmap) -> Result<audit::diff::Diff, Trouble> {
    of_one_domain(old, new)?;
    let judged = |facts: &Facts| audit::audit(facts, roadmap, facts.finished.unwrap_or(facts.started));
    Ok(diff(&judged(old), &judged(new)))
}

/// Refuses runs of two domains.
pub fn of_one_domain(old: &Facts, new: &Facts) -> Result<(), Trouble> {
    let (old, new) = (&old.target.domain, &new.target.domain);
    if old == new {
        return Ok(());
    }
    Err(Trouble::new(format!("these are runs of two domains, {old} and {new}; compare runs of one")))
}
