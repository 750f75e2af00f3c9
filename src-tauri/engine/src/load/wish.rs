//! What a person wants measured, as a form gives it: read once into loads, or refused in words.

use super::{Load, Speak, StopRule};
use crate::EngineError;
use audit::facts::{Model, SlowNetwork, Target};
use audit::read::routes::Route;
use audit::read::text::clean;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::time::Duration;
use ts_rs::TS;

/// Addresses that are measured one after the other at most.
const ROUTES: usize = 20;
/// Methods that a form offers.
const KNOWN: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
/// Requests to one address without consent.
const REQUESTS: std::ops::RangeInclusive<u32> = 10..=3_000;
/// Requests a second without consent.
const POLITE: f64 = 5.0;
/// Longest text that an answer is searched for, bytes.
const TEXT: usize = 200;
/// Longest body, bytes.
const BODY: usize = 64 * 1024;
/// Longest header fields, bytes, and how many.
const FIELDS: (usize, usize) = (8 * 1024, 30);

/// What is to be measured.
#[derive(Clone, Debug, Deserialize, TS)]
#[ts(rename = "MeasureWish", export_to = "bindings.ts")]
pub struct Wish {
    /// The addresses, one after the other; load is put on one.
    pub routes: Vec<RouteWish>,
    /// Whether the stored session goes along.
    pub signed_in: bool,
    /// Which version of HTTP.
    pub speak: Speak,
    /// A poor connection to lay over the good one.
    pub slow: Option<SlowNetwork>,
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
    /// Header fields besides the usual ones, one a line: `accept-language: de`. None holds a secret.
    pub headers: String,
    /// The body; empty for none.
    pub body: String,
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

    fn load(&self, target: &Target, typed: &RouteWish) -> Result<Load, EngineError> {
        let url = crate::route(target, &typed.route)?;
        let route = typed.route(url.as_str())?;
        let (model, time) = match self.gauge {
            Gauge::Latency { requests } => {
                if !route.safe() {
                    return Err(wrong(
                        "only GET and HEAD are sent without anybody's consent; choose load, which records who agreed",
                    ));
                }
                if !REQUESTS.contains(&requests) {
                    return Err(wrong("between 10 and 3,000 requests can be sent to an address"));
                }
                // Slow answers may take longer than the requests are apart.
                let time = Duration::from_secs_f64(f64::from(requests) / POLITE) + Duration::from_secs(60);
                (Model::Rate { per_second: POLITE, users: 4 }, time)
            }
            Gauge::Load { model, seconds, .. } => (model, Duration::from_secs(seconds.into())),
        };
        let slow = self.slow.map(SlowNetwork::checked).transpose().map_err(|says| wrong(&says))?;
        let load = Load { speak: self.speak, slow, ..Load::of(&route, url, model, time)? };
        Ok(match self.gauge {
            Gauge::Latency { requests } => Load { requests: Some(u64::from(requests)), ..load },
            Gauge::Load { ramp_s, stop_errors, stop_slower_ms, .. } => {
                let slower_than = stop_slower_ms.map(|ms| Duration::from_millis(ms.into()));
                let stop = StopRule { errors: stop_errors.min(100), slower_than };
                Load { ramp: Duration::from_secs(ramp_s.into()), stop, ..load }
            }
        })
    }
}

impl RouteWish {
    fn route(&self, url: &str) -> Result<Route, EngineError> {
        if !KNOWN.contains(&self.method.as_str()) {
            return Err(wrong(&format!("{} is no method", clean(&self.method, 20))));
        }
        if self.contains.len() > TEXT {
            return Err(wrong("the expected text may have at most 200 letters"));
        }
        if self.body.len() > BODY {
            return Err(wrong("what is sent along may have at most 64 KB"));
        }
        let contains = Some(self.contains.trim()).filter(|text| !text.is_empty()).map(str::to_owned);
        let (method, body) = (self.method.clone(), self.body.clone());
        let route = Route { method, headers: self.fields()?, body, status: self.status, contains, ..Route::new(url) };
        route.sound().map_err(|says| wrong(&says))?;
        Ok(route)
    }

