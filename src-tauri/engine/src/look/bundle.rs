//! Scripts of the canonical page, streamed through the secret rules; only redacted matches are kept.

use super::http::{Walked, addresses, busy};
use crate::net::body::Taken;
use crate::net::http::host;
use crate::net::pool::of_reqwest;
use crate::net::trouble::Trouble;
use crate::run::Desk;
use audit::facts::{Bundle, End, Fact, Observation, PageSeen, ScriptSeen, SecretMatch};
use audit::read::secret::Scanner;
use audit::read::text::clean;
use audit::{Unseen, Why};
use futures::StreamExt;
use futures::stream;
use http::header::LOCATION;
use reqwest::Response;
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::time::timeout;
use url::Url;

/// Scripts read of one page.
const SCRIPTS: usize = 30;
/// Decoded bytes read of one script.
const SCRIPT: usize = 8 * 1024 * 1024;
/// Decoded bytes read of all scripts together.
const TOGETHER: usize = 30 * 1024 * 1024;
/// Scripts read at once.
const AT_ONCE: usize = 4;
/// Matches kept.
const MATCHES: usize = 200;
/// Redirects followed for one script.
const MOVES: usize = 3;

/// Looks at the scripts of the page that a chain ended at.
pub(crate) async fn look(desk: &Desk<'_>, walked: Walked) {
    let fact = desk.job("scripts of the page", Box::pin(see(desk, walked))).await;
    desk.saw(Observation::Bundle { fact });
}

async fn see(desk: &Desk<'_>, walked: Walked) -> Fact<Bundle> {
    let (page, seen) = match page(&walked.fact) {
        Ok(found) => found,
        Err(unseen) => return Fact::Unseen(unseen),
    };
    let salt = salt(desk);
    let mut scripts = Vec::new();
    let mut matches = Vec::new();
    if !walked.inline.is_empty() {
        scripts.push(inline(&page, &walked.inline, &salt, &mut matches));
    }
    let left = AtomicUsize::new(TOGETHER);
    let mut linked: Vec<&String> = Vec::new();
    for url in &seen.scripts {
        if !linked.contains(&url) {
            linked.push(url);
        }
    }
    let (read, rest) = linked.split_at(linked.len().min(SCRIPTS));
    let mut reads = stream::iter(read.iter().map(|url| script(desk, url, &salt, &left))).buffered(AT_ONCE);
    while let Some((script, found)) = reads.next().await {
        scripts.push(script);
        matches.extend(found);
    }
    for url in rest {
        let trouble =
            Trouble::new(Why::Beyond, format!("the page links more than {SCRIPTS} scripts; this one was not read"));
        scripts.push(ScriptSeen {
            url: clean(url, 2_000),
            bytes: 0,
            truncated: false,
            unseen: Some(trouble.of(url.as_str())),
        });
    }
    matches.truncate(MATCHES);
    desk.seen(Bundle { page: page.clone(), scripts, matches }, host_of(&page))
}

fn host_of(url: &str) -> String {
    Url::parse(url).map_or_else(|_| url.to_owned(), |url| host(&url))
}

fn page(chain: &Fact<audit::facts::Chain>) -> Result<(String, PageSeen), Unseen> {
    let what = "scripts of the page";
    let rests = |says: String| Trouble::new(Why::Depends, says).of(what);
    let chain = chain.seen().map_err(|unseen| rests(format!("the page could not be seen: {}", unseen.says)))?;
    if let End::Lost { unseen, .. } = &chain.end {
        return Err(rests(format!("the page could not be seen: {}", unseen.says)));
    }
    match chain.last() {
        Some(hop) if chain.end == End::Answered => match &hop.page {
            Some(page) => Ok((hop.url.clone(), page.clone())),
            None => Err(rests(format!("{} is not an HTML page", hop.url))),
        },
        _ => Err(rests("the redirects of the page lead nowhere".to_owned())),
    }
}

