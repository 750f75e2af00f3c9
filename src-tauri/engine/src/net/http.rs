//! HTTP exchanges, one GET at a time, on connections that went through the dialler; redirects are never followed here.

use super::dial::{Dialler, Errand, line};
use super::doors::{Doors, Guest, Place};
use super::slow::Slow;
use super::stamped::{Stamped, Stamps};
use super::tls::{Tls, WEB, secured};
use super::trouble::Trouble;
use crate::trace::{Kind, Purpose, Trace};
use audit::Why;
use audit::facts::SlowNetwork;
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_LENGTH, HOST, HeaderMap, HeaderValue, LOCATION, USER_AGENT,
};
use http::{Method, Request, Response, Uri};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper::rt::{Read, Write};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde::Deserialize;
use std::error::Error as _;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_util::task::AbortOnDropHandle;
use ts_rs::TS;
use url::{Host, Url};

/// Who we say we are.
pub(crate) const AGENT: HeaderValue = HeaderValue::from_static("LaunchReady/0.1 (+https://launchready.example/about)");
/// Addresses of one host that are tried for one connection.
const TRIED: usize = 4;
/// Head start of each address over the next (RFC 8305 §5).
const HEAD_START: Duration = Duration::from_millis(250);
/// Bytes of headers accepted.
const HEAD: u32 = 256 * 1024;

/// Which version of HTTP is spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bindings.ts")]
pub enum Speak {
    /// What the server prefers of both; HTTP/1.1 where nothing is encrypted, as browsers do.
    #[default]
    Either,
    /// HTTP/1.1.
    One,
    /// HTTP/2; unencrypted without asking first (RFC 9113 §3.3).
    Two,
}

/// Where a connection failed to come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Connect,
    Tls,
}

/// Opens connections and sends requests.
pub(crate) struct Http {
    dial: Arc<Dialler>,
    tls: Arc<Tls>,
    pub(crate) doors: Doors,
    pub(crate) speak: Speak,
    /// A poor connection that is laid over every one that is opened.
    pub(crate) slow: Option<SlowNetwork>,
}

impl Http {
    pub(crate) fn new(dial: Arc<Dialler>, tls: Arc<Tls>) -> Self {
        Self { dial, tls, doors: Doors::default(), speak: Speak::default(), slow: None }
    }

    /// A connection for `url` to the first of these addresses that takes it.
    pub(crate) async fn open(&self, url: &Url, addresses: &[IpAddr]) -> Result<Connection, Trouble> {
        self.open_by_steps(url, addresses).await.map_err(|(_, trouble)| trouble)
    }

    /// The same, telling at which step it failed.
    pub(crate) async fn open_by_steps(&self, url: &Url, addresses: &[IpAddr]) -> Result<Connection, (Step, Trouble)> {
        let port = url.port_or_known_default().unwrap_or(443);
        let begun = Instant::now();
        let to = self.first(&host(url), addresses, port).await.map_err(|trouble| (Step::Connect, trouble))?;
        let Some(network) = self.slow else { return self.over(url, to, begun).await };
        let (stream, address, place) = to;
        let way = line(&stream);
        let stream = Slow::over(stream, network).await;
        self.carried(url, (stream, way, address, place), begun).await
    }

    async fn over(
        &self,
        url: &Url,
        (stream, address, place): (TcpStream, SocketAddr, Place),
        begun: Instant,
    ) -> Result<Connection, (Step, Trouble)> {
        let way = line(&stream);
        let stream = Stamped::over(stream);
        let stamps = Some(stream.stamps());
        let made = self.carried(url, (stream, way, address, place), begun).await?;
        Ok(Connection { stamps, ..made })
    }

