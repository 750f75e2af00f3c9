//! What a value looks like, without keeping any of it.

use super::known;
use crate::facts::ValueSeen;
use crate::read::secret;

/// Bits per character from which a long value counts as random; words and addresses stay below.
const RANDOM: f64 = 3.5;
/// Shorter values cannot be told from words.
const LEAST: usize = 20;

/// The class of a value; the name helps to tell a key from an address.
#[must_use]
pub fn class(name: &str, value: &str) -> ValueSeen {
    let value = value.trim();
    if value.is_empty() {
        return ValueSeen::Empty;
    }
    if stands_for(value) {
        return ValueSeen::Placeholder;
    }
    let mut scanner = secret::Scanner::new("", &[0; 32]);
    scanner.feed(value.as_bytes());
    let known = scanner.finish().iter().any(|found| !found.public);
    if known || known::secret_name(name) && random(value) {
        return ValueSeen::Secret;
    }
    match value.chars().count() {
        0..=7 => ValueSeen::Short,
        8..=31 => ValueSeen::Medium,
        _ => ValueSeen::Long,
    }
}

/// Whether a value is made of words that stand for one.
fn stands_for(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let wrapped = (value.starts_with('<') && value.ends_with('>'))
        || (value.starts_with("${") && value.ends_with('}'))
        || (value.starts_with("{{") && value.ends_with("}}"));
    let words = [
        "changeme",
        "change_me",
        "change-me",
        "your_",
        "your-",
        "yourkey",
        "placeholder",
        "replace",
        "xxxx",
        "todo",
        "example_key",
    ];
    wrapped
        || words.iter().any(|word| lower.contains(word))
        || lower.bytes().all(|byte| matches!(byte, b'x' | b'*' | b'.' | b'-' | b'_'))
}

fn random(value: &str) -> bool {
    if value.len() < LEAST || value.contains(char::is_whitespace) {
        return false;
    }
    let mut counts = [0_u32; 256];
    for byte in value.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let all = f64::from(u32::try_from(value.len()).unwrap_or(u32::MAX));
    let bits: f64 = counts
        .iter()
        .filter(|count| **count > 0)
        .map(|&count| f64::from(count) / all)
        .map(|share| -share * share.log2())
        .sum();
    bits >= RANDOM
}
