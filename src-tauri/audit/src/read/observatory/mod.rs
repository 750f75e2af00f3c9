//! The MDN HTTP Observatory's ten tests and its score (algorithm version 4), computed from what was seen, so that founders can
//! compare. Names, results and modifiers are the ones it publishes; its opinion is not ours.

mod cookies;
mod csp;
mod integrity;
mod merge;
mod plain;
mod route;
#[cfg(test)]
mod tests;

use crate::facts::{Chain, Exchange, Hop};

/// What the tests read.
#[derive(Clone, Copy)]
pub struct Sight<'a> {
    /// The host as typed.
    pub host: &'a str,
    /// The chain of `https://host/`.
    pub secure: &'a Chain,
    /// The chain of `http://host/`; none where nothing answers on port 80.
    pub plain: Option<&'a Chain>,
    /// The answer to `OPTIONS` with a foreign origin.
    pub preflight: Option<&'a Exchange>,
}

/// How one test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Test {
    /// Its published name.
    pub name: &'static str,
    /// Its published result.
    pub result: &'static str,
    /// What the result adds to the score of 100.
    pub modifier: i32,
    /// Whether the observatory calls it passed.
    pub pass: bool,
}

/// All tests with the score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// Points; may be above 100.
    pub score: i32,
    /// `A+` … `F`.
    pub grade: &'static str,
    /// The ten tests in the observatory's order.
    pub tests: Vec<Test>,
}

/// Extra points count from this score on.
const EXTRA_FROM: i32 = 90;

/// The score; none for an answer that the observatory refuses to judge (anything but 2xx, 3xx, 401 and 403).
#[must_use]
pub fn score(sight: &Sight<'_>) -> Option<Score> {
    let hop = sight.secure.last()?;
    if !matches!(hop.status, 200..=399 | 401 | 403) {
        return None;
    }
    let (policy, frames) = csp::test(hop);
    let secure = plain::hsts(hop);
    let tests = vec![
        policy,
        cookies::test(sight, secure.pass),
        plain::sharing(sight.preflight),
        route::test(sight.plain),
        plain::referrer(hop),
        secure,
        integrity::test(sight.host, hop),
        plain::sniffing(hop),
        plain::framing(hop, frames),
        plain::resource_policy(hop),
    ];
    let lost: i32 = tests.iter().map(|test| test.modifier.min(0)).sum();
    let all: i32 = tests.iter().map(|test| test.modifier).sum();
    let score = (100 + if 100 + lost >= EXTRA_FROM { all } else { lost }).max(0);
    Some(Score { score, grade: grade(score), tests })
}

fn grade(score: i32) -> &'static str {
    match score {
        100.. => "A+",
        90..=99 => "A",
        85..=89 => "A-",
        80..=84 => "B+",
        70..=79 => "B",
        65..=69 => "B-",
        60..=64 => "C+",
        50..=59 => "C",
        45..=49 => "C-",
        40..=44 => "D+",
        30..=39 => "D",
        25..=29 => "D-",
        _ => "F",
    }
}

fn test(name: &'static str, result: &'static str, modifier: i32, pass: bool) -> Test {
    Test { name, result, modifier, pass }
}

/// The value of a header as the observatory's client has it: repeated lines joined by commas.
fn joined(hop: &Hop, name: &str) -> Option<String> {
    let lines: Vec<&str> = hop.header(name).collect();
    let value = lines.join(", ");
    (!value.is_empty()).then_some(value)
}

fn is_html(hop: &Hop) -> bool {
    let kind = joined(hop, "content-type").unwrap_or_default();
    matches!(kind.split(';').next(), Some("text/html" | "application/xhtml+xml"))
}