    /// HTTP over a stream that was opened since `begun`.
    async fn carried<S>(
        &self,
        url: &Url,
        (stream, way, address, place): (S, String, SocketAddr, Place),
        begun: Instant,
    ) -> Result<Connection, (Step, Trouble)>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (connect, guest) = (begun.elapsed(), place.guest());
        let spoken = |trouble| (Step::Connect, trouble);
        if url.scheme() == "http" {
            let io = TokioIo::new(stream);
            let made = match self.speak {
                Speak::Two => self::two(io, address, place).await,
                _ => one(io, address, place).await,
            };
            return Ok(self.made(made.map_err(spoken)?, address, way, guest).timed(connect, None));
        }
        let begun = Instant::now();
        let names: &[&str] = match self.speak {
            Speak::Either => WEB,
            Speak::One => &["http/1.1"],
            Speak::Two => &["h2"],
        };
        let refused = |trouble| (Step::Tls, trouble);
        let stream = self.tls.carried(stream, &way, &host(url), address, names).await.map_err(refused)?;
        let tls = Some(begun.elapsed());
        let two = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        if self.speak == Speak::Two && !two {
            return Err(refused(Trouble::new(
                Why::Beyond,
                format!("{address} does not speak HTTP/2 for {}", host(url)),
            )));
        }
        let io = TokioIo::new(stream);
        let made = if two { self::two(io, address, place).await } else { one(io, address, place).await };
        Ok(self.made(made.map_err(spoken)?, address, secured(&way), guest).timed(connect, tls))
    }

    fn made(
        &self,
        made: (Sender, AbortOnDropHandle<()>),
        address: SocketAddr,
        way: String,
        guest: Guest,
    ) -> Connection {
        let (sender, driver) = (made.0, Arc::new(made.1));
        let (connect, tls, trace) = (Duration::ZERO, None, self.dial.trace.clone());
        Connection {
            sender,
            address,
            connect,
            tls,
            stamps: None,
            retired: false,
            way,
            answer: String::new(),
            trace,
            driver,
            guest,
        }
    }

    /// Waits for a place among the connections to an address.
    pub(crate) async fn enter(&self, address: IpAddr) -> Result<Place, Trouble> {
        self.doors.enter(address, self.dial.limits.connect).await
    }

    /// A connection to one address for a host whatever its certificate, which comes along; never for anything secret.
    pub(crate) async fn unjudged(
        &self,
        stream: TcpStream,
        host: &str,
        address: SocketAddr,
        place: Place,
    ) -> Result<(Connection, Option<Vec<u8>>), Trouble> {
        let way = secured(&line(&stream));
        let stream = self.tls.unjudged(stream, host, address).await?;
        let agreed = stream.get_ref().1;
        let leaf = agreed.peer_certificates().and_then(|chain| chain.first()).map(|leaf| leaf.to_vec());
        let two = agreed.alpn_protocol() == Some(b"h2");
        let (io, guest) = (TokioIo::new(stream), place.guest());
        let made = if two { self::two(io, address, place).await? } else { one(io, address, place).await? };
        Ok((self.made(made, address, way, guest), leaf))
    }

    /// A connection to port 80 of an address that belongs to nobody, to see who answers there: the address policy is not asked.
    pub(crate) async fn knock(&self, nobody: IpAddr) -> Result<Connection, Trouble> {
        let address = SocketAddr::new(nobody, 80);
        let host = nobody.to_string();
        let place = self.enter(nobody).await?;
        let stream = self.dial.through(address, self.dial.limits.connect, Errand::new(Purpose::Http, &host)).await?;
        let way = line(&stream);
        let guest = place.guest();
        Ok(self.made(one(TokioIo::new(stream), address, place).await?, address, way, guest))
    }

    /// Races the addresses with head starts, as browsers do; the reason of the first one is told when all fail.
    async fn first(
        &self,
        host: &str,
        addresses: &[IpAddr],
        port: u16,
    ) -> Result<(TcpStream, SocketAddr, Place), Trouble> {
        let (v4, v6): (Vec<_>, Vec<_>) = addresses.iter().copied().partition(IpAddr::is_ipv4);
        let tried = v4.into_iter().chain(v6).take(TRIED).enumerate();
        let mut race: FuturesUnordered<_> = tried
            .map(|(place, ip)| async move {
                tokio::time::sleep(HEAD_START * u32::try_from(place).unwrap_or(0)).await;
                let address = SocketAddr::new(ip, port);
                let errand = Errand::new(Purpose::Http, host);
                let connecting = async {
                    self.dial.allowed(ip)?;
                    let own = self.enter(ip).await?;
                    Ok((self.dial.tcp(address, errand).await?, address, own))
                };
                (place, connecting.await)
            })
            .collect();
        let mut first: Option<(usize, Trouble)> = None;
        while let Some((place, result)) = race.next().await {
            match result {
                Ok(won) => return Ok(won),
                Err(trouble) if first.as_ref().is_none_or(|(before, _)| place < *before) => {
                    first = Some((place, trouble))
                }
                Err(_) => {}
            }
        }
        Err(first
            .map_or_else(|| Trouble::new(Why::Depends, "there is no address to connect to"), |(_, trouble)| trouble))
    }
}

/// The host of a URL without brackets.
pub(crate) fn host(url: &Url) -> String {
    match url.host() {
        Some(Host::Domain(name)) => name.trim_end_matches('.').to_owned(),
        Some(Host::Ipv4(address)) => address.to_string(),
        Some(Host::Ipv6(address)) => address.to_string(),
        None => String::new(),
    }
}

