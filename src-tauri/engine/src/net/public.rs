//! Public resolvers over connections of their own: DNS over TLS (RFC 7858) and over HTTPS (RFC 8484), everything asked at once.

use super::dial::{Errand, line};
use super::http::{Connection, host};
use super::question::{How, message, question, uncut};
use super::tls::secured;
use super::trouble::Trouble;
use super::{body, record};
use crate::look::http::busy;
use crate::run::Desk;
use crate::trace::{Kind, Purpose, Trace};
use audit::Why;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::future::join_all;
use hickory_proto::op::Message;
use hickory_proto::rr::RecordType;
use http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;
use url::Url;

/// The media type of messages (RFC 8484 §6).
const DNS_MESSAGE: &str = "application/dns-message";
/// The largest message there is.
const MESSAGE: usize = 65_535;

/// What is asked: a name and a type.
type Question = (String, RecordType);
type Answer = Result<Message, Trouble>;

/// An open connection to a resolver.
pub(crate) enum Line {
    Tls { stream: Box<TlsStream<TcpStream>>, at: SocketAddr },
    Https { connection: Box<Connection>, url: Url },
}

/// Opens DNS over TLS.
pub(crate) async fn over_tls(desk: &Desk<'_>, name: &str, at: SocketAddr) -> Result<Line, Trouble> {
    let stream = desk.net.dial.tcp(at, Errand::new(Purpose::Names, name)).await?;
    let stream = desk.net.tls.trusted_without_alpn(stream, name, at).await?;
    Ok(Line::Tls { stream: Box::new(stream), at })
}

/// Opens DNS over HTTPS at an address that is known beforehand, so that it does not rest on another resolver.
pub(crate) async fn over_https(desk: &Desk<'_>, url: &Url, at: IpAddr) -> Result<Line, Trouble> {
    let connection = desk.net.http.open(url, &[at]).await?;
    Ok(Line::Https { connection: Box::new(connection), url: url.clone() })
}

impl Line {
    /// Asks everything, all at once where the way allows it; the answers come in the order of the questions.
    pub(crate) async fn ask(self, desk: &Desk<'_>, questions: &[Question]) -> Vec<Answer> {
        let (limit, trace) = (desk.plan.limits.dns, &desk.net.dial.trace);
        let (who, answers) = match self {
            Self::Tls { mut stream, at } => (at.to_string(), along(&mut stream, at, questions, limit, trace).await),
            Self::Https { mut connection, url } => {
                let answers = match connection.twin() {
                    Some(_) => {
                        join_all(questions.iter().map(|question| beside(&connection, &url, question, limit))).await
                    }
                    None => one_by_one(&mut connection, &url, questions, limit).await,
                };
                (host(&url), answers)
            }
        };
        let each = answers.into_iter().zip(questions);
        each.map(|(answer, (name, rtype))| to_this(uncut(answer?, &who)?, name, *rtype, &who)).collect()
    }
}

/// All questions on one stream, before any answer is waited for; the answers may come in any order (RFC 7766 §6.2.1.1).
async fn along(
    stream: &mut TlsStream<TcpStream>,
    at: SocketAddr,
    questions: &[Question],
    limit: Duration,
    trace: &Trace,
) -> Vec<Answer> {
    let who = at.to_string();
    let mut heard: Vec<Option<Message>> = questions.iter().map(|_| None).collect();
    let work = async {
        let way = secured(&line(stream.get_ref().0));
        let mut spans = Vec::new();
        for (id, (name, rtype)) in (1..).zip(questions) {
            let asked = bytes(name, *rtype, id)?;
            spans
                .push(Some(trace.begin(Kind::Question, at, || (format!("{name} {rtype} at {at}"), vec![way.clone()]))));
            send(stream, &asked).await.map_err(|error| Trouble::of_io(&error, &who))?;
        }
        while heard.iter().any(Option::is_none) {
            let message = receive(stream).await.map_err(|error| Trouble::of_io(&error, &who))?;
            let message = message.ok_or_else(|| garbled(&who))?;
            let place = usize::from(message.metadata.id).wrapping_sub(1);
            // An answer to nothing that was asked is waited past.
            if let Some(open) = heard.get_mut(place).filter(|open| open.is_none()) {
                *open = Some(message);
                spans.get_mut(place).and_then(Option::take).map(|span| span.end(Vec::<String>::new));
            }
        }
        Ok(())
    };
    let ended = timeout(limit, Box::pin(work)).await;
    let trouble = match ended {
        Ok(Ok(())) => Trouble::new(Why::NotLooked, "not asked"),
        Ok(Err(trouble)) => trouble,
        Err(_) => Trouble::silent(&who, "answer", limit),
    };
    heard.into_iter().map(|message| message.ok_or_else(|| trouble.clone())).collect()
}

/// One question beside the others on a connection that carries several.
async fn beside(connection: &Connection, url: &Url, question: &Question, limit: Duration) -> Answer {
    let closed = || Trouble::new(Why::Broken, format!("{} closed the connection", host(url)));
    let mut own = connection.twin().ok_or_else(closed)?;
    within(limit, url, over_http(&mut own, url, question)).await
}

/// The questions one after another; what ends one of them ends those that are left.
async fn one_by_one(connection: &mut Connection, url: &Url, questions: &[Question], limit: Duration) -> Vec<Answer> {
    let mut answers: Vec<Answer> = Vec::new();
    for question in questions {
        let answer = match answers.last() {
            Some(Err(trouble)) => Err(trouble.clone()),
            _ => within(limit, url, over_http(connection, url, question)).await,
        };
        answers.push(answer);
    }
    answers
}

async fn within(limit: Duration, url: &Url, asked: impl Future<Output = Answer>) -> Answer {
    timeout(limit, Box::pin(asked)).await.unwrap_or_else(|_| Err(Trouble::silent(&host(url), "answer", limit)))
}

fn bytes(name: &str, rtype: RecordType, id: u16) -> Result<Vec<u8>, Trouble> {
    let mut asked = message(&question(name, rtype, How::public())?);
    asked.metadata.id = id;
    asked.to_vec().map_err(|error| Trouble::new(Why::Garbled, format!("the question could not be written ({error})")))
}

/// A message with its length in front (RFC 1035 §4.2.2).
async fn send(stream: &mut TlsStream<TcpStream>, message: &[u8]) -> std::io::Result<()> {
    stream.write_u16(u16::try_from(message.len()).unwrap_or(u16::MAX)).await?;
    stream.write_all(message).await?;
    stream.flush().await
}

/// The next message; none when it cannot be read.
async fn receive(stream: &mut TlsStream<TcpStream>) -> std::io::Result<Option<Message>> {
    let length = stream.read_u16().await?;
    let mut message = vec![0; usize::from(length)];
    stream.read_exact(&mut message).await?;
    Ok(Message::from_vec(&message).ok())
}

async fn over_http(connection: &mut Connection, url: &Url, (name, rtype): &Question) -> Answer {
    let (who, mut url) = (host(url), url.clone());
    // An id of 0 lets caches on the way serve everybody (RFC 8484 §4.1).
    let asked = URL_SAFE_NO_PAD.encode(bytes(name, *rtype, 0)?);
    url.query_pairs_mut().append_pair("dns", &asked);
    let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(DNS_MESSAGE))]);
    let (head, incoming) = connection.get(&url, &headers).await?.into_parts();
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
