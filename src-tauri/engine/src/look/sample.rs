//! Samples of a route and what they sum up to: percentiles by HdrHistogram, each with the samples it needs.

use audit::Why;
use audit::facts::{Bin, Percentile, Phase, Sampled};
use hdrhistogram::Histogram;
use std::collections::BTreeMap;
use std::time::Duration;

/// The longest time that is told apart, microseconds: ten minutes.
pub(crate) const LONGEST: u64 = 600_000_000;
/// Bins of the histogram.
const BINS: u64 = 30;
/// Percentiles told.
const PERCENTILES: [f64; 6] = [50.0, 90.0, 95.0, 99.0, 99.9, 100.0];

/// The phases of one answered request; a kept connection has no look-up, connection and handshake.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sample {
    pub(crate) status: u16,
    pub(crate) dns: Option<Duration>,
    pub(crate) connect: Option<Duration>,
    pub(crate) tls: Option<Duration>,
    pub(crate) ttfb: Option<Duration>,
    pub(crate) total: Option<Duration>,
}

/// The samples of one route.
pub(crate) struct Samples {
    wanted: u32,
    sent: u32,
    statuses: BTreeMap<u16, u32>,
    failures: BTreeMap<String, u32>,
    phases: [(&'static str, Vec<u64>); 5],
}

impl Samples {
    pub(crate) fn new(wanted: u32) -> Self {
        let phases = ["dns", "connect", "tls", "ttfb", "total"].map(|name| (name, Vec::new()));
        Self { wanted, sent: 0, statuses: BTreeMap::new(), failures: BTreeMap::new(), phases }
    }

    /// A request goes out.
    pub(crate) fn begin(&mut self) {
        self.sent += 1;
    }

    /// It was answered. Only good answers (below 400) count into the times.
    pub(crate) fn add(&mut self, sample: &Sample) {
        *self.statuses.entry(sample.status).or_default() += 1;
        if sample.status >= 400 {
            return;
        }
        let times = [sample.dns, sample.connect, sample.tls, sample.ttfb, sample.total];
        for ((_, values), time) in self.phases.iter_mut().zip(times) {
            values.extend(time.map(|time| u64::try_from(time.as_micros()).unwrap_or(LONGEST).clamp(1, LONGEST)));
        }
    }

    /// It failed.
    pub(crate) fn fail(&mut self, why: Why) {
        *self.failures.entry(kind(why).to_owned()).or_default() += 1;
    }

    /// How many good answers there are.
    pub(crate) fn good(&self) -> usize {
        self.phases[4].1.len()
    }

    pub(crate) fn sum_up(self, signed_in: bool) -> Sampled {
        let bins = bins(&self.phases[4].1);
        Sampled {
            wanted: self.wanted,
            sent: self.sent,
            statuses: self.statuses,
            failures: self.failures,
            signed_in,
            phases: self.phases.into_iter().map(|(name, values)| summed(name, &values)).collect(),
            bins,
        }
    }
}

/// The word for a kind of failure.
pub(crate) fn kind(why: Why) -> &'static str {
    match why {
        Why::Timeout => "timeout",
        Why::Refused => "refused",
        Why::Untrusted => "untrusted",
        Why::Garbled => "garbled",
        Why::NoRoute => "no-route",
        _ => "broken",
    }
}

fn summed(name: &str, values: &[u64]) -> Phase {
    match recorded(values) {
        Some(histogram) => phase(name, &histogram),
        None => Phase { name: name.to_owned(), samples: 0, percentiles: Vec::new() },
    }
}

/// A phase by the histogram of its times.
pub(crate) fn phase(name: &str, histogram: &Histogram<u64>) -> Phase {
    let samples = u32::try_from(histogram.len()).unwrap_or(u32::MAX);
    let told = PERCENTILES.iter().filter(|_| samples > 0);
    Phase { name: name.to_owned(), samples, percentiles: told.map(|percentile| at(histogram, *percentile)).collect() }
}

fn recorded(values: &[u64]) -> Option<Histogram<u64>> {
    let mut histogram = Histogram::new_with_bounds(1, LONGEST, 3).ok()?;
    for value in values {
        histogram.saturating_record(*value);
    }
    (!values.is_empty()).then_some(histogram)
}

fn at(histogram: &Histogram<u64>, percentile: f64) -> Percentile {
    let value = histogram.value_at_quantile(percentile / 100.0).min(histogram.max());
    Percentile { percentile, micros: micros(value), needs: needs(percentile) }
}

/// Samples that it takes before one of them lies beyond the percentile.
fn needs(percentile: f64) -> u32 {
    let rest = 100.0 - percentile;
    if rest <= 0.0 {
        return 1;
    }
    // Tenths of a percent are counted whole, so that 99.9 needs 1 000 and not one more for a rounding.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 1000 tenths")]
    let tenths = (rest * 10.0).round().max(1.0) as u32;
    1_000u32.div_ceil(tenths)
}

fn bins(values: &[u64]) -> Vec<Bin> {
    let (Some(least), Some(most)) = (values.iter().min(), values.iter().max()) else { return Vec::new() };
    let width = (most - least + 1).div_ceil(BINS).max(1);
    let count = (most - least) / width + 1;
    let mut bins: Vec<Bin> = (0..count)
        .map(|place| {
            let from = least + place * width;
            Bin { from: micros(from), to: micros(from + width), count: 0 }
        })
        .collect();
    for value in values {
        let place = usize::try_from((value - least) / width).unwrap_or(usize::MAX);
        if let Some(bin) = bins.get_mut(place) {
            bin.count += 1;
        }
    }
    bins
}

fn micros(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Sample, Samples};
    use audit::Why;
    use std::time::Duration;

