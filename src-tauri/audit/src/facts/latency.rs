//! Facts of latency: what a series of requests to one route took. All times are microseconds.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// The samples of one route.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Sampled {
    /// Requests meant to be sent.
    pub wanted: u32,
    /// Requests sent.
    pub sent: u32,
    /// Answers by status code.
    pub statuses: BTreeMap<u16, u32>,
    /// Requests without a whole answer, by kind: `name`, `connect`, `tls`, `timeout`, `cut-short`, `garbled`.
    pub failures: BTreeMap<String, u32>,
    /// Whether a session was sent along.
    pub signed_in: bool,
    /// Phases in order: dns, connect, tls, ttfb (request sent to first byte), cold, warm, total.
    pub phases: Vec<Phase>,
    /// Histogram of the total time of good answers, about 30 bins.
    pub bins: Vec<Bin>,
}

impl Sampled {
    /// The phase of that name.
    #[must_use]
    pub fn phase(&self, name: &str) -> Option<&Phase> {
        self.phases.iter().find(|phase| phase.name == name)
    }
}

/// One phase of a request over all samples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Phase {
    /// `dns`, `connect`, `tls`, `ttfb`, `cold` (whole, on a new connection), `warm` (whole, on a kept one), `total`.
    pub name: String,
    /// Good samples of this phase (a kept connection has no connect).
    pub samples: u32,
    /// Percentiles 50, 90, 95, 99, and 100 (the maximum).
    pub percentiles: Vec<Percentile>,
}

impl Phase {
    /// The value of a percentile, when there are samples enough to claim it.
    #[must_use]
    pub fn claim(&self, percentile: f64) -> Option<u32> {
        self.percentiles
            .iter()
            .find(|p| (p.percentile - percentile).abs() < f64::EPSILON)
            .filter(|p| p.needs <= self.samples)
            .map(|p| p.micros)
    }
}

/// One percentile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Percentile {
    /// 50.0 … 100.0.
    pub percentile: f64,
    /// Value in microseconds.
    pub micros: u32,
    /// Samples needed before it may be claimed: 1 / (1 − p), so that at least one sample lies beyond it.
    pub needs: u32,
    /// Lower end of the interval that holds the true value at 95 %, microseconds; none where there are too few samples for a bound.
    #[serde(default)]
    pub low: Option<u32>,
    /// Upper end of it.
    #[serde(default)]
    pub high: Option<u32>,
}

/// One bin of a histogram: `from` ≤ value < `to`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Bin {
    /// Lower edge, microseconds.
    pub from: u32,
    /// Upper edge, microseconds.
    pub to: u32,
    /// Samples in it.
    pub count: u32,
}
