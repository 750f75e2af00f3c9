//! Writes a ClientHello (RFC 8446 §4.1.2; RFC 5246 §7.4.1.2 for older versions; RFC 6101 for SSL 3.0).

use audit::facts::TlsVersion;
use std::net::IpAddr;

/// The signalling suite that stands for the renegotiation extension (RFC 5746 §3.3).
const RENEGOTIATION: u16 = 0x00FF;
/// The signalling suite that says "I fell back to this version" (RFC 7507 §4).
const FALLBACK: u16 = 0x5600;
/// Suites of TLS 1.3 (RFC 8446 §B.4).
const NEWEST: [u16; 3] = [0x1301, 0x1302, 0x1303];
/// X25519, P-256, P-384, P-521 (RFC 8446 §4.2.7).
const GROUPS: [u16; 4] = [0x001D, 0x0017, 0x0018, 0x0019];
/// ECDSA and RSA with SHA-2, then SHA-1 as old servers know nothing else (RFC 8446 §4.2.3).
const SIGNATURES: [u16; 13] =
    [0x0403, 0x0503, 0x0603, 0x0807, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201, 0x0202];

/// What to greet with.
pub(crate) struct Greeting<'a> {
    pub(crate) host: &'a str,
    /// The newest version that we claim to speak.
    pub(crate) version: TlsVersion,
    /// Suites, the first preferred; those of TLS 1.3 need not be named.
    pub(crate) suites: &'a [u16],
    /// Whether to say that this is a fall-back.
    pub(crate) fallback: bool,
    /// Whether to hear the answer out until the server has said over which group it agrees on keys.
    pub(crate) group: bool,
    pub(crate) random: [u8; 32],
}

impl Greeting<'_> {
    /// The record as it goes over the wire.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let newest = self.version == TlsVersion::Tls13;
        // TLS 1.3 names itself in an extension; the old field stays at 1.2 for the boxes in between (RFC 8446 §4.1.2).
        let legacy = if newest { TlsVersion::Tls12 } else { self.version };
        let mut hello = legacy.number().to_be_bytes().to_vec();
        hello.extend(self.random);
        // A session id makes the greeting look like what such boxes know (RFC 8446 §D.4).
        let session: &[u8] = if newest { &self.random } else { &[] };
        hello.extend(short(session));
        hello.extend(long(&self.suites().iter().flat_map(|suite| suite.to_be_bytes()).collect::<Vec<_>>()));
        hello.extend(short(if newest { &[0] } else { &[1, 0] }));
        if self.version != TlsVersion::Ssl3 {
            hello.extend(long(&self.extensions(newest)));
        }
        let message = [&[1, 0][..], &long(&hello)].concat();
        let record = if self.version == TlsVersion::Ssl3 { [22, 3, 0] } else { [22, 3, 1] };
        [&record[..], &long(&message)].concat()
    }

    fn suites(&self) -> Vec<u16> {
        let mut suites: Vec<u16> = if self.version == TlsVersion::Tls13 { NEWEST.to_vec() } else { Vec::new() };
        suites.extend(self.suites);
        if self.fallback {
            suites.push(FALLBACK);
        }
        if self.version != TlsVersion::Tls13 {
            suites.push(RENEGOTIATION);
        }
        suites
    }

    fn extensions(&self, newest: bool) -> Vec<u8> {
        let numbers = |list: &[u16]| long(&list.iter().flat_map(|one| one.to_be_bytes()).collect::<Vec<_>>());
        let mut all = Vec::new();
        let mut put = |kind: u16, content: &[u8]| {
            all.extend(kind.to_be_bytes());
            all.extend(long(content));
        };
        // No server name for bare addresses (RFC 6066 §3).
        if self.host.parse::<IpAddr>().is_err() {
            let name = [&[0][..], &long(self.host.as_bytes())].concat();
            put(0, &long(&name));
        }
        put(10, &numbers(&GROUPS));
        put(11, &short(&[0]));
        if self.version >= TlsVersion::Tls12 {
            put(13, &numbers(&SIGNATURES));
        }
        let protocols = [short(b"h2"), short(b"http/1.1")].concat();
        put(16, &long(&protocols));
        put(18, &[]);
        put(23, &[]);
        if newest {
            put(43, &short(&TlsVersion::Tls13.number().to_be_bytes()));
            put(45, &short(&[1]));
            // Any 32 bytes are a public key of X25519 (RFC 7748 §5); nobody computes with it, as we leave after the answer.
            let share = [&GROUPS[0].to_be_bytes()[..], &long(&self.random)].concat();
            put(51, &long(&share));
        }
        all
    }
}

/// Content behind its length in one byte.
fn short(content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).unwrap_or(u8::MAX);
    [&[length], content.get(..usize::from(length)).unwrap_or_default()].concat()
}

/// Content behind its length in two bytes.
fn long(content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap_or(u16::MAX);
    [&length.to_be_bytes()[..], content.get(..usize::from(length)).unwrap_or_default()].concat()
}
