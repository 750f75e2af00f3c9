//! The nouns of a check: what it is, what it says, and the five statuses it can end in.

use crate::{Case, Unseen};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One check: words and judgement together. Its id is its path: `checks/dns/apex.rs` is `dns.apex`.
pub struct Check {
    /// `area.name`.
    pub id: &'static str,
    /// The good state as a plain sentence.
    pub title: &'static str,
    /// Why it matters to the business, one sentence.
    pub why: &'static str,
    /// What it reads.
    pub needs: &'static [Need],
    /// What the launch loses when it fails; weighs the fix order.
    pub concern: Concern,
    /// The part of its rule that is looked at so far, in one sentence.
    pub covers: &'static str,
    /// The question to a person, where only a person knows.
    pub ask: Option<&'static str>,
    /// Standards that decide (RFC sections, vendor documents).
    pub refs: &'static [&'static str],
    /// Judges the facts; an `Err` is what could not be seen.
    pub judge: fn(&Case<'_>) -> Result<Verdict, Unseen>,
}

/// What a check reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bindings.ts")]
pub enum Need {
    /// The public internet only.
    Public,
    /// A repository folder.
    Repo,
    /// A log file.
    Log,
    /// A Cloudflare token.
    Cf,
    /// A session for the product's own app.
    Auth,
    /// A database connection.
    Db,
    /// An SMTP account or a received message.
    Mail,
    /// A person's answer.
    Person,
    /// A recorded consent.
    Consent,
}

/// What is at stake; roadmaps weigh these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bindings.ts")]
pub enum Concern {
    /// People reach the product at all.
    Reach,
    /// People and browsers trust it.
    Trust,
    /// What the product sends arrives.
    Mail,
    /// Customer data and keys stay shut.
    Data,
    /// It answers fast enough to sign up and work.
    Speed,
    /// The founder keeps control.
    Control,
}

impl Concern {
    /// Its key in a roadmap's `[weights]`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Reach => "reach",
            Self::Trust => "trust",
            Self::Mail => "mail",
            Self::Data => "data",
            Self::Speed => "speed",
            Self::Control => "control",
        }
    }
}

/// What a check found.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The rule does not apply here, because.
    NotApplicable(String),
    /// It was judged.
    Judged {
        /// What was seen that supports the judgement, one line each.
        proof: Vec<String>,
        /// What is wrong.
        findings: Vec<Finding>,
        /// What could not be seen on the way.
        unseen: Vec<Unseen>,
    },
}

impl Verdict {
    /// A judgement to be filled.
    #[must_use]
    pub fn judged(proof: Vec<String>, findings: Vec<Finding>, unseen: Vec<Unseen>) -> Self {
        Self::Judged { proof, findings, unseen }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Finding {
    /// The host, name, URL or record it is about.
    pub subject: String,
    /// Fail or warn.
    pub grade: Grade,
    /// How much it matters.
    pub severity: Severity,
    /// What is, as one plain sentence.
    pub says: String,
    /// What was seen, one line each: records, headers, addresses.
    pub evidence: Vec<String>,
    /// What to do.
    pub fix: Fix,
}

/// What to do about a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Fix {
    /// The instruction in one or two plain sentences.
    pub says: String,
    /// What can be pasted: a DNS record, a header line, a config snippet.
    pub paste: Option<String>,
    /// A fair estimate of the work, minutes.
    pub minutes: u16,
    /// Checks that should be clean first.
    pub after: Vec<String>,
}

/// Fail or warn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bindings.ts")]
pub enum Grade {
    /// Should be mended.
    Warn,
    /// Must be mended.
    Fail,
}

/// How much a finding matters to a launch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bindings.ts")]
pub enum Severity {
    /// Polish.
    Low,
    /// Hurts some users or some day.
    Medium,
    /// Hurts most users or soon.
    High,
    /// Stops the launch.
    Critical,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export_to = "bindings.ts")]
pub enum Status {
    /// Could not be seen.
    CouldNotTell,
    /// At least one failure.
    Fail,
    /// The rule does not apply.
    NotApplicable,
    /// All seen, all well.
    Pass,
    /// Something is wrong or could not be told, and all of it was accepted for a time.
    Waived,
    /// At least one warning, no failure.
    Warn,
}

impl Status {
    /// The one place where a verdict becomes a status: fail > warn > could-not-tell > waived > pass.
    #[must_use]
    pub fn of(verdict: &Result<Verdict, Unseen>) -> Self {
        match verdict {
            Err(_) => Self::CouldNotTell,
            Ok(Verdict::NotApplicable(_)) => Self::NotApplicable,
            Ok(Verdict::Judged { findings, unseen, .. }) => match findings.iter().map(|f| f.grade).max() {
                Some(Grade::Fail) => Self::Fail,
                Some(Grade::Warn) => Self::Warn,
                None if unseen.is_empty() => Self::Pass,
                None => Self::CouldNotTell,
            },
        }
    }
}
