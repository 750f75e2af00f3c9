//! `launch-ready handover PROJECT|FACTS`: the documents that are handed over, written from a project file or saved facts without a network.

use crate::exit::{Exit, Trouble};
use crate::input;
use crate::output;
use crate::parcel::{self, Parcel};
use crate::template;
use audit::Facts;
use clap::ValueEnum;
use jiff::Timestamp;
use std::path::{Path, PathBuf};

/// Arguments of `handover`.
#[derive(clap::Args)]
#[command(
    after_help = "A project file brings all that the window has of a project: the newest run, answers, owners, evidence, accepted risks, own rows, sprint. It is read in a folder that is removed again; no project of yours is touched.\nExit codes: 0 everything named was written, 2 bad input, or a key stands in what people wrote and nothing was written.\nWithout a file to write, it tells what is still open before a handover.\n\nA template:\n  name = \"Rivera Consulting\"\n  accent = \"#0b5d3b\"      # links\n  headings = \"#12233d\"\n  logo = \"logo.png\"       # PNG, beside this file, at most 2000 × 2000 pixels and 512 kB"
)]
pub struct Args {
    /// A project file (.launchready) as the window or `launch-ready project export` writes it, or facts as `launch-ready audit --facts` writes them
    #[arg(value_name = "PROJECT|FACTS")]
    file: PathBuf,
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
    /// The client's name, instead of the one in the project file
    #[arg(long, value_name = "NAME")]
    client: Option<String>,
    /// The product's name, instead of the one in the project file; with facts alone the domain stands in
    #[arg(long, value_name = "NAME")]
    product: Option<String>,
    /// Who signs for the audit
    #[arg(long, value_name = "NAME")]
    author: Option<String>,
    /// Your own name, logo and colours, from this TOML file: name, accent, headings, logo
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// The paper
    #[arg(long, value_enum, default_value = "a4")]
    paper: Paper,
    /// Tell area by area what changed since the run in this facts file; a project file brings its accepted run, or its first
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,
    /// Judge by this time, such as 2026-11-21T12:00:00Z; without it facts are judged by the time when their run ended, and a project by the time of now
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

/// What the documents are written from.
struct Given {
    facts: Facts,
    roadmap: String,
    /// The run that changes are told since.
    earlier: Option<Facts>,
    client: String,
    product: String,
    /// The clock to judge by unless another is named.
    at: Timestamp,
}

impl Given {
    async fn read(path: &Path) -> Result<Self, Trouble> {
        if !parcel::is(path)? {
            let facts = input::facts(path)?;
            let (roadmap, at) = (facts.roadmap.clone(), end(&facts));
            return Ok(Self { facts, roadmap, earlier: None, client: String::new(), product: String::new(), at });
        }
        let Parcel { facts, roadmap, earlier, client, product, lost } = parcel::read(path).await?;
        for says in lost {
            eprintln!("not in these documents: {says}");
        }
        // People answered after the run ended, and the window judges by the clock of now as well.
        Ok(Self { facts, roadmap, earlier, client, product, at: Timestamp::now() })
    }
}

fn end(facts: &Facts) -> Timestamp {
    facts.finished.unwrap_or(facts.started)
}

pub async fn run(args: Args) -> Result<Exit, Trouble> {
    let Given { mut facts, roadmap, earlier, client, product, at } = Given::read(&args.file).await?;
    if let Some(other) = &args.roadmap {
        facts.roadmap.clone_from(&input::roadmap(other)?.id);
    }
    let roadmap = input::roadmap(args.roadmap.as_ref().unwrap_or(&roadmap))?;
    let at = args.at.as_deref().map(input::time).transpose()?.unwrap_or(at);
    let earlier = args.since.as_deref().map(input::facts).transpose()?.or(earlier);
    let audit = audit::audit(&facts, roadmap, at);
    let since = earlier.map(|earlier| {
        super::diff::of_one_domain(&earlier, &facts)?;
        Ok(audit::diff::diff(&audit::audit(&earlier, roadmap, end(&earlier)), &audit))
    });
    let options = report::Options {
        client: args.client.clone().unwrap_or(client),
        product: args.product.clone().unwrap_or(product),
        author: args.author.clone(),
        paper: match args.paper {
            Paper::A4 => report::Paper::A4,
            Paper::Letter => report::Paper::Letter,
        },
        since: since.transpose()?,
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
