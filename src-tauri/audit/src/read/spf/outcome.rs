//! What check_host() is asked and what it answers (RFC 7208 §2.6, §4.1).

use std::fmt;
use std::net::IpAddr;

/// Who sends, by which machine, and who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpfQuery {
    /// Address of the sending machine.
    pub ip: IpAddr,
    /// The name that it greets with (HELO, EHLO).
    pub helo: String,
    /// The envelope sender (MAIL FROM) without angle brackets; empty for a bounce.
    pub mail_from: String,
    /// The receiving host, for `%{r}`.
    pub receiver: String,
    /// Seconds since 1970, for `%{t}`.
    pub time: i64,
}

/// The seven results (RFC 7208 §2.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SpfResult {
    /// No domain to check, or it has no record.
    None,
    /// The domain says nothing about the address.
    Neutral,
    /// The address may send.
    Pass,
    /// The address may not send.
    Fail,
    /// The address probably may not send.
    SoftFail,
    /// DNS failed for the moment.
    TempError,
    /// The record cannot be followed.
    PermError,
}

impl fmt::Display for SpfResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Neutral => "neutral",
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::SoftFail => "softfail",
            Self::TempError => "temperror",
            Self::PermError => "permerror",
        })
    }
}

/// A result and how it came about.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SpfChecked {
    /// The result.
    pub result: SpfResult,
    /// Why, in one sentence.
    pub because: String,
    /// The domain that was checked.
    pub domain: String,
    /// What the domain says to a sender that it refuses (`exp`, §6.2).
    pub explanation: Option<String>,
    /// Terms that cost a look-up, of ten allowed.
    pub lookups: u32,
    /// Those of them that found nothing, of two allowed.
    pub void: u32,
    /// Every record read and every term tried, in order.
    pub trace: Vec<SpfStep>,
}

/// A step of the evaluation.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SpfStep {
    /// 0 in the domain's own record, 1 in one that it includes, and so on.
    pub depth: usize,
    /// The domain whose record is read.
    pub domain: String,
    /// The term as written; the whole record where one begins.
    pub term: String,
    /// What came of it: `matches`, `no match`, a result word.
    pub outcome: String,
}

/// How far an evaluation came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpfProgress {
    /// To its end.
    Ended(SpfChecked),
    /// These questions (name in lower case, type) are to be asked first.
    Asks(Vec<(String, &'static str)>),
}

/// The name that the term of the domain's own record leads to by which it passes; the domain itself for a term without a name.
#[must_use]
pub fn allowed_by(checked: &SpfChecked) -> Option<String> {
    if checked.result != SpfResult::Pass {
        return None;
    }
    let own = checked.trace.iter().rev().find(|step| step.depth == 0 && step.outcome == "matches");
    // A record that ends in redirect= passes by the record that it leads to.
    let own = own.or_else(|| checked.trace.iter().rev().find(|step| step.depth == 0));
    let bare = own.map(|step| step.term.trim_start_matches('+').to_ascii_lowercase()).unwrap_or_default();
    let name = bare.strip_prefix("include:").or_else(|| bare.strip_prefix("redirect="));
    Some(name.map_or_else(|| checked.domain.clone(), str::to_owned))
}
