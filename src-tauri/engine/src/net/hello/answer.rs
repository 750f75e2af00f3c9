//! Reads the first words of a server: a ServerHello or an alert. Hostile bytes end in [`Heard::Nonsense`].

use audit::facts::TlsVersion;
use tls_parser::{TlsServerHelloContents, parse_tls_handshake_server_hello};

/// Records of a first answer that are looked into; a ServerHello may be cut into many.
const RECORDS: usize = 32;

/// What a server answered to a greeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// A ServerHello: the server agrees.
    Hello {
        version: TlsVersion,
        suite: u16,
        compressed: bool,
        secure_renegotiation: bool,
        /// Entries of public logs (RFC 6962 §3.3.1).
        timestamps: Vec<u8>,
        /// Bits of the group over which it agrees on keys, where that was waited for.
        group: Option<u32>,
    },
    /// A fatal alert, by its number.
    Alert(u8),
    /// It closed the connection without a word.
    Closed,
    /// Something that is not TLS.
    Nonsense,
}

/// What the bytes so far say.
pub(crate) enum Said {
    More,
    This(Heard),
}

/// Reads as far as the bytes go; `group`: whether to wait for the group over which keys are agreed on.
pub(crate) fn read(bytes: &[u8], group: bool) -> Said {
    let mut handshake = Vec::new();
    let mut rest = bytes;
    for _ in 0..RECORDS {
        let Some((record, after)) = rest.split_at_checked(5) else { break };
        let &[kind, 3, _, high, low] = record else { return Said::This(Heard::Nonsense) };
        let length = usize::from(u16::from_be_bytes([high, low]));
        match kind {
            21 => {
                let Some(&[level, what]) = after.get(..2) else { break };
                // A warning (an unknown name, for instance) may come before the answer itself; closing is an answer.
                if level != 1 || what == 0 {
                    return Said::This(Heard::Alert(what));
                }
            }
            22 => {
                handshake.extend_from_slice(after.get(..length).unwrap_or(after));
                if let Some(heard) = message(&handshake, group) {
                    return Said::This(heard);
                }
            }
            _ => return Said::This(Heard::Nonsense),
        }
        match after.split_at_checked(length) {
            Some((_, next)) => rest = next,
            None => break,
        }
    }
    Said::More
}

/// What the handshake says, once enough of it is there.
fn message(handshake: &[u8], group: bool) -> Option<Heard> {
    if handshake.first().is_some_and(|kind| *kind != 2) {
        return Some(Heard::Nonsense);
    }
    let (_, content, mut rest) = next(handshake)?;
    let mut heard = hello_of(content);
    let Heard::Hello { group: bits, version, .. } = &mut heard else { return Some(heard) };
    if !group || *version == TlsVersion::Tls13 {
        return Some(heard);
    }
    loop {
        let (kind, content, after) = next(rest)?;
        match kind {
            // ServerKeyExchange (RFC 5246 §7.4.3): the prime comes first.
            12 => match prime(content) {
                Some(found) => {
                    *bits = Some(found);
                    return Some(heard);
                }
                None => return Some(Heard::Nonsense),
            },
            // ServerHelloDone.
            14 => return Some(heard),
            _ => rest = after,
        }
    }
}

/// The first message of these bytes, its kind before it and what follows behind it.
fn next(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let &[kind, a, b, c, ref after @ ..] = bytes else { return None };
    let length = usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap_or(usize::MAX);
    after.split_at_checked(length).map(|(content, rest)| (kind, content, rest))
}

/// Bits of the prime that key agreement begins with (ServerDHParams).
fn prime(content: &[u8]) -> Option<u32> {
    let &[high, low, ref after @ ..] = content else { return None };
    let number = after.get(..usize::from(u16::from_be_bytes([high, low])))?;
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    let first = number.get(zeros)?;
    let rest = u32::try_from(number.len() - zeros - 1).ok()?;
    Some(rest * 8 + 8 - first.leading_zeros())
}

fn hello_of(content: &[u8]) -> Heard {
    let Ok((_, hello)) = parse_tls_handshake_server_hello(content) else { return Heard::Nonsense };
    let extensions = extensions(&hello);
    let find = |wanted: u16| extensions.iter().find(|(kind, _)| *kind == wanted).map(|(_, content)| *content);
    let named = find(43).and_then(|content| <[u8; 2]>::try_from(content).ok()).map(u16::from_be_bytes);
    match TlsVersion::of(named.unwrap_or(hello.version.0)) {
        Some(version) => Heard::Hello {
            version,
            suite: hello.cipher.0,
            compressed: hello.compression.0 != 0,
            secure_renegotiation: find(0xFF01).is_some(),
            timestamps: find(18).unwrap_or_default().to_vec(),
            group: None,
        },
        None => Heard::Nonsense,
    }
}

fn extensions<'a>(hello: &TlsServerHelloContents<'a>) -> Vec<(u16, &'a [u8])> {
    let mut found = Vec::new();
    let mut rest = hello.ext.unwrap_or_default();
    while let &[a, b, c, d, ref after @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([c, d]));
        let Some((content, next)) = after.split_at_checked(length) else { break };
        found.push((u16::from_be_bytes([a, b]), content));
        rest = next;
    }
    found
}

/// An alert in words (RFC 8446 §6.2).
pub(crate) fn alert(number: u8) -> String {
    let known = match number {
        0 => "close notify",
        10 => "unexpected message",
        40 => "handshake failure",
        47 => "illegal parameter",
        49 => "access denied",
        50 => "decode error",
        70 => "protocol version",
        71 => "insufficient security",
        80 => "internal error",
        86 => "inappropriate fallback",
        90 => "user cancelled",
        109 => "missing extension",
        112 => "unrecognised name",
        _ => return format!("alert {number}"),
    };
    known.to_owned()
}
