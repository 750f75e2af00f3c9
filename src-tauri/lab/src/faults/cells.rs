//! Passing troubles by exchange: every kind of trouble that can meet every kind of exchange, one cell each. None of them is the product's
//! fault, so none may make a finding or let a check pass that rests on the exchange.

use std::net::Ipv4Addr;
use std::sync::LazyLock;
use std::time::Duration;

use crate::cloudflare;
use crate::names::{Data, How, Kind, Server, Trouble, Under};
use crate::records::{LOGS, SURGE};
use crate::registry::{LIST, SERVER};
use crate::resolvers::{Cached, Portal};
use crate::site::{At, Greeting, Quirk};
use crate::world::{APP, DOMAIN, HOSTS, House, Manner, ORIGIN, World};

/// Longer than any patient client waits for one answer.
const LATE: Duration = Duration::from_secs(8);

/// One trouble on one exchange.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Its name, for instance `servfail/mail-records`; it can be switched like a fault.
    pub name: String,
    /// The kind of trouble: `servfail`, `hang`, `429` …
    pub kind: &'static str,
    /// The kind of exchange that it meets: `mail-records`, `registry` …
    pub exchange: &'static str,
    /// Checks that rest on this exchange and cannot be told without it.
    pub rests: &'static [&'static str],
    what: What,
}

