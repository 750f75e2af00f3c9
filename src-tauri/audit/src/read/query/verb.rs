//! Where a statement begins in the line of an unknown program, and what stands before it.

use super::line::number;
use super::tally::hash;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use std::sync::LazyLock;

const VERBS: [&str; 5] = ["select ", "insert into ", "update ", "delete from ", "with "];
/// What must follow each verb, so that a sentence of prose is not taken for a statement; empty: nothing.
const FOLLOWS: [&str; 5] = ["from ", "", " set ", "", " as ("];
const BOUNDARIES: [&str; 8] = [
    "Started GET ",
    "Started POST ",
    "Started PUT ",
    "Started PATCH ",
    "Started DELETE ",
    "Completed ",
    " HTTP/1.",
    " HTTP/2",
];
const REQUESTS: [&str; 8] =
    ["request_id", "requestid", "request-id", "req_id", "reqid", "trace_id", "traceid", "correlation_id"];

struct Searches {
    verbs: AhoCorasick,
    follows: AhoCorasick,
    boundaries: AhoCorasick,
    requests: AhoCorasick,
}

/// Words compiled from this file's own lists; a search that cannot be built finds nothing.
static SEARCHES: LazyLock<Option<Searches>> = LazyLock::new(|| {
    let build = |words: &[&str]| AhoCorasickBuilder::new().ascii_case_insensitive(true).build(words).ok();
    Some(Searches {
        verbs: build(&VERBS)?,
        follows: build(&["from ", " set ", " as ("])?,
        boundaries: AhoCorasick::new(BOUNDARIES).ok()?,
        requests: build(&REQUESTS)?,
    })
});

/// Where a statement begins.
pub(super) fn find(line: &[u8]) -> Option<usize> {
    let searches = SEARCHES.as_ref()?;
    searches.verbs.find_iter(line).take(4).find_map(|found| {
        let (begin, verb) = (found.start(), found.pattern().as_usize());
        let before = &line[..begin];
        let alone = before.last().is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_') || coloured(before);
        let follows = FOLLOWS[verb];
        let shouted = verb == 0 && line[begin..].starts_with(b"SELECT ");
        let whole = follows.is_empty() || shouted || {
            let rest = &line[found.end() - 1..];
            searches
                .follows
                .find_iter(rest)
                .take(50)
                .any(|word| rest[word.range()].eq_ignore_ascii_case(follows.as_bytes()))
        };
        (alone && whole).then_some(begin)
    })
}

/// Whether a text is a statement from its first word on.
pub(super) fn begins(text: &[u8]) -> bool {
    let first = text.trim_ascii_start();
    VERBS.iter().any(|verb| {
        let word = verb.trim_end().as_bytes();
        first.len() > word.len()
            && first[..word.len()].eq_ignore_ascii_case(word)
            && first[word.len()].is_ascii_whitespace()
    }) || first.starts_with(b"/*")
}

/// The end of a code for colours, `ESC [ 1 m`.
fn coloured(before: &[u8]) -> bool {
    let Some(code) = before.strip_suffix(b"m") else { return false };
    let digits = code.iter().rev().take_while(|byte| byte.is_ascii_digit() || **byte == b';').count();
    code[..code.len() - digits].ends_with(b"\x1b[")
}

/// Whether a request begins or ends with this line.
pub(super) fn boundary(line: &[u8]) -> bool {
    SEARCHES.as_ref().is_some_and(|searches| searches.boundaries.is_match(&line[..line.len().min(400)]))
}

/// The request that the words before a statement, or a comment in it, name.
pub(super) fn request(before: &[u8]) -> Option<u64> {
    let searches = SEARCHES.as_ref()?;
    let before = &before[..before.len().min(1_000)];
    if let Some(found) = searches.requests.find(before) {
        let value = before[found.end()..].iter().position(|byte| !b"\"'=: ".contains(byte));
        let value = value.map(|skip| &before[found.end() + skip..])?;
        let length = value.iter().position(|byte| !byte.is_ascii_alphanumeric() && !b"-_.".contains(byte));
        let value = &value[..length.unwrap_or(value.len())];
        return (value.len() >= 2).then(|| hash(value));
    }
    // The tag that Rails puts before each line: [8d9f4c1e-…].
    let mut rest = before;
    while let Some(at) = memchr::memchr(b'[', rest) {
        rest = &rest[at + 1..];
        let tag = &rest[..memchr::memchr(b']', rest)?];
        let like_an_id = (16..=64).contains(&tag.len())
            && tag.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
            && tag.iter().any(u8::is_ascii_digit);
        if like_an_id {
            return Some(hash(tag));
        }
    }
    None
}

/// The trace that a comment in a statement names (sqlcommenter: `traceparent='00-…'`), or its request.
pub(super) fn traced(comment: &[u8]) -> Option<u64> {
    let parent = memchr::memmem::find(comment, b"traceparent='00-").and_then(|at| comment.get(at + 16..at + 48));
    parent.map(hash).or_else(|| request(comment))
}

/// How long it took, as it stands between brackets before a statement: `(0.5ms)`, or `(0.002)` in seconds.
pub(super) fn took(before: &[u8]) -> Option<f64> {
    let close = memchr::memrchr(b')', before)?;
    let open = memchr::memrchr(b'(', &before[..close])?;
    span(std::str::from_utf8(&before[open + 1..close]).ok()?)
}

/// A span of time in words, milliseconds.
pub(super) fn span(text: &str) -> Option<f64> {
    let (digits, unit) = match text.strip_suffix("ms") {
        Some(digits) => (digits, 1.0),
        None => (text.strip_suffix('s').unwrap_or(text), 1_000.0),
    };
    number(digits.trim().as_bytes()).map(|number| number * unit)
}
