//! The rules: data from `assets/data/secrets.toml`, compiled once into one search for all their fixed words.

use super::Hit;
use super::escape::{self, Undone};
use super::proof::{self, Around, Proof};
use super::{PAST, WINDOW};
use crate::check::Severity;
use crate::read::shipped::Shipped;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::bytes::{Regex, RegexBuilder};
use serde::Deserialize;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

pub(super) const FILE: &str = include_str!("../../../../../assets/data/secrets.toml");

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
    /// The whole match from the word on; group 1, where there is one, is the value. Of a named kind, the value alone.
    pub pattern: String,
    /// Whether the value has no form of its own and is known by the name that it is given: `words` are parts of such names.
    #[serde(default)]
    pub named: bool,
    /// Whether only the look of the value speaks for it; read in source and logs, not in packed scripts.
    #[serde(default)]
    pub guess: bool,
    /// Whether a value is known by nothing but its look and the short name that a packer gave it; read in packed scripts only, by `unnamed`.
    #[serde(default)]
    pub packed: bool,
    /// How the form is known: `documented` by its owner, `alike` in at least one published scanner that finds our samples, or `unverified`.
    #[serde(default)]
    pub known: Known,
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

/// How the form of a kind is known.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Known {
    /// A published scanner finds our samples too.
    Alike,
    /// Its owner documents it.
    #[default]
    Documented,
    /// From memory; a find asks a person to look instead of failing a build.
    Unverified,
}

/// What stands between a name and its value: quotes, a type, an assignment in any of the usual languages (of Make `::=` and `?=`, of PHP `.=`),
/// the head of a YAML block (YAML 1.2.2 section 8.1), what counts where a setting is missing (`||`, `??`), `value=` of XML and YAML.
const BETWEEN: &str = r#"["'`\\\])]{0,6}(?:(?:\s{0,4}:\s{0,4}|\s{1,3})(?:[Ss]tring|&(?:'static )?str)\s{0,4}=|\s{0,8}(?:\|\||\?\?)|[\s,]{0,12}value\s{0,3}[=:]|\s{0,8}(?::{1,3}=|[?+.]=|=>|==|=|: {1,3}[|>][+-]?\r?\n|:|,|\(|>)|\s{1,3})[\\"'`(\s]{0,10}"#;

/// Bytes that escapes may add to a match: two layers of quotes around a name and its value, and what follows them.
const WRAPPED: usize = 160;

/// Which characters of a match stand before its fixed word.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Back {
    /// Decimal digits.
    Digits,
    /// Hexadecimal digits in lower case.
    Hex,
    /// Letters and digits.
    Alnum,
    /// Letters, digits and what joins words.
    Words,
}

impl Back {
    /// Where the characters of this kind that end right before `at` begin, as far as the past is kept.
    fn begin(self, buffer: &[u8], at: usize) -> usize {
        let belongs = |byte: &u8| match self {
            Self::Digits => byte.is_ascii_digit(),
            Self::Hex => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            Self::Alnum => byte.is_ascii_alphanumeric(),
            Self::Words => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'~' | b'.'),
        };
        let begin = at - buffer[..at].iter().rev().take(PAST - 1).take_while(|byte| belongs(byte)).count();
        // The letters of an escape right before look like part of the match.
        let escape = match (&buffer[..begin], &buffer[begin..at]) {
            ([.., b'\\'], [b'x', ..]) => 3,
            ([.., b'\\'], [b'u', ..]) => 5,
            ([.., b'\\'], [b'n' | b'r' | b't', ..]) => 1,
            ([.., b'%'], [_, _, ..]) => 2,
            _ => 0,
        };
        (begin + escape).min(at)
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

/// The search of one rule.
pub(super) struct Pattern {
    search: Regex,
    /// Bytes from the word on in which its match ends, wrapped text included.
    reach: usize,
}

/// All rules with their search.
pub(super) struct Rules {
    list: Vec<Rule>,
    /// Compiled when first asked for: most kinds are met in no file.
    patterns: Vec<OnceLock<Option<Pattern>>>,
    /// Whether the words of a rule count only as they are written.
    exact: Vec<bool>,
    /// One search for the words of all rules.
    pub(super) words: AhoCorasick,
    /// The rule of each word.
    owners: Vec<usize>,
    /// The rule of values whose name a packer took away.
    pub(super) unnamed: Option<usize>,
}

impl Rules {
    fn compile() -> Result<Self, String> {
        let mut list = Shipped::<File>::read(FILE)?.rows.rule;
        list.iter_mut().filter(|rule| rule.named).for_each(|rule| rule.words = spelled(&rule.words));
        let patterns = list.iter().map(|_| OnceLock::new()).collect();
        let exact = list.iter().map(|rule| !rule.named && !rule.pattern.starts_with("(?i")).collect();
        let owned: Vec<(usize, &String)> =
            list.iter().enumerate().flat_map(|(at, rule)| rule.words.iter().map(move |word| (at, word))).collect();
        let words = search(owned.iter().map(|(_, word)| word.as_str()))?;
        let owners = owned.into_iter().map(|(at, _)| at).collect();
        let unnamed = list.iter().position(|rule| rule.packed);
        Ok(Self { list, patterns, exact, words, owners, unnamed })
    }

