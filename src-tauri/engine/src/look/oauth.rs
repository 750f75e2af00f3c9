//! Signing in with another service: the discovery documents of hosts, and where the first steps of a login send people, followed
//! within the domain only. Nothing is entered, and the service itself is never asked.

use super::probe::{Ask, quietly};
use crate::net::http::host;
use crate::run::Desk;
use audit::facts::{Chain, End, Exchange, Fact, OauthStart, Observation};
use audit::read::discovery::{self, PATHS, bare};
use audit::read::place::{self, Kind};
use audit::read::text::clean;
use audit::{Unseen, Why};
use url::Url;

/// First labels of hosts that run a login of their own.
const LABELS: [&str; 9] = ["account", "accounts", "api", "app", "auth", "id", "identity", "login", "sso"];
/// Links followed of one page.
const LINKS: usize = 4;
/// Redirects followed within the domain.
const MOVES: usize = 4;
/// Bytes read of a page on the way.
const GLANCE: usize = 4 * 1024;

/// Looks at the logins that a person named, and at the documents of their hosts.
pub(crate) async fn look(desk: &Desk<'_>) {
    let mut places = place::of(&desk.facts());
    places.retain(|place| place.kind == Kind::Oauth);
    for place in places {
        describe(desk, &place.url).await;
        begin(desk, &place.url, true).await;
    }
}

/// Looks at one host: its document, and the links of its page by which a login begins.
pub(crate) async fn look_at(desk: &Desk<'_>, host: &str, chain: &Fact<Chain>) {
    let Ok(chain) = chain.seen() else { return };
    let Some(hop) = chain.last().filter(|hop| chain.end == End::Answered && hop.status < 500) else { return };
    let Some(url) = Url::parse(&hop.url).ok().filter(|url| url.host_str() == Some(host) && url.scheme() == "https")
    else {
        return;
    };
    let label = host.split('.').next().unwrap_or_default();
    if host == desk.apex() || LABELS.contains(&label) {
        describe(desk, &url).await;
    }
    let links = hop.page.iter().flat_map(|page| &page.linked.pages).filter_map(|link| Url::parse(link).ok());
    let mut starts: Vec<Url> = Vec::new();
    for link in links.filter(|link| discovery::begins_login(link) && desk.ours(&crate::net::http::host(link))) {
        if starts.len() < LINKS && !starts.contains(&link) {
            starts.push(link);
        }
    }
    for start in starts {
        begin(desk, &start, false).await;
    }
}

/// Notes the discovery document of the host of a URL, where it has one.
async fn describe(desk: &Desk<'_>, near: &Url) {
    for path in PATHS {
        let Ok(url) = near.join(path) else { return };
        if desk.facts().discoveries.contains_key(url.as_str()) {
            return;
        }
        let mut bytes = Vec::new();
        let mut ask = Ask::get("discovery", url.clone());
        ask.cap = discovery::LONGEST;
        let fact = quietly(desk, &ask, |status| status.is_success(), |part| bytes.extend_from_slice(part)).await;
        let found = discovery::parse(&bytes).filter(|_| fact.seen().is_ok_and(|exchange| exchange.status == 200));
        let missing = found.is_none();
        let fact = match fact {
            Fact::Seen { at, from, .. } => Fact::Seen { value: found, at, from },
            // A login that nobody spoke of need not exist, so a host that is troubled just then hides nothing that was asked for.
            Fact::Unseen(_) => return,
        };
        desk.saw(Observation::Discovery { key: url.to_string(), fact });
        if !missing {
            return;
        }
    }
}

/// Follows a login to the service that it hands over to, and notes where that is told to send people back.
async fn begin(desk: &Desk<'_>, start: &Url, named: bool) {
    let (mut seen, mut url, mut from) = (OauthStart::default(), start.clone(), String::new());
    let trouble = loop {
        seen.way.push(bare(&clean(url.as_str(), 400)));
        let mut ask = Ask::get("oauth", url.clone());
        ask.cap = GLANCE;
        match quietly(desk, &ask, |_| false, |_| {}).await {
            Fact::Unseen(unseen) => break Some(unseen),
            Fact::Seen { value, .. } => {
                from.clone_from(&value.address);
                match onward(desk, &mut seen, &value) {
                    Some(next) if seen.way.len() <= MOVES && !seen.way.contains(&bare(next.as_str())) => url = next,
                    _ => break None,
                }
            }
        }
    };
    let key = bare(start.as_str());
    if seen.service.is_some() {
        desk.saw(Observation::Oauth { key, fact: desk.seen(seen, from) });
    } else if named {
        let unseen = trouble.unwrap_or_else(|| Unseen {
            what: key.clone(),
            why: Why::NotAnswered,
            says: "it sends nobody on to a login service".to_owned(),
            way: "name the address that the button of the login service leads to".to_owned(),
        });
        desk.saw(Observation::Oauth { key, fact: Fact::Unseen(unseen) });
    }
}

/// Where to ask next within the domain; none at the end of the way, which is noted when it is a login service.
fn onward(desk: &Desk<'_>, seen: &mut OauthStart, exchange: &Exchange) -> Option<Url> {
    let to = Url::parse(exchange.location.as_deref()?).ok()?;
    let back = discovery::back(&to);
    if !back.is_empty() {
        seen.service = Some(bare(&clean(to.as_str(), 400)));
        seen.back = back;
        return None;
    }
    desk.ours(&host(&to)).then_some(to)
}
