//! One request under load: made once, sent often.

use super::Load;
use crate::EngineError;
use crate::net::Net;
use crate::net::http::{Connection, host, request};
use crate::net::trouble::Trouble;
use audit::read::text::clean;
use bytes::Bytes;
use hickory_proto::rr::RecordType;
use http::Request;
use http::header::{HeaderValue, RETRY_AFTER};
use http_body_util::{BodyExt, Full};
use memchr::memmem;
use std::net::IpAddr;
use std::time::{Duration, Instant};
use tokio::time::timeout;
use url::{Host, Url};

/// Bytes of one answer that are read.
const BODY: usize = 5 * 1024 * 1024;
/// Bytes of one answer that are searched for the expected text.
const SEARCHED: usize = 256 * 1024;

/// What came of one request.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) retry_after: Option<u32>,
    pub(super) ttfb: Duration,
    pub(super) expected: bool,
    /// Whether the connection can carry another one.
    pub(super) whole: bool,
}

/// A request that can be sent again and again.
pub(super) struct Template {
    one: Request<Full<Bytes>>,
    two: Request<Full<Bytes>>,
}

impl Template {
    pub(super) fn new(load: &Load) -> Result<Self, Trouble> {
        let make = |absolute| request(&load.method, &load.url, &load.headers, load.body.clone(), absolute);
        Ok(Self { one: make(false)?, two: make(true)? })
    }

    fn fresh(&self, lone: bool) -> Request<Full<Bytes>> {
        if lone { self.one.clone() } else { self.two.clone() }
    }
}

/// Sends one request on a connection and reads its answer to the end.
pub(super) async fn ask(
    connection: &mut Connection,
    template: &Template,
    load: &Load,
    within: Duration,
) -> Result<Answer, Trouble> {
    let begun = Instant::now();
    let lone = connection.lone();
    let work = async {
        let mut response = connection.ask(template.fresh(lone)).await?;
        let ttfb = begun.elapsed();
        let (mut read, mut text) = (0, Vec::new());
        let mut truncated = false;
        while let Some(frame) = response.body_mut().frame().await {
            let frame = frame.map_err(|error| crate::net::http::of_hyper(&error, "the server"))?;
            let Some(data) = frame.data_ref() else { continue };
            read += data.len();
            if load.expect.contains.is_some() && text.len() < SEARCHED {
                text.extend_from_slice(data);
            }
            if read > BODY {
                truncated = true;
                break;
            }
        }
        let status = response.status().as_u16();
        let as_wanted = load.expect.status.map_or(status < 400, |wanted| wanted == status);
        let found = load.expect.contains.as_ref().is_none_or(|part| memmem::find(&text, part.as_bytes()).is_some());
        let seconds = |value: &HeaderValue| value.to_str().ok()?.trim().parse().ok();
        let retry_after = response.headers().get(RETRY_AFTER).and_then(seconds);
        Ok(Answer { status, retry_after, ttfb, expected: as_wanted && found, whole: !truncated })
    };
    match timeout(within, work).await {
        Ok(answer) => answer,
        Err(_) => Err(Trouble::silent(&host(&load.url), "finish its answer", within)),
    }
}

/// The addresses of the host of an address that may be contacted.
pub(super) async fn addresses(net: &Net, url: &Url) -> Result<Vec<IpAddr>, EngineError> {
    let wrong = |says: String| EngineError::new("load-host", says);
    let found = match url.host() {
        Some(Host::Ipv4(address)) => vec![IpAddr::V4(address)],
        Some(Host::Ipv6(address)) => vec![IpAddr::V6(address)],
        Some(Host::Domain(name)) => {
            let (v4, v6) = tokio::join!(net.dns.ask(name, RecordType::A), net.dns.ask(name, RecordType::AAAA));
            let mut found = Vec::new();
            let mut unseen = None;
            for fact in [v4, v6] {
                match fact.seen() {
                    Ok(answer) => found.extend(answer.addresses()),
                    Err(why) => unseen = Some(why.clone()),
                }
            }
            match unseen {
                Some(unseen) if found.is_empty() => return Err(wrong(unseen.says)),
                _ => found,
            }
        }
        None => Vec::new(),
    };
    let (open, closed): (Vec<_>, Vec<_>) = found.into_iter().partition(|address| net.dial.allowed(*address).is_ok());
    if !open.is_empty() {
        return Ok(open);
    }
    Err(match closed.first().map(|address| net.dial.allowed(*address)) {
        Some(Err(trouble)) => wrong(trouble.says),
        _ => wrong(format!("{} has no address in DNS", clean(&host(url), 120))),
    })
}
