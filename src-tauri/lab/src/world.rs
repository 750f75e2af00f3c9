//! The whole small internet as one description: world = f(time, seed, faults). Servers only show it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::SystemTime;

use crate::cloudflare::Account;
use crate::database::Database;
use crate::faults::{FAULTS, cells};
use crate::lighthouse::Lighthouse;
use crate::watched::Watched;

use crate::letter::Mailing;
use crate::members::Members;
use crate::names::{Data, Kind, Names, Server};
use crate::post::{POST, Post};
use crate::project::Files;
use crate::records;
use crate::registry::{self, Registry};
use crate::resolvers::{self, Portal};
use crate::site::{Front, Pages, Site};

/// The fictional product's domain.
pub(crate) const DOMAIN: &str = "juniperdesk.example";
/// Where the lab's certificate authority publishes its intermediate certificate.
pub(crate) const ISSUER: &str = "pki.lanternauthority.example";
/// The public resolver's address.
pub(crate) const RESOLVER: Ipv4Addr = Ipv4Addr::new(9, 9, 9, 9);

/// The public addresses of one host.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Addresses {
    pub v4: &'static [Ipv4Addr],
    pub v6: &'static [Ipv6Addr],
}

impl Addresses {
    pub fn all(self) -> impl Iterator<Item = IpAddr> {
        let v4 = self.v4.iter().copied().map(IpAddr::V4);
        v4.chain(self.v6.iter().copied().map(IpAddr::V6))
    }

    pub fn records(self) -> impl Iterator<Item = Data> {
        self.all().map(Data::address)
    }
}

/// A Cloudflare IPv4 address (104.18.0.0/16 is announced by it).
const fn edge4(third: u8, fourth: u8) -> Ipv4Addr {
    Ipv4Addr::new(104, 18, third, fourth)
}

/// The IPv6 twin of [`edge4`]: Cloudflare writes the IPv4 address into the last 32 bits.
const fn edge6(third: u8, fourth: u8) -> Ipv6Addr {
    let low = u16::from_be_bytes([third, fourth]);
    Ipv6Addr::new(0x2606, 0x4700, 0, 0, 0, 0, 0x6812, low)
}

pub(crate) const APEX: Addresses =
    Addresses { v4: &[edge4(20, 10), edge4(21, 10)], v6: &[edge6(20, 10), edge6(21, 10)] };
pub(crate) const WWW: Addresses =
    Addresses { v4: &[edge4(24, 31), edge4(25, 31)], v6: &[edge6(24, 31), edge6(25, 31)] };
pub(crate) const APP: Addresses =
    Addresses { v4: &[edge4(28, 77), edge4(29, 77)], v6: &[edge6(28, 77), edge6(29, 77)] };
pub(crate) const API: Addresses =
    Addresses { v4: &[edge4(30, 92), edge4(31, 92)], v6: &[edge6(30, 92), edge6(31, 92)] };
pub(crate) const STATUS: Addresses =
    Addresses { v4: &[edge4(18, 143), edge4(19, 143)], v6: &[edge6(18, 143), edge6(19, 143)] };
/// The signed-in area; no page leads there, so it is only known to who is told of it.
pub(crate) const DESK: Addresses = Addresses { v4: &[edge4(16, 58)], v6: &[edge6(16, 58)] };
/// The server behind the CDN, at a hosting provider (Hetzner, Ashburn).
pub(crate) const ORIGIN: Addresses =
    Addresses { v4: &[Ipv4Addr::new(5, 161, 44, 10)], v6: &[Ipv6Addr::new(0x2a01, 0x4ff, 0xf0, 0x1c2b, 0, 0, 0, 1)] };
/// CDN addresses that nobody listens on.
pub(crate) const DEAD: Addresses = Addresses { v4: &[edge4(26, 99)], v6: &[edge6(26, 99)] };
/// Two other companies that serve scripts: a library of fixed versions, and a small one that nobody knows.
pub(crate) const WIDGETS: [&str; 2] = ["cdn.jsdelivr.net", "widgets.acornkit.example"];
pub(crate) const ISSUER_AT: Ipv4Addr = Ipv4Addr::new(5, 161, 60, 23);
/// Where the list of registries and the registry itself answer.
pub(crate) const LIST_AT: Ipv4Addr = Ipv4Addr::new(5, 161, 60, 31);
pub(crate) const REGISTRY_AT: Ipv4Addr = Ipv4Addr::new(5, 161, 60, 32);

/// The host that takes the product's mail (Google's network).
pub(crate) const POST_AT: Ipv4Addr = Ipv4Addr::new(142, 250, 27, 27);
/// The server that takes mail from the product, and the one that keeps the founder's mailbox.
pub(crate) const SUBMISSION_AT: Ipv4Addr = Ipv4Addr::new(50, 31, 156, 6);
pub(crate) const INBOX_AT: Ipv4Addr = Ipv4Addr::new(5, 161, 60, 40);
/// Cloudflare's API.
pub(crate) const API_AT: Ipv4Addr = Ipv4Addr::new(104, 19, 192, 176);
/// A server that the product's owner rents for something else.
pub(crate) const ELSEWHERE_AT: Ipv4Addr = Ipv4Addr::new(5, 161, 71, 8);

/// The five hosts of the healthy product with their addresses.
pub(crate) const HOSTS: [(&str, Addresses); 5] = [
    (DOMAIN, APEX),
    ("www.juniperdesk.example", WWW),
    ("app.juniperdesk.example", APP),
    ("api.juniperdesk.example", API),
    ("status.juniperdesk.example", STATUS),
];

