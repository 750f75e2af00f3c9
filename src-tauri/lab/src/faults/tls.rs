//! Faults of certificates, on app where the rest of the audit goes on, and one on the domain itself.

use super::Fault;
use crate::site::Chain;
use crate::world::{DOMAIN, World};

const FINDS: &[&str] = &["tls.certificate"];

pub(super) const ROWS: [Fault; 7] = [
    Fault::found("certificate-expired", "the certificate of app expired three days ago", FINDS, |world| {
        app(world, Chain::Expired)
    })
    .blinding(&["http.redirects"]),
    Fault::found("certificate-wrong-name", "the certificate of app is for another host", FINDS, |world| {
        app(world, Chain::WrongName)
    })
    .blinding(&["http.redirects"]),
    Fault::found(
        "certificate-missing-intermediate",
        "app sends its certificate without the intermediate one",
        FINDS,
        |world| app(world, Chain::NoIntermediate),
    )
    .blinding(&["http.redirects"]),
    Fault::found("certificate-self-signed", "app has signed its certificate itself", FINDS, |world| {
        app(world, Chain::SelfSigned)
    })
    .blinding(&["http.redirects"]),
    Fault::found("certificate-expiring", "the certificate of app has two of its ninety days left", FINDS, |world| {
        app(world, Chain::Expiring)
    })
    .shown(),
    Fault::found(
        "certificate-unknown-issuer",
        "the certificate of app comes from an authority that nobody trusts",
        FINDS,
        |world| app(world, Chain::UnknownIssuer),
    )
    .blinding(&["http.redirects"]),
    Fault::found(
        "apex-certificate-expired",
        "the certificate of the domain itself expired three days ago",
        FINDS,
        |world| world.site(DOMAIN).chain = Chain::Expired,
    )
    .blinding(&["bundle.secrets", "http.canonical", "http.redirects", "http.security_headers", "latency.routes"]),
];

fn app(world: &mut World, chain: Chain) {
    world.site("app.juniperdesk.example").chain = chain;
}
