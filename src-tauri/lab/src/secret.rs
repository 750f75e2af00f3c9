//! The keys that faults leak, put together from pieces at run time so that no scanner trips over this repository. None of them ever opened anything.

use crate::random::Random;

const ALPHANUMERIC: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A payment provider's key that belongs into every bundle.
pub(crate) fn publishable_payment_key(seed: u64) -> String {
    let mut random = Random::new(seed, "publishable payment key");
    ["pk", "live", &random.word(ALPHANUMERIC, 24)].join("_")
}

/// A payment provider's secret key (Stripe's form).
pub(crate) fn payment_key(seed: u64) -> String {
    let mut random = Random::new(seed, "payment key");
    ["sk", "live", &random.word(ALPHANUMERIC, 24)].join("_")
}

/// A cloud access key id with its secret (the form of AWS).
pub(crate) fn cloud_key(seed: u64) -> (String, String) {
    let mut random = Random::new(seed, "cloud key");
    // The first letter tells that an account follows, and keeps its number short enough.
    let id = ["AK", "IA", "Q", &random.word(BASE32, 15)].concat();
    let secret = random.word(&format!("{ALPHANUMERIC}/+"), 40);
    (id, secret)
}

/// A code host's personal token with its checksum (GitHub's form: CRC-32 of the random part in base 62).
pub(crate) fn token(seed: u64) -> String {
    let mut random = Random::new(seed, "token");
    let body = random.word(ALPHANUMERIC, 30);
    ["gh", "p_", &body, &base62(crc32(body.as_bytes()))].concat()
}

/// A password as a generator makes it.
pub(crate) fn password(seed: u64) -> String {
    Random::new(seed, "password").word(ALPHANUMERIC, 20)
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    })
}

/// Six digits of base 62, most significant first.
fn base62(number: u32) -> String {
    let digits = ALPHANUMERIC.as_bytes();
    let place = |exponent: u32| (u64::from(number) / 62_u64.pow(exponent) % 62) as usize;
    (0..6).rev().filter_map(|exponent| digits.get(place(exponent))).map(|&digit| char::from(digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksum_is_the_usual_crc32() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(base62(61), "00000z");
        assert_eq!(base62(62 * 62 + 1), "000101");
    }

    #[test]
    fn keys_have_their_forms() {
        assert_eq!(payment_key(7).len(), 32);
        assert_eq!(token(7).len(), 40);
        let (id, secret) = cloud_key(7);
        assert_eq!((id.len(), secret.len()), (20, 40));
        assert_ne!(payment_key(7), payment_key(8));
    }
}
