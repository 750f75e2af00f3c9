//! Services that products let people sign in through (`assets/data/login_services.toml`).

use serde::Deserialize;
use std::sync::LazyLock;

const FILE: &str = include_str!("../../../../assets/data/login_services.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "date")]
    _date: String,
    domains: Vec<String>,
}

/// Whether a host belongs to such a service.
#[must_use]
pub fn is(host: &str) -> bool {
    static DOMAINS: LazyLock<Vec<String>> =
        LazyLock::new(|| toml::from_str::<List>(FILE).map_or_else(|_| Vec::new(), |list| list.domains));
    let below =
        |domain: &String| host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    DOMAINS.iter().any(below)
}

#[cfg(test)]
mod tests {
    #[test]
    fn hosts_below_a_service_are_known() {
        assert!(super::is("acme.eu.auth0.com") && super::is("xyz.supabase.co"));
        assert!(!super::is("evilauth0.com") && !super::is("example.com"));
    }
}
