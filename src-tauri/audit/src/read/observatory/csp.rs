//! The content-security-policy test.

use super::merge::{Merged, Sources, merge};
use super::{Test, joined};
use crate::facts::Hop;

const BROAD: [&str; 8] = ["ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"];
const UNSAFE: [&str; 2] = ["'unsafe-inline'", "data:"];
const SIGNED: [&str; 4] = ["'sha256-", "'sha384-", "'sha512-", "'nonce-"];
const PASSIVE: [&str; 2] = ["img-src", "media-src"];
/// The one result that costs points and passes.
const PASSIVE_ONLY: &str = "csp-implemented-with-insecure-scheme-in-passive-content-only";

/// The test, and whether the policy says who may frame the page.
pub(super) fn test(hop: &Hop) -> (Test, bool) {
    let told = |result, modifier| {
        super::test("content-security-policy", result, modifier, modifier >= 0 || result == PASSIVE_ONLY)
    };
    let sent: Vec<String> = joined(hop, "content-security-policy").into_iter().collect();
    let written = hop.page.as_ref().map(|page| page.csp_meta.clone()).unwrap_or_default();
    let all: Vec<String> = sent.iter().chain(&written).cloned().collect();
    let Some(merged) = merge(&all) else { return (told("csp-header-invalid", -25), false) };
    let by_header = merge(&sent).unwrap_or_default();
    let mut by_page = merge(&written).unwrap_or_default();
    for name in ["frame-ancestors", "report-uri", "sandbox"] {
        by_page.directives.remove(name);
    }
    if by_header.directives.is_empty() && by_page.directives.is_empty() {
        let reporting = joined(hop, "content-security-policy-report-only").is_some();
        let result = if reporting { "csp-not-implemented-but-reporting-enabled" } else { "csp-not-implemented" };
        return (told(result, -25), false);
    }
    let frames = merged.directives.contains_key("frame-ancestors");
    let (result, modifier) = result(&merged, hop.url.starts_with("https:"));
    let test = told(result, modifier);
    let repeated = merged.repeated && test.pass;
    (if repeated { told("csp-implemented-but-duplicate-directives", 0) } else { test }, frames)
}

fn result(merged: &Merged, secure: bool) -> (&'static str, i32) {
    let of = |names: &[&str]| {
        let found = names.iter().find_map(|name| merged.directives.get(*name)).cloned();
        found.unwrap_or_else(|| Sources::from(["*".to_owned()]))
    };
    let objects = of(&["object-src", "default-src"]);
    let (mut scripts, mut styles) = (of(&["script-src", "default-src"]), of(&["style-src", "default-src"]));
    for sources in [&mut scripts, &mut styles] {
        if signed(sources) {
            sources.remove("'unsafe-inline'");
        }
    }
    if scripts.contains("'strict-dynamic'") {
        if !signed(&scripts) {
            return ("csp-header-invalid", -25);
        }
        scripts.retain(|source| !BROAD.iter().any(|broad| source.starts_with(broad)) && source != "'self'");
    }
    let broad = |source: &String| BROAD.contains(&source.as_str());
    let loose = |source: &String| broad(source) || UNSAFE.contains(&source.as_str());
    if scripts.iter().any(loose) || objects.iter().any(broad) {
        return ("csp-implemented-with-unsafe-inline", -20);
    }
    let insecure = |source: &String| secure && (source.starts_with("http:") || source.starts_with("ftp:"));
    let others =
        merged.directives.iter().filter(|(name, _)| !PASSIVE.contains(&name.as_str()) && *name != "script-src");
    if others.flat_map(|(_, sources)| sources).chain(&scripts).any(insecure) {
        return ("csp-implemented-with-insecure-scheme", -20);
    }
    if scripts.contains("'unsafe-eval'") || styles.contains("'unsafe-eval'") {
        return ("csp-implemented-with-unsafe-eval", -10);
    }
    let passive = |name: &&str| merged.directives.get(*name).or_else(|| merged.directives.get("default-src"));
    if PASSIVE.iter().filter_map(passive).flatten().any(insecure) {
        return (PASSIVE_ONLY, -10);
    }
    if styles.iter().any(loose) {
        return ("csp-implemented-with-unsafe-inline-in-style-src-only", 0);
    }
    match merged.directives.get("default-src") {
        Some(sources) if sources.len() == 1 && sources.contains("'none'") => {
            ("csp-implemented-with-no-unsafe-default-src-none", 10)
        }
        _ => ("csp-implemented-with-no-unsafe", 5),
    }
}

fn signed(sources: &Sources) -> bool {
    sources.iter().any(|source| SIGNED.iter().any(|start| source.starts_with(start)))
}
