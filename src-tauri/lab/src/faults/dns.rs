//! Faults of the name space: addresses that lead nowhere, records that contradict each other, name servers that disagree.

use std::net::Ipv4Addr;

use super::{Fault, blind};
use crate::names::{Data, How, Kind, Server, Trouble, Under};
use crate::records::{CHILD, GONE, HOSTED, STRAY, serial};
use crate::site::Site;
use crate::world::{APEX, DEAD, DOMAIN, Manner, STATUS, World};

const WWW: &str = "www.juniperdesk.example";

pub(super) const ROWS: [Fault; 19] = [
    Fault::found("apex-no-address", "the domain itself has neither an A nor an AAAA record", &["dns.apex"], |world| {
        world.point(DOMAIN, [])
    })
    .blinding(&[blind::FRONT, blind::HOST, &["latency.routes"]]),
    Fault::found(
        "apex-private-address",
        "one of the two A records of the domain is 10.0.0.12",
        &["dns.apex"],
        |world| apex_beside(world, Ipv4Addr::new(10, 0, 0, 12)),
    )
    .blinding(&[blind::TLS]),
    Fault::found(
        "apex-dead-ipv4",
        "one of the two A records of the domain leads to a server that refuses",
        &["dns.apex"],
        |world| world.names.set(DOMAIN, Kind::A, one_dead()),
    ),
    Fault::found(
        "apex-dead-ipv6",
        "the AAAA record of the domain leads to a server that refuses",
        &["dns.apex"],
        |world| {
            let dead = DEAD.v6.iter().copied().map(Data::Aaaa);
            world.names.set(DOMAIN, Kind::Aaaa, dead);
        },
    ),
    Fault::found("www-missing", "www has no record at all", &["dns.www"], |world| world.names.forget(WWW)),
    Fault::found(
        "www-dangling",
        "www is a CNAME to a name that does not exist",
        &["dns.dangling", "dns.www"],
        |world| world.names.put(WWW, [Data::cname(GONE)]),
    ),
    Fault::found("www-documentation-address", "www has the documentation address 203.0.113.7", &["dns.www"], |world| {
        world.point(WWW, [Ipv4Addr::new(203, 0, 113, 7).into()])
    })
    .blinding(&[blind::HOST, blind::TLS, &["http.canonical", "http.https_only"]]),
    Fault::found("cname-at-apex", "the domain itself has a CNAME beside SOA, NS and MX", &["dns.records"], |world| {
        world.point(DOMAIN, []);
        world.names.add(DOMAIN, Data::cname(HOSTED));
    }),
    Fault::found(
        "mx-is-address",
        "the mail server's name is an address, 203.0.113.25",
        &["dns.records", "mail.mx"],
        |world| mail_server(world, "203.0.113.25"),
    ),
    Fault::found("mx-is-cname", "the mail server's name is a CNAME", &["dns.records", "mail.mx"], |world| {
        let alias = "mx.juniperdesk.example";
        mail_server(world, alias);
        world.names.put(alias, [Data::cname("smtp.google.com")]);
    }),
    Fault::found("single-name-server", "parent and child list one name server", &["dns.nameservers"], |world| {
        world.names.set(DOMAIN, Kind::Ns, [Data::ns(CHILD[0])]);
        world.names.delegation = vec![CHILD[0].to_owned()];
    }),
    Fault::found(
        "lame-name-server",
        "one of the name servers knows nothing of the domain and refuses",
        &["dns.nameservers"],
        |world| {
            world.names.troubles.push(Trouble {
                server: Some(Server::Bob),
                under: Under::All,
                kinds: &[],
                how: How::Refused,
            });
        },
    ),
    Fault::found(
        "serial-mismatch",
        "one of the name servers still shows yesterday's zone",
        &["dns.nameservers"],
        |world| {
            let old = serial(world.now).saturating_sub(86_400);
            world.names.serials.insert(Server::Bob, old);
        },
    ),
    Fault::found(
        "delegation-mismatch",
        "the parent lists another set of name servers than the domain itself",
        &["dns.nameservers"],
        |world| world.names.delegation = vec![CHILD[0].to_owned(), STRAY.to_owned()],
    ),
    Fault::found(
        "subdomain-dead",
        "status.juniperdesk.example leads to a server that refuses",
        &["dns.subdomains"],
        |world| world.behave(STATUS, Manner::Refuses),
    )
    .blinding(&[blind::HOST])
    .shown(),
    Fault::found(
        "subdomain-private",
        "admin.juniperdesk.example has the private address 192.168.1.20",
        &["dns.subdomains"],
        |world| {
            let private = Ipv4Addr::new(192, 168, 1, 20);
            world.names.add("admin.juniperdesk.example", Data::A(private));
        },
    )
    .blinding(&[blind::HOST, blind::TLS, &["http.https_only"]]),
    Fault::found(
        "subdomain-dangling",
        "docs.juniperdesk.example is a CNAME to a name that does not exist",
        &["dns.dangling"],
        |world| {
            world.names.add("docs.juniperdesk.example", Data::cname(GONE));
        },
    ),
    Fault::found(
        "subdomain-loopback",
        "dev.juniperdesk.example has the address of everybody's own machine",
        &["dns.subdomains"],
        |world| {
            world.names.add("dev.juniperdesk.example", Data::A(Ipv4Addr::LOCALHOST));
        },
    )
    .blinding(&[blind::HOST, blind::TLS, &["http.https_only", "http.preview_hosts"]]),
    Fault::trap(
        "wildcard-dns",
        "every name below the domain exists by a wildcard; nothing is wrong with it",
        |world| {
            let every = "*.juniperdesk.example";
            world.names.put(every, APEX.records());
            world.sites.insert(every.to_owned(), Site::forward());
        },
    ),
];

fn apex_beside(world: &mut World, other: Ipv4Addr) {
    let first = APEX.v4.iter().copied().take(1);
    world.names.set(DOMAIN, Kind::A, first.chain([other]).map(Data::A));
}

fn one_dead() -> impl Iterator<Item = Data> {
    let first = APEX.v4.iter().copied().take(1);
    first.chain(DEAD.v4.iter().copied()).map(Data::A)
}

fn mail_server(world: &mut World, host: &str) {
    world.names.set(DOMAIN, Kind::Mx, [Data::mx(10, host)]);
}
