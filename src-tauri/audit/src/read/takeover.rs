//! Services that names are aliases to, and the words by which they say that nobody has claimed a name: data with its source.

use super::shipped::Shipped;
use serde::Deserialize;
use std::sync::LazyLock;

const FILE: &str = include_str!("../../../../assets/data/takeover.toml");

/// A service.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// As people know it.
    pub name: String,
    /// Ends of the names that customers' names are aliases to.
    aliases: Vec<String>,
    /// Words of its page for a name that nobody has claimed.
    #[serde(default)]
    says: Vec<String>,
    /// Who may claim such a name.
    pub claimable: Claimable,
    /// Whether anybody can register a name below its aliases that does not exist.
    #[serde(default)]
    pub absent: bool,
    /// Whether its aliases were confirmed; a row of which they were not never proves anything by itself.
    #[serde(default = "confirmed")]
    pub verified: bool,
}

fn confirmed() -> bool {
    true
}

/// Who may claim a name that nobody has claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Claimable {
    /// Anybody.
    Yes,
    /// Anybody, unless settings that cannot be seen from outside forbid it.
    Sometimes,
    /// Only who proves that the name is theirs.
    No,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    service: Vec<Service>,
}

static ALL: LazyLock<Option<Shipped<List>>> = LazyLock::new(|| Shipped::read(FILE).ok());

/// The day of the list.
#[must_use]
pub fn as_of() -> &'static str {
    ALL.as_ref().map_or("", |list| list.date.as_str())
}

/// The service that an alias leads to.
#[must_use]
pub fn service(alias: &str) -> Option<&'static Service> {
    ALL.iter()
        .flat_map(|list| &list.rows.service)
        .find(|service| service.aliases.iter().any(|end| super::domain::within(alias, end)))
}

impl Service {
    /// Whether its page has to be read to know more.
    #[must_use]
    pub fn has_words(&self) -> bool {
        !self.says.is_empty()
    }

    /// The words in a page by which it says that nobody has claimed the name.
    #[must_use]
    pub fn unclaimed(&self, page: &[u8]) -> Option<&str> {
        let page = String::from_utf8_lossy(page);
        self.says.iter().map(String::as_str).find(|words| page.contains(words))
    }
}

#[cfg(test)]
mod tests {
    use super::{Claimable, FILE, List, Shipped, service};

    #[test]
    fn the_data_parses_and_proves_something() {
        let list = Shipped::<List>::read(FILE).unwrap().rows;
        assert!(list.service.len() > 40);
        for service in &list.service {
            assert!(!service.aliases.is_empty(), "{}", service.name);
            let provable = service.absent || service.has_words();
            assert!(service.claimable == Claimable::No || provable, "{} can never be proven", service.name);
            assert!(service.says.iter().all(|words| words.len() > 10), "{} is too general", service.name);
        }
    }

    #[test]
    fn services_are_known_by_their_aliases_and_words() {
        let surge = service("na-west1.surge.sh").unwrap();
        assert_eq!((surge.name.as_str(), surge.claimable), ("Surge", Claimable::Yes));
        assert_eq!(surge.unclaimed(b"<h1>project not found</h1>"), Some("project not found"));
        assert!(surge.unclaimed(b"<h1>Documentation</h1>").is_none());
        assert_eq!(service("cname.vercel-dns.com").unwrap().claimable, Claimable::No);
        assert!(service("notsurge.sh").is_none());
    }
}
