//! Write: the audit as blocks, printed as PDF and Markdown from the same ones; the audit itself as JSON and as lines for a terminal.

// The fixture of the tests names this crate as its users do.
#[cfg(test)]
extern crate self as report;

pub mod block;
mod brief;
mod clean;
mod json;
mod markdown;
mod pdf;
pub mod sections;
mod text;
mod words;

pub use brief::Brief;
pub use pdf::Paper;
pub use sections::{Section, built};

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

/// The report as a PDF. The same audit, facts and options give the same bytes.
///
/// # Errors
/// When an embedded font cannot be read or the document cannot be written.
pub fn pdf(audit: &Audit, facts: &Facts, options: &Options) -> Result<Vec<u8>, Error> {
    let mut head = match options.client.as_str() {
        "" => "Launch audit".to_owned(),
        client => format!("{client} · launch audit"),
    };
    let mut foot = audit.target.name.clone();
    let mut title = format!("Launch audit of {}", sections::product(options, audit));
    let mut author = options.author.clone().unwrap_or_else(|| "Launch Ready".to_owned());
    [&mut head, &mut foot, &mut title, &mut author].into_iter().for_each(clean::line);
    let running = pdf::Running { head, foot, title, author: &author, at: audit.judged };
    pdf::print(&blocks(audit, facts, options), &running, options.paper)
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

/// The audit as lines for a terminal.
#[must_use]
pub fn text(audit: &Audit, color: bool) -> String {
    text::print(audit, color)
}
