//! What authorities add to certificates: stapled revocation answers (RFC 6960 §4.2.1) and log entries (RFC 6962 §3.3). Their signatures are not real.

use std::time::{Duration, SystemTime};

use rcgen::CustomExtension;
use time::OffsetDateTime;

use crate::site::Chain;
use crate::strange::tagged;

const DAY: Duration = Duration::from_secs(86_400);
/// id-pkix-ocsp-basic, SHA-1 and ecdsa-with-SHA256, as DER.
const BASIC: [u8; 11] = [0x06, 9, 0x2B, 6, 1, 5, 5, 7, 0x30, 1, 1];
const HASH: [u8; 9] = [0x30, 7, 0x06, 5, 0x2B, 14, 3, 2, 26];
const SIGNATURE: [u8; 12] = [0x30, 10, 0x06, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2];

/// The extension of embedded log entries.
pub(crate) const TIMESTAMPS: [u64; 10] = [1, 3, 6, 1, 4, 1, 11129, 2, 4, 2];

/// Entries of two logs, as every public authority embeds them.
pub(crate) fn timestamps(now: SystemTime) -> CustomExtension {
    let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let millis = u64::try_from(since.as_millis()).unwrap_or_default();
    let entry = |log: u8| {
        let signature = [&[4, 3, 0, 64][..], &[0x5A; 64]].concat();
        let entry = [&[0][..], &[log; 32], &millis.to_be_bytes(), &[0, 0], &signature].concat();
        [&[0, u8::try_from(entry.len()).unwrap_or_default()], entry.as_slice()].concat()
    };
    let list = [entry(0x61), entry(0xB4)].concat();
    let length = u16::try_from(list.len()).unwrap_or_default().to_be_bytes();
    CustomExtension::from_oid_content(&TIMESTAMPS, tagged(4, &[&length, list.as_slice()].concat()))
}

/// The answer that goes with a chain, where one does.
pub(crate) fn of(chain: Chain, serial: u64, now: SystemTime) -> Option<Vec<u8>> {
    let status = match chain {
        Chain::Stapled => vec![0x80, 0],
        Chain::Revoked => tagged(0xA1, &time(now - DAY * 6)),
        _ => return None,
    };
    let bytes: Vec<u8> = serial.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    let sign: &[u8] = if bytes.first().is_some_and(|first| *first >= 0x80) { &[0] } else { &[] };
    let id = [HASH.to_vec(), tagged(4, &[7; 20]), tagged(4, &[9; 20]), tagged(2, &[sign, &bytes].concat())].concat();
    let until = tagged(0xA0, &time(now + DAY * 3));
    let single = [tagged(0x30, &id), status, time(now - DAY), until].concat();
    let responder = tagged(0xA2, &tagged(4, &[9; 20]));
    let data = [responder, time(now - DAY), tagged(0x30, &tagged(0x30, &single))].concat();
    let basic = [tagged(0x30, &data), SIGNATURE.to_vec(), tagged(3, &[&[0], &[0x5A; 64][..]].concat())].concat();
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
