//! Tests of proofs of absence: by order of names in a zone made up here, and by hashes with the records of RFC 5155 appendix B.

use super::{absent, expanded};
use audit::facts::{DenialKind, Proves};
use data_encoding::BASE32_DNSSEC;
use hickory_proto::dnssec::Nsec3HashAlgorithm;
use hickory_proto::dnssec::rdata::{DNSSECRData, NSEC, NSEC3};
use hickory_proto::op::{Message, MessageType, OpCode};
use hickory_proto::rr::{Name, RData, Record, RecordType};

fn name(text: &str) -> Name {
    Name::from_ascii(format!("{text}.")).unwrap()
}

fn answer(records: Vec<Record>) -> Message {
    let mut message = Message::new(1, MessageType::Response, OpCode::Query);
    message.add_authorities(records);
    message
}

fn nsec(owner: &str, next: &str, types: &[RecordType]) -> Record {
    let data = NSEC::new(name(next), types.iter().copied());
    Record::from_rdata(name(owner), 300, RData::DNSSEC(DNSSECRData::NSEC(data)))
}

/// A record of RFC 5155 appendix A: 12 rounds, salt aabbccdd, opt-out.
fn nsec3(owner: &str, next: &str, types: &[RecordType]) -> Record {
    let next = BASE32_DNSSEC.decode(next.as_bytes()).unwrap();
    let salt = vec![0xAA, 0xBB, 0xCC, 0xDD];
    let data = NSEC3::new(Nsec3HashAlgorithm::SHA1, true, 12, salt, next, types.iter().copied());
    Record::from_rdata(name(&format!("{owner}.example")), 300, RData::DNSSEC(DNSSECRData::NSEC3(data)))
}

use RecordType as T;

#[test]
fn names_in_their_order_prove_what_lies_between_them() {
    let zone = [T::SOA, T::NS, T::MX];
    let top = || nsec("example", "a.example", &zone);
    let proves =
        |records: Vec<Record>, asked: &str, rtype| absent(&answer(records), "example", asked, rtype, &[]).proves;
    // A name between two, and the wildcard before the first.
    let gap = || nsec("b.example", "ns1.example", &[T::NS, T::RRSIG]);
    assert_eq!(proves(vec![gap(), top()], "ml.example", T::A), Proves::NoName);
    assert_eq!(proves(vec![gap()], "ml.example", T::A), Proves::Nothing, "a wildcard could stand for it");
    assert_eq!(proves(vec![top()], "ml.example", T::A), Proves::Nothing);
    // The last record leads back to the zone.
    assert_eq!(proves(vec![nsec("xx.example", "example", &[T::A]), top()], "zz.example", T::A), Proves::NoName);
    // A name without the type; one that only has names below it; one that a wildcard without the type stands for.
    assert_eq!(proves(vec![top()], "example", T::TXT), Proves::NoType);
    assert_eq!(proves(vec![top()], "example", T::MX), Proves::Nothing);
    assert_eq!(proves(vec![nsec("a.example", "x.w.example", &[T::A])], "w.example", T::A), Proves::NoType);
    let wild = nsec("*.w.example", "x.w.example", &[T::MX]);
    assert_eq!(proves(vec![wild, nsec("x.w.example", "xx.example", &[T::MX])], "z.w.example", T::A), Proves::NoType);
    // An alias is no absence.
    assert_eq!(proves(vec![nsec("a.example", "b.example", &[T::CNAME])], "a.example", T::A), Proves::Nothing);
    // Names made for the question (RFC 9824).
    let next = name("q7x.example").prepend_label(&b"\0"[..]).unwrap();
    let data = NSEC::new(next, [T::RRSIG, T::NSEC, T::Unknown(128)]);
    let made = Record::from_rdata(name("q7x.example"), 300, RData::DNSSEC(DNSSECRData::NSEC(data)));
    assert_eq!(proves(vec![made], "q7x.example", T::A), Proves::NoName);
}

