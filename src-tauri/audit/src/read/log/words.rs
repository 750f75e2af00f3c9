//! The words that are looked for in logs: one search finds them all, and each then has to prove itself by what stands around it.

use crate::facts::{LeakKind, Topic};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::sync::LazyLock;

/// What a word may be a sign of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// A field whose value must not be there.
    Field(LeakKind),
    /// An authorization header.
    Scheme,
    /// The middle of an e-mail address.
    At,
    /// A field that holds a request whole.
    Body,
    /// The first line of a stack trace.
    Trace,
    /// One line of a stack trace.
    Frame,
    /// A field that names the request.
    Request,
    /// A word for an error, in capitals or as a level.
    Level,
    /// A pino level of 50 or 60, or a status of 5xx in an access log.
    Error,
    /// Something worth a line.
    Topic(Topic),
}

const WORDS: &[(Sign, &[&str])] = &[
    (Sign::Field(LeakKind::Password), &["password", "passwd", "passphrase", "pwd"]),
    (
        Sign::Field(LeakKind::Token),
        &[
            "access_token",
            "accesstoken",
            "refresh_token",
            "refreshtoken",
            "id_token",
            "api_key",
            "apikey",
            "api-key",
            "client_secret",
            "auth_token",
            "authtoken",
            "private_key",
            "secret",
            "token",
        ],
    ),
    (
        Sign::Field(LeakKind::Session),
        &[
            "sessionid",
            "session_id",
            "phpsessid",
            "jsessionid",
            "connect.sid",
            "session_token",
            "laravel_session",
            "_session",
            "sid",
        ],
    ),
    (Sign::Scheme, &["bearer ", "basic "]),
    (Sign::At, &["@"]),
    (Sign::Body, &["\"body\"", "body", "request_body", "requestbody", "req.body", "parameters:", "raw_post"]),
    (Sign::Trace, &["traceback (most recent", "goroutine 1 [", "\"stack\":\"", "stack backtrace:", "stacktrace:"]),
    (Sign::Frame, &["\n    at ", "\n\tat "]),
    (
        Sign::Request,
        &[
            "request_id",
            "requestid",
            "request-id",
            "req_id",
            "reqid",
            "trace_id",
            "traceid",
            "trace-id",
            "correlation_id",
            "correlationid",
            "correlation-id",
            "traceparent",
        ],
    ),
    (Sign::Level, &["error", "fatal", "critical", "crit", "panic", "emerg", "eror"]),
    (Sign::Error, &["\"level\":50", "\"level\":60", "\" 500 ", "\" 502 ", "\" 503 ", "\" 504 "]),
    (
        Sign::Topic(Topic::FailedLogin),
        &[
            "login failed",
            "failed login",
            "login_failed",
            "login.failed",
            "failed_login",
            "invalid credentials",
            "invalid_credentials",
            "authentication failed",
            "authentication failure",
            "bad credentials",
            "failed password",
            "sign-in failed",
            "signin_failed",
        ],
    ),
    (Sign::Topic(Topic::Payment), &["payment", "charge.", "checkout", "invoice"]),
    (Sign::Topic(Topic::Webhook), &["webhook"]),
    (
        Sign::Topic(Topic::Release),
        &["deploy", "release", "server started", "listening on", "booted in", "started server"],
    ),
    (Sign::Topic(Topic::Task), &["job", "cron", "worker", "sidekiq", "celery", "queue"]),
];

/// The search and the sign of each of its words.
pub(super) struct Words {
    pub(super) search: AhoCorasick,
    pub(super) signs: Vec<Sign>,
}

// The words are fixed; the tests run every one of them.
pub(super) static WORDS_COMPILED: LazyLock<Words> = LazyLock::new(|| {
    let all: Vec<(Sign, &str)> =
        WORDS.iter().flat_map(|(sign, words)| words.iter().map(move |word| (*sign, *word))).collect();
    let search = AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .match_kind(MatchKind::LeftmostLongest)
        .ascii_case_insensitive(true)
        .build(all.iter().map(|(_, word)| *word))
        .unwrap_or_else(|error| unreachable!("the words of logs: {error}"));
    Words { search, signs: all.into_iter().map(|(sign, _)| sign).collect() }
});
