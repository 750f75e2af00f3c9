//! Discovery documents of logins (OpenID Connect Discovery 1.0 §3, RFC 8414 §2), and the parameters that send people back.

use super::text::clean;
use crate::facts::Discovery;
use serde_json::Value;
use std::collections::BTreeMap;
use url::Url;

/// Where the document is, in the order of asking.
pub const PATHS: [&str; 2] = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];
/// Longest document, bytes.
pub const LONGEST: usize = 256 * 1024;
/// Addresses kept of one document.
const MOST: usize = 20;
/// Characters kept of an address.
const ADDRESS: usize = 400;
/// Parameters by which a login service is told where to send people back to.
const BACK: [&str; 4] = ["redirect_uri", "redirect_to", "redirect_url", "callback_url"];

/// Reads a document; none when it is something else.
#[must_use]
pub fn parse(bytes: &[u8]) -> Option<Discovery> {
    let value: Value = serde_json::from_slice(bytes.get(..bytes.len().min(LONGEST))?).ok()?;
    let fields = value.as_object()?;
    let address = |value: &Value| value.as_str().map(|text| bare(&clean(text, ADDRESS)));
    let issuer = address(fields.get("issuer")?)?;
    let named = fields.iter().filter(|(name, _)| name.ends_with("_endpoint") || *name == "jwks_uri");
    let endpoints = named.filter_map(|(name, value)| Some((clean(name, 80), address(value)?))).take(MOST).collect();
    Some(Discovery { issuer, endpoints })
}

/// Where an address that people are sent on to has them sent back to, by parameter.
#[must_use]
pub fn back(url: &Url) -> BTreeMap<String, String> {
    let pairs = url.query_pairs().filter(|(name, _)| BACK.contains(&name.as_ref()));
    pairs.take(MOST).map(|(name, value)| (name.into_owned(), bare(&clean(&value, ADDRESS)))).collect()
}

/// An address without its parameters: those may hold a state or a token.
#[must_use]
pub fn bare(url: &str) -> String {
    url.split(['?', '#']).next().unwrap_or(url).to_owned()
}

/// Whether a link looks like the begin of a login with another service.
#[must_use]
pub fn begins_login(url: &Url) -> bool {
    const WORDS: [&str; 12] = [
        "auth",
        "authorize",
        "connect",
        "login",
        "oauth",
        "oauth2",
        "oidc",
        "saml",
        "signin",
        "sign-in",
        "sso",
        "social",
    ];
    url.path_segments().is_some_and(|mut parts| parts.any(|part| WORDS.contains(&part.to_ascii_lowercase().as_str())))
}

#[cfg(test)]
mod tests {
    use super::{back, begins_login, parse};

    #[test]
    fn documents_are_read_and_others_are_none() {
        let text = br#"{"issuer":"https://id.example.com","authorization_endpoint":"https://id.example.com/a?x=secret","jwks_uri":"https://id.example.com/k","scopes":["a"],"token_endpoint":7}"#;
        let found = parse(text).unwrap();
        assert_eq!(found.issuer, "https://id.example.com");
        assert_eq!(found.endpoints["authorization_endpoint"], "https://id.example.com/a");
        assert_eq!(found.endpoints.len(), 2);
        for other in [&b"<html>"[..], b"{}", b"[]", b"{\"issuer\":7}", b""] {
            assert_eq!(parse(other), None);
        }
    }

    #[test]
    fn only_the_way_back_is_kept_of_a_redirect() {
        let url = "https://id.example.net/authorize?client_id=a&redirect_uri=https%3A%2F%2Fexample.com%2Fcb%3Fkey%3Dsecret&state=canary";
        let found = back(&url.parse().unwrap());
        assert_eq!(
            found.into_iter().collect::<Vec<_>>(),
            [("redirect_uri".to_owned(), "https://example.com/cb".to_owned())]
        );
        let begins = |url: &str| begins_login(&url.parse().unwrap());
        assert!(begins("https://example.com/auth/google") && begins("https://example.com/Login"));
        assert!(!begins("https://example.com/blog/how-to-login-faster") && !begins("https://example.com/authors"));
    }
}
