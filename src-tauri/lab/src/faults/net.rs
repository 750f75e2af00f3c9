//! Faults of the registration, of public resolvers, and of records that were accepted.

use std::net::Ipv4Addr;

use super::Fault;
use crate::names::{Data, How, Kind, Server, Trouble, Under};
use crate::registry::{LIST, SERVER};
use crate::resolvers::Cached;
use crate::site::{At, Greeting, Quirk};
use crate::world::{DOMAIN, World};

const REGISTRATION: &[&str] = &["domain.registration"];

pub(super) const ROWS: [Fault; 24] = [
    Fault::found("registration-ends-soon", "the registration runs out in 30 days", REGISTRATION, |world| {
        world.registry.days_left = 30
    }),
    Fault::found("registration-ends-now", "the registration runs out in 6 days", REGISTRATION, |world| {
        world.registry.days_left = 6
    }),
    Fault::found("registration-on-hold", "the registrar has put the domain on hold", REGISTRATION, |world| {
        world.registry.statuses.push("client hold")
    }),
    Fault::found("registration-unlocked", "the domain is not locked against transfers", REGISTRATION, |world| {
        world.registry.statuses = vec!["active"]
    }),
    Fault::found(
        "registration-other-servers",
        "the registry's record names other name servers than the parent zone hands out",
        REGISTRATION,
        |world| {
            let others = ["ns1.larkhosting.example", "ns2.larkhosting.example"];
            world.registry.others = Some(others.map(str::to_owned).to_vec());
        },
    ),
    Fault::found(
        "registration-unsigned",
        "DNS hands out a DS record that the registry does not know of",
        REGISTRATION,
        |world| world.registry.signed = Some(false),
    ),
    Fault::passing("registry-429", "the registry limits how often it may be asked (429)", &[REGISTRATION], |world| {
        world.site(SERVER).quirks.push((At::Everything, Quirk::Status(429)))
    }),
    Fault::passing("registry-hang", "the registry never answers a request", &[REGISTRATION], |world| {
        world.site(SERVER).quirks.push((At::Everything, Quirk::Hang))
    }),
    Fault::passing(
        "registry-unknown",
        "the registry does not know the domain that DNS knows",
        &[REGISTRATION],
        |world| world.registry.held = false,
    ),
    Fault::passing("registry-list-reset", "the list of registries cannot be fetched", &[REGISTRATION], |world| {
        world.site(LIST).greeting = Greeting::Resets
    }),
    Fault::found(
        "resolver-old",
        "one public resolver still gives an older address of the domain",
        PROPAGATION,
        |world| {
            let old = Data::A(Ipv4Addr::new(5, 161, 77, 3));
            cached(world, Server::Google, DOMAIN, Kind::A, vec![old], 2_700, true);
        },
    ),
    Fault::found("resolver-denies", "one public resolver still says that www does not exist", PROPAGATION, |world| {
        cached(world, Server::Cloudflare, WWW, Kind::A, vec![], 1_500, true)
    }),
    Fault::found(
        "resolver-stuck",
        "one public resolver will keep another mail host for a week",
        PROPAGATION,
        |world| {
            let other = Data::mx(10, "mx.larkhosting.example");
            cached(world, Server::OpenDns, DOMAIN, Kind::Mx, vec![other], 604_800, true);
        },
    ),
    Fault::found("resolver-blocks", "one public resolver hides the domain from its users", PROPAGATION, |world| {
        for kind in [Kind::A, Kind::Aaaa, Kind::Mx, Kind::Ns, Kind::Txt] {
            cached(world, Server::Quad9, DOMAIN, kind, vec![], 60, false);
        }
    }),
    Fault::found(
        "resolver-poisoned",
        "one public resolver sends visitors of the domain to nowhere",
        PROPAGATION,
        |world| cached(world, Server::AdGuard, DOMAIN, Kind::A, vec![Data::A(Ipv4Addr::UNSPECIFIED)], 300, true),
    ),
    Fault::passing("resolver-drop", "one public resolver does not answer", &[PROPAGATION], |world| {
        resolver(world, How::Dropped)
    }),
    Fault::passing("resolver-refused", "one public resolver refuses to answer", &[PROPAGATION], |world| {
        resolver(world, How::Refused)
    }),
    Fault::passing("dot-hang", "one public resolver never finishes a TLS handshake", &[PROPAGATION], |world| {
        world.site("one.one.one.one").greeting = Greeting::Hangs
    }),
    Fault::passing("dot-reset", "one public resolver resets every TLS handshake", &[PROPAGATION], |world| {
        world.site("dns.opendns.com").greeting = Greeting::Resets
    }),
    Fault::passing("doh-429", "one public resolver limits questions over HTTPS (429)", &[PROPAGATION], |world| {
        world.site("cloudflare-dns.com").quirks.push((At::Everything, Quirk::Status(429)))
    }),
    Fault::passing("doh-hang", "one public resolver never answers over HTTPS", &[PROPAGATION], |world| {
        world.site("doh.opendns.com").quirks.push((At::Everything, Quirk::Hang))
    }),
    Fault::found("drift-text-added", "the domain has a text record that was not there before", DRIFT, |world| {
        world.names.add(DOMAIN, Data::txt("stranger-site-verification=8c1f0e77"))
    }),
    Fault::found("drift-text-changed", "a text record of the domain has another value than before", DRIFT, |world| {
        world
            .names
            .retext(DOMAIN, |text| Some(text.replace("google-site-verification=h3Yk", "google-site-verification=q9Zz")))
    }),
    Fault::found(
        "drift-mail",
        "the mail host of the domain stands at another preference than before",
        DRIFT,
        |world| world.names.set(DOMAIN, Kind::Mx, [Data::mx(5, "smtp.google.com")]),
    ),
];

const DRIFT: &[&str] = &["dns.expected"];
const PROPAGATION: &[&str] = &["dns.propagation"];
const WWW: &str = "www.juniperdesk.example";

fn cached(world: &mut World, server: Server, name: &str, kind: Kind, data: Vec<Data>, ttl: u32, by_zone: bool) {
    world.names.cached.push(Cached { server, name: name.to_owned(), kind, data, ttl, by_zone });
}

fn resolver(world: &mut World, how: How) {
    world.names.troubles.push(Trouble { server: Some(Server::Google), under: Under::All, kinds: &[], how });
}
