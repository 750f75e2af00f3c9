//! The records of the healthy world: the product's zone, its parents, and the providers its records point to.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::{Duration, SystemTime};

use crate::keys;
use crate::members;
use crate::names::{Binding, Data, Denying, Digest, Names, Server, Signing};
use crate::registry;
use crate::world::{Addresses, DESK, DOMAIN, HOSTS, ISSUER, ISSUER_AT, LIST_AT, REGISTRY_AT, RESOLVER, WIDGETS};

/// The product's name servers, as parent and child list them.
pub(crate) const CHILD: [&str; 2] = ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"];
/// A third name server that knows the zone but belongs into no list.
pub(crate) const STRAY: &str = "carl.ns.cloudflare.com";
/// The name servers of the top-level domain.
const PARENT: [&str; 2] = ["a.nic.example", "b.nic.example"];
/// Name servers of everybody else.
const OTHERS: [&str; 2] = ["ns1.larkhosting.example", "ns2.larkhosting.example"];
/// A provider's host that pages can be served from.
pub(crate) const HOSTED: &str = "juniperdesk.larkhosting.example";
/// A name at that provider which nobody has registered any more.
pub(crate) const GONE: &str = "juniperdesk-old.larkhosting.example";
/// Hosts of services that names can be aliases to; the second asks for proof of ownership.
pub(crate) const SURGE: &str = "na-west1.surge.sh";
pub(crate) const VERCEL: &str = "cname.vercel-dns.com";
/// The search over certificate logs.
pub(crate) const LOGS: &str = "crt.sh";
/// An outside inbox for DMARC reports, which has not agreed to take those of the product.
pub(crate) const INBOX: &str = "dmarc-inbox.example";
/// The product's SPF record.
pub(crate) const SPF: &str = "v=spf1 include:_spf.google.com include:spf.mtasv.net -all";
/// The product's DMARC record.
pub(crate) const DMARC: &str = "v=DMARC1; p=quarantine; rua=mailto:dmarc@juniperdesk.example";

/// The name servers of the lab with their public addresses.
pub(crate) const SERVERS: [(Server, Addresses); 8] = [
    (
        Server::Ada,
        Addresses {
            v4: &[Ipv4Addr::new(173, 245, 58, 101)],
            v6: &[Ipv6Addr::new(0x2606, 0x4700, 0x50, 0, 0, 0, 0xadf5, 0x3a65)],
        },
    ),
    (
        Server::Bob,
        Addresses {
            v4: &[Ipv4Addr::new(172, 64, 33, 104)],
            v6: &[Ipv6Addr::new(0x2606, 0x4700, 0x58, 0, 0, 0, 0xac40, 0x2168)],
        },
    ),
    (
        Server::Carl,
        Addresses {
            v4: &[Ipv4Addr::new(173, 245, 59, 81)],
            v6: &[Ipv6Addr::new(0x2606, 0x4700, 0x58, 0, 0, 0, 0xadf5, 0x3b51)],
        },
    ),
    (
        Server::ParentOne,
        Addresses {
            v4: &[Ipv4Addr::new(194, 169, 218, 42)],
            v6: &[Ipv6Addr::new(0x2001, 0x67c, 0x13cc, 0, 0, 0, 1, 0x42)],
        },
    ),
    (
        Server::ParentTwo,
        Addresses {
            v4: &[Ipv4Addr::new(185, 24, 64, 42)],
            v6: &[Ipv6Addr::new(0x2a04, 0x2b00, 0x13cc, 0, 0, 0, 1, 0x42)],
        },
    ),
    (Server::Root, Addresses { v4: &[Ipv4Addr::new(198, 41, 0, 4)], v6: &[] }),
    (Server::Tops, Addresses { v4: &[Ipv4Addr::new(192, 5, 6, 30)], v6: &[] }),
    (Server::Others, Addresses { v4: &[Ipv4Addr::new(5, 161, 8, 53), Ipv4Addr::new(5, 161, 9, 53)], v6: &[] }),
];

/// Top-level domains that one server answers for.
pub(crate) const TOPS: [&str; 3] = ["com", "net", "org"];

