//! A deliverable as the window shows it: its pages as the PDF prints them, and the blocks that they are printed from, with their words in the same order.

use crate::error::Trouble;
use crate::export;
use crate::state::Core;
use audit::State;
use engine::store::ProjectId;
use report::Run;
use report::block::{Block, Figure, Hops, Mark, Role, Shape, Span, Stop, Table};
use serde::Serialize;
use ts_rs::TS;

/// Pages of one preview; more are in the document.
const PAGES: usize = 12;
/// Blocks of one preview; more are in the document.
const MOST: usize = 400;
/// Rows of one table; more are in the document.
const ROWS: usize = 300;

/// One block.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Shown {
    /// A heading.
    Heading { level: u8, text: String },
    /// A paragraph; `role` is lead, body or quiet.
    Words { role: &'static str, words: Vec<Word> },
    /// A list.
    List { numbered: bool, items: Vec<Vec<Word>> },
    /// A table.
    Table { columns: Vec<String>, rows: Vec<Vec<Vec<Word>>> },
    /// Something to paste, or a record.
    Code { text: String },
    /// Blocks that belong together, below what they are about.
    Group { title: Vec<Word>, blocks: Vec<Shown> },
}

/// A run of words.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct Word {
    pub(crate) text: String,
    /// plain, strong, quiet, code, status, link or break.
    pub(crate) style: &'static str,
    /// The state whose shape and colour a status has.
    pub(crate) state: Option<State>,
    /// Where a link leads.
    pub(crate) url: Option<String>,
}

/// A part of the document.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct Preview {
    /// Its pages as the PDF prints them, each as the address of a picture that holds everything itself.
    pub(crate) pages: Vec<String>,
    /// The number of the first one in the document.
    pub(crate) first: u32,
    /// Pages of the whole document.
    pub(crate) total: u32,
    /// Pages of this part that only the document shows.
    pub(crate) more: u32,
    /// The same in words.
    pub(crate) blocks: Vec<Shown>,
}

/// The section of a deliverable, as the newest run fills it and the document prints it.
pub(crate) async fn of(core: &Core, id: ProjectId, report: String) -> Result<Preview, Trouble> {
    let project = core.store.project(id).await?;
    let none = || Trouble::new("no-run", "there is nothing to show yet; run the audit first");
    let judged = core.judged(&project).await?.ok_or_else(none)?;
    let options = export::options(core, &project, &judged).await?;
    let work = move || {
        let none = || Trouble::new("report", "this version does not write this part of the document yet");
        let (audit, facts) = (&judged.audit, &judged.facts);
        let blocks = report::section(audit, facts, &options, &report).ok_or_else(none)?;
        let pages = report::pages(audit, facts, &options, &report, PAGES)?.ok_or_else(none)?;
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(Preview {
            first: count(pages.first),
            total: count(pages.total),
            more: count(pages.more),
            pages: pages.pictures,
            blocks: blocks.iter().filter_map(shown).take(MOST).collect(),
        })
    };
    tauri::async_runtime::spawn_blocking(work).await?
}

fn shown(block: &Block) -> Option<Shown> {
    Some(match block {
        Block::Heading(heading) => {
            let mark = heading.mark.as_ref().map_or_else(String::new, |mark| format!("{}: ", mark.word));
            Shown::Heading { level: heading.level, text: format!("{mark}{}", heading.text) }
        }
        Block::Paragraph { spans, role } => Shown::Words { role: said(*role), words: words(spans) },
        Block::List { items, numbered } => {
            Shown::List { numbered: *numbered, items: items.iter().map(|item| words(item)).collect() }
        }
        Block::Table(rows) => table(rows),
        Block::Entry { label, blocks } => {
            Shown::Group { title: vec![word(label, "code")], blocks: blocks.iter().filter_map(shown).collect() }
        }
        Block::Code(text) => Shown::Code { text: text.clone() },
        Block::Callout { mark, title, blocks } => {
            let title = std::iter::once(status(mark)).chain(words(title)).collect();
            Shown::Group { title, blocks: blocks.iter().filter_map(shown).collect() }
        }
        Block::Figure(drawing) => return figure(drawing),
        Block::Signatures(people) => {
            Shown::List { numbered: false, items: people.iter().map(|who| vec![word(who, "plain")]).collect() }
        }
        Block::Together(blocks) => Shown::Group { title: vec![], blocks: blocks.iter().filter_map(shown).collect() },
        Block::Cover(_) | Block::Contents(_) | Block::PageBreak { .. } => return None,
    })
}

fn said(role: Role) -> &'static str {
    match role {
        Role::Lead => "lead",
        Role::Body => "body",
        Role::Quiet => "quiet",
    }
}

