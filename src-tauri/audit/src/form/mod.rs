//! What a question asks for besides yes and no: fields and tables that fit it, as data (`assets/data/forms.toml`).
//!
//! What is filled in is kept in the rows of an answer: a field under its key, the first column of a table under the label of its
//! row, and each further column under the label, a tab and its key. A tab cannot be typed into a field, and answers from before
//! the further columns stay what they were.

mod judge;
mod read;
#[cfg(test)]
mod tests;

pub(crate) use judge::few;
pub use judge::judge;
pub use read::{Reading, Slip, refuse};

use crate::check::Need;
use crate::checks;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use ts_rs::TS;

const FILE: &str = include_str!("../../../../assets/data/forms.toml");

/// What one or several questions ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bindings.ts")]
pub struct Form {
    /// The checks, items and deliverables whose question it belongs to.
    pub of: Vec<String>,
    /// The id under which the answer is kept, where several questions share one.
    #[serde(default)]
    pub kept_as: Option<String>,
    /// Checks beside which it is shown although they ask nothing.
    #[serde(default)]
    pub beside: Vec<String>,
    /// The question, where neither a check nor a row asks it.
    #[serde(default)]
    pub question: Option<String>,
    /// Whether the check itself judges what is filled in; else the row does.
    #[serde(default)]
    pub judged: bool,
    /// The fields in order.
    #[serde(default, alias = "field")]
    pub fields: Vec<Field>,
    /// The table, below the fields.
    #[serde(default)]
    pub table: Option<Table>,
}

/// One field, or one column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bindings.ts", rename = "FormField")]
pub struct Field {
    /// Its key; the first column of a table has an empty one.
    pub key: String,
    /// What it is called.
    pub label: String,
    /// What belongs into it, in a few words.
    #[serde(default)]
    pub hint: String,
    /// What kind of thing belongs into it.
    pub kind: Kind,
    /// Whether the answer is not whole without it.
    #[serde(default)]
    pub required: bool,
    /// What can be chosen.
    #[serde(default)]
    pub options: Vec<String>,
    /// The choice that is well; any other calls for attention.
    #[serde(default)]
    pub good: Option<String>,
    /// The most that is well: seconds of a stopwatch, or a count.
    #[serde(default)]
    pub most: Option<u32>,
    /// The roadmaps in which `most` counts; none means all.
    #[serde(default)]
    pub most_in: Vec<String>,
}

/// What belongs into a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bindings.ts", rename = "FieldKind")]
pub enum Kind {
    /// One of a few words.
    Choice,
    /// A whole number.
    Count,
    /// A day to come, `2026-12-31`; once it has passed, it fails.
    Coming,
    /// A day that has been.
    Date,
    /// An address on the web.
    Link,
    /// A person's name.
    Person,
    /// How long something took, whole seconds; started and stopped where it is asked.
    Stopwatch,
    /// Words.
    Text,
}

/// A table that a person fills in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bindings.ts", rename = "FormTable")]
pub struct Table {
    /// What stands over the labels of its rows.
    pub label: String,
    /// Rows that have to be filled in.
    #[serde(default)]
    pub rows: Vec<String>,
    /// Rows that are offered.
    #[serde(default)]
    pub also: Vec<String>,
    /// Whether what the audit found is offered too.
    #[serde(default)]
    pub proposes: bool,
    /// Its columns; the first has an empty key.
    #[serde(alias = "column")]
    pub columns: Vec<Field>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "date")]
    _date: String,
    #[serde(rename = "form")]
    forms: Vec<Form>,
}

/// Every form.
#[must_use]
pub fn all() -> &'static [Form] {
    // A text that does not parse would leave questions with a note only; a test keeps that from being released.
    static ALL: LazyLock<Vec<Form>> =
        LazyLock::new(|| toml::from_str::<List>(FILE).map_or_else(|_| Vec::new(), |list| list.forms));
    &ALL
}

/// The form of a question: of a check, an item or a deliverable.
#[must_use]
pub fn of(key: &str) -> Option<&'static Form> {
    all().iter().find(|form| form.of.iter().any(|of| of == key))
}

/// The id under which the answer to a question is kept.
#[must_use]
pub fn kept(key: &str) -> &str {
    of(key).and_then(|form| form.kept_as.as_deref()).unwrap_or(key)
}

/// The questions of checks that only a person can answer, by check.
#[must_use]
pub fn asking() -> BTreeMap<String, String> {
    let person = checks::all().iter().filter(|check| check.needs == [Need::Person]);
    person.filter_map(|check| Some((check.id.to_owned(), check.ask?.to_owned()))).collect()
}

/// Where a cell of a table is kept.
#[must_use]
pub fn cell(row: &str, column: &str) -> String {
    if column.is_empty() { row.to_owned() } else { format!("{row}\t{column}") }
}

/// The labels of the rows that an answer holds.
pub fn labels(rows: &BTreeMap<String, String>) -> impl Iterator<Item = &str> {
    let mut told: Vec<&str> = rows.keys().map(|key| key.split('\t').next().unwrap_or(key)).collect();
    told.dedup();
    told.into_iter()
}
