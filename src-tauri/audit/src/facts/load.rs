//! Facts of load: what happened when one address was asked by many users at once, or at a fixed rate. Times are microseconds.

use super::latency::Phase;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;
use ts_rs::TS;

/// How requests follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum Model {
    /// Closed: each user waits for the answer, thinks, and asks again.
    Users {
        /// Users at once.
        users: u32,
        /// Time between an answer and the next request of the same user, milliseconds.
        think_ms: u32,
    },
    /// Open: requests come at a fixed rate, whatever became of the earlier ones.
    Rate {
        /// Requests a second.
        per_second: f64,
        /// Requests under way at once at most; those beyond wait their turn, and their wait counts.
        users: u32,
    },
}

/// One measurement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Loaded {
    /// What was asked, method first: `GET https://app.example.com/dashboard`.
    pub what: String,
    /// How.
    pub model: Model,
    /// How long it was to take, milliseconds, the ramp included.
    pub planned_ms: u32,
    /// How long it took.
    pub took_ms: u32,
    /// Requests sent.
    pub sent: u32,
    /// Answers that came whole, whatever their status.
    pub answered: u32,
    /// Answers by status code.
    pub statuses: BTreeMap<u16, u32>,
    /// Requests that did not end well, by kind: without a whole answer `name`, `connect`, `tls`, `timeout`, `cut-short`, `garbled`;
    /// with an answer that was not expected `4xx`, `5xx`, `unexpected` (another status, or without the expected text).
    pub errors: BTreeMap<String, u32>,
    /// Connections made; each other request went over a kept one.
    pub connections: u32,
    /// `HTTP/1.1` or `HTTP/2`.
    pub protocol: String,
    /// Most requests under way at once.
    pub at_once: u32,
    /// From the moment a request was due to the end of its answer: what a user waits. Of good answers.
    pub response: Phase,
    /// From the moment it was really sent. Lower than `response` where requests had to wait for earlier ones
    /// ("coordinated omission").
    pub service: Phase,
    /// dns (once), connect and tls of new connections, ttfb of all good answers, cold (whole, on a new connection), warm (on a kept one).
    pub phases: Vec<Phase>,
    /// `response` once more, by equal parts of the time, so that a lasting difference can be told from a bad moment.
    pub parts: Vec<Spread>,
    /// The latest that our own clock woke to send a request that nothing else held up.
    pub late_us: u32,
    /// Why it ended.
    pub end: LoadEnd,
    /// Whether a session was sent along.
    #[serde(default)]
    pub signed_in: bool,
    /// The slow network that was laid over the connections; none for the network as it is.
    #[serde(default)]
    pub slow: Option<SlowNetwork>,
    /// Who agreed to it; none where nobody had to be asked.
    #[serde(default)]
    pub agreed: Option<LoadAgreed>,
}

impl Loaded {
    /// By what it is kept among the facts: what was asked, and whether over a slow network.
    #[must_use]
    pub fn key(&self) -> String {
        if self.slow.is_some() { format!("{} over a slow network", self.what) } else { self.what.clone() }
    }

    /// The address that was asked.
    #[must_use]
    pub fn url(&self) -> &str {
        self.what.split(' ').nth(1).unwrap_or(&self.what)
    }

    /// How many people at once it stands for. At a fixed rate as many as would ask so often if each thought for a second between an
    /// answer and the next request (Little's law); people think longer, so it is no more than there were.
    #[must_use]
    pub fn people(&self) -> u32 {
        match self.model {
            Model::Users { users, .. } => users,
            Model::Rate { per_second, .. } => {
                let each = 1.0 + self.response.claim(50.0).map_or(0.0, |micros| f64::from(micros) / 1e6);
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a cast of a float stays in its bounds"
                )]
                let people = (per_second * each).round() as u32;
                people
            }
        }
    }

    /// Requests that did not end well.
    #[must_use]
    pub fn failed(&self) -> u32 {
        self.errors.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// All good answers: what a user waited, and how often.
    #[must_use]
    pub fn spread(&self) -> Spread {
        let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
        for (value, count) in self.parts.iter().flatten() {
            let sum = counts.entry(*value).or_default();
            *sum = sum.saturating_add(*count);
        }
        counts.into_iter().collect()
    }
}

/// A poor connection, laid over a good one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct SlowNetwork {
    /// Time that it adds to a way there and back, milliseconds.
    pub delay_ms: u32,
    /// Of 100 packets of 1 460 bytes, how many are lost on the way. TCP sends them again, so that a loss is seen as a wait.
    pub loss: f64,
    /// Kilobits a second in each direction at most; none for no limit.
    pub kilobits: Option<u32>,
}

impl SlowNetwork {
    /// Whether it is a network that anything can be measured over.
    ///
    /// # Errors
    /// A figure is too large; the words say which.
    pub fn checked(self) -> Result<Self, String> {
        let kilobits = self.kilobits.unwrap_or(1);
        let says = match self {
            Self { delay_ms: 10_001.., .. } => "a delay is 10000 ms at most",
            Self { loss, .. } if !(0.0..=50.0).contains(&loss) => "a loss is 50 % at most",
            _ if !(1..=10_000_000).contains(&kilobits) => "a rate is 1 to 10000000 kbit a second",
            _ => return Ok(self),
        };
        Err(says.to_owned())
    }
}

impl fmt::Display for SlowNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms delay, {} % loss", self.delay_ms, self.loss)?;
        self.kilobits.map_or(Ok(()), |kilobits| write!(f, ", {kilobits} kbit/s"))
    }
}

