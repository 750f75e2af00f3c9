//! Troubles on the way, one for each kind of exchange: they may leave a check without an answer and never make a finding.

use super::{Fault, blind};
use crate::names::{How, Kind, Server, Trouble, Under};
use crate::site::{At, Greeting, Quirk};
use crate::world::{APP, DOMAIN, Manner, World};

const MAIL: &[&str] =
    &["dns.nameservers", "dns.propagation", "dns.records", "mail.alignment", "mail.dkim", "mail.dmarc", "mail.spf"];
const SERVERS: &[&str] = &["dns.dnssec", "dns.nameservers"];
const PARENT: &[&str] = &["dns.nameservers", "domain.registration"];
const APEX: &[&[&str]] = &[
    blind::FRONT,
    blind::HOST,
    blind::TLS,
    &[
        "dns.apex",
        "dns.caa",
        "dns.dangling",
        "dns.dnssec",
        "dns.nameservers",
        "dns.propagation",
        "dns.records",
        "edge.hosting",
        "edge.proxy",
        "http.https_only",
        "latency.routes",
    ],
];
/// What reads the records of the domain, all but those of its signatures.
const RECORDS: &[&str] = &[
    "dns.apex",
    "dns.caa",
    "dns.dangling",
    "dns.nameservers",
    "dns.propagation",
    "dns.records",
    "dns.subdomains",
    "dns.www",
    "domain.registration",
    "edge.hosting",
    "edge.providers",
    "edge.proxy",
    "http.https_only",
    "latency.routes",
];
/// A zone that a validating resolver refuses to tell anything of.
pub(super) const ZONE: &[&[&str]] = &[blind::FRONT, blind::HOST, blind::MAIL, blind::SIGNED_IN, blind::TLS, RECORDS];
/// A zone of which nothing can be seen at all.
const EVERYTHING: &[&[&str]] =
    &[blind::FRONT, blind::HOST, blind::MAIL, blind::SIGNED_IN, blind::TLS, RECORDS, &["dns.dnssec"]];
const SCRIPT: &[&str] =
    &["bundle.secrets", "http.caching", "http.compression", "http.payload_size", "bundle.debug", "bundle.source_maps"];
const ROUTE: &[&str] = &["http.cors", "latency.routes"];

