//! TLS as old servers speak it: versions and suites that the TLS library rightly refuses, agreed to as far as the first answer.

use std::io;
use std::time::Duration;

use tls_parser::{
    TlsClientHelloContents, TlsExtension, TlsMessage, TlsMessageHandshake, parse_tls_client_hello_extensions,
    parse_tls_plaintext,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Bytes of a greeting that are looked at.
const HELLO: usize = 16 * 1024;
/// How often a greeting that is not whole yet is looked at again.
const LOOKS: usize = 200;
const TLS12: u16 = 0x0303;
const RENEGOTIATION: u16 = 0x00FF;
const FALLBACK: u16 = 0x5600;
/// ECDHE with AES-GCM or ChaCha20: what the library itself agrees to in TLS 1.2.
const MODERN: [u16; 6] = [0xC02B, 0xC02C, 0xC02F, 0xC030, 0xCCA8, 0xCCA9];

/// DHE with AES.
pub(crate) const GROUPED: [u16; 4] = [0x009E, 0x009F, 0x0033, 0x0039];

/// What an old server agrees to, besides what the library does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Relic {
    /// Versions below TLS 1.2, as their numbers.
    pub versions: &'static [u16],
    /// Suites in the server's order, in those versions and in TLS 1.2.
    pub suites: &'static [u16],
    pub compresses: bool,
    /// Whether renegotiation is bound to its connection (RFC 5746).
    pub secure: bool,
    /// Whether it speaks nothing newer.
    pub only: bool,
    /// Bytes of the group over which it agrees on keys; none: it falls silent before it names one.
    pub group: Option<u16>,
}

impl Relic {
    /// Agrees to these versions with the usual suites of their time.
    pub const fn speaking(versions: &'static [u16]) -> Relic {
        Relic {
            versions,
            suites: &[0xC013, 0xC014, 0x002F, 0x0035],
            compresses: false,
            secure: true,
            only: false,
            group: None,
        }
    }

    /// Agrees to these suites in TLS 1.2.
    pub const fn taking(suites: &'static [u16]) -> Relic {
        Relic { suites, ..Relic::speaking(&[]) }
    }
}

/// A greeting as far as it matters here.
pub(crate) struct Greeting {
    pub host: Option<String>,
    version: u16,
    newest: bool,
    suites: Vec<u16>,
    compression: bool,
}

/// The greeting on a connection, left there for whoever answers; none when it is not one.
pub(crate) async fn greeting(stream: &TcpStream) -> io::Result<Option<Greeting>> {
    let mut bytes = vec![0; HELLO];
    for _ in 0..LOOKS {
        let there = stream.peek(&mut bytes).await?;
        let seen = bytes.get(..there).unwrap_or_default();
        match seen {
            [] => return Ok(None),
            &[22, 3, _, high, low, ..] if seen.len() < 5 + usize::from(u16::from_be_bytes([high, low])) => {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            whole => return Ok(read(whole)),
        }
    }
    Ok(None)
}

fn read(bytes: &[u8]) -> Option<Greeting> {
    let (_, record) = parse_tls_plaintext(bytes).ok()?;
    let TlsMessage::Handshake(TlsMessageHandshake::ClientHello(hello)) = record.msg.first()? else { return None };
    let extensions = hello.ext.and_then(|bytes| parse_tls_client_hello_extensions(bytes).ok()).map(|(_, all)| all);
    let extensions = extensions.unwrap_or_default();
    let host = extensions.iter().find_map(|extension| match extension {
        TlsExtension::SNI(names) => names.first().and_then(|(_, name)| String::from_utf8(name.to_vec()).ok()),
        _ => None,
    });
    let newest = extensions.iter().any(|extension| match extension {
        TlsExtension::SupportedVersions(versions) => versions.iter().any(|version| version.0 == 0x0304),
        _ => false,
    });
    Some(Greeting { host, newest, ..of(hello) })
}

fn of(hello: &TlsClientHelloContents<'_>) -> Greeting {
    Greeting {
        host: None,
        version: hello.version.0,
        newest: false,
        suites: hello.ciphers.iter().map(|suite| suite.0).collect(),
        compression: hello.comp.iter().any(|method| method.0 == 1),
    }
}

impl Relic {
    /// The record that answers; none where the library answers better.
    pub fn answer(&self, greeting: &Greeting) -> Option<Vec<u8>> {
        let modern =
            greeting.newest || greeting.version >= TLS12 && greeting.suites.iter().any(|suite| MODERN.contains(suite));
        if modern && !self.only {
            return None;
        }
        if greeting.suites.contains(&FALLBACK) && greeting.version < TLS12 && !self.only {
            return Some(alert(greeting.version, 86));
        }
        let own = self.versions.iter().copied().chain((!self.only).then_some(TLS12));
        let Some(version) = own.filter(|version| *version <= greeting.version).max() else {
            return Some(alert(greeting.version, 70));
        };
        let Some(suite) = self.suites.iter().find(|suite| greeting.suites.contains(suite)) else {
            return Some(alert(version, 40));
        };
        let mut hello = version.to_be_bytes().to_vec();
        hello.extend([0x5A; 32]);
        hello.push(0);
        hello.extend(suite.to_be_bytes());
        hello.push(u8::from(self.compresses && greeting.compression));
        if self.secure && greeting.suites.contains(&RENEGOTIATION) {
            hello.extend([0, 5, 0xFF, 1, 0, 1, 0]);
        }
        let length = u8::try_from(hello.len()).unwrap_or(u8::MAX);
        let mut messages = [&[2, 0, 0, length], hello.as_slice()].concat();
        if let Some(bytes) = self.group.filter(|_| GROUPED.contains(suite)) {
            messages.extend(exchange(bytes));
        }
        Some(record(22, version, &messages))
    }
}

/// ServerKeyExchange (RFC 5246 §7.4.3) with a prime of so many bytes; nobody gets as far as its signature.
fn exchange(bytes: u16) -> Vec<u8> {
    let prime = vec![0xC7; usize::from(bytes)];
    let number = |value: &[u8]| [&u16::try_from(value.len()).unwrap_or(u16::MAX).to_be_bytes()[..], value].concat();
    let content = [number(&prime), number(&[2]), number(&prime), vec![4, 1, 0, 0]].concat();
    let length = u16::try_from(content.len()).unwrap_or(u16::MAX).to_be_bytes();
    [&[12, 0][..], &length, &content].concat()
}

fn alert(version: u16, what: u8) -> Vec<u8> {
    record(21, version, &[2, what])
}

fn record(kind: u8, version: u16, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap_or(u16::MAX);
    [&[kind], &version.to_be_bytes()[..], &length.to_be_bytes(), content].concat()
}

/// Sends the answer and waits until the client leaves.
pub(crate) async fn say(mut stream: TcpStream, answer: &[u8]) -> io::Result<()> {
    stream.write_all(answer).await?;
    let mut ignored = [0; 1024];
    while stream.read(&mut ignored).await? > 0 {}
    Ok(())
}
