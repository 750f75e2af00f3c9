//! How surely a percentile is known: between which two of the ordered samples the true value lies.
//!
//! The number of samples beyond the true percentile is binomial whatever the times are like, so two of the ordered samples enclose it
//! with a probability that is known (order statistics; Hahn and Meeker, *Statistical Intervals*, §5.2). That holds for samples that do
//! not depend on each other. Those of one busy minute do: a run that is kept in parts widens it by [`crate::compare::within`].

/// Probability on each side that the true value lies outside.
const OUTSIDE: f64 = 0.025;
/// Above so many nats the exact sum would begin with a number too small to be held; the normal curve is as good there.
const EXACT: f64 = 700.0;
/// 97.5 % of a normal curve lie below so many standard deviations.
const DEVIATIONS: f64 = 1.959_964;

/// The ranks, from 1, of the ordered samples that enclose a percentile at 95 %; none on a side where not even the last one is a bound.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numbers of samples, far below 2^52"
)]
pub fn ranks(samples: u64, percentile: f64) -> (Option<u64>, Option<u64>) {
    let (count, share) = (samples as f64, percentile / 100.0);
    if samples == 0 || !(share > 0.0 && share < 1.0) {
        return (None, None);
    }
    // Samples beyond the percentile: so few that chance alone hardly leaves fewer, so many that it hardly leaves more.
    let (fewest, most) = if -count * share.ln() < EXACT {
        exact(samples, share)
    } else {
        let (middle, spread) = (count * (1.0 - share), DEVIATIONS * (count * share * (1.0 - share)).sqrt() + 0.5);
        (Some((middle - spread).max(0.0) as u64), (middle + spread).ceil() as u64)
    };
    let low = samples.checked_sub(most).filter(|rank| *rank > 0);
    (low, fewest.map(|beyond| samples - beyond))
}

fn exact(samples: u64, share: f64) -> (Option<u64>, u64) {
    #[expect(clippy::cast_precision_loss, reason = "a few thousand at most")]
    let real = |number: u64| number as f64;
    let mut chance = (real(samples) * share.ln()).exp();
    let (mut so_far, mut fewest) = (0.0, None);
    for beyond in 0..samples {
        so_far += chance;
        if so_far <= OUTSIDE {
            fewest = Some(beyond);
        }
        if so_far >= 1.0 - OUTSIDE {
            return (fewest, beyond);
        }
        chance *= real(samples - beyond) / real(beyond + 1) * (1.0 - share) / share;
    }
    (fewest, samples)
}

#[cfg(test)]
mod tests {
    use super::ranks;
    use fastrand::Rng;

    #[test]
    fn the_ranks_are_those_of_the_tables() {
        // Hahn and Meeker, table A.15g: 95 % for the median of 10 are the 2nd and the 9th, of 100 the 40th and the 61st.
        assert_eq!(ranks(10, 50.0), (Some(2), Some(9)));
        assert_eq!(ranks(100, 50.0), (Some(40), Some(61)));
        // The largest of 30 lies beyond the 95th percentile only with 79 %: no upper bound.
        assert_eq!(ranks(30, 95.0).1, None);
        assert!(ranks(71, 95.0).1.is_none() && ranks(72, 95.0).1 == Some(72));
        assert_eq!(ranks(3, 50.0), (None, None));
        assert_eq!((ranks(0, 50.0), ranks(9, 100.0), ranks(9, f64::NAN)), ((None, None), (None, None), (None, None)));
    }

    #[test]
    fn the_curve_takes_over_where_the_sum_ends() {
        for (percentile, last) in [(50.0, 1_009), (95.0, 13_646), (99.9, 699_649)] {
            let (sum, curve) = (ranks(last, percentile), ranks(last + 1, percentile));
            for (one, other) in [(sum.0, curve.0), (sum.1, curve.1)] {
                assert!(one.unwrap().abs_diff(other.unwrap()) <= 3, "{percentile}: {sum:?} {curve:?}");
            }
        }
    }

    #[test]
    fn nineteen_of_twenty_hold_the_true_value() {
        let mut random = Rng::with_seed(11);
        for (samples, percentile) in [(20, 50.0), (100, 95.0), (400, 99.0)] {
            let (mut held, rounds) = (0, 2_000);
            for _ in 0..rounds {
                let mut values: Vec<f64> = (0..samples).map(|_| random.f64() * 100.0).collect();
                values.sort_by(f64::total_cmp);
                let at = |rank: Option<u64>, none: f64| rank.map_or(none, |rank| values[rank as usize - 1]);
                let (low, high) = ranks(samples, percentile);
                held += u32::from(at(low, 0.0) <= percentile && percentile <= at(high, 100.0));
            }
            assert!(held * 100 >= rounds * 95 - 100, "{held} of {rounds} for p{percentile} of {samples}");
        }
    }
}
