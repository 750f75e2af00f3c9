//! Finds known kinds of keys in scripts while their bytes stream by (rules: `assets/data/secrets.toml`). Values are never kept.

mod checksum;
mod escape;
#[cfg(test)]
mod forms_tests;
mod guess;
mod inside;
mod map;
#[cfg(test)]
mod packed_tests;
mod pem;
mod proof;
mod quiet;
mod rarity;
mod rule;
#[cfg(test)]
mod tests;
mod unnamed;

pub use map::File;
pub use quiet::quiet;
pub use rule::{Known, Rule, by_id, rules};

use crate::facts::SecretMatch;
use rule::Rules;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::ops::Range;

/// No match is longer than this; bytes closer to the end than this wait for the next piece.
const WINDOW: usize = 8 * 1024;
/// Bytes that are kept of what is done, for matches that begin before their fixed word.
const PAST: usize = 128;
/// Bytes that are gathered before they are scanned.
const BATCH: usize = 64 * 1024;
/// Matches of secret kinds kept of one script.
const MOST_SECRET: usize = 400;
/// Matches of publishable kinds kept of one script; each value once.
const MOST_PUBLIC: usize = 100;

/// Scans one script, piece by piece, in bounded memory.
pub struct Scanner {
    rules: &'static Rules,
    url: String,
    salt: [u8; 32],
    /// A little of the past, then the bytes not yet done.
    buffer: Vec<u8>,
    /// Where in the buffer the bytes begin that are not yet done.
    fresh: usize,
    /// Bytes of the buffer that an accepted match covers; nothing may begin before.
    taken: usize,
    /// Line of the first byte not yet done.
    line: u32,
    found: Vec<SecretMatch>,
    public: usize,
    /// Whether kinds are looked for that only their look speaks for.
    guesses: bool,
}

/// One possible match: where its value stands in the buffer.
struct Hit {
    start: usize,
    end: usize,
    rule: usize,
    /// End of the fixed text that may be shown.
    shown: usize,
    /// The value with its escapes undone, where it had any.
    written: Option<Vec<u8>>,
}

impl Scanner {
    /// A scanner for the script at `url`; `salt` keys the fingerprints and is thrown away with the run.
    #[must_use]
    pub fn new(url: &str, salt: &[u8; 32]) -> Self {
        Self {
            rules: rule::compiled(),
            url: url.to_owned(),
            salt: *salt,
            buffer: Vec::new(),
            fresh: 0,
            taken: 0,
            line: 1,
            found: Vec::new(),
            public: 0,
            guesses: false,
        }
    }

    /// The same, looking also for kinds that only their look speaks for; for source and logs, not for packed scripts.
    #[must_use]
    pub fn guessing(url: &str, salt: &[u8; 32]) -> Self {
        Self { guesses: true, ..Self::new(url, salt) }
    }

