//! What a measurement keeps: counts, and times as histograms, in a memory that does not grow with the requests.

use super::figures::{self, micros};
use super::request::{Answer, Miss};
use super::{Load, StopRule};
use crate::EngineError;
use crate::net::http::Connection;
use audit::Why;
use audit::facts::{LoadEnd, Loaded, Sampled, Spread};
use audit::picture::bars;
use hdrhistogram::Histogram;
use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;
use ts_rs::TS;

/// Parts of the time that are kept apart, so that a difference can be told from a bad moment.
const PARTS: usize = 20;
/// Significant digits of a time.
const DIGITS: u8 = 3;
/// The last requests that decide whether too many fail.
const LAST: usize = 100;
/// Good answers of the last second that it takes to say that they are slow.
const ENOUGH: usize = 20;

/// How it goes, fifteen times a second.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "bindings.ts", rename = "LoadTick")]
pub struct Tick {
    /// Since the beginning, milliseconds.
    pub at_ms: u32,
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
pub(crate) struct Times {
    /// When it ended, since the beginning.
    pub(crate) ended: Duration,
    /// From the moment it was due.
    pub(crate) response: Duration,
    /// From the moment it was sent.
    pub(crate) service: Duration,
    /// Whether a connection had to be made for it.
    pub(crate) cold: bool,
}

/// Which phases a histogram is kept of.
#[derive(Clone, Copy, Debug)]
enum Stretch {
    Dns,
    Connect,
    Tls,
    Ttfb,
    Cold,
    Warm,
}

/// The names of the phases in their order.
const NAMES: [&str; 6] = ["dns", "connect", "tls", "ttfb", "cold", "warm"];

pub(crate) struct Record {
    planned: Duration,
    rule: StopRule,
    sent: u32,
    answered: u32,
    under_way: u32,
    at_once: u32,
    connections: u32,
    protocol: &'static str,
    late: Duration,
    statuses: BTreeMap<u16, u32>,
    /// Requests without a whole answer.
    failures: BTreeMap<&'static str, u32>,
    /// Answers that were not expected.
    unexpected: BTreeMap<&'static str, u32>,
    response: Histogram<u64>,
    service: Histogram<u64>,
    phases: [Histogram<u64>; 6],
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

impl Record {
    pub(crate) fn new(planned: Duration, rule: StopRule) -> Result<Self, EngineError> {
        Ok(Self {
            planned,
            rule,
            sent: 0,
            answered: 0,
            under_way: 0,
            at_once: 0,
            connections: 0,
            protocol: "",
            late: Duration::ZERO,
            statuses: BTreeMap::new(),
            failures: BTreeMap::new(),
            unexpected: BTreeMap::new(),
            response: empty()?,
            service: empty()?,
            phases: [empty()?, empty()?, empty()?, empty()?, empty()?, empty()?],
            parts: (0..PARTS).map(|_| empty()).collect::<Result<_, _>>()?,
            fresh: Vec::new(),
            second: VecDeque::new(),
            last: VecDeque::new(),
        })
    }

    pub(crate) fn sent(&mut self) {
        self.sent += 1;
        self.under_way += 1;
        self.at_once = self.at_once.max(self.under_way);
    }

    /// The name was looked up.
    pub(crate) fn named(&mut self, took: Duration) {
        self.phase(Stretch::Dns, took);
    }

    /// A connection was made.
    pub(crate) fn connected(&mut self, connection: &Connection) {
        self.connections += 1;
        self.protocol = if connection.lone() { "HTTP/1.1" } else { "HTTP/2" };
        self.phase(Stretch::Connect, connection.connect);
        if let Some(tls) = connection.tls {
            self.phase(Stretch::Tls, tls);
        }
    }

    pub(super) fn late(&mut self, by: Duration) {
        self.late = self.late.max(by);
    }

    fn phase(&mut self, of: Stretch, time: Duration) {
        if let Some(histogram) = self.phases.get_mut(of as usize) {
            note(histogram, micros(time));
        }
    }

    /// An answer came; tells whether it ends the measurement.
    pub(crate) fn answer(&mut self, answer: &Answer, times: Times) -> Option<LoadEnd> {
        self.under_way = self.under_way.saturating_sub(1);
        self.answered += 1;
        *self.statuses.entry(answer.status).or_default() += 1;
        match &answer.busy {
            Some(trouble) if trouble.why == Why::Challenged => return Some(LoadEnd::Challenged),
            Some(_) => return Some(LoadEnd::Limited { status: answer.status, retry_after: answer.retry_after }),
            None => {}
        }
        if answer.expected {
            self.phase(Stretch::Ttfb, answer.ttfb);
            self.phase(if times.cold { Stretch::Cold } else { Stretch::Warm }, times.service);
            self.good(times);
        } else {
            let kind = match answer.status {
                400..500 => "4xx",
                500.. => "5xx",
                _ => "unexpected",
            };
            *self.unexpected.entry(kind).or_default() += 1;
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
    pub(crate) fn failure(&mut self, miss: &Miss) -> Option<LoadEnd> {
        self.under_way = self.under_way.saturating_sub(1);
        *self.failures.entry(miss.kind).or_default() += 1;
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
        let failed = self.failures.values().chain(self.unexpected.values()).sum();
        Tick {
            at_ms: millis(at),
            sent: self.sent,
            answered: self.answered,
            failed,
            under_way: self.under_way,
            p50,
            p95,
        }
    }

    pub(super) fn sum_up(self, load: &Load, took: Duration, end: LoadEnd) -> Loaded {
        let parts: Vec<Spread> = self.parts.iter().map(figures::spread).collect();
        let errors = self.failures.into_iter().chain(self.unexpected);
        Loaded {
            what: load.what(),
            model: load.model,
            planned_ms: millis(load.duration),
            took_ms: millis(took),
            sent: self.sent,
            answered: self.answered,
            statuses: self.statuses,
            errors: errors.map(|(kind, count)| (kind.to_owned(), count)).collect(),
            connections: self.connections,
            protocol: self.protocol.to_owned(),
            at_once: self.at_once,
            response: figures::widen(figures::phase("response", &self.response), &parts),
            service: figures::phase("service", &self.service),
            phases: NAMES.iter().zip(&self.phases).map(|(name, histogram)| figures::phase(name, histogram)).collect(),
            parts,
            late_us: u32::try_from(micros(self.late)).unwrap_or(u32::MAX),
            end,
            signed_in: false,
            slow: load.slow,
            agreed: None,
        }
    }

    /// Good answers so far.
    pub(crate) fn good_answers(&self) -> u64 {
        self.service.len()
    }

    /// The same figures as a look at a route tells them.
    pub(crate) fn sampled(self, wanted: u32, signed_in: bool) -> Sampled {
        let named = NAMES.iter().zip(&self.phases).map(|(name, histogram)| figures::phase(name, histogram));
        Sampled {
            wanted,
            sent: self.sent,
            statuses: self.statuses,
            failures: self.failures.into_iter().map(|(kind, count)| (kind.to_owned(), count)).collect(),
            signed_in,
            phases: named.chain([figures::phase("total", &self.service)]).collect(),
            bins: bars(&figures::spread(&self.service)),
        }
    }
}

fn millis(time: Duration) -> u32 {
    u32::try_from(time.as_millis()).unwrap_or(u32::MAX)
}

/// The value at a percentile of values in any order.
fn rank(values: &mut [u32], percent: usize) -> Option<u32> {
    let place = (values.len() * percent).div_ceil(100).checked_sub(1)?;
    Some(*values.select_nth_unstable(place).1)
}