/// Zones of providers, so that every name the product's records mention can be looked up.
pub(crate) const PROVIDERS: [&str; 16] = [
    "google.com",
    "mtasv.net",
    "sendgrid.net",
    "zendesk.com",
    "mcsv.net",
    "mailgun.org",
    "stspg-customer.com",
    "larkhosting.example",
    "lanternauthority.example",
    INBOX,
    "cloudflare.com",
    "iana.org",
    SURGE,
    VERCEL,
    "azurewebsites.net",
    LOGS,
];

/// Texts of the providers, SPF records for the most part.
const TEXTS: [(&str, &str); 12] = [
    (
        "_spf.google.com",
        "v=spf1 include:_netblocks.google.com include:_netblocks2.google.com include:_netblocks3.google.com ~all",
    ),
    (
        "_netblocks.google.com",
        "v=spf1 ip4:35.190.247.0/24 ip4:64.233.160.0/19 ip4:66.102.0.0/20 ip4:66.249.80.0/20 ip4:72.14.192.0/18 ip4:74.125.0.0/16 ip4:108.177.8.0/21 ip4:173.194.0.0/16 ip4:209.85.128.0/17 ip4:216.58.192.0/19 ip4:216.239.32.0/19 ~all",
    ),
    (
        "_netblocks2.google.com",
        "v=spf1 ip6:2001:4860:4000::/36 ip6:2404:6800:4000::/36 ip6:2607:f8b0:4000::/36 ip6:2800:3f0:4000::/36 ip6:2a00:1450:4000::/36 ip6:2c0f:fb50:4000::/36 ~all",
    ),
    (
        "_netblocks3.google.com",
        "v=spf1 ip4:172.217.0.0/19 ip4:172.217.32.0/20 ip4:172.217.128.0/19 ip4:172.217.160.0/20 ip4:172.253.56.0/21 ip4:35.191.0.0/16 ip4:130.211.0.0/22 ~all",
    ),
    ("spf.mtasv.net", "v=spf1 ip4:50.31.156.96/27 ip4:104.245.209.192/26 ip4:50.31.205.0/24 ip4:147.160.158.0/24 ~all"),
    ("sendgrid.net", "v=spf1 ip4:167.89.0.0/17 ip4:208.117.48.0/20 ip4:50.31.32.0/19 ip4:198.37.144.0/20 ~all"),
    (
        "mail.zendesk.com",
        "v=spf1 ip4:103.151.192.0/23 ip4:185.12.80.0/22 ip4:188.172.128.0/20 ip4:192.161.144.0/20 ~all",
    ),
    ("servers.mcsv.net", "v=spf1 ip4:205.201.128.0/20 ip4:198.2.128.0/18 ip4:148.105.8.0/21 ~all"),
    ("mailgun.org", "v=spf1 include:_spf.mailgun.org include:_spf.eu.mailgun.org ~all"),
    ("_spf.mailgun.org", "v=spf1 ip4:209.61.151.0/24 ip4:166.78.68.0/22 ip4:198.61.254.0/23 ~all"),
    ("_spf.eu.mailgun.org", "v=spf1 ip4:141.193.32.0/23 ip4:159.135.140.80/29 ip4:161.38.204.0/22 ~all"),
    ("stspg-customer.com", "v=spf1 ip4:192.237.159.42 ip4:192.237.159.43 ip4:167.89.64.9 ~all"),
];

/// The name space of the healthy world.
pub(crate) fn healthy(now: SystemTime) -> Names {
    let mut names = Names::default();
    above(&mut names);
    providers(&mut names);
    product(&mut names, serial(now));
    sign(&mut names);
    names
}

/// The chain from the root to the product is signed, as Cloudflare does it: fresh signatures that live for some days.
fn sign(names: &mut Names) {
    for zone in ["", "example", DOMAIN] {
        sign_zone(names, zone);
        if zone == "example" {
            // As registries do it, who delegate far more than they sign.
            names.denying.insert(zone.to_owned(), Denying::Nsec3 { rounds: 0, salt: &[], opt_out: true });
        }
    }
}

/// Signs a zone, and has the one above it hold the digest of its key.
pub(crate) fn sign_zone(names: &mut Names, zone: &str) {
    names.signing.insert(zone.to_owned(), Signing { life: 14, left: 10 });
    names.add(zone, Data::Dnskey);
    if !zone.is_empty() {
        names.add(zone, Data::Ds(Digest::Sha256));
    }
}

