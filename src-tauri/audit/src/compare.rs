//! Before and after: whether a percentile really moved, or whether this many samples could not show it.
//!
//! Samples of one run resemble their neighbours (a busy minute slows them all), so they are not resampled one by one but by the parts
//! of the time they came in (block bootstrap, Künsch 1989), each run's spread widened by how much its parts resemble the ones before
//! them. What is told surely lies outside the 95 % interval of the ratio.

use crate::facts::Spread;
use fastrand::Rng;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Draws from which the interval is read.
const DRAWS: usize = 1_000;
/// Twenty parts vary less than many more would: found by simulation, so that at most one comparison in twenty of a thing with itself
/// tells a difference, also where its parts drift by a few percent.
const FEW_PARTS: f64 = 1.3;
/// A change that people notice; whether runs could have shown it is told with every comparison that shows none.
const NOTICED: f64 = 1.2;
/// A change is told nineteen times in twenty when it is so many times the half width of the interval: 1 + 1.645 / 1.96, without what the
/// interval is widened by, for that is itself an estimate.
const SURE: f64 = 1.84;
/// Likeness of neighbouring parts that chance alone brings about.
const BY_CHANCE: f64 = 0.15;
/// Samples that must lie beyond a percentile in each run.
const BEYOND: f64 = 5.0;
/// Parts that must hold samples.
const PARTS: usize = 5;

/// One percentile of two runs. Times are microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Difference {
    /// 50.0 … 99.9.
    pub percentile: f64,
    /// Of the run before.
    pub before: u32,
    /// Of the run after.
    pub after: u32,
    /// Least ratio of after to before that agrees with the samples, at 95 %.
    pub low: f64,
    /// Greatest.
    pub high: f64,
    /// Good answers of the run that has fewer.
    pub answers: u32,
    /// Good answers that each run needs so that a change of 20 % is told nineteen times in twenty.
    pub needs: u32,
}

/// What a difference comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "SpeedChange", export_to = "bindings.ts")]
pub enum Change {
    /// Surely faster.
    Faster,
    /// None, and one of 20 % would have been told.
    None,
    /// Surely slower.
    Slower,
    /// None that so few samples could tell.
    Unsure,
}

impl Difference {
    /// What it comes to.
    #[must_use]
    pub fn change(&self) -> Change {
        if self.high < 1.0 {
            Change::Faster
        } else if self.low > 1.0 {
            Change::Slower
        } else if self.answers >= self.needs {
            Change::None
        } else {
            Change::Unsure
        }
    }

    /// Whether it is surely slower by more than so many percent.
    #[must_use]
    pub fn slower_by(&self, percent: f64) -> bool {
        self.low > 1.0 && f64::from(self.after) > f64::from(self.before) * (1.0 + percent / 100.0)
    }

    /// In one sentence.
    #[must_use]
    pub fn says(&self) -> String {
        let percent = |ratio: f64| ((ratio - 1.0) * 100.0).abs().round();
        let ratio = f64::from(self.after) / f64::from(self.before.max(1));
        let (least, most) = (percent(self.low), percent(self.high));
        match self.change() {
            Change::Faster => {
                format!("{} % faster, surely: between {} % and {} %", percent(ratio), most.min(least), most.max(least))
            }
            Change::Slower => {
                format!("{} % slower, surely: between {} % and {} %", percent(ratio), least.min(most), least.max(most))
            }
            Change::None => format!(
                "no difference: anything from {least} % faster to {most} % slower agrees with the samples, and one of {} % would have been seen",
                percent(NOTICED)
            ),
            Change::Unsure => format!(
                "too few samples to tell: anything from {least} % faster to {most} % slower agrees with them; to see a difference of {} %, each of the two runs needs about {} good answers, and has {}",
                percent(NOTICED),
                self.needs,
                self.answers
            ),
        }
    }
}

/// Compares one percentile of two runs, each given by equal parts of its time. Nothing when there are too few samples for it.
#[must_use]
pub fn compare(before: &[Spread], after: &[Spread], percentile: f64) -> Option<Difference> {
    let share = (percentile / 100.0).clamp(0.0, 1.0);
    let (old, new) = (Run::new(before, share)?, Run::new(after, share)?);
    let (at_old, at_new) = (old.of_all()?, new.of_all()?);
    let mut random = Rng::with_seed(0x5eed);
    let mut draws: Vec<f64> =
        (0..DRAWS).map(|_| new.draw(&mut random, at_new) - old.draw(&mut random, at_old)).collect();
    draws.sort_by(f64::total_cmp);
    let centre = (f64::from(at_new) / f64::from(at_old)).ln();
    let edge = |place: usize| (centre + FEW_PARTS * draws.get(place).copied().unwrap_or(0.0)).exp();
    let (low, high) = (edge(DRAWS * 25 / 1000), edge(DRAWS * 975 / 1000));
    let answers = old.all().min(new.all());
    let needs = enough(answers, (high / low).ln() / 2.0).max(needed(percentile));
    Some(Difference { percentile, before: at_old, after: at_new, low, high, answers, needs })
}

