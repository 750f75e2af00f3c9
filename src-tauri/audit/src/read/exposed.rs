//! Addresses under which private files are left behind, and the signs by which their content is known (`assets/data/exposed.toml`).

use super::shipped::Shipped;
use crate::check::Severity;
use serde::Deserialize;
use std::sync::LazyLock;

const FILE: &str = include_str!("../../../../assets/data/exposed.toml");

/// Files of one kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Signs of its content; one of them must show.
    pub signs: Vec<String>,
    /// Paths, some with a query.
    pub paths: Vec<String>,
    /// How much it matters.
    pub severity: Severity,
    /// What it is.
    pub what: String,
    /// What strangers can do with it.
    pub harm: String,
    /// What to do.
    pub fix: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    group: Vec<Group>,
}

/// All kinds.
#[must_use]
pub fn groups() -> &'static [Group] {
    static ALL: LazyLock<Vec<Group>> =
        LazyLock::new(|| Shipped::<List>::read(FILE).map(|list| list.rows.group).unwrap_or_default());
    &ALL
}

/// Every path that is asked for.
pub fn paths() -> impl Iterator<Item = &'static str> {
    groups().iter().flat_map(|group| group.paths.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::{FILE, List, Shipped, paths};
    use crate::read::sign;
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_has_signs_that_exist_and_paths_of_its_own() {
        let list = Shipped::<List>::read(FILE).unwrap().rows;
        for group in &list.group {
            assert!(group.signs.iter().all(|id| sign::known(id)), "{:?}", group.signs);
            assert!(group.paths.iter().all(|path| path.starts_with('/')));
            assert!(!group.harm.ends_with('.') && group.fix.ends_with('.'));
        }
        let all: Vec<_> = paths().collect();
        assert_eq!(all.len(), all.iter().collect::<BTreeSet<_>>().len());
        assert!((30..60).contains(&all.len()), "{} requests are enough", all.len());
    }
}
