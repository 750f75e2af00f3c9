//! Faults on the way to the product's mailboxes: mail hosts, encryption between servers, the logo.

use super::Fault;
use super::mail::{dmarc, revoke};
use crate::names::{Data, Kind};
use crate::post::POST;
use crate::records::{DMARC, sign_zone};
use crate::site::{Chain, Greeting, Pages, Site};
use crate::world::{DOMAIN, Manner, ORIGIN, World};
use std::net::{IpAddr, Ipv4Addr};

const STS: &str = "v=STSv1; id=20261121";
const LOGO: &str = "default._bimi.juniperdesk.example";
/// A logo that keeps to the profile.
const MARK: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.2\" baseProfile=\"tiny-ps\" viewBox=\"0 0 64 64\">\
    <title>Juniper Desk</title><rect width=\"64\" height=\"64\" fill=\"#285\"/></svg>";
/// What holds the certificate of the mail host against records.
const DANE: &[&[&str]] = &[&["mail.mx", "mail.transport"]];
/// What speaks to the mail host.
const HOST: &[&[&str]] = &[&["mail.mx"]];

pub(super) const ROWS: [Fault; 30] = [
    Fault::found("mx-none", "the domain has no MX record", &["mail.mx"], |world| {
        world.names.set(DOMAIN, Kind::Mx, None);
    }),
    Fault::trap("mx-null", "the domain says that it takes no mail", |world| {
        world.names.set(DOMAIN, Kind::Mx, [Data::mx(0, "")]);
    })
    .telling("the domain takes no mail"),
    Fault::found("mx-dead", "the host that should take the mail does not exist", &["mail.mx"], |world| {
        world.names.set(DOMAIN, Kind::Mx, [Data::mx(1, "smtp-old.google.com")]);
    }),
    Fault::found("mx-refuses", "the mail host refuses all mail", &["mail.mx"], |world| {
        world.post.says = "554 No SMTP service here";
    }),
    Fault::found("mx-plain", "the mail host offers no encryption", &["mail.mx"], |world| {
        world.post.starttls = false;
    }),
    Fault::found("mx-certificate-expired", "the certificate of the mail host is over", &["mail.mx"], |world| {
        world.site(POST).chain = Chain::Expired;
    }),
    Fault::passing("mx-port-blocked", "the network lets nobody out to port 25", HOST, |world| {
        manner(world, Manner::Hangs);
    }),
    Fault::passing("mx-port-refused", "the network refuses connections to port 25", HOST, |world| {
        manner(world, Manner::Refuses);
    }),
    Fault::passing("mx-busy", "the mail host asks to come back later", HOST, |world| {
        world.post.says = "421 4.7.0 Try again later";
    }),
    Fault::passing("mx-resets", "the mail host breaks the connection off", HOST, |world| {
        world.post.mood = Greeting::Resets;
    }),
    Fault::found(
        "mta-sts-without-policy",
        "a record announces a policy that is nowhere",
        &["mail.transport"],
        |world| {
            world.names.add(&format!("_mta-sts.{DOMAIN}"), Data::txt(STS));
        },
    ),
    Fault::found("mta-sts-forgets-host", "the enforced policy names another mail host", &["mail.transport"], |world| {
        policy(world, "version: STSv1\r\nmode: enforce\r\nmx: mail.oldhost.example\r\nmax_age: 604800\r\n");
    }),
    Fault::found(
        "mta-sts-certificate",
        "the certificate of the host that holds the policy is over",
        &["mail.transport"],
        |world| {
            policy(world, "version: STSv1\r\nmode: testing\r\nmx: *.google.com\r\nmax_age: 604800\r\n");
            world.site(&format!("mta-sts.{DOMAIN}")).chain = Chain::Expired;
        },
    )
    .telling("the certificate of its host is not trusted"),
    Fault::trap("mta-sts-whole", "a policy that names the mail host by a pattern", |world| {
        policy(world, "version: STSv1\r\nmode: enforce\r\nmx: *.google.com\r\nmax_age: 604800\r\n");
    }),
    Fault::found("tls-reports-nowhere", "the record for TLS reports names no place", &["mail.transport"], |world| {
        world.names.add(&format!("_smtp._tls.{DOMAIN}"), Data::txt("v=TLSRPTv1; rua=tls@juniperdesk.example"));
    }),
    Fault::found("bimi-no-logo", "the BIMI record names a logo without https", &["mail.bimi"], |world| {
        world.names.add(LOGO, Data::txt("v=BIMI1; l=http://juniperdesk.example/logo.svg"));
    }),
    Fault::found("bimi-two", "there are two BIMI records", &["mail.bimi"], |world| {
        for name in ["logo", "mark"] {
            world.names.add(LOGO, Data::txt(&format!("v=BIMI1; l=https://juniperdesk.example/{name}.svg")));
        }
    }),
    Fault::found("bimi-while-watching", "there is a logo while DMARC only watches", &["mail.bimi"], |world| {
        // Reports of too few days to advise more than watching.
        world.files.reports.days = 5;
        dmarc(world, &DMARC.replace("p=quarantine", "p=none"));
        world.names.add(LOGO, Data::txt("v=BIMI1; l=https://juniperdesk.example/logo.svg"));
    }),
    Fault::found(
        "dane-misfits",
        "the DANE record of the mail host is of another certificate",
        &["mail.transport"],
        |world| {
            tlsa(world, [3, 1, 1]);
            signed(world);
        },
    )
    .telling("senders that check DANE do not deliver to it"),
    Fault::trap("dane-unsigned", "a DANE record that fits nothing stands in a zone that is not signed", |world| {
        tlsa(world, [3, 1, 1]);
    })
    .telling("in a zone that is not signed with DNSSEC, so senders skip it"),
    Fault::found(
        "dane-skipped",
        "the DANE record of the mail host is of a kind for web servers",
        &["mail.transport"],
        |world| {
            tlsa(world, [1, 0, 1]);
        },
    )
    .telling("all of them are skipped"),
    Fault::passing(
        "dane-unspoken",
        "there is a DANE record, and the network lets nobody out to port 25",
        DANE,
        |world| {
            tlsa(world, [3, 1, 1]);
            manner(world, Manner::Hangs);
        },
    ),
    Fault::found(
        "mta-sts-unproven",
        "the policy is enforced, and the certificate of the mail host is over",
        &["mail.mx", "mail.transport"],
        |world| {
            policy(world, "version: STSv1\r\nmode: enforce\r\nmx: *.google.com\r\nmax_age: 604800\r\n");
            world.site(POST).chain = Chain::Expired;
        },
    )
    .telling("cannot prove its name"),
    Fault::found("bimi-logo-gone", "the logo that the BIMI record names is not there", &["mail.bimi"], |world| {
        world.names.add(LOGO, Data::txt("v=BIMI1; l=https://juniperdesk.example/brand/logo.svg"));
    })
    .telling("answers with the status 404"),
    Fault::found("bimi-logo-script", "the logo for mailboxes holds a script", &["mail.bimi"], |world| {
        brand(world, &MARK.replace("<rect", "<script>1</script><rect"), "");
    })
    .telling("the profile has no script"),
    Fault::found("bimi-certificate-none", "the certificate of the logo is a page", &["mail.bimi"], |world| {
        brand(world, MARK, "<html></html>");
    })
    .telling("there is no certificate in it"),
    Fault::trap("bimi-whole", "the logo keeps to the profile, and its certificate is of it", |world| {
        marked(world, MARK, false);
    })
    .telling("the logo is the one in the certificate"),
    Fault::found("bimi-other-logo", "the certificate of the logo is of another logo", &["mail.bimi"], |world| {
        marked(world, &MARK.replace("#285", "#852"), false);
    })
    .telling("is not the one in its certificate"),
    Fault::found(
        "bimi-forged",
        "the certificate of the logo is not signed by the authority that it names",
        &["mail.bimi"],
        |world| marked(world, MARK, true),
    )
    .telling("is not by its key"),
    Fault::found(
        "alignment-key-revoked",
        "the key of the service that sends the invoices is revoked",
        &["mail.alignment", "mail.dkim"],
        |world| revoke(world, "pm"),
    ),
];

