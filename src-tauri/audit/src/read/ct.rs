//! Names in certificate transparency logs, as a search over them answers: where it is asked, and what its answer names.

use super::domain::within;
use super::shipped::Shipped;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::LazyLock;

const FILE: &str = include_str!("../../../../assets/data/ct.toml");
/// Names kept of one answer.
const NAMES: usize = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    url: String,
}

#[derive(Deserialize)]
struct Entry {
    name_value: String,
}

/// Where the names below a domain are asked for.
#[must_use]
pub fn url(domain: &str) -> Option<String> {
    static PLACE: LazyLock<Option<Place>> = LazyLock::new(|| Shipped::read(FILE).map(|list| list.rows).ok());
    PLACE.as_ref().map(|place| place.url.replace("{domain}", domain))
}

/// The host names below a domain in an answer; none when it is not one.
#[must_use]
pub fn names(answer: &[u8], domain: &str) -> Option<Vec<String>> {
    let entries: Vec<Entry> = serde_json::from_slice(answer).ok()?;
    let all: BTreeSet<String> =
        entries.iter().flat_map(|entry| entry.name_value.lines()).filter_map(|name| host(name, domain)).collect();
    Some(all.into_iter().take(NAMES).collect())
}

/// A name as a host below the domain: wildcards, mail addresses and names that no host has are left out.
#[must_use]
pub fn host(name: &str, domain: &str) -> Option<String> {
    let name = name.trim().trim_end_matches('.').to_ascii_lowercase();
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    let good = name != domain && within(&name, domain) && name.len() <= 253 && name.bytes().all(letter);
    (good && name.split('.').all(|label| !label.is_empty() && label.len() < 64)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::{names, url};

    #[test]
    fn the_place_has_the_domain_in_it() {
        assert_eq!(url("example.com").unwrap(), "https://crt.sh/?q=%25.example.com&output=json");
    }

    #[test]
    fn names_below_the_domain_are_kept() {
        let answer = br#"[{"id":1,"name_value":"*.example.com\nAPP.example.com\nme@example.com"},
            {"name_value":"app.example.com"},{"name_value":"example.com"},{"name_value":"app.example.com.evil.net"},
            {"name_value":"_dmarc.example.com"},{"name_value":"old-api.example.com."}]"#;
        assert_eq!(names(answer, "example.com").unwrap(), ["app.example.com", "old-api.example.com"]);
        assert!(names(b"<html>502 Bad Gateway</html>", "example.com").is_none());
    }
}
