//! The blocks that a report is written in; the PDF, the Markdown twin and the window print the same ones.

mod figure;

pub use figure::{Curves, Figure, Histogram, Hops, MapRow, StageBar, Step, Stop, Way};

/// One piece of a section.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// The first page.
    Cover(Cover),
    /// A heading.
    Heading(Heading),
    /// A paragraph.
    Paragraph {
        /// Its words.
        spans: Vec<Span>,
        /// How it is set.
        role: Role,
    },
    /// A list.
    List {
        /// One entry each.
        items: Vec<Vec<Span>>,
        /// Whether the entries are numbered.
        numbered: bool,
    },
    /// A table.
    Table(Table),
    /// A label beside what it labels.
    Entry {
        /// The label.
        label: String,
        /// What stands beside it.
        blocks: Vec<Block>,
    },
    /// Something to paste or a record as seen: every character counts.
    Code(String),
    /// A statement that must not be missed.
    Callout {
        /// Its status.
        mark: Mark,
        /// The statement.
        title: Vec<Span>,
        /// What belongs to it.
        blocks: Vec<Block>,
    },
    /// A drawing.
    Figure(Figure),
    /// The list of sections with their pages, in parts.
    Contents(Vec<Part>),
    /// Lines to sign on, by whom.
    Signatures(Vec<String>),
    /// Blocks that stay on one page where one page can hold them.
    Together(Vec<Block>),
    /// What follows begins a page, unless this share of one is left.
    PageBreak {
        /// 0.0 … 1.0; 1.0 always begins a page.
        unless_left: f32,
    },
}

/// A part of the contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What its sections are for.
    pub title: String,
    /// The heading of its first section.
    pub from: String,
}

/// The first page.
#[derive(Clone, Debug, PartialEq)]
pub struct Cover {
    /// Who hands it over; empty where nobody is named.
    pub by: String,
    /// Their logo.
    pub logo: Option<crate::Logo>,
    /// Above the title: what kind of document it is.
    pub kicker: String,
    /// The product.
    pub title: String,
    /// The client.
    pub client: String,
    /// The verdict.
    pub mark: Mark,
    /// The verdict in one sentence.
    pub says: String,
    /// The stages, each with its state.
    pub stages: Vec<(String, Mark)>,
    /// Label and value, one line each.
    pub rows: Vec<(String, Vec<Span>)>,
    /// At the foot: who may read it.
    pub foot: String,
}

/// A heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Heading {
    /// 1 opens a section, 2 a part of it, 3 a part of that.
    pub level: u8,
    /// Its words.
    pub text: String,
    /// What links lead to; unique in the report.
    pub id: String,
    /// The status of what follows.
    pub mark: Option<Mark>,
}

/// How a paragraph is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Larger: the first sentences of a section.
    Lead,
    /// Running text.
    Body,
    /// Smaller and paler: notes, sources.
    Quiet,
}

/// A run of words.
#[derive(Clone, Debug, PartialEq)]
pub enum Span {
    /// Plain.
    Text(String),
    /// Emphasised.
    Strong(String),
    /// Pale.
    Quiet(String),
    /// A name, record or figure in the monospaced face.
    Code(String),
    /// A status: its shape and its word.
    Status(Mark),
    /// A status by its shape alone, where the word stands beside it.
    Shape(Mark),
    /// A link.
    Link {
        /// Its words.
        text: String,
        /// Where it leads.
        to: To,
    },
    /// A new line.
    Break,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// To a heading of this report, by its id.
    Heading(String),
    /// To a page on the internet.
    Url(String),
}

/// A status: word, shape and colour, so that it survives greyscale print and colour blindness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The word.
    pub word: String,
    /// The shape.
    pub shape: Shape,
    /// What the colour says.
    pub tone: Tone,
}

/// The shapes of statuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Filled disc with a tick.
    Tick,
    /// Triangle.
    Triangle,
    /// Octagon with a cross.
    Octagon,
    /// Dashed ring with a question mark.
    Question,
    /// Disc with a bar.
    Bar,
    /// Dash.
    Dash,
    /// Dotted ring.
    Dotted,
    /// Ring with a figure of a person: a hand is needed.
    Hand,
    /// Half-filled disc.
    Half,
    /// Clock.
    Clock,
}

