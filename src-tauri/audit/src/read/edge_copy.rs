//! Whether a delivery network answered from its own copy, by the header that each of them tells it with.

use crate::facts::Header;

/// What the headers say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copy {
    /// The answer came from a copy.
    Hit,
    /// It would be kept, and was not there yet.
    Miss,
    /// The network leaves such answers alone.
    Passed,
}

/// Reads the value of one header.
type Reading = fn(&str) -> Option<Copy>;

/// What the headers (names in lower case) of an answer say, with the line that says it; none where no header tells.
#[must_use]
pub fn told(headers: &[Header]) -> Option<(Copy, String)> {
    // RFC 9211 lists caches from the origin to the visitor: the last one is the nearest.
    let value =
        |name: &str| headers.iter().rev().find(|header| header.name == name).map(|header| header.value.as_str());
    let lines: [(&str, Reading); 6] = [
        ("cf-cache-status", cloudflare),
        ("cache-status", standard),
        ("x-vercel-cache", word),
        ("cdn-cache", word),
        ("x-cache", word),
        ("x-cache-status", word),
    ];
    let by_name = lines.iter().find_map(|(name, read)| {
        let value = value(name)?;
        Some((read(value)?, format!("{name}: {value}")))
    });
    // Only caches add Age (RFC 9111 §5.1).
    let aged = || {
        let age = value("age")?;
        (age.trim().parse::<u64>().ok()? > 0).then(|| (Copy::Hit, format!("age: {age}")))
    };
    by_name.or_else(aged)
}

fn cloudflare(value: &str) -> Option<Copy> {
    match value.trim().to_ascii_uppercase().as_str() {
        "HIT" | "STALE" | "UPDATING" | "REVALIDATED" => Some(Copy::Hit),
        "MISS" | "EXPIRED" => Some(Copy::Miss),
        "BYPASS" | "DYNAMIC" | "NONE" | "NONE/UNKNOWN" => Some(Copy::Passed),
        _ => None,
    }
}

/// RFC 9211 §2: `name; hit` or `name; fwd=reason`.
fn standard(value: &str) -> Option<Copy> {
    let last = value.rsplit(',').next().unwrap_or(value);
    let parameters = || last.split(';').skip(1).map(|parameter| parameter.trim().to_ascii_lowercase());
    if parameters().any(|parameter| parameter == "hit" || parameter == "hit=?1") {
        return Some(Copy::Hit);
    }
    parameters().find_map(|parameter| match parameter.strip_prefix("fwd=")? {
        "bypass" | "method" | "request" => Some(Copy::Passed),
        _ => Some(Copy::Miss),
    })
}

/// "HIT", "Hit from cloudfront", "TCP_HIT", "MISS, HIT" (the last is the nearest).
fn word(value: &str) -> Option<Copy> {
    let nearest = value.rsplit(',').next().unwrap_or(value).to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| nearest.contains(word));
    if has(&["hit", "stale", "prerender"]) {
        return Some(Copy::Hit);
    }
    if has(&["bypass", "pass", "dynamic"]) {
        return Some(Copy::Passed);
    }
    has(&["miss", "expired"]).then_some(Copy::Miss)
}

#[cfg(test)]
mod tests {
    use super::{Copy, told};
    use crate::testing::header;

    #[test]
    fn every_network_is_understood() {
        for (name, value, copy) in [
            ("cf-cache-status", "HIT", Some(Copy::Hit)),
            ("cf-cache-status", "DYNAMIC", Some(Copy::Passed)),
            ("cf-cache-status", "EXPIRED", Some(Copy::Miss)),
            ("cf-cache-status", "nonsense", None),
            ("cache-status", "\"Netlify Edge\"; hit", Some(Copy::Hit)),
            ("cache-status", "Origin; hit, Edge; fwd=miss; stored", Some(Copy::Miss)),
            ("cache-status", "Edge; fwd=bypass", Some(Copy::Passed)),
            ("x-cache", "Hit from cloudfront", Some(Copy::Hit)),
            ("x-cache", "MISS, HIT", Some(Copy::Hit)),
            ("x-vercel-cache", "MISS", Some(Copy::Miss)),
            ("age", "12", Some(Copy::Hit)),
            ("age", "0", None),
            ("server", "nginx", None),
        ] {
            assert_eq!(told(&[header(name, value)]).map(|(copy, _)| copy), copy, "{name}: {value}");
        }
    }
}