/// An open connection; closing it is dropping it.
pub(crate) struct Connection {
    sender: Sender,
    pub(crate) address: SocketAddr,
    /// Time of the TCP handshake.
    pub(crate) connect: Duration,
    /// Time of the TLS handshake.
    pub(crate) tls: Option<Duration>,
    /// When its bytes really left and came; none where a poor connection is laid over it in this process.
    stamps: Option<Arc<Stamps>>,
    retired: bool,
    /// The word that a trace knows it by, and that of its last answer.
    way: String,
    pub(crate) answer: String,
    trace: Trace,
    driver: Arc<AbortOnDropHandle<()>>,
    /// Dropped last, when the rest is free.
    guest: Guest,
}

enum Sender {
    One(http1::SendRequest<Full<Bytes>>),
    Two(http2::SendRequest<Full<Bytes>>),
}

impl Connection {
    /// Sends one GET; the answer comes with its body still to be read.
    pub(crate) async fn get(&mut self, url: &Url, extra: &HeaderMap) -> Result<Response<Incoming>, Trouble> {
        self.send(&Method::GET, url, extra).await
    }

    /// Sends one form, its answer not encoded. Only what holds a consent has a reason to.
    pub(crate) async fn post(
        &mut self,
        url: &Url,
        extra: &HeaderMap,
        content: &'static str,
    ) -> Result<Response<Incoming>, Trouble> {
        let mut headers = extra.clone();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        headers.insert(CONTENT_LENGTH, HeaderValue::from(content.len()));
        self.send_with(&Method::POST, url, &headers, Bytes::from_static(content.as_bytes())).await
    }

    /// Another handle on the same connection, where the protocol carries several exchanges at once (HTTP/2).
    pub(crate) fn twin(&self) -> Option<Self> {
        match &self.sender {
            Sender::One(_) => None,
            Sender::Two(sender) => Some(Self {
                sender: Sender::Two(sender.clone()),
                stamps: self.stamps.clone(),
                way: self.way.clone(),
                answer: String::new(),
                trace: self.trace.clone(),
                driver: self.driver.clone(),
                guest: self.guest.clone(),
                ..*self
            }),
        }
    }

    /// Sends one request without a body; `extra` header fields replace the usual ones of the same name.
    pub(crate) async fn send(
        &mut self,
        method: &Method,
        url: &Url,
        extra: &HeaderMap,
    ) -> Result<Response<Incoming>, Trouble> {
        self.send_with(method, url, extra, Bytes::new()).await
    }

    /// The same with a body. Only what holds a consent has a reason to.
    pub(crate) async fn send_with(
        &mut self,
        method: &Method,
        url: &Url,
        extra: &HeaderMap,
        content: Bytes,
    ) -> Result<Response<Incoming>, Trouble> {
        self.ask_for(url, request(method, url, extra, content, !self.lone())?).await
    }

