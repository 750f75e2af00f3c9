//! Small documents of well-known servers, whole and bounded: a list, a registry's answer, an answer of DNS over HTTPS.

use super::http::host;
use super::pool::of_reqwest;
use super::trouble::{Trouble, seconds};
use crate::look::http::busy;
use crate::run::Desk;
use audit::Why;
use http::header::LOCATION;
use tokio::time::timeout;
use url::Url;

/// Redirects followed (RFC 7480 §5.2 allows them to RDAP servers).
const HOPS: usize = 3;

/// A document.
pub(crate) struct Fetched {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// GETs a document over https, redirects followed to https only.
pub(crate) async fn fetch(desk: &Desk<'_>, url: &Url, accept: &'static str, cap: usize) -> Result<Fetched, Trouble> {
    let limit = desk.plan.limits.exchange;
    match timeout(limit, Box::pin(follow(desk, url.clone(), accept, cap))).await {
        Ok(done) => done,
        Err(_) => Err(Trouble::new(
            Why::Timeout,
            format!("{} did not finish its answer within {}", host(url), seconds(limit)),
        )),
    }
}

/// GETs a document over https from that very address: a redirect is an answer like any other.
pub(crate) async fn fetch_there(
    desk: &Desk<'_>,
    url: &Url,
    accept: &'static str,
    cap: usize,
) -> Result<Fetched, Trouble> {
    let limit = desk.plan.limits.exchange;
    match timeout(limit, Box::pin(one(desk, url, accept, cap))).await {
        Ok(done) => done.map(|(fetched, _)| fetched),
        Err(_) => Err(Trouble::silent(&host(url), "finish its answer", limit)),
    }
}

async fn follow(desk: &Desk<'_>, mut url: Url, accept: &'static str, cap: usize) -> Result<Fetched, Trouble> {
    for _ in 0..=HOPS {
        if url.scheme() != "https" {
            return Err(Trouble::new(Why::Garbled, format!("{} is not asked over https", host(&url))));
        }
        let (fetched, next) = one(desk, &url, accept, cap).await?;
        match next.and_then(|to| url.join(&to).ok()) {
            Some(to) => url = to,
            None => return Ok(fetched),
        }
    }
    Err(Trouble::new(Why::Garbled, format!("{} sends on and on to other addresses", host(&url))))
}

async fn one(
    desk: &Desk<'_>,
    url: &Url,
    accept: &'static str,
    cap: usize,
) -> Result<(Fetched, Option<String>), Trouble> {
    let addresses = crate::look::http::addresses(desk, url).await.map_err(|unseen| Trouble::again(&unseen))?;
    let _turn = desk.turns.with(&host(url)).await;
    let mut answer = desk.net.pool.get(url, accept, &addresses).await?;
    busy(answer.status(), answer.headers(), &host(url))?;
    let status = answer.status();
    let text = |name| answer.headers().get(name).and_then(|value| value.to_str().ok());
    let next = text(LOCATION).filter(|_| status.is_redirection()).map(str::to_owned);
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(|error| of_reqwest(&error, &host(url)))? {
        if body.len() + part.len() > cap {
            return Err(Trouble::new(Why::Garbled, format!("{} sent more than {} KB", host(url), cap / 1024)));
        }
        body.extend_from_slice(&part);
    }
    Ok((Fetched { status: status.as_u16(), body }, next))
}
