//! Results on standard output and into named files.

use crate::exit::{self, Exit, Threshold, Trouble};
use audit::facts::Facts;
use audit::roadmap::Roadmap;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use serde::Serialize;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Options that audit, judge and demo share.
#[derive(Args)]
pub struct Output {
    /// How the result is printed
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// Write the handover PDF to this file
    #[arg(long, value_name = "FILE")]
    pub pdf: Option<PathBuf>,
    /// Tell in the report what changed since this earlier run, the facts that `audit --facts` wrote
    #[arg(long, value_name = "FILE")]
    pub since: Option<PathBuf>,
    /// Exit 1 when a finding is at least this severe
    #[arg(long, value_enum, value_name = "SEVERITY", default_value = "high")]
    pub fail_on: Threshold,
    /// Exit 1 also when a check could not tell
    #[arg(long)]
    pub fail_on_unknown: bool,
}

/// How the result is printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
    Markdown,
}

/// How a result without a report is printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    Text,
    Json,
}

/// Prints a result as lines for a person, or whole as JSON.
pub fn tell<T: Serialize>(form: Form, told: &T, text: impl FnOnce() -> String) -> Result<(), Trouble> {
    print(&match form {
        Form::Text => text(),
        Form::Json => serde_json::to_string_pretty(told)
            .map_err(|error| Trouble::new(format!("failed to write the result: {error}")))?,
    })
}

/// Judges, prints, writes the named files, and tells how the command ends.
pub fn finish(
    facts: &Facts,
    roadmap: &Roadmap,
    at: Timestamp,
    output: &Output,
    options: &report::Options,
) -> Result<Exit, Trouble> {
    let earlier = output.since.as_deref().map(crate::input::facts).transpose()?;
    let since = earlier.map(|earlier| crate::verb::diff::between(&earlier, facts, roadmap)).transpose()?;
    let options = &report::Options { since, ..options.clone() };
    let audit = audit::audit(facts, roadmap, at);
    let failed = |error: report::Error| Trouble::new(format!("failed to write the report: {error}"));
    let text = match output.format {
        Format::Text => {
            let color = std::io::stdout().is_terminal();
            let since = options.since.as_ref().map(|since| format!("\n{}", report::changes(since, color)));
            report::text(&audit, color) + &since.unwrap_or_default()
        }
        Format::Json => report::json(&audit).map_err(failed)?,
        Format::Markdown => report::markdown(&audit, facts, options),
    };
    print(&text)?;
    if let Some(path) = &output.pdf {
        write(path, &report::pdf(&audit, facts, options).map_err(failed)?)?;
        eprintln!("wrote {}", path.display());
    }
    Ok(exit::of(&audit, facts, output.fail_on, output.fail_on_unknown))
}

/// A report on a domain whose client and product nobody named.
pub fn unnamed(facts: &Facts) -> report::Options {
    report::Options { product: facts.target.name.clone(), ..report::Options::default() }
}

/// Prints to standard output; a reader that went away is not an error.
pub fn print(text: &str) -> Result<(), Trouble> {
    let mut out = std::io::stdout().lock();
    let end = if text.ends_with('\n') { "" } else { "\n" };
    match write!(out, "{text}{end}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Trouble::new(format!("failed to print: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes facts, for `judge`, `diff` and `--since`.
pub fn save_facts(path: &Path, facts: &Facts) -> Result<(), Trouble> {
    let text = serde_json::to_vec_pretty(facts)
        .map_err(|error| Trouble::new(format!("failed to write the facts: {error}")))?;
    write(path, &text)?;
    eprintln!("wrote {}", path.display());
    Ok(())
}

/// Writes the records as they are now as the accepted ones.
pub fn save_expected(path: &Path, facts: &Facts) -> Result<(), Trouble> {
    let accepted = audit::drift::accept(facts, facts.finished.unwrap_or(facts.started));
    if accepted.rows.is_empty() {
        return Err(Trouble::new("no record of the domain was seen, so there is none to accept".to_owned()));
    }
    let saved = crate::input::Saved { domain: facts.target.domain.clone(), accepted };
    let text = serde_json::to_vec_pretty(&saved)
        .map_err(|error| Trouble::new(format!("failed to write the accepted records: {error}")))?;
    write(path, &text)?;
    eprintln!("wrote {}", path.display());
    Ok(())
}

/// Writes a named file beside its place and puts it there when it is whole: half a document is of no use to anybody.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Trouble> {
    let mut name = path.file_name().ok_or_else(|| Trouble::new(format!("{} is no file", path.display())))?.to_owned();
    name.push(".part");
    let beside = path.with_file_name(name);
    let put = write(&beside, bytes).and_then(|()| {
        std::fs::rename(&beside, path)
            .map_err(|error| Trouble::new(format!("failed to write {}: {error}", path.display())))
    });
    if put.is_err() {
        // What is left beside says nothing that the error does not.
        let _ = std::fs::remove_file(&beside);
    }
    put
}

/// Writes a named file.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Trouble> {
    std::fs::write(path, bytes).map_err(|error| Trouble::new(format!("failed to write {}: {error}", path.display())))
}
