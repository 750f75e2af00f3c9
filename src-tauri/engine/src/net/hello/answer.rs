//! Reads the first words of a server: a ServerHello or an alert. Hostile bytes end in [`Heard::Nonsense`].

use audit::facts::TlsVersion;
use tls_parser::{TlsServerHelloContents, parse_tls_handshake_server_hello};

/// Records of a first answer that are looked into; a ServerHello may be cut into many.
const RECORDS: usize = 32;

/// What a server answered to a greeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// A ServerHello: the server agrees.
    Hello { version: TlsVersion, suite: u16, compressed: bool, secure_renegotiation: bool, timestamps: Vec<u8> },
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

/// Reads as far as the bytes go.
pub(crate) fn read(bytes: &[u8]) -> Said {
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
                if let Some(heard) = message(&handshake) {
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

/// The first message of the handshake, once it is whole.
fn message(handshake: &[u8]) -> Option<Heard> {
    let &[kind, a, b, c, ref content @ ..] = handshake else { return None };
    let length = usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap_or(usize::MAX);
    if kind != 2 {
        return Some(Heard::Nonsense);
    }
    content.get(..length).map(hello_of)
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
