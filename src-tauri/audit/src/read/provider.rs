//! Who runs an address, a name server, a mail host: recognised from data, with the sign by which it was recognised.

use super::shipped::Shipped;
use crate::Case;
use crate::facts::{Chain, Hop};
use ipnet::IpNet;
use serde::Deserialize;
use std::net::IpAddr;
use std::sync::LazyLock;
use url::Url;

const FILE: &str = include_str!("../../../../assets/data/providers.toml");

/// A provider that can be recognised.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// As people know it.
    pub name: String,
    /// What it does: `cdn`, `dns`, `hosting`, `mail`.
    pub roles: Vec<String>,
    /// Published address ranges.
    #[serde(default)]
    pub ranges: Vec<IpNet>,
    /// Ends of its name servers' names.
    #[serde(default)]
    pub nameservers: Vec<String>,
    /// Ends of names that sites alias to.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Response headers, `name` or `name: start of value`.
    #[serde(default)]
    pub headers: Vec<String>,
    /// Header lines with which it says that nothing is deployed under a name.
    #[serde(default)]
    pub gone: Vec<String>,
    /// Addresses that it no longer serves sites from.
    #[serde(default)]
    pub retired: Vec<IpNet>,
    /// Ends of its mail hosts' names.
    #[serde(default)]
    pub mail: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    provider: Vec<Provider>,
}

static LIST: LazyLock<Option<Shipped<List>>> = LazyLock::new(|| Shipped::read(FILE).ok());

/// All providers.
#[must_use]
pub fn all() -> &'static [Provider] {
    LIST.as_ref().map_or(&[], |list| list.rows.provider.as_slice())
}

/// The day of the list.
#[must_use]
pub fn as_of() -> &'static str {
    LIST.as_ref().map_or("", |list| list.date.as_str())
}

impl Provider {
    /// Whether it does this.
    #[must_use]
    pub fn does(&self, role: &str) -> bool {
        self.roles.iter().any(|own| own == role)
    }

    /// The sign that a site at this address, with these aliases and headers (`name: value`, lower-case names), is behind it.
    #[must_use]
    pub fn serves(&self, address: IpAddr, aliases: &[&str], headers: &[String]) -> Option<String> {
        if let Some(range) = self.ranges.iter().find(|range| range.contains(&address)) {
            return Some(format!("{address} is in its range {range}"));
        }
        if let Some(alias) = aliases.iter().find(|alias| self.aliases.iter().any(|end| under(alias, end))) {
            return Some(format!("alias to {alias}"));
        }
        let known = |line: &&String| self.headers.iter().any(|sign| line.starts_with(sign.as_str()));
        headers.iter().find(known).map(|line| format!("header {}", line.split(':').next().unwrap_or(line)))
    }
}

/// Who does `role` at this address of this host, by range, alias or the headers it sent, and the sign.
#[must_use]
pub fn doing(case: &Case<'_>, role: &str, host: &str, address: IpAddr) -> Option<(&'static Provider, String)> {
    let signs = Signs::of(case, host, address);
    all()
        .iter()
        .filter(|provider| provider.does(role))
        .find_map(|provider| provider.serves(address, &signs.aliases, &signs.headers).map(|sign| (provider, sign)))
}

/// Who stands at this address of this host, by range, alias or the headers it sent, and the sign.
#[must_use]
pub fn at(case: &Case<'_>, host: &str, address: IpAddr) -> Option<(&'static Provider, String)> {
    let signs = Signs::of(case, host, address);
    all()
        .iter()
        .find_map(|provider| provider.serves(address, &signs.aliases, &signs.headers).map(|sign| (provider, sign)))
}

/// What gives a provider away at one address of a host.
struct Signs<'a> {
    aliases: Vec<&'a str>,
    headers: Vec<String>,
}

impl<'a> Signs<'a> {
    fn of(case: &Case<'a>, host: &str, address: IpAddr) -> Self {
        let chain = case.chain(&format!("https://{host}/"));
        Self {
            aliases: case.dns(host, "A").map(|answer| answer.aliases().collect()).unwrap_or_default(),
            headers: chain.map(|chain| headers(chain, host, address)).unwrap_or_default(),
        }
    }
}

/// The headers that this address of this host sent, as `name: value` in lower case.
#[must_use]
pub fn headers(chain: &Chain, host: &str, address: IpAddr) -> Vec<String> {
    let own = |hop: &&Hop| {
        let asked = Url::parse(&hop.url).ok().and_then(|url| url.host_str().map(str::to_owned));
        let at = hop.address.parse::<std::net::SocketAddr>().map(|at| at.ip());
        asked.as_deref() == Some(host) && at.is_ok_and(|at| at == address)
    };
    let lines = chain.hops.iter().filter(own).flat_map(|hop| &hop.headers);
    lines.map(|header| format!("{}: {}", header.name, header.value.to_ascii_lowercase())).collect()
}

/// The provider whose list (`pick`) has the end of this name.
#[must_use]
pub fn by_name(name: &str, pick: fn(&Provider) -> &[String]) -> Option<&'static Provider> {
    all().iter().find(|provider| pick(provider).iter().any(|end| under(name, end)))
}

/// Whether `name` is `end` or below it.
fn under(name: &str, end: &str) -> bool {
    name == end || name.strip_suffix(end).is_some_and(|rest| rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::{FILE, List, Shipped, all, by_name};

    #[test]
    fn the_data_parses() {
        assert!(Shipped::<List>::read(FILE).unwrap().rows.provider.len() > 20);
    }

    #[test]
    fn providers_are_recognised_with_their_sign() {
        let cloudflare = all().iter().find(|p| p.name == "Cloudflare").unwrap();
        assert!(cloudflare.serves("104.18.20.10".parse().unwrap(), &[], &[]).unwrap().contains("104.16.0.0/13"));
        assert!(cloudflare.serves("5.161.44.10".parse().unwrap(), &[], &[]).is_none());
        assert_eq!(by_name("ada.ns.cloudflare.com", |p| &p.nameservers).unwrap().name, "Cloudflare");
        assert!(by_name("notcloudflare.com", |p| &p.nameservers).is_none());
        assert_eq!(by_name("aspmx.l.google.com", |p| &p.mail).unwrap().name, "Google Workspace");
    }
}