/// Good answers that it takes to tell a change of 20 % where so many answers leave this half width, a logarithm: the width shrinks with
/// the root of their number.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast of a float stays in its bounds")]
fn enough(answers: u32, half: f64) -> u32 {
    let times = (SURE * half / NOTICED.ln()).powi(2);
    let exact = f64::from(answers) * times;
    // As many as there are, or a round number that somebody can ask for.
    if times <= 1.0 { exact.ceil() as u32 } else { ((exact / 100.0).ceil() * 100.0) as u32 }
}

/// Between which values a percentile of one run lies at 95 %, by the parts of its time. Nothing when there are too few samples.
#[must_use]
pub fn within(parts: &[Spread], percentile: f64) -> Option<(u32, u32)> {
    let run = Run::new(parts, (percentile / 100.0).clamp(0.0, 1.0))?;
    let whole = run.of_all()?;
    let mut random = Rng::with_seed(0x5eed);
    let mut draws: Vec<f64> = (0..DRAWS).map(|_| run.draw(&mut random, whole)).collect();
    draws.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast of a float stays in its bounds"
    )]
    let edge =
        |place: usize| (f64::from(whole) * (FEW_PARTS * draws.get(place).copied().unwrap_or(0.0)).exp()).round() as u32;
    Some((edge(DRAWS * 25 / 1000), edge(DRAWS * 975 / 1000)))
}

/// Good answers that each of two runs needs at least before this percentile of theirs is compared.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number above nought")]
pub fn needed(percentile: f64) -> u32 {
    let share = (percentile / 100.0).clamp(0.001, 0.999);
    (BEYOND / (1.0 - share).min(share) - 1e-6).ceil() as u32
}

/// One run: its values once, rising, and for each part how many of its samples are at or below each of them.
struct Run {
    share: f64,
    values: Vec<u32>,
    parts: Vec<Vec<u64>>,
    widened: f64,
}

impl Run {
    fn new(parts: &[Spread], share: f64) -> Option<Self> {
        let parts: Vec<&Spread> = parts.iter().filter(|part| part.iter().any(|(_, count)| *count > 0)).collect();
        let mut values: Vec<u32> =
            parts.iter().flat_map(|part| part.iter().map(|(value, _)| (*value).max(1))).collect();
        values.sort_unstable();
        values.dedup();
        let below = |part: &&Spread| {
            let mut counts = vec![0_u64; values.len()];
            for (value, count) in *part {
                if let Ok(place) = values.binary_search(&(*value).max(1)) {
                    counts[place] += u64::from(*count);
                }
            }
            let mut so_far = 0;
            counts.iter_mut().for_each(|count| {
                so_far += *count;
                *count = so_far;
            });
            counts
        };
        let parts: Vec<Vec<u64>> = parts.iter().map(below).collect();
        let run = Self { share, values, parts, widened: 1.0 };
        let enough = run.parts.len() >= PARTS && f64::from(run.all()) * (1.0 - share).min(share) >= BEYOND;
        enough.then(|| Self { widened: run.likeness(), ..run })
    }

    /// Its samples.
    fn all(&self) -> u32 {
        u32::try_from(self.parts.iter().filter_map(|part| part.last()).sum::<u64>()).unwrap_or(u32::MAX)
    }

    /// How often each part is taken in, to the value at the percentile.
    fn at(&self, times: &[u32]) -> Option<u32> {
        let below = |place: usize| -> u64 {
            let of = |part: &Vec<u64>| part.get(place).copied().unwrap_or(0);
            self.parts.iter().zip(times).map(|(part, times)| of(part) * u64::from(*times)).sum()
        };
        let all = below(self.values.len().checked_sub(1)?);
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rank among samples, far below 2^52"
        )]
        let rank = ((all as f64 * self.share).ceil() as u64).max(1);
        let (mut from, mut to) = (0, self.values.len());
        while from < to {
            let middle = usize::midpoint(from, to);
            if below(middle) < rank { from = middle + 1 } else { to = middle }
        }
        self.values.get(from).copied()
    }

    fn of_all(&self) -> Option<u32> {
        self.at(&vec![1; self.parts.len()])
    }

    /// How far off the percentile is when the same parts come in another choice, as a logarithm.
    fn draw(&self, random: &mut Rng, all: u32) -> f64 {
        let mut times = vec![0; self.parts.len()];
        for _ in 0..self.parts.len() {
            times[random.usize(..self.parts.len())] += 1;
        }
        let drawn = self.at(&times).unwrap_or(all);
        (f64::from(drawn) / f64::from(all)).ln() * self.widened
    }

    /// How much wider the spread is because neighbouring parts resemble each other: by their first autocorrelation.
    fn likeness(&self) -> f64 {
        let one = |place: usize| {
            let mut times = vec![0; self.parts.len()];
            times[place] = 1;
            self.at(&times).map_or(0.0, |value| f64::from(value).ln())
        };
        let values: Vec<f64> = (0..self.parts.len()).map(one).collect();
        #[expect(clippy::cast_precision_loss, reason = "about twenty parts")]
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let around: Vec<f64> = values.iter().map(|value| value - mean).collect();
        let whole: f64 = around.iter().map(|value| value * value).sum();
        if whole <= 0.0 {
            return 1.0;
        }
        let lagged: f64 = around.windows(2).map(|pair| pair[0] * pair[1]).sum();
        let likeness = (lagged / whole + 1.0 / count - BY_CHANCE).clamp(0.0, 0.8);
        ((1.0 + likeness) / (1.0 - likeness)).sqrt()
    }
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
