//! What caches may do with an answer by RFC 9111: whether a shared or a private cache may store it, and how long it is fresh.

use crate::facts::Header;
use jiff::Timestamp;
use jiff::fmt::rfc2822;

/// The fields of one answer that decide (RFC 9111 §3–5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caching {
    /// Whether there is a Cache-Control field at all.
    pub said: bool,
    /// `no-store` (§5.2.2.5).
    pub no_store: bool,
    /// `no-cache` without field names (§5.2.2.4).
    pub no_cache: bool,
    /// `private` without field names (§5.2.2.7).
    pub private: bool,
    /// `public` (§5.2.2.9).
    pub public: bool,
    /// `must-revalidate` (§5.2.2.2).
    pub must_revalidate: bool,
    /// `immutable` (RFC 8246).
    pub immutable: bool,
    /// `max-age`, seconds (§5.2.2.1).
    pub max_age: Option<u64>,
    /// `s-maxage`, seconds (§5.2.2.10).
    pub s_maxage: Option<u64>,
    /// `Expires` less `Date`, seconds (§5.3); a date that cannot be read is in the past.
    pub expires: Option<u64>,
    /// `Age`, seconds (§5.1).
    pub age: Option<u64>,
    /// Whether the answer can be asked for again at little cost: `ETag` or `Last-Modified` (§4.3).
    pub validator: bool,
    /// `Date` less `Last-Modified`, seconds.
    since_modified: Option<u64>,
    /// Field names of `Vary`, lower case.
    pub vary: Vec<String>,
}

/// Seconds of a day.
pub const DAY: u64 = 86_400;
/// No cache need believe more (§1.2.2).
const LONGEST: u64 = 1 << 31;

impl Caching {
    /// Reads the fields of an answer; names in lower case.
    #[must_use]
    pub fn of(headers: &[Header]) -> Self {
        let values = |name: &'static str| headers.iter().filter(move |h| h.name == name).map(|h| h.value.as_str());
        let date = values("date").next().and_then(seconds);
        let mut caching = Self {
            age: values("age").next().and_then(delta),
            validator: values("etag").chain(values("last-modified")).any(|value| !value.trim().is_empty()),
            ..Self::default()
        };
        for (name, argument) in values("cache-control").flat_map(directives) {
            caching.said = true;
            caching.take(&name, argument.as_deref());
        }
        // RFC 9111 §5.4: without Cache-Control, Pragma has its old meaning for many caches.
        caching.no_cache |=
            !caching.said && values("pragma").any(|value| value.to_ascii_lowercase().contains("no-cache"));
        caching.expires = values("expires").next().map(|value| match (seconds(value), date) {
            (Some(until), Some(date)) => u64::try_from(until - date).unwrap_or(0),
            _ => 0,
        });
        let modified = values("last-modified").next().and_then(seconds);
        caching.since_modified = modified.zip(date).and_then(|(modified, date)| u64::try_from(date - modified).ok());
        let names = values("vary").flat_map(|value| value.split(','));
        caching.vary = names.map(|name| name.trim().to_ascii_lowercase()).filter(|name| !name.is_empty()).collect();
        caching
    }

    fn take(&mut self, name: &str, argument: Option<&str>) {
        match name {
            "no-store" => self.no_store = true,
            // With field names only those fields are meant (§5.2.2.4, §5.2.2.7).
            "no-cache" if argument.is_none() => self.no_cache = true,
            "private" if argument.is_none() => self.private = true,
            "public" => self.public = true,
            "must-revalidate" => self.must_revalidate = true,
            "immutable" => self.immutable = true,
            // The first of several counts; one that cannot be read makes the answer stale (§4.2.1).
            "max-age" if self.max_age.is_none() => self.max_age = Some(argument.and_then(delta).unwrap_or(0)),
            "s-maxage" if self.s_maxage.is_none() => self.s_maxage = Some(argument.and_then(delta).unwrap_or(0)),
            _ => {}
        }
    }

