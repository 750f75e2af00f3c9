//! The usual addresses under which programs tell whether they are well.

use crate::facts::Exchange;

/// Paths that are asked for.
pub const PATHS: [&str; 9] =
    ["/health", "/healthz", "/api/health", "/healthcheck", "/up", "/ready", "/readyz", "/livez", "/api/status"];

/// Whether an answer keeps strangers away from what stands behind it: a refusal, or the way to a login.
#[must_use]
pub fn kept(exchange: &Exchange) -> bool {
    let login = |to: &String| {
        let to = to.to_ascii_lowercase();
        ["login", "signin", "sign-in", "sign_in", "auth"].iter().any(|word| to.contains(word))
    };
    match exchange.status {
        401 | 403 => true,
        300..=399 => exchange.location.as_ref().is_some_and(login),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::kept;
    use crate::testing::exchange;

    #[test]
    fn refusals_and_ways_to_a_login_keep_strangers_away() {
        let answer = |status: u16, to: Option<&str>| {
            let mut answer = exchange("https://example.com/health", status, b"");
            answer.location = to.map(str::to_owned);
            kept(&answer)
        };
        assert!(
            answer(401, None) && answer(403, None) && answer(302, Some("https://example.com/login?next=%2Fhealth"))
        );
        assert!(!answer(404, None) && !answer(200, None) && !answer(301, Some("https://www.example.com/health")));
    }
}
