//! `launch-ready handover FACTS`: the documents that are handed over, written from saved facts without a network.

use crate::exit::{Exit, Trouble};
use crate::input;
use crate::output;
use crate::template;
use clap::ValueEnum;
use std::path::PathBuf;

/// Arguments of `handover`.
#[derive(clap::Args)]
#[command(
    after_help = "Exit codes: 0 everything named was written, 2 bad input, or a key stands in what people wrote and nothing was written.\nWithout a file to write, it tells what is still open before a handover.\n\nA template:\n  name = \"Rivera Consulting\"\n  accent = \"#0b5d3b\"      # links\n  headings = \"#12233d\"\n  logo = \"logo.png\"       # PNG, beside this file, at most 2000 × 2000 pixels and 512 kB"
)]
pub struct Args {
    /// A file written by `launch-ready audit --facts`
    facts: PathBuf,
    /// Write the PDF to this file
    #[arg(long, value_name = "FILE")]
    pdf: Option<PathBuf>,
    /// Write the same as one HTML file that stands alone
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write the same as Markdown
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Write its lists as CSV files into this folder
    #[arg(long, value_name = "DIR")]
    csv: Option<PathBuf>,
    /// Write the operating guide alone, a PDF of one page, to this file
    #[arg(long, value_name = "FILE")]
    guide: Option<PathBuf>,
    /// The client's name
    #[arg(long, default_value = "", hide_default_value = true)]
    client: String,
    /// The product's name; the domain stands in without it
    #[arg(long, default_value = "", hide_default_value = true)]
    product: String,
    /// Who signs for the audit
    #[arg(long, value_name = "NAME")]
    author: Option<String>,
    /// Your own name, logo and colours, from this TOML file: name, accent, headings, logo
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// The paper
    #[arg(long, value_enum, default_value = "a4")]
    paper: Paper,
    /// Tell area by area what changed since the run in this facts file: the first one, or the last accepted one
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,
    /// Judge by this time instead of the time when the run ended, such as 2026-11-21T12:00:00Z
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Judge by this roadmap instead of the one in the file: sd, cc, cp, bb or io
    #[arg(long)]
    roadmap: Option<String>,
}

/// The paper to print on.
#[derive(Clone, Copy, ValueEnum)]
enum Paper {
    A4,
    Letter,
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
    let earlier = args.since.as_deref().map(input::facts).transpose()?;
    let since = earlier.map(|earlier| super::diff::between(&earlier, &facts, roadmap)).transpose()?;
    let audit = audit::audit(&facts, roadmap, at);
    let options = report::Options {
        client: args.client.clone(),
        product: args.product.clone(),
        author: args.author.clone(),
        paper: match args.paper {
            Paper::A4 => report::Paper::A4,
            Paper::Letter => report::Paper::Letter,
        },
        since,
        template: args.template.as_deref().map(template::read).transpose()?.unwrap_or_default(),
    };
    let open = report::preflight(&audit, &facts, &options);
    if let Some(stop) = open.iter().find(|open| open.stops) {
        return Err(Trouble::new(format!("nothing was written: {} {}", stop.says, stop.way)));
    }
    let failed = |error: report::Error| Trouble::new(format!("failed to write the report: {error}"));
    let mut files = vec![];
    if let Some(path) = &args.pdf {
        files.push((path.clone(), report::pdf(&audit, &facts, &options).map_err(failed)?));
    }
    if let Some(path) = &args.html {
        files.push((path.clone(), report::html(&audit, &facts, &options).map_err(failed)?.into_bytes()));
    }
    if let Some(path) = &args.markdown {
        files.push((path.clone(), report::markdown(&audit, &facts, &options).into_bytes()));
    }
    if let Some(path) = &args.guide {
        files.push((path.clone(), report::guide(&audit, &facts, &options).map_err(failed)?));
    }
    if let Some(folder) = &args.csv {
        std::fs::create_dir_all(folder)
            .map_err(|error| Trouble::new(format!("failed to make {}: {error}", folder.display())))?;
        let lists = report::csv(&audit, &facts).map_err(failed)?;
        files.extend(lists.into_iter().map(|(name, text)| (folder.join(name), text.into_bytes())));
    }
    for (path, bytes) in &files {
        output::write_whole(path, bytes)?;
        eprintln!("wrote {}", path.display());
    }
    output::print(&told(&open, files.is_empty()))?;
    Ok(Exit::Clean)
}

/// What is still open, a line each.
fn told(open: &[report::Open], idle: bool) -> String {
    let mut lines: Vec<String> = open.iter().map(|open| format!("  {} {}", open.says, open.way)).collect();
    let head = if lines.is_empty() { "Nothing is open before a handover." } else { "Open before a handover" };
    lines.insert(0, head.to_owned());
    if idle {
        lines.push(
            "Nothing was written; name a file: --pdf, --html, --markdown, --guide, or a folder: --csv.".to_owned(),
        );
    }
    lines.join("\n")
}
