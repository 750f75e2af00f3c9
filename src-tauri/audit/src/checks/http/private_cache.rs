//! http.private_cache: nothing that belongs to one visitor is kept where another could get it.

use crate::check::{Check, Concern, Finding, Need, Severity, Verdict};
use crate::facts::Exchange;
use crate::read::caching::Caching;
use crate::read::door;
use crate::read::edge_copy::{self, Copy};
use crate::read::place::{Kind, Place};
use crate::{Case, Unseen, Why};

#[path = "private_cache_findings.rs"]
mod findings;

/// http.private_cache.
pub static CHECK: Check = Check {
    id: "http.private_cache",
    title: "Nothing that belongs to one user is kept where another could get it",
    why: "One wrong cache line shows a customer's page, or lends their session, to whoever comes next.",
    needs: &[Need::Auth],
    concern: Concern::Data,
    covers: "The addresses behind the login: each is asked for with your session under an address of our own (a parameter is added, so that no visitor's copy is touched), then by a second client without it. And the pages of the domain that set a cookie, by their headers. A cache that leaves parameters out of its keys would be touched all the same.",
    ask: None,
    refs: &["RFC 9111 §3, §3.5, §5.2.2.7", "RFC 9111 §7.3", "CWE-525"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let (mut proof, mut findings, mut unseen) = (vec![], vec![], vec![]);
    let (pages, _) = case.pages();
    for page in pages {
        findings.extend(findings::cookie(page));
    }
    if let Some(reason) = case.without_login() {
        return if findings.is_empty() {
            Ok(Verdict::NotApplicable(reason))
        } else {
            Ok(Verdict::judged(proof, findings, unseen))
        };
    }
    match case.places(&[Kind::Admin, Kind::Data, Kind::List]) {
        Ok(places) => {
            for place in places {
                match judged(case, &place) {
                    Ok(Ok(line)) => proof.push(line),
                    Ok(Err(finding)) => findings.push(finding),
                    Err(why) => unseen.push(why),
                }
            }
        }
        Err(why) => unseen.push(why),
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

/// What one signed-in answer allows caches, and what the second client got: a line of proof or a finding.
fn judged(case: &Case<'_>, place: &Place) -> Result<Result<String, Finding>, Unseen> {
    let owner = case.visit("signed-in", place)?;
    let url = place.url.as_str();
    if !(200..300).contains(&owner.status) {
        return Err(refused(url, owner));
    }
    let second = case.visit("second", place);
    if let Ok(second) = second.as_ref().map_err(Clone::clone)
        && let Some(line) = leaked(case, place, owner, second)
    {
        return Ok(Err(findings::leaked(owner, url, &line)));
    }
    // What strangers are shown as well is nobody's own, and caches may keep it.
    let stranger = case.visit("anonymous", place)?;
    if (200..300).contains(&stranger.status) && door::alike(owner, stranger) {
        return Ok(Ok(format!("{url} shows everybody the same")));
    }
    let caching = Caching::of(&owner.headers);
    let authorised = owner.sent.iter().any(|header| header.name == "authorization");
    let said = owner.header("cache-control").next().unwrap_or("no Cache-Control").to_owned();
    // By RFC 9111 §4.1 a stored answer is only given to requests with the same value of these fields; large networks do not heed it.
    let apart = caching.vary.iter().any(|name| matches!(name.as_str(), "*" | "cookie" | "authorization"));
    if caching.shared_may_reuse(owner.status, authorised) {
        return Ok(Err(findings::storable(owner, url, &said, apart)));
    }
    let silent = !caching.said && !caching.no_cache && caching.expires.is_none();
    if silent && !apart && caching.shared_may_store(owner.status, authorised) {
        return Ok(Err(findings::unsaid(owner, url)));
    }
    // Headers alone do not tell what a delivery network was told to keep.
    let second = second?;
    Ok(Ok(format!("{url}: {said}; a second visitor without a session got {}", second.status)))
}

/// The line that shows that the second client, without a session, was handed the signed-in answer.
fn leaked(case: &Case<'_>, place: &Place, owner: &Exchange, second: &Exchange) -> Option<String> {
    let same = second.status == owner.status && second.body.sha256 == owner.body.sha256 && owner.body.bytes > 0;
    if !same {
        return None;
    }
    if let Some((Copy::Hit, line)) = edge_copy::told(&second.headers) {
        return Some(line);
    }
    // A stranger who asks at an address of its own gets something else: so the same bytes came out of a copy.
    let stranger = case.visit("anonymous", place).ok()?;
    let closed = !(200..300).contains(&stranger.status) || stranger.body.sha256 != owner.body.sha256;
    closed.then(|| "the very bytes that your session was shown, while a stranger elsewhere is kept out".to_owned())
}

fn refused(url: &str, owner: &Exchange) -> Unseen {
    Unseen {
        what: url.to_owned(),
        why: Why::NoSession,
        says: format!("the session was not accepted there (HTTP {})", owner.status),
        way: "sign in anew and give the fresh cookie or token".to_owned(),
    }
}

/// Cookies that delivery networks set by themselves with each answer, copies too; no visitor's own.
const OF_NETWORKS: [&str; 13] = [
    "__cf_bm",
    "__cfruid",
    "__cflb",
    "_cfuvid",
    "cf_",
    "awsalb",
    "ak_bmsc",
    "bm_",
    "_abck",
    "arraffinity",
    "datadome",
    "incap_ses",
    "visid_incap",
];

/// Whether a delivery network sets this cookie for itself.
fn of_network(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    OF_NETWORKS.iter().any(|start| name.starts_with(start))
}

/// Whether a network answered from its own copy.
fn copied(headers: &[crate::facts::Header]) -> Option<String> {
    edge_copy::told(headers).filter(|(copy, _)| *copy == Copy::Hit).map(|(_, line)| line)
}

#[cfg(test)]
#[path = "private_cache_tests.rs"]
mod tests;
