//! The drawings of a report, as data: each printer draws them in its own way.

use super::Mark;
use audit::facts::Bin;
use audit::picture::CurvePoint;

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

impl Figure {
    /// What it shows in one sentence, for those who cannot see it.
    #[must_use]
    pub fn says(&self) -> String {
        match self {
            Self::Stages(bars) => {
                let ready = bars.iter().map(|bar| format!("{}: {} of {} ready", bar.title, bar.ready, bar.marks.len()));
                ready.collect::<Vec<_>>().join("; ")
            }
            Self::Latency(histogram) => format!("Response times of {}; the table has the figures", histogram.route),
            Self::Curves(_) => "How long so many of 100 waited; the table has the figures".to_owned(),
            Self::Map(rows) => {
                let rows = rows.iter().map(|row| format!("{} {} leads to {}", row.name, row.rtype, row.target));
                rows.collect::<Vec<_>>().join("; ")
            }
            Self::Chain(hops) => {
                let asked = hops.hops.iter().map(|hop| format!("{} answers {}", hop.url, hop.status));
                let start = hops.hops.is_empty().then(|| hops.start.clone());
                start.into_iter().chain(asked).chain([hops.end.clone()]).collect::<Vec<_>>().join("; ")
            }
            Self::Ways(ways) => {
                let ways = ways.iter().map(|way| format!("{} ends at {}: {}", way.from, way.end, way.mark.word));
                ways.collect::<Vec<_>>().join("; ")
            }
            Self::Line(stops) => {
                let stops = stops.iter().map(|stop| {
                    let names: Vec<&str> = stop.companies.iter().map(|(name, _)| name.as_str()).collect();
                    format!(
                        "{}: {}",
                        stop.title,
                        if names.is_empty() { stop.says.clone() } else { names.join(" and ") }
                    )
                });
                stops.collect::<Vec<_>>().join("; ")
            }
        }
    }
}
