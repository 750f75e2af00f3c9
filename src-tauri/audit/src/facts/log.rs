//! Facts of log files: how many lines hold what should not be there, which lines name their request. Never a byte of a value.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What log files hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogSeen {
    /// Files that were read.
    pub files: u32,
    /// Why some were left out, with how many.
    pub left_out: BTreeMap<String, u32>,
    /// Bytes after unpacking.
    pub bytes: u64,
    /// Lines.
    pub lines: u64,
    /// Files by the form of most of their first lines.
    pub forms: BTreeMap<LogForm, u32>,
    /// What should not be there, by kind.
    pub leaks: BTreeMap<LeakKind, Leak>,
    /// Lines that tell of an error.
    pub errors: u64,
    /// Those of them that name their request.
    pub errors_named: u64,
    /// The first error lines that do not.
    pub nameless: Vec<Spot>,
    /// Lines that name their request.
    pub named: u64,
    /// Lines that tell of something worth a line.
    pub topics: BTreeMap<Topic, u64>,
    /// The limit that ended the reading.
    pub cut: Option<String>,
}

/// The form of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogForm {
    /// The Common or Combined Log Format of web servers.
    Access,
    /// One JSON object a line.
    Json,
    /// `key=value` pairs.
    Logfmt,
    /// Sentences.
    Plain,
    /// RFC 3164 or RFC 5424.
    Syslog,
}

/// What should not stand in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeakKind {
    /// A known kind of key.
    Key,
    /// A password.
    Password,
    /// A token by the name of its field, or an authorization header.
    Token,
    /// A session by the name of its cookie or field.
    Session,
    /// A payment card's number.
    Card,
    /// A bank account or a number that names a person.
    PersonalId,
    /// What a visitor sent, whole.
    Body,
    /// An e-mail address of a person.
    Email,
    /// The inside of the program, line by line.
    StackTrace,
}

/// One kind of leak.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leak {
    /// How often it was met.
    pub count: u64,
    /// The first places.
    pub examples: Vec<Spot>,
}

/// A place in a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// The file, as it was named.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// What stands there, without the value: `password=…`.
    pub says: String,
}

/// Something worth a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// A login that failed.
    FailedLogin,
    /// A payment.
    Payment,
    /// A message from another service.
    Webhook,
    /// A release or a start.
    Release,
    /// A task behind the scenes.
    Task,
}

impl Topic {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::FailedLogin, Self::Payment, Self::Webhook, Self::Release, Self::Task];
}