    /// Whether a shared cache may store the answer to a GET with this status (§3); `authorised` says that the request bore
    /// an Authorization field (§3.5). A cookie in the request changes nothing, which is why leaks happen.
    #[must_use]
    pub fn shared_may_store(&self, status: u16, authorised: bool) -> bool {
        let allowed = !authorised || self.public || self.must_revalidate || self.s_maxage.is_some();
        !self.no_store && !self.private && allowed && self.storable(status)
    }

    fn storable(&self, status: u16) -> bool {
        let explicit = self.public || self.max_age.is_some() || self.s_maxage.is_some() || self.expires.is_some();
        explicit || heuristic(status)
    }

    /// Whether a browser may store it (§3).
    #[must_use]
    pub fn private_may_store(&self, status: u16) -> bool {
        !self.no_store && (self.private || self.storable(status))
    }

    /// How long a shared cache may use it without asking again, seconds (§4.2.1); none where nothing is said, and then a cache
    /// may guess ([`Caching::guess`]).
    #[must_use]
    pub fn shared_lifetime(&self) -> Option<u64> {
        if self.no_cache { Some(0) } else { self.s_maxage.or(self.max_age).or(self.expires) }
    }

    /// The same for a browser.
    #[must_use]
    pub fn private_lifetime(&self) -> Option<u64> {
        if self.no_cache { Some(0) } else { self.max_age.or(self.expires) }
    }

    /// The customary guess where nothing is said: a tenth of the time since the last change (§4.2.2).
    #[must_use]
    pub fn guess(&self) -> Option<u64> {
        self.since_modified.map(|span| span / 10)
    }

    /// Whether a shared cache may give the stored answer to somebody else without asking the origin first.
    #[must_use]
    pub fn shared_may_reuse(&self, status: u16, authorised: bool) -> bool {
        let life = self.shared_lifetime().or_else(|| self.guess().filter(|_| heuristic(status)));
        self.shared_may_store(status, authorised) && life.is_some_and(|life| life > self.age.unwrap_or(0))
    }
}

/// Statuses that may be stored without being told so (RFC 9110 §15.1).
fn heuristic(status: u16) -> bool {
    matches!(status, 200 | 203 | 204 | 206 | 300 | 301 | 308 | 404 | 405 | 410 | 414 | 501)
}

/// The directives of one Cache-Control line: names in lower case with their arguments, quotes taken off (§5.2).
fn directives(value: &str) -> Vec<(String, Option<String>)> {
    let mut found = Vec::new();
    let mut rest = value;
    while !rest.is_empty() {
        let quoted = rest.find('"').filter(|quote| rest.find(',').is_none_or(|comma| *quote < comma));
        let from = quoted.map_or(0, |open| rest[open + 1..].find('"').map_or(rest.len(), |close| open + close + 2));
        let end = rest[from.min(rest.len())..].find(',').map_or(rest.len(), |comma| from + comma);
        let (directive, after) = rest.split_at(end);
        rest = after.strip_prefix(',').unwrap_or("");
        let (name, argument) = directive.split_once('=').map_or((directive, None), |(name, value)| (name, Some(value)));
        let name = name.trim().to_ascii_lowercase();
        if !name.is_empty() {
            found.push((name, argument.map(|value| value.trim().trim_matches('"').to_owned())));
        }
    }
    found
}

/// Delta-seconds (§1.2.2): digits only; larger than a cache can hold is as large as it can hold.
fn delta(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(LONGEST).min(LONGEST))
}

/// An HTTP date as seconds of the epoch (RFC 9110 §5.6.7), in the form that is sent today.
fn seconds(text: &str) -> Option<i64> {
    let text = text.trim();
    let zone = text.strip_suffix("GMT").map(|rest| format!("{rest}+0000"))?;
    let moment: Timestamp = rfc2822::DateTimeParser::new().parse_timestamp(zone.trim()).ok()?;
    Some(moment.as_second())
}

#[cfg(test)]
#[path = "caching_tests.rs"]
mod tests;
