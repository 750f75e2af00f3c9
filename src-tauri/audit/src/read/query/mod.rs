//! Reads query logs of any size while their bytes stream by: which statements cost most, and which one request asks again and again. No value is kept.

mod json;
pub(crate) mod known;
mod line;
pub mod search;
mod shape;
#[cfg(test)]
mod shape_tests;
mod tally;
#[cfg(test)]
mod tests;
mod verb;

pub use shape::{Dialect, shape};

use crate::facts::{QueriesSeen, QueryForm};
use crate::read::text::clean;
use line::{Ahead, Begun, Said};
use tally::{Cost, Tally};

/// Bytes that tell the form of a file.
const FIRST: usize = 64 * 1024;
/// Longest line; the rest of a longer one is passed over.
const LONGEST: usize = 1024 * 1024;
/// Longest statement; the rest of a longer one is passed over.
const STATEMENT: usize = 64 * 1024;
/// Names of files that are kept for places.
const NAMES: usize = 10_000;
/// A pause, milliseconds, after which a connection serves another request.
const PAUSE: u64 = 250;
/// Milliseconds of a day.
const DAY: u64 = 86_400_000;

/// Reads one query log after the other.
#[derive(Default)]
pub struct Reader {
    seen: QueriesSeen,
    tally: Tally,
    names: Vec<String>,
    file: File,
    shape: Vec<u8>,
}

/// The log that is being read.
#[derive(Default)]
struct File {
    buffer: Vec<u8>,
    form: Option<QueryForm>,
    line: u64,
    /// The rest of an endless line is passed over.
    skipping: bool,
    /// The statement that is not whole yet.
    open: Option<Pending>,
    /// The request that the last statement belonged to, and its shape, for a time that is told afterwards.
    last: Option<Vec<u8>>,
    ahead: Ahead,
    /// A line that begins or ends a request was met, so that nothing else has to tell them apart.
    bounded: bool,
    /// The last time that was told; lines without one belong to it.
    at: Option<u64>,
    /// The number of the request, where only boundaries tell them apart.
    number: u64,
}

/// A statement that may go on in the next line.
struct Pending {
    sql: Vec<u8>,
    cost: Cost,
    request: Option<u64>,
    session: u64,
    at: Option<u64>,
}

impl Reader {
    /// A reader of nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins another log.
    pub fn open(&mut self, name: &str) {
        self.close();
        self.file = File::default();
        self.seen.files = self.seen.files.saturating_add(1);
        if self.names.len() < NAMES {
            self.names.push(clean(name, 300));
        }
    }

    /// Takes the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.seen.bytes += bytes.len() as u64;
        if self.file.form.is_none() {
            self.file.buffer.extend_from_slice(bytes);
            if self.file.buffer.len() >= FIRST {
                self.begin();
            }
            return;
        }
        self.lines(bytes);
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
    pub fn finish(mut self) -> QueriesSeen {
        self.close();
        let Self { tally, mut seen, names, .. } = self;
        seen.statements = tally.statements;
        seen.timed = tally.timed;
        seen.requests = tally.requests;
        seen.shapes = tally.met;
        seen.forgotten = tally.forgotten;
        seen.top = tally.top(&names);
        seen
    }

    fn begin(&mut self) {
        let held = std::mem::take(&mut self.file.buffer);
        let form = line::form(&held[..held.len().min(FIRST)]);
        self.file.form = Some(form);
        *self.seen.forms.entry(form).or_default() += 1;
        self.lines(&held);
    }

    fn close(&mut self) {
        if self.file.form.is_none() && !self.file.buffer.is_empty() {
            self.begin();
        }
        let rest = std::mem::take(&mut self.file.buffer);
        if !rest.is_empty() {
            self.line(&rest);
        }
        self.end();
        let place = self.place();
        self.tally.close_all(place);
    }

    fn place(&self) -> (u32, u64) {
        (u32::try_from(self.names.len().saturating_sub(1)).unwrap_or(u32::MAX), self.file.line)
    }

