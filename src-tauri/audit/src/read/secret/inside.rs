//! Source maps inside a file, as `data:` addresses (ECMA-426 section 11.1): their base64 or percent encoding is undone while it streams by.

use super::map::Map;
use crate::facts::SecretMatch;
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use std::sync::LazyLock;

const WORD: &[u8] = b"sourceMappingURL=data:";
/// Longest description of the data before its comma (RFC 2397).
const HEADER: usize = 200;
/// Matches kept of all maps of one file.
const MOST: usize = 1_000;
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
static FINDER: LazyLock<memchr::memmem::Finder<'static>> = LazyLock::new(|| memchr::memmem::Finder::new(WORD));

/// Reads the maps inside one file, one behind the other.
pub(super) struct Inside {
    url: String,
    salt: [u8; 32],
    guesses: bool,
    state: State,
    found: Vec<SecretMatch>,
}

enum State {
    /// The last bytes, in which the word may have begun.
    Outside(Vec<u8>),
    /// The description of the data.
    Header(Vec<u8>),
    /// Characters that are not yet undone, whether they are base64, and the map.
    Body(Vec<u8>, bool, Box<Map>),
}

impl Inside {
    pub(super) fn new(url: &str, salt: &[u8; 32], guesses: bool) -> Self {
        Self { url: url.to_owned(), salt: *salt, guesses, state: State::Outside(Vec::new()), found: Vec::new() }
    }

    pub(super) fn feed(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            bytes = match std::mem::replace(&mut self.state, State::Outside(Vec::new())) {
                State::Outside(past) => self.outside(past, bytes),
                State::Header(header) => self.header(header, bytes),
                State::Body(rest, base64, map) => self.body(rest, base64, map, bytes),
            };
        }
    }

    pub(super) fn finish(mut self) -> Vec<SecretMatch> {
        // What follows the last character ends the last map.
        self.feed(b"\n");
        self.found
    }

    /// Looks for the word, also where it began in the bytes before; what follows it is left.
    fn outside<'b>(&mut self, mut past: Vec<u8>, bytes: &'b [u8]) -> &'b [u8] {
        let before = past.len();
        past.extend_from_slice(&bytes[..bytes.len().min(WORD.len() - 1)]);
        let border = FINDER.find(&past).map(|at| at + WORD.len() - before);
        if let Some(end) = border.or_else(|| FINDER.find(bytes).map(|at| at + WORD.len())) {
            self.state = State::Header(Vec::new());
            return &bytes[end..];
        }
        if bytes.len() >= WORD.len() {
            past = bytes.to_vec();
        }
        past.drain(..past.len().saturating_sub(WORD.len() - 1));
        self.state = State::Outside(past);
        &[]
    }

    fn header<'b>(&mut self, mut header: Vec<u8>, bytes: &'b [u8]) -> &'b [u8] {
        let comma = memchr::memchr(b',', bytes);
        header.extend_from_slice(&bytes[..comma.unwrap_or(bytes.len()).min(HEADER + 1)]);
        if header.len() > HEADER {
            return bytes;
        }
        let Some(comma) = comma else {
            self.state = State::Header(header);
            return &[];
        };
        let map = Box::new(Map::new(&self.url, &self.salt, self.guesses));
        self.state = State::Body(Vec::new(), header.ends_with(b";base64"), map);
        &bytes[comma + 1..]
    }

    fn body<'b>(&mut self, mut rest: Vec<u8>, base64: bool, mut map: Box<Map>, bytes: &'b [u8]) -> &'b [u8] {
        let inside = |byte: &u8| match base64 {
            true => byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_'),
            false => byte.is_ascii_graphic() && !matches!(byte, b'"' | b'`' | b'\\'),
        };
        let end = bytes.iter().position(|byte| !inside(byte));
        rest.extend_from_slice(&bytes[..end.unwrap_or(bytes.len())]);
        let kept = match (end, base64) {
            (Some(_), _) => 0,
            (None, true) => rest.len() % 4,
            // An escape may go on in the next bytes.
            (None, false) => rest.iter().rev().take(2).position(|byte| *byte == b'%').map_or(0, |at| at + 1),
        };
        let later = rest.split_off(rest.len() - kept);
        map.feed(&if base64 { unpacked(rest) } else { unescaped(&rest) });
        match end {
            None => {
                self.state = State::Body(later, base64, map);
                &[]
            }
            Some(end) => {
                let left = MOST.saturating_sub(self.found.len());
                self.found.extend(map.finish().into_iter().take(left));
                &bytes[end..]
            }
        }
    }
}

/// What base64 stands for; of text that is none, nothing.
fn unpacked(mut text: Vec<u8>) -> Vec<u8> {
    for byte in &mut text {
        // The alphabet for addresses (RFC 4648 section 5) differs in two letters.
        match byte {
            b'-' => *byte = b'+',
            b'_' => *byte = b'/',
            _ => {}
        }
    }
    LENIENT.decode(text).unwrap_or_default()
}

fn unescaped(text: &[u8]) -> Vec<u8> {
    let (mut plain, mut at) = (Vec::with_capacity(text.len()), 0);
    while let Some(byte) = text.get(at) {
        let digits = text.get(at + 1..at + 3).filter(|_| *byte == b'%');
        let number = digits.and_then(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok());
        plain.push(number.unwrap_or(*byte));
        at += if number.is_some() { 3 } else { 1 };
    }
    plain
}
