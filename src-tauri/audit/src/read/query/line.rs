//! What one line of a query log says, by the form of the log.

use super::json;
use crate::facts::QueryForm;
use memchr::memmem::{self, Finder};
use std::sync::LazyLock;

/// What a line is.
#[derive(Debug, PartialEq)]
pub(super) enum Said<'a> {
    /// A statement begins.
    Statement(Begun<'a>),
    /// The statement before goes on.
    More(&'a [u8]),
    /// A time for the statement before, milliseconds.
    Took(f64),
    /// What the slow log tells of the next statement.
    Ahead(Ahead),
    /// Another request begins.
    Boundary,
    /// Nothing about statements.
    Nothing,
}

/// The first line of a statement.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Begun<'a> {
    pub sql: std::borrow::Cow<'a, [u8]>,
    pub ms: Option<f64>,
    pub rows: Option<u64>,
    /// The request by its own name.
    pub request: Option<u64>,
    /// The connection.
    pub session: u64,
    /// Milliseconds of the day.
    pub at: Option<u64>,
}

/// A line of comment before a statement of the slow log.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Ahead {
    pub session: Option<u64>,
    pub at: Option<u64>,
    pub ms: Option<f64>,
    pub rows: Option<u64>,
    pub examined: Option<u64>,
}

struct Words {
    log: Finder<'static>,
    duration: Finder<'static>,
    query_time: Finder<'static>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| Words {
    log: Finder::new(b"LOG:  "),
    duration: Finder::new(b"duration: "),
    query_time: Finder::new(b"Query_time: "),
});

/// The form that most of these first lines have.
pub(super) fn form(text: &[u8]) -> QueryForm {
    let mut votes = [0_u32; 6];
    for line in text.split(|byte| *byte == b'\n').take(500) {
        let trimmed = line.trim_ascii_start();
        let form = if trimmed.starts_with(b"{") {
            QueryForm::Json
        } else if line.starts_with(b"# ")
            && (WORDS.query_time.find(line).is_some() || memmem::find(line, b"User@Host:").is_some())
        {
            QueryForm::MysqlSlow
        } else if general(line).is_some() {
            QueryForm::MysqlGeneral
        } else if line.split(|byte| *byte == b',').nth(11) == Some(b"LOG") {
            QueryForm::PostgresCsv
        } else if WORDS.log.find(line).is_some_and(|at| {
            WORDS.duration.find(&line[at..]).is_some()
                || memmem::find(&line[at..], b"statement: ").is_some()
                || memmem::find(&line[at..], b"execute ").is_some()
        }) {
            QueryForm::Postgres
        } else {
            continue;
        };
        votes[form as usize] += 1;
    }
    let all = [
        QueryForm::Framework,
        QueryForm::Json,
        QueryForm::MysqlGeneral,
        QueryForm::MysqlSlow,
        QueryForm::Postgres,
        QueryForm::PostgresCsv,
    ];
    all.into_iter()
        .max_by_key(|form| votes[*form as usize])
        .filter(|form| votes[*form as usize] > 0)
        .unwrap_or(QueryForm::Framework)
}

/// What a line of PostgreSQL's log on standard error says.
pub(super) fn postgres(line: &[u8]) -> Said<'_> {
    if let [b'\t', rest @ ..] = line {
        return Said::More(rest);
    }
    let Some(at) = WORDS.log.find(line) else { return Said::Nothing };
    let before = &line[..at];
    match message(&line[at + 6..]) {
        Message::Statement(sql, ms) => {
            let (session, at) = (process(before), clock(before));
            Said::Statement(Begun { sql: sql.into(), ms, session, at, ..Begun::default() })
        }
        Message::Took(ms) => Said::Took(ms),
        Message::Else => Said::Nothing,
    }
}

/// What the message of an entry of PostgreSQL says.
pub(super) enum Message<'a> {
    Statement(&'a [u8], Option<f64>),
    Took(f64),
    Else,
}

