//! What a person wants measured, as a form gives it: read once into loads, or refused in words.

use super::{Expectation, Load, StopRule};
use crate::EngineError;
use audit::facts::{Model, Target};
use audit::read::text::clean;
use http::Method;
use serde::Deserialize;
use std::time::Duration;
use ts_rs::TS;

/// Addresses that are measured one after the other at most.
const ROUTES: usize = 20;
/// Methods that change nothing and are therefore asked without anybody's consent (RFC 9110 §9.2.1).
const SAFE: [Method; 2] = [Method::GET, Method::HEAD];
/// Methods that a form offers.
const KNOWN: [Method; 6] = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
/// Requests to one address without consent.
const REQUESTS: std::ops::RangeInclusive<u32> = 10..=3_000;
/// Requests a second without consent.
const POLITE: f64 = 5.0;
/// Longest text that an answer is searched for, bytes.
const TEXT: usize = 200;

/// What is to be measured.
#[derive(Clone, Debug, Deserialize, TS)]
#[ts(rename = "MeasureWish", export_to = "bindings.ts")]
pub struct Wish {
    /// The addresses, one after the other; load is put on one.
    pub routes: Vec<RouteWish>,
    /// Whether the stored session goes along.
    pub signed_in: bool,
    /// How.
    pub gauge: Gauge,
}

/// One address.
#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct RouteWish {
    /// A path or a whole address.
    pub route: String,
    /// `GET`, `HEAD`, `POST` …
    pub method: String,
    /// The status of a good answer; none means any below 400.
    pub status: Option<u16>,
    /// Text that a good answer contains; empty for none.
    pub contains: String,
}

/// A few requests, or load.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum Gauge {
    /// A few requests, as an audit sends them anyway.
    Latency {
        /// How many to each address.
        requests: u32,
    },
    /// Many users, or many requests; with consent only.
    Load {
        /// Users or rate.
        model: Model,
        /// Seconds in which they grow to their full number.
        ramp_s: u32,
        /// Seconds in all.
        seconds: u32,
        /// Failures in percent of the last 100 requests that end it.
        stop_errors: u32,
        /// Milliseconds; a 95th percentile of the last second above it ends it.
        stop_slower_ms: Option<u32>,
    },
}

impl Wish {
    /// The loads, in order.
    ///
    /// # Errors
    /// There is no address or there are too many, or one cannot be asked this way; the words say which.
    pub fn loads(&self, target: &Target) -> Result<Vec<Load>, EngineError> {
        match (self.routes.len(), self.gauge) {
            (0, _) => return Err(wrong("choose at least one address")),
            (2.., Gauge::Load { .. }) => return Err(wrong("load is put on one address at a time; choose one")),
            (routes, _) if routes > ROUTES => return Err(wrong("choose at most 20 addresses")),
            _ => {}
        }
        self.routes.iter().map(|route| self.load(target, route)).collect()
    }

    fn load(&self, target: &Target, route: &RouteWish) -> Result<Load, EngineError> {
        let url = crate::route(target, &route.route)?;
        let method = KNOWN.into_iter().find(|known| known.as_str() == route.method);
        let method = method.ok_or_else(|| wrong(&format!("{} is no method", clean(&route.method, 20))))?;
        if route.contains.len() > TEXT {
            return Err(wrong("the expected text may have at most 200 letters"));
        }
        if route.status.is_some_and(|status| !(100..=599).contains(&status)) {
            return Err(wrong("an expected status is a number from 100 to 599"));
        }
        let contains = Some(route.contains.trim()).filter(|text| !text.is_empty()).map(str::to_owned);
        let load = match self.gauge {
            Gauge::Latency { requests } => {
                if !SAFE.contains(&method) {
                    return Err(wrong(
                        "only GET and HEAD are sent without anybody's consent; choose load, which records who agreed",
                    ));
                }
                if !REQUESTS.contains(&requests) {
                    return Err(wrong("between 10 and 3,000 requests can be sent to an address"));
                }
                // Slow answers may take longer than the requests are apart.
                let time = Duration::from_secs_f64(f64::from(requests) / POLITE) + Duration::from_secs(60);
                let model = Model::Rate { per_second: POLITE, users: 4 };
                Load { requests: Some(u64::from(requests)), ..Load::new(url, model, time) }
            }
            Gauge::Load { model, ramp_s, seconds, stop_errors, stop_slower_ms } => {
                let slower_than = stop_slower_ms.map(|ms| Duration::from_millis(ms.into()));
                let time = Duration::from_secs(seconds.into());
                let ramp = Duration::from_secs(ramp_s.into());
                let stop = StopRule { errors: stop_errors.min(100), slower_than };
                Load { ramp, stop, ..Load::new(url, model, time) }
            }
        };
        Ok(Load { method, expect: Expectation { status: route.status, contains }, ..load })
    }
}

fn wrong(says: &str) -> EngineError {
    EngineError::new("load", says)
}

#[cfg(test)]
mod tests {
    use super::{Gauge, RouteWish, Wish};
    use audit::facts::{Model, Target};

    fn wish(route: &str, method: &str, gauge: Gauge) -> Wish {
        let route =
            RouteWish { route: route.to_owned(), method: method.to_owned(), status: None, contains: " Hi ".to_owned() };
        Wish { routes: vec![route], signed_in: false, gauge }
    }

    #[test]
    fn a_form_becomes_loads_or_words() {
        let target = Target { name: "example.com".to_owned(), domain: "example.com".to_owned() };
        let few = Gauge::Latency { requests: 100 };
        let model = Model::Users { users: 20, think_ms: 1_000 };
        let load = Gauge::Load { model, ramp_s: 5, seconds: 60, stop_errors: 50, stop_slower_ms: None };
        let made = wish("/login", "GET", few).loads(&target).unwrap();
        assert_eq!((made[0].what().as_str(), made[0].requests), ("GET https://example.com/login", Some(100)));
        assert_eq!(made[0].expect.contains.as_deref(), Some("Hi"));
        assert_eq!(wish("/login", "POST", load).loads(&target).unwrap()[0].method, "POST");
        let mut two = wish("/", "GET", load);
        two.routes.extend(two.routes.clone());
        let mut none = two.clone();
        none.routes.clear();
        let says = |wish: &Wish| wish.loads(&target).unwrap_err().message;
        for (wish, word) in [
            (wish("/login", "POST", few), "without anybody's consent"),
            (wish("/login", "GET", Gauge::Latency { requests: 9 }), "between 10 and 3,000"),
            (wish("login", "GET", few), "is not a route"),
            (wish("/", "TRACE", few), "TRACE is no method"),
            (two, "one address at a time"),
            (none, "at least one address"),
        ] {
            assert!(says(&wish).contains(word), "{word}: {}", says(&wish));
        }
    }
}
