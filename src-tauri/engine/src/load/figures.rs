//! Times as figures: percentiles by HdrHistogram, each with the samples that it needs and how surely it is known.

use audit::facts::{Percentile, Phase, Spread};
use audit::{compare, interval};
use hdrhistogram::Histogram;
use std::time::Duration;

/// The longest time that is told apart, microseconds: ten minutes.
const LONGEST: u64 = 600_000_000;
/// Percentiles told.
const PERCENTILES: [f64; 6] = [50.0, 90.0, 95.0, 99.0, 99.9, 100.0];

/// A time as it is kept.
pub(super) fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(LONGEST).clamp(1, LONGEST)
}

/// A phase by the histogram of its times.
pub(super) fn phase(name: &str, histogram: &Histogram<u64>) -> Phase {
    let samples = whole(histogram.len());
    let told = PERCENTILES.iter().filter(|_| samples > 0);
    Phase { name: name.to_owned(), samples, percentiles: told.map(|percentile| at(histogram, *percentile)).collect() }
}

/// Widens how surely the percentiles of a phase are known by how much the parts of its time differ.
pub(super) fn widen(mut phase: Phase, parts: &[Spread]) -> Phase {
    for one in phase.percentiles.iter_mut().filter(|one| one.percentile < 100.0) {
        if let Some((low, high)) = compare::within(parts, one.percentile) {
            one.low = one.low.map(|known| known.min(low));
            one.high = one.high.map(|known| known.max(high));
        }
    }
    phase
}

fn at(histogram: &Histogram<u64>, percentile: f64) -> Percentile {
    let value = histogram.value_at_quantile(percentile / 100.0).min(histogram.max());
    let (low, high) = interval::ranks(histogram.len(), percentile);
    let of = |rank: Option<u64>| rank.map(|rank| whole(ranked(histogram, rank)));
    Percentile { percentile, micros: whole(value), needs: needs(percentile), low: of(low), high: of(high) }
}

/// The sample of this rank, from 1.
fn ranked(histogram: &Histogram<u64>, rank: u64) -> u64 {
    #[expect(clippy::cast_precision_loss, reason = "numbers of samples, far below 2^52")]
    // Half a rank lower, so that no rounding reaches the next one.
    let quantile = (rank as f64 - 0.5) / histogram.len().max(1) as f64;
    histogram.value_at_quantile(quantile).clamp(histogram.min(), histogram.max())
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

/// Each value with how often it was seen.
pub(super) fn spread(histogram: &Histogram<u64>) -> Spread {
    histogram.iter_recorded().map(|seen| (whole(seen.value_iterated_to()), whole(seen.count_at_value()))).collect()
}

fn whole(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::phase;
    use hdrhistogram::Histogram;

    fn times(millis: impl IntoIterator<Item = u64>) -> Histogram<u64> {
        let mut histogram = Histogram::new(3).unwrap();
        for value in millis {
            histogram.record(value * 1_000).unwrap();
        }
        histogram
    }

    #[test]
    fn percentiles_know_what_they_need_and_how_surely_they_are_known() {
        let total = phase("total", &times(1..=30));
        let needs: Vec<u32> = total.percentiles.iter().map(|percentile| percentile.needs).collect();
        assert_eq!(needs, [2, 10, 20, 100, 1_000, 1]);
        assert_eq!(total.claim(99.0), None);
        assert!((29_000..=29_100).contains(&total.claim(95.0).unwrap()));
        assert!((30_000..=30_100).contains(&total.claim(100.0).unwrap()));
        let [p50, _, p95, ..] = total.percentiles.as_slice() else { panic!() };
        // The 10th and the 21st of 30 enclose the median; nothing bounds the 95th percentile from above.
        assert!(
            (9_990..=10_010).contains(&p50.low.unwrap()) && (20_980..=21_020).contains(&p50.high.unwrap()),
            "{p50:?}"
        );
        assert!(p95.low.unwrap() >= 25_900 && p95.high.is_none(), "{p95:?}");
        assert_eq!(phase("tls", &times([])).claim(50.0), None);
    }
}