/// What the colour of a status says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Well.
    Pass,
    /// To be mended.
    Warn,
    /// Stands in the way.
    Fail,
    /// Not known.
    Unsure,
    /// Accepted as it is.
    Waived,
    /// Says nothing.
    Quiet,
    /// Waits for a person.
    Ask,
}

/// A table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows; each has a cell for every column.
    pub rows: Vec<Vec<Vec<Span>>>,
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// How wide it is.
    pub width: Width,
    /// Whether figures are set flush right.
    pub right: bool,
}

/// How wide a column is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Width {
    /// As wide as its longest entry, up to this share of the table.
    Fit(f32),
    /// This part of what the others leave.
    Share(f32),
}

impl Block {
    /// A heading.
    #[must_use]
    pub fn heading(level: u8, text: impl Into<String>, id: impl Into<String>) -> Self {
        Self::Heading(Heading { level, text: text.into(), id: id.into(), mark: None })
    }

    /// Running text.
    #[must_use]
    pub fn body(spans: Vec<Span>) -> Self {
        Self::Paragraph { spans, role: Role::Body }
    }

    /// One plain paragraph.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::body(vec![Span::Text(text.into())])
    }

    /// The first sentences of a section.
    #[must_use]
    pub fn lead(text: impl Into<String>) -> Self {
        Self::Paragraph { spans: vec![Span::Text(text.into())], role: Role::Lead }
    }

    /// A note.
    #[must_use]
    pub fn quiet(text: impl Into<String>) -> Self {
        Self::Paragraph { spans: vec![Span::Text(text.into())], role: Role::Quiet }
    }

    /// A label beside blocks.
    #[must_use]
    pub fn entry(label: impl Into<String>, blocks: Vec<Block>) -> Self {
        Self::Entry { label: label.into(), blocks }
    }
}

impl Heading {
    /// Whether the contents list it: sections, but not the contents themselves.
    #[must_use]
    pub fn listed(&self) -> bool {
        self.level == 1 && self.id != CONTENTS
    }
}

/// All headings of blocks, in their order.
#[must_use]
pub fn headings(blocks: &[Block]) -> Vec<&Heading> {
    let mut found = vec![];
    for block in blocks {
        match block {
            Block::Heading(heading) => found.push(heading),
            Block::Together(blocks) | Block::Entry { blocks, .. } | Block::Callout { blocks, .. } => {
                found.extend(headings(blocks));
            }
            _ => {}
        }
    }
    found
}

/// The sections that the contents list, part by part; parts without any are left out.
#[must_use]
pub fn listed<'a, 'b>(headings: &[&'a Heading], parts: &'b [Part]) -> Vec<(&'b str, Vec<&'a Heading>)> {
    let mut groups: Vec<(&str, Vec<&Heading>)> = vec![];
    for heading in headings.iter().filter(|heading| heading.listed()) {
        match (parts.iter().find(|part| part.from == heading.id), groups.last_mut()) {
            (None, Some((_, group))) => group.push(heading),
            (part, _) => groups.push((part.map_or("", |part| &part.title), vec![heading])),
        }
    }
    groups
}

/// The heading of the contents.
pub const CONTENTS: &str = "contents";

impl Span {
    /// Plain words.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A name, record or figure.
    #[must_use]
    pub fn code(text: impl Into<String>) -> Self {
        Self::Code(text.into())
    }

    /// A link inside the report.
    #[must_use]
    pub fn see(text: impl Into<String>, id: impl Into<String>) -> Self {
        Self::Link { text: text.into(), to: To::Heading(id.into()) }
    }

    /// A link to the details of the finding of this rank; its two words are never parted.
    #[must_use]
    pub fn finding(rank: u16) -> Self {
        Self::see(format!("finding\u{a0}{rank}"), format!("finding-{rank}"))
    }
}

impl Column {
    /// As wide as its longest entry, up to a share of the table.
    #[must_use]
    pub fn fit(title: &str, most: f32) -> Self {
        Self { title: title.to_owned(), width: Width::Fit(most), right: false }
    }

    /// A part of what the others leave.
    #[must_use]
    pub fn share(title: &str, part: f32) -> Self {
        Self { title: title.to_owned(), width: Width::Share(part), right: false }
    }

    /// Figures, flush right.
    #[must_use]
    pub fn figures(title: &str) -> Self {
        Self { title: title.to_owned(), width: Width::Fit(0.2), right: true }
    }
}
