//! Reads logs of any size while their bytes stream by, in bounded memory: counts what should not be there, keeps none of it.

mod proof;
#[cfg(test)]
mod tests;
mod words;

use crate::facts::{LeakKind, LogForm, LogSeen, Spot, Topic};
use crate::read::secret::Scanner;
use crate::read::text::clean;
use proof::Number;
use std::collections::BTreeMap;
use words::{Sign, WORDS_COMPILED};

/// Bytes that are gathered before they are looked through.
const BATCH: usize = 256 * 1024;
/// A line that is longer is looked through in pieces.
const LONGEST: usize = 1024 * 1024;
/// Places kept of each kind.
const EXAMPLES: usize = 5;
/// First lines of a file that tell its form.
const FIRST: usize = 100;
/// Bytes that the search for keys takes before it is asked what it found.
const PIECE: usize = 64 * 1024 * 1024;

/// Reads one log after the other.
pub struct Reader {
    salt: [u8; 32],
    seen: LogSeen,
    file: File,
}

/// The log that is being read.
struct File {
    name: String,
    buffer: Vec<u8>,
    /// Line of the first byte of the buffer.
    line: u64,
    /// The form is not told yet.
    fresh: bool,
    keys: Option<Scanner>,
    /// Line at which the search for keys began, and the bytes that it took.
    from: u64,
    taken: usize,
    /// The last line that was part of a stack trace.
    frame: u64,
}

/// What one line was seen to hold.
#[derive(Default)]
struct Line {
    number: u64,
    begin: usize,
    any: bool,
    error: bool,
    named: bool,
    topics: [bool; 5],
    /// Kinds already counted on this line, so that a field and its echo count once.
    told: Vec<LeakKind>,
}

impl Reader {
    /// A reader; `salt` keys the search for keys and is thrown away with the run.
    #[must_use]
    pub fn new(salt: &[u8; 32]) -> Self {
        Self { salt: *salt, seen: LogSeen::default(), file: File::new("") }
    }

    /// Begins another log.
    pub fn open(&mut self, name: &str) {
        self.close();
        self.file = File::new(&clean(name, 300));
        self.seen.files = self.seen.files.saturating_add(1);
    }

