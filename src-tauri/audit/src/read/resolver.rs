//! The public resolvers that the domain is asked of: data, or a file in the same form.

use serde::Deserialize;
use std::net::IpAddr;
use std::sync::LazyLock;
use url::Url;

const FILE: &str = include_str!("../../../../assets/data/resolvers.toml");
/// Resolvers taken of a file.
const MOST: usize = 16;

/// A resolver that anybody may ask.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolver {
    /// As people know it.
    pub name: String,
    /// Where plain DNS and DNS over TLS are answered.
    pub address: IpAddr,
    /// The name in its certificate for DNS over TLS (RFC 7858).
    pub tls: Option<String>,
    /// Its address for DNS over HTTPS (RFC 8484).
    pub https: Option<Url>,
    /// Where DNS over HTTPS is answered, when elsewhere.
    pub at: Option<IpAddr>,
    /// Where anyone can ask it to forget an answer.
    pub flush: Option<String>,
    /// Where a wrong block is reported.
    pub report: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(rename = "source", default)]
    _source: String,
    #[serde(rename = "date", default)]
    _date: String,
    resolver: Vec<Resolver>,
}

/// The resolvers inside the program.
#[must_use]
pub fn all() -> &'static [Resolver] {
    static ALL: LazyLock<Vec<Resolver>> = LazyLock::new(|| parse(FILE).unwrap_or_default());
    &ALL
}

/// A list of resolvers in the form of `assets/data/resolvers.toml`.
///
/// # Errors
/// One sentence that says what is wrong with it.
pub fn parse(text: &str) -> Result<Vec<Resolver>, String> {
    let list: List = toml::from_str(text).map_err(|error| error.message().to_owned())?;
    let mut resolvers = list.resolver;
    if resolvers.is_empty() || resolvers.len() > MOST {
        return Err(format!("it must hold one to {MOST} resolvers"));
    }
    if let Some(odd) = resolvers.iter().find(|one| one.https.as_ref().is_some_and(|url| url.scheme() != "https")) {
        return Err(format!("DNS over HTTPS of {} must begin with https://", super::text::clean(&odd.name, 60)));
    }
    for resolver in &mut resolvers {
        resolver.name = super::text::clean(&resolver.name, 60);
    }
    Ok(resolvers)
}

/// The resolver with this name, for the links that belong to it.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Resolver> {
    all().iter().find(|resolver| resolver.name == name)
}

#[cfg(test)]
mod tests {
    use super::{FILE, all, parse};

    #[test]
    fn the_data_parses() {
        assert_eq!(all(), parse(FILE).unwrap());
        assert!(all().len() >= 5 && all().iter().all(|one| one.tls.is_some() && one.https.is_some()));
    }

    #[test]
    fn a_list_of_ones_own_is_read_or_refused() {
        let own = "[[resolver]]\nname = \"Home\"\naddress = \"192.168.1.1\"\n";
        assert_eq!(parse(own).unwrap()[0].https, None);
        assert!(parse("resolver = []").is_err());
        assert!(parse("x").is_err());
        let plain = format!("{own}https = \"http://home.example/\"\n");
        assert!(parse(&plain).unwrap_err().contains("https"));
    }
}
