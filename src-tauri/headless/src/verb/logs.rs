//! `launch-ready logs [FILE|DIR|-]`: what a log holds that should not be there, without repeating any of it.

use crate::exit::{Exit, Trouble};
use crate::output::{Form, tell};
use audit::Severity;
use audit::checks::logs::leaks::rank;
use audit::facts::{LeakKind, LogSeen, Spot};
use serde::Serialize;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Arguments of `logs`.
#[derive(clap::Args)]
#[command(
    after_help = "Exit codes: 0 nothing at or above --fail-on, 1 something is, 2 bad input.\nReads plain text, JSON lines, logfmt, access logs and syslog; gzip and zstd are unpacked. Values are never kept or shown."
)]
pub struct Args {
    /// A file, a folder, or - for standard input
    #[arg(default_value = "-", value_name = "FILE|DIR|-")]
    path: PathBuf,
    /// How the result is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
    /// Exit 1 when something is found that is at least this severe
    #[arg(long, value_enum, value_name = "SEVERITY", default_value = "high")]
    fail_on: crate::exit::Threshold,
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    // Fingerprints are not printed, so the key of their hash need not be secret.
    let salt = [0; 32];
    let seen = if args.path == Path::new("-") {
        engine::log_from(std::io::stdin().lock(), &salt, &|| false)
    } else {
        engine::log(&args.path, &salt, &|| false).map_err(|error| Trouble::new(error.message))?
    };
    if seen.lines == 0 && !seen.left_out.is_empty() {
        let why: Vec<&str> = seen.left_out.keys().map(String::as_str).collect();
        return Err(Trouble::new(format!("no log could be read: {}", why.join(", "))));
    }
    tell(args.format, &Told::of(&seen), || text(&seen))?;
    let threshold = Severity::from(args.fail_on);
    let found = seen.leaks.keys().any(|kind| rank(*kind).1 >= threshold);
    Ok(if found { Exit::Found } else { Exit::Clean })
}

#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    seen: &'a LogSeen,
    severities: Vec<(LeakKind, Severity)>,
}

impl<'a> Told<'a> {
    fn of(seen: &'a LogSeen) -> Self {
        Self { seen, severities: seen.leaks.keys().map(|kind| (*kind, rank(*kind).1)).collect() }
    }
}

fn text(seen: &LogSeen) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{} lines in {} files, {} MB", seen.lines, seen.files, seen.bytes / 1_000_000);
    let forms: Vec<String> =
        seen.forms.iter().map(|(form, files)| format!("{} {files}", format!("{form:?}").to_lowercase())).collect();
    let _ = writeln!(out, "forms: {}", forms.join(", "));
    for (why, count) in &seen.left_out {
        let _ = writeln!(out, "left out: {count} {why}");
    }
    if seen.leaks.is_empty() {
        let _ = writeln!(out, "\nNothing was found that should not be there.");
    }
    for (kind, leak) in &seen.leaks {
        let (called, severity) = rank(*kind);
        let _ = writeln!(out, "\n{} {called} ({})", leak.count, format!("{severity:?}").to_lowercase());
        for spot in &leak.examples {
            let _ = writeln!(out, "  {}", place(spot));
        }
    }
    let _ = writeln!(out, "\n{} of {} error lines name their request", seen.errors_named, seen.errors);
    for spot in &seen.nameless {
        let _ = writeln!(out, "  {}", place(spot));
    }
    out
}

fn place(spot: &Spot) -> String {
    format!("{}:{}  {}", spot.file, spot.line, spot.says)
}