    /// The match of the rule that owns the word found at `start..end`, if its surroundings and its value bear it out.
    pub(super) fn at(&self, buffer: &[u8], word: usize, start: usize, end: usize, guesses: bool) -> Option<Hit> {
        let at = *self.owners.get(word)?;
        let rule = &self.list[at];
        if (rule.guess && !guesses) || (rule.named && !assigned(&buffer[end..])) {
            return None;
        }
        // Words are found whatever their case; the text of most keys has one.
        if self.exact[at] && !rule.words.iter().any(|word| word.as_bytes() == &buffer[start..end]) {
            return None;
        }
        let start = rule.back.map_or(start, |back| back.begin(buffer, start));
        if !rule.inside && !rule.named && !escape::begins(&buffer[..start]) {
            return None;
        }
        let window = &buffer[start..buffer.len().min(start + WINDOW)];
        let before = &buffer[start.saturating_sub(PAST)..start];
        if let Some(value) = self.value(at, before, window, end - start) {
            return Some(Hit {
                start: start + value.start,
                end: start + value.end,
                rule: at,
                shown: end,
                written: None,
            });
        }
        // Escapes behind the longest match change nothing.
        let reach = self.pattern(at)?.reach.min(window.len());
        let mut undone = escape::undo(&window[..reach])?;
        loop {
            if let Some(value) = self.value(at, before, &undone.text, end - start) {
                let begin = value.start.checked_sub(1).map_or(0, |before| undone.ends[before]);
                let (begin, stop) = (start + begin, start + undone.ends[value.end - 1]);
                return Some(Hit {
                    start: begin,
                    end: stop,
                    rule: at,
                    shown: end,
                    written: Some(undone.text[value].to_vec()),
                });
            }
            // Text in a script in a source map is wrapped twice.
            let again = escape::undo(&undone.text)?;
            undone = Undone { ends: again.ends.iter().map(|end| undone.ends[end - 1]).collect(), text: again.text };
        }
    }

    /// The search of a rule; none when it does not compile, which a test rules out.
    pub(super) fn pattern(&self, at: usize) -> Option<&Pattern> {
        self.patterns[at].get_or_init(|| compile(&self.list[at]).ok()).as_ref()
    }

    /// Where the value of a rule stands in a window that begins with the rule's word of `fixed` bytes.
    fn value(&self, at: usize, before: &[u8], window: &[u8], fixed: usize) -> Option<Range<usize>> {
        let rule = &self.list[at];
        let groups = self.pattern(at)?.search.captures(window)?;
        let value = groups.get(1).or_else(|| groups.get(0))?;
        let after = window.get(value.end()).copied().unwrap_or(b' ');
        if after.is_ascii_alphanumeric() || after == b'_' {
            return None;
        }
        // Where the value is a group of its own, the word is not part of it.
        let fixed = if groups.get(1).is_some() { 0 } else { fixed };
        let body = value.as_bytes().get(fixed..).unwrap_or_default();
        let around = Around { before, name: &window[..value.start()], after: &window[value.end()..] };
        // A private key of OpenSSH holds a run of zeros, which would look like a template's.
        let sample = !matches!(rule.proof, Proof::Padded | Proof::Pem) && proof::placeholder(body);
        let real = !sample && proof::holds(rule.proof, value.as_bytes(), body, &around);
        real.then(|| value.range())
    }
}

/// The search of a rule, from its word on.
fn compile(rule: &Rule) -> Result<Pattern, regex::Error> {
    let pattern = if rule.named {
        format!(r"\A(?i:{})[A-Za-z0-9_.\-]{{0,40}}?{BETWEEN}({})", words(rule), rule.pattern)
    } else {
        format!(r"\A(?:{})", rule.pattern)
    };
    let search = RegexBuilder::new(&pattern).unicode(false).build()?;
    let form = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(&pattern);
    let longest = form.ok().and_then(|form| form.properties().maximum_len());
    Ok(Pattern { search, reach: longest.map_or(WINDOW, |longest| longest + WRAPPED) })
}

/// The words as they are also written: `circle_token` in a file of settings is `circleToken` or `circle-token` elsewhere.
fn spelled(words: &[String]) -> Vec<String> {
    let ways = words.iter().flat_map(|word| [word.clone(), word.replace('_', ""), word.replace('_', "-")]);
    let mut spelled: Vec<String> = ways.collect();
    spelled.sort();
    spelled.dedup();
    spelled
}

fn words(rule: &Rule) -> String {
    rule.words.iter().map(|word| regex::escape(word)).collect::<Vec<_>>().join("|")
}

/// Whether something is given to the name whose part ends where `rest` begins; asked before the costlier search.
fn assigned(rest: &[u8]) -> bool {
    let name = rest
        .iter()
        .take(41)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
        .count();
    rest.get(name).is_some_and(|byte| byte.is_ascii_whitespace() || b"\"'`\\])=:,(>&%|?".contains(byte))
}

fn search<'a>(words: impl Iterator<Item = &'a str>) -> Result<AhoCorasick, String> {
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .match_kind(MatchKind::Standard)
        .ascii_case_insensitive(true)
        .build(words)
        .map_err(|error| error.to_string())
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
