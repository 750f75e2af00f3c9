//! The tests that read one header each.

use super::{Test, joined, test};
use crate::facts::{Exchange, Hop};

/// What the observatory calls six months, seconds.
const SIX_MONTHS: i64 = 15_552_000;

pub(super) fn hsts(hop: &Hop) -> Test {
    let told = |result, modifier| test("strict-transport-security", result, modifier, modifier == 0);
    let Some(value) = joined(hop, "strict-transport-security") else { return told("hsts-not-implemented", -20) };
    if value.contains(',') {
        return told("hsts-header-invalid", -20);
    }
    let parts = value.split(';').map(|part| part.trim().to_ascii_lowercase());
    let age = parts.filter_map(|part| part.strip_prefix("max-age=").map(leading)).next_back();
    match age {
        None => told("hsts-header-invalid", -20),
        // What is no number is not below six months there, so it passes; ours tells it apart.
        Some(Some(age)) if age < SIX_MONTHS => told("hsts-implemented-max-age-less-than-six-months", -10),
        Some(_) => told("hsts-implemented-max-age-at-least-six-months", 0),
    }
}

/// The whole number at the start, as far as it is one.
fn leading(text: &str) -> Option<i64> {
    let digits: String = text.trim_start().chars().take_while(char::is_ascii_digit).take(18).collect();
    digits.parse().ok()
}

pub(super) fn sniffing(hop: &Hop) -> Test {
    let told = |result, modifier| test("x-content-type-options", result, modifier, modifier == 0);
    match joined(hop, "x-content-type-options") {
        None => told("x-content-type-options-not-implemented", -5),
        Some(value) if value.trim().eq_ignore_ascii_case("nosniff") => told("x-content-type-options-nosniff", 0),
        Some(_) => told("x-content-type-options-header-invalid", -5),
    }
}

pub(super) fn framing(hop: &Hop, by_policy: bool) -> Test {
    let told = |result, modifier| test("x-frame-options", result, modifier, modifier >= 0);
    if by_policy {
        return told("x-frame-options-implemented-via-csp", 5);
    }
    let Some(value) = joined(hop, "x-frame-options") else { return told("x-frame-options-not-implemented", -20) };
    match value.trim().to_ascii_lowercase().as_str() {
        "deny" | "sameorigin" => told("x-frame-options-sameorigin-or-deny", 0),
        value if value.starts_with("allow-from") => told("x-frame-options-allow-from-origin", 0),
        _ => told("x-frame-options-header-invalid", -20),
    }
}

pub(super) fn referrer(hop: &Hop) -> Test {
    let told = |result, modifier| test("referrer-policy", result, modifier, modifier >= 0);
    let sent = joined(hop, "referrer-policy");
    let written = hop.page.as_ref().and_then(|page| page.referrer_meta.clone());
    let all: Vec<String> = sent.into_iter().chain(written).collect();
    if all.is_empty() {
        return told("referrer-policy-not-implemented", 0);
    }
    let words = all.join(", ").to_ascii_lowercase();
    let private = ["no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"];
    let open = ["origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade"];
    let last = words.split(',').map(str::trim).rfind(|word| private.contains(word) || open.contains(word));
    match last {
        Some(word) if private.contains(&word) => told("referrer-policy-private", 5),
        Some(_) => told("referrer-policy-unsafe", -5),
        None => told("referrer-policy-header-invalid", -5),
    }
}

pub(super) fn resource_policy(hop: &Hop) -> Test {
    let told = |result, modifier| test("cross-origin-resource-policy", result, modifier, modifier >= 0);
    let Some(value) = joined(hop, "cross-origin-resource-policy") else { return told("corp-not-implemented", 0) };
    match value.trim().to_ascii_lowercase().as_str() {
        "same-site" => told("corp-implemented-with-same-site", 10),
        "same-origin" => told("corp-implemented-with-same-origin", 10),
        "cross-origin" => told("corp-implemented-with-cross-origin", 0),
        _ => told("corp-header-invalid", -5),
    }
}

pub(super) fn sharing(preflight: Option<&Exchange>) -> Test {
    let told = |result, modifier| test("cross-origin-resource-sharing", result, modifier, modifier == 0);
    let allowed = preflight.and_then(|answer| Some((answer, answer.header("access-control-allow-origin").next()?)));
    let Some((answer, allowed)) = allowed else { return told("cross-origin-resource-sharing-not-implemented", 0) };
    if allowed.trim() == "*" {
        return told("cross-origin-resource-sharing-implemented-with-public-access", 0);
    }
    let asked = answer.sent.iter().find(|header| header.name == "origin").map(|header| header.value.as_str());
    let credentials = answer.header("access-control-allow-credentials").next().unwrap_or_default();
    if asked == Some(allowed) && credentials.trim().eq_ignore_ascii_case("true") {
        return told("cross-origin-resource-sharing-implemented-with-universal-access", -50);
    }
    told("cross-origin-resource-sharing-implemented-with-restricted-access", 0)
}