    fn samples(millis: impl IntoIterator<Item = u64>) -> Samples {
        let mut samples = Samples::new(30);
        for value in millis {
            samples.begin();
            let total = Some(Duration::from_millis(value));
            samples.add(&Sample { status: 200, total, ..Sample::default() });
        }
        samples
    }

    #[test]
    fn percentiles_know_what_they_need() {
        let sampled = samples(1..=30).sum_up(false);
        let total = sampled.phase("total").unwrap();
        let needs: Vec<u32> = total.percentiles.iter().map(|percentile| percentile.needs).collect();
        assert_eq!(needs, [2, 10, 20, 100, 1_000, 1]);
        assert_eq!(total.claim(99.0), None);
        assert!((29_000..=29_100).contains(&total.claim(95.0).unwrap()));
        assert!((30_000..=30_100).contains(&total.claim(100.0).unwrap()));
        assert_eq!(sampled.phase("tls").unwrap().samples, 0);
        assert_eq!(sampled.phase("tls").unwrap().claim(50.0), None);
    }

    #[test]
    fn every_good_sample_is_in_one_bin() {
        let sampled = samples((1..=29).chain([900])).sum_up(false);
        assert!(sampled.bins.len() <= 31);
        assert_eq!(sampled.bins.iter().map(|bin| bin.count).sum::<u32>(), 30);
        let same = samples([5, 5, 5]).sum_up(false);
        assert_eq!((same.bins.len(), same.bins[0].count), (1, 3));
    }

    #[test]
    fn bad_answers_count_but_are_not_timed() {
        let mut samples = samples([10]);
        samples.begin();
        samples.add(&Sample { status: 500, total: Some(Duration::from_secs(9)), ..Sample::default() });
        samples.begin();
        samples.fail(Why::Timeout);
        let sampled = samples.sum_up(true);
        assert_eq!((sampled.sent, sampled.statuses[&500], sampled.failures["timeout"]), (3, 1, 1));
        assert_eq!(sampled.phase("total").unwrap().samples, 1);
    }
}