/// A DKIM record for this public key.
pub(crate) fn dkim(key: &str) -> Data {
    Data::Txt(format!("v=DKIM1; k=rsa; p={key}"))
}

/// A serial number in the way Cloudflare counts: seconds, a few days back.
pub(crate) fn serial(now: SystemTime) -> u32 {
    let edited =
        now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().saturating_sub(Duration::from_secs(4 * 86_400));
    u32::try_from(edited.as_secs()).unwrap_or(u32::MAX)
}

fn above(names: &mut Names) {
    names.cut("", &["a.root-servers.net"], 2_026_112_000);
    names.add("a.root-servers.net", Data::A(Ipv4Addr::new(198, 41, 0, 4)));
    for top in TOPS {
        names.cut(top, &["a.gtld-servers.net"], 1_795_000_000);
    }
    names.add("a.gtld-servers.net", Data::A(Ipv4Addr::new(192, 5, 6, 30)));
    names.cut("example", &PARENT, 1_795_000_417);
    let hosts = [CHILD[0], CHILD[1], STRAY, PARENT[0], PARENT[1]];
    for (host, (_, addresses)) in hosts.into_iter().zip(SERVERS) {
        for record in addresses.records() {
            names.add(host, record);
        }
    }
    names.add("dns9.quad9.net", Data::A(RESOLVER));
}

fn providers(names: &mut Names) {
    for zone in PROVIDERS {
        names.cut(zone, &OTHERS, 2_026_110_901);
    }
    names.add(OTHERS[0], Data::A(Ipv4Addr::new(5, 161, 8, 53)));
    names.add(OTHERS[1], Data::A(Ipv4Addr::new(5, 161, 9, 53)));
    for (name, text) in TEXTS {
        names.add(name, Data::txt(text));
    }
    names.add("smtp.google.com", Data::A(crate::world::POST_AT));
    names.add("smtp.google.com", Data::Aaaa(Ipv6Addr::new(0x2a00, 0x1450, 0x4025, 0x401, 0, 0, 0, 0x1a)));
    names.add(crate::submission::HOST, Data::A(crate::world::SUBMISSION_AT));
    names.add(crate::inbox::HOST, Data::A(crate::world::INBOX_AT));
    names.add(ISSUER, Data::A(ISSUER_AT));
    names.add(LOGS, Data::A(ISSUER_AT));
    for host in WIDGETS {
        names.add(host, Data::A(ISSUER_AT));
    }
    names.add(crate::cloudflare::HOST, Data::A(crate::world::API_AT));
    names.add(registry::LIST, Data::A(LIST_AT));
    names.add(registry::SERVER, Data::A(REGISTRY_AT));
    for record in crate::world::APEX.records() {
        for host in [HOSTED, SURGE, VERCEL] {
            names.add(host, record.clone());
        }
    }
}

fn product(names: &mut Names, serial: u32) {
    names.cut(DOMAIN, &CHILD, serial);
    names.delegation = CHILD.map(str::to_owned).to_vec();
    for (host, addresses) in HOSTS.into_iter().chain([(members::HOST, DESK)]) {
        for record in addresses.records() {
            names.add(host, record);
        }
    }
    names.add(DOMAIN, Data::mx(1, "smtp.google.com"));
    names.add(DOMAIN, Data::txt(SPF));
    names.add(DOMAIN, Data::txt("google-site-verification=h3Yk0bTqXcV9sJ2mWn7RfLdP5uGzA8eKo1iMvQ4yBtE"));
    for (tag, value) in [("issue", "lanternauthority.example"), ("iodef", "mailto:security@juniperdesk.example")] {
        names.add(DOMAIN, Data::caa(tag, value));
    }
    names.add(DOMAIN, Data::Https(Binding::speaking(&["h2"])));
    names.add(&selector("google"), dkim(keys::GOOGLE));
    names.add(&selector("pm"), dkim(keys::POSTMARK));
    names.add(&format!("_dmarc.{DOMAIN}"), Data::txt(DMARC));
}

/// The name that holds the DKIM key of a selector.
pub(crate) fn selector(label: &str) -> String {
    format!("{label}._domainkey.{DOMAIN}")
}
