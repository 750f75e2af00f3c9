//! The subresource-integrity test.

use super::{Test, is_html};
use crate::facts::{Hop, Resource, ResourceKind, Written};
use url::Url;

/// Results from best to worst, as far as a script decides.
const WORSE: [(&str, i32); 3] = [
    ("sri-implemented-but-external-scripts-not-loaded-securely", -20),
    ("sri-not-implemented-but-external-scripts-loaded-securely", -5),
    ("sri-not-implemented-and-external-scripts-not-loaded-securely", -50),
];

pub(super) fn test(host: &str, hop: &Hop) -> Test {
    let told = |result, modifier, pass| super::test("subresource-integrity", result, modifier, pass);
    let Some(page) = hop.page.as_ref().filter(|_| is_html(hop)) else {
        return told("sri-not-implemented-response-not-html", 0, true);
    };
    let scripts: Vec<&Resource> =
        page.resources.iter().filter(|resource| resource.kind == ResourceKind::Script).collect();
    if scripts.is_empty() && page.inline_scripts == 0 {
        return told("sri-not-implemented-but-no-scripts-loaded", 0, true);
    }
    let own = registrable(host);
    let foreign = |script: &Resource| match script.written {
        Written::Relative => false,
        Written::SchemeRelative => true,
        Written::Absolute => site(&script.url) != own,
    };
    // An address without a scheme is taken for an unsafe one, wherever the page itself came from.
    let safe = |script: &Resource| match script.written {
        Written::Relative => hop.url.starts_with("https:"),
        Written::SchemeRelative => false,
        Written::Absolute => script.url.starts_with("https:"),
    };
    let abroad = scripts.iter().filter(|script| foreign(script));
    let worst = abroad.clone().filter_map(|script| match (script.integrity, safe(script)) {
        (true, true) => None,
        (true, false) => Some(0),
        (false, true) => Some(1),
        (false, false) => Some(2),
    });
    if let Some((result, modifier)) = worst.max().and_then(|place| WORSE.get(place)) {
        return told(result, *modifier, false);
    }
    if scripts.iter().any(|script| !foreign(script) && script.integrity && safe(script)) {
        return told("sri-implemented-and-all-scripts-loaded-securely", 5, true);
    }
    if abroad.count() > 0 {
        return told("sri-implemented-and-external-scripts-loaded-securely", 5, true);
    }
    told("sri-not-implemented-but-all-scripts-loaded-from-secure-origin", 0, true)
}

fn site(url: &str) -> Option<String> {
    let host = Url::parse(url).ok()?.host_str()?.to_owned();
    registrable(&host)
}

fn registrable(host: &str) -> Option<String> {
    psl::domain_str(host).map(str::to_owned)
}
