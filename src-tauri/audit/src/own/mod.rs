//! Rows and checks of a project's own: more rows in the stages of its roadmap, each a question, or expectations that rest on what the
//! product sees anyway: an answer of the product's own hosts, a record of its own zone. They are data, not a language.

mod judge;
mod read;
#[cfg(test)]
mod tests;

pub(crate) use judge::judge;
pub use read::read;

use crate::check::Severity;
use crate::roadmap::{How, Item, Roadmap};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The probe under which answers for own checks are noted.
pub const PROBE: &str = "own";
/// What stands before the id of an own check.
const AREA: &str = "own.";
/// What stands before the id of an own row.
const ROW: &str = "OWN.";

/// Everything that a project has of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// Its rows, in the order of the file.
    pub rows: Vec<OwnRow>,
}

/// A row that a project has besides those of its roadmap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnRow {
    /// Small letters, digits and hyphens; the answer is kept under it.
    pub id: String,
    /// The stage that it stands in, 1 … 7.
    pub stage: u8,
    /// The good state as a plain statement.
    pub title: String,
    /// Why it matters to this business, one sentence.
    pub why: String,
    /// The question to a person; yes is the good state.
    #[serde(default)]
    pub question: Option<String>,
    /// How much it matters when an expectation is not met.
    pub severity: Severity,
    /// What to do when an expectation is not met.
    #[serde(default)]
    pub fix: Option<String>,
    /// What an answer of the product has to be like.
    #[serde(default)]
    pub http: Vec<HttpWish>,
    /// What a record of the zone has to be.
    #[serde(default)]
    pub dns: Vec<DnsWish>,
}

/// What an answer of the product has to be like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpWish {
    /// In the file a path on the bare domain or a whole address of a host of the domain; here always the whole address.
    pub url: String,
    /// The status.
    #[serde(default)]
    pub status: Option<u16>,
    /// A header that has to be there, its name in lower case.
    #[serde(default)]
    pub header: Option<String>,
    /// The value of that header.
    #[serde(default)]
    pub equals: Option<String>,
    /// Words that the body has to contain, as they stand in its source.
    #[serde(default)]
    pub contains: Option<String>,
}

/// What a record of the zone has to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DnsWish {
    /// In the file a name below the domain, `@` for the domain itself; here always the whole name.
    pub name: String,
    /// `A`, `AAAA`, `CAA`, `CNAME`, `MX`, `NS`, `SRV` or `TXT`.
    #[serde(rename = "type")]
    pub rtype: String,
    /// The record as zone files write it.
    pub value: String,
}

impl Own {
    /// A roadmap with these rows in their stages.
    #[must_use]
    pub fn on(&self, roadmap: &Roadmap) -> Roadmap {
        let mut roadmap = roadmap.clone();
        for row in &self.rows {
            if let Some(stage) = roadmap.stages.iter_mut().find(|stage| stage.number == row.stage) {
                stage.items.push(row.item());
            }
        }
        roadmap
    }

    /// The questions to the resolver that rows ask, each as facts keep its answer.
    pub(crate) fn questions(&self) -> impl Iterator<Item = String> + '_ {
        self.rows.iter().flat_map(|row| &row.dns).map(DnsWish::question)
    }

    /// The checks of the rows of one stage.
    #[must_use]
    pub fn checks_of(&self, stage: u8) -> Vec<String> {
        let rows = self.rows.iter().filter(|row| row.stage == stage && row.expects());
        rows.map(OwnRow::check).collect()
    }
}

impl DnsWish {
    pub(crate) fn question(&self) -> String {
        format!("{} {}", self.name, self.rtype)
    }
}

impl OwnRow {
    /// The id of its check, written as those of other checks are.
    #[must_use]
    pub fn check(&self) -> String {
        format!("{AREA}{}", self.id.replace('-', "_"))
    }

    /// Whether it expects anything that can be seen.
    #[must_use]
    pub fn expects(&self) -> bool {
        !self.http.is_empty() || !self.dns.is_empty()
    }

    fn item(&self) -> Item {
        Item {
            id: format!("{ROW}{}", self.id),
            title: self.title.clone(),
            why: self.why.clone(),
            how: self.question.iter().map(|_| How::Person).chain(self.expects().then_some(How::Auto)).collect(),
            checks: self.expects().then(|| self.check()).into_iter().collect(),
            reports: vec![],
            question: self.question.clone(),
        }
    }
}

/// Whether this is the id of an own check or of an own row.
#[must_use]
pub fn is_own(id: &str) -> bool {
    id.starts_with(AREA) || id.starts_with(ROW)
}

/// How it is noted of an answer that its body contains these words, or that it was looked for them and they are not there.
#[must_use]
pub fn sign(words: &str, there: bool) -> String {
    let digest = Sha256::digest(words);
    let short = digest.iter().take(8).fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    format!("own{}{short}", if there { '+' } else { '-' })
}
