//! Macros of SPF (RFC 7208 §7): their syntax, and what they become for one message.

use std::net::IpAddr;

/// A part of a macro-string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    /// Text that stands for itself.
    Literal(&'t str),
    /// What `%%`, `%_` and `%-` stand for.
    Escape(&'static str),
    Macro(Macro<'t>),
}

/// `%{letter digits r delimiters}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Macro<'t> {
    /// In lower case.
    pub(super) letter: u8,
    /// Upper case in the record: escaped as in a URL (§7.3).
    escaped: bool,
    /// Right-hand parts that stay.
    parts: Option<usize>,
    reversed: bool,
    delimiters: &'t str,
}

/// Reads a macro-string; none when a `%` begins no macro.
pub(super) fn pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        if at > 0 {
            pieces.push(Piece::Literal(&rest[..at]));
        }
        let after = &rest[at + 1..];
        let (piece, taken) = match after.as_bytes().first()? {
            b'%' => (Piece::Escape("%"), 1),
            b'_' => (Piece::Escape(" "), 1),
            b'-' => (Piece::Escape("%20"), 1),
            b'{' => {
                let close = after.find('}')?;
                (Piece::Macro(inside(&after[1..close])?), close + 1)
            }
            _ => return None,
        };
        pieces.push(piece);
        rest = &after[taken..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    Some(pieces)
}

fn inside(text: &str) -> Option<Macro<'_>> {
    let first = *text.as_bytes().first()?;
    let letter = first.to_ascii_lowercase();
    if !b"slodiphvcrt".contains(&letter) {
        return None;
    }
    let rest = &text[1..];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    // A number too large for this machine keeps all parts, as any number above their count does.
    let parts = (digits > 0).then(|| rest[..digits].parse().unwrap_or(usize::MAX));
    if parts == Some(0) {
        return None;
    }
    let rest = &rest[digits..];
    let delimiters = rest.strip_prefix(['r', 'R']);
    let reversed = delimiters.is_some();
    let delimiters = delimiters.unwrap_or(rest);
    delimiters.bytes().all(|b| b".-+,/_=".contains(&b)).then_some(Macro {
        letter,
        escaped: first.is_ascii_uppercase(),
        parts,
        reversed,
        delimiters,
    })
}

/// What the letters stand for.
pub(super) struct Values<'v> {
    pub(super) ip: IpAddr,
    pub(super) local: &'v str,
    pub(super) sender_domain: &'v str,
    pub(super) helo: &'v str,
    pub(super) receiver: &'v str,
    /// Seconds since 1970.
    pub(super) time: i64,
    /// The domain whose record is read.
    pub(super) domain: &'v str,
    /// The validated name of the address; `unknown` when it has none.
    pub(super) validated: &'v str,
}

/// Whether a macro-string needs the validated name of the address.
pub(super) fn wants_validated(pieces: &[Piece<'_>]) -> bool {
    pieces.iter().any(|piece| matches!(piece, Piece::Macro(found) if found.letter == b'p'))
}

/// The text that a macro-string becomes; beyond `most` bytes no further piece is added.
pub(super) fn expand(pieces: &[Piece<'_>], values: &Values<'_>, most: usize) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Literal(literal) | Piece::Escape(literal) => text.push_str(literal),
            Piece::Macro(found) => text.push_str(&found.expand(values)),
        }
        if text.len() > most {
            break;
        }
    }
    text
}

impl Macro<'_> {
    fn expand(&self, values: &Values<'_>) -> String {
        let value = match self.letter {
            b's' => format!("{}@{}", values.local, values.sender_domain),
            b'l' => values.local.to_owned(),
            b'o' => values.sender_domain.to_owned(),
            b'd' => values.domain.to_owned(),
            b'i' => dotted(values.ip),
            b'p' => values.validated.to_owned(),
            b'h' => values.helo.to_owned(),
            b'v' => if values.ip.is_ipv4() { "in-addr" } else { "ip6" }.to_owned(),
            b'c' => values.ip.to_string(),
            b'r' => values.receiver.to_owned(),
            _ => values.time.to_string(),
        };
        let value = self.transformed(&value);
        if self.escaped { escape(&value) } else { value }
    }

    /// Split at the delimiters, turned round, cut to the right-hand parts, joined by dots (§7.3).
    fn transformed(&self, value: &str) -> String {
        if self.parts.is_none() && !self.reversed && self.delimiters.is_empty() {
            return value.to_owned();
        }
        let delimiters = if self.delimiters.is_empty() { "." } else { self.delimiters };
        let mut parts: Vec<&str> = value.split(|c| delimiters.contains(c)).collect();
        if self.reversed {
            parts.reverse();
        }
        let keep = self.parts.unwrap_or(usize::MAX).min(parts.len());
        parts[parts.len() - keep..].join(".")
    }
}

/// The address for `%{i}`: dotted quad, or nibbles parted by dots.
fn dotted(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => nibbles(address.octets()).collect::<Vec<_>>().join("."),
    }
}

fn nibbles(octets: [u8; 16]) -> impl DoubleEndedIterator<Item = String> {
    octets
        .into_iter()
        .flat_map(|octet| [octet >> 4, octet & 15])
        .map(|nibble| format!("{nibble:x}"))
        .collect::<Vec<_>>()
        .into_iter()
}

/// The name that PTR is asked for.
pub(super) fn reverse_name(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(address) => {
            let [a, b, c, d] = address.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        IpAddr::V6(address) => {
            format!("{}.ip6.arpa", nibbles(address.octets()).rev().collect::<Vec<_>>().join("."))
        }
    }
}

/// Everything but the unreserved characters of RFC 3986 §2.3 as `%XX`.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}