pub(super) fn message(mut text: &[u8]) -> Message<'_> {
    let mut ms = None;
    if let Some(rest) = text.strip_prefix(b"duration: ") {
        let length = rest.iter().position(|byte| !byte.is_ascii_digit() && *byte != b'.').unwrap_or(rest.len());
        ms = number(&rest[..length]);
        let Some(rest) = rest[length..].strip_prefix(b" ms") else { return Message::Else };
        text = rest.trim_ascii_start();
        if text.is_empty() {
            return ms.map_or(Message::Else, Message::Took);
        }
    }
    if let Some(sql) = text.strip_prefix(b"statement: ") {
        return Message::Statement(sql, ms);
    }
    // Parsing and binding come before carrying out and are no calls of their own.
    let Some(rest) = text.strip_prefix(b"execute ") else { return Message::Else };
    match memmem::find(&rest[..rest.len().min(200)], b": ") {
        Some(at) => Message::Statement(&rest[at + 2..], ms),
        None => Message::Else,
    }
}

/// The number of the process between brackets, else a mark of the whole prefix behind the time.
fn process(prefix: &[u8]) -> u64 {
    let mut rest = prefix;
    while let Some(at) = memchr::memchr(b'[', rest) {
        rest = &rest[at + 1..];
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits > 0 && matches!(rest.get(digits), Some(b']' | b'-')) {
            return whole(&rest[..digits]).unwrap_or(0);
        }
    }
    0
}

/// The first time of day in a prefix, milliseconds.
pub(super) fn clock(text: &[u8]) -> Option<u64> {
    let text = &text[..text.len().min(80)];
    let two = |at: usize| whole(text.get(at..at + 2)?);
    for colon in memchr::memchr_iter(b':', text) {
        let begin = colon.checked_sub(2).filter(|begin| text[*begin].is_ascii_digit()).or(colon.checked_sub(1));
        let (Some(begin), Some(b':')) = (begin, text.get(colon + 3)) else { continue };
        let hour = text[begin..colon].trim_ascii();
        let (Some(hour), Some(minute), Some(second)) = (whole(hour), two(colon + 1), two(colon + 4)) else { continue };
        let fraction = match text.get(colon + 6) {
            Some(b'.' | b',') => {
                text[colon + 7..]
                    .iter()
                    .take(3)
                    .take_while(|byte| byte.is_ascii_digit())
                    .fold((0, 100), |(sum, unit), byte| (sum + u64::from(byte - b'0') * unit, unit / 10))
                    .0
            }
            _ => 0,
        };
        return (hour < 24 && minute < 60 && second < 61)
            .then_some((((hour * 60 + minute) * 60 + second) * 1_000 + fraction) % super::DAY);
    }
    None
}

/// The commands of the general log that stand between two statements.
const COMMANDS: [&[u8]; 10] = [
    b"Query",
    b"Execute",
    b"Prepare",
    b"Connect",
    b"Quit",
    b"Init DB",
    b"Close stmt",
    b"Statistics",
    b"Field List",
    b"Reset stmt",
];

/// The head of an entry of the general log: the connection, the command, and what it is about.
fn general(line: &[u8]) -> Option<(u64, &[u8], &[u8])> {
    let mut begin = 0;
    // The time, or nothing, stands before; at most two tabs.
    for _ in 0..3 {
        let end = begin + memchr::memchr(b'\t', &line[begin..])?;
        let field = line[begin..end].trim_ascii();
        let digits = field.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if let (Some(session), Some(command)) = (whole(&field[..digits]), field[digits..].strip_prefix(b" "))
            && COMMANDS.contains(&command.trim_ascii())
        {
            return Some((session, command.trim_ascii(), &line[end + 1..]));
        }
        begin = end + 1;
    }
    None
}

/// What a line of the general log says.
pub(super) fn mysql_general(line: &[u8]) -> Said<'_> {
    match general(line) {
        Some((session, b"Query" | b"Execute", sql)) => Said::Statement(Begun {
            sql: sql.into(),
            session,
            at: clock(&line[..line.len().min(40)]),
            ..Begun::default()
        }),
        Some(_) => Said::Nothing,
        None => Said::More(line),
    }
}

