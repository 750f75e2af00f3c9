//! What the window draws of the project's folder: keys that got out with their three steps, and settings with what people say of each.

use crate::check::Severity;
use crate::facts::{Facts, Inventory, Place, ValueSeen};
use crate::kept;
use crate::keys::{self, Exposed, Rotation};
use crate::read::secret::Rule;
use crate::read::text::clean;
use crate::settings;
use crate::{Fact, Unseen};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Most keys drawn: as many as one look keeps.
const KEYS: usize = 20_000;
/// Most settings drawn.
const MOST: usize = 500;
/// Places drawn of one key.
const PLACES: usize = 8;

/// The project's folder.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct CodePicture {
    /// What was read, a sentence each.
    pub read: Vec<String>,
    /// What could not be read.
    pub unseen: Vec<Unseen>,
    /// Kinds of the keys that got out.
    pub kinds: Vec<KeyKind>,
    /// Keys that got out, most severe first.
    pub keys: Vec<KeyRow>,
    /// How many more there are.
    pub more: usize,
    /// Settings that the code reads, those that are secret first.
    pub settings: Vec<SettingRow>,
    /// The usual places of secret values.
    pub homes: Vec<HomeWord>,
}

/// A kind of key, and how its issuer makes one worthless. Of ten thousand keys most are of few kinds, so it is told once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct KeyKind {
    /// What kind it is.
    pub title: String,
    /// How its issuer makes it worthless.
    pub revoke: String,
    /// Where that is done.
    pub link: String,
}

/// One key that got out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct KeyRow {
    /// Its name in the table of replaced keys: kind and fingerprint.
    pub row: String,
    /// How much it matters.
    pub severity: Severity,
    /// What kind it is: its place among the kinds.
    pub kind: usize,
    /// The fixed prefix that names the kind, then dots.
    pub redacted: String,
    /// Where it stands, a line each.
    pub places: Vec<String>,
    /// Whether today's files hold it.
    pub in_files: bool,
    /// Whether a commit holds it.
    pub in_history: bool,
    /// When a person said that it was replaced.
    #[ts(type = "string | null")]
    pub replaced: Option<Timestamp>,
    /// Who said so.
    pub by: String,
    /// Whether it came back since.
    pub returned: bool,
}

/// One setting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct SettingRow {
    /// Its name.
    pub name: String,
    /// Whether its value is secret.
    pub secret: bool,
    /// Where the product requires it; empty where it does not.
    pub required: String,
    /// Each environment with `set`, `empty` or `missing`.
    pub environments: Vec<SettingIn>,
    /// Who looks after it.
    pub owner: String,
    /// What it is for.
    pub purpose: String,
    /// Where its value lives.
    pub home: String,
    /// When its value was last replaced.
    pub rotated: String,
}

/// A setting in one environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct SettingIn {
    /// The environment.
    pub name: String,
    /// `set`, `empty` or `missing`.
    pub is: String,
}

/// A usual place of secret values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct HomeWord {
    /// Its word in the table.
    pub word: String,
    /// As a person reads it.
    pub title: String,
}

/// Draws the project's folder.
#[must_use]
pub fn of(facts: &Facts) -> CodePicture {
    let exposed = keys::exposed(facts).unwrap_or_default();
    let (mut read, mut unseen) = (vec![], vec![]);
    for (fact, what) in [(&facts.tree, "files"), (&facts.history, "versions of files")] {
        match fact.as_ref().map(Fact::seen) {
            Some(Ok(seen)) => {
                let commits = if seen.commits > 0 { format!(" in {} commits", seen.commits) } else { String::new() };
                read.push(format!("{} {what}{commits} ({} kB)", seen.files, seen.bytes.div_ceil(1000)));
                unseen.extend(seen.unread.iter().cloned());
            }
            Some(Err(why)) => unseen.push(why),
            None => {}
        }
    }
    let inventory = facts.inventory.as_ref().and_then(|fact| fact.seen().ok());
    let homes = kept::HOMES.iter().map(|home| HomeWord { word: home.word.to_owned(), title: home.title.to_owned() });
    let mut kinds = Kinds::default();
    let keys = exposed.iter().take(KEYS).map(|one| key(one, kinds.place(one.rule))).collect();
    CodePicture {
        read,
        unseen,
        kinds: kinds.told,
        keys,
        more: exposed.len().saturating_sub(KEYS),
        settings: inventory.map(|inventory| rows(facts, inventory)).unwrap_or_default(),
        homes: homes.collect(),
    }
}

