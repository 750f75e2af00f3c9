//! Words of the trade in plain English, which the window explains where they stand.

use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use ts_rs::TS;

const FILE: &str = include_str!("../../../assets/data/terms.toml");

/// One word and what it means.
#[derive(Clone, Debug, Deserialize, Serialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Term {
    /// The word as it is explained.
    pub word: String,
    /// Other forms of it that are found in texts.
    #[serde(default)]
    pub also: Vec<String>,
    /// One sentence for somebody who is no engineer.
    pub says: String,
}

#[derive(Deserialize)]
struct Terms {
    term: Vec<Term>,
}

/// Every word that is explained. A test parses the file; a build whose file cannot be read explains nothing.
#[must_use]
pub fn all() -> &'static [Term] {
    static ALL: LazyLock<Vec<Term>> =
        LazyLock::new(|| toml::from_str::<Terms>(FILE).map(|terms| terms.term).unwrap_or_default());
    &ALL
}

#[cfg(test)]
mod tests {
    use super::{FILE, Terms, all};
    use std::collections::BTreeSet;

    #[test]
    fn every_word_is_explained_once_and_in_a_sentence() {
        toml::from_str::<Terms>(FILE).unwrap();
        let terms = all();
        assert!(terms.len() >= 60, "{}", terms.len());
        let mut seen = BTreeSet::new();
        for term in terms {
            for word in term.also.iter().chain([&term.word]) {
                assert!(seen.insert(word.to_lowercase()), "{word} is explained twice");
            }
            assert!(term.says.ends_with('.') && term.says.len() < 240, "{}: {}", term.word, term.says);
            assert!(
                term.says.starts_with(|first: char| first.is_uppercase() || first.is_ascii_digit()),
                "{}",
                term.word
            );
        }
        for wanted in
            ["DNS", "TLS", "SPF", "DKIM", "DMARC", "CDN", "HSTS", "CSP", "p95", "canonical", "registrar", "MX", "TTL"]
        {
            assert!(seen.contains(&wanted.to_lowercase()), "{wanted}");
        }
    }
}