/// Thrown away with the run, so that a fingerprint tells nothing outside of it.
fn salt(desk: &Desk<'_>) -> [u8; 32] {
    Sha256::new().chain_update(b"secret fingerprints").chain_update(desk.seed).finalize().into()
}

fn inline(page: &str, bodies: &[String], salt: &[u8; 32], matches: &mut Vec<SecretMatch>) -> ScriptSeen {
    let mut scanner = Scanner::new(page, salt);
    let mut bytes = 0usize;
    for body in bodies {
        scanner.feed(body.as_bytes());
        scanner.feed(b"\n");
        bytes += body.len();
    }
    matches.extend(scanner.finish());
    ScriptSeen { url: page.to_owned(), bytes: count(bytes), truncated: false, unseen: None }
}

async fn script(desk: &Desk<'_>, url: &str, salt: &[u8; 32], left: &AtomicUsize) -> (ScriptSeen, Vec<SecretMatch>) {
    let mut scanner = Scanner::new(url, salt);
    let limit = desk.plan.limits.exchange;
    let read = match timeout(limit, Box::pin(fetch(desk, url, left, &mut scanner))).await {
        Ok(read) => read,
        Err(_) => Err(Trouble::silent(&host_of(url), "send the script", limit).of(clean(url, 400))),
    };
    let (taken, unseen) = match read {
        Ok(taken) => (taken, None),
        Err(unseen) => (Taken::default(), Some(unseen)),
    };
    let url = clean(url, 2_000);
    (ScriptSeen { url, bytes: count(taken.bytes), truncated: taken.truncated, unseen }, scanner.finish())
}

async fn fetch(desk: &Desk<'_>, url: &str, left: &AtomicUsize, scanner: &mut Scanner) -> Result<Taken, Unseen> {
    let what = clean(url, 400);
    let unfit = || Trouble::new(Why::Garbled, "the script's address cannot be followed").of(what.clone());
    let mut url = Url::parse(url).map_err(|_| unfit())?;
    for _ in 0..=MOVES {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(unfit());
        }
        let addresses = addresses(desk, &url).await?;
        let _turn = desk.turns.with(&host(&url)).await;
        let told = |trouble: Trouble| trouble.of(what.clone());
        let response = desk.net.pool.get(&url, &addresses).await.map_err(told)?;
        busy(response.status(), response.headers(), &host(&url)).map_err(told)?;
        if response.status().is_redirection() {
            let to = response.headers().get(LOCATION).and_then(|to| url.join(to.to_str().ok()?).ok());
            url = to.ok_or_else(unfit)?;
            continue;
        }
        if !response.status().is_success() {
            let says = format!("{} answered with HTTP {}", host(&url), response.status().as_u16());
            return Err(Trouble::new(Why::Refused, says).of(what.clone()));
        }
        let cap = SCRIPT.min(left.load(Ordering::Relaxed));
        let taken = stream(response, cap, scanner).await.map_err(told)?;
        // Scripts read at the same time may together go over by three of them; the bound stays a bound.
        let _ = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |rest| Some(rest.saturating_sub(taken.bytes)));
        return Ok(taken);
    }
    Err(Trouble::new(Why::Garbled, format!("the script was moved more than {MOVES} times")).of(what))
}

/// Feeds a decoded body to the scanner and stops at `cap` bytes: what lies beyond is never held.
async fn stream(mut response: Response, cap: usize, scanner: &mut Scanner) -> Result<Taken, Trouble> {
    let who = response.url().host_str().unwrap_or_default().to_owned();
    let mut taken = Taken::default();
    while let Some(part) = response.chunk().await.map_err(|error| of_reqwest(&error, &who))? {
        let fits = &part[..part.len().min(cap - taken.bytes)];
        scanner.feed(fits);
        taken.bytes += fits.len();
        if fits.len() < part.len() {
            taken.truncated = true;
            break;
        }
    }
    Ok(taken)
}

fn count(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