fn table(table: &Table) -> Shown {
    Shown::Table {
        columns: table.columns.iter().map(|column| column.title.clone()).collect(),
        rows: table.rows.iter().take(ROWS).map(|row| row.iter().map(|cell| words(cell)).collect()).collect(),
    }
}

/// What is drawn on paper, in words; drawings whose table stands below them say nothing more.
fn figure(figure: &Figure) -> Option<Shown> {
    match figure {
        Figure::Stages(_) | Figure::Latency(_) | Figure::Curves(_) | Figure::Map(_) | Figure::Ways(_) => None,
        Figure::Line(stops) => Some(Shown::Group { title: vec![], blocks: stops.iter().map(stop).collect() }),
        Figure::Chain(hops) => Some(chain(hops)),
    }
}

fn stop(stop: &Stop) -> Shown {
    let title = vec![status(&stop.mark), word(&stop.title, "strong"), word(&stop.does, "quiet")];
    let company = |(name, signs): &(String, Vec<String>)| vec![word(name, "strong"), word(&signs.join("; "), "quiet")];
    let items: Vec<Vec<Word>> = match stop.companies.as_slice() {
        [] => vec![vec![word(&stop.says, "plain")]],
        companies => companies.iter().map(company).collect(),
    };
    Shown::Group { title, blocks: vec![Shown::List { numbered: false, items }] }
}

fn chain(hops: &Hops) -> Shown {
    let wrong = |wrong: &[(Mark, String)]| wrong.iter().map(|(_, says)| format!("    {says}")).collect::<Vec<_>>();
    let mut lines: Vec<String> = if hops.hops.is_empty() { vec![format!("none {}", hops.start)] } else { vec![] };
    for hop in &hops.hops {
        lines.push(format!("{} {} ({})", hop.status, hop.url, hop.took));
        lines.extend(wrong(&hop.wrong));
    }
    lines.push(format!("    {}", hops.end));
    lines.extend(wrong(&hops.wrong));
    Shown::Code { text: lines.join("\n") }
}

fn words(spans: &[Span]) -> Vec<Word> {
    let one = |run: Run<'_>| Word {
        text: run.text.to_owned(),
        style: run.style,
        state: run.mark.map(state),
        url: run.url.map(str::to_owned),
    };
    spans.iter().map(Run::of).map(one).collect()
}

fn word(text: &str, style: &'static str) -> Word {
    Word { text: text.to_owned(), style, state: None, url: None }
}

fn status(mark: &Mark) -> Word {
    Word { state: Some(state(mark)), ..word(&mark.word, "status") }
}

/// The state whose shape a mark has.
fn state(mark: &Mark) -> State {
    match mark.shape {
        Shape::Tick => State::Done,
        Shape::Triangle => State::Attention,
        Shape::Octagon => State::Failing,
        Shape::Question => State::Unsure,
        Shape::Bar => State::Waived,
        Shape::Dash => State::NotApplicable,
        Shape::Dotted => State::NotBuilt,
        Shape::Hand => State::NeedsYou,
        Shape::Half => State::Proposed,
        Shape::Clock => State::Stale,
    }
}

#[cfg(test)]
mod tests {
    use super::{Shown, shown};
    use report::block::{Block, Column, Mark, Shape, Span, Table, To, Tone};

    #[test]
    fn every_word_of_the_blocks_is_shown_in_their_order() {
        let mark = Mark { word: "failing".into(), shape: Shape::Octagon, tone: Tone::Fail };
        let rows = vec![vec![vec![Span::code("app"), Span::Break, Span::Shape(mark.clone())]]];
        let link = Span::Link { text: "status".into(), to: To::Url("https://status.example/".into()) };
        let blocks = [
            Block::PageBreak { unless_left: 1.0 },
            Block::heading(1, "DNS map", "dns-map"),
            Block::Callout { mark, title: vec![Span::text("one thing")], blocks: vec![Block::lead("inside")] },
            Block::Table(Table { columns: vec![Column::share("Name", 1.0)], rows }),
            Block::body(vec![link]),
            Block::Code("v=spf1 -all".into()),
        ];
        let told: Vec<Shown> = blocks.iter().filter_map(shown).collect();
        let text = serde_json::to_string(&told).unwrap();
        let order = [
            "DNS map",
            "failing",
            "one thing",
            "inside",
            "Name",
            "app",
            "break",
            "failing",
            "https://status.example/",
            "v=spf1 -all",
        ];
        let mut at = 0;
        for word in order {
            at += text[at..].find(word).unwrap_or_else(|| panic!("{word} is missing after {at} in {text}"));
        }
        assert_eq!(told.len(), 5);
    }
}
