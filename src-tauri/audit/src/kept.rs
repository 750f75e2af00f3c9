//! What people say of each setting: what it is for, who looks after it, where its value lives, when it was last replaced. Never a value.

use crate::check::Severity;
use crate::facts::{Answer, Facts, Inventory, Part, ValueSeen, Variable};
use crate::read::env::{public_prefix, secret_name, supplied};
use jiff::civil::Date;

/// The question whose table tells it: `"NAME owner"`, `"NAME purpose"`, `"NAME home"`, `"NAME rotated"`; `"NAME"` alone is its owner.
pub const KEY: &str = "env.inventory";

/// What is said of one setting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept<'a> {
    /// Who looks after it.
    pub owner: &'a str,
    /// What it is for.
    pub purpose: &'a str,
    /// Where its value lives: the word of a [`Home`], or a person's own.
    pub home: &'a str,
    /// When its value was last replaced, `2026-11-21`.
    pub rotated: &'a str,
}

impl Kept<'_> {
    /// When its value was last replaced, where that is a date.
    #[must_use]
    pub fn rotated_on(&self) -> Option<Date> {
        self.rotated.parse().ok()
    }
}

/// A usual place of secret values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Home {
    /// Its word in the table.
    pub word: &'static str,
    /// As a person reads it.
    pub title: &'static str,
    /// How much it matters that a live secret is there; none for a good place.
    pub harm: Option<Severity>,
}

const fn home(word: &'static str, title: &'static str, harm: Option<Severity>) -> Home {
    Home { word, title, harm }
}

/// The usual places, good ones first.
pub const HOMES: [Home; 8] = [
    home("platform", "the platform's settings", None),
    home("manager", "a secrets manager", None),
    home("passwords", "the team's password manager", None),
    home("ci", "the settings of the build service", None),
    home("server", "a file on the server", Some(Severity::Medium)),
    home("laptop", "a file on somebody's computer", Some(Severity::High)),
    home("code", "the code itself", Some(Severity::High)),
    home("chat", "a chat, an e-mail or a note", Some(Severity::High)),
];

/// The usual place of this word.
#[must_use]
pub fn known(word: &str) -> Option<&'static Home> {
    HOMES.iter().find(|home| home.word == word)
}

/// A place as a person reads it.
#[must_use]
pub fn title(word: &str) -> &str {
    known(word).map_or(word, |home| home.title)
}

/// What is said of a setting; empty where nothing is. What it is for is taken from the example file's comment until somebody says it.
#[must_use]
pub fn of<'a>(facts: &'a Facts, name: &str) -> Kept<'a> {
    let mut kept = facts.answers.get(KEY).map_or(Kept::default(), |answer| answered(answer, name));
    if kept.purpose.is_empty() {
        let inventory = facts.inventory.as_ref().and_then(|fact| fact.seen().ok());
        kept.purpose =
            inventory.and_then(|inventory| inventory.variables.get(name)).map_or("", |one| one.note.as_str());
    }
    kept
}

fn answered<'a>(answer: &'a Answer, name: &str) -> Kept<'a> {
    let cell = |what: &str| cell(answer, &format!("{name} {what}"));
    let owner = Some(cell("owner")).filter(|owner| !owner.is_empty()).unwrap_or_else(|| self::cell(answer, name));
    Kept { owner, purpose: cell("purpose"), home: cell("home"), rotated: cell("rotated") }
}

fn cell<'a>(answer: &'a Answer, row: &str) -> &'a str {
    answer.rows.get(row).map_or("", |value| value.trim())
}

/// Whether the live product keeps a secret under this name: by its words or by what was seen of its value.
#[must_use]
pub fn secret(name: &str, variable: &Variable) -> bool {
    let value = variable.declared.iter().any(|line| line.value == ValueSeen::Secret);
    let used = variable.reads.iter().any(|read| read.part != Part::Test);
    used && (secret_name(name) || value) && !supplied(name) && public_prefix(name).is_none()
}

/// The names under which the live product keeps secrets.
pub fn secrets(inventory: &Inventory) -> impl Iterator<Item = &str> {
    inventory.variables.iter().filter(|(name, seen)| secret(name, seen)).map(|(name, _)| name.as_str())
}

#[cfg(test)]
mod tests {
    use super::{HOMES, KEY, Kept, of, title};
    use crate::facts::{Answer, Choice, Fact, Inventory, Variable};
    use crate::testing::{blank, now};

    #[test]
    fn a_row_is_read_by_its_name_and_an_old_row_is_the_owner() {
        let mut facts = blank();
        assert_eq!(of(&facts, "A"), Kept::default());
        let rows = [("A", "Ada"), ("B owner", "Ben"), ("B home", "platform"), ("B rotated", "2026-02-30")];
        let rows = rows.map(|(row, value)| (row.to_owned(), value.to_owned())).into();
        let text = String::new;
        let answer = Answer { choice: Choice::Yes, note: text(), evidence: text(), owner: text(), rows, at: now() };
        facts.answers.insert(KEY.to_owned(), answer);
        assert_eq!(of(&facts, "A").owner, "Ada");
        let kept = of(&facts, "B");
        assert_eq!((kept.owner, title(kept.home), kept.rotated_on()), ("Ben", "the platform's settings", None));
        assert_eq!(title("Doppler"), "Doppler");
        let mut inventory = Inventory::default();
        for name in ["B", "C"] {
            let known = Variable { note: "takes payments".to_owned(), ..Variable::default() };
            inventory.variables.insert(name.to_owned(), known);
        }
        facts.inventory = Some(Fact::Seen { value: inventory, at: now(), from: String::new() });
        assert_eq!((of(&facts, "C").purpose, of(&facts, "B").owner), ("takes payments", "Ben"));
        let said = facts.answers.get_mut(KEY).unwrap();
        said.rows.insert("C purpose".to_owned(), "refunds".to_owned());
        assert_eq!(of(&facts, "C").purpose, "refunds");
        assert!(HOMES.iter().all(|home| !home.word.contains(' ')));
    }
}
