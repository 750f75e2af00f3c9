//! The blocks that a report is written in; the PDF, the Markdown twin and the window print the same ones.

use audit::facts::Bin;
use audit::picture::CurvePoint;

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
    /// The list of sections with their pages.
    Contents,
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

/// The first page.
#[derive(Clone, Debug, PartialEq)]
pub struct Cover {
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

/// A drawing.
#[derive(Clone, Debug, PartialEq)]
pub enum Figure {
    /// One row of shapes for each stage.
    Stages(Vec<StageBar>),
    /// Histogram of one route.
    Latency(Histogram),
    /// How long so many of 100 waited.
    Curves(Curves),
    /// Names, what they lead to, and who runs that.
    Map(Vec<MapRow>),
    /// Redirect chains, hop by hop.
    Chain(Hops),
    /// Every form of the address and where it ends.
    Ways(Vec<Way>),
    /// Who runs what, from the registrar to the servers.
    Line(Vec<Stop>),
}

/// One form of the address and where it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// As it is typed.
    pub from: String,
    /// The status codes on the way, in order.
    pub codes: Vec<u16>,
    /// Where it ends: a URL, or why there is none.
    pub end: String,
    /// How it ends.
    pub mark: Mark,
    /// Whether something on the way is wrong though it ends well.
    pub amiss: Option<Mark>,
}

/// One station of the line of companies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// What is done here.
    pub title: String,
    /// What that means.
    pub does: String,
    /// Whether it is known who does it.
    pub mark: Mark,
    /// Companies, each with the signs by which it was recognised.
    pub companies: Vec<(String, Vec<String>)>,
    /// What there is to say where nobody is named.
    pub says: String,
    /// Whether it stands aside from the way of a request.
    pub aside: bool,
    /// A border that is drawn above it, with its words.
    pub border: Option<String>,
}

/// One row of the stage figure.
#[derive(Clone, Debug, PartialEq)]
pub struct StageBar {
    /// 1 … 7.
    pub number: u8,
    /// Name.
    pub title: String,
    /// One for each item, the worst first.
    pub marks: Vec<Mark>,
    /// Items that need nothing more.
    pub ready: u16,
    /// The heading of the stage's section.
    pub id: String,
}

/// A histogram of response times; all times are microseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// What was asked.
    pub route: String,
    /// The bins.
    pub bins: Vec<Bin>,
    /// Those of an earlier measurement, to be drawn as outlines; each by its share of its own.
    pub before: Vec<Bin>,
    /// Name and value of what is marked: `p50`, `p95`.
    pub markers: Vec<(String, u32)>,
    /// The target, and its name.
    pub target: (String, u32),
}

/// Percentile curves; all times are microseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    /// Name and points of each; the first is drawn whole, further ones dashed.
    pub lines: Vec<(String, Vec<CurvePoint>)>,
    /// The target, and its name.
    pub target: (String, u32),
}

/// One line of the map.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MapRow {
    /// The name asked.
    pub name: String,
    /// Record type.
    pub rtype: String,
    /// Where it leads.
    pub target: String,
    /// Who runs that, where it is known.
    pub provider: String,
}

/// One chain of redirects.
#[derive(Clone, Debug, PartialEq)]
pub struct Hops {
    /// The hops, in order.
    pub hops: Vec<Step>,
    /// Where it starts, when nothing answered.
    pub start: String,
    /// How it ended, in words.
    pub end: String,
    /// Whether that is well.
    pub mark: Mark,
    /// What is wrong with it as a whole.
    pub wrong: Vec<(Mark, String)>,
}

/// One hop.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Status code.
    pub status: u16,
    /// URL asked.
    pub url: String,
    /// How long the answer took, in words.
    pub took: String,
    /// What is wrong here.
    pub wrong: Vec<(Mark, String)>,
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
