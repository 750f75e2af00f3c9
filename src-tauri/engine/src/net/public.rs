//! Public resolvers over connections of their own: DNS over TLS (RFC 7858) and over HTTPS (RFC 8484), one question after another.

use super::dial::{Errand, line};
use super::dns::{How, message, question};
use super::http::{Connection, host};
use super::tls::secured;
use super::trouble::Trouble;
use super::{body, dns, record};
use crate::look::http::busy;
use crate::run::Desk;
use crate::trace::{Kind, Purpose, Trace};
use audit::Why;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hickory_proto::op::Message;
use hickory_proto::rr::RecordType;
use http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue};
use std::net::{IpAddr, SocketAddr};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;
use url::Url;

/// The media type of messages (RFC 8484 §6).
const DNS_MESSAGE: &str = "application/dns-message";
/// The largest message there is.
const MESSAGE: usize = 65_535;

/// An open connection to a resolver.
pub(crate) enum Line {
    Tls { stream: Box<TlsStream<TcpStream>>, at: SocketAddr, next: u16 },
    Https { connection: Box<Connection>, url: Url },
}

/// Opens DNS over TLS.
pub(crate) async fn over_tls(desk: &Desk<'_>, name: &str, at: SocketAddr) -> Result<Line, Trouble> {
    let stream = desk.net.dial.tcp(at, Errand::new(Purpose::Names, name)).await?;
    let stream = desk.net.tls.trusted_without_alpn(stream, name, at).await?;
    Ok(Line::Tls { stream: Box::new(stream), at, next: 1 })
}

/// Opens DNS over HTTPS at an address that is known beforehand, so that it does not rest on another resolver.
pub(crate) async fn over_https(desk: &Desk<'_>, url: &Url, at: IpAddr) -> Result<Line, Trouble> {
    let connection = desk.net.http.open(url, &[at]).await?;
    Ok(Line::Https { connection: Box::new(connection), url: url.clone() })
}

impl Line {
    /// Asks one question.
    pub(crate) async fn ask(&mut self, desk: &Desk<'_>, name: &str, rtype: RecordType) -> Result<Message, Trouble> {
        let limit = desk.plan.limits.dns;
        let who = match self {
            Self::Tls { at, .. } => at.to_string(),
            Self::Https { url, .. } => host(url),
        };
        let asked = timeout(limit, Box::pin(self.exchange(&desk.net.dial.trace, name, rtype))).await;
        let message = asked.unwrap_or_else(|_| Err(Trouble::silent(&who, "answer", limit)))?;
        to_this(dns::uncut(message, &who)?, name, rtype, &who)
    }

    async fn exchange(&mut self, trace: &Trace, name: &str, rtype: RecordType) -> Result<Message, Trouble> {
        match self {
            Self::Tls { stream, at, next } => {
                let id = *next;
                *next = next.wrapping_add(1);
                let asked = bytes(name, rtype, id)?;
                let who = at.to_string();
                let way = secured(&line(stream.get_ref().0));
                let span = trace.begin(Kind::Question, *at, || (format!("{name} {rtype} at {at}"), vec![way]));
                let answer = framed(stream, &asked, id).await.map_err(|error| Trouble::of_io(&error, &who))?;
                span.end(Vec::<String>::new);
                answer.ok_or_else(|| garbled(&who))
            }
            Self::Https { connection, url } => {
                let mut url = url.clone();
                // An id of 0 lets caches on the way serve everybody (RFC 8484 §4.1).
                let asked = URL_SAFE_NO_PAD.encode(bytes(name, rtype, 0)?);
                url.query_pairs_mut().append_pair("dns", &asked);
                over_http(connection, &url).await
            }
        }
    }
}

fn bytes(name: &str, rtype: RecordType, id: u16) -> Result<Vec<u8>, Trouble> {
    let mut asked = message(&question(name, rtype, How::public())?);
    asked.metadata.id = id;
    asked.to_vec().map_err(|error| Trouble::new(Why::Garbled, format!("the question could not be written ({error})")))
}

/// One question and its answer, each with its length in front (RFC 1035 §4.2.2); none when the answer cannot be read.
async fn framed(stream: &mut TlsStream<TcpStream>, asked: &[u8], id: u16) -> std::io::Result<Option<Message>> {
    stream.write_u16(u16::try_from(asked.len()).unwrap_or(u16::MAX)).await?;
    stream.write_all(asked).await?;
    stream.flush().await?;
    loop {
        let length = stream.read_u16().await?;
        let mut answer = vec![0; usize::from(length)];
        stream.read_exact(&mut answer).await?;
        match Message::from_vec(&answer) {
            Ok(message) if message.metadata.id == id => return Ok(Some(message)),
            // The late answer to an earlier question.
            Ok(_) => {}
            Err(_) => return Ok(None),
        }
    }
}

async fn over_http(connection: &mut Connection, url: &Url) -> Result<Message, Trouble> {
    let who = host(url);
    let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(DNS_MESSAGE))]);
    let (head, incoming) = connection.get(url, &headers).await?.into_parts();
    busy(head.status, &head.headers, &who)?;
    let text = |name| head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if head.status != 200 || !text(CONTENT_TYPE).starts_with(DNS_MESSAGE) {
        let says = format!("{who} answered with the status {} in place of a DNS message", head.status.as_u16());
        return Err(Trouble::new(Why::Garbled, says));
    }
    let mut answer = Vec::new();
    body::stream(incoming, text(CONTENT_ENCODING), MESSAGE, |part| answer.extend(part)).await?;
    Message::from_vec(&answer).map_err(|_| garbled(&who))
}

/// The message, when it answers the very question that was asked.
fn to_this(message: Message, name: &str, rtype: RecordType, who: &str) -> Result<Message, Trouble> {
    let asked = message.queries.iter().any(|query| record::name(query.name()) == name && query.query_type() == rtype);
    if asked { Ok(message) } else { Err(Trouble::new(Why::Garbled, format!("{who} answered another question"))) }
}

fn garbled(who: &str) -> Trouble {
    Trouble::new(Why::Garbled, format!("{who} sent an answer that cannot be read"))
}
