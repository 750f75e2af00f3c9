//! `launch-ready secrets [PATH]`: keys in a folder, its history, or what is about to be committed. Never prints a value.

mod baseline;
mod print;
mod sarif;

use crate::exit::{Exit, Threshold, Trouble};
use crate::output;
use audit::facts::{KeyFound, Repository};
use audit::read::secret::{Rule, by_id};
use audit::{Severity, Why};
use clap::ValueEnum;
use engine::repo::{self, Baseline, Progress, Reading, Waiver};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Arguments of `secrets`.
#[derive(clap::Args)]
#[command(
    after_help = "Exit codes: 0 nothing at or above --fail-on, 1 something is, 2 bad input, 3 not everything could be read.
Before each commit (.git/hooks/pre-commit): exec launch-ready secrets --staged --baseline .launch-ready-secrets.json
GitHub Actions: checkout with fetch-depth: 0, then launch-ready secrets --format sarif > secrets.sarif and github/codeql-action/upload-sarif
GitLab CI (GIT_DEPTH: 0): launch-ready secrets --since \"$CI_MERGE_REQUEST_DIFF_BASE_SHA\"
Bitbucket (clone: depth: full): launch-ready secrets --since \"origin/$BITBUCKET_PR_DESTINATION_BRANCH\"
The recipes in full: assets/recipes/secrets.md"
)]
pub struct Args {
    /// The folder (or file) to read
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Read only what was committed after this revision, such as origin/main
    #[arg(long, value_name = "REV", conflicts_with = "staged")]
    since: Option<String>,
    /// Read only what is prepared for the next commit
    #[arg(long)]
    staged: bool,
    /// Read the files as they are, not the history
    #[arg(long, conflicts_with_all = ["since", "staged"])]
    no_history: bool,
    /// Read also the files that git ignores (.env files always are)
    #[arg(long)]
    ignored: bool,
    /// Finds that are known, with reason and expiry; its salt keys the fingerprints
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write every find that is not waived yet into the baseline, for 90 days, with this reason
    #[arg(long, value_name = "REASON", requires = "baseline")]
    accept: Option<String>,
    /// Keep what was read in this folder, so that the next reading of the history takes only what is new
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// How the result is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Exit 1 when a find is at least this severe
    #[arg(long, value_enum, value_name = "SEVERITY", default_value = "low")]
    fail_on: Threshold,
}

/// How the result is printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Sarif,
}

/// One find with what is known of it.
struct Found<'a> {
    leak: KeyFound,
    rule: &'static Rule,
    severity: Severity,
    waiver: Option<&'a Waiver>,
}

impl Found<'_> {
    /// Whether the find counts: no key that is meant to be public, allowed in its line, waived, or kept where it belongs.
    fn counts(&self) -> bool {
        audit::keys::counts(&self.leak) && self.waiver.is_none()
    }
}

