//! Services that products let people sign in through (`assets/data/login_services.toml`).

use super::shipped::Shipped;
use serde::Deserialize;
use std::sync::LazyLock;

const FILE: &str = include_str!("../../../../assets/data/login_services.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    domains: Vec<String>,
}

static LIST: LazyLock<Option<Shipped<List>>> = LazyLock::new(|| Shipped::read(FILE).ok());

/// Whether a host belongs to such a service.
#[must_use]
pub fn is(host: &str) -> bool {
    LIST.iter().flat_map(|list| &list.rows.domains).any(|domain| super::domain::within(host, domain))
}

/// The day of the list.
#[must_use]
pub fn as_of() -> &'static str {
    LIST.as_ref().map_or("", |list| list.date.as_str())
}

#[cfg(test)]
mod tests {
    #[test]
    fn hosts_below_a_service_are_known() {
        assert!(super::is("acme.eu.auth0.com") && super::is("xyz.supabase.co"));
        assert!(!super::is("evilauth0.com") && !super::is("example.com"));
    }
}
