//! Measurements as rows: what was asked, how long people waited, as figures, bars and a curve, and what changed since another one.

use crate::compare::{self, Change, Difference};
use crate::facts::{Bin, Facts, Loaded, Measured, Phase, Spread};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Bars of a histogram.
const BARS: u32 = 40;
/// Points of a curve for each tenfold of samples.
const POINTS: f64 = 10.0;
/// Percentiles that are compared.
const COMPARED: [f64; 3] = [50.0, 95.0, 99.0];

/// One measurement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct MeasuredRow {
    /// When it began.
    #[ts(type = "string")]
    pub at: Timestamp,
    /// Whether later ones are compared with it.
    pub baseline: bool,
    /// Method and address.
    pub what: String,
    /// How it was asked, in words.
    pub how: String,
    /// Who agreed to it; none where nobody had to be asked.
    pub agreed_by: Option<String>,
    /// Whether a session was sent along.
    pub signed_in: bool,
    /// What it took, milliseconds.
    pub took_ms: u32,
    /// Requests sent.
    pub sent: u32,
    /// Whole answers.
    pub answered: u32,
    /// Requests that did not end well, the most frequent kind first.
    pub errors: Vec<ErrorRow>,
    /// Connections made.
    pub connections: u32,
    /// `HTTP/1.1` or `HTTP/2`.
    pub protocol: String,
    /// Most requests under way at once.
    pub at_once: u32,
    /// What a user waited, from the moment a request was due.
    pub response: Phase,
    /// What the server took, from the moment a request was really sent.
    pub service: Phase,
    /// Look-up, connection, encryption, first byte.
    pub phases: Vec<Phase>,
    /// The waits as a histogram, on steps that grow evenly in proportion.
    pub bins: Vec<Bin>,
    /// The waits as a curve.
    pub curve: Vec<CurvePoint>,
    /// Why it ended before its time, in words.
    pub end: Option<String>,
}

/// Requests of one kind that did not end well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct ErrorRow {
    /// What happened, in words.
    pub says: String,
    /// How many.
    pub count: u32,
}

/// One point of a curve: so many of 100 waited at most so long.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct CurvePoint {
    /// Below 100; never beyond what the samples can claim.
    pub percentile: f64,
    /// Microseconds.
    pub micros: u32,
}

/// Two measurements of one address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Compared {
    /// The earlier one.
    pub before: MeasuredRow,
    /// The later one.
    pub after: MeasuredRow,
    /// What changed, in one sentence.
    pub says: String,
    /// What that sentence comes to.
    pub change: Change,
    /// Percentile by percentile, as far as there are samples.
    pub rows: Vec<ChangeRow>,
    /// What else differed between the two, and what could not be compared.
    pub notes: Vec<String>,
}

/// One percentile of two measurements.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct ChangeRow {
    /// The figures.
    pub difference: Difference,
    /// What they come to.
    pub change: Change,
    /// The same in words.
    pub says: String,
}

impl MeasuredRow {
    /// The row of a measurement.
    #[must_use]
    pub fn of(measured: &Measured) -> Self {
        let loaded = &measured.loaded;
        let spread = loaded.spread();
        let mut errors: Vec<ErrorRow> =
            loaded.errors.iter().map(|(kind, count)| ErrorRow { says: failed(kind), count: *count }).collect();
        errors.sort_by_key(|error| std::cmp::Reverse(error.count));
        Self {
            at: measured.at,
            baseline: measured.baseline,
            what: loaded.what.clone(),
            how: how(loaded),
            agreed_by: loaded.agreed.as_ref().map(|agreed| agreed.by.clone()),
            signed_in: loaded.signed_in,
            took_ms: loaded.took_ms,
            sent: loaded.sent,
            answered: loaded.answered,
            errors,
            connections: loaded.connections,
            protocol: loaded.protocol.clone(),
            at_once: loaded.at_once,
            response: loaded.response.clone(),
            service: loaded.service.clone(),
            phases: loaded.phases.iter().filter(|phase| phase.samples > 0).cloned().collect(),
            bins: bars(&spread),
            curve: curve(&spread),
            end: loaded.end.says(),
        }
    }
}

impl Compared {
    /// Compares two measurements of one address.
    #[must_use]
    pub fn of(before: &Measured, after: &Measured) -> Self {
        let (old, new) = (&before.loaded, &after.loaded);
        let differences: Vec<Difference> =
            COMPARED.iter().filter_map(|percentile| compare::compare(&old.parts, &new.parts, *percentile)).collect();
        let rows: Vec<ChangeRow> = differences
            .iter()
            .map(|difference| ChangeRow {
                difference: *difference,
                change: difference.change(),
                says: difference.says(),
            })
            .collect();
        let mut notes = conditions(old, new);
        if rows.len() < COMPARED.len() {
            let short: Vec<String> = COMPARED
                .iter()
                .skip(rows.len())
                .map(|percentile| format!("p{percentile} {}", compare::needed(*percentile)))
                .collect();
            notes.push(format!(
                "too few good answers to compare more: each of the two needs, spread over its time, at least for {}",
                short.join(", for ")
            ));
        }
        // The slow tail is what people complain about; the middle speaks where there are too few samples for it.
        let told = rows.iter().find(|row| (row.difference.percentile - 95.0).abs() < 0.01).or_else(|| rows.first());
        let (says, change) = told.map_or_else(
            || ("there are too few samples to compare".to_owned(), Change::Unsure),
            |row| {
                let share =
                    if row.difference.percentile > 90.0 { "95 of 100 requests" } else { "half of the requests" };
                (format!("{}, by the time that {share} keep", row.says), row.change)
            },
        );
        let spreads = (old.spread(), new.spread());
        let shared = edges(&[&spreads.0, &spreads.1]);
        let row = |measured, spread: &Spread| MeasuredRow { bins: bins(spread, shared), ..MeasuredRow::of(measured) };
        Self { before: row(before, &spreads.0), after: row(after, &spreads.1), says, change, rows, notes }
    }
}

