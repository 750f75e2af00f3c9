//! Further web hosts of the domain: names in certificates, in certificate logs, on its pages and on a person's list. Names of mail and
//! name servers are none, and neither are the stations of an alias.

use super::probe::{Ask, look_into};
use crate::net::trouble::{Trouble, seconds};
use crate::run::Desk;
use audit::Why;
use audit::facts::{Fact, Facts, Observation};
use audit::read::{certificate::Certificate, ct};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::timeout;
use url::Url;

/// Names that are looked into beyond the usual ones.
const NAMES: usize = 40;
/// Bytes read of the answer of the certificate logs.
const LOG: usize = 4 * 1024 * 1024;
/// The search over the logs is often slow; it only ever adds names.
const PATIENCE: Duration = Duration::from_secs(4);

/// Asks the search over certificate logs for names.
pub(crate) async fn logs(desk: &Desk<'_>) {
    let Some(url) = ct::url(desk.apex()) else { return };
    let what = format!("certificate logs for {}", desk.apex());
    let fact = timeout(PATIENCE, Box::pin(ask(desk, &url, &what))).await.unwrap_or_else(|_| {
        let says = format!("the search over certificate logs did not answer within {}", seconds(PATIENCE));
        Fact::Unseen(Trouble::new(Why::Timeout, says).of(&what))
    });
    desk.saw(Observation::Logs { fact });
}

async fn ask(desk: &Desk<'_>, url: &str, what: &str) -> Fact<Vec<String>> {
    let unread = |says: &str| Fact::Unseen(Trouble::new(Why::Garbled, says).of(what));
    let Ok(url) = Url::parse(url) else { return unread("the address of the search cannot be read") };
    let mut ask = Ask::get("ct", url.clone());
    ask.cap = LOG;
    let mut answer = Vec::new();
    match look_into(desk, &ask, |part| answer.extend_from_slice(part)).await {
        Fact::Unseen(unseen) => Fact::Unseen(unseen),
        Fact::Seen { value, from, .. } => match ct::names(&answer, desk.apex()) {
            Some(names) if value.status == 200 => {
                desk.net.dial.trace.told(url.as_str(), names.iter());
                desk.seen(names, from)
            }
            _ => unread("the search over certificate logs gave no list of names"),
        },
    }
}

/// The names that are not being looked at yet, each with where it was met; they join the scope.
pub(crate) fn further(desk: &Desk<'_>) -> Vec<String> {
    let mut met = {
        let facts = desk.facts();
        let mut met = named(&facts);
        met.retain(|name, _| !facts.scope.subdomains.contains(name) && *name != facts.scope.random_name);
        met
    };
    met.remove(&format!("www.{}", desk.apex()));
    let met: BTreeMap<String, String> = met.into_iter().take(NAMES).collect();
    if met.is_empty() {
        return Vec::new();
    }
    let names: Vec<String> = met.keys().cloned().collect();
    desk.saw(Observation::Found { names: met });
    desk.rescope(|scope| scope.subdomains.extend(names.iter().cloned()));
    names
}

/// Every name below the domain that the facts mention.
fn named(facts: &Facts) -> BTreeMap<String, String> {
    let mut met = BTreeMap::new();
    let mut add = |name: &str, place: String| {
        if let Some(host) = ct::host(name, &facts.target.domain) {
            met.entry(host).or_insert(place);
        }
    };
    if let Some(answer) = facts.answers.get("dns.subdomains") {
        answer.rows.keys().for_each(|name| add(name, "your own list".to_owned()));
    }
    for (key, fact) in &facts.tls {
        let leaf = fact.seen().ok().and_then(|seen| Certificate::read(seen.chain.first()?).ok());
        let host = key.split('|').next().unwrap_or_default();
        leaf.iter().flat_map(|leaf| &leaf.names).for_each(|name| add(name, format!("the certificate of {host}")));
    }
    for hop in facts.http.values().filter_map(|fact| fact.seen().ok()).flat_map(|chain| &chain.hops) {
        let page = hop.page.iter().flat_map(|page| page.scripts.iter().chain(&page.canonical).chain(&page.og_url));
        for link in page.chain([&hop.url]) {
            let host = Url::parse(link).ok().and_then(|url| Some(url.host_str()?.to_owned()));
            host.iter().for_each(|name| add(name, format!("the page {}", hop.url)));
        }
    }
    if let Some(Ok(names)) = facts.logs.as_ref().map(Fact::seen) {
        names.iter().for_each(|name| add(name, "the certificate logs".to_owned()));
    }
    met
}
