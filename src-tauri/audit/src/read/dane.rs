//! TLSA records for mail servers (RFC 6698 §2, RFC 7672 §3): whether one fits the certificates that a server sends.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256, Sha512};
use x509_parser::prelude::{FromDer, X509Certificate};

/// Names above a mail host that are asked for a zone of their own.
const ZONES: usize = 6;

/// One TLSA record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tlsa {
    /// Usage: 2 an authority, 3 the server itself; 0 and 1 rest on public trust and are skipped for mail (RFC 7672 §3.1.3).
    pub usage: u8,
    /// Selector: 0 the whole certificate, 1 its public key.
    pub selector: u8,
    /// Matching: 0 as it is, 1 SHA-256, 2 SHA-512.
    pub matching: u8,
    /// What is compared, hexadecimal in lower case.
    pub data: String,
}

impl Tlsa {
    /// Reads the data of a record in presentation form.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut words = text.split_ascii_whitespace();
        let mut number = || words.next()?.parse::<u8>().ok();
        let (usage, selector, matching) = (number()?, number()?, number()?);
        let data = words.collect::<String>().to_ascii_lowercase();
        let whole = !data.is_empty() && data.len() % 2 == 0 && data.bytes().all(|byte| byte.is_ascii_hexdigit());
        whole.then_some(Self { usage, selector, matching, data })
    }

    /// Whether mail servers use a record of this kind at all.
    #[must_use]
    pub fn usable(&self) -> bool {
        let length = match self.matching {
            0 => self.data.len(),
            1 => 64,
            2 => 128,
            _ => return false,
        };
        matches!(self.usage, 2 | 3) && self.selector <= 1 && self.data.len() == length
    }

    /// Whether it fits a chain as sent, leaf first, DER in base64.
    #[must_use]
    pub fn fits(&self, chain: &[String]) -> bool {
        let certificates = if self.usage == 3 { chain.get(..1) } else { Some(chain) };
        self.usable()
            && certificates.unwrap_or_default().iter().any(|certificate| {
                selected(certificate, self.selector).is_some_and(|bytes| digest(&bytes, self.matching) == self.data)
            })
    }
}

/// The record that would fit this chain and survives a renewal with the same key: `3 1 1` (RFC 7672 §3.1.1).
#[must_use]
pub fn fitting(chain: &[String]) -> Option<String> {
    let key = selected(chain.first()?, 1)?;
    Some(format!("3 1 1 {}", digest(&key, 1)))
}

/// The names at which a zone may begin that holds a mail host's records, the highest first; above them everything is signed.
#[must_use]
pub fn zones(host: &str) -> Vec<&str> {
    let mut names: Vec<&str> = std::iter::successors(Some(host), |name| name.split_once('.').map(|(_, rest)| rest))
        .filter(|name| name.contains('.'))
        .collect();
    names.reverse();
    names.truncate(ZONES);
    names
}

fn selected(certificate: &str, selector: u8) -> Option<Vec<u8>> {
    let der = STANDARD.decode(certificate).ok()?;
    if selector == 0 {
        return Some(der);
    }
    let (_, read) = X509Certificate::from_der(&der).ok()?;
    Some(read.public_key().raw.to_vec())
}

fn digest(bytes: &[u8], matching: u8) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    match matching {
        1 => hex(&Sha256::digest(bytes)),
        2 => hex(&Sha512::digest(bytes)),
        _ => hex(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::{Tlsa, digest, fitting, selected, zones};
    use crate::testing::issued;

    #[test]
    fn records_fit_by_usage_selector_and_matching() {
        let chain = issued("Lantern Authority", &["mx.example.com"], -1, 30);
        let fit = |text: &str| Tlsa::read(text).unwrap().fits(&chain);
        for selector in [0, 1] {
            for matching in [0, 1, 2] {
                let of = |at: usize| digest(&selected(&chain[at], selector).unwrap(), matching);
                assert!(fit(&format!("3 {selector} {matching} {}", of(0).to_ascii_uppercase())));
                assert!(!fit(&format!("3 {selector} {matching} {}", of(1))), "an authority is not the server");
                assert!(fit(&format!("2 {selector} {matching} {}", of(1))));
                assert!(!fit(&format!("1 {selector} {matching} {}", of(0))), "usage 1 is skipped for mail");
            }
        }
        assert!(fit(&fitting(&chain).unwrap()));
        assert!(!fit(&format!("3 1 1 {}", "0".repeat(64))));
    }

    #[test]
    fn what_is_no_record_is_none() {
        for broken in ["", "3 1 1", "3 1 1 abc", "3 1 1 zz", "300 1 1 aa", "a b c d"] {
            assert_eq!(Tlsa::read(broken), None, "{broken}");
        }
        assert!(!Tlsa::read("3 1 1 aa bb").unwrap().usable(), "too short for SHA-256");
        assert!(!Tlsa::read(&format!("3 1 9 {}", "a".repeat(64))).unwrap().usable());
        assert!(!Tlsa::read("3 1 0 aabb").unwrap().fits(&["no base64".to_owned()]));
        assert_eq!(fitting(&[]), None);
        assert_eq!(zones("mx.eu.example.net"), ["example.net", "eu.example.net", "mx.eu.example.net"]);
        assert_eq!((zones("net"), zones(&"a.".repeat(100)).len()), (vec![], 6));
    }
}
