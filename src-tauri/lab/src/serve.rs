//! The web servers on their sockets: TLS by the name a client asks for, then HTTP/1.1 or HTTP/2.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Either, Limited};
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::{LazyConfigAcceptor, StartHandshake};
use tokio_util::sync::CancellationToken;

use crate::http::{Entry, LIFETIME, Outcome, respond};
use crate::live::Shared;
use crate::nameserver::converse;
use crate::relic;
use crate::site::{Greeting, Pages, Quirk};
use crate::world::{DOMAIN, House};

/// A server of somebody else knows neither this name nor the domain's own.
const WWW: &str = "www.juniperdesk.example";
/// Connections held at once on one listener, hanging ones included.
const HELD: usize = 256;
/// Bytes of what is sent with a request.
const FORM: usize = 64 * 1024;
/// Time for a client to say hello.
const HELLO: Duration = Duration::from_secs(10);

/// Accepts until the lab stops.
pub(crate) async fn listen(shared: Arc<Shared>, entry: Entry, listener: TcpListener, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(HELD));
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            // Out of descriptors for instance: a short rest keeps the loop from spinning.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            continue;
        };
        let (shared, stop) = (Arc::clone(&shared), stop.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                _ = tokio::time::timeout(LIFETIME, connection(&shared, entry, stream)) => {}
            }
            drop(place);
        });
    }
}

async fn connection(shared: &Arc<Shared>, entry: Entry, stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    if !entry.secure {
        exchange(shared, entry, stream).await;
        return Ok(());
    }
    let stream = match relic(shared, stream).await? {
        Some(stream) => stream,
        None => return Ok(()),
    };
    let acceptor = LazyConfigAcceptor::new(rustls::server::Acceptor::default(), stream);
    let start = tokio::time::timeout(HELLO, acceptor).await??;
    shared.pause().await;
    let host = start.client_hello().server_name().map(str::to_owned);
    let live = shared.live();
    if live.world.portal.is_some_and(|portal| portal.seals) {
        let stream = start.into_stream(Arc::clone(&shared.gateway)).await?;
        exchange(shared, entry, stream).await;
        return Ok(());
    }
    let found = host.and_then(|host| {
        if entry.house == House::Elsewhere && [DOMAIN, WWW].contains(&host.as_str()) {
            return None;
        }
        let (name, site) = live.world.answering(&host)?;
        Some((site, live.configs.get(name)?))
    });
    let Some((site, config)) = found else {
        start.into_stream(Arc::clone(&shared.unknown)).await?;
        return Ok(());
    };
    let greeting = if entry.house == House::Origin && site.origin_greeting != Greeting::Answers {
        site.origin_greeting
    } else {
        site.greeting
    };
    match greeting {
        Greeting::Hangs => silence(start).await,
        Greeting::Drips => drip(start).await,
        Greeting::Resets => start.io.set_zero_linger(),
        Greeting::Speaks(speech) => {
            let stream = start.into_stream(Arc::clone(config)).await?;
            drop(live);
            speech.hold(stream).await
        }
        Greeting::Answers | Greeting::Impatient(_) => {
            if site.quirks.iter().any(|(_, quirk)| *quirk == Quirk::Reset) {
                start.io.set_zero_linger()?;
            }
            let shaking = start.into_stream(Arc::clone(config));
            let stream = match greeting {
                Greeting::Impatient(patience) => tokio::time::timeout(patience, shaking).await??,
                _ => shaking.await?,
            };
            let resolver = match site.pages {
                Pages::Resolver(server) if entry.house == House::Tls => Some(server),
                _ => None,
            };
            drop(live);
            match resolver {
                Some(server) => converse(shared, server, stream).await?,
                None => exchange(shared, entry, stream).await,
            }
            Ok(())
        }
    }
}

/// Answers as an old server where the site is one; hands the untouched connection back otherwise.
async fn relic(shared: &Arc<Shared>, stream: TcpStream) -> io::Result<Option<TcpStream>> {
    let live = shared.live();
    let sites = &live.world.sites;
    if sites.values().all(|site| site.relic.is_none()) {
        return Ok(Some(stream));
    }
    let Some(greeting) = tokio::time::timeout(HELLO, relic::greeting(&stream)).await?? else { return Ok(Some(stream)) };
    // SSL 3.0 names no host: whoever speaks it answers.
    let relic = match &greeting.host {
        Some(host) => live.world.answering(host).and_then(|(_, site)| site.relic),
        None => sites.values().find_map(|site| site.relic),
    };
    let Some(answer) = relic.and_then(|relic| relic.answer(&greeting)) else { return Ok(Some(stream)) };
    drop(live);
    shared.pause().await;
    relic::say(stream, &answer).await?;
    Ok(None)
}

/// Says nothing until the client leaves.
async fn silence(start: StartHandshake<TcpStream>) -> io::Result<()> {
    let mut stream = start.io;
    let mut ignored = [0; 1024];
    while stream.read(&mut ignored).await? > 0 {}
    Ok(())
}

/// The head of a long handshake message (RFC 8446 §4, §5.1), then a byte of it now and then.
async fn drip(start: StartHandshake<TcpStream>) -> io::Result<()> {
    let mut stream = start.io;
    stream.write_all(&[0x16, 3, 3, 0x40, 0, 2, 0, 0x3f, 0xfc, 3, 3]).await?;
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        stream.write_all(&[0x5a]).await?;
    }
}

async fn exchange<S>(shared: &Arc<Shared>, entry: Entry, stream: S)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let cut = CancellationToken::new();
    let service = service_fn(|request: Request<Incoming>| {
        let (shared, cut) = (Arc::clone(shared), cut.clone());
        async move {
            let (head, body) = request.into_parts();
            // What is too long, or broken off, counts as nothing: no form of the lab is that long.
            let body = Limited::new(body, FORM).collect().await.map(|body| body.to_bytes()).unwrap_or_default();
            let request = Request::from_parts(head, body);
            match respond(&shared, entry, &request).await {
                Outcome::Answer(response) => Ok::<_, Infallible>(response.map(Either::Left)),
                Outcome::Flood(response) => Ok(response.map(Either::Right)),
                Outcome::Hang => std::future::pending().await,
                Outcome::Reset => {
                    cut.cancel();
                    std::future::pending().await
                }
            }
        }
    });
    let mut server = auto::Builder::new(TokioExecutor::new());
    // Answers that are made to hurt have more header fields than a server usually sends.
    server.http2().max_header_list_size(16 * 1024 * 1024);
    let served = server.serve_connection(TokioIo::new(stream), service);
    // An ill-behaved client ends only its own connection, so the outcome does not matter here.
    tokio::select! {
        () = cut.cancelled() => {}
        _ = served => {}
    }
}