    /// Takes the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.seen.bytes += bytes.len() as u64;
        for piece in bytes.chunks(BATCH) {
            self.file.buffer.extend_from_slice(piece);
            self.keys(piece);
            if self.file.buffer.len() >= BATCH {
                let whole = memchr::memrchr(b'\n', &self.file.buffer).map(|at| at + 1);
                match whole {
                    Some(whole) => self.look(whole),
                    None if self.file.buffer.len() >= LONGEST => self.look(self.file.buffer.len()),
                    None => {}
                }
            }
        }
    }

    /// Notes a log that was left out.
    pub fn leave_out(&mut self, why: &str) {
        let count = self.seen.left_out.entry(why.to_owned()).or_default();
        *count = count.saturating_add(1);
    }

    /// Notes the limit that ended the reading.
    pub fn cut(&mut self, limit: &str) {
        self.seen.cut = Some(limit.to_owned());
    }

    /// What was seen.
    #[must_use]
    pub fn finish(mut self) -> LogSeen {
        self.close();
        self.seen
    }

    fn close(&mut self) {
        let rest = self.file.buffer.len();
        if rest > 0 {
            let ended = self.file.buffer.last() == Some(&b'\n');
            self.look(rest);
            self.seen.lines += u64::from(!ended);
        }
        self.found();
    }

    fn keys(&mut self, piece: &[u8]) {
        let File { name, keys, taken, .. } = &mut self.file;
        keys.get_or_insert_with(|| Scanner::new(name, &self.salt)).feed(piece);
        *taken += piece.len();
        // The search keeps a fixed number of finds; a new one goes on counting.
        if self.file.taken >= PIECE && piece.contains(&b'\n') {
            let after = memchr::memchr_iter(b'\n', &self.file.buffer).count() as u64;
            self.found();
            self.file.from = self.file.line + after - 1;
        }
    }

    /// Takes over what the search for keys found.
    fn found(&mut self) {
        self.file.taken = 0;
        let Some(keys) = self.file.keys.take() else { return };
        for key in keys.finish().into_iter().filter(|key| !key.public) {
            let line = self.file.from + u64::from(key.line);
            note(&mut self.seen, LeakKind::Key, &self.file.name, line, key.redacted);
        }
    }

    /// Looks through the first `end` bytes and forgets them.
    fn look(&mut self, end: usize) {
        let mut buffer = std::mem::take(&mut self.file.buffer);
        let text = &buffer[..end];
        if std::mem::take(&mut self.file.fresh) {
            *self.seen.forms.entry(form(text)).or_default() += 1;
        }
        self.words(text);
        self.numbers(text);
        let lines = memchr::memchr_iter(b'\n', text).count() as u64;
        self.file.line += lines;
        self.seen.lines += lines;
        buffer.drain(..end);
        self.file.buffer = buffer;
    }

    fn words(&mut self, text: &[u8]) {
        let words = &*WORDS_COMPILED;
        let mut line = Line { number: self.file.line, ..Line::default() };
        let mut at = 0;
        for found in words.search.find_iter(text) {
            // A word that begins with a line end belongs to the line after it.
            let place = found.start() + usize::from(text[found.start()] == b'\n');
            let passed = memchr::memchr_iter(b'\n', &text[at..place]).count() as u64;
            if passed > 0 {
                self.end(&line, text);
                let begin = memchr::memrchr(b'\n', &text[..place]).map_or(0, |end| end + 1);
                line = Line { number: line.number + passed, begin, ..Line::default() };
            }
            at = place;
            self.sign(words.signs[found.pattern().as_usize()], text, found.start(), found.end(), &mut line);
        }
        self.end(&line, text);
    }

    /// Counts what a line was seen to hold.
    fn end(&mut self, line: &Line, text: &[u8]) {
        if !line.any {
            return;
        }
        for (topic, seen) in Topic::ALL.into_iter().zip(line.topics) {
            if seen {
                *self.seen.topics.entry(topic).or_default() += 1;
            }
        }
        let named = line.named
            || line.error && {
                let rest = &text[line.begin..];
                proof::identified(&rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())])
            };
        self.seen.named += u64::from(named);
        self.seen.errors += u64::from(line.error);
        self.seen.errors_named += u64::from(line.error && named);
        if line.error && !named && self.seen.nameless.len() < EXAMPLES {
            let says = "an error that names no request".to_owned();
            self.seen.nameless.push(Spot { file: self.file.name.clone(), line: line.number, says });
        }
    }

    fn sign(&mut self, sign: Sign, text: &[u8], start: usize, end: usize, line: &mut Line) {
        let rest = &text[end..];
        let alone = start == 0 || !text[start - 1].is_ascii_alphanumeric();
        let mut leak = None;
        match sign {
            Sign::Field(kind) => {
                let good = proof::value(rest).is_some_and(|(value, sure)| {
                    !proof::taken_out(value)
                        && match kind {
                            LeakKind::Password => {
                                value.len() >= 3 && (sure || value.iter().any(|byte| !byte.is_ascii_lowercase()))
                            }
                            LeakKind::Session => alone && value.len() >= 8 && proof::mixed(value),
                            _ => value.len() >= if sure { 12 } else { 20 } && proof::mixed(value),
                        }
                });
                leak = good.then(|| {
                    (kind, format!("{}=…", clean(&String::from_utf8_lossy(&text[start..end]).to_ascii_lowercase(), 30)))
                });
            }
            Sign::Scheme => {
                let token =
                    rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"._-+/=~".contains(byte)).count();
                if alone && token >= 16 && !proof::taken_out(&rest[..token]) && proof::mixed(&rest[..token]) {
                    leak = Some((LeakKind::Token, "authorization=…".to_owned()));
                }
            }
            Sign::At if proof::person(text, start) => leak = Some((LeakKind::Email, "…@…".to_owned())),
            Sign::Body => {
                let behind = rest.iter().take(4).find(|byte| !b"\"\\ :=".contains(byte));
                let empty = memchr::memmem::find(&rest[..rest.len().min(8)], b"{}").is_some();
                let assigned = rest.iter().take(3).any(|byte| matches!(byte, b':' | b'=')) || text[end - 1] == b':';
                if alone && assigned && behind == Some(&b'{') && !empty {
                    leak = Some((LeakKind::Body, "body={…}".to_owned()));
                }
            }
            Sign::Trace => leak = Some((LeakKind::StackTrace, "stack trace".to_owned())),
            Sign::Frame => {
                let goes_on = self.file.frame + 1 == line.number;
                self.file.frame = line.number;
                leak = (!goes_on).then(|| (LeakKind::StackTrace, "stack trace".to_owned()));
            }
            Sign::Request => line.named |= proof::value(rest).is_some_and(|(value, _)| !proof::taken_out(value)),
            Sign::Level => line.error |= proof::level(text, start, end),
            Sign::Error => line.error = true,
            Sign::Topic(topic) => line.topics[topic as usize] |= alone,
            Sign::At => return,
        }
        line.any = true;
        if let Some((kind, says)) = leak.filter(|(kind, _)| !line.told.contains(kind)) {
            line.told.push(kind);
            note(&mut self.seen, kind, &self.file.name, line.number, says);
        }
    }

    fn numbers(&mut self, text: &[u8]) {
        let (mut at, mut line) = (0, self.file.line);
        for found in proof::NUMBERS.find_iter(text) {
            let Some(number) = proof::number(text, found.start(), found.end()) else { continue };
            line += memchr::memchr_iter(b'\n', &text[at..found.start()]).count() as u64;
            at = found.start();
            let (kind, says) = match number {
                Number::Card => (LeakKind::Card, "card number …"),
                Number::Account => (LeakKind::PersonalId, "bank account …"),
                Number::Person => (LeakKind::PersonalId, "social security number …"),
            };
            note(&mut self.seen, kind, &self.file.name, line, says.to_owned());
        }
    }
}

impl File {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), buffer: vec![], line: 1, fresh: true, keys: None, from: 0, taken: 0, frame: 0 }
    }
}

fn note(seen: &mut LogSeen, kind: LeakKind, file: &str, line: u64, says: String) {
    let leak = seen.leaks.entry(kind).or_default();
    leak.count += 1;
    if leak.examples.len() < EXAMPLES {
        leak.examples.push(Spot { file: file.to_owned(), line, says });
    }
}

/// The form of most of the first lines.
fn form(text: &[u8]) -> LogForm {
    let mut forms: BTreeMap<LogForm, u32> = BTreeMap::new();
    for line in text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).take(FIRST) {
        *forms.entry(proof::form(&line[..line.len().min(4_096)])).or_default() += 1;
    }
    forms.into_iter().max_by_key(|(_, count)| *count).map_or(LogForm::Plain, |(form, _)| form)
}
