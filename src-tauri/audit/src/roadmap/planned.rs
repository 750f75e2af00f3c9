//! The checks that roadmaps name and that are not built yet; the list only ever shrinks.

use crate::check::Need;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use ts_rs::TS;

pub(super) const FILE: &str = include_str!("../../../../assets/data/planned.toml");

/// A check that does not exist yet; shown as not built, never as passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export_to = "bindings.ts")]
pub struct Planned {
    /// `area.name`.
    pub id: String,
    /// The good state as a plain statement.
    pub title: String,
    /// What it will read.
    pub needs: Vec<Need>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    #[serde(default, rename = "check")]
    pub(super) checks: Vec<Planned>,
}

/// The checks that are not built yet, by id.
#[must_use]
pub fn planned() -> &'static [Planned] {
    static ALL: LazyLock<Vec<Planned>> =
        LazyLock::new(|| toml::from_str::<List>(FILE).map_or_else(|_| Vec::new(), |list| list.checks));
    &ALL
}
