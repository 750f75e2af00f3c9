//! The certificate of a logo, as authorities issue them for mailboxes (RFC 9399 §4): the logo is in it, packed.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compression, write::GzEncoder};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, ExtendedKeyUsagePurpose, IsCa, KeyPair,
};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::LabError;
use crate::authority::subject;
use crate::strange::tagged;
use crate::world::DOMAIN;

const DAY: Duration = Duration::from_secs(86_400);
/// id-kp-BrandIndicatorforMessageIdentification (draft-chuang-bimi-certificate §7).
const PURPOSE: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 3, 31];
/// id-pe-logotype (RFC 9399 §4.1).
const LOGOTYPE: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 1, 12];
/// The algorithm SHA-256 in DER.
const SHA256: [u8; 13] = [0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];

/// Keys and signatures are random; the same certificate is made once, so that a world of one fault is always the same.
static MADE: Mutex<BTreeMap<(SystemTime, String, bool), String>> = Mutex::new(BTreeMap::new());

/// A certificate of this logo for the product, with that of its authority behind it; a forged one bears the authority's name and is
/// signed by somebody else.
pub(crate) fn pem(now: SystemTime, logo: &str, forged: bool) -> Result<String, LabError> {
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let of = (now, logo.to_owned(), forged);
    if let Some(pem) = made.get(&of) {
        return Ok(pem.clone());
    }
    let pem = issue(now, logo, forged)?;
    made.insert(of, pem.clone());
    Ok(pem)
}

fn issue(now: SystemTime, logo: &str, forged: bool) -> Result<String, LabError> {
    let authority = || {
        let mut params = CertificateParams::default();
        params.distinguished_name = subject("Lantern Mark CA", Some("Lantern Authority"));
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.not_before = OffsetDateTime::from(now - DAY * 400);
        params.not_after = OffsetDateTime::from(now + DAY * 1_800);
        Ok::<_, LabError>(CertifiedIssuer::self_signed(params, KeyPair::generate()?)?)
    };
    let issuer = authority()?;
    let mut params = CertificateParams::new(vec![DOMAIN.to_owned()])?;
    params.distinguished_name = subject("Juniper Desk", Some("Juniper Desk"));
    params.not_before = OffsetDateTime::from(now - DAY * 30);
    params.not_after = OffsetDateTime::from(now + DAY * 330);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::Other(PURPOSE.to_vec())];
    params.custom_extensions = vec![CustomExtension::from_oid_content(&LOGOTYPE, holding(logo))];
    let leaf = params.signed_by(&KeyPair::generate()?, &issuer)?;
    let above = if forged { authority()? } else { issuer };
    Ok(format!("{}{}", leaf.pem(), above.pem()))
}

/// A subject logo by its digest, in an address that holds it.
fn holding(logo: &str) -> Vec<u8> {
    let mut pack = GzEncoder::new(Vec::new(), Compression::default());
    // Writing into a vector cannot fail.
    let _ = pack.write_all(logo.as_bytes());
    let address = format!("data:image/svg+xml;base64,{}", STANDARD.encode(pack.finish().unwrap_or_default()));
    let hash = [SHA256.to_vec(), tagged(0x04, &Sha256::digest(logo.as_bytes()))].concat();
    let hashes = tagged(0x30, &tagged(0x30, &hash));
    let addresses = tagged(0x30, &tagged(0x16, address.as_bytes()));
    let image = tagged(0x30, &tagged(0x30, &[tagged(0x16, b"image/svg+xml"), hashes, addresses].concat()));
    // Of the subject [2], directly [0].
    tagged(0x30, &tagged(0xa2, &tagged(0xa0, &tagged(0x30, &image))))
}
