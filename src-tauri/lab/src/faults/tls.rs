//! Faults of certificates, on app where the rest of the audit goes on, and one on the domain itself.

use super::hosted::allow;
use super::{Fault, blind};
use crate::relic::{GROUPED, Relic};
use crate::site::Chain;
use crate::world::{DOMAIN, World};

const FINDS: &[&str] = &["tls.certificate"];
const RENEWS: &[&str] = &["tls.certificate", "tls.renewal"];
/// What a page that browsers refuse to open hides.
const PAGE: &[&str] = &["http.cookies", "http.cors", "http.mixed_content", "http.redirects", "http.third_party"];

pub(super) const ROWS: [Fault; 42] = [
    Fault::found("certificate-expired", "the certificate of app expired three days ago", RENEWS, |world| {
        app(world, Chain::Expired)
    })
    .blinding(&[blind::HOST]),
    Fault::found("certificate-wrong-name", "the certificate of app is for another host", FINDS, |world| {
        app(world, Chain::WrongName)
    })
    .blinding(&[blind::HOST]),
    Fault::found(
        "certificate-missing-intermediate",
        "app sends its certificate without the intermediate one",
        FINDS,
        |world| app(world, Chain::NoIntermediate),
    )
    .blinding(&[blind::HOST]),
    Fault::found("certificate-self-signed", "app has signed its certificate itself", FINDS, |world| {
        app(world, Chain::SelfSigned)
    })
    .blinding(&[blind::HOST]),
    Fault::found("certificate-expiring", "the certificate of app has two of its ninety days left", RENEWS, |world| {
        app(world, Chain::Expiring)
    })
    .shown(),
    Fault::found(
        "certificate-unknown-issuer",
        "the certificate of app comes from an authority that nobody trusts",
        FINDS,
        |world| app(world, Chain::UnknownIssuer),
    )
    .blinding(&[blind::HOST]),
    Fault::found(
        "apex-certificate-expired",
        "the certificate of the domain itself expired three days ago",
        RENEWS,
        |world| world.site(DOMAIN).chain = Chain::Expired,
    )
    .blinding(&[blind::FRONT, blind::HOST, &["latency.routes"]]),
    Fault::found("tls-old-versions", "app still agrees to TLS 1.0 and 1.1", PROTOCOLS, |world| {
        old(world, Relic::speaking(&[0x0301, 0x0302]))
    }),
    Fault::found("tls-ssl3", "app still agrees to SSL 3.0", &["edge.cloudflare", "tls.protocols"], |world| {
        old(world, Relic { suites: &[0x000A, 0x0005, 0x002F], ..Relic::speaking(&[0x0300]) })
    }),
    Fault::found("tls-only-old", "app speaks nothing newer than TLS 1.0", PROTOCOLS, |world| {
        old(world, Relic { only: true, ..Relic::speaking(&[0x0301]) })
    })
    .blinding(&[blind::HOST, &["tls.certificate", "tls.renewal"]]),
    Fault::found("tls-weak-suites", "app agrees to RC4 and 3DES in TLS 1.2", PROTOCOLS, |world| {
        old(world, Relic::taking(&[0x0005, 0x000A, 0xC012]))
    }),
    Fault::found("tls-anonymous-suites", "app agrees to connections without a certificate", PROTOCOLS, |world| {
        old(world, Relic::taking(&[0xC018, 0x0034]))
    }),
    Fault::found(
        "tls-export-suites",
        "app agrees to suites weakened for export and to no encryption at all",
        PROTOCOLS,
        |world| old(world, Relic::taking(&[0x0003, 0x0008, 0x0002])),
    ),
    Fault::found(
        "tls-compression",
        "app agrees to compress in TLS 1.1, without bound renegotiation",
        PROTOCOLS,
        |world| old(world, Relic { compresses: true, secure: false, ..Relic::speaking(&[0x0302]) }),
    ),
    Fault::found("tls-short-group", "app agrees on keys over a group of 1,024 bits", PROTOCOLS, |world| {
        old(world, Relic { group: Some(128), ..Relic::taking(&GROUPED) })
    })
    .telling("a group of 1024 bits"),
    Fault::found("tls-broken-group", "app agrees on keys over a group of 512 bits", PROTOCOLS, |world| {
        old(world, Relic { group: Some(64), ..Relic::taking(&GROUPED) })
    })
    .telling("a group of 512 bits"),
    Fault::trap("tls-group", "app agrees on keys over a group of 2,048 bits", |world| {
        old(world, Relic { group: Some(256), ..Relic::taking(&GROUPED) })
    }),
    Fault::passing("tls-group-silent", "app falls silent before it names the group", &[PROTOCOLS], |world| {
        old(world, Relic::taking(&GROUPED))
    })
    .telling("group for keys of app"),
    Fault::found("tls-no-http2", "the domain speaks HTTP/1.1 only", &["dns.records", "tls.protocols"], |world| {
        world.site(DOMAIN).two = false
    }),
    Fault::found("certificate-sha1", "the certificate of app is signed with SHA-1", FINDS, |world| {
        app(world, Chain::Sha1)
    })
    .blinding(&[PAGE]),
    Fault::found("certificate-short-key", "the certificate of app has an RSA key of 1,024 bits", FINDS, |world| {
        app(world, Chain::ShortKey)
    })
    .blinding(&[PAGE]),
    Fault::found("certificate-huge-key", "the certificate of app has an RSA key of 16,384 bits", FINDS, |world| {
        app(world, Chain::HugeKey)
    })
    .blinding(&[PAGE]),
    Fault::found("certificate-many", "app sends a hundred certificates", FINDS, |world| app(world, Chain::Many)),
    Fault::found("certificate-long-lived", "the certificate of app was made for 825 days", FINDS, |world| {
        app(world, Chain::LongLived)
    }),
    Fault::found(
        "certificate-must-staple",
        "the certificate of app demands a stapled answer that is not sent",
        FINDS,
        |world| app(world, Chain::MustStaple),
    ),
    Fault::found("certificate-revoked", "app staples the answer that its certificate was revoked", FINDS, |world| {
        app(world, Chain::Revoked)
    }),
    Fault::found("certificate-staple-forged", "app staples an answer that its issuer did not sign", FINDS, |world| {
        app(world, Chain::StapledByStranger)
    }),
    Fault::found("certificate-staple-garbage", "app staples bytes that are no revocation answer", FINDS, |world| {
        app(world, Chain::StapledGarbage)
    })
    .telling("is of no use: the staple cannot be read"),
    Fault::found("certificate-for-clients", "the certificate of app was made for clients", FINDS, |world| {
        app(world, Chain::ForClients)
    })
    .blinding(&[blind::HOST])
    .telling("made for another purpose than web servers"),
    Fault::found("certificate-key-usage", "the key of the certificate of app may not sign", FINDS, |world| {
        app(world, Chain::ForSecrets)
    })
    .telling("does not allow its key to sign"),
    Fault::found("certificate-authority", "the certificate of app may make certificates itself", FINDS, |world| {
        app(world, Chain::Authority)
    })
    .blinding(&[blind::HOST])
    .telling("may make certificates itself"),
    Fault::found(
        "certificate-fenced",
        "the certificate of app is by an authority that may only vouch for other names",
        FINDS,
        |world| app(world, Chain::Fenced),
    )
    .blinding(&[blind::HOST])
    .telling("may not vouch for app.juniperdesk.example"),
    Fault::found(
        "certificate-deep",
        "the certificate of app is one authority further from the root than the one above allows",
        FINDS,
        |world| app(world, Chain::Deep),
    )
    .blinding(&[blind::HOST])
    .telling("more authorities below it than it allows"),
    Fault::found(
        "certificate-mail-authority",
        "the certificate of app is by an authority that was made for mail",
        FINDS,
        |world| app(world, Chain::ForMail),
    )
    .blinding(&[blind::HOST])
    .telling("was not made for web servers"),
    Fault::found(
        "certificate-one-operator",
        "the entries of public logs in the certificate of app are of one operator",
        &["dns.caa", "tls.certificate"],
        |world| app(world, Chain::OneOperator),
    )
    .telling("of 2 public logs of 1 operator"),
    Fault::found(
        "certificate-entry-forged",
        "an entry of a public log in the certificate of app was not signed by that log",
        FINDS,
        |world| app(world, Chain::ForgedEntry),
    )
    .telling("did not sign"),
    Fault::passing(
        "certificate-log-unknown",
        "a public log of the certificate of app is newer than the list of logs",
        &[FINDS],
        |world| {
            allow(world, &["lanternauthority.example", "letsencrypt.org"]);
            app(world, Chain::UnknownLog);
        },
    )
    .telling("the list of 2026-06-16"),
    Fault::found("certificate-shuffled", "app sends its certificates in the wrong order", FINDS, |world| {
        app(world, Chain::Shuffled)
    }),
    Fault::found(
        "certificate-unlogged",
        "the certificate of app is in no public log",
        &["dns.caa", "tls.certificate"],
        |world| app(world, Chain::Unlogged),
    ),
    Fault::trap("certificate-stapled", "app staples the answer that its certificate is good", |world| {
        app(world, Chain::Stapled)
    }),
    Fault::trap("certificate-hostile-names", "the certificate of app has names that try to be markup", |world| {
        app(world, Chain::Hostile)
    }),
    Fault::passing(
        "certificate-chain-endless",
        "app sends more than 64 KB of certificates",
        &[blind::HOST, &["dns.caa", "tls.certificate", "tls.renewal"]],
        |world| app(world, Chain::Endless),
    ),
];

const PROTOCOLS: &[&str] = &["tls.protocols"];

fn old(world: &mut World, relic: Relic) {
    world.site("app.juniperdesk.example").relic = Some(relic);
}

fn app(world: &mut World, chain: Chain) {
    world.site("app.juniperdesk.example").chain = chain;
}
