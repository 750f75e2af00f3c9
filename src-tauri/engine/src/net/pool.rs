//! Documents of well-known services that are not the audited site, over shared connections: reqwest, pinned to the addresses that
//! policy let through.

use super::dial::{Dialler, Errand};
use super::http::{AGENT, host, leads, of_hyper, of_rule};
use super::tls::{Tls, secured};
use super::trouble::Trouble;
use crate::trace::{Kind, Purpose};
use audit::Why;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use http::header::ACCEPT;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use std::collections::{HashMap, HashSet};
use std::error::Error as _;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use url::{Host, Url};

/// The client of one run.
pub(crate) struct Pool {
    pinned: Result<Pinned, Trouble>,
}

struct Pinned {
    client: Client,
    pins: Arc<Pins>,
}

impl Pool {
    pub(crate) fn new(dial: &Arc<Dialler>, tls: &Tls) -> Self {
        Self { pinned: Pinned::new(dial.clone(), tls) }
    }

    /// The answer to a GET of this https `url` from one of these addresses; redirects are not followed, the body is still to be read.
    pub(crate) async fn get(&self, url: &Url, accept: &'static str, addresses: &[IpAddr]) -> Result<Response, Trouble> {
        // A bare address is never resolved, so it would go past the pins and the wire.
        if !matches!(url.host(), Some(Host::Domain(_))) {
            return Err(Trouble::new(
                Why::Beyond,
                format!("{} is a bare address; documents on those are not read", host(url)),
            ));
        }
        let pinned = self.pinned.as_ref().map_err(Clone::clone)?;
        let port = url.port_or_known_default().unwrap_or(443);
        // A port written in a URL overrides the one of the pin, so it must be the same on both sides of the wire.
        if url.port().is_some() && !pinned.pins.straight(addresses, port) {
            return Err(Trouble::new(
                Why::Beyond,
                format!("{url} names a port of its own; documents on those are not read"),
            ));
        }
        pinned.pins.put(&host(url), addresses.iter().map(|ip| SocketAddr::new(*ip, port)).collect());
        let to = SocketAddr::new(addresses.first().copied().unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)), port);
        let host = host(url);
        let answer = pinned.client.get(url.clone()).header(ACCEPT, accept).send().await;
        if let Ok(response) = &answer {
            // The client connects by itself, so it is known only now that the request came after the connection.
            let trace = &pinned.pins.dial.trace;
            if pinned.pins.opened.lock().unwrap_or_else(PoisonError::into_inner).remove(&host) {
                let greeting = || (format!("handshake with {host}"), vec![connected(&host)]);
                trace.begin(Kind::Greeting, to, greeting).end(|| vec![secured(&connected(&host))]);
            }
            let takes = || (url.to_string(), vec![secured(&connected(&host)), url.to_string(), host.clone()]);
            trace.begin(Kind::Request, to, takes).end(|| leads(url, response.headers()));
        }
        answer.map_err(|error| of_reqwest(&error, &host))
    }
}

impl Pinned {
    fn new(dial: Arc<Dialler>, tls: &Tls) -> Result<Self, Trouble> {
        let limits = dial.limits;
        let pins = Arc::new(Pins { dial, known: Mutex::default(), opened: Arc::default() });
        let client = Client::builder()
            .tls_backend_preconfigured(tls.client()?)
            .dns_resolver(pins.clone())
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .user_agent(AGENT)
            .connect_timeout(limits.connect + limits.handshake)
            .timeout(limits.exchange)
            .build()
            .map_err(|error| Trouble::new(Why::Beyond, format!("the HTTP client could not be set up ({error})")))?;
        Ok(Self { client, pins })
    }
}

/// The only addresses that the client may connect to, by host.
struct Pins {
    dial: Arc<Dialler>,
    known: Mutex<HashMap<String, Vec<SocketAddr>>>,
    /// Hosts that a connection was just made to.
    opened: Arc<Mutex<HashSet<String>>>,
}