/// A measurement that somebody started, and that is kept with the project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// When it began.
    pub at: Timestamp,
    /// Whether somebody accepted it as what later ones of its kind are compared with.
    pub baseline: bool,
    /// What came of it.
    pub loaded: Loaded,
}

impl Measured {
    /// Only what was measured alike is compared: the same address, as load or by a few requests, over the network as it is or a slow one.
    #[must_use]
    pub fn kind(&self) -> (&str, bool, bool) {
        (&self.loaded.what, self.loaded.agreed.is_some(), self.loaded.slow.is_some())
    }
}

/// Times and how often each was seen, rising; three significant digits.
pub type Spread = Vec<(u32, u32)>;

/// Why a measurement ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum LoadEnd {
    /// Its time was over, or all its requests were sent.
    Whole,
    /// Somebody stopped it.
    Cancelled,
    /// The host said that it is asked too often (429) or cannot do more (503).
    Limited {
        /// The status.
        status: u16,
        /// `Retry-After`, seconds.
        retry_after: Option<u32>,
    },
    /// A bot challenge answered in place of the product.
    Challenged,
    /// Too many requests failed.
    Errors {
        /// Failures in percent of the last requests.
        percent: u32,
    },
    /// Answers took too long.
    Slow {
        /// 95th percentile of the last second, microseconds.
        p95: u32,
    },
}

impl Model {
    /// In words.
    #[must_use]
    pub fn says(&self) -> String {
        match self {
            Self::Users { users: 1, think_ms } => {
                format!("1 user with {think_ms} ms between an answer and the next request")
            }
            Self::Users { users, think_ms } => {
                format!("{users} users at once, each with {think_ms} ms between an answer and the next request")
            }
            Self::Rate { per_second, users } => {
                format!("{per_second} requests a second, {users} under way at once at most")
            }
        }
    }
}

impl LoadEnd {
    /// Why it ended before its time, in words; nothing when it did not.
    #[must_use]
    pub fn says(&self) -> Option<String> {
        Some(match self {
            Self::Whole => return None,
            Self::Cancelled => "stopped by hand before its time was over".to_owned(),
            Self::Limited { status, retry_after } => {
                let wait = retry_after.map_or_else(String::new, |seconds| format!(", and asks to wait {seconds} s"));
                format!("stopped, because the server answered {status}: it says that it is asked too often{wait}")
            }
            Self::Challenged => "stopped, because a bot challenge answered in place of the product".to_owned(),
            Self::Errors { percent } => format!("stopped, because {percent} % of the last requests failed"),
            Self::Slow { p95 } => {
                format!("stopped, because 5 of 100 answers of the last second took longer than {} ms", p95 / 1_000)
            }
        })
    }
}

/// The most load that somebody agreed to; never more than [`LoadCap::MOST`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(try_from = "Bounds")]
#[ts(export_to = "bindings.ts")]
pub struct LoadCap {
    /// Users at once.
    pub users: u32,
    /// Requests a second.
    pub per_second: u32,
    /// Seconds in all.
    pub seconds: u32,
}

#[derive(Deserialize)]
struct Bounds {
    users: u32,
    per_second: u32,
    seconds: u32,
}

impl TryFrom<Bounds> for LoadCap {
    type Error = String;

    fn try_from(bounds: Bounds) -> Result<Self, String> {
        Self::new(bounds.users, bounds.per_second, bounds.seconds)
    }
}

impl LoadCap {
    /// 50 users, 200 requests a second, ten minutes.
    pub const MOST: Self = Self { users: 50, per_second: 200, seconds: 600 };

    /// A cap.
    ///
    /// # Errors
    /// A figure is nought or above [`LoadCap::MOST`].
    pub fn new(users: u32, per_second: u32, seconds: u32) -> Result<Self, String> {
        let figures = [
            (users, Self::MOST.users, "users at once"),
            (per_second, Self::MOST.per_second, "requests a second"),
            (seconds, Self::MOST.seconds, "seconds"),
        ];
        for (figure, most, what) in figures {
            if figure == 0 || figure > most {
                return Err(format!("between 1 and {most} {what} can be agreed to, not {figure}"));
            }
        }
        Ok(Self { users, per_second, seconds })
    }

    /// Whether a load stays below it.
    ///
    /// # Errors
    /// It does not; the words say where.
    pub fn holds(self, users: u32, per_second: f64, time: Duration) -> Result<(), String> {
        let figures = [
            (f64::from(users), self.users, Self::MOST.users, "users at once"),
            (per_second, self.per_second, Self::MOST.per_second, "requests a second"),
            (time.as_secs_f64(), self.seconds, Self::MOST.seconds, "seconds"),
        ];
        for (asked, agreed, most, what) in figures {
            if asked > f64::from(most) {
                return Err(format!("{asked} {what} are more than is ever sent; ask for {most} at most"));
            }
            if asked > f64::from(agreed) {
                let says = "ask for less, or have whoever answers for the host agree to more";
                return Err(format!("{asked} {what} are more than the {agreed} that were agreed to; {says}"));
            }
        }
        Ok(())
    }
}

/// That somebody agreed to load on a host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct LoadAgreed {
    /// The one host it is about.
    pub host: String,
    /// Who agreed, by name.
    pub by: String,
    /// How much at most.
    pub cap: LoadCap,
    /// When it was recorded.
    #[ts(type = "string")]
    pub at: Timestamp,
    /// When it runs out.
    #[ts(type = "string")]
    pub until: Timestamp,
}
