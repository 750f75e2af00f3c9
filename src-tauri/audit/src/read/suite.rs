//! Cipher suites by their IANA numbers: names, and what is wrong with the weak ones (RFC 9325 §4.1, RFC 7465, RFC 8996).

use std::sync::LazyLock;
use tls_parser::{CIPHERS, TlsCipherEnc as Enc, TlsCipherKx as Kx, TlsCipherMac as Mac, TlsCipherSuite};

/// Why a suite must not be accepted, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weakness {
    /// Nobody proves who the server is.
    Anonymous,
    /// Nothing is encrypted.
    Unencrypted,
    /// Keys of 40 or 56 bits, made breakable on purpose in the nineties.
    Export,
    /// DES, RC2 and IDEA: keys or modes that are broken in practice.
    Des,
    /// RC4 (RFC 7465 forbids it).
    Rc4,
    /// 3DES: 64-bit blocks (Sweet32).
    TripleDes,
}

impl Weakness {
    /// What it means, to go after "accepts".
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::Anonymous => "connections in which nobody proves to be the server",
            Self::Unencrypted => "connections without any encryption",
            Self::Export => "encryption that was weakened for export in the nineties",
            Self::Des => "DES-age encryption, which is broken in practice",
            Self::Rc4 => "RC4 encryption, which is broken",
            Self::TripleDes => "3DES encryption, which long connections give away",
        }
    }
}

/// Its IANA name, or its number where it has none.
#[must_use]
pub fn name(id: u16) -> String {
    TlsCipherSuite::from_id(id).map_or_else(|| format!("0x{id:04X}"), |suite| suite.name.to_owned())
}

/// What is wrong with it, if it is one of the weak ones.
#[must_use]
pub fn weakness(id: u16) -> Option<Weakness> {
    TlsCipherSuite::from_id(id).and_then(weak)
}

fn weak(suite: &TlsCipherSuite) -> Option<Weakness> {
    // By name where the registry's columns are not enough: `EXPORT` and `anon` are part of the name only.
    if suite.name.contains("_anon_") {
        return Some(Weakness::Anonymous);
    }
    if suite.name.contains("_EXPORT") {
        return Some(Weakness::Export);
    }
    match suite.enc {
        // The signalling values and TLS_NULL_WITH_NULL_NULL are no suites that anybody negotiates.
        Enc::Null if suite.name.contains("_WITH_NULL_") && suite.kx != Kx::Null => Some(Weakness::Unencrypted),
        Enc::Des | Enc::Rc2 | Enc::Idea => Some(Weakness::Des),
        Enc::Rc4 => Some(Weakness::Rc4),
        Enc::TripleDes => Some(Weakness::TripleDes),
        _ => None,
    }
}

/// Suites that a web server can be asked for: those with pre-shared keys, passwords or Kerberos need more than a server.
fn public(suite: &TlsCipherSuite) -> bool {
    !["_PSK_", "_SRP_", "_KRB5_", "_GOST", "_ECCPWD_"].iter().any(|kind| suite.name.contains(kind))
        && suite.name.contains("_WITH_")
}

fn chosen(rule: fn(&TlsCipherSuite) -> bool) -> Vec<u16> {
    let mut found: Vec<u16> =
        CIPHERS.values().filter(|suite| public(suite) && rule(suite)).map(|suite| suite.id.0).collect();
    found.sort_unstable();
    found
}

/// Suites of TLS 1.2 that are right for today: forward secrecy and authenticated encryption.
#[must_use]
pub fn modern() -> &'static [u16] {
    static LIST: LazyLock<Vec<u16>> = LazyLock::new(|| {
        chosen(|suite| {
            matches!(suite.kx, Kx::Ecdhe | Kx::Dhe)
                && suite.mac == Mac::Aead
                && matches!(suite.enc, Enc::Aes | Enc::Chacha20_Poly1305)
                && weak(suite).is_none()
        })
    });
    &LIST
}