    /// Sends a request for this URL that was made before.
    pub(crate) async fn ask_for(
        &mut self,
        url: &Url,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, Trouble> {
        let takes = || (url.to_string(), vec![self.way.clone(), url.to_string(), host(url)]);
        let span = self.trace.begin(Kind::Request, self.address, takes);
        if let Some(stamps) = &self.stamps {
            stamps.begin();
        }
        let answer = self.ask(request).await;
        if let Ok(response) = &answer {
            self.answer = span.end(|| leads(url, response.headers()));
        }
        answer
    }

    async fn ask(&mut self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Trouble> {
        let address = self.address;
        let broken = |error: hyper::Error| of_hyper(&error, &address.to_string());
        match &mut self.sender {
            Sender::One(sender) => {
                sender.ready().await.map_err(broken)?;
                sender.send_request(request).await.map_err(broken)
            }
            Sender::Two(sender) => {
                sender.ready().await.map_err(broken)?;
                sender.send_request(request).await.map_err(broken)
            }
        }
    }

    fn timed(self, connect: Duration, tls: Option<Duration>) -> Self {
        Self { connect, tls, ..self }
    }

    /// When the request of the exchange that goes on left this process. Of several at once on one connection nobody can tell.
    pub(crate) fn left(&self) -> Option<Instant> {
        self.stamps.as_ref()?.left()
    }

    /// When the bytes of its answer that were read last came to this machine.
    pub(crate) fn came(&self) -> Instant {
        self.stamps.as_ref().and_then(|stamps| stamps.came()).unwrap_or_else(Instant::now)
    }

    /// Whether no exchange goes on over it besides those of this handle.
    pub(super) fn idle(&self) -> bool {
        Arc::strong_count(&self.driver) == 1
    }

    /// Tells those who wait for a place at its address that it rests.
    pub(super) fn rest(&self) {
        self.guest.rest();
    }

    /// Whether nobody but this handle holds it.
    pub(crate) fn lone(&self) -> bool {
        matches!(self.sender, Sender::One(_))
    }

    /// Whether another request can be sent on it.
    pub(crate) fn alive(&self) -> bool {
        let open = match &self.sender {
            Sender::One(sender) => !sender.is_closed(),
            Sender::Two(sender) => !sender.is_closed(),
        };
        open && !self.retired
    }

    /// No further request may go out on it: something of the last answer was left unread.
    pub(crate) fn retire(&mut self) {
        self.retired = true;
    }
}

async fn one<T>(io: T, address: SocketAddr, place: Place) -> Result<(Sender, AbortOnDropHandle<()>), Trouble>
where
    T: Read + Write + Unpin + Send + 'static,
{
    let made = http1::Builder::new().handshake(io).await;
    let (sender, connection) = made.map_err(|error| of_hyper(&error, &address.to_string()))?;
    Ok((Sender::One(sender), drive(connection, place)))
}

async fn two<T>(io: T, address: SocketAddr, place: Place) -> Result<(Sender, AbortOnDropHandle<()>), Trouble>
where
    T: Read + Write + Unpin + Send + 'static,
{
    let made = http2::Builder::new(TokioExecutor::new()).max_header_list_size(HEAD).handshake(io).await;
    let (sender, connection) = made.map_err(|error| of_hyper(&error, &address.to_string()))?;
    Ok((Sender::Two(sender), drive(connection, place)))
}

fn drive(connection: impl Future<Output = hyper::Result<()>> + Send + 'static, place: Place) -> AbortOnDropHandle<()> {
    // Its error reaches us through the request that it breaks.
    AbortOnDropHandle::new(tokio::spawn(async move {
        // Dropped in the reverse order, the socket before its place.
        let _place = place;
        let connection = connection;
        drop(connection.await);
    }))
}

/// A request with the usual header fields; its target is the whole address where HTTP/2 wants it so.
pub(crate) fn request(
    method: &Method,
    url: &Url,
    extra: &HeaderMap,
    content: Bytes,
    absolute: bool,
) -> Result<Request<Full<Bytes>>, Trouble> {
    let unfit = || Trouble::new(Why::Garbled, format!("\"{url}\" cannot be asked for over HTTP"));
    let authority = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
        None => url.host_str().unwrap_or_default().to_owned(),
    };
    let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let uri = if absolute { format!("{}://{authority}{path}", url.scheme()) } else { path };
    let mut request = Request::new(Full::new(content));
    *request.method_mut() = method.clone();
    *request.uri_mut() = uri.parse::<Uri>().map_err(|_| unfit())?;
    let headers = request.headers_mut();
    if !absolute {
        headers.insert(HOST, HeaderValue::from_str(&authority).map_err(|_| unfit())?);
    }
    headers.insert(USER_AGENT, AGENT);
    headers.insert(ACCEPT, HeaderValue::from_static("text/html,application/xhtml+xml,*/*;q=0.8"));
    headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("en"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    headers.extend(extra.clone());
    Ok(request)
}

/// What our own side broke off for a rule of HTTP/2: no weakness of the connection.
pub(crate) fn of_rule(cause: &(dyn std::error::Error + 'static), who: &str) -> Option<Trouble> {
    let broken = cause.downcast_ref::<h2::Error>().filter(|cause| cause.is_library())?;
    let says =
        format!("{who} sent what HTTP/2 does not allow, such as headers that are too many or too large ({broken})");
    Some(Trouble::new(Why::Garbled, says))
}

/// Where an answer sends on to.
pub(crate) fn leads(url: &Url, headers: &HeaderMap) -> Vec<String> {
    let to = headers.get(LOCATION).and_then(|to| url.join(to.to_str().ok()?).ok());
    to.into_iter().map(String::from).collect()
}

/// What an HTTP failure means.
pub(crate) fn of_hyper(error: &hyper::Error, who: &str) -> Trouble {
    // The library tells this kind apart only by its words unless its server half is built in.
    if error.is_parse() && error.to_string().contains("too large") {
        return Trouble::new(Why::Garbled, format!("{who} sent headers that are too many or too large to read"));
    }
    if error.is_parse() {
        return Trouble::new(Why::Garbled, format!("{who} does not speak proper HTTP here ({error})"));
    }
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(cause) = cause.downcast_ref::<io::Error>() {
            return Trouble::of_io(cause, who);
        }
        if let Some(trouble) = of_rule(cause, who) {
            return trouble;
        }
        source = cause.source();
    }
    if error.is_timeout() {
        return Trouble::new(Why::Timeout, format!("{who} did not answer in time"));
    }
    Trouble::new(Why::Broken, format!("{who} broke off the connection before the answer was whole"))
}