/// What a cell changes.
#[derive(Clone, Copy, Debug)]
enum What {
    Names(Asked, How),
    Greets(&'static str, Greeting),
    Serves(&'static str, At, Quirk),
    App(Manner),
    /// Every address of the product.
    Web(Manner),
    /// Every host of the product.
    Greetings(Greeting),
    /// The page behind an alias to a service.
    Claim(Quirk),
    /// The server behind the network, by a name that leads to it.
    Origin(Quirk),
    OriginGreets(Greeting),
    Portal(Portal),
    Split,
}

/// Which questions of DNS a trouble meets.
#[derive(Clone, Copy, Debug)]
enum Asked {
    Addresses,
    /// These of the domain itself.
    Kinds(&'static [Kind]),
    Mail,
    At(&'static [Server]),
}

const HOW: [(&str, How); 8] = [
    ("servfail", How::ServFail),
    ("refused", How::Refused),
    ("drop", How::Dropped),
    ("slow", How::Slow),
    ("truncated", How::Cut),
    ("garbled", How::Garbled),
    ("forged", How::Forged),
    ("misnumbered", How::Misnumbered),
];
const NAMES: [(&str, Asked, &[&str]); 11] = [
    ("address-records", Asked::Addresses, &["dns.apex", "tls.certificate", "http.canonical", "dns.propagation"]),
    ("mail-records", Asked::Mail, &["mail.spf", "mail.dmarc"]),
    ("mail-hosts", Asked::Kinds(&[Kind::Mx]), &["dns.records"]),
    ("authorities", Asked::Kinds(&[Kind::Caa]), &["dns.caa"]),
    ("keys", Asked::Kinds(&[Kind::Dnskey]), &["dns.dnssec"]),
    ("digests", Asked::Kinds(&[Kind::Ds]), &["dns.dnssec"]),
    ("delegation", Asked::Kinds(&[Kind::Ns]), &["dns.nameservers"]),
    ("name-server", Asked::At(&[Server::Bob]), &["dns.nameservers"]),
    ("parent-server", Asked::At(&[Server::ParentOne, Server::ParentTwo]), &["dns.nameservers", "domain.registration"]),
    // Without it every name is asked for from the root down.
    ("own-resolver", Asked::At(&[Server::Resolver]), &[]),
    ("public-resolver", Asked::At(&[Server::Google]), &["dns.propagation"]),
];
const QUIRKS: [(&str, Quirk); 6] = [
    ("reset", Quirk::Reset),
    ("hang", Quirk::Hang),
    ("slow", Quirk::Slow { each: 1, takes: LATE }),
    ("429", Quirk::Status(429)),
    ("503", Quirk::Status(503)),
    ("challenge", Quirk::Challenge),
];
const WEB: [(&str, &str, At, &[&str]); 27] = [
    ("page", DOMAIN, At::Everything, &["http.security_headers", "http.canonical", "bundle.secrets"]),
    ("page-unencrypted", DOMAIN, At::Plain, &["http.https_only", "http.redirects"]),
    ("page-of-a-host", "app.juniperdesk.example", At::Everything, &["http.cookies", "http.redirects"]),
    ("script", DOMAIN, At::Scripts, &["bundle.secrets"]),
    ("style", DOMAIN, At::Suffix(".css"), &["http.payload_size"]),
    ("source-map", DOMAIN, At::Suffix(".map"), &["bundle.secrets", "bundle.source_maps"]),
    ("asked-again", DOMAIN, At::With("if-none-match"), &["http.caching"]),
    ("head-of-a-file", DOMAIN, At::Method("HEAD"), &[]),
    ("missing-page", DOMAIN, At::Missing, &["http.error_pages", "http.exposed_files", "http.health"]),
    ("malformed-parameter", DOMAIN, At::Whole("/?q=%E0%A4%A"), &["http.error_pages"]),
    ("health", DOMAIN, At::Path("/health"), &["http.health"]),
    ("exposed-file", DOMAIN, At::Path("/.git/HEAD"), &["http.exposed_files"]),
    ("link", DOMAIN, At::Path("/pricing"), &["http.dead_links"]),
    ("robots", DOMAIN, At::Path("/robots.txt"), &["http.canonical"]),
    ("sitemap", DOMAIN, At::Path("/sitemap.xml"), &["http.canonical"]),
    ("deep-address", "www.juniperdesk.example", At::Path("/launch-ready/kept"), &["http.redirects"]),
    ("foreign-origin", API, At::With("origin"), &["http.cors"]),
    ("preflight", API, At::Method("OPTIONS"), &["http.cors"]),
    ("route", DOMAIN, At::Path("/dashboard"), &["latency.routes"]),
    (
        "signed-in-area",
        crate::members::HOST,
        At::Everything,
        &["auth.anonymous", "auth.callback", "auth.roles", "http.pagination", "http.private_cache", "http.rate_limit"],
    ),
    ("registry", SERVER, At::Everything, &["domain.registration"]),
    ("registry-list", LIST, At::Everything, &["domain.registration"]),
    ("resolver-over-https", "cloudflare-dns.com", At::Everything, &["dns.propagation"]),
    ("certificate-logs", LOGS, At::Everything, &[]),
    ("cloudflare-api", cloudflare::HOST, At::Everything, &["edge.cloudflare"]),
    ("cloudflare-settings", cloudflare::HOST, At::Suffix("/settings"), &["edge.cloudflare"]),
    ("cloudflare-records", cloudflare::HOST, At::Suffix("/dns_records"), &["edge.cloudflare"]),
];
const GREETINGS: [(&str, Greeting); 2] = [("reset", Greeting::Resets), ("hang", Greeting::Hangs)];
const TLS: [(&str, &str, &[&str]); 6] = [
    ("handshake", "app.juniperdesk.example", &["tls.certificate", "tls.protocols"]),
    ("resolver-over-tls", "one.one.one.one", &["dns.propagation"]),
    ("registry-handshake", SERVER, &["domain.registration"]),
    ("registry-list-handshake", LIST, &["domain.registration"]),
    ("certificate-logs-handshake", LOGS, &[]),
    ("cloudflare-handshake", cloudflare::HOST, &["edge.cloudflare"]),
];
const API: &str = "api.juniperdesk.example";
const DOCS: &str = "docs.juniperdesk.example";
const PLACE: &[&str] =
    &["dns.apex", "http.canonical", "http.redirects", "tls.certificate", "bundle.secrets", "latency.routes"];

/// Every cell.
#[must_use]
pub fn cells() -> &'static [Cell] {
    static CELLS: LazyLock<Vec<Cell>> = LazyLock::new(all);
    &CELLS
}

fn all() -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut cell = |kind: &'static str, exchange: &'static str, rests, what| {
        cells.push(Cell { name: format!("{kind}/{exchange}"), kind, exchange, rests, what });
    };
    for (exchange, asked, rests) in NAMES {
        // A name server that refuses its own zone has answered: that is a finding, not a trouble on the way.
        let passing = |kind: &str| kind != "refused" || exchange != "name-server";
        for (kind, how) in HOW.into_iter().filter(|(kind, _)| passing(kind)) {
            cell(kind, exchange, rests, What::Names(asked, how));
        }
    }
    for (exchange, host, at, rests) in WEB {
        for (kind, quirk) in QUIRKS {
            cell(kind, exchange, rests, What::Serves(host, at, quirk));
        }
    }
    for (exchange, host, rests) in TLS {
        for (kind, greeting) in GREETINGS {
            cell(kind, exchange, rests, What::Greets(host, greeting));
        }
    }
    for (kind, quirk) in QUIRKS {
        cell(kind, "claim", &["dns.dangling"], What::Claim(quirk));
        cell(kind, "origin", &["edge.proxy"], What::Origin(quirk));
    }
    for (kind, greeting) in GREETINGS {
        cell(kind, "origin-handshake", &["edge.proxy"], What::OriginGreets(greeting));
    }
    cell("hang", "connection", &["tls.certificate", "dns.subdomains"], What::App(Manner::Hangs));
    cell("hang", "every-connection", &["tls.certificate", "http.redirects"], What::Web(Manner::Hangs));
    cell("hang", "every-handshake", &["tls.certificate", "tls.protocols"], What::Greetings(Greeting::Hangs));
    let own = Asked::At(&[Server::Ada, Server::Bob]);
    cell("drop", "every-name-server", &["dns.nameservers"], What::Names(own, How::Dropped));
    let portal = |names, seals| What::Portal(Portal { names, seals });
    cell("captive-portal", "all-names", PLACE, portal(true, false));
    cell("captive-portal", "unencrypted", PLACE, portal(false, false));
    cell("captive-portal", "encrypted", PLACE, portal(false, true));
    cell("captive-portal", "everything", PLACE, portal(true, true));
    cell("split", "own-resolver", PLACE, What::Split);
    cells
}

impl Cell {
    pub(crate) fn change(&self, world: &mut World) {
        match self.what {
            What::Names(asked, how) => asked.troubles(how, world),
            What::Web(manner) => {
                HOSTS.iter().for_each(|(_, addresses)| world.behave(*addresses, manner));
                world.behave(ORIGIN, manner);
            }
            What::Greetings(greeting) => HOSTS.iter().for_each(|(host, _)| world.site(host).greeting = greeting),
            What::Greets(host, greeting) => world.site(host).greeting = greeting,
            What::Serves(host, at, quirk) => world.site(host).quirks.push((at, quirk)),
            What::Claim(quirk) => {
                super::zone::docs(world, SURGE, "<h1>How Juniper Desk works</h1>");
                world.site(DOCS).quirks.extend([(At::Plain, quirk), (At::Everything, quirk)]);
            }
            What::Origin(quirk) => {
                direct(world);
                world.site(DOMAIN).quirks.push((At::House(House::Origin), quirk));
            }
            What::OriginGreets(greeting) => {
                direct(world);
                world.site(DOMAIN).origin_greeting = greeting;
            }
            What::App(manner) => world.behave(APP, manner),
            What::Portal(portal) => world.portal = Some(portal),
            What::Split => split(world),
        }
    }
}

impl Asked {
    fn troubles(self, how: How, world: &mut World) {
        let mut trouble = |server, under, kinds| world.names.troubles.push(Trouble { server, under, kinds, how });
        match self {
            Asked::Addresses => trouble(None, Under::At(DOMAIN.to_owned()), &[Kind::A, Kind::Aaaa]),
            Asked::Kinds(kinds) => trouble(None, Under::At(DOMAIN.to_owned()), kinds),
            Asked::Mail => {
                trouble(None, Under::At(DOMAIN.to_owned()), &[Kind::Txt]);
                trouble(None, Under::At(format!("_dmarc.{DOMAIN}")), &[Kind::Txt]);
                trouble(None, Under::Below(format!("_domainkey.{DOMAIN}")), &[Kind::Txt]);
            }
            Asked::At(servers) => servers.iter().for_each(|server| trouble(Some(*server), Under::All, &[])),
        }
    }
}

/// A name that leads round the network.
fn direct(world: &mut World) {
    world.names.add("direct.juniperdesk.example", Data::A(ORIGIN.v4[0]));
}

/// A resolver that leads the domain into a private network.
fn split(world: &mut World) {
    for name in [DOMAIN, "www.juniperdesk.example"] {
        for (kind, data) in [(Kind::A, vec![Data::A(Ipv4Addr::new(10, 20, 0, 5))]), (Kind::Aaaa, vec![])] {
            let (server, name) = (Server::Resolver, name.to_owned());
            world.names.cached.push(Cached { server, name, kind, data, ttl: 60, by_zone: true });
        }
    }
}
