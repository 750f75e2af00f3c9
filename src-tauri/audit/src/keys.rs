//! Keys that got out: what files, history and live scripts tell of each, joined, and whether a person replaced it since.

use crate::check::Severity;
use crate::facts::{Answer, Choice, Fact, Facts, KeyFound, Part, Place, Repository, SecretMatch};
use crate::read::env::part;
use crate::read::secret::{Known, Rule, by_id};
use crate::read::text::clean;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The question whose table tells which key was replaced when and by whom: `"rule fingerprint"` → `"time place who"`.
pub const KEY: &str = "secrets.rotation";

/// One key that stands where it must not, with everything that is known of it.
#[derive(Clone, Debug)]
pub struct Exposed<'a> {
    /// What kind it is.
    pub rule: &'static Rule,
    /// Its keyed hash.
    pub fingerprint: &'a str,
    /// The fixed prefix that names the kind, then dots.
    pub redacted: &'a str,
    /// Where it stands in files and history, what stands in files first.
    pub places: Vec<KeyFound>,
    /// Where the live site hands it out.
    pub live: Vec<&'a SecretMatch>,
    /// How much it matters there.
    pub severity: Severity,
    /// Whether it was replaced.
    pub rotation: Rotation,
}

/// Whether a key that got out was replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// Nobody said so.
    Open,
    /// A person said so, and nothing speaks against it.
    Replaced {
        /// When it was said.
        at: Timestamp,
        /// Who said so.
        by: String,
    },
    /// A person said so, and the key came back into the files or the history since.
    Returned {
        /// When it was said.
        at: Timestamp,
        /// Who said so.
        by: String,
    },
}

impl Exposed<'_> {
    /// The name of its row in the table of replaced keys.
    #[must_use]
    pub fn row(&self) -> String {
        format!("{} {}", self.rule.id, self.fingerprint)
    }

    /// Whether today's files hold it.
    #[must_use]
    pub fn in_files(&self) -> bool {
        self.places.iter().any(|place| place.place == Place::Tree)
    }

    /// Whether a commit holds it.
    #[must_use]
    pub fn in_history(&self) -> bool {
        self.places.iter().any(|place| place.commit.is_some())
    }

    /// Whether a person replaced it and it stayed away.
    #[must_use]
    pub fn replaced(&self) -> bool {
        matches!(self.rotation, Rotation::Replaced { .. })
    }

    /// The place where it does most harm.
    fn level(&self) -> Option<Place> {
        let live = (!self.live.is_empty()).then_some(Place::Tree);
        self.places.iter().map(|place| place.place).max().max(live)
    }

    fn rotation(&self, row: &str) -> Rotation {
        let Some((at, level, by)) = parsed(row) else { return Rotation::Open };
        let newer = self.places.iter().any(|place| place.at.is_some_and(|first| first > at));
        if newer || self.level() > level { Rotation::Returned { at, by } } else { Rotation::Replaced { at, by } }
    }
}

/// Whether a find is a key that must not be there: none that is meant to be public, allowed by its line, waived by the
/// folder's baseline, or kept in an ignored file.
#[must_use]
pub fn counts(leak: &KeyFound) -> bool {
    !leak.found.public && !leak.found.allowed && leak.waived.is_none() && leak.place != Place::Ignored
}

/// How much a kind of key matters: a form that nobody confirmed asks a person to look and fails nothing.
#[must_use]
pub fn severity(rule: &Rule) -> Severity {
    if rule.known == Known::Unverified { rule.severity.min(Severity::Medium) } else { rule.severity }
}

fn severity_at(rule: &Rule, leak: &KeyFound) -> Severity {
    let most = match leak.place {
        _ if part(&leak.path) == Part::Test => Severity::Medium,
        Place::History => Severity::High,
        Place::Ignored | Place::Head | Place::Tree => Severity::Critical,
    };
    severity(rule).min(most)
}

/// A find of the folder and of its history is one find: by path, kind, value and original file.
#[must_use]
pub fn merge<'a>(leaks: impl IntoIterator<Item = &'a KeyFound>) -> Vec<KeyFound> {
    let mut merged: Vec<KeyFound> = Vec::new();
    let mut known: BTreeMap<(&str, &str, &str, Option<&str>), Vec<usize>> = BTreeMap::new();
    for leak in leaks {
        let found = &leak.found;
        let same = known.entry((&leak.path, &found.rule, &found.fingerprint, found.source.as_deref())).or_default();
        let lines =
            |old: &KeyFound| old.place < Place::Tree || leak.place < Place::Tree || old.found.line == leak.found.line;
        match same.iter().copied().find(|at| lines(&merged[*at])) {
            Some(at) => join(&mut merged[at], leak),
            None => {
                same.push(merged.len());
                merged.push(leak.clone());
            }
        }
    }
    merged
}

fn join(old: &mut KeyFound, leak: &KeyFound) {
    if leak.place > old.place {
        old.place = leak.place;
        old.found.line = leak.found.line;
    }
    if leak.at.is_some() && (old.at.is_none() || leak.at < old.at) {
        old.at = leak.at;
        old.commit.clone_from(&leak.commit);
    }
    if old.last.is_none() {
        old.last.clone_from(&leak.last);
    }
}

