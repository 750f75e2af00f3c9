//! `launch-ready judge FACTS`: judge saved facts again, without a network.

use crate::exit::{Exit, Trouble};
use crate::input;
use crate::output::{self, Output};
use std::path::PathBuf;

/// Arguments of `judge`.
#[derive(clap::Args)]
pub struct Args {
    /// A file written by `launch-ready audit --facts`
    facts: PathBuf,
    /// Judge by this time instead of the time when the run ended, such as 2026-11-21T12:00:00Z
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Judge by this roadmap instead of the one in the file: sd, cc, cp, bb or io
    #[arg(long)]
    roadmap: Option<String>,
    #[command(flatten)]
    output: Output,
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let mut facts = input::facts(&args.facts)?;
    if let Some(roadmap) = &args.roadmap {
        facts.roadmap.clone_from(&input::roadmap(roadmap)?.id);
    }
    let roadmap = input::roadmap(&facts.roadmap)?;
    let at = match &args.at {
        Some(text) => input::time(text)?,
        None => facts.finished.unwrap_or(facts.started),
    };
    output::finish(&facts, roadmap, at, &args.output, &output::unnamed(&facts))
}
