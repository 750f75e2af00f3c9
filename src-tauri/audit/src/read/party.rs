//! Whose server a URL is on: the audited company's, or another's, and whether what it serves ever changes.

use super::shipped::Shipped;
use serde::Deserialize;
use std::sync::LazyLock;
use url::Url;

const FILE: &str = include_str!("../../../../assets/data/third-party.toml");

/// What kind of server another company's is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// Serves files that never change under one address.
    Fixed,
    /// Serves scripts that its owner changes at will, and says so.
    Moving,
    /// Storage that is rented: what lies there is the renter's own.
    Storage,
    /// Nothing is known of it.
    Unknown,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    fixed: Vec<String>,
    moving: Vec<String>,
    storage: Vec<String>,
}

static LIST: LazyLock<Option<Shipped<List>>> = LazyLock::new(|| Shipped::read(FILE).ok());

/// The day of the list.
#[must_use]
pub fn as_of() -> &'static str {
    LIST.as_ref().map_or("", |list| list.date.as_str())
}

/// What kind of server a URL is on.
#[must_use]
pub fn of(url: &str) -> Party {
    let (Some(list), Some(host)) = (LIST.as_ref().map(|list| &list.rows), host(url)) else { return Party::Unknown };
    let under = |names: &[String]| {
        names
            .iter()
            .any(|name| host == *name || host.strip_suffix(name.as_str()).is_some_and(|rest| rest.ends_with('.')))
    };
    if under(&list.fixed) {
        Party::Fixed
    } else if under(&list.moving) {
        Party::Moving
    } else if under(&list.storage) {
        Party::Storage
    } else {
        Party::Unknown
    }
}

/// Whether a URL is on a host of the same registrable domain as `domain`.
#[must_use]
pub fn same(domain: &str, url: &str) -> bool {
    let Some(host) = host(url) else { return false };
    let own = psl::domain_str(domain).unwrap_or(domain);
    host == own || host.strip_suffix(own).is_some_and(|rest| rest.ends_with('.'))
}

/// Scheme, host and port of a URL.
#[must_use]
pub fn origin(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    url.has_host().then(|| url.origin().ascii_serialization())
}

fn host(url: &str) -> Option<String> {
    Url::parse(url).ok()?.host_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{FILE, List, Party, Shipped, of, same};

    #[test]
    fn servers_are_told_by_whole_labels() {
        let list = Shipped::<List>::read(FILE).unwrap().rows;
        assert!(list.fixed.len() > 5 && list.moving.len() > 20 && list.storage.len() > 5);
        assert_eq!(of("https://cdn.jsdelivr.net/npm/a"), Party::Fixed);
        assert_eq!(of("https://js.stripe.com/v3"), Party::Moving);
        assert_eq!(of("https://notcloudfront.net/"), Party::Unknown);
        assert_eq!(of("https://d1.cloudfront.net/"), Party::Storage);
        assert!(same("shop.example.co.uk", "https://cdn.example.co.uk/") && !same("a.co.uk", "https://b.co.uk/"));
    }
}