/// Who listens behind a public address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum House {
    /// The CDN: adds its headers to what a site answers.
    Edge,
    /// The hosting provider, without a CDN in between.
    Origin,
    /// A server of somebody else: it knows neither the domain itself nor www.
    Elsewhere,
    Name(Server),
    /// The host that takes the product's mail.
    Post,
    /// The server that takes mail from the product.
    Submission,
    /// The server that keeps the founder's mailbox.
    Inbox,
    /// A public resolver over TLS.
    Tls,
}

/// How a public address treats a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    Hangs,
    Open,
    Refuses,
}

/// One public address of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub house: House,
    pub manner: Manner,
}

/// Everything there is to see.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct World {
    pub now: SystemTime,
    pub seed: u64,
    pub names: Names,
    pub places: BTreeMap<IpAddr, Place>,
    /// By host name; `*.` in front serves every name below that has no site of its own.
    pub sites: BTreeMap<String, Site>,
    pub registry: Registry,
    /// The Cloudflare account.
    pub account: Account,
    /// The mail host.
    pub post: Post,
    /// What becomes of mail that the product sends.
    pub mailing: Mailing,
    /// Who runs the edge.
    pub front: Front,
    pub portal: Option<Portal>,
    pub members: Members,
    /// The product's own folder and log.
    pub files: Files,
    /// Its database.
    pub database: Database,
    /// What Lighthouse says of its front page.
    pub lighthouse: Lighthouse,
    /// What a watch of it recorded.
    pub watched: Watched,
}

impl World {
    /// The world in which nothing is wrong.
    pub fn healthy(now: SystemTime, seed: u64) -> World {
        let mut sites = Site::healthy();
        sites.extend(registry::sites());
        sites.extend(resolvers::sites());
        for host in [POST, crate::submission::HOST, crate::inbox::HOST] {
            sites.insert(host.to_owned(), Site::new(Pages::Texts(Vec::new())));
        }
        World {
            now,
            seed,
            names: records::healthy(now),
            places: places(),
            sites,
            registry: Registry::healthy(),
            account: Account::healthy(),
            post: Post::HEALTHY,
            mailing: Mailing::HEALTHY,
            front: Front::Cloudflare,
            portal: None,
            members: Members::healthy(),
            files: Files::healthy(),
            database: Database::healthy(),
            lighthouse: Lighthouse::healthy(DOMAIN),
            watched: Watched::healthy(format!("https://{DOMAIN}/dashboard")),
        }
    }

    /// The world with these faults, applied in the order of the table.
    pub fn with(now: SystemTime, seed: u64, faults: &BTreeSet<&'static str>) -> World {
        let mut world = World::healthy(now, seed);
        for fault in FAULTS.iter().filter(|fault| faults.contains(fault.name)) {
            (fault.change)(&mut world);
        }
        for cell in cells().iter().filter(|cell| faults.contains(cell.name.as_str())) {
            cell.change(&mut world);
        }
        world.names.portal = world.portal.filter(|portal| portal.names).map(|_| Portal::AT);
        registry::publish(&mut world);
        world
    }

    /// The site of a host, for a fault to change; a host without one starts as a plain redirect to the apex.
    pub fn site(&mut self, host: &str) -> &mut Site {
        self.sites.entry(host.to_owned()).or_insert_with(Site::forward)
    }

    /// Points a host at other addresses, leaving its other records.
    pub fn point(&mut self, host: &str, addresses: impl IntoIterator<Item = IpAddr>) {
        self.names.set(host, Kind::A, None);
        self.names.set(host, Kind::Aaaa, None);
        for address in addresses {
            self.names.add(host, Data::address(address));
        }
    }

    /// Makes every address of a host treat connections in this manner.
    pub fn behave(&mut self, addresses: Addresses, manner: Manner) {
        for address in addresses.all() {
            if let Some(place) = self.places.get_mut(&address) {
                place.manner = manner;
            }
        }
    }

    /// The site that answers for `host`, through a wildcard where there is one.
    pub fn answering(&self, host: &str) -> Option<(&str, &Site)> {
        let wild = || {
            let (_, parent) = host.split_once('.')?;
            self.sites.get_key_value(&format!("*.{parent}"))
        };
        let (name, site) = self.sites.get_key_value(host).or_else(wild)?;
        Some((name, site))
    }
}

fn places() -> BTreeMap<IpAddr, Place> {
    let open = |house| Place { house, manner: Manner::Open };
    let mut places = BTreeMap::new();
    for addresses in HOSTS.into_iter().map(|(_, addresses)| addresses).chain([DESK]) {
        places.extend(addresses.all().map(|address| (address, open(House::Edge))));
    }
    places.extend(ORIGIN.all().map(|address| (address, open(House::Origin))));
    places.extend([ISSUER_AT, LIST_AT, REGISTRY_AT].map(|address| (address.into(), open(House::Origin))));
    places.insert(API_AT.into(), open(House::Edge));
    places.insert(POST_AT.into(), open(House::Post));
    places.insert(SUBMISSION_AT.into(), open(House::Submission));
    places.insert(INBOX_AT.into(), open(House::Inbox));
    places.insert(ELSEWHERE_AT.into(), open(House::Elsewhere));
    for (server, addresses) in records::SERVERS {
        places.extend(addresses.all().map(|address| (address, open(House::Name(server)))));
    }
    places.insert(RESOLVER.into(), open(House::Name(Server::Resolver)));
    places.extend(resolvers::addresses().map(|(address, server)| (address, open(House::Name(server)))));
    let dead = Place { house: House::Edge, manner: Manner::Refuses };
    places.extend(DEAD.all().map(|address| (address, dead)));
    places
}
