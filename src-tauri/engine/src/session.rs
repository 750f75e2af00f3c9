//! A session for signed-in routes: sent to the exact origin of a route and nowhere else, never shown, wiped when dropped.

use crate::Secret;
use http::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderValue};
use std::fmt;
use std::sync::Arc;
use url::Url;
use zeroize::Zeroizing;

/// A cookie, a bearer token, or both.
#[derive(Clone)]
pub struct Session {
    cookie: Option<Arc<Secret<String>>>,
    token: Option<Arc<Secret<String>>>,
}

impl Session {
    /// A session from the value of a `Cookie` header and from a bearer token; none when both are missing or blank.
    #[must_use]
    pub fn new(cookie: Option<Secret<String>>, token: Option<Secret<String>>) -> Option<Self> {
        let told = |value: &Secret<String>| !value.reveal().trim().is_empty();
        let (cookie, token) = (cookie.filter(told).map(Arc::new), token.filter(told).map(Arc::new));
        (cookie.is_some() || token.is_some()).then_some(Self { cookie, token })
    }

    /// The headers for a request to `url`, when that URL has exactly the origin (scheme, host, port) of `route`.
    pub(crate) fn headers(&self, route: &Url, url: &Url) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if route.origin() != url.origin() || url.scheme() != "https" && !local(url) {
            return headers;
        }
        let cookie = self.cookie.as_ref().and_then(|value| hidden(value.reveal()));
        let bearer = self.token.as_ref().map(|token| Zeroizing::new(format!("Bearer {}", token.reveal().trim())));
        headers.extend(cookie.map(|value| (COOKIE, value)));
        headers.extend(bearer.and_then(|value| hidden(&value)).map(|value| (AUTHORIZATION, value)));
        headers
    }
}

impl Session {
    /// The cookies by name and value, and the header of the token, for whoever keeps cookies as a browser does; under the same rule.
    pub(crate) fn parts(&self, route: &Url, url: &Url) -> (Vec<(String, String)>, HeaderMap) {
        let mut headers = self.headers(route, url);
        let cookie = headers.remove(COOKIE);
        let text = cookie.as_ref().and_then(|value| value.to_str().ok()).unwrap_or_default();
        let pairs = text.split(';').filter_map(|pair| pair.trim().split_once('='));
        (pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(), headers)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("cookie", &self.cookie.is_some()).field("token", &self.token.is_some()).finish()
    }
}

fn hidden(value: &str) -> Option<HeaderValue> {
    let mut header = HeaderValue::from_str(value.trim()).ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// A test server on this machine may be plain http: nothing leaves it.
fn local(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::Session;
    use crate::Secret;
    use url::Url;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn session() -> Session {
        Session::new(Some(Secret::new("sid=canary-1".into())), Some(Secret::new("canary-2".into()))).unwrap()
    }

    #[test]
    fn only_the_exact_origin_gets_it() {
        let route = url("https://app.example.com/data");
        let headers = session().headers(&route, &url("https://app.example.com/other"));
        assert_eq!(headers["cookie"], "sid=canary-1");
        assert_eq!(headers["authorization"], "Bearer canary-2");
        assert!(headers.values().all(http::HeaderValue::is_sensitive));
        for other in [
            "http://app.example.com/data",
            "https://app.example.com:8443/data",
            "https://example.com/data",
            "https://app.example.com.evil.example/",
        ] {
            assert!(session().headers(&route, &url(other)).is_empty(), "{other}");
        }
    }

    #[test]
    fn it_is_never_shown() {
        assert!(!format!("{:?}", session()).contains("canary"));
        assert!(Session::new(Some(Secret::new("  ".into())), None).is_none());
    }
}
