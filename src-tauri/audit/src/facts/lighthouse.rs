//! Facts of Lighthouse: what the browser's own test said of one page.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One report of Lighthouse.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LighthouseSeen {
    /// The page in the end, after redirects.
    pub url: String,
    /// Its version.
    pub version: String,
    /// The device that it played: `mobile` or `desktop`.
    pub device: String,
    /// When it ran, as it says itself.
    pub ran: Option<Timestamp>,
    /// Why it could not look at the page; none where it could.
    pub trouble: Option<String>,
    /// Its four marks.
    pub marks: Vec<Mark>,
    /// What it says of the circumstances of this run, such as a cache that slowed it.
    pub notes: Vec<String>,
}

/// The mark of one category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// The category.
    pub category: Category,
    /// Of 100; none where it gave none.
    pub points: Option<u8>,
    /// What cost points, the most first.
    pub costs: Vec<Cost>,
}

/// One thing that cost points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Its id, such as `largest-contentful-paint`.
    pub id: String,
    /// What it is about, as Lighthouse writes it.
    pub title: String,
    /// What was measured, as Lighthouse writes it: `4.1 s`.
    pub shown: String,
    /// Points of the category that it costs.
    pub points: u8,
}

/// What Lighthouse marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// How fast the page shows and answers.
    Performance,
    /// Whether people with disabilities can use it.
    Accessibility,
    /// What browsers advise.
    BestPractices,
    /// Whether search engines can read it.
    Seo,
}

impl Category {
    /// Every category with its id in a report.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Performance, "performance"),
        (Self::Accessibility, "accessibility"),
        (Self::BestPractices, "best-practices"),
        (Self::Seo, "seo"),
    ];
}
