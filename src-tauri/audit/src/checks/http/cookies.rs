//! http.cookies: what the site stores in browsers is shut to scripts, to other sites and to eavesdroppers.

use crate::check::{Check, Concern, Need, Verdict};
use crate::facts::Hop;
use crate::read::cookie::{self, SetCookie};
use crate::{Case, Unseen};
use std::collections::BTreeMap;
use url::Url;

/// http.cookies.
pub static CHECK: Check = Check {
    id: "http.cookies",
    title: "Cookies are shut to scripts, to other sites and to eavesdroppers",
    why: "Whoever reads a session cookie is signed in as your customer.",
    needs: &[Need::Public],
    concern: Concern::Data,
    covers: "Every cookie that the first pages of all hosts, their redirects and the other requests of this audit were given; cookies of signed-in pages only with a session.",
    ask: None,
    refs: &["RFC 6265bis §4.1.2", "RFC 6265bis §4.1.3", "RFC 6265bis §8"],
    judge,
};

/// A cookie with the place where it was set.
struct Seen {
    cookie: SetCookie,
    host: String,
    secure: bool,
    line: String,
    /// The provider's own form of setting it is told by the answer that set it.
    url: String,
}

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    case.addresses(case.apex())?;
    let (pages, unseen) = case.pages();
    let mut seen: BTreeMap<(String, String), Seen> = BTreeMap::new();
    let chains = case.facts.http.values().filter_map(|fact| fact.seen().ok()).flat_map(|chain| &chain.hops);
    for (url, line) in chains.flat_map(set_by).chain(asked(case)).filter(|(url, _)| case.ours(url)) {
        let (Ok(parsed), cookie) = (Url::parse(&url), cookie::parse(&line)) else { continue };
        let host = parsed.host_str().unwrap_or_default().to_owned();
        if cookie.deletes() {
            continue;
        }
        let key = (cookie.name.clone(), host.clone());
        seen.entry(key).or_insert(Seen { cookie, host, secure: parsed.scheme() == "https", line, url });
    }
    let mut proof: Vec<String> = seen.values().map(|seen| format!("{} sets {}", seen.url, seen.line)).collect();
    if proof.is_empty() {
        proof = pages.iter().map(|page| format!("{} sets no cookie", page.url)).collect();
    }
    let findings = seen.values().flat_map(|seen| rules::broken(case, seen)).collect();
    Ok(Verdict::judged(proof, findings, unseen))
}

fn set_by(hop: &Hop) -> Vec<(String, String)> {
    hop.header("set-cookie").map(|line| (hop.url.clone(), line.to_owned())).collect()
}

/// Cookies of the audit's other requests.
fn asked(case: &Case<'_>) -> Vec<(String, String)> {
    let seen = case.facts.exchanges.values().filter_map(|fact| fact.seen().ok());
    let lines = seen.flat_map(|answer| answer.header("set-cookie").map(|line| (answer.url.clone(), line.to_owned())));
    lines.collect()
}

#[path = "cookies_rules.rs"]
mod rules;

#[cfg(test)]
#[path = "cookies_tests.rs"]
mod tests;
