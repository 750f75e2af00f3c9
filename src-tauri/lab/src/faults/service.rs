//! Faults of records that lead to services (SRV, HTTPS, NAPTR), and of name servers that say too much or too little.

use std::net::Ipv4Addr;

use super::Fault;
use crate::names::{Binding, Data, How, Kind, Server, Trouble, Under};
use crate::world::{DOMAIN, World};

const SIP: &str = "_sip._tls.juniperdesk.example";
const APP: &str = "app.juniperdesk.example";
const RECORDS: &[&str] = &["dns.records"];
const SERVERS: &[&str] = &["dns.nameservers"];
/// What reads the list of name servers.
const LISTED: &[&str] = &["dns.nameservers", "dns.propagation", "dns.records", "domain.registration", "edge.providers"];
/// A host of another domain that has addresses.
const HOST: &str = "smtp.google.com";

pub(super) const ROWS: [Fault; 19] = [
    Fault::trap("services-in-use", "calls, mail settings and bindings lead where they should", |world| {
        world.names.add(SIP, Data::Srv(5061, HOST.to_owned()));
        world.names.add("_autodiscover._tcp.juniperdesk.example", Data::Srv(443, HOST.to_owned()));
        world.names.add("_caldavs._tcp.juniperdesk.example", Data::Srv(0, String::new()));
        world.names.add(DOMAIN, Data::Naptr("s", "SIPS+D2T", "", SIP.to_owned()));
        world.names.add(APP, Data::Https(Binding { port: Some(443), ..Binding::speaking(&["h2"]) }));
    }),
    Fault::found("srv-lost", "the host of a service has no address", RECORDS, |world| {
        world.names.add(SIP, Data::Srv(5061, "sip.juniperdesk.example".to_owned()));
    })
    .telling("has no address"),
    Fault::found("srv-itself", "the host of a service is the record itself", RECORDS, |world| {
        world.names.add(SIP, Data::Srv(5061, SIP.to_owned()));
    })
    .telling("names itself"),
    Fault::found("srv-address", "a service names an address where a host belongs", RECORDS, |world| {
        world.names.add(SIP, Data::Srv(5061, "5.161.8.60".to_owned()));
    })
    .telling("host name belongs"),
    Fault::found("srv-alias", "the host of a service is only an alias", RECORDS, |world| {
        world.names.put("sip.juniperdesk.example", [Data::cname(HOST)]);
        world.names.add(SIP, Data::Srv(5061, "sip.juniperdesk.example".to_owned()));
    })
    .telling("only an alias"),
    Fault::found("binding-lost", "the binding of the domain leads to a host without address", RECORDS, |world| {
        bind(world, Binding { target: "edge.juniperdesk.example".to_owned(), ..Binding::speaking(&["h2"]) });
    })
    .telling("has no address"),
    Fault::found("binding-nowhere", "the binding of the domain says that there is no site", RECORDS, |world| {
        bind(world, Binding::alias(""));
    })
    .telling("no web site"),
    Fault::found("binding-circle", "the binding of the domain leads in a circle over another name", RECORDS, |world| {
        bind(world, Binding::alias("edge.juniperdesk.example"));
        world.names.add("edge.juniperdesk.example", Data::Https(Binding::alias(DOMAIN)));
    })
    .telling("in a circle"),
    Fault::found("binding-long", "the binding of the domain is an alias of twenty in a row", RECORDS, |world| {
        let link = |number: usize| format!("b{number}.juniperdesk.example");
        bind(world, Binding::alias(&link(0)));
        for number in 0..20 {
            world.names.add(&link(number), Data::Https(Binding::alias(&link(number + 1))));
        }
    })
    .telling("more than 8 aliases"),
    Fault::found("binding-old-hint", "the binding of app hints at the address of another host", RECORDS, |world| {
        let hints = vec![Ipv4Addr::new(185, 24, 64, 99)];
        world.names.add(APP, Data::Https(Binding { hints, ..Binding::speaking(&["h2"]) }));
    })
    .telling("185.24.64.99"),
    Fault::found("binding-lacks", "the binding of app demands a port that it does not give", RECORDS, |world| {
        world.names.add(APP, Data::Https(Binding { mandatory: vec![3], ..Binding::speaking(&["h2"]) }));
    })
    .telling("must know port"),
    Fault::found(
        "binding-overpromises",
        "the binding of app promises HTTP/2, which app does not speak",
        RECORDS,
        |world| {
            world.names.add(APP, Data::Https(Binding::speaking(&["h2"])));
            world.site(APP).two = false;
        },
    )
    .telling("promises HTTP/2"),
    Fault::found("naptr-empty", "a NAPTR record has neither a rule nor a next name", RECORDS, |world| {
        world.names.add(DOMAIN, Data::Naptr("s", "SIPS+D2T", "", String::new()));
    })
    .telling("leads nowhere"),
    Fault::found("server-other-service", "one of the name servers shows another host of a service", SERVERS, |world| {
        world.names.add(SIP, Data::Srv(5061, HOST.to_owned()));
        let old = vec![Data::Srv(5060, HOST.to_owned())];
        world.names.differing.push((Server::Bob, SIP.to_owned(), Kind::Srv, old));
    })
    .telling("different SRV records"),
    Fault::passing(
        "servers-hundreds",
        "the domain lists four hundred name servers that do not exist",
        &[LISTED],
        |world| crowd(world, 400),
    )
    .telling("more than 256 are not read"),
    Fault::found("servers-hundred", "the domain lists a hundred name servers that do not exist", SERVERS, |world| {
        crowd(world, 100)
    })
    .telling("and 89 more"),
    Fault::found("server-hands-out", "one of the name servers hands the whole zone to everybody", SERVERS, |world| {
        world.names.transfers.insert(Server::Bob);
    })
    .telling("whole list"),
    Fault::found(
        "server-denies",
        "one of the name servers says that app does not exist when asked for its service",
        SERVERS,
        |world| {
            let under = Under::At(APP.to_owned());
            world.names.troubles.push(Trouble {
                server: Some(Server::Bob),
                under,
                kinds: &[Kind::Https],
                how: How::Denied,
            });
        },
    )
    .telling("does not exist"),
    Fault::found("server-private", "one of the name servers has an address of a private network", SERVERS, |world| {
        let inner = "ns3.juniperdesk.example";
        world.names.add(inner, Data::A(Ipv4Addr::new(10, 0, 0, 53)));
        world.names.add(DOMAIN, Data::ns(inner));
        world.names.delegation.push(inner.to_owned());
    })
    .telling("private address"),
];

/// Adds name servers that nobody has set up.
fn crowd(world: &mut World, count: usize) {
    for number in 0..count {
        world.names.add(DOMAIN, Data::ns(&format!("ns{number}.juniperdesk.example")));
    }
}

/// Sets the binding of the bare domain.
fn bind(world: &mut World, binding: Binding) {
    world.names.set(DOMAIN, Kind::Https, [Data::Https(binding)]);
}