#[test]
fn delegations_prove_the_absence_of_their_digest_and_nothing_below_them() {
    let proves =
        |records: Vec<Record>, asked: &str, rtype| absent(&answer(records), "example", asked, rtype, &[]).proves;
    let cut = || nsec("b.example", "ns1.example", &[T::NS, T::RRSIG, T::NSEC]);
    assert_eq!(proves(vec![cut()], "b.example", T::DS), Proves::Unsigned);
    assert_eq!(proves(vec![cut()], "b.example", T::A), Proves::Nothing, "the child may have one");
    assert_eq!(proves(vec![cut(), nsec("example", "a.example", &[T::SOA])], "mc.b.example", T::A), Proves::Nothing);
    // The child's own record says nothing about what its parent holds.
    let child = nsec("b.example", "x.b.example", &[T::NS, T::SOA]);
    assert_eq!(proves(vec![child], "b.example", T::DS), Proves::Nothing);
    // A record of another zone does not count.
    assert_eq!(proves(vec![nsec("b.other", "c.other", &[T::NS])], "b.other", T::DS), Proves::Nothing);
}

#[test]
fn hashes_prove_as_the_standard_shows() {
    let zone = [T::MX, T::DNSKEY, T::NS, T::SOA, T::NSEC3PARAM, T::RRSIG];
    let top = || nsec3("0p9mhaveqvm6t7vbl5lop2u3t2rp3tom", "2t7b4g4vsa5smi47k61mv5bv1a22bojr", &zone);
    let read = |records: Vec<Record>, asked: &str, rtype| absent(&answer(records), "example", asked, rtype, &[]);
    // B.1 Name error.
    let below = || nsec3("b4um86eghhds6nea196smvmlo4ors995", "gjeqe526plbf1g8mklp59enfd789njgi", &[T::MX, T::RRSIG]);
    let wild =
        || nsec3("35mthgpgcu1qg68fab165klnsnk3dpvl", "b4um86eghhds6nea196smvmlo4ors995", &[T::NS, T::DS, T::RRSIG]);
    let denial = read(vec![top(), below(), wild()], "a.c.x.w.example", T::A);
    assert_eq!((denial.proves, denial.kind), (Proves::NoName, Some(DenialKind::Nsec3)));
    assert_eq!((denial.iterations, denial.salt, denial.opt_out), (12, 4, true));
    assert_eq!(denial.signatures, [vec![], vec![], vec![]], "each record's signatures, none of which came");
    assert_eq!(read(vec![top(), below()], "a.c.x.w.example", T::A).proves, Proves::Nothing);
    // B.2 No data; B.2.1 an empty name between others.
    let ns1 = nsec3("2t7b4g4vsa5smi47k61mv5bv1a22bojr", "2vptu5timamqttgl4luu9kg21e0aor3s", &[T::A, T::RRSIG]);
    assert_eq!(read(vec![ns1], "ns1.example", T::MX).proves, Proves::NoType);
    let empty = nsec3("ji6neoaepv8b5o6k4ev33abha8ht9fgc", "k8udemvp1j2f7eg6jebps17vp3n8i58h", &[]);
    assert_eq!(read(vec![empty], "y.w.example", T::A).proves, Proves::NoType);
    // B.3 Referral to an opt-out unsigned zone.
    let gap = nsec3("35mthgpgcu1qg68fab165klnsnk3dpvl", "b4um86eghhds6nea196smvmlo4ors995", &[T::NS, T::DS, T::RRSIG]);
    assert_eq!(read(vec![gap, top()], "c.example", T::DS).proves, Proves::Unsigned);
    // B.4 Wildcard expansion.
    let next = nsec3("q04jkcevqvmu85r014c7dkba38o0ji5r", "r53bq7cc2uvmubfu5ocmm6pers9tk9en", &[T::A, T::RRSIG]);
    assert_eq!(expanded(&answer(vec![next]), "example", "a.z.w.example", 2, &[]).proves, Proves::NoName);
    assert_eq!(expanded(&answer(vec![top()]), "example", "a.z.w.example", 2, &[]).proves, Proves::Nothing);
    // B.6 The child's apex does not deny its digest.
    assert_eq!(read(vec![top()], "example", T::DS).proves, Proves::Nothing);
}

#[test]
fn too_much_hashing_is_not_done() {
    let mut record = nsec3("0p9mhaveqvm6t7vbl5lop2u3t2rp3tom", "2t7b4g4vsa5smi47k61mv5bv1a22bojr", &[T::SOA]);
    let next = vec![0; 20];
    record.data = RData::DNSSEC(DNSSECRData::NSEC3(NSEC3::new(
        Nsec3HashAlgorithm::SHA1,
        false,
        u16::MAX,
        vec![0; 255],
        next,
        [T::SOA],
    )));
    let denial = absent(&answer(vec![record; 60]), "example", &"a.".repeat(100), T::A, &[]);
    assert_eq!(denial.proves, Proves::TooCostly);
}