/// Suites that are not weak but older than [`modern`]: no forward secrecy, or CBC with a MAC beside it.
#[must_use]
pub fn older() -> &'static [u16] {
    static LIST: LazyLock<Vec<u16>> = LazyLock::new(|| {
        chosen(|suite| {
            weak(suite).is_none()
                && matches!(suite.enc, Enc::Aes | Enc::Camellia)
                && matches!(suite.kx, Kx::Ecdhe | Kx::Dhe | Kx::Rsa)
                && !modern().contains(&suite.id.0)
        })
    });
    &LIST
}

/// Suites that agree on their keys over a group that the server chooses (finite-field Diffie-Hellman) and that are not weak otherwise.
#[must_use]
pub fn grouped() -> &'static [u16] {
    static LIST: LazyLock<Vec<u16>> =
        LazyLock::new(|| chosen(|suite| suite.kx == Kx::Dhe && weak(suite).is_none() && suite.enc != Enc::Null));
    &LIST
}

/// The suites with a [`Weakness`].
#[must_use]
pub fn weak_ones() -> &'static [u16] {
    static LIST: LazyLock<Vec<u16>> = LazyLock::new(|| chosen(|suite| weak(suite).is_some()));
    &LIST
}

#[cfg(test)]
mod tests {
    use super::{Weakness, grouped, modern, name, older, weak_ones, weakness};

    #[test]
    fn suites_are_told_apart() {
        for (id, expected) in [
            (0x0034, Some(Weakness::Anonymous)),   // TLS_DH_anon_WITH_AES_128_CBC_SHA
            (0xC018, Some(Weakness::Anonymous)),   // TLS_ECDH_anon_WITH_AES_128_CBC_SHA
            (0x0002, Some(Weakness::Unencrypted)), // TLS_RSA_WITH_NULL_SHA
            (0x0003, Some(Weakness::Export)),      // TLS_RSA_EXPORT_WITH_RC4_40_MD5
            (0x0009, Some(Weakness::Des)),         // TLS_RSA_WITH_DES_CBC_SHA
            (0x0005, Some(Weakness::Rc4)),         // TLS_RSA_WITH_RC4_128_SHA
            (0xC012, Some(Weakness::TripleDes)),   // TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA
            (0xC02F, None),                        // TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
            (0x1301, None),                        // TLS_AES_128_GCM_SHA256
            (0x00FF, None),                        // TLS_EMPTY_RENEGOTIATION_INFO_SCSV
            (0x0000, None),                        // TLS_NULL_WITH_NULL_NULL
        ] {
            assert_eq!(weakness(id), expected, "{}", name(id));
            assert_eq!(weak_ones().contains(&id), expected.is_some(), "{}", name(id));
        }
        assert_eq!(name(0xFEFE), "0xFEFE");
        assert!(grouped().contains(&0x009E) && grouped().contains(&0x0033));
        assert!(!grouped().contains(&0xC02F) && !grouped().contains(&0x0034) && !grouped().contains(&0x0016));
    }

    #[test]
    fn the_lists_are_apart_and_hold_what_servers_use() {
        for id in [0xC02B, 0xC02F, 0xC030, 0xCCA8, 0xCCA9, 0x009E] {
            assert!(modern().contains(&id), "{}", name(id));
        }
        for id in [0x002F, 0x0035, 0x009C, 0xC013, 0xC014, 0xC027, 0x0033] {
            assert!(older().contains(&id), "{}", name(id));
        }
        assert!(modern().iter().all(|id| !older().contains(id) && !weak_ones().contains(id)));
        assert!(older().iter().all(|id| !weak_ones().contains(id)));
        println!("{} modern, {} older, {} weak", modern().len(), older().len(), weak_ones().len());
        // One ClientHello holds them all; some servers read no more than 16 KB of it.
        assert!(weak_ones().len() < 100 && older().len() < 80);
    }
}
