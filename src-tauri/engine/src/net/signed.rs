//! Signed answers as facts: which digests fit which keys, and which signatures verify (RFC 4034, RFC 4035 §5.3).

use super::record;
use audit::facts::{DigestSeen, Digests, KeySeen, Keys, Signature, Wish};
use audit::read::text::clean;
use hickory_proto::dnssec::rdata::{DNSKEY, DNSSECRData, DS, RRSIG};
use hickory_proto::dnssec::{DigestType, PublicKey, Verifier};
use hickory_proto::op::Message;
use hickory_proto::rr::{DNSClass, Name, RData, Record, RecordType};
use jiff::Timestamp;

/// Keys, digests and signatures kept of one set; zones have a handful.
const KEPT: usize = 16;

/// The records of one name and type with the signatures over them.
pub(crate) struct Set {
    owner: Name,
    records: Vec<Record>,
    signatures: Vec<RRSIG>,
}

impl Set {
    /// Picks a set out of an answer.
    pub(crate) fn of(message: &Message, name: &str, rtype: RecordType) -> Self {
        Self::among(&message.answers, name, rtype)
    }

    /// Picks a set out of the records of a section.
    pub(crate) fn among(section: &[Record], name: &str, rtype: RecordType) -> Self {
        let own = || section.iter().take(256).filter(|held| record::name(&held.name) == name);
        let records: Vec<Record> = own().filter(|held| held.record_type() == rtype).cloned().collect();
        let signatures = own().filter_map(|held| match &held.data {
            RData::DNSSEC(DNSSECRData::RRSIG(signature)) if signature.input().type_covered == rtype => {
                Some(signature.clone())
            }
            _ => None,
        });
        let owner = records.first().map_or_else(Name::root, |held| held.name.clone());
        Self { owner, signatures: signatures.take(KEPT).collect(), records }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    pub(crate) fn is_signed(&self) -> bool {
        !self.signatures.is_empty()
    }

    /// Labels of the wildcard that the records were made from (RFC 4034 §3.1.3); none when they stand for themselves.
    pub(crate) fn wildcard(&self) -> Option<u8> {
        let labels = self.signatures.first()?.input().num_labels;
        (labels < self.owner.num_labels()).then_some(labels)
    }

    /// The zone's keys among the records.
    pub(crate) fn zone_keys(&self) -> Vec<DNSKEY> {
        let keys = self.records.iter().filter_map(|held| match &held.data {
            RData::DNSSEC(DNSSECRData::DNSKEY(key)) if key.zone_key() => Some(key.clone()),
            _ => None,
        });
        keys.take(KEPT).collect()
    }

    /// The signatures as facts, verified with these keys.
    pub(crate) fn signatures(&self, keys: &[DNSKEY]) -> Vec<Signature> {
        let fact = |signature: &RRSIG| {
            let input = signature.input();
            Signature {
                tag: input.key_tag,
                algorithm: u8::from(input.algorithm),
                from: second(input.sig_inception.get()),
                until: second(input.sig_expiration.get()),
                good: self.verifies(signature, keys),
            }
        };
        self.signatures.iter().map(fact).collect()
    }

    fn verifies(&self, signature: &RRSIG, keys: &[DNSKEY]) -> Option<bool> {
        let input = signature.input();
        if !input.algorithm.is_supported() {
            return None;
        }
        let made = |key: &&DNSKEY| {
            key.public_key().algorithm() == input.algorithm && key.calculate_key_tag().ok() == Some(input.key_tag)
        };
        let candidates: Vec<&DNSKEY> = keys.iter().filter(made).collect();
        if candidates.iter().any(|key| !verifiable(key)) {
            return None;
        }
        let good = |key: &&DNSKEY| key.verify_rrsig(&self.owner, DNSClass::IN, signature, self.records.iter()).is_ok();
        Some(candidates.iter().any(good))
    }

    /// The keys as facts.
    pub(crate) fn keys(&self) -> Keys {
        let keys = self.zone_keys();
        let set = keys.iter().filter_map(|key| {
            Some(KeySeen {
                tag: key.calculate_key_tag().ok()?,
                algorithm: u8::from(key.public_key().algorithm()),
                flags: key.flags(),
                bits: bits(key),
                digest: key.secure_entry_point().then(|| digest(&self.owner, key)).flatten(),
            })
        });
        Keys { set: set.collect(), signatures: self.signatures(&keys) }
    }

    /// The digests as facts: which of them fit a key of the zone, and what the parent's keys say of the signatures.
    pub(crate) fn digests(&self, keys: &[DNSKEY], parent: &[DNSKEY]) -> Digests {
        let set = self.records.iter().filter_map(|held| match &held.data {
            RData::DNSSEC(DNSSECRData::DS(ds)) => Some(DigestSeen {
                tag: ds.key_tag(),
                algorithm: u8::from(ds.algorithm()),
                digest: u8::from(ds.digest_type()),
                fits: fits(ds, &held.name, keys),
                text: clean(&ds.to_string(), 300),
            }),
            _ => None,
        });
        Digests { set: set.take(KEPT).collect(), signatures: self.signatures(parent) }
    }
}

/// A record by which a zone with these keys asks its parent to hold one of them.
pub(crate) fn wish(held: &Record, keys: &[DNSKEY]) -> Option<Wish> {
    let text = clean(&held.data.to_string(), 300);
    match &held.data {
        RData::DNSSEC(DNSSECRData::CDS(cds)) => {
            let ds = cds.algorithm().map(|kind| DS::new(cds.key_tag(), kind, cds.digest_type(), cds.digest().to_vec()));
            let fits = ds.as_ref().map_or(Some(false), |ds| fits(ds, &held.name, keys));
            Some(Wish { key: false, nothing: cds.is_delete(), tag: cds.key_tag(), fits, text: text.to_uppercase() })
        }
        RData::DNSSEC(DNSSECRData::CDNSKEY(wished)) => {
            let key = wished.public_key().map(|public| DNSKEY::with_flags(wished.flags(), public));
            let tag = key.as_ref().and_then(|key| key.calculate_key_tag().ok()).unwrap_or_default();
            let fits = Some(key.is_some_and(|key| keys.contains(&key)));
            Some(Wish { key: true, nothing: wished.is_delete(), tag, fits, text })
        }
        _ => None,
    }
}

/// The keys that are trusted to begin with, as the root's digests.
pub(crate) fn anchors(trusted: &[(u8, Vec<u8>)], keys: &[DNSKEY]) -> Digests {
    let same = |key: &DNSKEY, (algorithm, bytes): &(u8, Vec<u8>)| {
        u8::from(key.public_key().algorithm()) == *algorithm && key.public_key().public_bytes() == bytes.as_slice()
    };
    let set = trusted.iter().map(|anchor| {
        let held = keys.iter().find(|key| same(key, anchor));
        DigestSeen {
            tag: held.and_then(|key| key.calculate_key_tag().ok()).unwrap_or_default(),
            algorithm: anchor.0,
            digest: 0,
            fits: Some(held.is_some()),
            text: "trusted to begin with".to_owned(),
        }
    });
    Digests { set: set.collect(), signatures: Vec::new() }
}

fn fits(ds: &DS, owner: &Name, keys: &[DNSKEY]) -> Option<bool> {
    let kind = ds.digest_type();
    kind.is_supported().then(|| keys.iter().any(|key| ds.covers(owner, key).unwrap_or(false)))
}

/// The verifier takes RSA keys of these sizes only; a signature by another says nothing.
fn verifiable(key: &DNSKEY) -> bool {
    !is_rsa(key) || (1_024..=8_192).contains(&bits(key))
}

fn is_rsa(key: &DNSKEY) -> bool {
    matches!(u8::from(key.public_key().algorithm()), 1 | 5 | 7 | 8 | 10)
}

/// Size of a key: of an RSA key the modulus behind its exponent (RFC 3110 §2), of others the whole.
fn bits(key: &DNSKEY) -> u32 {
    let bytes = key.public_key().public_bytes();
    let whole = |bytes: &[u8]| u32::try_from(bytes.len() * 8).unwrap_or(u32::MAX);
    if !is_rsa(key) {
        return whole(bytes);
    }
    let modulus = match bytes {
        [0, high, low, rest @ ..] => rest.get(usize::from(u16::from_be_bytes([*high, *low]))..),
        [length, rest @ ..] => rest.get(usize::from(*length)..),
        [] => None,
    };
    whole(modulus.unwrap_or_default())
}

fn digest(owner: &Name, key: &DNSKEY) -> Option<String> {
    let bytes = key.to_digest(owner, DigestType::SHA256).ok()?;
    let hex: String = bytes.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
    Some(format!("{} {} 2 {hex}", key.calculate_key_tag().ok()?, u8::from(key.public_key().algorithm())))
}

/// Signature times are seconds since 1970 (RFC 4034 §3.1.5); they wrap in 2106.
fn second(stamp: u32) -> Timestamp {
    Timestamp::from_second(i64::from(stamp)).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The root's keys that this program brings along (IANA root anchors of 2017 and 2024, as hickory-proto ships them).
pub(crate) fn root_anchors() -> Vec<(u8, Vec<u8>)> {
    let known = hickory_proto::dnssec::TrustAnchors::default();
    let held = (0..known.len()).filter_map(|place| known.get(place));
    held.map(|key| (u8::from(key.algorithm()), key.public_bytes().to_vec())).collect()
}

#[cfg(test)]
mod tests {
    use super::root_anchors;
    use hickory_proto::dnssec::Algorithm;

    #[test]
    fn the_root_has_its_two_keys() {
        let anchors = root_anchors();
        assert_eq!(anchors.len(), 2);
        assert!(anchors.iter().all(|(algorithm, key)| *algorithm == 8 && key.len() > 256));
    }

    #[test]
    fn the_usual_algorithms_can_be_verified() {
        let known = |number: u8| Algorithm::from_u8(number).is_supported();
        assert!([8, 10, 13, 14, 15].into_iter().all(known));
        assert!(![12, 16].into_iter().any(known));
    }
}
