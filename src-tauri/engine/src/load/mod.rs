//! Load: one address asked by many users at once or at a fixed rate, never without consent, never above its cap, stopped at once.
//!
//! It runs on a thread of its own, so that neither the window nor a look at something else distorts what it measures.

mod consent;
mod drive;
mod figures;
pub(crate) mod record;
pub(crate) mod request;
#[cfg(test)]
mod tests;
mod wish;

use crate::EngineError;
use crate::net::Net;
use crate::net::doors::Doors;
use crate::plan::Plan;
use crate::world::World;
use audit::facts::{LoadAgreed, LoadCap, Loaded, Model, SlowNetwork};
use audit::read::routes::Route;
use audit::read::text::clean;
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use http::{HeaderMap, Method};
use sha2::{Digest, Sha256};
use std::fmt;
use std::net::IpAddr;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use url::Url;

pub use crate::net::http::Speak;
pub use consent::LoadConsent;
pub use record::Tick;
pub use wish::{Gauge, RouteWish, Wish};

/// What a good answer is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectation {
    /// The status; none means any below 400.
    pub status: Option<u16>,
    /// Text that the answer contains.
    pub contains: Option<String>,
}

/// When to stop before the time is over. A limit (429) or overload (503) always stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StopRule {
    /// Failures in percent of the last 100 requests.
    pub errors: u32,
    /// 95th percentile of the last second.
    pub slower_than: Option<Duration>,
}

impl Default for StopRule {
    fn default() -> Self {
        Self { errors: 50, slower_than: None }
    }
}

/// What is sent, and how.
#[derive(Clone)]
pub struct Load {
    /// The address.
    pub url: Url,
    /// The method.
    pub method: Method,
    /// Header fields besides the usual ones; those of a session are marked sensitive.
    pub headers: HeaderMap,
    /// The body, empty for none.
    pub body: Bytes,
    /// What a good answer is.
    pub expect: Expectation,
    /// Users or rate.
    pub model: Model,
    /// Time in which users or rate grow to their full number.
    pub ramp: Duration,
    /// How long in all.
    pub duration: Duration,
    /// Requests in all at most, where the time is not meant to end it.
    pub requests: Option<u64>,
    /// When to stop early.
    pub stop: StopRule,
    /// Which version of HTTP.
    pub speak: Speak,
    /// A poor connection to lay over the good one.
    pub slow: Option<SlowNetwork>,
}

impl fmt::Debug for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Header fields and body may hold what nobody else is to read.
        f.debug_struct("Load").field("url", &self.url.as_str()).field("model", &self.model).finish_non_exhaustive()
    }
}

impl Load {
    /// A GET of this address at this rate or with these users for a time.
    #[must_use]
    pub fn new(url: Url, model: Model, duration: Duration) -> Self {
        Self {
            url,
            method: Method::GET,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            expect: Expectation::default(),
            model,
            ramp: Duration::ZERO,
            duration,
            requests: None,
            stop: StopRule::default(),
            speak: Speak::default(),
            slow: None,
        }
    }

    /// What a person wrote down of a route, at this rate or with these users for a time.
    ///
    /// # Errors
    /// The method or a header field is none.
    pub fn of(route: &Route, url: Url, model: Model, duration: Duration) -> Result<Self, EngineError> {
        let wrong = |what: &str, typed: &str| {
            EngineError::new("route", format!("{}: {} is no {what} of HTTP", clean(&route.url, 120), clean(typed, 60)))
        };
        let method = route.method.to_ascii_uppercase();
        let method = method.parse::<Method>().map_err(|_| wrong("method", &route.method))?;
        let mut headers = HeaderMap::new();
        for (name, value) in &route.headers {
            let named = name.parse::<HeaderName>().map_err(|_| wrong("header field", name))?;
            headers.insert(named, value.parse().map_err(|_| wrong("value of a header field", name))?);
        }
        let expect = Expectation { status: route.status, contains: route.contains.clone() };
        let body = Bytes::from(route.body.clone());
        if !body.is_empty() {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        }
        Ok(Self { method, headers, body, expect, ..Self::new(url, model, duration) })
    }

    /// What is asked, for people. Two bodies are two questions; a body may hold a secret, so of its fingerprint only so much is told that it is
    /// told apart.
    #[must_use]
    pub fn what(&self) -> String {
        let asked = clean(&format!("{} {}", self.method, self.url), 400);
        if self.body.is_empty() {
            return asked;
        }
        let print = Sha256::digest(&self.body);
        let print: String = print.iter().take(3).map(|byte| format!("{byte:02x}")).collect();
        format!("{asked} with body {print}")
    }

    fn users(&self) -> u32 {
        match self.model {
            Model::Users { users, .. } | Model::Rate { users, .. } => users,
        }
    }
}

/// What is asked of a route without anybody's consent; its time is bounded by its requests.
const POLITE: LoadCap = LoadCap { users: 4, per_second: 5, seconds: LoadCap::MOST.seconds };

