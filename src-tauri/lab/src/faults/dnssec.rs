//! Faults of signed DNS: a chain that breaks, ends soon, or leads nowhere. The resolver validates, so a break blinds everything else.

use super::Fault;
use super::passing::ZONE;
use crate::names::{Data, Denying, Digest, How, Kind, Server, Signing, Trouble, Under};
use crate::world::{DOMAIN, World};

pub(super) const ROWS: [Fault; 23] = [
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
    Fault::found("dnssec-undenied", "the zone does not prove what it does not have", SIGNED, |world| {
        deny(world, DOMAIN, Denying::Never)
    }),
    Fault::found(
        "dnssec-denied-elsewhere",
        "the zone proves the absence of other names than those that were asked for",
        SIGNED,
        |world| deny(world, DOMAIN, Denying::Elsewhere),
    ),
    Fault::found("dnssec-hash-rounds", "the zone hashes the names in its proofs 150 times", SIGNED, |world| {
        deny(world, DOMAIN, Denying::Nsec3 { rounds: 150, salt: &[0xAB, 0xCD], opt_out: false })
    }),
    Fault::found("dnssec-hash-storm", "the zone demands 2,000 rounds of hashing", SIGNED, |world| {
        deny(world, DOMAIN, Denying::Nsec3 { rounds: 2_000, salt: &[0xAB, 0xCD], opt_out: false })
    }),
    Fault::found("dnssec-bare-server", "one of the name servers gives no signatures", SIGNED, |world| {
        world.names.bare.insert(Server::Bob);
    }),
    Fault::trap("dnssec-hashed", "the zone proves absence by hashes, without salt and rounds", |world| {
        deny(world, DOMAIN, Denying::Nsec3 { rounds: 0, salt: &[], opt_out: false })
    }),
    Fault::trap("dnssec-parent-ordered", "the zone is not signed, and its parent proves that by names", |world| {
        digest(world, None);
        unsign(world);
        deny(world, "example", Denying::Nsec);
    }),
    Fault::trap("dnssec-ending", "the zone asks its parent to take its digest away", |world| {
        world.names.add(DOMAIN, Data::Cds(None))
    }),
    Fault::trap("dnssec-rolling", "the zone asks its parent for the digest of another key beside its own", |world| {
        world.names.add(DOMAIN, Data::Cds(Some(Digest::Sha256)));
        world.names.add(DOMAIN, Data::Cds(Some(Digest::Stale)));
    }),
    Fault::trap("dnssec-wishes", "the zone asks its parent for what it already holds, as digest and as key", |world| {
        world.names.add(DOMAIN, Data::Cds(Some(Digest::Sha256)));
        world.names.add(DOMAIN, Data::Cdnskey(Digest::Sha256));
    }),
    Fault::found(
        "dnssec-wish-breaks",
        "the zone asks its parent for nothing but the digest of a key that it does not show",
        SIGNED,
        |world| world.names.add(DOMAIN, Data::Cds(Some(Digest::Stale))),
    )
    .telling("which it does not use"),
    Fault::found(
        "dnssec-wish-key-breaks",
        "the zone asks its parent for nothing but a key that it does not show",
        SIGNED,
        |world| world.names.add(DOMAIN, Data::Cdnskey(Digest::Stale)),
    )
    .telling("which it does not use"),
    Fault::found(
        "dnssec-wishes-differ",
        "the zone asks its parent for one key by digest and for another as a key",
        SIGNED,
        |world| {
            world.names.add(DOMAIN, Data::Cds(Some(Digest::Sha256)));
            world.names.add(DOMAIN, Data::Cdnskey(Digest::Stale));
            world.names.add(DOMAIN, Data::Cdnskey(Digest::Sha256));
        },
    )
    .telling("different keys"),
    Fault::passing(
        "stripped-denial",
        "the resolver leaves out the proof that the domain is not signed",
        &[SIGNED],
        |world| {
            digest(world, None);
            unsign(world);
            world.names.unproven = true;
        },
    ),
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

const SIGNED: &[&str] = &["dns.dnssec"];

fn deny(world: &mut World, zone: &str, how: Denying) {
    world.names.denying.insert(zone.to_owned(), how);
}

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
