//! Healthy sites as each usual host really serves them: its name servers, aliases, certificates, redirects, headers and error pages.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Fault;
use crate::names::{Data, Kind, Server};
use crate::records::serial;
use crate::site::{Chain, Door, Front, Leaf};
use crate::world::{DOMAIN, HOSTS, House, Manner, ORIGIN, Place, World};

const HTML: &str = "text/html; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

/// How a host serves a site.
struct Hosted {
    /// Its delivery network; none: the addresses are those of the server itself.
    front: Option<Front>,
    v4: &'static [Ipv4Addr],
    v6: &'static [Ipv6Addr],
    /// Where names other than the bare domain are aliases to.
    alias: Option<&'static str>,
    /// Name servers that its customers usually have, with their addresses.
    servers: [(&'static str, Ipv4Addr); 2],
    chain: Chain,
    /// Authorities that the domain allows.
    caa: &'static [&'static str],
    /// Status of its redirects.
    moved: u16,
    /// The Strict-Transport-Security that it sends by itself.
    hsts: Option<&'static str>,
    /// Cache-Control of its pages.
    pages: Option<&'static str>,
    missing: Option<Missing>,
}

/// What a host answers where there is nothing.
#[derive(Clone, Copy)]
struct Missing {
    kind: &'static str,
    /// A header field of its own.
    header: Option<(&'static str, &'static str)>,
    text: &'static str,
}

const LETS_ENCRYPT: &[&str] = &["letsencrypt.org"];
const NAMECHEAP: [(&str, Ipv4Addr); 2] = [
    ("dns1.registrar-servers.com", Ipv4Addr::new(156, 154, 132, 200)),
    ("dns2.registrar-servers.com", Ipv4Addr::new(156, 154, 133, 200)),
];

pub(super) const ROWS: [Fault; 6] = [
    Fault::trap(
        "behind-cloudflare",
        "the product is behind Cloudflare, with the certificates it usually has",
        |world| {
            for (host, _) in HOSTS {
                world.site(host).chain = Chain::Google;
            }
            allow(world, &["pki.goog", "letsencrypt.org", "ssl.com"]);
            world.site(DOMAIN).kept_page = Some("private, max-age=0, must-revalidate");
        },
    ),
    Fault::trap("nginx-alone", "every host is served by its own nginx, without a CDN", |world| {
        settle(world, &NGINX);
    }),
    Fault::trap("behind-vercel", "the product is hosted at Vercel", |world| {
        settle(world, &VERCEL);
    }),
    Fault::trap("behind-netlify", "the product is hosted at Netlify", |world| {
        settle(world, &NETLIFY);
    }),
    Fault::trap("behind-render", "the product is hosted at Render", |world| {
        settle(world, &RENDER);
    }),
    Fault::trap("behind-fly", "the product is hosted at Fly.io", |world| {
        settle(world, &FLY);
    }),
];

const NGINX_MISSING: &str = "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n\
            <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

const NGINX: Hosted = Hosted {
    front: None,
    v4: ORIGIN.v4,
    v6: ORIGIN.v6,
    alias: None,
    servers: [
        ("hydrogen.ns.hetzner.com", Ipv4Addr::new(213, 133, 100, 98)),
        ("oxygen.ns.hetzner.com", Ipv4Addr::new(88, 198, 229, 192)),
    ],
    chain: Chain::OtherAuthority,
    caa: LETS_ENCRYPT,
    moved: 301,
    hsts: None,
    pages: None,
    missing: Some(Missing { kind: "text/html", header: None, text: NGINX_MISSING }),
};

const VERCEL: Hosted = Hosted {
    front: Some(Front::Vercel),
    v4: &[Ipv4Addr::new(76, 76, 21, 21)],
    v6: &[],
    alias: Some("cname.vercel-dns.com"),
    servers: [
        ("ns1.vercel-dns.com", Ipv4Addr::new(198, 51, 44, 13)),
        ("ns2.vercel-dns.com", Ipv4Addr::new(198, 51, 45, 13)),
    ],
    chain: Chain::OtherAuthority,
    caa: LETS_ENCRYPT,
    moved: 308,
    hsts: Some("max-age=63072000"),
    pages: Some("public, max-age=0, must-revalidate"),
    missing: Some(Missing {
        kind: TEXT,
        header: Some(("x-vercel-error", "NOT_FOUND")),
        text: "The page could not be found\n\nNOT_FOUND\n\nfra1::x7k2p-1795000000000-5e1f0c7d9a3b\n",
    }),
};

const NETLIFY: Hosted = Hosted {
    front: Some(Front::Netlify),
    v4: &[Ipv4Addr::new(75, 2, 60, 5)],
    v6: &[],
    alias: Some("juniperdesk.netlify.app"),
    servers: [
        ("dns1.p08.nsone.net", Ipv4Addr::new(198, 51, 44, 8)),
        ("dns2.p08.nsone.net", Ipv4Addr::new(198, 51, 45, 8)),
    ],
    chain: Chain::OtherAuthority,
    caa: LETS_ENCRYPT,
    moved: 301,
    hsts: Some("max-age=31536000"),
    pages: Some("public,max-age=0,must-revalidate"),
    missing: Some(Missing {
        kind: HTML,
        header: None,
        text: "<!doctype html><html lang=\"en\"><head><title>Page not found</title></head><body><h1>Page not found</h1>\
         <p>Looks like you've followed a broken link or entered a URL that doesn't exist on this site.</p></body></html>",
    }),
};

const RENDER: Hosted = Hosted {
    front: Some(Front::Render),
    v4: &[Ipv4Addr::new(216, 24, 57, 1)],
    v6: &[],
    alias: Some("juniperdesk.onrender.com"),
    servers: NAMECHEAP,
    chain: Chain::Google,
    caa: &["letsencrypt.org", "pki.goog"],
    moved: 301,
    hsts: None,
    pages: Some("public, max-age=0, s-maxage=300"),
    missing: Some(Missing { kind: TEXT, header: None, text: "Not Found\n" }),
};

const FLY: Hosted = Hosted {
    front: Some(Front::Fly),
    v4: &[Ipv4Addr::new(66, 241, 124, 57)],
    v6: &[Ipv6Addr::new(0x2a09, 0x8280, 1, 0, 0, 0, 0x33, 0x9a4)],
    alias: Some("juniperdesk.fly.dev"),
    servers: NAMECHEAP,
    chain: Chain::OtherAuthority,
    caa: LETS_ENCRYPT,
    moved: 301,
    hsts: None,
    pages: None,
    missing: Some(Missing { kind: TEXT, header: None, text: "404 page not found\n" }),
};

fn settle(world: &mut World, hosted: &Hosted) {
    let v4 = hosted.v4.iter().copied().map(IpAddr::from);
    let addresses: Vec<IpAddr> = v4.chain(hosted.v6.iter().copied().map(IpAddr::from)).collect();
    if let Some(front) = hosted.front {
        world.front = front;
        for address in &addresses {
            world.places.insert(*address, Place { house: House::Edge, manner: Manner::Open });
        }
    }
    world.point(DOMAIN, addresses.iter().copied());
    for (host, _) in HOSTS.into_iter().filter(|(host, _)| *host != DOMAIN) {
        match hosted.alias {
            Some(alias) => world.names.put(host, [Data::cname(alias)]),
            None => world.point(host, addresses.iter().copied()),
        }
    }
    if let Some(alias) = hosted.alias {
        world.names.put(alias, addresses.iter().copied().map(Data::address));
    }
    serve(world, hosted);
    delegate(world, hosted.servers);
    allow(world, hosted.caa);
    // The account at Cloudflare has nothing to do with the domain then.
    world.account.held = false;
}

fn serve(world: &mut World, hosted: &Hosted) {
    let door = |host: &str| Door::Sends { scheme: "https", host: host.to_owned(), status: hosted.moved };
    for (host, _) in HOSTS {
        let site = world.site(host);
        site.chain = hosted.chain;
        site.plain = door("");
        site.kept_page = hosted.pages;
        if site.secure != Door::Shows {
            site.secure = door(DOMAIN);
        }
        if let Some(hsts) = hosted.hsts {
            site.headers.insert("strict-transport-security", hsts.to_owned());
        }
        site.missing = hosted.missing.map(|Missing { kind, header, text }| {
            let leaf = Leaf::new(404, kind, text);
            header.into_iter().fold(leaf, |leaf, (name, value)| leaf.with(name, value))
        });
    }
}

/// Other name servers, and no signatures: most of these hosts sign nothing.
fn delegate(world: &mut World, servers: [(&'static str, Ipv4Addr); 2]) {
    for ((host, address), server) in servers.into_iter().zip([Server::Ada, Server::Bob]) {
        world.places.insert(address.into(), Place { house: House::Name(server), manner: Manner::Open });
        world.names.put(host, [Data::A(address)]);
    }
    let [(first, _), (second, _)] = servers;
    let soa =
        Data::Soa { primary: first.to_owned(), contact: format!("hostmaster.{first}"), serial: serial(world.now) };
    world.names.set(DOMAIN, Kind::Ns, [Data::ns(first), Data::ns(second)]);
    world.names.set(DOMAIN, Kind::Soa, [soa]);
    world.names.set(DOMAIN, Kind::Https, None);
    world.names.delegation = vec![first.to_owned(), second.to_owned()];
    world.names.signing.remove(DOMAIN);
    for kind in [Kind::Dnskey, Kind::Ds] {
        world.names.set(DOMAIN, kind, None);
    }
}

/// The only authorities that may make certificates for the domain.
pub(super) fn allow(world: &mut World, authorities: &[&str]) {
    let report = Data::caa("iodef", "mailto:security@juniperdesk.example");
    let allowed = authorities.iter().map(|authority| Data::caa("issue", authority));
    world.names.set(DOMAIN, Kind::Caa, allowed.chain([report]));
}