impl Pins {
    /// Whether the wire leads to the very port that the URL names.
    fn straight(&self, addresses: &[IpAddr], port: u16) -> bool {
        addresses.iter().all(|ip| self.dial.route(SocketAddr::new(*ip, port)).port() == port)
    }

    fn put(&self, host: &str, addresses: Vec<SocketAddr>) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(host.to_owned(), addresses);
    }
}

impl Resolve for Pins {
    fn resolve(&self, name: Name) -> Resolving {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(name.as_str()).cloned();
        let (dial, host, opened) = (self.dial.clone(), name.as_str().to_owned(), self.opened.clone());
        Box::pin(async move {
            let addresses = known.unwrap_or_default().into_iter().enumerate();
            let mut held: FuturesUnordered<_> = addresses
                .map(|(place, address)| {
                    let (dial, host) = (dial.clone(), host.clone());
                    async move {
                        let errand = Errand::new(Purpose::Http, &host);
                        let span = dial.trace.begin(Kind::Connection(Purpose::Http), address, || errand.of(address));
                        let held = dial.held(address).await;
                        span.end(|| vec![connected(&host)]);
                        (place, held)
                    }
                })
                .collect();
            let mut open = Vec::new();
            let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
            // One silent address must not keep the others waiting: who is let through together with the first is enough.
            while let Some((place, result)) = next(&mut held, !open.is_empty()).await {
                match result {
                    Ok(to) => open.push((place, to)),
                    Err(error) => last = error,
                }
            }
            opened.lock().unwrap_or_else(PoisonError::into_inner).insert(host);
            open.sort_by_key(|(place, _)| *place);
            let open = open.into_iter().map(|(_, to)| to);
            if open.len() == 0 { Err(last.into()) } else { Ok(Box::new(open) as Addrs) }
        })
    }
}

/// The word by which requests name the connection to a host; the client itself chooses among those it has.
fn connected(host: &str) -> String {
    format!("client at {host}")
}

/// The next of them; without waiting when one is there already.
async fn next<F: Future>(held: &mut FuturesUnordered<F>, enough: bool) -> Option<F::Output> {
    if enough { held.next().now_or_never().flatten() } else { held.next().await }
}

/// The trouble with TLS inside an I/O error, which is wrapped into another one on some ways.
fn of_tls(io: &io::Error) -> Option<&rustls::Error> {
    let mut inner: &(dyn std::error::Error + 'static) = io.get_ref()?;
    loop {
        if let Some(tls) = inner.downcast_ref::<rustls::Error>() {
            return Some(tls);
        }
        inner = match inner.downcast_ref::<io::Error>() {
            Some(io) => io.get_ref()?,
            None => inner.source()?,
        };
    }
}

/// What a failure of the client means.
pub(crate) fn of_reqwest(error: &reqwest::Error, who: &str) -> Trouble {
    if error.is_timeout() {
        return Trouble::new(Why::Timeout, format!("{who} did not answer in time"));
    }
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(io) = cause.downcast_ref::<io::Error>() {
            return match of_tls(io) {
                Some(tls @ rustls::Error::InvalidCertificate(_)) => {
                    Trouble::new(Why::Untrusted, format!("the certificate of {who} is not trusted ({tls})"))
                }
                Some(tls) => Trouble::new(Why::Garbled, format!("{who} does not speak proper TLS ({tls})")),
                None => Trouble::of_io(io, who),
            };
        }
        if let Some(trouble) = of_rule(cause, who) {
            return trouble;
        }
        if let Some(hyper) = cause.downcast_ref::<hyper::Error>().filter(|cause| cause.is_parse()) {
            return of_hyper(hyper, who);
        }
        source = cause.source();
    }
    if error.is_decode() {
        return Trouble::new(Why::Garbled, format!("the body from {who} cannot be decoded"));
    }
    Trouble::new(Why::Broken, format!("{who} broke off the connection before the answer was whole"))
}