/// A DANE record that fits nothing.
fn tlsa(world: &mut World, kind: [u8; 3]) {
    world.names.add(&format!("_25._tcp.{POST}"), Data::Tlsa(kind, vec![0; 32]));
}

/// The zone of the mail host is signed.
fn signed(world: &mut World) {
    for zone in ["com", "google.com"] {
        sign_zone(&mut world.names, zone);
    }
}

/// A logo on a host of its own, with a certificate file where one is given.
fn brand(world: &mut World, logo: &str, certificate: &str) {
    let host = format!("brand.{DOMAIN}");
    let named = if certificate.is_empty() { String::new() } else { format!("; a=https://{host}/mark.pem") };
    world.names.add(LOGO, Data::txt(&format!("v=BIMI1; l=https://{host}/logo.svg{named}")));
    world.point(&host, ORIGIN.v4.iter().copied().map(|address: Ipv4Addr| IpAddr::V4(address)));
    let pages = Pages::Texts(vec![
        ("/logo.svg".to_owned(), "image/svg+xml", logo.to_owned()),
        ("/mark.pem".to_owned(), "application/x-pem-file", certificate.to_owned()),
    ]);
    world.sites.insert(host, Site::new(pages));
}

/// A logo that keeps to the profile, with a certificate of this one.
fn marked(world: &mut World, logo: &str, forged: bool) {
    // A file that is no certificate is told by the tests.
    let certificate = crate::mark::pem(world.now, logo, forged).unwrap_or_else(|_| "none".to_owned());
    brand(world, MARK, &certificate);
}

fn manner(world: &mut World, manner: Manner) {
    let addresses: Vec<IpAddr> = world
        .names
        .at(POST, Kind::A)
        .filter_map(|data| match data {
            Data::A(address) => Some(IpAddr::V4(*address)),
            _ => None,
        })
        .collect();
    for address in addresses {
        if let Some(place) = world.places.get_mut(&address) {
            place.manner = manner;
        }
    }
}

/// The record of MTA-STS, and the policy on a host of its own.
fn policy(world: &mut World, text: &str) {
    let host = format!("mta-sts.{DOMAIN}");
    world.names.add(&format!("_mta-sts.{DOMAIN}"), Data::txt(STS));
    world.point(&host, ORIGIN.v4.iter().copied().map(|address: Ipv4Addr| IpAddr::V4(address)));
    let pages = Pages::Texts(vec![("/.well-known/mta-sts.txt".to_owned(), "text/plain", text.to_owned())]);
    world.sites.insert(host, Site::new(pages));
}
