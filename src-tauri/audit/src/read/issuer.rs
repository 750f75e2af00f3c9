//! Public certificate authorities by the organisation in their certificates: their names in CAA records, and how their certificates renew.

use super::shipped::Shipped;
use serde::Deserialize;
use std::sync::LazyLock;

const FILE: &str = include_str!("../../../../assets/data/issuers.toml");

/// An authority.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// As people know it.
    pub name: String,
    /// Organisations as they stand in its certificates.
    pub organisations: Vec<String>,
    /// Names that stand for it in CAA records (RFC 8659 §4.2), the usual one first.
    pub caa: Vec<String>,
    /// Whether these names were confirmed with the authority: only then does the lack of all of them forbid it.
    pub verified: bool,
    /// Whether its certificates are only given to programs that renew them (ACME, a network, a host).
    #[serde(default)]
    pub automatic: bool,
    /// Who renews, to go after "renewed by"; none when that is not known.
    pub by: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    issuer: Vec<Known>,
}

static ALL: LazyLock<Vec<Known>> =
    LazyLock::new(|| Shipped::<List>::read(FILE).map(|list| list.rows.issuer).unwrap_or_default());

/// The authority with this organisation.
#[must_use]
pub fn by_name(organisation: &str) -> Option<&'static Known> {
    ALL.iter().find(|known| known.organisations.iter().any(|own| own.eq_ignore_ascii_case(organisation)))
}

#[cfg(test)]
mod tests {
    use super::{ALL, FILE, List, Shipped, by_name};

    #[test]
    fn the_data_parses_and_names_are_found() {
        assert_eq!(Shipped::<List>::read(FILE).unwrap().rows.issuer.len(), ALL.len());
        assert!(ALL.len() >= 15);
        assert!(by_name("Let's Encrypt").unwrap().automatic);
        assert!(!by_name("DigiCert Inc").unwrap().automatic);
        assert!(by_name("Backyard Signing CA").is_none());
        assert!(ALL.iter().all(|known| !known.automatic || known.by.is_some()));
    }

    #[test]
    fn only_confirmed_names_forbid() {
        let verified: Vec<&str> = ALL.iter().filter(|known| known.verified).map(|known| known.name.as_str()).collect();
        assert_eq!(
            verified,
            ["Let's Encrypt", "Google Trust Services", "Amazon"],
            "confirm the names, then add the row here"
        );
    }
}