    fn fields(&self) -> Result<BTreeMap<String, String>, EngineError> {
        let lines = self.headers.lines().map(str::trim).filter(|line| !line.is_empty());
        if self.headers.len() > FIELDS.0 || lines.clone().count() > FIELDS.1 {
            return Err(wrong("at most 30 header fields of 8 KB in all can be sent along"));
        }
        let field = |line: &str| {
            let (name, value) = line.split_once(':')?;
            Some((name.trim().to_owned(), value.trim().to_owned()))
        };
        // What was typed is not repeated: it may be the secret that does not belong here.
        let no = || wrong("write each header field on a line of its own, like accept-language: de");
        lines.map(|line| field(line).ok_or_else(no)).collect()
    }
}

fn wrong(says: &str) -> EngineError {
    EngineError::new("load", says)
}

#[cfg(test)]
mod tests {
    use super::{Gauge, RouteWish, Speak, Wish};
    use audit::facts::{Model, SlowNetwork, Target};

    fn wish(route: &str, method: &str, gauge: Gauge) -> Wish {
        let (headers, body) = ("X-Trace: 7\n\n accept-language : de\n".to_owned(), String::new());
        let (route, method) = (route.to_owned(), method.to_owned());
        let route = RouteWish { route, method, status: None, contains: " Hi ".to_owned(), headers, body };
        Wish { routes: vec![route], signed_in: false, speak: Speak::Two, slow: None, gauge }
    }

    #[test]
    fn a_form_becomes_loads_or_words() {
        let target = Target { name: "example.com".to_owned(), domain: "example.com".to_owned() };
        let few = Gauge::Latency { requests: 100 };
        let model = Model::Users { users: 20, think_ms: 1_000 };
        let load = Gauge::Load { model, ramp_s: 5, seconds: 60, stop_errors: 50, stop_slower_ms: None };
        let made = wish("/login", "GET", few).loads(&target).unwrap();
        assert_eq!((made[0].what().as_str(), made[0].requests), ("GET https://example.com/login", Some(100)));
        assert_eq!((made[0].expect.contains.as_deref(), made[0].speak), (Some("Hi"), Speak::Two));
        assert_eq!((made[0].headers["x-trace"].as_bytes(), made[0].headers.len()), (&b"7"[..], 2));
        assert_eq!(wish("/login", "POST", load).loads(&target).unwrap()[0].method, "POST");
        let mut two = wish("/", "GET", load);
        two.routes.extend(two.routes.clone());
        let mut none = two.clone();
        none.routes.clear();
        let sent = |headers: &str, body: usize| {
            let mut wish = wish("/login", "POST", load);
            wish.routes[0].headers = headers.to_owned();
            wish.routes[0].body = "x".repeat(body);
            wish
        };
        assert_eq!(sent("", 3).loads(&target).unwrap()[0].headers["content-length"], "3");
        let slow = |loss| Some(SlowNetwork { delay_ms: 300, loss, kilobits: None });
        let lost = Wish { slow: slow(60.0), ..wish("/", "GET", few) };
        assert_eq!(Wish { slow: slow(2.0), ..lost.clone() }.loads(&target).unwrap()[0].slow, slow(2.0));
        let says = |wish: &Wish| wish.loads(&target).unwrap_err().message;
        for (wish, word) in [
            (wish("/login", "POST", few), "without anybody's consent"),
            (wish("/login", "GET", Gauge::Latency { requests: 9 }), "between 10 and 3,000"),
            (wish("login", "GET", few), "is not a route"),
            (wish("/", "TRACE", few), "TRACE is no method"),
            (sent("Cookie: sid=canary-3", 0), "the header Cookie carries a secret"),
            (sent("canary-3", 0), "on a line of its own"),
            (sent("a b: 3", 0), "no header field"),
            (sent(&"a: b\n".repeat(31), 0), "at most 30"),
            (sent("", 70_000), "at most 64 KB"),
            (lost, "50 % at most"),
            (two, "one address at a time"),
            (none, "at least one address"),
        ] {
            assert!(says(&wish).contains(word) && !says(&wish).contains("canary"), "{word}: {}", says(&wish));
        }
    }
}
