//! Facts of journeys: what happened when the recorded steps of a visitor were gone through. They hold no body, no cookie and no value that
//! a step took from an answer.

use super::{SlowNetwork, Unseen};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a journey is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export_to = "bindings.ts")]
pub enum JourneyKind {
    /// A visitor books a time.
    Booking,
    /// A visitor pays.
    Checkout,
    /// A user does the one thing that the product is for.
    Core,
    /// A user looks at the first page behind the login.
    Dashboard,
    /// A user signs in.
    Login,
    /// A user signs out.
    Logout,
    /// A user asks for a new password.
    Reset,
    /// A visitor opens an account.
    Signup,
    /// Another service reports something.
    Webhook,
}

impl JourneyKind {
    /// Every kind with its word.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::Booking, "booking"),
        (Self::Checkout, "checkout"),
        (Self::Core, "core"),
        (Self::Dashboard, "dashboard"),
        (Self::Login, "login"),
        (Self::Logout, "logout"),
        (Self::Reset, "reset"),
        (Self::Signup, "signup"),
        (Self::Webhook, "webhook"),
    ];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("core", |(_, word)| word)
    }
}

/// One journey that was gone through.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JourneySeen {
    /// What it is for.
    pub kind: JourneyKind,
    /// The steps that were taken, in order; a step that failed is the last.
    pub steps: Vec<StepSeen>,
    /// How many steps it has.
    pub planned: u32,
    /// How long the steps took together, milliseconds, pauses between them left out.
    pub took_ms: u32,
    /// How long they may take together, milliseconds, where its file says it.
    pub within_ms: Option<u32>,
    /// Who agreed to its steps that write; none where it only reads.
    pub by: Option<String>,
    /// The poor connection that was laid over the real one, where there was one.
    #[serde(default)]
    pub slow: Option<SlowNetwork>,
    /// The name of the step at which an earlier try failed, where this is the second one.
    pub earlier: Option<String>,
    /// How it ended.
    pub end: JourneyEnd,
    /// Where it stopped, unless it is whole and where anybody was asked at all.
    #[serde(default)]
    pub stop: Option<Stop>,
}

/// The host and the phase of an exchange at which a journey stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// The host that was asked.
    pub host: String,
    /// Whether the host belongs to the product: the journey begins there, or it is part of the domain.
    pub own: bool,
    /// How far the exchange came.
    pub reached: Reached,
}

/// How far an exchange came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reached {
    /// The name was looked up.
    Name,
    /// A TCP connection was opened.
    Connect,
    /// The connection was being encrypted.
    Tls,
    /// A request was sent.
    Answer,
}

/// How a journey ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JourneyEnd {
    /// Every step was taken.
    Whole,
    /// An answer was not what its step expects, twice.
    Failed,
    /// A step had no answer that could be judged.
    Lost {
        /// The name of that step.
        step: String,
        /// Why.
        unseen: Unseen,
    },
}

/// One step that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepSeen {
    /// Its name in the file.
    pub name: String,
    /// What was asked, as the file writes it: `POST /session`, with `{{names}}` in place of values.
    pub what: String,
    /// The answers: the last one, after the redirects that led to it.
    pub hops: Vec<StepHop>,
    /// The phases of its time.
    pub times: StepTimes,
    /// How long it may take, milliseconds, where the file says it.
    pub within_ms: Option<u32>,
    /// What was not as expected.
    pub misses: Vec<Miss>,
}

impl StepSeen {
    /// Status of the last answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.hops.last().map(|hop| hop.status)
    }

    /// Whether the journey goes on after it: being slow ends none.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        self.misses.iter().all(|miss| matches!(miss, Miss::Slow { .. }))
    }
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepHop {
    /// Host and path, without query; values that must not be kept are `{{names}}`.
    pub url: String,
    /// Status code.
    pub status: u16,
}

/// The phases of a step's time, microseconds, redirects included; none where a kept connection needed no such phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTimes {
    /// Look-ups of names.
    pub dns: Option<u32>,
    /// TCP connections.
    pub connect: Option<u32>,
    /// TLS handshakes.
    pub tls: Option<u32>,
    /// From sending the last request to the first byte of its answer.
    pub ttfb: u32,
    /// All of it.
    pub total: u32,
}

/// What was not as a step expects. What was there instead is not kept where it is part of a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Miss {
    /// Another status.
    Status {
        /// What came.
        seen: u16,
        /// Those that are right; none means any below 400.
        wanted: Vec<u16>,
    },
    /// A text is not in the answer.
    Lacks {
        /// As the file writes it.
        text: String,
    },
    /// A text is in the answer that should not be.
    Holds {
        /// As the file writes it.
        text: String,
    },
    /// A field of a JSON answer is not there, or not what is expected.
    Json {
        /// Where (RFC 6901).
        pointer: String,
        /// What it should be, as the file writes it; none where it only has to be there.
        wanted: Option<String>,
        /// Whether the answer has such a field at all.
        there: bool,
    },
    /// A header field is not there, or not what is expected.
    Header {
        /// Its name.
        name: String,
        /// What it should hold; none where it only has to be there.
        wanted: Option<String>,
    },
    /// A cookie was not set.
    NoCookie {
        /// Its name.
        name: String,
    },
    /// The way led to another page.
    At {
        /// The path that was expected.
        wanted: String,
        /// The path that was reached, without query.
        seen: String,
    },
    /// It took too long.
    Slow {
        /// The limit, milliseconds.
        within_ms: u32,
        /// What it took, milliseconds.
        took_ms: u32,
    },
    /// A value that later steps need is not in the answer.
    Capture {
        /// Its name.
        name: String,
        /// Where it should be, in words: `hidden field csrf`.
        from: String,
    },
    /// The mail that a step sends did not come.
    NoMail {
        /// How long it was waited for, seconds.
        within_s: u32,
    },
    /// Redirects that lead on and on.
    Redirects {
        /// How many were followed.
        count: u32,
        /// The address they come back to, where it is a loop.
        back_to: Option<String>,
    },
    /// A redirect to an address that is not encrypted, which was not followed.
    Unencrypted {
        /// Its host.
        host: String,
    },
}
