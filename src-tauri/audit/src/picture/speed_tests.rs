//! Measurements as rows: bars hold every answer, the curve claims no more than its samples, and two runs are told apart in words.

use super::{Compared, MeasuredRow, bars, pairs};
use crate::compare::Change;
use crate::facts::{Bin, LoadEnd, Loaded, Measured, Model, Phase, Spread};
use crate::testing::{blank, now};
use jiff::SignedDuration;
use std::collections::BTreeMap;

/// Twenty parts of so many answers each, around so many milliseconds.
fn measured(each: u32, ms: u32, baseline: bool) -> Measured {
    let phase = |name: &str| Phase { name: name.to_owned(), samples: 20 * each, percentiles: vec![] };
    let value = |part: u32, at: u32| ms * 1_000 + (part * 7 + at * 13) % 50 * 20;
    let part = |part: u32| {
        let mut spread: BTreeMap<u32, u32> = BTreeMap::new();
        (0..each).for_each(|at| *spread.entry(value(part, at)).or_default() += 1);
        spread.into_iter().collect()
    };
    let loaded = Loaded {
        what: "GET https://example.com/".to_owned(),
        model: Model::Rate { per_second: 5.0, users: 4 },
        planned_ms: 60_000,
        took_ms: 60_000,
        sent: 20 * each + 3,
        answered: 20 * each,
        statuses: BTreeMap::new(),
        errors: [("timeout".to_owned(), 1), ("5xx".to_owned(), 2)].into(),
        connections: 4,
        protocol: "HTTP/1.1".to_owned(),
        at_once: 4,
        response: phase("response"),
        service: phase("service"),
        phases: vec![],
        parts: (0..20).map(part).collect(),
        late_us: 10,
        end: LoadEnd::Whole,
        signed_in: false,
        slow: None,
        agreed: None,
    };
    let at = if baseline { now() - SignedDuration::from_hours(24) } else { now() };
    Measured { at, baseline, loaded }
}

#[test]
fn bars_hold_every_answer_and_the_curve_claims_no_more_than_its_samples() {
    let row = MeasuredRow::of(&measured(5, 100, false));
    assert_eq!(row.bins.iter().map(|bin| bin.count).sum::<u32>(), 100);
    assert!(row.bins.len() <= 40 && row.bins.windows(2).all(|pair| pair[0].to == pair[1].from));
    let last = row.curve.last().unwrap();
    assert!((last.percentile - 99.0).abs() < 0.001, "{last:?}");
    assert!(row.curve.windows(2).all(|two| two[0].percentile < two[1].percentile && two[0].micros <= two[1].micros));
    let says: Vec<&str> = row.errors.iter().map(|error| error.says.as_str()).collect();
    assert_eq!(says, ["the server failed (5xx)", "no answer in time"]);
    assert_eq!(row.how, "5 requests a second, 4 under way at once at most");
    let mut none = measured(5, 100, false);
    none.loaded.parts.iter_mut().for_each(Vec::clear);
    let none = MeasuredRow::of(&none);
    assert!(none.curve.is_empty() && none.bins.iter().all(|bin| bin.count == 0));
    let mut one = measured(5, 100, false);
    one.loaded.parts = vec![vec![(7, 1)]];
    assert_eq!(MeasuredRow::of(&one).bins.iter().map(|bin| bin.count).sum::<u32>(), 1);
}

#[test]
fn a_faster_server_is_told_and_a_few_samples_tell_nothing() {
    let faster = Compared::of(&measured(30, 100, true), &measured(30, 60, false));
    assert_eq!((faster.change, faster.rows.len()), (Change::Faster, 3));
    assert!(
        faster.says.starts_with("40 % faster, surely") && faster.says.ends_with("that 95 of 100 requests keep"),
        "{}",
        faster.says
    );
    assert_eq!(faster.notes, [""; 0]);
    assert_eq!(faster.before.bins.len(), faster.after.bins.len());
    assert_eq!(faster.before.bins[0].from, faster.after.bins[0].from, "both stand on the same steps");
    let same = Compared::of(&measured(30, 100, true), &measured(30, 100, false));
    assert_eq!(same.change, Change::None);
    assert!(same.says.contains("no difference: anything from"), "{}", same.says);
    let few = Compared::of(&measured(2, 100, true), &measured(2, 60, false));
    assert_eq!(few.rows.len(), 1);
    assert!(few.says.ends_with("that half of the requests keep"), "{}", few.says);
    assert!(few.notes[0].ends_with("for p95 100, for p99 500"), "{}", few.notes[0]);
    assert_eq!(Compared::of(&measured(0, 1, true), &measured(9, 1, false)).change, Change::Unsure);
}

#[test]
fn other_conditions_are_told_with_the_comparison() {
    let mut after = measured(30, 60, false);
    after.loaded.model = Model::Users { users: 20, think_ms: 1_000 };
    after.loaded.signed_in = true;
    after.loaded.protocol = "HTTP/2".to_owned();
    after.loaded.end = LoadEnd::Limited { status: 429, retry_after: Some(9) };
    let notes = Compared::of(&measured(30, 100, true), &after).notes;
    for word in ["20 users at once", "without a session, after with", "HTTP/1.1, after over HTTP/2", "wait 9 s"] {
        assert!(notes.iter().any(|note| note.contains(word)), "{word}: {notes:?}");
    }
}

#[test]
fn a_baseline_is_compared_with_the_newest_of_its_kind() {
    let mut facts = blank();
    let (before, after) = (measured(5, 100, true), measured(5, 60, false));
    let mut slow = measured(5, 400, false);
    slow.loaded.slow = Some(crate::facts::SlowNetwork { delay_ms: 200, loss: 2.0, kilobits: None });
    facts.measured = vec![slow, after.clone(), before.clone()];
    assert_eq!(pairs(&facts), [(&before, &after)]);
    facts.measured.remove(1);
    assert_eq!(pairs(&facts), []);
}

#[test]
fn every_sample_is_in_one_bar_and_bars_grow_with_the_time() {
    let spread: Spread = vec![(500, 24), (700, 1), (25_000, 1), (755_000, 4)];
    let all = bars(&spread);
    assert_eq!(all.iter().map(|bin| bin.count).sum::<u32>(), 30);
    let place = |value: u32| all.iter().find(|bin| (bin.from..bin.to).contains(&value)).unwrap();
    assert_eq!((place(500).count, place(755_000).count), (24, 4));
    assert!(place(500).to < 700 && place(755_000).from > 500_000, "a slow answer is not drawn with the quick ones");
    assert!(all.windows(2).all(|pair| pair[0].to == pair[1].from));
    assert_eq!(bars(&vec![(5, 3)]), [Bin { from: 5, to: 6, count: 3 }]);
    assert_eq!(bars(&Spread::new()), []);
}