/// What a line of the slow log says.
pub(super) fn mysql_slow(line: &[u8]) -> Said<'_> {
    if line.starts_with(b"#") {
        let after = |word: &[u8]| {
            let at = memmem::find(line, word)? + word.len();
            let rest = line[at..].trim_ascii_start();
            Some(&rest[..rest.iter().position(|byte| !byte.is_ascii_digit() && *byte != b'.').unwrap_or(rest.len())])
        };
        let mut ahead =
            Ahead { session: after(b"Id: ").or_else(|| after(b"Thread_id: ")).and_then(whole), ..Ahead::default() };
        if line.starts_with(b"# Time:") {
            ahead.at = clock(line.get(7..).unwrap_or_default());
        }
        if WORDS.query_time.find(line).is_some() {
            ahead.ms = after(b"Query_time: ").and_then(number).map(|seconds| seconds * 1_000.0);
            ahead.rows = after(b"Rows_sent: ").and_then(whole);
            ahead.examined = after(b"Rows_examined: ").and_then(whole);
        }
        return Said::Ahead(ahead);
    }
    let first = line.trim_ascii_start();
    let starts = |word: &[u8]| first.len() >= word.len() && first[..word.len()].eq_ignore_ascii_case(word);
    if starts(b"set timestamp=") || starts(b"use ") {
        return Said::Nothing;
    }
    Said::More(line)
}

/// Where a statement begins in a line of an unknown program, and how long it took.
pub(super) fn framework(line: &[u8]) -> Said<'_> {
    let Some(begin) = super::verb::find(line) else {
        return if super::verb::boundary(line) { Said::Boundary } else { Said::Nothing };
    };
    let before = &line[..begin];
    let request = super::verb::request(before);
    // Rails writes its parameters behind two spaces: no statement holds "  [[".
    let end = memmem::find(&line[begin..], b"  [[").map_or(line.len(), |end| begin + end);
    Said::Statement(Begun {
        sql: line[begin..end].into(),
        ms: super::verb::took(before),
        request,
        at: clock(before),
        ..Begun::default()
    })
}

/// What a JSON object on a line says.
pub(super) fn json(line: &[u8]) -> Said<'_> {
    json::read(line).map_or(Said::Nothing, Said::Statement)
}

/// What a record of PostgreSQL's CSV says: its fields are counted, the message is the fourteenth.
pub(super) fn postgres_csv(record: &[u8]) -> Said<'static> {
    let mut fields: [&[u8]; 14] = [&[]; 14];
    let mut rest = record;
    for field in &mut fields {
        let end = if rest.first() == Some(&b'"') {
            let mut at = 1;
            loop {
                match memchr::memchr(b'"', &rest[at.min(rest.len())..]) {
                    Some(quote) if rest.get(at + quote + 1) == Some(&b'"') => at += quote + 2,
                    Some(quote) => break at + quote + 1,
                    None => break rest.len(),
                }
            }
        } else {
            memchr::memchr(b',', rest).unwrap_or(rest.len())
        };
        *field = &rest[..end];
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    if fields[11] != b"LOG" {
        return Said::Nothing;
    }
    let inner = fields[13].strip_prefix(b"\"").unwrap_or(fields[13]);
    let inner = inner.strip_suffix(b"\"").unwrap_or(inner);
    match message(inner) {
        Message::Statement(sql, ms) => {
            // Two quotes stand for one.
            let mut text = Vec::with_capacity(sql.len());
            let mut bytes = sql.iter().peekable();
            while let Some(byte) = bytes.next() {
                text.push(*byte);
                if *byte == b'"' {
                    bytes.next_if(|next| **next == b'"');
                }
            }
            let session = super::tally::hash(fields[5]);
            Said::Statement(Begun { sql: text.into(), ms, session, at: clock(fields[0]), ..Begun::default() })
        }
        Message::Took(ms) => Said::Took(ms),
        Message::Else => Said::Nothing,
    }
}

/// A whole number.
pub(super) fn whole(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 18 {
        return None;
    }
    text.iter().try_fold(0, |sum: u64, byte| byte.is_ascii_digit().then(|| sum * 10 + u64::from(byte - b'0')))
}

/// A number with a fraction.
pub(super) fn number(text: &[u8]) -> Option<f64> {
    std::str::from_utf8(text).ok()?.parse().ok().filter(|number: &f64| number.is_finite())
}