/// How much may be sent to whom.
#[derive(Clone, Copy, Debug)]
pub enum Permit<'a> {
    /// Somebody agreed.
    Agreed(&'a LoadConsent),
    /// Nobody has to be asked: no more than what an audit asks of a route anyway, five requests a second and four at once.
    Polite,
    /// Every address is this machine's own: for benchmarks.
    Loopback,
}

impl Permit<'_> {
    fn agreed(self) -> Option<LoadAgreed> {
        match self {
            Permit::Agreed(consent) => Some(consent.agreed().clone()),
            Permit::Polite | Permit::Loopback => None,
        }
    }

    fn check(self, load: &Load, addresses: &[IpAddr], world: &World) -> Result<Option<f64>, EngineError> {
        let consent = match self {
            Permit::Loopback if addresses.iter().all(IpAddr::is_loopback) => return Ok(None),
            Permit::Loopback => {
                let says = "this host is not on this machine; load needs the consent of whoever answers for it";
                return Err(EngineError::new("load-consent", says));
            }
            Permit::Polite => {
                POLITE
                    .holds(load.users(), rate(load.model), Duration::ZERO)
                    .map_err(|says| EngineError::new("load-cap", says.replace("were agreed to", "need no consent")))?;
                return Ok(Some(f64::from(POLITE.per_second)));
            }
            Permit::Agreed(consent) => consent,
        };
        if !consent.covers(&load.url, world.now()) {
            let agreed = consent.agreed();
            let says = format!(
                "the consent of {} is for {} until {}; load on {} needs one of its own",
                agreed.by,
                agreed.host,
                agreed.until,
                clean(load.url.host_str().unwrap_or_default(), 120)
            );
            return Err(EngineError::new("load-consent", says));
        }
        let cap = consent.agreed().cap;
        cap.holds(load.users(), rate(load.model), load.duration).map_err(|says| EngineError::new("load-cap", says))?;
        Ok(Some(f64::from(cap.per_second)))
    }
}

fn rate(model: Model) -> f64 {
    match model {
        Model::Users { .. } => 0.0,
        Model::Rate { per_second, .. } => per_second,
    }
}

/// Puts load on an address and tells fifteen times a second how it goes. The session of the plan goes along where it belongs there.
///
/// # Errors
/// There is no consent that covers it, it is above the cap, the host has no address to ask, or a session would travel unencrypted.
pub async fn load(
    plan: &Plan,
    world: &World,
    load: &Load,
    permit: Permit<'_>,
    cancel: CancellationToken,
    on: mpsc::UnboundedSender<Tick>,
) -> Result<Loaded, EngineError> {
    sensible(load)?;
    let net = Net::new(plan, world);
    let begun = Instant::now();
    let addresses = request::addresses(&net, &load.url).await?;
    let named = load.url.domain().map(|_| begun.elapsed());
    let most = permit.check(load, &addresses, world)?;
    drop(net);
    let agreed = permit.agreed();
    let (plan, world, mut load) = (plan.clone(), world.clone(), load.clone());
    if let Some(session) = &plan.session {
        let headers = session.headers(&load.url, &load.url);
        if headers.is_empty() {
            let says = "a session is never sent over plain http; give the address as https";
            return Err(EngineError::new("load", says));
        }
        load.headers.extend(headers);
    }
    let (done, ended) = oneshot::channel();
    let failed = |error: std::io::Error| EngineError::new("load", format!("failed to start measuring: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let work = move || {
        let mut net = Net::new(&plan, &world);
        net.http.doors = Doors::wide(usize::try_from(load.users()).unwrap_or(usize::MAX));
        (net.http.speak, net.http.slow) = (load.speak, load.slow);
        let signed_in = plan.session.is_some();
        let drive = drive::Drive { net, load, addresses, named, limits: plan.limits, most };
        let loaded = tokio::task::LocalSet::new().block_on(&runtime, drive.run(cancel, on));
        // Whoever asked may have gone meanwhile.
        drop(done.send(loaded.map(|loaded| Loaded { signed_in, agreed, ..loaded })));
        runtime.shutdown_background();
    };
    std::thread::Builder::new().name("load".to_owned()).spawn(work).map_err(failed)?;
    ended.await.unwrap_or_else(|_| Err(EngineError::new("load", "the measurement broke off")))
}

fn sensible(load: &Load) -> Result<(), EngineError> {
    let wrong = |says: String| Err(EngineError::new("load", says));
    if !matches!(load.url.scheme(), "http" | "https") {
        return wrong(format!("{} is no http or https address", clean(load.url.as_str(), 120)));
    }
    if load.users() == 0 {
        return wrong("at least one user is needed".to_owned());
    }
    if load.duration.is_zero() || load.ramp > load.duration {
        return wrong("the time must be longer than nothing and than its ramp".to_owned());
    }
    match load.model {
        Model::Rate { per_second, .. } if !(per_second.is_finite() && per_second > 0.0) => {
            wrong("the rate is a number of requests a second above 0".to_owned())
        }
        _ => Ok(()),
    }
}
