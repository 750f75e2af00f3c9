//! Faults of signed DNS: a chain that breaks, ends soon, or leads nowhere. The resolver validates, so a break blinds everything else.

use super::Fault;
use super::passing::ZONE;
use crate::names::{Data, Digest, How, Kind, Signing, Trouble, Under};
use crate::world::{DOMAIN, World};

pub(super) const ROWS: [Fault; 9] = [
    Fault::found("dnssec-expired", "the signatures of the zone expired two days ago", &["dns.dnssec"], |world| {
        sign(world, -2);
        world.names.bogus = true;
    })
    .blinding(ZONE),
    Fault::found(
        "dnssec-other-key",
        "the registrar holds the digest of a key that the zone no longer has",
        &["dns.dnssec"],
        |world| {
            digest(world, Some(Digest::Stale));
            world.names.bogus = true;
        },
    )
    .blinding(ZONE),
    Fault::found(
        "dnssec-left-behind",
        "the registrar still holds a digest though the new DNS provider does not sign",
        &["dns.dnssec"],
        |world| {
            unsign(world);
            world.names.bogus = true;
        },
    )
    .blinding(ZONE),
    Fault::found("dnssec-expiring", "the signatures of the zone end in a day", &["dns.dnssec"], |world| sign(world, 1)),
    Fault::found(
        "dnssec-sha1-digest",
        "the registrar holds only a SHA-1 digest of the key",
        &["dns.dnssec"],
        |world| digest(world, Some(Digest::Sha1)),
    ),
    Fault::found("dnssec-unlinked", "the zone is signed but the registrar holds no digest", &["dns.dnssec"], |world| {
        digest(world, None)
    }),
    Fault::trap("dnssec-absent", "the zone is not signed at all, which is allowed", |world| {
        digest(world, None);
        unsign(world);
    }),
    Fault::passing(
        "servfail-dnssec",
        "look-ups of keys and digests fail (SERVFAIL)",
        &[&["dns.dnssec", "dns.nameservers", "domain.registration"]],
        |world| {
            let kinds = &[Kind::Dnskey, Kind::Ds];
            let under = Under::Below(DOMAIN.to_owned());
            world.names.troubles.push(Trouble { server: None, under, kinds, how: How::ServFail });
        },
    ),
    Fault::passing(
        "stripped-dnssec",
        "the resolver leaves signatures out of its answers",
        &[&["dns.dnssec"]],
        |world| {
            world.names.stripped = true;
        },
    ),
];

fn sign(world: &mut World, left: i32) {
    world.names.signing.insert(DOMAIN.to_owned(), Signing { life: 14, left });
}

fn unsign(world: &mut World) {
    world.names.signing.remove(DOMAIN);
    world.names.set(DOMAIN, Kind::Dnskey, None);
}

fn digest(world: &mut World, digest: Option<Digest>) {
    world.names.set(DOMAIN, Kind::Ds, digest.map(Data::Ds));
}
