//! Which selectors to ask for: those that a domain's mail services use, then those that are common (`assets/data/dkim.toml`).

use crate::read::shipped::Shipped;
use serde::Deserialize;
use std::sync::LazyLock;

const FILE: &str = include_str!("../../../../../assets/data/dkim.toml");

/// Selectors asked for at most.
const MOST: usize = 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// Used by many, in falling order of use.
    pub(super) common: Vec<String>,
    pub(super) provider: Vec<Provider>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Provider {
    /// As people call it.
    pub(super) name: String,
    /// Domains of its mail exchanges, each with everything below it.
    #[serde(default)]
    pub(super) mx: Vec<String>,
    /// Domains that its customers include in SPF, each with everything below it.
    #[serde(default)]
    pub(super) includes: Vec<String>,
    /// The selectors that it hands out.
    pub(super) selectors: Vec<String>,
}

pub(super) static DATA: LazyLock<Result<File, String>> = LazyLock::new(|| Shipped::read(FILE).map(|list| list.rows));

/// The selectors worth asking for, likeliest first, each once.
#[must_use]
pub fn selectors(mx: &[String], spf_includes: &[String]) -> Vec<String> {
    let Ok(data) = DATA.as_ref() else { return Vec::new() };
    let below = |names: &[String], suffixes: &[String]| {
        names.iter().any(|name| suffixes.iter().any(|suffix| lies_below(name, suffix)))
    };
    let inferred = data.provider.iter().filter(|p| below(mx, &p.mx) || below(spf_includes, &p.includes));
    let mut found: Vec<String> = Vec::new();
    for selector in inferred.flat_map(|provider| &provider.selectors).chain(&data.common) {
        if !found.contains(selector) {
            found.push(selector.clone());
        }
    }
    found.truncate(MOST);
    found
}

fn lies_below(name: &str, suffix: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name.strip_suffix(suffix).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// The selectors that the services with these mail hosts or SPF domains hand out.
#[must_use]
pub fn handed_out(domains: &[String]) -> Vec<String> {
    let Ok(data) = DATA.as_ref() else { return Vec::new() };
    let known = |suffixes: &[String]| domains.iter().any(|name| suffixes.iter().any(|suffix| lies_below(name, suffix)));
    let own = data.provider.iter().filter(|provider| known(&provider.mx) || known(&provider.includes));
    own.flat_map(|provider| provider.selectors.clone()).collect()
}

/// Whether a word can be a selector: labels of letters, digits, hyphens and underscores (RFC 6376 §3.1).
#[must_use]
pub fn is_selector(word: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    word.len() <= 120 && word.split('.').all(label)
}

/// The selectors that a person named: words of an answer that can be one.
#[must_use]
pub fn named(answer: &crate::facts::Answer) -> Vec<String> {
    let words = answer.rows.keys().map(String::as_str).chain(answer.note.split([' ', ',', ';', '\n', '\t']));
    let mut found: Vec<String> = Vec::new();
    for word in words.map(|word| word.trim_matches(['.', '"', '\''])).filter(|word| is_selector(word)) {
        let word = word.to_ascii_lowercase();
        let word = word.split("._domainkey").next().unwrap_or_default().to_owned();
        if !found.contains(&word) {
            found.push(word);
        }
    }
    found.truncate(20);
    found
}

/// The service that hands out this selector, where it is only one.
#[must_use]
pub fn service(selector: &str) -> Option<&'static str> {
    let data = DATA.as_ref().ok()?;
    let mut users = data.provider.iter().filter(|provider| provider.selectors.iter().any(|known| known == selector));
    match (users.next(), users.next()) {
        (Some(provider), None) => Some(&provider.name),
        _ => None,
    }
}
