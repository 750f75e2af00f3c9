//! Runs drawn from known distributions: what does not differ is not told apart, and what differs is.

use super::{Change, compare, within};
use crate::facts::Spread;
use fastrand::Rng;

/// Twenty parts of samples: a logarithmic normal around 100 ms times `scale`, each part a little off by itself.
fn run(random: &mut Rng, samples: usize, scale: f64, drift: f64) -> Vec<Spread> {
    let normal = |random: &mut Rng| (0..12).map(|_| random.f64()).sum::<f64>() - 6.0;
    (0..20)
        .map(|_| {
            let level = (normal(random) * drift).exp();
            let mut part: Vec<u32> = (0..samples / 20)
                .map(|_| (100_000.0 * scale * level * (normal(random) * 0.5).exp()) as u32 / 100 * 100)
                .collect();
            part.sort_unstable();
            part.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u32)).collect()
        })
        .collect()
}

#[test]
fn a_server_compared_with_itself_is_told_apart_once_in_twenty_times_at_most() {
    let mut random = Rng::with_seed(7);
    for drift in [0.0, 0.03, 0.08] {
        let mut alarms = 0;
        for _ in 0..100 {
            let (before, after) = (run(&mut random, 600, 1.0, drift), run(&mut random, 600, 1.0, drift));
            let difference = compare(&before, &after, 95.0).unwrap();
            alarms += u32::from(matches!(difference.change(), Change::Faster | Change::Slower));
        }
        assert!(alarms <= 5, "{alarms} of 100 with a drift of {drift}");
    }
}

#[test]
fn a_fifth_slower_is_seen() {
    let mut random = Rng::with_seed(8);
    let mut seen = 0;
    for _ in 0..100 {
        let (before, after) = (run(&mut random, 2_000, 1.0, 0.03), run(&mut random, 2_000, 1.2, 0.03));
        let difference = compare(&before, &after, 95.0).unwrap();
        seen += u32::from(difference.change() == Change::Slower);
    }
    assert!(seen >= 95, "{seen} of 100");
}

#[test]
fn as_many_samples_as_are_asked_for_see_a_fifth() {
    let mut random = Rng::with_seed(11);
    let (mut seen, mut asked) = (0, Vec::new());
    for _ in 0..40 {
        let pair = |random: &mut Rng, samples| {
            let (before, after) = (run(random, samples, 1.0, 0.03), run(random, samples, 1.2, 0.03));
            compare(&before, &after, 95.0).unwrap()
        };
        let few = pair(&mut random, 300);
        asked.push(few.needs);
        seen += u32::from(pair(&mut random, few.needs.max(300) as usize).change() == Change::Slower);
    }
    assert!(seen >= 38, "{seen} of 40, with {asked:?}");
    asked.sort_unstable();
    assert!((600..=4_000).contains(&asked[20]), "{asked:?}");
}

#[test]
fn it_is_told_in_words_that_do_not_claim_too_much() {
    let mut random = Rng::with_seed(9);
    let before = run(&mut random, 2_000, 1.0, 0.0);
    let faster = compare(&before, &run(&mut random, 2_000, 0.7, 0.0), 50.0).unwrap();
    assert_eq!(faster.change(), Change::Faster);
    assert!(faster.says().contains("% faster, surely"), "{}", faster.says());
    assert!(!faster.slower_by(0.0));
    let same = compare(&before, &before, 50.0).unwrap();
    assert!(same.says().starts_with("no difference: anything from"), "{}", same.says());
    assert!(same.says().ends_with("and one of 20 % would have been seen"), "{}", same.says());
    let few = run(&mut random, 300, 1.0, 0.0);
    let unsure = compare(&few, &run(&mut random, 300, 1.0, 0.0), 95.0).unwrap();
    assert_eq!((unsure.change(), unsure.answers), (Change::Unsure, 300));
    assert!(unsure.says().starts_with("too few samples to tell") && !unsure.says().contains("no difference"));
    assert!(unsure.says().ends_with("00 good answers, and has 300"), "{}", unsure.says());
    let slower = compare(&before, &run(&mut random, 2_000, 1.5, 0.0), 50.0).unwrap();
    assert!(slower.slower_by(10.0) && !slower.slower_by(80.0), "{}", slower.says());
}

#[test]
fn too_few_samples_say_nothing() {
    let mut random = Rng::with_seed(10);
    let (few, many) = (run(&mut random, 60, 1.0, 0.0), run(&mut random, 2_000, 1.0, 0.0));
    assert_eq!(compare(&few, &many, 95.0), None);
    assert_eq!(compare(&many, &few, 95.0), None);
    assert!(compare(&few, &many, 50.0).is_some());
    assert_eq!(compare(&[], &[], 50.0), None);
    // One busy moment is no run.
    assert_eq!(compare(&[vec![(5, 1_000)]], &many, 50.0), None);
}

#[test]
fn the_true_percentile_lies_within_nineteen_times_in_twenty() {
    // The 95th percentile of the drawn times, from many more samples than any run has.
    for drift in [0.0, 0.08] {
        let mut random = Rng::with_seed(12);
        let mut all: Vec<u32> = (0..100)
            .flat_map(|_| run(&mut random, 2_000, 1.0, drift).concat())
            .flat_map(|(value, count)| std::iter::repeat_n(value, count as usize))
            .collect();
        all.sort_unstable();
        let truth = all[all.len() * 95 / 100];
        let held = (0..100)
            .filter(|_| {
                within(&run(&mut random, 600, 1.0, drift), 95.0)
                    .is_some_and(|(low, high)| (low..=high).contains(&truth))
            })
            .count();
        assert!(held >= 92, "{held} of 100 with a drift of {drift}");
    }
    assert_eq!(within(&[], 95.0), None);
}

#[test]
fn hostile_counts_do_no_harm() {
    let odd: Vec<Spread> = vec![vec![(0, u32::MAX), (0, u32::MAX), (u32::MAX, u32::MAX)]; 20];
    assert_eq!(compare(&odd, &odd, 95.0).unwrap().change(), Change::None);
    assert_eq!(compare(&odd, &odd, 1e9), None);
}
