//! The rules: data from `assets/data/secrets.toml`, compiled once into one search for all their fixed words.

use super::Hit;
use super::proof::{self, Proof};
use super::{PAST, WINDOW};
use crate::check::Severity;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::bytes::{Regex, RegexBuilder};
use serde::Deserialize;
use std::sync::LazyLock;

const FILE: &str = include_str!("../../../../../assets/data/secrets.toml");

/// One kind of key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Stable id.
    pub id: String,
    /// What it is, as its owner calls it: "Stripe live secret key".
    pub title: String,
    /// Fixed texts that every match begins with.
    pub words: Vec<String>,
    /// The whole match from the word on; group 1, where there is one, is the value.
    pub pattern: String,
    /// What may be shown of a match, where it is not the word itself.
    #[serde(default)]
    pub shows: Option<String>,
    /// Which characters of the match stand before the word, if any.
    #[serde(default)]
    pub back: Option<Back>,
    /// Whether keys of this kind are meant to be public.
    #[serde(default)]
    pub public: bool,
    /// Whether letters may stand right before the word, as in `AWS_SECRET_ACCESS_KEY`.
    #[serde(default)]
    pub inside: bool,
    /// What the value itself must prove.
    #[serde(default)]
    pub proof: Proof,
    /// How much a leak matters.
    #[serde(default = "critical")]
    pub severity: Severity,
    /// How to make it worthless; for a public kind, how to limit it.
    pub revoke: String,
    /// Where that is done.
    pub link: String,
    /// Samples that match, in pieces so that no scanner takes this file for a leak.
    pub yes: Vec<Vec<String>>,
    /// Samples that do not match, in pieces.
    #[serde(default)]
    pub no: Vec<Vec<String>>,
}

/// Which characters of a match stand before its fixed word.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Back {
    /// Decimal digits.
    Digits,
    /// Hexadecimal digits in lower case.
    Hex,
}

impl Back {
    /// Where the characters of this kind that end right before `at` begin, as far as the past is kept.
    fn begin(self, buffer: &[u8], at: usize) -> usize {
        let belongs = |byte: &u8| match self {
            Self::Digits => byte.is_ascii_digit(),
            Self::Hex => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        };
        at - buffer[..at].iter().rev().take(PAST - 1).take_while(|byte| belongs(byte)).count()
    }
}

fn critical() -> Severity {
    Severity::Critical
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rule: Vec<Rule>,
}

/// All rules with their search.
pub(super) struct Rules {
    list: Vec<Rule>,
    patterns: Vec<Regex>,
    /// One search for the words of all rules.
    pub(super) words: AhoCorasick,
    /// The rule of each word.
    owners: Vec<usize>,
}

impl Rules {
    fn compile() -> Result<Self, String> {
        let list = toml::from_str::<File>(FILE).map_err(|error| error.to_string())?.rule;
        let compile = |rule: &Rule| {
            RegexBuilder::new(&format!(r"\A(?:{})", rule.pattern))
                .unicode(false)
                .build()
                .map_err(|error| error.to_string())
        };
        let patterns = list.iter().map(compile).collect::<Result<_, _>>()?;
        let owned: Vec<(usize, &String)> =
            list.iter().enumerate().flat_map(|(at, rule)| rule.words.iter().map(move |word| (at, word))).collect();
        let words = search(owned.iter().map(|(_, word)| word.as_str()))?;
        let owners = owned.into_iter().map(|(at, _)| at).collect();
        Ok(Self { list, patterns, words, owners })
    }

    /// The match of the rule that owns the word found at `start..end`, if its surroundings and its value bear it out.
    pub(super) fn at(&self, buffer: &[u8], word: usize, start: usize, end: usize) -> Option<Hit> {
        let at = *self.owners.get(word)?;
        let rule = &self.list[at];
        let start = rule.back.map_or(start, |back| back.begin(buffer, start));
        if !rule.inside && continues(&buffer[..start]) {
            return None;
        }
        let window = &buffer[start..buffer.len().min(start + WINDOW)];
        let groups = self.patterns[at].captures(window)?;
        let value = groups.get(1).or_else(|| groups.get(0))?;
        let after = window.get(value.end()).copied().unwrap_or(b' ');
        if after.is_ascii_alphanumeric() || after == b'_' {
            return None;
        }
        // Where the value is a group of its own, the word is not part of it.
        let fixed = if groups.get(1).is_some() { 0 } else { end - start };
        let body = value.as_bytes().get(fixed..).unwrap_or_default();
        let real = !proof::placeholder(body) && proof::holds(rule.proof, value.as_bytes(), body);
        real.then(|| Hit { start: start + value.start(), end: start + value.end(), rule: at, shown: end })
    }
}

fn search<'a>(words: impl Iterator<Item = &'a str>) -> Result<AhoCorasick, String> {
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .match_kind(MatchKind::Standard)
        .ascii_case_insensitive(true)
        .build(words)
        .map_err(|error| error.to_string())
}

/// Whether a word that follows `before` is the tail of a longer one; an escape such as `\n` ends a word.
fn continues(before: &[u8]) -> bool {
    match before {
        [.., b'\\', b'n' | b'r' | b't'] => false,
        [.., last] => last.is_ascii_alphanumeric() || matches!(last, b'_' | b'-'),
        [] => false,
    }
}

static COMPILED: LazyLock<Rules> = LazyLock::new(|| {
    // The tests prove that the file compiles; without rules nothing would be found, so nothing else may come of a failure.
    Rules::compile().unwrap_or_else(|error| unreachable!("secrets.toml: {error}"))
});

pub(super) fn compiled() -> &'static Rules {
    &COMPILED
}

/// All rules, in order of precedence.
#[must_use]
pub fn rules() -> &'static [Rule] {
    &COMPILED.list
}

/// The rule with this id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Rule> {
    rules().iter().find(|rule| rule.id == id)
}
