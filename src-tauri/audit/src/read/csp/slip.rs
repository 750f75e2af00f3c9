//! Slips: parts of a policy that do not do what their writer meant, one by one.

use super::{Policy, hash, nonce};

/// Directives of CSP Level 3 and of the specifications that extend it.
const KNOWN: [&str; 31] = [
    "base-uri",
    "block-all-mixed-content",
    "child-src",
    "connect-src",
    "default-src",
    "fenced-frame-src",
    "font-src",
    "form-action",
    "frame-ancestors",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "navigate-to",
    "object-src",
    "prefetch-src",
    "report-to",
    "report-uri",
    "require-sri-for",
    "require-trusted-types-for",
    "sandbox",
    "script-src",
    "script-src-attr",
    "script-src-elem",
    "style-src",
    "style-src-attr",
    "style-src-elem",
    "trusted-types",
    "upgrade-insecure-requests",
    "webrtc",
    "worker-src",
];

/// Directives that browsers dropped, with what took their place.
const DROPPED: [(&str, &str); 5] = [
    ("disown-opener", "the header Cross-Origin-Opener-Policy"),
    ("plugin-types", "object-src 'none'"),
    ("prefetch-src", "default-src"),
    ("referrer", "the header Referrer-Policy"),
    ("reflected-xss", "a script-src without 'unsafe-inline'"),
];

const KEYWORDS: [&str; 12] = [
    "self",
    "none",
    "unsafe-inline",
    "unsafe-eval",
    "wasm-unsafe-eval",
    "strict-dynamic",
    "unsafe-hashes",
    "report-sample",
    "inline-speculation-rules",
    "trusted-types-eval",
    "wasm-eval",
    "unsafe-hashed-attributes",
];

/// Shorter nonces can be guessed.
const SHORTEST_NONCE: usize = 8;

/// One slip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// The directive it stands in, as sent.
    pub directive: String,
    /// The value, where it is about one.
    pub value: Option<String>,
    /// What is wrong, as the end of a sentence.
    pub says: String,
}

/// The slips of one policy, by directive.
#[must_use]
pub fn slips(policy: &Policy) -> Vec<Slip> {
    let mut found: Vec<Slip> = policy
        .repeated
        .iter()
        .map(|name| slip(name, None, "is given twice; browsers only take the first".to_owned()))
        .collect();
    for (name, values) in &policy.directives {
        found.extend(named(name));
        if let Some(value) = values.iter().find(|value| name == "report-uri" && value.starts_with("http://")) {
            let says =
                format!("sends reports to {value} without encryption, so anybody on the way reads which pages fail");
            found.push(slip(name, Some(value), says));
        }
        // Report groups, sandbox flags and names of Trusted Types are words of their own.
        if matches!(
            name.as_str(),
            "report-to" | "report-uri" | "sandbox" | "trusted-types" | "require-trusted-types-for"
        ) {
            continue;
        }
        for value in values {
            found.extend(valued(name, value).map(|says| slip(name, Some(value), says)));
        }
        if values.len() > 1 && values.iter().any(|value| value.eq_ignore_ascii_case("'none'")) {
            let says = "has 'none' beside other sources, so browsers ignore the 'none'".to_owned();
            found.push(slip(name, Some("'none'"), says));
        }
    }
    found
}

fn slip(directive: &str, value: Option<&str>, says: String) -> Slip {
    Slip { directive: directive.to_owned(), value: value.map(str::to_owned), says }
}

fn named(name: &str) -> Option<Slip> {
    if let Some((_, instead)) = DROPPED.iter().find(|(dropped, _)| *dropped == name) {
        return Some(slip(name, None, format!("is no longer understood by browsers; use {instead} instead")));
    }
    if KNOWN.contains(&name) {
        return None;
    }
    let says = match name.strip_suffix(':') {
        Some(bare) if KNOWN.contains(&bare) => "ends with a colon, which makes it unknown to browsers",
        _ => "is not a directive that browsers know, so it does nothing",
    };
    Some(slip(name, None, says.to_owned()))
}

fn valued(name: &str, value: &str) -> Option<String> {
    let lower = value.to_ascii_lowercase();
    if KNOWN.contains(&lower.as_str()) {
        return Some(format!("has the directive {value} among its values: a semicolon is missing before it"));
    }
    let unquoted = KEYWORDS.contains(&lower.as_str())
        || ["nonce-", "sha256-", "sha384-", "sha512-"].iter().any(|start| lower.starts_with(start));
    if unquoted {
        return Some(format!("has {value} without quotes; browsers take it for a host"));
    }
    if let Some(rest) = lower.strip_prefix("'nonce-") {
        let length = rest.trim_end_matches('\'').len();
        return if !nonce(value) {
            Some(format!("has the nonce {value}, which is not base64, so browsers ignore it"))
        } else {
            (length < SHORTEST_NONCE).then(|| format!("has the nonce {value}, which is short enough to be guessed"))
        };
    }
    if lower.starts_with('\'') {
        let keyword = lower.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or_default();
        let known = KEYWORDS.contains(&keyword) || hash(value);
        return (!known).then(|| format!("has {value}, which no browser understands"));
    }
    if lower.starts_with("http://") {
        return Some(format!("lets in {value} without encryption, where anybody on the way can change what comes"));
    }
    address(&lower).then(|| format!("has the bare address {value} of {name}; browsers only take host names"))
}

/// Whether a source is a bare IP address (CSP §6.7.2.6: only 127.0.0.1 is matched at all).
fn address(source: &str) -> bool {
    let host = source.split_once("://").map_or(source, |(_, host)| host);
    let host = host.split('/').next().unwrap_or_default();
    let bare = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit() || b == b'*'));
    let name = if host.starts_with('[') {
        host.split(']').next().unwrap_or_default()
    } else {
        bare.map_or(host, |(name, _)| name)
    };
    name.trim_start_matches('[').parse::<std::net::IpAddr>().is_ok()
}
