//! Faults of who may issue certificates, and of names that lead to places that strangers could claim.

use super::Fault;
use crate::names::{Data, How, Kind, Trouble, Under};
use crate::records::{SURGE, VERCEL};
use crate::site::{At, Chain, Pages, Quirk, Site};
use crate::world::{DOMAIN, World};

const APP: &str = "app.juniperdesk.example";
const DOCS: &str = "docs.juniperdesk.example";

pub(super) const ROWS: [Fault; 13] = [
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
    Fault::passing("servfail-caa", "look-ups of CAA records fail (SERVFAIL)", &["dns.caa", "dns.records"], |world| {
        let under = Under::Below(DOMAIN.to_owned());
        world.names.troubles.push(Trouble { server: None, under, kinds: &[Kind::Caa], how: How::ServFail });
    }),
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
        &[
            "dns.dangling",
            "http.cookies",
            "http.https_only",
            "http.mixed_content",
            "http.redirects",
            "http.third_party",
        ],
        |world| {
            docs(world, SURGE, "<h1>How Juniper Desk works</h1>");
            world.site(DOCS).quirks.push((At::Everything, Quirk::Status(503)));
        },
    ),
    Fault::passing(
        "claim-hang",
        "the service that docs is a CNAME to never answers",
        &["dns.dangling", "http.cookies", "http.mixed_content", "http.redirects", "http.third_party"],
        |world| {
            docs(world, SURGE, "<h1>How Juniper Desk works</h1>");
            world.site(DOCS).quirks.push((At::Everything, Quirk::Hang));
        },
    ),
];

/// docs as an alias to a service that shows this page.
fn docs(world: &mut World, service: &str, page: &str) {
    world.names.put(DOCS, [Data::cname(service)]);
    let page = format!("<!doctype html><title>Docs</title>{page}");
    let pages = Pages::Texts(vec![("/".to_owned(), "text/html; charset=utf-8", page)]);
    world.sites.insert(DOCS.to_owned(), Site::new(pages));
}
