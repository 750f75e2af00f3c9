//! The public resolvers of the lab: where they answer over plain DNS, TLS and HTTPS, and what stands in the way of all answers.

use std::net::{IpAddr, Ipv4Addr};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::{Response, StatusCode, header};
use http_body_util::Full;

use crate::live::Shared;
use crate::names::{Data, Kind, Server};
use crate::nameserver::answer;
use crate::site::{Pages, Site};

/// A public resolver by its published names and addresses.
pub(crate) struct Public {
    pub server: Server,
    pub address: Ipv4Addr,
    /// The name in its certificate for DNS over TLS.
    pub tls: &'static str,
    /// The host of DNS over HTTPS.
    pub https: &'static str,
    /// Where DNS over HTTPS is answered, when elsewhere.
    pub at: Option<Ipv4Addr>,
}

const fn public(server: Server, address: Ipv4Addr, tls: &'static str, https: &'static str) -> Public {
    Public { server, address, tls, https, at: None }
}

/// The five.
pub(crate) const PUBLIC: [Public; 5] = [
    public(Server::Cloudflare, Ipv4Addr::new(1, 1, 1, 1), "one.one.one.one", "cloudflare-dns.com"),
    public(Server::Google, Ipv4Addr::new(8, 8, 8, 8), "dns.google", "dns.google"),
    public(Server::Quad9, Ipv4Addr::new(149, 112, 112, 112), "dns.quad9.net", "dns.quad9.net"),
    Public {
        at: Some(Ipv4Addr::new(146, 112, 41, 2)),
        ..public(Server::OpenDns, Ipv4Addr::new(208, 67, 222, 222), "dns.opendns.com", "doh.opendns.com")
    },
    public(
        Server::AdGuard,
        Ipv4Addr::new(94, 140, 14, 140),
        "unfiltered.adguard-dns.com",
        "unfiltered.adguard-dns.com",
    ),
];

/// What a resolver remembers in place of what the zone says now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cached {
    pub server: Server,
    pub name: String,
    pub kind: Kind,
    /// None of them: the name does not exist.
    pub data: Vec<Data>,
    /// Seconds left.
    pub ttl: u32,
    /// Whether a denial names the zone that denies.
    pub by_zone: bool,
}

/// A network that wants a login first: it answers in place of everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Portal {
    /// Whether it answers every question of DNS with its own address, too.
    pub names: bool,
    /// Whether it also answers every encrypted connection, with a certificate of its own.
    pub seals: bool,
}

impl Portal {
    pub const AT: Ipv4Addr = Ipv4Addr::new(10, 41, 0, 1);
    pub const LOGIN: &'static str = "http://login.hotel-wifi.example/welcome";
}

/// The sites that answer under the resolvers' names.
pub(crate) fn sites() -> impl Iterator<Item = (String, Site)> {
    let site = |name: &str, server| (name.to_owned(), Site::new(Pages::Resolver(server)));
    PUBLIC.iter().flat_map(move |public| [site(public.tls, public.server), site(public.https, public.server)])
}

/// Where the resolvers answer, with whoever answers there.
pub(crate) fn addresses() -> impl Iterator<Item = (IpAddr, Server)> {
    PUBLIC
        .iter()
        .flat_map(|public| [Some(public.address), public.at].into_iter().flatten().map(|at| (at.into(), public.server)))
}

/// DNS over HTTPS by GET (RFC 8484 §4.1); `None`: no answer.
pub(crate) async fn over_https(shared: &Shared, server: Server, query: Option<&str>) -> Option<Response<Full<Bytes>>> {
    let mut pairs = query.unwrap_or_default().split('&');
    let asked = pairs.find_map(|pair| pair.strip_prefix("dns=")).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
    let mut response = Response::new(Full::default());
    match asked {
        Some(asked) => {
            let bytes = answer(shared, server, &asked, true).await?;
            let kind = header::HeaderValue::from_static("application/dns-message");
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
            *response.body_mut() = Full::new(Bytes::from(bytes));
        }
        None => *response.status_mut() = StatusCode::BAD_REQUEST,
    }
    Some(response)
}
