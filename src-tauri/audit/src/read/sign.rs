//! Recognises the content of an answer by signs in its first bytes (`assets/data/signs.toml`), whatever its name and status.

use super::shipped::Shipped;
use aho_corasick::AhoCorasick;
use regex::bytes::Regex;
use serde::Deserialize;
use std::sync::LazyLock;

const FILE: &str = include_str!("../../../../assets/data/signs.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    sign: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    #[serde(default)]
    starts: String,
    #[serde(default)]
    all: Vec<String>,
    #[serde(default)]
    any: Vec<String>,
    #[serde(default)]
    none: Vec<String>,
    pattern: Option<String>,
    /// Samples, for the tests.
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the tests, which check every sign against its samples"))]
    yes: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the tests, which check every sign against its samples"))]
    no: String,
}

struct Sign {
    row: Row,
    starts: Vec<u8>,
    pattern: Option<Regex>,
    /// Places of its texts among all texts.
    all: Vec<usize>,
    any: Vec<usize>,
    none: Vec<usize>,
}

struct Signs {
    signs: Vec<Sign>,
    /// Every text once; a pattern costs time, so it only runs where the texts were found.
    texts: Option<AhoCorasick>,
    count: usize,
}

static SIGNS: LazyLock<Signs> = LazyLock::new(|| read(FILE).unwrap_or(Signs { signs: vec![], texts: None, count: 0 }));

fn read(file: &str) -> Result<Signs, String> {
    let list = Shipped::<List>::read(file)?.rows;
    let mut texts: Vec<String> = Vec::new();
    let mut signs = Vec::new();
    for row in list.sign {
        let mut places = |wanted: &[String]| -> Vec<usize> {
            let mut place = |text: &String| {
                texts.iter().position(|known| known == text).unwrap_or_else(|| {
                    texts.push(text.clone());
                    texts.len() - 1
                })
            };
            wanted.iter().map(&mut place).collect()
        };
        let (all, any, none) = (places(&row.all), places(&row.any), places(&row.none));
        let pattern = row.pattern.as_deref().map(Regex::new).transpose().map_err(|error| error.to_string())?;
        let starts = bytes(&row.starts).ok_or_else(|| format!("{} starts with no hexadecimal", row.id))?;
        signs.push(Sign { row, starts, pattern, all, any, none });
    }
    let count = texts.len();
    let texts = AhoCorasick::new(texts).map_err(|error| error.to_string())?;
    Ok(Signs { signs, texts: Some(texts), count })
}

fn bytes(hexadecimal: &str) -> Option<Vec<u8>> {
    hexadecimal.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

/// The ids of all signs that these first bytes of an answer show.
#[must_use]
pub fn shown(head: &[u8]) -> Vec<String> {
    if head.is_empty() {
        return Vec::new();
    }
    let mut found = vec![false; SIGNS.count];
    if let Some(texts) = &SIGNS.texts {
        for hit in texts.find_overlapping_iter(head) {
            found[hit.pattern().as_usize()] = true;
        }
    }
    let holds = |sign: &&Sign| {
        let stands = |place: &usize| found[*place];
        head.starts_with(&sign.starts)
            && sign.all.iter().all(stands)
            && (sign.any.is_empty() || sign.any.iter().any(stands))
            && !sign.none.iter().any(stands)
            && sign.pattern.as_ref().is_none_or(|pattern| pattern.is_match(head))
    };
    SIGNS.signs.iter().filter(holds).map(|sign| sign.row.id.clone()).collect()
}

/// Whether a sign of this id exists; data that names signs is checked with it.
#[must_use]
pub fn known(id: &str) -> bool {
    SIGNS.signs.iter().any(|sign| sign.row.id == id)
}

#[cfg(test)]
mod tests {
    use super::{FILE, SIGNS, read, shown};

    #[test]
    fn every_sign_knows_its_sample_and_leaves_the_other() {
        let signs = read(FILE).unwrap().signs;
        assert!(signs.len() > 40);
        assert_eq!(signs.len(), SIGNS.signs.len());
        for sign in &signs {
            let id = &sign.row.id;
            assert!(!sign.starts.is_empty() || !sign.all.is_empty() || !sign.any.is_empty(), "{id} matches anything");
            // TOML holds text only, so a binary beginning stands for itself.
            let yes = if sign.starts.is_empty() { sign.row.yes.as_bytes() } else { &sign.starts };
            assert!(shown(yes).contains(id), "{id} does not know its sample");
            assert!(!shown(sign.row.no.as_bytes()).contains(id), "{id} takes the wrong sample");
        }
    }

    #[test]
    fn ordinary_answers_show_nothing() {
        for body in [
            "",
            "<!doctype html><html><head><title>Shop</title></head><body><p>Hello</p></body></html>",
            "{\"error\":\"not found\"}\n",
            "Not Found",
            "User-agent: *\nDisallow: /dashboard\nSitemap: https://example.com/sitemap.xml\n",
        ] {
            assert_eq!(shown(body.as_bytes()), Vec::<String>::new(), "{body}");
        }
    }
}