/// Each address that was measured before and after: its baseline, and the newest one since that was asked alike.
#[must_use]
pub fn pairs(facts: &Facts) -> Vec<(&Measured, &Measured)> {
    let bases = facts.measured.iter().filter(|one| one.baseline);
    bases
        .filter_map(|before| {
            let later = |one: &&Measured| one.kind() == before.kind() && one.at > before.at;
            let after = facts.measured.iter().find(later)?;
            Some((before, after))
        })
        .collect()
}

fn how(loaded: &Loaded) -> String {
    let mut how = loaded.model.says();
    if let Some(slow) = &loaded.slow {
        how.push_str(&format!(", over a slow network: {}", slow));
    }
    how
}

/// What a kind of failure is, in words.
fn failed(kind: &str) -> String {
    match kind {
        "name" => "its name could not be looked up",
        "connect" => "no connection was taken",
        "tls" => "encryption was not agreed on",
        "timeout" => "no answer in time",
        "cut-short" => "the answer broke off",
        "garbled" => "the answer could not be read",
        "4xx" => "refused (4xx)",
        "5xx" => "the server failed (5xx)",
        "unexpected" => "not what was expected",
        other => other,
    }
    .to_owned()
}

/// What differed besides the time of measuring.
fn conditions(old: &Loaded, new: &Loaded) -> Vec<String> {
    let mut notes = Vec::new();
    if old.model != new.model || old.slow != new.slow {
        notes.push(format!("they were asked differently: before {}, after {}", how(old), how(new)));
    }
    if old.signed_in != new.signed_in {
        let who = |signed_in| if signed_in { "with a session" } else { "without a session" };
        notes.push(format!("before {}, after {}", who(old.signed_in), who(new.signed_in)));
    }
    if old.protocol != new.protocol && !old.protocol.is_empty() && !new.protocol.is_empty() {
        notes.push(format!("before over {}, after over {}", old.protocol, new.protocol));
    }
    for (word, loaded) in [("before", old), ("after", new)] {
        notes.extend(loaded.end.says().map(|end| format!("{word}: {end}")));
    }
    notes
}

/// The bars of one measurement, as they are drawn over a logarithmic axis: each as much longer than the one before it as that one is.
#[must_use]
pub fn bars(spread: &Spread) -> Vec<Bin> {
    if spread.is_empty() { Vec::new() } else { bins(spread, edges(&[spread])) }
}

/// Least and greatest time of all of these.
fn edges(spreads: &[&Spread]) -> (u32, u32) {
    let least = spreads.iter().filter_map(|spread| spread.first()).map(|(value, _)| *value).min().unwrap_or(1);
    let most = spreads.iter().filter_map(|spread| spread.last()).map(|(value, _)| *value).max().unwrap_or(1);
    (least.max(1), most.max(1))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an edge between two times that are each below 2^32"
)]
fn bins(spread: &Spread, (least, most): (u32, u32)) -> Vec<Bin> {
    let growth = (f64::from(most) + 1.0) / f64::from(least);
    let edge = |at: u32| (f64::from(least) * growth.powf(f64::from(at) / f64::from(BARS))).floor() as u32;
    let mut steps: Vec<u32> = (0..=BARS).map(edge).collect();
    if let Some(last) = steps.last_mut() {
        *last = most.saturating_add(1);
    }
    steps.dedup();
    let mut bins: Vec<Bin> = steps.windows(2).map(|pair| Bin { from: pair[0], to: pair[1], count: 0 }).collect();
    for (value, count) in spread {
        let place = bins.partition_point(|bin| bin.to <= *value);
        if let Some(bin) = bins.get_mut(place) {
            bin.count = bin.count.saturating_add(*count);
        }
    }
    bins
}

/// Points from the middle out to what the samples can claim, at even steps of the number of nines.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rank among samples, far below 2^52"
)]
fn curve(spread: &Spread) -> Vec<CurvePoint> {
    let all: u64 = spread.iter().map(|(_, count)| u64::from(*count)).sum();
    if all < 2 {
        return Vec::new();
    }
    let steps = ((all as f64).log10() * POINTS).floor() as u32;
    let mut ranks: BTreeMap<u64, f64> = BTreeMap::new();
    for step in 0..=steps {
        let share = 1.0 - 10f64.powf(-f64::from(step) / POINTS);
        // Several shares may meet one sample: it stands for the highest of them.
        ranks.insert(((share * all as f64).ceil() as u64).max(1), share * 100.0);
    }
    let mut so_far = 0;
    let mut values = spread.iter();
    let mut value = 0;
    let mut points = Vec::new();
    for (rank, percentile) in ranks {
        while so_far < rank {
            let Some((next, count)) = values.next() else { break };
            (value, so_far) = (*next, so_far + u64::from(*count));
        }
        points.push(CurvePoint { percentile, micros: value });
    }
    points
}

#[cfg(test)]
#[path = "speed_tests.rs"]
mod tests;