fn seen(fact: Option<&Fact<Repository>>) -> Option<&Repository> {
    fact.and_then(|fact| fact.seen().ok())
}

/// Every key that got out, most severe first; none when neither folder nor history was read.
#[must_use]
pub fn exposed(facts: &Facts) -> Option<Vec<Exposed<'_>>> {
    let (tree, history) = (seen(facts.tree.as_ref()), seen(facts.history.as_ref()));
    tree.or(history)?;
    let mut leaks: BTreeMap<(&str, &str), Vec<&KeyFound>> = BTreeMap::new();
    let all = tree.into_iter().chain(history).flat_map(|seen| &seen.leaks);
    for leak in all.filter(|leak| counts(leak)) {
        leaks.entry((&leak.found.rule, &leak.found.fingerprint)).or_default().push(leak);
    }
    let mut keys: BTreeMap<(&str, &str), Exposed<'_>> = BTreeMap::new();
    for ((id, fingerprint), leaks) in leaks {
        let (Some(rule), Some(first)) = (by_id(id), leaks.first()) else { continue };
        let redacted = first.found.redacted.as_str();
        let places = merge(leaks);
        let severity = places.iter().map(|leak| severity_at(rule, leak)).max().unwrap_or(Severity::Low);
        let (live, rotation) = (vec![], Rotation::Open);
        keys.insert((id, fingerprint), Exposed { rule, fingerprint, redacted, places, live, severity, rotation });
    }
    let scripts = facts.bundle.as_ref().and_then(|fact| fact.seen().ok());
    for found in scripts.iter().flat_map(|bundle| &bundle.matches).filter(|found| !found.public) {
        if let Some(key) = keys.get_mut(&(found.rule.as_str(), found.fingerprint.as_str())) {
            key.severity = key.severity.max(severity(key.rule));
            key.live.push(found);
        }
    }
    let rows = facts.answers.get(KEY).map(|answer| &answer.rows);
    let mut keys: Vec<_> = keys.into_values().collect();
    for key in &mut keys {
        key.places.sort_by(|one, other| other.place.cmp(&one.place).then_with(|| one.path.cmp(&other.path)));
        key.rotation = rows.and_then(|rows| rows.get(&key.row())).map_or(Rotation::Open, |row| key.rotation(row));
    }
    keys.sort_by_key(|key| std::cmp::Reverse(key.severity));
    Some(keys)
}

const LEVELS: [(&str, Option<Place>); 4] =
    [("gone", None), ("history", Some(Place::History)), ("head", Some(Place::Head)), ("files", Some(Place::Tree))];

fn parsed(row: &str) -> Option<(Timestamp, Option<Place>, String)> {
    let mut parts = row.splitn(3, ' ');
    let at = parts.next()?.parse().ok()?;
    let word = parts.next()?;
    let (_, level) = LEVELS.iter().find(|(known, _)| *known == word)?;
    Some((at, *level, clean(parts.next()?, 120)))
}

fn written(at: Timestamp, level: Option<Place>, by: &str) -> String {
    let word = LEVELS.iter().find(|(_, known)| *known == level).map_or("files", |(word, _)| word);
    format!("{at} {word} {}", clean(by, 120))
}

/// The table with one more key that somebody replaced now; none when no such key got out.
#[must_use]
pub fn replace(facts: &Facts, row: &str, by: &str, now: Timestamp) -> Option<Answer> {
    let key = exposed(facts)?.into_iter().find(|key| key.row() == row)?;
    let mut answer = table(facts, now);
    answer.rows.insert(row.to_owned(), written(now, key.level(), by));
    Some(answer)
}

/// The table without a key: it is open again.
#[must_use]
pub fn reopen(facts: &Facts, row: &str, now: Timestamp) -> Answer {
    let mut answer = table(facts, now);
    answer.rows.remove(row);
    answer
}

/// The table after a look that saw everything, where replaced keys have since left files or history: from there they can return.
#[must_use]
pub fn settle(facts: &Facts, now: Timestamp) -> Option<Answer> {
    let whole = |seen: &Repository| !seen.cut && seen.unread.is_empty();
    let read = [&facts.tree, &facts.history].into_iter().all(|fact| seen(fact.as_ref()).is_some_and(whole));
    let keys = exposed(facts).filter(|_| read && !facts.cut_short)?;
    let old = facts.answers.get(KEY)?;
    let mut answer = table(facts, now);
    for (row, value) in &mut answer.rows {
        let Some((at, level, by)) = parsed(value) else { continue };
        let is = keys.iter().find(|key| key.row() == *row).and_then(Exposed::level);
        if is < level {
            *value = written(at, is, &by);
        }
    }
    (answer.rows != old.rows).then_some(answer)
}

fn table(facts: &Facts, now: Timestamp) -> Answer {
    let text = String::new;
    let fresh = || Answer {
        choice: Choice::Yes,
        note: text(),
        evidence: text(),
        owner: text(),
        rows: BTreeMap::new(),
        at: now,
    };
    facts.answers.get(KEY).cloned().map_or_else(fresh, |old| Answer { at: now, ..old })
}

#[cfg(test)]
#[path = "keys_tests.rs"]
pub(crate) mod tests;
