//! Others that fight back: name servers, registries, logs, resolvers and services whose answers are made to hurt, and certificates out of all shape.

use super::{Fault, blind};
use crate::cloudflare;
use crate::flood::{Coding, ENDLESS, Flood};
use crate::names::{Data, How, Kind, Trouble, Under};
use crate::records::LOGS;
use crate::registry::{LIST, SERVER};
use crate::site::{At, Chain, Quirk};
use crate::world::{DOMAIN, House, ORIGIN, World};

const JSON: &str = "application/json";
const MESSAGE: &str = "application/dns-message";
const DEEP: u64 = 100_000;
const TEN_GIGABYTES: u64 = 10_000;
const REGISTRATION: &[&str] = &["domain.registration"];
const ACCOUNT: &[&str] = &["edge.cloudflare"];
const PROPAGATION: &[&str] = &["dns.propagation"];
/// What reads the texts of the domain itself.
const TEXTS: &[&str] = &["dns.nameservers", "dns.propagation", "dns.records", "mail.alignment", "mail.spf"];

pub(super) const ROWS: [Fault; 25] = [
    Fault::passing("text-drip", "texts of the domain come byte by byte without end", &[TEXTS], |world| {
        texts(world, How::Drips)
    })
    .telling("did not answer over TCP"),
    Fault::passing(
        "text-flood",
        "texts of the domain are drowned in answers that nobody asked for",
        &[TEXTS],
        |world| texts(world, How::Floods),
    )
    .telling("did not answer over TCP"),
    Fault::passing("text-twisted", "names in answers about texts point to themselves", &[TEXTS], |world| {
        texts(world, How::Twisted)
    })
    .telling("cannot be read"),
    Fault::passing(
        "text-stuffed",
        "texts of the domain come behind a thousand aliases of others",
        &[&["dns.nameservers", "dns.propagation", "dns.records", "mail.alignment", "mail.spf"]],
        |world| texts(world, How::Stuffed),
    )
    .telling("more than 256 are not read"),
    Fault::trap("text-controls", "a text of the domain is full of characters that hide and turn text", |world| {
        world.names.add(DOMAIN, Data::txt("v=x \u{1b}[2J\u{202e}\u{0}\u{7f}\u{2066}"))
    }),
    Fault::passing("registry-deep", "the registry's answer nests a hundred thousand lists", &[REGISTRATION], |world| {
        host(world, SERVER, Flood::body(JSON, "", "[", DEEP))
    })
    .telling("it is not JSON"),
    Fault::passing("registry-endless", "the registry's answer never ends", &[REGISTRATION], |world| {
        host(world, SERVER, Flood::body(JSON, "{\"status\":[", "\"active\",", ENDLESS))
    })
    .telling("sent more than 256 KB"),
    Fault::passing("registry-bomb", "the registry's answer unpacks to ten gigabytes", &[REGISTRATION], |world| {
        host(world, SERVER, Flood::body(JSON, "", "[\"active\"],", TEN_GIGABYTES).packed(Coding::Gzip))
    })
    .telling("sent more than 256 KB"),
    Fault::passing("registry-inside", "the registry sends askers into a private network", &[REGISTRATION], |world| {
        host(world, SERVER, Flood::to("https://10.0.0.12/domain/juniperdesk.example"))
    })
    .telling("10.0.0.12"),
    Fault::passing("registry-circle", "the registry sends askers on and on", &[REGISTRATION], |world| {
        host(world, SERVER, Flood::to("https://rdap.nic.example/domain/juniperdesk.example"))
    })
    .telling("sends on and on"),
    Fault::passing(
        "registry-downgrade",
        "the registry sends askers to an unencrypted address",
        &[REGISTRATION],
        |world| host(world, SERVER, Flood::to("http://rdap.nic.example/domain/juniperdesk.example")),
    )
    .telling("not asked over https"),
    Fault::passing(
        "registry-headers",
        "the registry answers with twenty thousand header fields",
        &[REGISTRATION],
        |world| host(world, SERVER, Flood::headed(20_000, None)),
    )
    .telling("too many or too large"),
    Fault::passing("registry-list-endless", "the list of registries never ends", &[REGISTRATION], |world| {
        host(world, LIST, Flood::body(JSON, "{\"services\":[", "[[\"a\"],[\"https://a.example/\"]],", ENDLESS))
    })
    .telling("sent more than 2048 KB"),
    Fault::trap("logs-deep", "the search over certificate logs nests a hundred thousand lists", |world| {
        host(world, LOGS, Flood::body(JSON, "", "[", DEEP))
    }),
    Fault::trap("logs-endless", "the search over certificate logs names hosts without end", |world| {
        host(world, LOGS, Flood::body(JSON, "[", "{\"name_value\":\"a.juniperdesk.example\"},", ENDLESS))
    }),
    Fault::passing("doh-endless", "a public resolver's answer over HTTPS never ends", &[PROPAGATION], |world| {
        host(world, "cloudflare-dns.com", Flood::body(MESSAGE, "", "\u{0}\u{0}\u{1}\u{0}", ENDLESS))
    })
    .telling("cloudflare-dns.com sent"),
    Fault::passing(
        "doh-page",
        "a public resolver answers with a page in place of a message",
        &[PROPAGATION],
        |world| {
            host(world, "cloudflare-dns.com", Flood::body("text/html", "<!doctype html><title>Hello</title>", "", 0))
        },
    )
    .telling("in place of a DNS message"),
    Fault::passing("cloudflare-api-deep", "Cloudflare's API nests a hundred thousand lists", &[ACCOUNT], |world| {
        host(world, cloudflare::HOST, Flood::body(JSON, "", "[", DEEP))
    })
    .telling("did not answer with JSON"),
    Fault::passing("cloudflare-api-endless", "Cloudflare's API never ends its answer", &[ACCOUNT], |world| {
        host(world, cloudflare::HOST, Flood::body(JSON, "{\"result\":[", "{\"id\":\"a\"},", ENDLESS))
    })
    .telling("more than 4 MB"),
    Fault::trap("health-deep", "the health address nests a hundred thousand lists", |world| {
        at(world, At::Path("/health"), Flood::body(JSON, "", "[", DEEP))
    }),
    Fault::trap("missing-endless", "what is not there is answered with a page without end", |world| {
        let missing = Flood::body("text/html", "<!doctype html><title>Not here</title>", "<p>sorry</p>", ENDLESS);
        at(world, At::Missing, Flood { status: 404, ..missing });
    }),
    Fault::found("map-endless", "the source maps of the scripts never end", &["bundle.source_maps"], |world| {
        let map = "{\"version\":3,\"sources\":[\"../src/boards.ts\"],\"sourcesContent\":[\"// keeps boards tidy\"],\"mappings\":\"";
        at(world, At::Suffix(".map"), Flood::body(JSON, map, "AAAA", ENDLESS));
    })
    .blinding(&[&["bundle.secrets"]])
    .telling("only its first"),
    Fault::found("origin-bomb", "the server behind the CDN unpacks to ten gigabytes", &["edge.proxy"], |world| {
        world.names.add("direct.juniperdesk.example", Data::A(ORIGIN.v4[0]));
        let page = "<!doctype html><html lang=\"en\"><title>Juniper Desk: the desk that keeps itself tidy</title>";
        at(
            world,
            At::House(House::Origin),
            Flood::body("text/html", page, "more of it ", TEN_GIGABYTES).packed(Coding::Gzip),
        );
    }),
    Fault::trap("certificate-crowded", "the certificate of app is for fifteen hundred names", |world| {
        world.site("app.juniperdesk.example").chain = Chain::Crowded
    }),
    Fault::passing(
        "certificate-nonsense",
        "app sends bytes that nest too deep to be a certificate",
        &[blind::HOST, &["tls.certificate"]],
        |world| world.site("app.juniperdesk.example").chain = Chain::Nonsense,
    )
    .telling("the certificate cannot be read"),
];

fn texts(world: &mut World, how: How) {
    let under = Under::At(DOMAIN.to_owned());
    world.names.troubles.push(Trouble { server: None, under, kinds: &[Kind::Txt], how });
}

fn host(world: &mut World, host: &str, flood: Flood) {
    world.site(host).quirks.push((At::Everything, Quirk::Floods(flood)));
}

fn at(world: &mut World, at: At, flood: Flood) {
    world.site(DOMAIN).quirks.push((at, Quirk::Floods(flood)));
}
