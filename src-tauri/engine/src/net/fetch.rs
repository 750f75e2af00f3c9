//! Small documents of well-known servers, whole and bounded: a list, a registry's answer, an answer of DNS over HTTPS.

use super::body;
use super::http::host;
use super::trouble::{Trouble, seconds};
use crate::look::http::busy;
use crate::run::Desk;
use audit::Why;
use http::header::{ACCEPT, CONTENT_ENCODING, HeaderMap, HeaderValue, LOCATION};
use std::net::SocketAddr;
use tokio::time::timeout;
use url::Url;

/// Redirects followed (RFC 7480 §5.2 allows them to RDAP servers).
const HOPS: usize = 3;

/// A document.
pub(crate) struct Fetched {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    pub(crate) address: SocketAddr,
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
    let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]);
    let net = &desk.net;
    let mut loan = net.lines.take(&net.http, url, &addresses).await?;
    let answer = match loan.connection.get(url, &headers).await {
        Err(trouble) if loan.kept && trouble.why == Why::Broken => {
            loan = net.lines.afresh(&net.http, url, &addresses).await?;
            loan.connection.get(url, &headers).await?
        }
        answer => answer?,
    };
    let (head, incoming) = answer.into_parts();
    if let Err(trouble) = busy(head.status, &head.headers, &host(url)) {
        loan.connection.retire();
        return Err(trouble);
    }
    let text = |name| head.headers.get(name).and_then(|value| value.to_str().ok());
    let mut body = Vec::new();
    let taken = body::stream(incoming, text(CONTENT_ENCODING).unwrap_or_default(), cap, |part| body.extend(part)).await;
    if !taken.as_ref().is_ok_and(|taken| !taken.truncated) {
        loan.connection.retire();
    }
    if taken?.truncated {
        return Err(Trouble::new(Why::Garbled, format!("{} sent more than {} KB", host(url), cap / 1024)));
    }
    let address = loan.connection.address;
    loan.give_back();
    let next = text(LOCATION).filter(|_| head.status.is_redirection()).map(str::to_owned);
    Ok((Fetched { status: head.status.as_u16(), body, address }, next))
}
