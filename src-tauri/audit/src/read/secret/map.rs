//! One file, whatever it is: text as it stands, or a source map (ECMA-426), whose embedded sources are read as the files they were.

use super::Scanner;
use super::inside::Inside;
use crate::facts::SecretMatch;
use crate::read::text::clean;

/// Bytes in which a source map shows itself.
const HEAD: usize = 4 * 1024;
/// Names of original files kept.
const NAMES: usize = 20_000;
/// Longest string kept that is no source: a name of a file.
const NAME: usize = 1_000;
/// Matches kept of one map.
const MOST: usize = 1_000;

/// Scans one file, piece by piece, in bounded memory.
pub struct File {
    plain: Scanner,
    map: Option<Map>,
    inside: Inside,
    head: Vec<u8>,
    url: String,
    salt: [u8; 32],
    guesses: bool,
}

impl File {
    /// A reader of the file at `url` (or path); `salt` keys the fingerprints; `guesses` also takes what only its look speaks for.
    #[must_use]
    pub fn new(url: &str, salt: &[u8; 32], guesses: bool) -> Self {
        let plain = Scanner { guesses, ..Scanner::new(url, salt) };
        let inside = Inside::new(url, salt, guesses);
        Self { plain, map: None, inside, head: Vec::new(), url: url.to_owned(), salt: *salt, guesses }
    }

    /// Takes the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.head.len() < HEAD && self.map.is_none() {
            self.head.extend_from_slice(&bytes[..bytes.len().min(HEAD - self.head.len())]);
            if is_map(&self.head) {
                let head = std::mem::take(&mut self.head);
                let mut map = Map::new(&self.url, &self.salt, self.guesses);
                // What came in earlier pieces stands at the beginning of the head.
                let earlier = head.len().saturating_sub(bytes.len());
                map.feed(&head[..earlier]);
                self.map = Some(map);
            }
        }
        self.plain.feed(bytes);
        match &mut self.map {
            Some(map) => map.feed(bytes),
            None => self.inside.feed(bytes),
        }
    }

    /// The matches; of a source map with sources, those of the sources with their files and lines. A source map inside a file adds its own.
    #[must_use]
    pub fn finish(self) -> Vec<SecretMatch> {
        match self.map {
            Some(map) if map.sources > 0 => map.finish(),
            _ => {
                let mut found = self.plain.finish();
                found.extend(self.inside.finish());
                found
            }
        }
    }
}

fn is_map(head: &[u8]) -> bool {
    let start = head.strip_prefix(b")]}'").unwrap_or(head);
    let first = start.iter().find(|byte| !byte.is_ascii_whitespace());
    let has = |key: &[u8]| memchr::memmem::find(head, key).is_some();
    let keys: [&[u8]; 4] = [b"\"mappings\"", b"\"sourcesContent\"", b"\"sources\"", b"\"sections\""];
    first == Some(&b'{') && keys.into_iter().any(has)
}

/// Which array of a source map a string stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Elsewhere,
    Names,
    Contents,
}

/// Reads the strings of a source map while it streams by.
pub(super) struct Map {
    url: String,
    salt: [u8; 32],
    guesses: bool,
    place: Place,
    /// Whether the bytes stand in a string, and the escape that has begun.
    inside: bool,
    escape: Vec<u8>,
    /// The string being read, unless it is a source.
    text: Vec<u8>,
    /// The last whole string: the key, when an array begins.
    key: Vec<u8>,
    names: Vec<String>,
    /// Names and contents begin anew in each section of an index map.
    first_name: usize,
    source: Option<Scanner>,
    /// Number of the next source in its array.
    number: usize,
    /// How many sources were read.
    sources: usize,
    found: Vec<(usize, SecretMatch)>,
}

impl Map {
    pub(super) fn new(url: &str, salt: &[u8; 32], guesses: bool) -> Self {
        Self {
            url: url.to_owned(),
            salt: *salt,
            guesses,
            place: Place::Elsewhere,
            inside: false,
            escape: Vec::new(),
            text: Vec::new(),
            key: Vec::new(),
            names: Vec::new(),
            first_name: 0,
            source: None,
            number: 0,
            sources: 0,
            found: Vec::new(),
        }
    }

    pub(super) fn feed(&mut self, mut bytes: &[u8]) {
        while let Some(byte) = bytes.first() {
            if !self.inside {
                self.outside(*byte);
                bytes = &bytes[1..];
            } else if !self.escape.is_empty() {
                self.escape.push(*byte);
                self.escaped();
                bytes = &bytes[1..];
            } else {
                let run = memchr::memchr2(b'"', b'\\', bytes).unwrap_or(bytes.len());
                self.take(&bytes[..run]);
                match bytes.get(run) {
                    Some(b'"') => self.close(),
                    Some(_) => self.escape.push(b'\\'),
                    None => {}
                }
                bytes = bytes.get(run + 1..).unwrap_or_default();
            }
        }
    }

    fn outside(&mut self, byte: u8) {
        match byte {
            b'"' => {
                self.inside = true;
                self.text.clear();
                if self.place == Place::Contents {
                    self.source = Some(Scanner { guesses: self.guesses, ..Scanner::new(&self.url, &self.salt) });
                }
            }
            b'[' => {
                self.place = match self.key.as_slice() {
                    b"sources" => Place::Names,
                    b"sourcesContent" => Place::Contents,
                    _ => Place::Elsewhere,
                };
                match self.place {
                    Place::Names => self.first_name = self.names.len(),
                    Place::Contents => self.number = 0,
                    Place::Elsewhere => {}
                }
            }
            b']' => self.place = Place::Elsewhere,
            // A source that the map does not hold is `null`; it counts all the same.
            b'n' if self.place == Place::Contents => self.number += 1,
            _ => {}
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        match &mut self.source {
            Some(source) => source.feed(bytes),
            None => self.text.extend_from_slice(&bytes[..bytes.len().min(NAME.saturating_sub(self.text.len()))]),
        }
    }

    fn escaped(&mut self) {
        let letter = match self.escape[1] {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' if self.escape.len() < 6 => return,
            b'u' => {
                let digits = std::str::from_utf8(&self.escape[2..]).ok();
                digits
                    .and_then(|digits| u32::from_str_radix(digits, 16).ok())
                    .and_then(char::from_u32)
                    .unwrap_or('\u{fffd}')
            }
            other => char::from(other),
        };
        self.escape.clear();
        let mut utf8 = [0; 4];
        let utf8 = letter.encode_utf8(&mut utf8).as_bytes().to_vec();
        self.take(&utf8);
    }

    fn close(&mut self) {
        self.inside = false;
        if let Some(source) = self.source.take() {
            let number = self.first_name + self.number;
            let left = MOST.saturating_sub(self.found.len());
            self.found.extend(source.finish().into_iter().take(left).map(|found| (number, found)));
            self.number += 1;
            self.sources += 1;
        } else if self.place == Place::Names && self.names.len() < NAMES {
            self.names.push(clean(&String::from_utf8_lossy(&self.text), 300));
        } else {
            std::mem::swap(&mut self.key, &mut self.text);
        }
    }

    pub(super) fn finish(self) -> Vec<SecretMatch> {
        let name = |number: usize| self.names.get(number).cloned().unwrap_or_else(|| format!("source {}", number + 1));
        self.found.into_iter().map(|(number, found)| SecretMatch { source: Some(name(number)), ..found }).collect()
    }
}

#[cfg(test)]
#[path = "map_tests.rs"]
mod tests;
