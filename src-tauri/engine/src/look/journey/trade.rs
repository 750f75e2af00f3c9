//! One exchange of a journey: over its own connections, timed by phases, bounded, and told in words that repeat no value.

use crate::look::http::{Next, addresses, busy, next};
use crate::net::body;
use crate::net::http::{Connection, Step, host};
use crate::net::trouble::Trouble;
use crate::run::Desk;
use audit::Why;
use audit::facts::{Reached, StepTimes};
use bytes::Bytes;
use http::Method;
use http::header::{CONTENT_ENCODING, HeaderMap};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tokio::time::timeout;
use url::Url;

/// Decoded bytes read of one answer.
const BODY: usize = 2 * 1024 * 1024;
/// Header fields handed on, and characters of one value.
const HEADERS: (usize, usize) = (100, 8 * 1024);

/// What is sent.
#[derive(Clone)]
pub(super) struct Question {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) content: Bytes,
}

/// What came.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    pub(super) truncated: bool,
    pub(super) next: Next,
}

/// The connections of one journey, one for each origin.
pub(super) struct Trade<'a, 'd> {
    desk: &'a Desk<'d>,
    kept: BTreeMap<String, Connection>,
    /// Who answered last.
    pub(super) from: String,
    /// The host that was asked last, and how far that came; none before anybody was.
    pub(super) at: Option<(Url, Reached)>,
}

impl<'a, 'd> Trade<'a, 'd> {
    pub(super) fn new(desk: &'a Desk<'d>) -> Self {
        Self { desk, kept: BTreeMap::new(), from: String::new(), at: None }
    }

    /// Asks; what only reads is asked once more where the network failed. `awaited` is a status that would otherwise mean "not now".
    pub(super) async fn ask(
        &mut self,
        question: &Question,
        awaited: &[u16],
        times: &mut StepTimes,
    ) -> Result<Reply, Trouble> {
        let first = self.once(question, awaited, times).await;
        let reads = matches!(question.method, Method::GET | Method::HEAD);
        match first {
            Err(trouble)
                if reads && matches!(trouble.why, Why::Broken | Why::Refused | Why::Timeout | Why::NoRoute) =>
            {
                self.once(question, awaited, times).await
            }
            other => other,
        }
    }

    async fn once(&mut self, question: &Question, awaited: &[u16], times: &mut StepTimes) -> Result<Reply, Trouble> {
        let limit = self.desk.plan.limits.exchange;
        let silent = || Trouble::silent(&host(&question.url), "finish its answer", limit);
        timeout(limit, Box::pin(self.exchange(question, awaited, times))).await.unwrap_or_else(|_| Err(silent()))
    }

    async fn exchange(
        &mut self,
        question: &Question,
        awaited: &[u16],
        times: &mut StepTimes,
    ) -> Result<Reply, Trouble> {
        let Question { method, url, headers, content } = question;
        let origin = url.origin().ascii_serialization();
        let mut connection = match self.kept.remove(&origin).filter(Connection::alive) {
            Some(connection) => connection,
            None => self.open(url, times).await?,
        };
        self.at = Some((url.clone(), Reached::Answer));
        let _turn = self.desk.turns.with(&host(url)).await;
        let begun = Instant::now();
        let response = connection.send_with(method, url, headers, content.clone()).await?;
        times.ttfb = micros(connection.came().saturating_duration_since(connection.left().unwrap_or(begun)));
        let (head, incoming) = response.into_parts();
        self.from = connection.address.to_string();
        if !awaited.contains(&head.status.as_u16()) {
            busy(head.status, &head.headers, &host(url))?;
        }
        let encoding = head.headers.get(CONTENT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut body = Vec::new();
        let taken = body::stream(incoming, encoding, BODY, |part| body.extend_from_slice(part)).await?;
        if !taken.truncated {
            self.kept.insert(origin, connection);
        }
        let next = next(url, head.status, &head.headers);
        Ok(Reply { status: head.status.as_u16(), headers: head.headers, body, truncated: taken.truncated, next })
    }

    async fn open(&mut self, url: &Url, times: &mut StepTimes) -> Result<Connection, Trouble> {
        self.at = Some((url.clone(), Reached::Name));
        let begun = Instant::now();
        let addresses = addresses(self.desk, url).await.map_err(|unseen| Trouble::again(&unseen))?;
        add(&mut times.dns, begun.elapsed());
        self.at = Some((url.clone(), Reached::Connect));
        let opened = self.desk.net.http.open_by_steps(url, &addresses).await;
        let connection = opened.map_err(|(step, trouble)| {
            if step == Step::Tls {
                self.at = Some((url.clone(), Reached::Tls));
            }
            trouble
        })?;
        add(&mut times.connect, connection.connect);
        if let Some(tls) = connection.tls {
            add(&mut times.tls, tls);
        }
        Ok(connection)
    }
}

impl Reply {
    /// Header fields as text, within bounds.
    pub(super) fn text(&self) -> Vec<(String, String)> {
        let text = |value: &http::HeaderValue| Some(value.to_str().ok()?.to_owned());
        let all =
            self.headers.iter().take(HEADERS.0).filter_map(|(name, value)| Some((name.to_string(), text(value)?)));
        all.filter(|(_, value)| value.len() <= HEADERS.1).collect()
    }
}

fn add(phase: &mut Option<u32>, more: Duration) {
    *phase = Some(phase.unwrap_or(0).saturating_add(micros(more)));
}

pub(super) fn micros(span: Duration) -> u32 {
    u32::try_from(span.as_micros()).unwrap_or(u32::MAX)
}