pub(super) const ROWS: [Fault; 32] = [
    Fault::passing("servfail-apex", "look-ups of the domain's addresses fail (SERVFAIL)", APEX, |world| {
        apex(world, How::ServFail)
    }),
    Fault::passing("drop-apex", "look-ups of the domain's addresses get no answer", APEX, |world| {
        apex(world, How::Dropped)
    }),
    Fault::passing("servfail-zone", "every look-up in the domain fails (SERVFAIL)", EVERYTHING, |world| {
        let under = Under::Below(DOMAIN.to_owned());
        trouble(world, None, under, &[], How::ServFail);
    }),
    Fault::passing("servfail-mail", "look-ups of the e-mail records fail (SERVFAIL)", &[MAIL], |world| {
        mail(world, How::ServFail)
    }),
    Fault::passing("drop-mail", "look-ups of the e-mail records get no answer", &[MAIL], |world| {
        mail(world, How::Dropped)
    }),
    Fault::passing("refused-mail", "look-ups of the e-mail records are refused", &[MAIL], |world| {
        mail(world, How::Refused)
    }),
    Fault::passing("garbled-mail", "answers of the e-mail records are no DNS messages", &[MAIL], |world| {
        mail(world, How::Garbled)
    }),
    Fault::passing("cut-mail", "answers of the e-mail records are cut short over UDP and TCP", &[MAIL], |world| {
        mail(world, How::Cut)
    }),
    Fault::passing("forged-mail", "answers of the e-mail records answer another question", &[MAIL], |world| {
        mail(world, How::Forged)
    }),
    Fault::passing("misnumbered-mail", "answers of the e-mail records carry another id", &[MAIL], |world| {
        mail(world, How::Misnumbered)
    }),
    Fault::passing("drop-name-server", "one of the name servers does not answer", &[SERVERS], |world| {
        server(world, Server::Bob, How::Dropped)
    })
    .shown(),
    Fault::passing("servfail-name-server", "one of the name servers fails (SERVFAIL)", &[SERVERS], |world| {
        server(world, Server::Bob, How::ServFail)
    }),
    Fault::passing("drop-parent", "the name servers of the top-level domain do not answer", &[PARENT], |world| {
        server(world, Server::ParentOne, How::Dropped);
        server(world, Server::ParentTwo, How::Dropped);
    }),
    Fault::passing(
        "connect-hang-app",
        "connections to app are never accepted",
        &[blind::HOST, blind::TLS, &["dns.caa", "dns.subdomains", "http.https_only"]],
        |world| world.behave(APP, Manner::Hangs),
    ),
    Fault::passing(
        "tls-reset-app",
        "app resets every TLS handshake",
        &[blind::HOST, blind::TLS, &["dns.caa"]],
        |world| greeting(world, Greeting::Resets),
    ),
    Fault::passing(
        "tls-hang-app",
        "app never answers a TLS handshake",
        &[blind::HOST, blind::TLS, &["dns.caa"]],
        |world| greeting(world, Greeting::Hangs),
    ),
    Fault::passing(
        "http-reset",
        "the domain resets every connection once it has read the request",
        &[blind::FRONT, blind::HOST, &["latency.routes"]],
        |world| quirk(world, At::Everything, Quirk::Reset),
    ),
    Fault::passing(
        "http-hang",
        "the domain never answers a request",
        &[blind::FRONT, blind::HOST, &["latency.routes"]],
        |world| quirk(world, At::Everything, Quirk::Hang),
    ),
    Fault::passing(
        "http-429",
        "the domain answers every request with too many requests (429)",
        &[blind::FRONT, blind::HOST, &["http.https_only", "latency.routes"]],
        |world| quirk(world, At::Everything, Quirk::Status(429)),
    ),
    Fault::passing(
        "http-503",
        "the domain answers every request with service unavailable (503)",
        &[blind::FRONT, blind::HOST, &["http.https_only", "latency.routes"]],
        |world| quirk(world, At::Everything, Quirk::Status(503)),
    ),
    Fault::passing("script-reset", "requests for scripts end in a reset connection", &[SCRIPT], |world| {
        quirk(world, At::Scripts, Quirk::Reset)
    }),
    Fault::passing("script-hang", "requests for scripts are never answered", &[SCRIPT], |world| {
        quirk(world, At::Scripts, Quirk::Hang)
    }),
    Fault::passing(
        "script-429",
        "requests for scripts are answered with too many requests (429)",
        &[SCRIPT],
        |world| quirk(world, At::Scripts, Quirk::Status(429)),
    ),
    Fault::passing(
        "script-503",
        "requests for scripts are answered with service unavailable (503)",
        &[SCRIPT],
        |world| quirk(world, At::Scripts, Quirk::Status(503)),
    ),
    Fault::passing("route-429", "the dashboard answers with too many requests (429)", &[ROUTE], |world| {
        quirk(world, DASHBOARD, Quirk::Status(429))
    }),
    Fault::passing("route-503", "the dashboard answers with service unavailable (503)", &[ROUTE], |world| {
        quirk(world, DASHBOARD, Quirk::Status(503))
    }),
    Fault::passing("route-reset", "requests for the dashboard end in a reset connection", &[ROUTE], |world| {
        quirk(world, DASHBOARD, Quirk::Reset)
    }),
    Fault::passing("route-hang", "requests for the dashboard are never answered", &[ROUTE], |world| {
        quirk(world, DASHBOARD, Quirk::Hang)
    }),
    Fault::passing("drop-own-resolver", "this machine's own resolver is silent", &[], |world| {
        server(world, Server::Resolver, How::Dropped)
    })
    .telling("your own resolver did not answer (9.9.9.9:53 did not answer within"),
    Fault::passing("refused-own-resolver", "this machine's own resolver refuses everything", &[], |world| {
        server(world, Server::Resolver, How::Refused)
    })
    .telling("the domain's own servers were asked"),
    Fault::passing("servfail-own-resolver", "this machine's own resolver fails at everything", &[], |world| {
        server(world, Server::Resolver, How::ServFail)
    })
    .telling("the domain's own servers were asked"),
    Fault::passing("servfail-parent", "the name servers of the top-level domain fail (SERVFAIL)", &[PARENT], |world| {
        server(world, Server::ParentOne, How::ServFail);
        server(world, Server::ParentTwo, How::ServFail);
    }),
];

const DASHBOARD: At = At::Path("/dashboard");

fn trouble(world: &mut World, server: Option<Server>, under: Under, kinds: &'static [Kind], how: How) {
    world.names.troubles.push(Trouble { server, under, kinds, how });
}

fn apex(world: &mut World, how: How) {
    let under = Under::At(DOMAIN.to_owned());
    trouble(world, None, under, &[Kind::A, Kind::Aaaa], how);
}

fn mail(world: &mut World, how: How) {
    let names = [
        Under::At(DOMAIN.to_owned()),
        Under::At(format!("_dmarc.{DOMAIN}")),
        Under::Below(format!("_domainkey.{DOMAIN}")),
    ];
    for under in names {
        trouble(world, None, under, &[Kind::Txt], how);
    }
}

fn server(world: &mut World, server: Server, how: How) {
    trouble(world, Some(server), Under::All, &[], how);
}

fn greeting(world: &mut World, greeting: Greeting) {
    world.site("app.juniperdesk.example").greeting = greeting;
}

fn quirk(world: &mut World, at: At, quirk: Quirk) {
    world.site(DOMAIN).quirks.push((at, quirk));
}
