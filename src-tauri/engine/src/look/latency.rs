//! Latency: each route is asked again and again, one request after another, on a kept connection, never faster than the pace.

use super::http::{addresses, busy};
use super::sample::{Sample, Samples};
use crate::net::body;
use crate::net::http::{Connection, host};
use crate::net::trouble::Trouble;
use crate::run::Desk;
use audit::facts::{Fact, Observation, Sampled};
use audit::read::text::clean;
use audit::{Unseen, Why};
use futures::future::join_all;
use hickory_proto::rr::RecordType;
use http::header::{CONTENT_ENCODING, HeaderMap};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};
use tokio::time::{Instant as Moment, sleep_until, timeout};
use url::{Host, Url};

/// Failures in a row after which a route is left alone.
const GIVE_UP: u32 = 3;
/// Decoded bytes read of one answer.
const BODY: usize = 5 * 1024 * 1024;

/// Samples every route; routes of one host one after another, different hosts at the same time.
pub(crate) async fn look(desk: &Desk<'_>) {
    let mut hosts: BTreeMap<String, Vec<Url>> = BTreeMap::new();
    for route in desk.plan.sampled_routes() {
        hosts.entry(host(&route)).or_default().push(route);
    }
    join_all(hosts.into_values().map(|routes| async move {
        for route in routes {
            let key = route.to_string();
            let limit = time_needed(desk);
            let fact = desk.job_within(&key, limit, Box::pin(see(desk, &route))).await;
            desk.saw(Observation::Latency { key, fact });
        }
    }))
    .await;
}

/// A route may take its pace and one slow exchange a request, but not for ever.
fn time_needed(desk: &Desk<'_>) -> Duration {
    let plan = desk.plan;
    plan.limits.job + plan.pace * plan.requests + plan.limits.exchange * GIVE_UP
}

async fn see(desk: &Desk<'_>, route: &Url) -> Fact<Sampled> {
    let what = clean(route.as_str(), 400);
    if !matches!(route.scheme(), "http" | "https") {
        return Fact::Unseen(Trouble::new(Why::Garbled, "this route is no http or https address").of(what));
    }
    let session = desk.plan.session.as_ref();
    let headers = session.map(|session| session.headers(route, route)).unwrap_or_default();
    if session.is_some() && headers.is_empty() {
        let trouble =
            Trouble::new(Why::Forbidden, "a session is never sent over plain http, so the route was not asked")
                .with_way("give the route as an https address");
        return Fact::Unseen(trouble.of(what));
    }
    match sample(desk, route, &headers).await {
        Ok((samples, from)) => desk.seen(samples.sum_up(!headers.is_empty()), from),
        Err(unseen) => Fact::Unseen(unseen),
    }
}

async fn sample(desk: &Desk<'_>, route: &Url, headers: &HeaderMap) -> Result<(Samples, String), Unseen> {
    let plan = desk.plan;
    let what = clean(route.as_str(), 400);
    // A name that does not resolve now will not do so thirty times.
    addresses(desk, route).await?;
    let mut samples = Samples::new(plan.requests);
    let mut kept: Option<Connection> = None;
    let mut from = String::new();
    let mut failed_in_a_row = 0;
    let mut next = Moment::now();
    for _ in 0..plan.requests {
        sleep_until(next).await;
        next = Moment::now() + plan.pace;
        samples.begin();
        let one = timeout(plan.limits.exchange, Box::pin(request(desk, route, headers, kept.take()))).await;
        let one = one.unwrap_or_else(|_| {
            let trouble = Trouble::silent(&host(route), "finish its answer", plan.limits.exchange);
            Err(trouble.of(what.clone()))
        });
        match one {
            Ok((sample, connection)) => {
                from = connection.address.to_string();
                kept = Some(connection).filter(Connection::alive);
                failed_in_a_row = 0;
                samples.add(&sample);
            }
            Err(unseen) if unseen.why == Why::Busy => return Err(unseen),
            Err(unseen) => {
                failed_in_a_row += 1;
                samples.fail(unseen.why);
                // A route that stays silent or breaks is not measured by what came before: the fault may pass.
                if failed_in_a_row >= GIVE_UP || lasting(unseen.why) {
                    return Err(unseen);
                }
            }
        }
    }
    if samples.good() == 0 && from.is_empty() {
        let trouble = Trouble::new(Why::Broken, "not one request was answered");
        return Err(trouble.of(what));
    }
    Ok((samples, from))
}

/// Asking again cannot help.
fn lasting(why: Why) -> bool {
    matches!(why, Why::Forbidden | Why::Untrusted | Why::NoRoute | Why::Depends | Why::Garbled)
}

async fn request(
    desk: &Desk<'_>,
    route: &Url,
    headers: &HeaderMap,
    kept: Option<Connection>,
) -> Result<(Sample, Connection), Unseen> {
    let what = clean(route.as_str(), 400);
    let _turn = desk.turns.with(&host(route)).await;
    if let Some(connection) = kept {
        match ask(route, headers, connection, Sample::default()).await {
            // The server closed the idle connection just then: that is its right, and no failure of the route.
            Err(trouble) if trouble.why == Why::Broken => {}
            other => return other.map_err(|trouble| trouble.of(what)),
        }
    }
    let begun = Instant::now();
    let addresses = resolve(desk, route).await?;
    let dns = begun.elapsed();
    let connection = desk.net.http.open(route, &addresses).await.map_err(|trouble| trouble.of(what.clone()))?;
    let set_up = Sample { dns: Some(dns), connect: Some(connection.connect), tls: connection.tls, ..Sample::default() };
    ask(route, headers, connection, set_up).await.map_err(|trouble| trouble.of(what))
}

/// Asks the resolver afresh, so that the time of a look-up is a measured one; policy still decides on the addresses.
async fn resolve(desk: &Desk<'_>, route: &Url) -> Result<Vec<IpAddr>, Unseen> {
    if let Some(Host::Domain(name)) = route.host() {
        let dns = &desk.net.dns;
        tokio::join!(dns.time(name, RecordType::A), dns.time(name, RecordType::AAAA));
    }
    addresses(desk, route).await
}

async fn ask(
    route: &Url,
    headers: &HeaderMap,
    mut connection: Connection,
    set_up: Sample,
) -> Result<(Sample, Connection), Trouble> {
    let begun = Instant::now();
    let response = connection.get(route, headers).await?;
    let ttfb = begun.elapsed();
    let (head, body) = response.into_parts();
    busy(head.status, &head.headers, &host(route))?;
    let encoding = head.headers.get(CONTENT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let taken = body::stream(body, encoding, BODY, |_| {}).await?;
    let before: Duration = [set_up.dns, set_up.connect, set_up.tls].into_iter().flatten().sum();
    let total = Some(before + begun.elapsed());
    let sample = Sample { status: head.status.as_u16(), ttfb: Some(ttfb), total, ..set_up };
    if taken.truncated {
        // What is left of the body would come before the next answer.
        connection.retire();
    }
    Ok((sample, connection))
}
