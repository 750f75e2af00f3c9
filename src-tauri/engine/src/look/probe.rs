//! Probes: single requests to an origin over its kept connections, each noted as one exchange. Nothing is followed.

use super::http::{Next, addresses, busy, headers, millis, next, version};
use crate::net::body;
use crate::net::http::host;
use crate::net::trouble::Trouble;
use crate::run::Desk;
use audit::Unseen;
use audit::facts::{Exchange, Fact, Header, Observation};
use audit::read::body::Reader;
use audit::read::place;
use audit::read::text::clean;
use http::header::{CONTENT_ENCODING, HeaderMap};
use http::{Method, StatusCode};
use std::net::IpAddr;
use std::time::{Duration, Instant};
use tokio::time::timeout;
use url::Url;

/// What to ask.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    /// A short word for what it is asked for, without blanks: `cors-null`, `asset`.
    pub(crate) probe: &'static str,
    pub(crate) method: Method,
    pub(crate) url: Url,
    /// Header fields besides the usual ones, or in place of them; never a credential.
    pub(crate) headers: HeaderMap,
    /// In whose name it is asked.
    pub(crate) visitor: Visitor,
    /// What the exchange is noted under, where that is not the URL itself.
    pub(crate) place: Option<Url>,
    /// Decoded bytes read of the body.
    pub(crate) cap: usize,
}

/// In whose name something is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Visitor {
    /// Anybody.
    #[default]
    Stranger,
    /// Anybody, as a client of its own: it shares no connection with the others.
    Second,
    /// Whoever the session belongs to, where it belongs to this origin.
    Owner,
    /// Whoever the lesser session belongs to, under the same rule.
    Lesser,
}

impl Ask {
    /// A plain GET that reads up to 1 MB.
    pub(crate) fn get(probe: &'static str, url: Url) -> Self {
        Self {
            probe,
            method: Method::GET,
            url,
            headers: HeaderMap::new(),
            visitor: Visitor::Stranger,
            place: None,
            cap: 1024 * 1024,
        }
    }
}

/// Asks and notes the answer.
pub(crate) async fn look(desk: &Desk<'_>, ask: &Ask) -> Fact<Exchange> {
    look_where(desk, ask, |_| false, |_| {}).await
}

/// Asks, notes the answer, and hands on the decoded bytes of the body as they come.
pub(crate) async fn look_into(desk: &Desk<'_>, ask: &Ask, sink: impl FnMut(&[u8]) + Send) -> Fact<Exchange> {
    look_where(desk, ask, |_| true, sink).await
}

/// Asks, notes the answer, and hands on the decoded bytes of bodies with a status that `wanted` names, as they come.
pub(crate) async fn look_where(
    desk: &Desk<'_>,
    ask: &Ask,
    wanted: fn(StatusCode) -> bool,
    sink: impl FnMut(&[u8]) + Send,
) -> Fact<Exchange> {
    let fact = quietly(desk, ask, wanted, sink).await;
    note(desk, ask, fact.clone());
    fact
}

/// Notes the answer to a question.
pub(crate) fn note(desk: &Desk<'_>, ask: &Ask, fact: Fact<Exchange>) {
    let place = ask.place.as_ref().unwrap_or(&ask.url);
    desk.saw(Observation::Exchange { key: format!("{} {place}", ask.probe), fact });
}

/// Asks, and leaves the noting to whoever asked.
pub(crate) async fn quietly(
    desk: &Desk<'_>,
    ask: &Ask,
    wanted: fn(StatusCode) -> bool,
    sink: impl FnMut(&[u8]) + Send,
) -> Fact<Exchange> {
    let what = clean(ask.place.as_ref().unwrap_or(&ask.url).as_str(), 400);
    let limit = desk.plan.limits.exchange;
    let work = async {
        match see(desk, ask, wanted, sink, limit).await {
            Ok(exchange) => desk.seen(exchange.clone(), exchange.address),
            Err(unseen) => Fact::Unseen(unseen),
        }
    };
    desk.job(&what, Box::pin(work)).await
}

