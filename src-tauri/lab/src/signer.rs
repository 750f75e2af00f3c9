//! The key that signs the lab's zones (RFC 4034), and the signatures and digests made with it.

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hickory_proto::dnssec::crypto::EcdsaSigningKey;
use hickory_proto::dnssec::rdata::sig::SigInput;
use hickory_proto::dnssec::rdata::{CDNSKEY, CDS, DNSKEY, DNSSECRData, DS, RRSIG};
use hickory_proto::dnssec::{Algorithm, DigestType, DnsSecError, PublicKey, SigningKey, TBS};
use hickory_proto::rr::{DNSClass, Name, RData, Record, SerialNumber};
use rustls::pki_types::PrivatePkcs8KeyDer;

use crate::keys;
use crate::names::{Digest, Signing};

const DAY: Duration = Duration::from_secs(86_400);

/// One key for all zones of the lab, and one that no zone has any more.
pub(crate) struct Signer {
    now: SystemTime,
    key: EcdsaSigningKey,
    zone_key: DNSKEY,
    stale: DNSKEY,
}

impl Signer {
    pub fn new(now: SystemTime) -> Result<Signer, DnsSecError> {
        let (key, zone_key) = pair(keys::ZONE)?;
        let (_, stale) = pair(keys::STALE)?;
        Ok(Signer { now, key, zone_key, stale })
    }

    /// Algorithm number and key bytes of the root's key, as a resolver would be given its trust anchor.
    pub fn anchor(&self) -> (u8, Vec<u8>) {
        let key = self.zone_key.public_key();
        (u8::from(key.algorithm()), key.public_bytes().to_vec())
    }

    /// The zone's key as a record's data.
    pub fn key(&self) -> RData {
        RData::DNSSEC(DNSSECRData::DNSKEY(self.zone_key.clone()))
    }

    /// What the parent holds of the key of the zone `owner`.
    pub fn digest(&self, owner: &Name, digest: Digest) -> Option<RData> {
        let (key, kind) = match digest {
            Digest::Sha1 => (&self.zone_key, DigestType::SHA1),
            Digest::Stale => (&self.stale, DigestType::SHA256),
            Digest::Sha256 => (&self.zone_key, DigestType::SHA256),
        };
        let bytes = key.to_digest(owner, kind).ok()?.as_ref().to_vec();
        let ds = DS::new(key.calculate_key_tag().ok()?, key.public_key().algorithm(), kind, bytes);
        Some(RData::DNSSEC(DNSSECRData::DS(ds)))
    }

    /// What the zone asks its parent to hold (RFC 7344).
    pub fn wish(&self, owner: &Name, digest: Digest) -> Option<RData> {
        let RData::DNSSEC(DNSSECRData::DS(ds)) = self.digest(owner, digest)? else { return None };
        let cds = CDS::new(ds.key_tag(), Some(ds.algorithm()), ds.digest_type(), ds.digest().to_vec());
        Some(RData::DNSSEC(DNSSECRData::CDS(cds)))
    }

    /// The same as a key.
    pub fn wished_key(&self, digest: Digest) -> RData {
        let key = if digest == Digest::Stale { &self.stale } else { &self.zone_key };
        let public = key.public_key();
        let (zone, entry) = (key.zone_key(), key.secure_entry_point());
        let wish = CDNSKEY::new(zone, entry, false, Some(public.algorithm()), public.public_bytes().to_vec());
        RData::DNSSEC(DNSSECRData::CDNSKEY(wish))
    }

    /// The signature over a set of records of one name and type, of which so many labels are the zone's own.
    pub fn sign(&self, set: &[Record], zone: &Name, signing: Signing, labels: u8) -> Option<Record> {
        let first = set.first()?;
        let end = match u32::try_from(signing.left) {
            Ok(days) => self.now + DAY * days,
            Err(_) => self.now - DAY * signing.left.unsigned_abs(),
        };
        let stamp = |at: SystemTime| {
            let seconds = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
            SerialNumber::new(u32::try_from(seconds).unwrap_or(u32::MAX))
        };
        let input = SigInput {
            type_covered: first.record_type(),
            algorithm: self.zone_key.public_key().algorithm(),
            num_labels: labels,
            original_ttl: first.ttl,
            sig_expiration: stamp(end),
            sig_inception: stamp(end - DAY * signing.life),
            key_tag: self.zone_key.calculate_key_tag().ok()?,
            signer_name: zone.clone(),
        };
        let signed = TBS::from_input(&first.name, DNSClass::IN, &input, set.iter()).ok()?;
        let signature = self.key.sign(&signed).ok()?;
        let data = RData::DNSSEC(DNSSECRData::RRSIG(RRSIG::from_sig(input, signature)));
        Some(Record::from_rdata(first.name.clone(), first.ttl, data))
    }
}

fn pair(pkcs8: &str) -> Result<(EcdsaSigningKey, DNSKEY), DnsSecError> {
    let der = PrivatePkcs8KeyDer::from(STANDARD.decode(pkcs8).unwrap_or_default());
    let key = EcdsaSigningKey::from_pkcs8(&der, Algorithm::ECDSAP256SHA256)?;
    let zone_key = DNSKEY::from_key(&key.to_public_key()?);
    Ok((key, zone_key))
}