    /// Takes the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(BATCH) {
            self.buffer.extend_from_slice(piece);
            if self.buffer.len() >= BATCH + WINDOW {
                self.scan(self.buffer.len() - WINDOW);
            }
        }
    }

    /// The matches, in the order in which they stand in the script.
    #[must_use]
    pub fn finish(mut self) -> Vec<SecretMatch> {
        self.scan(self.buffer.len());
        self.found
    }

    /// Accepts every match that begins before `end`, and forgets what lies before it.
    fn scan(&mut self, end: usize) {
        let mut hits: Vec<Hit> = Vec::new();
        for word in self.rules.words.find_overlapping_iter(&self.buffer) {
            if (self.fresh..end).contains(&word.start()) {
                hits.extend(self.rules.at(
                    &self.buffer,
                    word.pattern().as_usize(),
                    word.start(),
                    word.end(),
                    self.guesses,
                ));
            }
        }
        if let Some(rule) = self.rules.unnamed.filter(|_| !self.guesses) {
            let signs = memchr::memchr_iter(b'=', &self.buffer[self.fresh..end]).map(|at| self.fresh + at);
            let values = signs.filter_map(|at| unnamed::value(&self.buffer, at));
            hits.extend(values.map(|Range { start, end }| Hit { start, end, rule, shown: start, written: None }));
        }
        self.only_known(&mut hits);
        hits.sort_by_key(|hit| (hit.start, hit.rule));
        let (mut at, mut line) = (self.fresh, self.line);
        for hit in hits {
            if hit.start >= self.taken {
                line = line.saturating_add(lines(&self.buffer, at, hit.start));
                at = at.max(hit.start);
                self.taken = hit.end;
                self.accept(&hit, line);
            }
        }
        self.line = self.line.saturating_add(lines(&self.buffer, self.fresh, end));
        let gone = end.saturating_sub(PAST);
        self.buffer.drain(..gone);
        self.fresh = end - gone;
        self.taken = self.taken.saturating_sub(gone);
    }

    /// Drops guesses that overlap a match of a known form.
    fn only_known(&self, hits: &mut Vec<Hit>) {
        let guess = |hit: &Hit| rules()[hit.rule].guess || rules()[hit.rule].packed;
        let known: Vec<(usize, usize)> =
            hits.iter().filter(|hit| !guess(hit)).map(|hit| (hit.start, hit.end)).collect();
        hits.retain(|hit| !guess(hit) || !known.iter().any(|(start, end)| hit.start < *end && *start < hit.end));
    }

    fn accept(&mut self, hit: &Hit, line: u32) {
        let rule = &rules()[hit.rule];
        let value = hit.written.as_deref().unwrap_or(&self.buffer[hit.start..hit.end]);
        let fingerprint = fingerprint(&self.salt, value);
        let again = rule.public && self.found.iter().any(|old| old.rule == rule.id && old.fingerprint == fingerprint);
        let full = if rule.public { self.public >= MOST_PUBLIC } else { self.found.len() - self.public >= MOST_SECRET };
        if again || full {
            return;
        }
        self.public += usize::from(rule.public);
        let fixed = match &rule.shows {
            Some(shows) => shows.clone(),
            None if rule.named => format!("{} ", rule.title),
            // What stands before the word belongs to the value.
            None if rule.back.is_some() => String::new(),
            None => String::from_utf8_lossy(&self.buffer[hit.start..hit.shown.max(hit.start)]).into_owned(),
        };
        self.found.push(SecretMatch {
            rule: rule.id.clone(),
            url: self.url.clone(),
            line,
            redacted: format!("{fixed}…"),
            fingerprint,
            public: rule.public,
            source: None,
            allowed: allowed(&self.buffer, hit.start, hit.end),
        });
    }
}

/// What kind of key a text that a person wrote holds, where it holds one that is secret.
#[must_use]
pub fn pasted(text: &str) -> Option<&'static str> {
    let mut scanner = Scanner::new("", &[0; 32]);
    scanner.feed(text.as_bytes());
    let found = scanner.finish().into_iter().find(|found| !found.public)?;
    by_id(&found.rule).map(|rule| rule.title.as_str())
}

/// Bytes of a line in which a comment that allows a match is looked for.
const LINE: usize = 400;

/// Whether the line says in a comment that its match is known and wanted.
fn allowed(buffer: &[u8], start: usize, end: usize) -> bool {
    const COMMENTS: [&[u8]; 4] =
        [b"launch-ready:allow", b"gitleaks:allow", b"pragma: allowlist secret", b"pragma: whitelist secret"];
    let stop = buffer.len().min(end + LINE);
    let stop = memchr::memchr(b'\n', &buffer[end..stop]).map_or(stop, |at| end + at);
    let begin = start.saturating_sub(LINE);
    let begin = memchr::memrchr(b'\n', &buffer[begin..start]).map_or(begin, |at| begin + at);
    let line = &buffer[begin..stop];
    COMMENTS.iter().any(|comment| memchr::memmem::find(line, comment).is_some())
}

fn lines(buffer: &[u8], from: usize, to: usize) -> u32 {
    let breaks = memchr::memchr_iter(b'\n', buffer.get(from..to).unwrap_or_default()).count();
    u32::try_from(breaks).unwrap_or(u32::MAX)
}

/// A digest of all rules, so that what an older set of rules found is not taken for what these find.
#[must_use]
pub fn edition() -> [u8; 32] {
    Sha256::new().chain_update(env!("CARGO_PKG_VERSION")).chain_update(rule::FILE).finalize().into()
}

/// SHA-256 keyed by a salt of fixed length, cut to 64 bits (so that it cannot be extended), hexadecimal.
fn fingerprint(salt: &[u8; 32], value: &[u8]) -> String {
    let digest = Sha256::new().chain_update(salt).chain_update(value).finalize();
    digest[..8].iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