/// What was read, for the printers.
struct Told<'a> {
    found: Vec<Found<'a>>,
    seen: Vec<(&'static str, Repository)>,
    /// What could not be read at all.
    lost: Vec<String>,
    /// Waivers that match nothing, or have run out.
    idle: Vec<String>,
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let now = jiff::Timestamp::now();
    let mut baseline = args.baseline.as_deref().map(|path| baseline::read(path, args.accept.is_some())).transpose()?;
    let salt = match &baseline {
        Some(baseline) => baseline.key().map_err(|says| Trouble::new(format!("the baseline {says}")))?,
        None => args
            .cache
            .as_deref()
            .map_or_else(|| Ok(fresh()), |folder| repo::kept_key(folder, fresh))
            .map_err(Trouble::new)?,
    };
    if !args.path.exists() {
        return Err(Trouble::new(format!("there is no {}", args.path.display())));
    }
    let reading = Reading { ignored: args.ignored, cache: args.cache.clone(), ..Reading::new(salt) };
    let (seen, lost) = look(args, &reading)?;
    let leaks = audit::keys::merge(seen.iter().flat_map(|(_, seen)| &seen.leaks));
    if let (Some(reason), Some(baseline), Some(path)) = (&args.accept, &mut baseline, &args.baseline) {
        baseline.accept(&leaks, reason, now);
        baseline::write(path, baseline)?;
    }
    let idle = baseline.as_ref().map(|baseline| baseline.idle(&leaks, now)).unwrap_or_default();
    let found = leaks.into_iter().filter_map(|leak| known(leak, baseline.as_ref(), now)).collect();
    let told = Told { found, seen, lost, idle };
    output::print(&match args.format {
        Format::Text => print::text(&told),
        Format::Json => print::json(&told)?,
        Format::Sarif => sarif::log(&told)?,
    })?;
    let threshold = Severity::from(args.fail_on);
    let fails = told.found.iter().any(|found| found.counts() && found.severity >= threshold);
    // A file that is larger than what is looked at is told and ends nothing: it would end every run.
    let blind = |seen: &Repository| seen.cut || seen.unread.iter().any(|unread| unread.why != Why::Beyond);
    let short = !told.lost.is_empty() || told.seen.iter().any(|(_, seen)| blind(seen));
    Ok(if fails {
        Exit::Found
    } else if short {
        Exit::Unseen
    } else {
        Exit::Clean
    })
}

/// A key of fingerprints for this once.
fn fresh() -> [u8; 32] {
    let mut salt = [0; 32];
    salt[..16].copy_from_slice(uuid::Uuid::new_v4().as_bytes());
    salt[16..].copy_from_slice(uuid::Uuid::new_v4().as_bytes());
    salt
}

type Seen = (Vec<(&'static str, Repository)>, Vec<String>);

fn look(args: &Args, reading: &Reading) -> Result<Seen, Trouble> {
    let trouble = |says: String| Trouble::new(format!("{}: {says}", args.path.display()));
    let progress = Progress::default();
    if args.staged {
        return repo::staged(&args.path, reading, &progress)
            .map(|seen| (vec![("prepared files", seen)], vec![]))
            .map_err(trouble);
    }
    if let Some(revision) = &args.since {
        let seen = repo::since(&args.path, revision, reading, &progress).map_err(trouble)?;
        return Ok((vec![("new versions of files", seen)], vec![]));
    }
    let mut seen = vec![("files", repo::tree(&args.path, reading, &progress).map_err(trouble)?)];
    let mut lost = Vec::new();
    if !args.no_history && args.path.is_dir() && repo::root(&args.path).is_some() {
        match shown(&args.path, reading) {
            Ok(history) => seen.push(("versions of files in the history", history)),
            Err(says) => lost.push(format!("the history was not read: {says}")),
        }
    }
    Ok((seen, lost))
}

/// Reads the history, with a bar for a person who waits.
fn shown(path: &Path, reading: &Reading) -> Result<Repository, String> {
    let progress = Progress::default();
    let bar = indicatif::ProgressBar::new(0);
    std::thread::scope(|scope| {
        let work = scope.spawn(|| repo::history(path, reading, &progress));
        while !work.is_finished() {
            std::thread::sleep(Duration::from_millis(5));
            bar.set_length(progress.all.load(Ordering::Relaxed));
            bar.set_position(progress.done.load(Ordering::Relaxed));
        }
        bar.finish_and_clear();
        work.join().unwrap_or_else(|_| Err("reading it ended early".to_owned()))
    })
}

fn known(leak: KeyFound, baseline: Option<&Baseline>, now: jiff::Timestamp) -> Option<Found<'_>> {
    let rule = by_id(&leak.found.rule)?;
    let severity = audit::keys::severity(rule);
    let waiver = baseline.and_then(|baseline| baseline.waives(&leak, now));
    Some(Found { leak, rule, severity, waiver })
}
