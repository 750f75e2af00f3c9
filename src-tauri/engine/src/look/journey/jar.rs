//! The cookies of one journey, kept and sent as a browser does (RFC 6265 §5), within bounds.

use audit::read::domain;
use cookie_store::{CookieStore, RawCookie};
use http::header::{HeaderMap, HeaderValue, SET_COOKIE};
use url::Url;

/// Cookies kept; browsers keep 50 of a domain at least (RFC 6265 §6.1).
const MOST: usize = 150;
/// Bytes of one cookie; browsers take 4096 for name and value.
const LONGEST: usize = 8 * 1024;

/// A jar.
#[derive(Default)]
pub(super) struct Jar(CookieStore);

impl Jar {
    /// Puts in the cookies of a session, for the host of an address.
    pub(super) fn begin(&mut self, base: &Url, pairs: Vec<(String, String)>) {
        for (name, value) in pairs {
            let cookie = RawCookie::build((name, value)).path("/").secure(base.scheme() == "https").build();
            // One that no browser would keep is left out.
            let _ = self.0.insert_raw(&cookie, base);
        }
    }

    /// Takes in what an answer sets.
    pub(super) fn take(&mut self, url: &Url, headers: &HeaderMap) {
        for line in headers.get_all(SET_COOKIE).iter().take(MOST).filter_map(|line| line.to_str().ok()) {
            let Ok(cookie) = RawCookie::parse(line.to_owned()) else { continue };
            let wide = cookie.domain().map(|zone| zone.trim_start_matches('.').to_ascii_lowercase());
            // A cookie for a whole public suffix would reach the hosts of strangers (RFC 6265 §5.3 step 5).
            let shared =
                wide.is_some_and(|zone| url.host_str() != Some(zone.as_str()) && domain::registered(&zone).is_none());
            let known = || self.0.iter_unexpired().any(|own| own.name() == cookie.name());
            if line.len() <= LONGEST && !shared && (self.0.iter_unexpired().count() < MOST || known()) {
                let _ = self.0.insert_raw(&cookie, url);
            }
        }
    }

    /// The header for a request; none where there is no cookie for it.
    pub(super) fn header(&self, url: &Url) -> Option<HeaderValue> {
        let pairs: Vec<String> =
            self.0.get_request_values(url).map(|(name, value)| format!("{name}={value}")).collect();
        let mut value = HeaderValue::from_str(&pairs.join("; ")).ok().filter(|_| !pairs.is_empty())?;
        value.set_sensitive(true);
        Some(value)
    }

    /// Every cookie by name and value.
    pub(super) fn all(&self) -> Vec<(String, String)> {
        self.0.iter_unexpired().map(|cookie| (cookie.name().to_owned(), cookie.value().to_owned())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Jar, MOST};
    use http::header::{HeaderMap, HeaderValue, SET_COOKIE};
    use url::Url;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn jar(from: &str, lines: &[&str]) -> Jar {
        let mut jar = Jar::default();
        let lines = lines.iter().map(|line| (SET_COOKIE, HeaderValue::from_str(line).unwrap()));
        jar.take(&url(from), &lines.collect::<HeaderMap>());
        jar
    }

    fn sent(jar: &Jar, to: &str) -> String {
        jar.header(&url(to)).map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
    }

    #[test]
    fn cookies_go_where_a_browser_sends_them() {
        let mut jar = jar(
            "https://app.example.com/a/b",
            &["host=1; Secure", "wide=2; Domain=example.com; Path=/", "deep=3; Path=/a"],
        );
        assert_eq!(sent(&jar, "https://app.example.com/a/x").split("; ").count(), 3);
        assert_eq!(sent(&jar, "https://api.example.com/"), "wide=2");
        assert_eq!(sent(&jar, "https://other.example/"), "");
        assert!(!sent(&jar, "http://app.example.com/a/x").contains("host=1"));
        assert!(jar.header(&url("https://app.example.com/a/b")).unwrap().is_sensitive());
        let gone = HeaderMap::from_iter([(SET_COOKIE, HeaderValue::from_static("host=; Max-Age=0"))]);
        jar.take(&url("https://app.example.com/a/b"), &gone);
        assert!(!sent(&jar, "https://app.example.com/a/x").contains("host"));
        jar.begin(&url("https://app.example.com/"), vec![("sid".to_owned(), "s".to_owned())]);
        assert!(sent(&jar, "https://app.example.com/z").contains("sid=s"));
    }

    #[test]
    fn what_would_reach_strangers_and_what_is_too_much_is_left_out() {
        let hostile = jar("https://app.example.com/", &["a=1; Domain=com", "b=1; Domain=other.example", "=", ";;;"]);
        assert_eq!(sent(&hostile, "https://app.example.com/"), "");
        let many: Vec<String> = (0..1_000).map(|number| format!("c{number}=1")).collect();
        let many = jar("https://app.example.com/", &many.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(many.all().len(), MOST);
        assert_eq!(jar("https://app.example.com/", &[&format!("a={}", "x".repeat(9_000))]).all(), []);
    }
}