    fn lines(&mut self, mut bytes: &[u8]) {
        while let Some(end) = memchr::memchr(b'\n', bytes) {
            let (head, rest) = (&bytes[..end], &bytes[end + 1..]);
            if self.file.buffer.is_empty() && !self.file.skipping {
                self.line(head);
            } else {
                self.keep(head);
                let whole = std::mem::take(&mut self.file.buffer);
                self.file.skipping = false;
                self.line(&whole);
                self.file.buffer = whole;
                self.file.buffer.clear();
            }
            bytes = rest;
        }
        self.keep(bytes);
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = LONGEST.saturating_sub(self.file.buffer.len());
        self.file.skipping |= bytes.len() > room;
        self.file.buffer.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn line(&mut self, line: &[u8]) {
        self.file.line += 1;
        self.seen.lines += 1;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let form = self.file.form.unwrap_or(QueryForm::Framework);
        // A record of CSV goes on until its quotes are even.
        if form == QueryForm::PostgresCsv {
            return self.record(line);
        }
        let said = match form {
            QueryForm::Framework => line::framework(line),
            QueryForm::Json => line::json(line),
            QueryForm::MysqlGeneral => line::mysql_general(line),
            QueryForm::MysqlSlow => line::mysql_slow(line),
            QueryForm::Postgres | QueryForm::PostgresCsv => line::postgres(line),
        };
        self.said(said, form, line);
    }

    fn record(&mut self, line: &[u8]) {
        let mut whole = self.file.open.take().map_or_else(Vec::new, |open| open.sql);
        if !whole.is_empty() {
            whole.push(b'\n');
        }
        let room = STATEMENT.saturating_sub(whole.len());
        whole.extend_from_slice(&line[..line.len().min(room)]);
        let even = memchr::memchr_iter(b'"', &whole).count().is_multiple_of(2);
        if even || whole.len() >= STATEMENT {
            self.said(line::postgres_csv(&whole), QueryForm::PostgresCsv, &[]);
            self.end();
        } else {
            self.file.open = Some(Pending { sql: whole, cost: Cost::default(), request: None, session: 0, at: None });
        }
    }

    fn said(&mut self, said: Said<'_>, form: QueryForm, line: &[u8]) {
        match said {
            Said::Statement(begun) => {
                self.end();
                self.file.at = begun.at.or(self.file.at);
                let Begun { sql, ms, rows, request, session, .. } = begun;
                let cost = Cost { ms, rows, examined: None };
                // Most statements stand on one line of one form that cannot go on.
                if matches!(form, QueryForm::Json) {
                    return self.count(&sql, cost, request, session);
                }
                let sql = sql[..sql.len().min(STATEMENT)].to_vec();
                self.file.open = Some(Pending { sql, cost, request, session, at: self.file.at });
            }
            Said::More(text) => self.more(text, form),
            Said::Took(ms) => {
                self.end();
                if let Some(shape) = &self.file.last {
                    self.tally.late(shape, ms);
                }
            }
            Said::Ahead(ahead) => {
                self.end();
                let held = &mut self.file.ahead;
                held.session = ahead.session.or(held.session);
                held.at = ahead.at.or(held.at);
                if ahead.ms.is_some() {
                    (held.ms, held.rows, held.examined) = (ahead.ms, ahead.rows, ahead.examined);
                }
            }
            Said::Boundary => {
                self.end();
                self.boundary();
            }
            Said::Nothing => {
                if form == QueryForm::Framework && goes_on(line) {
                    return self.more(line, form);
                }
                self.end();
                let blank = line.iter().all(u8::is_ascii_whitespace);
                if form == QueryForm::Framework && !self.file.bounded && !blank {
                    let place = self.place();
                    self.tally.close(self.file.number, place);
                }
            }
        }
    }

    fn boundary(&mut self) {
        let place = self.place();
        self.tally.close(self.file.number, place);
        self.file.bounded = true;
        self.file.number = self.file.number.wrapping_add(1);
    }

    /// The statement goes on with this line.
    fn more(&mut self, text: &[u8], form: QueryForm) {
        if form == QueryForm::MysqlSlow && self.file.open.is_none() {
            let Ahead { session, at, ms, rows, examined } = self.file.ahead;
            // Without the line of its cost this is no statement: the head of the file.
            if ms.is_none() {
                return;
            }
            self.file.ahead.ms = None;
            self.file.at = at.or(self.file.at);
            let cost = Cost { ms, rows, examined };
            let session = session.unwrap_or(0);
            self.file.open = Some(Pending { sql: vec![], cost, request: None, session, at: self.file.at });
        }
        if let Some(open) = &mut self.file.open {
            let room = STATEMENT.saturating_sub(open.sql.len() + 1);
            open.sql.push(b'\n');
            open.sql.extend_from_slice(&text[..text.len().min(room)]);
        }
    }

    /// The statement is whole.
    fn end(&mut self) {
        if let Some(Pending { sql, cost, request, session, at }) = self.file.open.take() {
            self.file.at = at;
            self.count(&sql, cost, request, session);
        }
    }

    fn count(&mut self, sql: &[u8], cost: Cost, request: Option<u64>, session: u64) {
        let form = self.file.form.unwrap_or(QueryForm::Framework);
        let dialect = match form {
            QueryForm::Postgres | QueryForm::PostgresCsv => Dialect::Postgres,
            QueryForm::MysqlGeneral | QueryForm::MysqlSlow => Dialect::Mysql,
            QueryForm::Framework | QueryForm::Json => Dialect::Unknown,
        };
        let mut shape = std::mem::take(&mut self.shape);
        let traced = shape::shape(sql, dialect, &mut shape).and_then(verb::traced);
        let (place, at) = (self.place(), self.file.at);
        let named = request.or(traced);
        if asks(&shape) {
            let exact = named.is_some() || form == QueryForm::Framework && self.file.bounded;
            self.seen.named |= exact;
            let key = named.unwrap_or(if form == QueryForm::Framework { self.file.number } else { session });
            if !exact {
                let paused = self.tally.last(key).zip(at).is_some_and(|(last, at)| {
                    let gap = (at + DAY - last) % DAY;
                    gap > PAUSE
                });
                if paused {
                    self.tally.close(key, place);
                }
            }
            self.tally.add(&shape, cost, key, exact, at, place);
            self.file.last = Some(shape.clone());
        } else {
            // A transaction that begins or ends parts the requests of a connection.
            if named.is_none() && form != QueryForm::Framework {
                self.tally.close(session, place);
            }
            self.file.last = None;
        }
        self.shape = shape;
    }
}

/// Whether a shape reads or writes rows; sessions and transactions are not counted.
#[must_use]
pub fn asks(shape: &[u8]) -> bool {
    [&b"select "[..], b"insert ", b"update ", b"delete ", b"with ", b"replace ", b"merge ", b"("]
        .iter()
        .any(|verb| shape.starts_with(verb))
}

/// Words that begin a line in the middle of a statement.
fn goes_on(line: &[u8]) -> bool {
    let first = line.trim_ascii_start();
    let length = first.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(first.len());
    let word = &first[..length];
    [
        &b"FROM"[..],
        b"WHERE",
        b"AND",
        b"OR",
        b"INNER",
        b"LEFT",
        b"RIGHT",
        b"JOIN",
        b"ON",
        b"ORDER",
        b"GROUP",
        b"HAVING",
        b"LIMIT",
        b"OFFSET",
        b"VALUES",
        b"SET",
        b"RETURNING",
        b"UNION",
    ]
    .iter()
    .any(|known| {
        word.eq_ignore_ascii_case(known) && (word.iter().all(u8::is_ascii_uppercase) || line.starts_with(b" "))
    })
}