/// The kinds that were met so far.
#[derive(Default)]
struct Kinds {
    told: Vec<KeyKind>,
    places: BTreeMap<&'static str, usize>,
}

impl Kinds {
    fn place(&mut self, rule: &'static Rule) -> usize {
        *self.places.entry(&rule.id).or_insert_with(|| {
            let (title, revoke, link) = (rule.title.clone(), rule.revoke.clone(), rule.link.clone());
            self.told.push(KeyKind { title, revoke, link });
            self.told.len() - 1
        })
    }
}

fn key(key: &Exposed<'_>, kind: usize) -> KeyRow {
    let (replaced, by, returned) = match &key.rotation {
        Rotation::Open => (None, String::new(), false),
        Rotation::Replaced { at, by } => (Some(*at), by.clone(), false),
        Rotation::Returned { at, by } => (Some(*at), by.clone(), true),
    };
    let place = |leak: &crate::facts::KeyFound| {
        let day = leak.at.map_or_else(String::new, |at| format!(", committed first on {}", at.strftime("%Y-%m-%d")));
        let past = if leak.place == Place::History { ", in the history only" } else { "" };
        format!("{}:{}{past}{day}", clean(&leak.path, 300), leak.found.line)
    };
    let live = key.live.iter().map(|found| format!("{}:{}, live", clean(&found.url, 300), found.line));
    KeyRow {
        row: key.row(),
        severity: if key.replaced() { Severity::Low } else { key.severity },
        kind,
        redacted: clean(key.redacted, 60),
        places: key.places.iter().map(place).chain(live).take(PLACES).collect(),
        in_files: key.in_files(),
        in_history: key.in_history(),
        replaced,
        by,
        returned,
    }
}

fn rows(facts: &Facts, inventory: &Inventory) -> Vec<SettingRow> {
    let mut rows: Vec<SettingRow> = inventory
        .variables
        .iter()
        .map(|(name, variable)| {
            let said = kept::of(facts, name);
            let required = settings::required(name, variable);
            let environments = inventory.environments.iter().map(|(environment, has)| {
                let is = match has.names.get(name) {
                    Some(Some(ValueSeen::Empty)) => "empty",
                    Some(_) => "set",
                    None => "missing",
                };
                SettingIn { name: environment.clone(), is: is.to_owned() }
            });
            SettingRow {
                name: name.clone(),
                secret: kept::secret(name, variable),
                required: required.map_or_else(String::new, |at| format!("{}:{}", at.path, at.line)),
                environments: environments.collect(),
                owner: said.owner.to_owned(),
                purpose: said.purpose.to_owned(),
                home: said.home.to_owned(),
                rotated: said.rotated.to_owned(),
            }
        })
        .collect();
    rows.sort_by(|one, other| {
        let rank = |row: &SettingRow| (!row.secret, row.required.is_empty());
        rank(one).cmp(&rank(other)).then_with(|| one.name.cmp(&other.name))
    });
    rows.truncate(MOST);
    rows
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::facts::Place;
    use crate::keys::tests::{key, project};
    use crate::read::env::{Gathering, given};
    use crate::testing::{blank, seen};

    #[test]
    fn keys_and_settings_are_drawn() {
        let mut facts = project(
            vec![key("aa", "a.js", Place::Tree, None)],
            vec![key("bb", "old.js", Place::History, Some("2026-02-01"))],
        );
        let mut gathering = Gathering::default();
        gathering.add("src/a.ts", "use(process.env.PAGE_SIZE ?? 3, process.env.SESSION_SECRET)");
        gathering.environment("production", given("production", b"SESSION_SECRET=\n").unwrap());
        facts.inventory = Some(seen(gathering.finish()));
        let drawn = of(&facts);
        assert_eq!(drawn.read, ["9 files (4 kB)", "30 versions of files in 12 commits (90 kB)"]);
        let keys: Vec<_> = drawn.keys.iter().map(|key| (key.places[0].as_str(), key.in_files)).collect();
        assert_eq!(keys, [("a.js:3", true), ("old.js:3, in the history only, committed first on 2026-02-01", false)]);
        // Both are of one kind, which is told once.
        assert_eq!(drawn.kinds.len(), 1);
        assert!(drawn.keys.iter().all(|key| key.kind == 0) && !drawn.kinds[0].revoke.is_empty());
        let settings: Vec<_> = drawn.settings.iter().map(|row| (row.name.as_str(), row.secret)).collect();
        assert_eq!(settings, [("SESSION_SECRET", true), ("PAGE_SIZE", false)]);
        assert_eq!(drawn.settings[0].environments[0].is, "empty");
        assert!(of(&blank()).read.is_empty());
    }
}