async fn see(
    desk: &Desk<'_>,
    ask: &Ask,
    wanted: fn(StatusCode) -> bool,
    sink: impl FnMut(&[u8]) + Send,
    limit: Duration,
) -> Result<Exchange, Unseen> {
    let what = clean(ask.place.as_ref().unwrap_or(&ask.url).as_str(), 400);
    let addresses = addresses(desk, &ask.url).await?;
    let _turn = desk.turns.with(&host(&ask.url)).await;
    match timeout(limit, Box::pin(exchange(desk, ask, &addresses, wanted, sink))).await {
        Ok(done) => done.map_err(|trouble| trouble.of(what)),
        Err(_) => Err(Trouble::silent(&host(&ask.url), "finish its answer", limit).of(what)),
    }
}

async fn exchange(
    desk: &Desk<'_>,
    ask: &Ask,
    addresses: &[IpAddr],
    wanted: fn(StatusCode) -> bool,
    mut sink: impl FnMut(&[u8]) + Send,
) -> Result<Exchange, Trouble> {
    let session = session(desk, ask);
    let mut all = ask.headers.clone();
    all.extend(session.clone());
    let begun = Instant::now();
    let net = &desk.net;
    let lines = if ask.visitor == Visitor::Second { &net.second } else { &net.lines };
    let (mut loan, response) = lines.ask(&net.http, &ask.method, &ask.url, addresses, &all).await?;
    let took = begun.elapsed();
    let (head, incoming) = response.into_parts();
    if let Err(trouble) = busy(head.status, &head.headers, &host(&ask.url)) {
        loan.connection.retire();
        return Err(trouble);
    }
    let encoding = head.headers.get(CONTENT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut reader = Reader::default();
    let taken = body::stream(incoming, encoding, ask.cap, |part| {
        reader.feed(part);
        if wanted(head.status) {
            sink(part);
        }
    })
    .await;
    if !taken.as_ref().is_ok_and(|taken| !taken.truncated) {
        loan.connection.retire();
    }
    let taken = taken?;
    let address = loan.connection.address.to_string();
    loan.give_back();
    let sent = ask.headers.iter().map(|(name, value)| Header {
        name: name.as_str().to_owned(),
        value: audit::read::text::clean_bytes(value.as_bytes(), 400),
    });
    // Which of the two a session is decides what caches may do (RFC 9111 §3.5); the values stay here.
    let hidden = session.keys().map(|name| Header { name: name.as_str().to_owned(), value: "…".to_owned() });
    Ok(Exchange {
        method: ask.method.to_string(),
        url: ask.url.to_string(),
        sent: sent.chain(hidden).collect(),
        signed_in: !session.is_empty(),
        address,
        version: version(head.version),
        status: head.status.as_u16(),
        headers: headers(&head.headers),
        location: match next(&ask.url, head.status, &head.headers) {
            Next::There(to) => Some(clean(to.as_str(), 4_096)),
            Next::Here | Next::Nowhere(_) => None,
        },
        took_ms: millis(took),
        body: reader.finish(taken.wire, taken.truncated),
    })
}

/// Whether a session would go along with a question.
pub(crate) fn signs_in(desk: &Desk<'_>, ask: &Ask) -> bool {
    !session(desk, ask).is_empty()
}

/// The session's headers, where this URL has the origin of a route, or of a place on the domain's own hosts that a person named: what
/// belongs to one product never goes to the hosts of another, whatever somebody typed.
fn session(desk: &Desk<'_>, ask: &Ask) -> HeaderMap {
    let session = match ask.visitor {
        Visitor::Stranger | Visitor::Second => None,
        Visitor::Owner => desk.plan.session.as_ref(),
        Visitor::Lesser => desk.plan.lesser.as_ref(),
    };
    let Some(session) = session else { return HeaderMap::new() };
    let named = place::of(&desk.facts()).into_iter().map(|place| place.url);
    let named = named.filter(|url| url.host_str().is_some_and(|host| desk.ours(host)));
    let mut routes = desk.plan.sampled_routes().into_iter().chain(named);
    let route = routes.find(|route| route.origin() == ask.url.origin());
    route.map(|route| session.headers(&route, &ask.url)).unwrap_or_default()
}
