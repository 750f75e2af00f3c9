//! What a measurement keeps: counts, and times as histograms, in a memory that does not grow with the requests.

use super::request::Answer;
use super::{Load, StopRule};
use crate::EngineError;
use crate::look::sample::{self, LONGEST};
use audit::Why;
use audit::facts::{LoadEnd, Loaded, Spread};
use hdrhistogram::Histogram;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// Parts of the time that are kept apart, so that a difference can be told from a bad moment.
const PARTS: usize = 20;
/// Significant digits of a time.
const DIGITS: u8 = 3;
/// The last requests that decide whether too many fail.
const LAST: usize = 100;
/// Good answers of the last second that it takes to say that they are slow.
const ENOUGH: usize = 20;

/// How it goes, ten times a second.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Since the beginning.
    pub at: Duration,
    /// Requests sent so far.
    pub sent: u32,
    /// Answers so far.
    pub answered: u32,
    /// Failures and unexpected answers so far.
    pub failed: u32,
    /// Requests under way.
    pub under_way: u32,
    /// Median of the answers since the last tick, microseconds; none when there was no answer.
    pub p50: Option<u32>,
    /// 95th percentile of the same.
    pub p95: Option<u32>,
}

/// The times of one answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    /// When it ended, since the beginning.
    pub(super) ended: Duration,
    /// From the moment it was due.
    pub(super) response: Duration,
    /// From the moment it was sent.
    pub(super) service: Duration,
}

/// Which phases a histogram is kept of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stretch {
    Connect,
    Tls,
    Ttfb,
}

