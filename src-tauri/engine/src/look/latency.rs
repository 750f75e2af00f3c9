//! Latency: each route is asked again and again, one request after another, on a kept connection, never faster than the pace.

use super::http::addresses;
use crate::load::record::{Record, Times};
use crate::load::request::{Answer, Miss, Route};
use crate::load::{Expectation, StopRule};
use crate::net::http::{Connection, host};
use crate::net::trouble::Trouble;
use crate::run::Desk;
use audit::facts::{Fact, Observation, Sampled};
use audit::read::text::clean;
use audit::{Unseen, Why};
use bytes::Bytes;
use futures::future::join_all;
use hickory_proto::rr::RecordType;
use http::Method;
use http::header::HeaderMap;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};
use tokio::time::{Instant as Moment, sleep_until, timeout};
use url::{Host, Url};

/// Failures in a row after which a route is left alone.
const GIVE_UP: u32 = 3;

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
        Ok((record, from)) => desk.seen(record.sampled(desk.plan.requests, !headers.is_empty()), from),
        Err(unseen) => Fact::Unseen(unseen),
    }
}

async fn sample(desk: &Desk<'_>, url: &Url, headers: &HeaderMap) -> Result<(Record, String), Unseen> {
    let plan = desk.plan;
    let what = clean(url.as_str(), 400);
    // A name that does not resolve now will not do so thirty times.
    addresses(desk, url).await?;
    let asked = |trouble: Trouble| trouble.of(what.clone());
    let route = Route::new(&Method::GET, url, headers, &Bytes::new(), Expectation::default()).map_err(asked)?;
    let own = |error: crate::EngineError| Trouble::new(Why::Broken, error.message).of(what.clone());
    let mut record =
        Record::new(plan.pace * plan.requests, StopRule { errors: 100, slower_than: None }).map_err(own)?;
    let mut kept: Option<Connection> = None;
    let mut from = String::new();
    let mut failed_in_a_row = 0;
    let mut next = Moment::now();
    for _ in 0..plan.requests {
        sleep_until(next).await;
        next = Moment::now() + plan.pace;
        record.sent();
        let one = timeout(plan.limits.exchange, Box::pin(request(desk, &route, kept.take(), &mut record))).await;
        let one =
            one.unwrap_or_else(|_| Err(Trouble::silent(&host(url), "finish its answer", plan.limits.exchange).into()));
        match one {
            Ok((Answer { busy: Some(trouble), .. }, _, _)) => return Err(trouble.of(what)),
            Ok((answer, connection, times)) => {
                from = connection.address.to_string();
                kept = Some(connection).filter(|connection| answer.whole && connection.alive());
                failed_in_a_row = 0;
                // The rule never ends it, and what does was told above.
                let _ = record.answer(&answer, times);
            }
            Err(miss) => {
                failed_in_a_row += 1;
                let _ = record.failure(&miss);
                // A route that stays silent or breaks is not measured by what came before: the fault may pass.
                if failed_in_a_row >= GIVE_UP || lasting(miss.trouble.why) {
                    return Err(miss.trouble.of(what));
                }
            }
        }
    }
    if record.good_answers() == 0 && from.is_empty() {
        let trouble = Trouble::new(Why::Broken, "not one request was answered");
        return Err(trouble.of(what));
    }
    Ok((record, from))
}

/// Asking again cannot help.
fn lasting(why: Why) -> bool {
    matches!(why, Why::Forbidden | Why::Untrusted | Why::NoRoute | Why::Depends | Why::Garbled)
}

async fn request(
    desk: &Desk<'_>,
    route: &Route,
    kept: Option<Connection>,
    record: &mut Record,
) -> Result<(Answer, Connection, Times), Miss> {
    let within = desk.plan.limits.exchange;
    let _turn = desk.turns.with(&host(&route.url)).await;
    let times = |answer: &Answer, begun: Instant, cold| {
        let took = answer.ended.saturating_duration_since(begun);
        Times { ended: Duration::ZERO, response: took, service: took, cold }
    };
    if let Some(mut connection) = kept {
        match route.ask(&mut connection, within).await {
            // The server closed the idle connection just then: that is its right, and no failure of the route.
            Err(miss) if miss.trouble.why == Why::Broken => {}
            answer => {
                let answer = answer?;
                let times = times(&answer, answer.sent, false);
                return Ok((answer, connection, times));
            }
        }
    }
    let begun = Instant::now();
    let unnamed = |unseen: Unseen| Miss::of_name(Trouble::new(unseen.why, unseen.says).with_way(unseen.way));
    let addresses = resolve(desk, &route.url).await.map_err(unnamed)?;
    record.named(begun.elapsed());
    let mut connection = route.open(&desk.net, &addresses, within).await?;
    record.connected(&connection);
    let answer = route.ask(&mut connection, within).await?;
    let times = times(&answer, begun, true);
    Ok((answer, connection, times))
}

/// Asks the resolver afresh, so that the time of a look-up is a measured one; policy still decides on the addresses.
async fn resolve(desk: &Desk<'_>, route: &Url) -> Result<Vec<IpAddr>, Unseen> {
    if let Some(Host::Domain(name)) = route.host() {
        let dns = &desk.net.dns;
        tokio::join!(dns.time(name, RecordType::A), dns.time(name, RecordType::AAAA));
    }
    addresses(desk, route).await
}
