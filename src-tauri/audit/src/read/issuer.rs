//! Certificate authorities that browsers know, by the organisation in their certificates, and how their certificates renew.

use serde::Deserialize;
use std::sync::LazyLock;

const FILE: &str = include_str!("../../../../assets/data/authorities.toml");

/// An authority.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// Organisation as it stands in its certificates.
    pub organisation: String,
    /// Whether its certificates are only given to programs that renew them (ACME, a network, a host).
    pub automatic: bool,
    /// Who renews, to go after "renewed by".
    pub by: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "date")]
    _date: String,
    issuer: Vec<Issuer>,
}

/// The authority with this organisation.
#[must_use]
pub fn by_name(organisation: &str) -> Option<&'static Issuer> {
    static ALL: LazyLock<Vec<Issuer>> =
        LazyLock::new(|| toml::from_str::<List>(FILE).map(|list| list.issuer).unwrap_or_default());
    ALL.iter().find(|issuer| issuer.organisation.eq_ignore_ascii_case(organisation))
}

#[cfg(test)]
mod tests {
    use super::{FILE, List, by_name};

    #[test]
    fn the_data_parses_and_names_are_found() {
        assert!(toml::from_str::<List>(FILE).unwrap().issuer.len() >= 10);
        assert!(by_name("Let's Encrypt").unwrap().automatic);
        assert!(!by_name("DigiCert Inc").unwrap().automatic);
        assert!(by_name("Backyard Signing CA").is_none());
    }
}
