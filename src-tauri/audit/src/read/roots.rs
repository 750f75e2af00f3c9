//! The servers of the root zone: data.

use serde::Deserialize;
use std::net::IpAddr;
use std::sync::LazyLock;

const FILE: &str = include_str!("../../../../assets/data/roots.toml");

/// A server of the root zone.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Root {
    /// Its name.
    pub name: String,
    /// Its addresses, IPv4 first.
    pub addresses: Vec<IpAddr>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "date")]
    _date: String,
    server: Vec<Root>,
}

/// Every server of the root zone.
#[must_use]
pub fn all() -> &'static [Root] {
    static ALL: LazyLock<Vec<Root>> =
        LazyLock::new(|| toml::from_str::<List>(FILE).map(|list| list.server).unwrap_or_default());
    &ALL
}

#[cfg(test)]
mod tests {
    use super::all;

    #[test]
    fn all_thirteen_have_both_families() {
        assert_eq!(all().len(), 13);
        for root in all() {
            assert!(root.name.ends_with(".root-servers.net"));
            assert!(root.addresses[0].is_ipv4() && root.addresses[1].is_ipv6() && root.addresses.len() == 2);
        }
    }
}
