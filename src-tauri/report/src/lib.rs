//! Write: the audit as blocks, printed as PDF, HTML and Markdown from the same ones; the audit itself as JSON, CSV and as lines for a terminal.

// The fixture of the tests names this crate as its users do.
#[cfg(test)]
extern crate self as report;

pub mod block;
mod brief;
mod changes;
mod clean;
mod csv;
mod html;
mod json;
mod markdown;
mod pdf;
mod picture;
mod preflight;
mod run;
pub mod sections;
mod template;
mod text;
mod words;

pub use brief::Brief;
pub use pdf::Paper;
pub use picture::Pages;
pub use preflight::{Open, preflight};
pub use run::Run;
pub use sections::{Section, built};
pub use template::{Logo, Template};

use audit::diff::Diff;
use audit::{Audit, Facts};
use block::Block;

/// For whom the report is written, and on what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The client's name.
    pub client: String,
    /// The product's name; the domain stands in when it is empty.
    pub product: String,
    /// Who signs for the audit.
    pub author: Option<String>,
    /// The paper.
    pub paper: Paper,
    /// What changed since an earlier run, where there is one.
    pub since: Option<Diff>,
    /// The look of whoever hands it over.
    pub template: Template,
}

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// One of the embedded fonts is damaged.
    #[error("failed to read an embedded font: {0}")]
    Font(String),
    /// The document could not be put together.
    #[error("failed to write the PDF: {0}")]
    Print(String),
    /// A list could not be written as CSV.
    #[error("failed to write a list as CSV: {0}")]
    Csv(String),
    /// The audit could not be written as JSON.
    #[error("failed to write the audit as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// The report as blocks, section after section.
#[must_use]
pub fn blocks(audit: &Audit, facts: &Facts, options: &Options) -> Vec<Block> {
    let brief = Brief::new(audit, facts, options);
    let mut blocks: Vec<Block> = sections::all().iter().flat_map(|section| (section.write)(&brief)).collect();
    clean::blocks(&mut blocks);
    blocks
}

/// One section of the report as blocks, by its id; none where this version does not write it.
#[must_use]
pub fn section(audit: &Audit, facts: &Facts, options: &Options, id: &str) -> Option<Vec<Block>> {
    // The summary that roadmaps ask for is the page of the decision.
    let id = if id == "report.summary" { "report.go_no_go" } else { id };
    let section = sections::all().iter().find(|section| section.id == id)?;
    let mut blocks = (section.write)(&Brief::new(audit, facts, options));
    clean::blocks(&mut blocks);
    Some(blocks)
}

/// The report as a PDF. The same audit, facts and options give the same bytes.
///
/// # Errors
/// When an embedded font cannot be read or the document cannot be written.
pub fn pdf(audit: &Audit, facts: &Facts, options: &Options) -> Result<Vec<u8>, Error> {
    printed(&blocks(audit, facts, options), audit, options)
}

/// The operating guide alone, as a PDF of one page.
///
/// # Errors
/// When an embedded font cannot be read or the document cannot be written.
pub fn guide(audit: &Audit, facts: &Facts, options: &Options) -> Result<Vec<u8>, Error> {
    printed(&section(audit, facts, options, sections::GUIDE).unwrap_or_default(), audit, options)
}

/// The report as one HTML file that stands alone: the accessible twin of the PDF, from the same blocks.
///
/// # Errors
/// When an embedded font cannot be read: figures are measured by it.
pub fn html(audit: &Audit, facts: &Facts, options: &Options) -> Result<String, Error> {
    let mut title = format!("Launch audit of {}", sections::product(options, audit));
    let mut foot = format!("{}, as of {}", audit.target.name, words::time(audit.judged));
    [&mut title, &mut foot].into_iter().for_each(clean::line);
    html::print(&blocks(audit, facts, options), &title, &foot, &options.template)
}

/// The lists of the report as CSV files, by name.
///
/// # Errors
/// When one cannot be put together.
pub fn csv(audit: &Audit, facts: &Facts) -> Result<Vec<(&'static str, String)>, Error> {
    csv::files(audit, facts)
}

/// The pages of the report on which one section stands, as pictures of what the PDF prints, at most so many; none where this version does not
/// write the section.
///
/// # Errors
/// When an embedded font cannot be read.
pub fn pages(audit: &Audit, facts: &Facts, options: &Options, id: &str, most: usize) -> Result<Option<Pages>, Error> {
    let Some(part) = section(audit, facts, options, id) else { return Ok(None) };
    let whole = blocks(audit, facts, options);
    let leaf = running(audit, options, |running| pdf::leaf(&whole, &part, running, options.paper))?;
    let pictures = picture::of(&leaf, options.template.logo.as_ref(), most)?;
    let more = leaf.pages.len().saturating_sub(pictures.len());
    Ok(Some(Pages { first: leaf.first, total: leaf.total, more, pictures }))
}

fn printed(blocks: &[Block], audit: &Audit, options: &Options) -> Result<Vec<u8>, Error> {
    running(audit, options, |running| pdf::print(blocks, running, options.paper))
}

/// Works with what stands on every page.
fn running<T>(audit: &Audit, options: &Options, work: impl FnOnce(&pdf::Running<'_>) -> T) -> T {
    let mut head = match options.client.as_str() {
        "" => "Launch audit".to_owned(),
        client => format!("{client} · launch audit"),
    };
    let template = &options.template;
    if !template.name.is_empty() {
        head = format!("{} · {head}", template.name);
    }
    let mut foot = audit.target.name.clone();
    let mut title = format!("Launch audit of {}", sections::product(options, audit));
    let by = if template.name.is_empty() { "Launch Ready" } else { &template.name };
    let mut author = options.author.clone().unwrap_or_else(|| by.to_owned());
    [&mut head, &mut foot, &mut title, &mut author].into_iter().for_each(clean::line);
    work(&pdf::Running { head, foot, title, author: &author, at: audit.judged, template })
}

/// The report as Markdown: the same blocks, headings and order as the PDF.
#[must_use]
pub fn markdown(audit: &Audit, facts: &Facts, options: &Options) -> String {
    markdown::print(&blocks(audit, facts, options))
}

/// The audit as JSON by the published schema (`assets/schema/audit-1.schema.json`).
///
/// # Errors
/// When it cannot be put together.
pub fn json(audit: &Audit) -> Result<String, Error> {
    json::print(audit)
}

/// What changed between two runs as lines for a terminal.
#[must_use]
pub fn changes(diff: &Diff, color: bool) -> String {
    changes::print(diff, color)
}

/// The audit as lines for a terminal.
#[must_use]
pub fn text(audit: &Audit, color: bool) -> String {
    text::print(audit, color)
}
