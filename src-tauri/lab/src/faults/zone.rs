//! Faults of who may issue certificates, and of names that lead to places that strangers could claim.

use super::{Fault, blind};
use crate::names::{Data, How, Kind, Server, Trouble, Under};
use crate::records::{CHILD, HOSTED, LOGS, SURGE, VERCEL};
use crate::site::{At, Chain, Pages, Quirk, Site, log};
use crate::world::{DOMAIN, World};

/// What cannot look at a host with a private address.
const UNREACHED: &[&[&str]] = &[blind::HOST, blind::TLS, &["http.https_only"]];
/// What reads the texts of the domain itself.
const TEXTS: &[&str] = &["dns.nameservers", "dns.propagation", "dns.records", "mail.alignment", "mail.spf"];
const APP: &str = "app.juniperdesk.example";
const DOCS: &str = "docs.juniperdesk.example";

pub(super) const ROWS: [Fault; 33] = [
    Fault::found("caa-forbids-all", "the CAA records allow no authority at all", &["dns.caa"], |world| {
        world.names.set(DOMAIN, Kind::Caa, [Data::caa("issue", ";")]);
    }),
    Fault::found(
        "caa-other-authority",
        "app has a certificate by an authority that the CAA records do not allow",
        &["dns.caa"],
        |world| world.site(APP).chain = Chain::OtherAuthority,
    ),
    Fault::found(
        "caa-unknown-demand",
        "a CAA record demands something that no authority knows",
        &["dns.caa"],
        |world| {
            let demand = Data::Caa { critical: true, tag: "quantum".to_owned(), value: "yes".to_owned() };
            world.names.add(DOMAIN, demand);
        },
    ),
    Fault::found("caa-misspelt", "a CAA record says isue where issue is meant", &["dns.caa"], |world| {
        world.names.set(DOMAIN, Kind::Caa, [Data::caa("isue", "lanternauthority.example")]);
    }),
    Fault::trap("caa-absent", "there is no CAA record, so any authority may issue", |world| {
        world.names.set(DOMAIN, Kind::Caa, None);
    }),
    Fault::passing(
        "servfail-caa",
        "look-ups of CAA records fail (SERVFAIL)",
        &[&["dns.caa", "dns.nameservers", "dns.records"]],
        |world| {
            let under = Under::Below(DOMAIN.to_owned());
            world.names.troubles.push(Trouble { server: None, under, kinds: &[Kind::Caa], how: How::ServFail });
        },
    ),
    Fault::found(
        "takeover-unclaimed",
        "docs is a CNAME to a service where nobody has claimed the name",
        &["dns.dangling"],
        |world| docs(world, SURGE, "<h1>project not found</h1>"),
    ),
    Fault::found(
        "takeover-registrable",
        "docs is a CNAME into a domain that nobody has registered",
        &["dns.dangling"],
        |world| world.names.put(DOCS, [Data::cname("docs.juniperdesk-assets.example")]),
    ),
    Fault::found(
        "takeover-azure",
        "docs is a CNAME to an Azure name that anybody can register",
        &["dns.dangling"],
        |world| world.names.put(DOCS, [Data::cname("juniperdesk-docs.azurewebsites.net")]),
    ),
    Fault::trap("alias-in-use", "docs is a CNAME to a service that shows the product's own page", |world| {
        docs(world, SURGE, "<h1>How Juniper Desk works</h1>")
    }),
    Fault::trap(
        "alias-parked",
        "docs is a CNAME to a service that shows nothing but asks for proof before it hands out a name",
        |world| docs(world, VERCEL, "The deployment could not be found on Vercel. DEPLOYMENT_NOT_FOUND"),
    ),
    Fault::passing(
        "claim-503",
        "the service that docs is a CNAME to is not available (503)",
        &[blind::HOST, &["dns.dangling", "http.https_only"]],
        |world| {
            docs(world, SURGE, "<h1>How Juniper Desk works</h1>");
            world.site(DOCS).quirks.push((At::Everything, Quirk::Status(503)));
        },
    ),
    Fault::passing(
        "claim-hang",
        "the service that docs is a CNAME to never answers",
        &[blind::HOST, &["dns.dangling"]],
        |world| {
            docs(world, SURGE, "<h1>How Juniper Desk works</h1>");
            world.site(DOCS).quirks.push((At::Everything, Quirk::Hang));
        },
    ),
    Fault::found(
        "server-other-mail",
        "one of the name servers still shows the former mail server",
        &["dns.nameservers"],
        |world| shows(world, DOMAIN, Kind::Mx, vec![Data::mx(10, "mail.larkhosting.example")]),
    ),
    Fault::found("server-lacks-www", "one of the name servers does not have www", &["dns.nameservers"], |world| {
        shows(world, "www.juniperdesk.example", Kind::A, vec![])
    }),
    Fault::trap(
        "server-flattens",
        "each name server resolves the domain's alias by itself and shows other addresses of the CDN",
        |world| shows(world, DOMAIN, Kind::A, world.names.at(APP, Kind::A).cloned().collect()),
    ),
    Fault::found(
        "server-open",
        "one of the name servers answers for everybody's names",
        &["dns.nameservers"],
        |world| {
            world.names.open.insert(Server::Bob);
        },
    ),
    Fault::found("server-without-tcp", "one of the name servers refuses TCP", &["dns.nameservers"], |world| {
        world.names.no_streams.insert(Server::Bob);
    }),
    Fault::found(
        "server-without-edns",
        "one of the name servers calls questions with EDNS malformed",
        &["dns.nameservers"],
        |world| {
            world.names.no_edns.insert(Server::Bob);
        },
    ),
    Fault::found(
        "server-old-glue",
        "the parent hands out an old address of a name server",
        &["dns.nameservers"],
        |world| {
            let old = std::net::Ipv4Addr::new(173, 245, 58, 9);
            world.names.glue.insert(CHILD[0].to_owned(), vec![old.into()]);
        },
    ),
    Fault::found(
        "server-unregistered",
        "one of the name servers lies in a domain that nobody has registered",
        &["dns.dangling", "dns.nameservers"],
        |world| {
            let lost = "ns3.juniperdesk-dns.example";
            world.names.add(DOMAIN, Data::ns(lost));
            world.names.delegation.push(lost.to_owned());
        },
    ),
    Fault::passing(
        "garbled-name-server",
        "one of the name servers sends bytes that are no DNS messages",
        &[&["dns.dnssec", "dns.nameservers"]],
        |world| {
            let server = Some(Server::Bob);
            world.names.troubles.push(Trouble { server, under: Under::All, kinds: &[], how: How::Garbled });
        },
    ),
    Fault::found("alias-circle", "docs and guide are aliases of each other", &["dns.records"], |world| {
        let guide = "guide.juniperdesk.example";
        world.names.put(DOCS, [Data::cname(guide)]);
        world.names.put(guide, [Data::cname(DOCS)]);
    })
    .blinding(&[&["dns.caa", "dns.dangling", "dns.subdomains"]]),
    Fault::found("alias-chain-long", "docs is reached over ten aliases", &["dns.records"], |world| chain(world, 10)),
    Fault::found("alias-chain-endless", "docs is reached over forty aliases", &["dns.records"], |world| {
        chain(world, 40)
    }),
    Fault::found("alias-beside-mail", "app is an alias and has a mail server as well", &["dns.records"], |world| {
        world.names.put(APP, [Data::cname(HOSTED), Data::mx(10, "smtp.google.com")]);
    }),
    Fault::found(
        "mx-doubled",
        "the mail server's name ends in the domain twice",
        &["dns.records", "mail.mx"],
        |world| {
            let twice = "mail.juniperdesk.example.juniperdesk.example";
            world.names.set(DOMAIN, Kind::Mx, [Data::mx(10, twice)]);
        },
    ),
    Fault::found("txt-quoted", "a verification text has quotation marks inside", &["dns.records"], |world| {
        world.names.add(DOMAIN, Data::txt("\"stripe-verification=5f2c81d09a7be\""));
    }),
    Fault::found("txt-huge", "a TXT record of the domain is 60 kilobytes long", &["dns.records"], |world| {
        world.names.add(DOMAIN, Data::Txt("x".repeat(60_000)));
    }),
    Fault::passing(
        "txt-thousands",
        "the domain has three thousand TXT records",
        &[TEXTS, &["edge.cloudflare"]],
        |world| {
            for number in 0..3_000 {
                world.names.add(DOMAIN, Data::Txt(format!("n{number}")));
            }
        },
    ),
    Fault::found(
        "logged-private",
        "a name that only the certificate logs know has a private address",
        &["dns.subdomains"],
        |world| {
            let private = std::net::Ipv4Addr::new(192, 168, 7, 9);
            world.names.add("backoffice.juniperdesk.example", Data::A(private));
            world.site(LOGS).pages = Pages::Texts(vec![log(&["backoffice", "www"])]);
        },
    )
    .blinding(UNREACHED),
    Fault::trap("logs-503", "the search over certificate logs is not available (503)", |world| {
        world.site(LOGS).quirks.push((At::Everything, Quirk::Status(503)))
    }),
    Fault::trap("logs-hang", "the search over certificate logs never answers", |world| {
        world.site(LOGS).quirks.push((At::Everything, Quirk::Hang))
    }),
];