pub(super) struct Record {
    planned: Duration,
    rule: StopRule,
    sent: u32,
    answered: u32,
    unexpected: u32,
    under_way: u32,
    at_once: u32,
    connections: u32,
    protocol: &'static str,
    late: Duration,
    statuses: BTreeMap<u16, u32>,
    failures: BTreeMap<&'static str, u32>,
    response: Histogram<u64>,
    service: Histogram<u64>,
    phases: [(&'static str, Histogram<u64>); 3],
    parts: Vec<Histogram<u64>>,
    /// Good answers since the last tick.
    fresh: Vec<u32>,
    /// Good answers of the last second with their ends.
    second: VecDeque<(Duration, u32)>,
    /// Whether each of the last requests failed.
    last: VecDeque<bool>,
}

fn empty() -> Result<Histogram<u64>, EngineError> {
    Histogram::new(DIGITS).map_err(|error| EngineError::new("load", format!("failed to keep times: {error}")))
}

fn note(histogram: &mut Histogram<u64>, value: u64) {
    // It grows to whatever value there is, and values are bounded by `micros`.
    let _ = histogram.record(value);
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(LONGEST).clamp(1, LONGEST)
}

impl Record {
    pub(super) fn new(load: &Load) -> Result<Self, EngineError> {
        Ok(Self {
            planned: load.duration,
            rule: load.stop,
            sent: 0,
            answered: 0,
            unexpected: 0,
            under_way: 0,
            at_once: 0,
            connections: 0,
            protocol: "",
            late: Duration::ZERO,
            statuses: BTreeMap::new(),
            failures: BTreeMap::new(),
            response: empty()?,
            service: empty()?,
            phases: [("connect", empty()?), ("tls", empty()?), ("ttfb", empty()?)],
            parts: (0..PARTS).map(|_| empty()).collect::<Result<_, _>>()?,
            fresh: Vec::new(),
            second: VecDeque::new(),
            last: VecDeque::new(),
        })
    }

    pub(super) fn sent(&mut self) {
        self.sent += 1;
        self.under_way += 1;
        self.at_once = self.at_once.max(self.under_way);
    }

    pub(super) fn connected(&mut self, lone: bool) {
        self.connections += 1;
        self.protocol = if lone { "HTTP/1.1" } else { "HTTP/2" };
    }

    pub(super) fn late(&mut self, by: Duration) {
        self.late = self.late.max(by);
    }

    pub(super) fn phase(&mut self, of: Stretch, time: Duration) {
        note(&mut self.phases[of as usize].1, micros(time));
    }

    /// An answer came; tells whether it ends the measurement.
    pub(super) fn answer(&mut self, answer: &Answer, times: Times) -> Option<LoadEnd> {
        self.under_way = self.under_way.saturating_sub(1);
        self.answered += 1;
        *self.statuses.entry(answer.status).or_default() += 1;
        self.phase(Stretch::Ttfb, answer.ttfb);
        if matches!(answer.status, 429 | 503) {
            return Some(LoadEnd::Limited { status: answer.status, retry_after: answer.retry_after });
        }
        if answer.expected {
            self.good(times);
        } else {
            self.unexpected += 1;
        }
        self.outcome(!answer.expected).or_else(|| self.slow(times.ended))
    }

    fn good(&mut self, times: Times) {
        let value = micros(times.response);
        note(&mut self.response, value);
        note(&mut self.service, micros(times.service));
        let share = times.ended.as_secs_f64() / self.planned.as_secs_f64().max(f64::MIN_POSITIVE);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number above nought")]
        let part = ((share * PARTS as f64) as usize).min(PARTS - 1);
        if let Some(part) = self.parts.get_mut(part) {
            note(part, value);
        }
        let value = u32::try_from(value).unwrap_or(u32::MAX);
        self.fresh.push(value);
        if self.rule.slower_than.is_some() {
            self.second.push_back((times.ended, value));
        }
    }

    /// A request got no whole answer; tells whether it ends the measurement.
    pub(super) fn failure(&mut self, why: Why) -> Option<LoadEnd> {
        self.under_way = self.under_way.saturating_sub(1);
        *self.failures.entry(sample::kind(why)).or_default() += 1;
        self.outcome(true)
    }

    fn outcome(&mut self, failed: bool) -> Option<LoadEnd> {
        self.last.push_back(failed);
        if self.last.len() > LAST {
            self.last.pop_front();
        }
        // Two dozen in a row say as much as half of a hundred.
        let count = self.last.iter().filter(|failed| **failed).count();
        let all = self.last.len();
        let percent = u32::try_from(count * 100 / all.max(1)).unwrap_or(100);
        (all >= 20 && percent > self.rule.errors).then_some(LoadEnd::Errors { percent })
    }

    fn slow(&mut self, now: Duration) -> Option<LoadEnd> {
        let limit = self.rule.slower_than?;
        while self.second.front().is_some_and(|(at, _)| *at + Duration::from_secs(1) < now) {
            self.second.pop_front();
        }
        if self.second.len() < ENOUGH {
            return None;
        }
        let mut times: Vec<u32> = self.second.iter().map(|(_, time)| *time).collect();
        let p95 = rank(&mut times, 95)?;
        (u64::from(p95) > micros(limit)).then_some(LoadEnd::Slow { p95 })
    }

    pub(super) fn tick(&mut self, at: Duration) -> Tick {
        let (p50, p95) = (rank(&mut self.fresh, 50), rank(&mut self.fresh, 95));
        self.fresh.clear();
        let failed = self.failures.values().sum::<u32>() + self.unexpected;
        Tick { at, sent: self.sent, answered: self.answered, failed, under_way: self.under_way, p50, p95 }
    }

    pub(super) fn sum_up(self, load: &Load, took: Duration, end: LoadEnd) -> Loaded {
        let millis = |time: Duration| u32::try_from(time.as_millis()).unwrap_or(u32::MAX);
        Loaded {
            what: load.what(),
            model: load.model,
            planned_ms: millis(load.duration),
            took_ms: millis(took),
            sent: self.sent,
            answered: self.answered,
            statuses: self.statuses,
            failures: self.failures.into_iter().map(|(kind, count)| (kind.to_owned(), count)).collect(),
            unexpected: self.unexpected,
            connections: self.connections,
            protocol: self.protocol.to_owned(),
            at_once: self.at_once,
            response: sample::phase("response", &self.response),
            service: sample::phase("service", &self.service),
            phases: self.phases.iter().map(|(name, histogram)| sample::phase(name, histogram)).collect(),
            parts: self.parts.iter().map(spread).collect(),
            late_us: u32::try_from(micros(self.late)).unwrap_or(u32::MAX),
            end,
        }
    }
}

/// The value at a percentile of values in any order.
fn rank(values: &mut [u32], percent: usize) -> Option<u32> {
    let place = (values.len() * percent).div_ceil(100).checked_sub(1)?;
    Some(*values.select_nth_unstable(place).1)
}

fn spread(histogram: &Histogram<u64>) -> Spread {
    let whole = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
    histogram.iter_recorded().map(|seen| (whole(seen.value_iterated_to()), whole(seen.count_at_value()))).collect()
}
