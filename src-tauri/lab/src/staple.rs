//! Stapled revocation answers (RFC 6960 §4.2.1).

use std::time::{Duration, SystemTime};

use rcgen::{KeyPair, SigningKey};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::site::Chain;
use crate::strange::tagged;

const DAY: Duration = Duration::from_secs(86_400);
/// id-pkix-ocsp-basic, SHA-256 and ecdsa-with-SHA256, as DER.
const BASIC: [u8; 11] = [0x06, 9, 0x2B, 6, 1, 5, 5, 7, 0x30, 1, 1];
const HASH: [u8; 13] = [0x30, 11, 0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
const SIGNATURE: [u8; 12] = [0x30, 10, 0x06, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2];

/// The answer that goes with a chain, where one does: about a certificate of `issuer`, in the words of `signer`.
pub(crate) fn of(chain: Chain, serial: u64, now: SystemTime, issuer: &KeyPair, signer: &KeyPair) -> Option<Vec<u8>> {
    let status = match chain {
        Chain::Stapled | Chain::StapledByStranger => vec![0x80, 0],
        Chain::StapledGarbage => return Some((0..1_500).fold(Vec::new(), |inner, _| tagged(0x30, &inner))),
        Chain::Revoked => tagged(0xA1, &time(now - DAY * 6)),
        _ => return None,
    };
    let bytes: Vec<u8> = serial.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    let sign: &[u8] = if bytes.first().is_some_and(|first| *first >= 0x80) { &[0] } else { &[] };
    let key = Sha256::digest(issuer.public_key_raw());
    let id = [HASH.to_vec(), tagged(4, &[7; 32]), tagged(4, &key), tagged(2, &[sign, &bytes].concat())].concat();
    let until = tagged(0xA0, &time(now + DAY * 3));
    let single = [tagged(0x30, &id), status, time(now - DAY), until].concat();
    let responder = tagged(0xA2, &tagged(4, &[9; 20]));
    let data = [responder, time(now - DAY), tagged(0x30, &tagged(0x30, &single))].concat();
    let data = tagged(0x30, &data);
    let signature = signer.sign(&data).ok()?;
    let basic = [data, SIGNATURE.to_vec(), tagged(3, &[&[0], signature.as_slice()].concat())].concat();
    let response = tagged(0x30, &[BASIC.to_vec(), tagged(4, &tagged(0x30, &basic))].concat());
    Some(tagged(0x30, &[vec![0x0A, 1, 0], tagged(0xA0, &response)].concat()))
}

/// A GeneralizedTime.
fn time(at: SystemTime) -> Vec<u8> {
    let at = OffsetDateTime::from(at);
    let (month, day) = (u8::from(at.month()), at.day());
    let text = format!("{:04}{month:02}{day:02}{:02}{:02}{:02}Z", at.year(), at.hour(), at.minute(), at.second());
    tagged(0x18, text.as_bytes())
}
