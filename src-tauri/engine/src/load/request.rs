//! One request that is measured: made once, sent often, on a kept connection or on a new one.

use super::Expectation;
use crate::EngineError;
use crate::look::http::busy;
use crate::net::Net;
use crate::net::body;
use crate::net::http::{Connection, Step, host, request};
use crate::net::trouble::Trouble;
use audit::Why;
use audit::read::text::clean;
use bytes::Bytes;
use hickory_proto::rr::RecordType;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, HeaderMap, HeaderValue, RETRY_AFTER};
use http::{Method, Request};
use http_body_util::Full;
use memchr::memmem;
use std::net::IpAddr;
use std::time::{Duration, Instant};
use tokio::time::timeout;
use url::{Host, Url};

/// Decoded bytes of one answer that are read.
const BODY: usize = 5 * 1024 * 1024;
/// Bytes of one answer that are searched for the expected text.
const SEARCHED: usize = 256 * 1024;

/// What came of one request.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<u32>,
    pub(crate) ttfb: Duration,
    /// When the request left this process.
    pub(crate) sent: Instant,
    /// When the last of the answer came to this machine.
    pub(crate) ended: Instant,
    pub(crate) expected: bool,
    /// Whether the connection can carry another one.
    pub(crate) whole: bool,
    /// That a limit, an overload or a bot challenge answered in place of the product.
    pub(crate) busy: Option<Trouble>,
}

/// A request without a whole answer.
pub(crate) struct Miss {
    pub(crate) trouble: Trouble,
    /// The word for its kind.
    pub(crate) kind: &'static str,
}

impl Miss {
    /// The name of the host was not found.
    pub(crate) fn of_name(trouble: Trouble) -> Self {
        Self { trouble, kind: "name" }
    }

    fn of_step(step: Step, trouble: Trouble) -> Self {
        let kind = match step {
            Step::Connect => "connect",
            Step::Tls => "tls",
        };
        Self { trouble, kind }
    }
}

impl From<Trouble> for Miss {
    fn from(trouble: Trouble) -> Self {
        let kind = match trouble.why {
            Why::Timeout => "timeout",
            Why::Garbled => "garbled",
            _ => "cut-short",
        };
        Self { trouble, kind }
    }
}

/// A request that can be sent again and again.
pub(crate) struct Route {
    pub(crate) url: Url,
    /// Whether sending it twice does no more than sending it once (RFC 9110 §9.2.2).
    pub(crate) again: bool,
    one: Request<Full<Bytes>>,
    two: Request<Full<Bytes>>,
    expect: Expectation,
}

impl Route {
    pub(crate) fn new(
        method: &Method,
        url: &Url,
        headers: &HeaderMap,
        content: &Bytes,
        expect: Expectation,
    ) -> Result<Self, Trouble> {
        let mut headers = headers.clone();
        if expect.contains.is_some() {
            // What is searched need not be unpacked first.
            headers.entry(ACCEPT_ENCODING).or_insert(HeaderValue::from_static("identity"));
        }
        let make = |absolute| request(method, url, &headers, content.clone(), absolute);
        Ok(Self { url: url.clone(), again: method.is_idempotent(), one: make(false)?, two: make(true)?, expect })
    }

    /// Opens a connection for it.
    pub(crate) async fn open(&self, net: &Net, addresses: &[IpAddr], within: Duration) -> Result<Connection, Miss> {
        let opened = timeout(within, net.http.open_by_steps(&self.url, addresses))
            .await
            .unwrap_or_else(|_| Err((Step::Connect, Trouble::silent(&host(&self.url), "take a connection", within))));
        opened.map_err(|(step, trouble)| Miss::of_step(step, trouble))
    }

    /// Sends it on a connection and reads its answer to the end.
    pub(crate) async fn ask(&self, connection: &mut Connection, within: Duration) -> Result<Answer, Miss> {
        let begun = Instant::now();
        let fresh = if connection.lone() { &self.one } else { &self.two };
        let work = async {
            let response = connection.ask_for(&self.url, fresh.clone()).await?;
            let sent = connection.left().unwrap_or(begun);
            let ttfb = connection.came().saturating_duration_since(sent);
            let (head, content) = response.into_parts();
            let encoding = head.headers.get(CONTENT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
            let mut text = Vec::new();
            let searched = if self.expect.contains.is_some() { SEARCHED } else { 0 };
            let taken = body::stream(content, encoding, BODY, |bytes| {
                let room = searched.saturating_sub(text.len());
                text.extend(bytes.iter().take(room));
            });
            let taken = taken.await?;
            let ended = connection.came().max(sent);
            let status = head.status.as_u16();
            let as_wanted = self.expect.status.map_or(status < 400, |wanted| wanted == status);
            let part = self.expect.contains.as_ref();
            let found = part.is_none_or(|part| memmem::find(&text, part.as_bytes()).is_some());
            let seconds = |value: &HeaderValue| value.to_str().ok()?.trim().parse().ok();
            Ok(Answer {
                status,
                retry_after: head.headers.get(RETRY_AFTER).and_then(seconds),
                ttfb,
                sent,
                ended,
                expected: as_wanted && found,
                whole: !taken.truncated,
                busy: busy(head.status, &head.headers, &host(&self.url)).err(),
            })
        };
        match timeout(within, work).await {
            Ok(answer) => answer.map_err(|trouble: Trouble| trouble.into()),
            Err(_) => Err(Trouble::silent(&host(&self.url), "finish its answer", within).into()),
        }
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
        Some(Err(trouble)) => wrong(format!(
            "{}; if it is a test machine of your own, allow private addresses (in a terminal: --allow-private)",
            trouble.says
        )),
        _ => wrong(format!("{} has no address in DNS", clean(&host(url), 120))),
    })
}
