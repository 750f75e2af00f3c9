//! Probes: single requests to an origin over its kept connections, each noted as one exchange. Nothing is followed.

use super::http::{Next, addresses, busy, headers, millis, next, version};
use crate::net::body;
use crate::net::http::host;
use crate::net::line::Loan;
use crate::net::trouble::Trouble;
use crate::run::Desk;
use audit::facts::{Exchange, Fact, Header, Observation};
use audit::read::body::Reader;
use audit::read::text::clean;
use audit::{Unseen, Why};
use http::header::{CONTENT_ENCODING, HeaderMap};
use http::{Method, Response, StatusCode};
use hyper::body::Incoming;
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
    /// Whether the plan's session goes along, where it belongs to this origin.
    pub(crate) session: bool,
    /// Decoded bytes read of the body.
    pub(crate) cap: usize,
}

impl Ask {
    /// A plain GET that reads up to 1 MB.
    pub(crate) fn get(probe: &'static str, url: Url) -> Self {
        Self { probe, method: Method::GET, url, headers: HeaderMap::new(), session: false, cap: 1024 * 1024 }
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
    let what = clean(ask.url.as_str(), 400);
    let limit = desk.plan.limits.exchange;
    let work = async {
        match see(desk, ask, wanted, sink, limit).await {
            Ok(exchange) => desk.seen(exchange.clone(), exchange.address),
            Err(unseen) => Fact::Unseen(unseen),
        }
    };
    let fact = desk.job(&what, Box::pin(work)).await;
    desk.saw(Observation::Exchange { key: format!("{} {}", ask.probe, ask.url), fact: fact.clone() });
    fact
}

async fn see(
    desk: &Desk<'_>,
    ask: &Ask,
    wanted: fn(StatusCode) -> bool,
    sink: impl FnMut(&[u8]) + Send,
    limit: Duration,
) -> Result<Exchange, Unseen> {
    let what = clean(ask.url.as_str(), 400);
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
    let (mut loan, response) = answer(desk, ask, addresses, &all).await?;
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
    Ok(Exchange {
        method: ask.method.to_string(),
        url: ask.url.to_string(),
        sent: sent.collect(),
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

/// The answer's head. A kept connection that the server closed meanwhile is no trouble of the site: a fresh one is tried.
async fn answer(
    desk: &Desk<'_>,
    ask: &Ask,
    addresses: &[IpAddr],
    headers: &HeaderMap,
) -> Result<(Loan, Response<Incoming>), Trouble> {
    let net = &desk.net;
    let mut loan = net.lines.take(&net.http, &ask.url, addresses).await?;
    match loan.connection.send(&ask.method, &ask.url, headers).await {
        Ok(response) => Ok((loan, response)),
        Err(trouble) if loan.kept && trouble.why == Why::Broken => {
            let mut loan = net.lines.afresh(&net.http, &ask.url, addresses).await?;
            let response = loan.connection.send(&ask.method, &ask.url, headers).await?;
            Ok((loan, response))
        }
        Err(trouble) => Err(trouble),
    }
}

/// The session's headers, where this URL has the origin of one of its routes.
fn session(desk: &Desk<'_>, ask: &Ask) -> HeaderMap {
    let Some(session) = desk.plan.session.as_ref().filter(|_| ask.session) else { return HeaderMap::new() };
    let routes = desk.plan.sampled_routes();
    let route = routes.iter().find(|route| route.origin() == ask.url.origin());
    route.map(|route| session.headers(route, &ask.url)).unwrap_or_default()
}