/// docs as an alias to a service that shows this page.
pub(super) fn docs(world: &mut World, service: &str, page: &str) {
    world.names.put(DOCS, [Data::cname(service)]);
    let page = format!("<!doctype html><title>Docs</title>{page}");
    let pages = Pages::Texts(vec![("/".to_owned(), "text/html; charset=utf-8", page)]);
    world.sites.insert(DOCS.to_owned(), Site::new(pages));
}

/// One of the name servers shows this in place of the zone's own records.
fn shows(world: &mut World, name: &str, kind: Kind, data: Vec<Data>) {
    world.names.differing.push((Server::Bob, name.to_owned(), kind, data));
}

/// docs as an alias to an alias and so on, until a host.
fn chain(world: &mut World, length: usize) {
    let link = |number: usize| format!("c{number}.juniperdesk.example");
    world.names.put(DOCS, [Data::cname(&link(1))]);
    for number in 1..length {
        let next = if number + 1 == length { HOSTED.to_owned() } else { link(number + 1) };
        world.names.put(&link(number), [Data::cname(&next)]);
    }
    let pages = Pages::Texts(vec![("/".to_owned(), "text/html; charset=utf-8", "<title>Docs</title>".to_owned())]);
    world.sites.insert(DOCS.to_owned(), Site::new(pages));
}
