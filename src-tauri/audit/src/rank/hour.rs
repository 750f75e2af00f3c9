//! "If you have one hour": the steps that fit into sixty minutes and take the most risk away, each with what it rests on.

use super::Ranked;
use crate::audit::{Hour, Step};
use crate::judge::blocks;
use std::cmp::Reverse;

/// Minutes of the hour.
const MINUTES: usize = 60;
/// Steps that are considered, the riskiest ones: a bit each in a set.
const MOST: usize = 64;

/// A set of steps with what it costs is kept for each minute; this is what it is worth.
#[derive(Clone, Copy, Default)]
struct Best {
    risk: f64,
    steps: u64,
}

/// Chooses for one hour.
#[must_use]
pub fn hour(ranked: &Ranked) -> Hour {
    let steps = &ranked.steps;
    let considered = considered(ranked);
    let needs: Vec<u64> = considered.iter().map(|&place| needs(place, ranked, &considered)).collect();
    let cost = |set: u64| -> usize { members(set).map(|at| minutes(&steps[considered[at]])).sum() };
    let worth = |set: u64| -> f64 { members(set).map(|at| ranked.risks[considered[at]]).sum() };
    let mut best: Vec<Option<Best>> = vec![None; MINUTES + 1];
    best[0] = Some(Best::default());
    for (at, &needed) in needs.iter().enumerate() {
        if needed == 0 {
            continue;
        }
        // From the fullest hour down, so that no step is taken twice.
        for spent in (0..=MINUTES).rev() {
            let Some(had) = best[spent].filter(|had| had.steps >> at & 1 == 0) else { continue };
            let more = needed & !had.steps;
            let total = spent + cost(more);
            let with = Best { risk: had.risk + worth(more), steps: had.steps | more };
            if total <= MINUTES && best[total].is_none_or(|other| with.risk > other.risk) {
                best[total] = Some(with);
            }
        }
    }
    // The first of equals is the one that takes less time.
    let chosen = best.iter().flatten().fold(Best::default(), |top, one| if one.risk > top.risk { *one } else { top });
    let mut places: Vec<usize> = members(chosen.steps).map(|at| considered[at]).collect();
    places.sort_unstable();
    told(steps, &places)
}

/// The steps that may be chosen, in the fix order: those that fit at all, the riskiest first where there are too many.
fn considered(ranked: &Ranked) -> Vec<usize> {
    let mut fit: Vec<usize> =
        (0..ranked.steps.len()).filter(|&place| minutes(&ranked.steps[place]) <= MINUTES).collect();
    fit.sort_by(|&a, &b| ranked.risks[b].total_cmp(&ranked.risks[a]).then(a.cmp(&b)));
    fit.truncate(MOST);
    fit.sort_unstable();
    fit
}

/// A step with all that it rests on, as a set; empty when some of that cannot be chosen, or all of it takes too long.
fn needs(place: usize, ranked: &Ranked, considered: &[usize]) -> u64 {
    let (mut set, mut open, mut total) = (0_u64, vec![place], 0);
    while let Some(place) = open.pop() {
        let Ok(at) = considered.binary_search(&place) else { return 0 };
        if set >> at & 1 == 1 {
            continue;
        }
        set |= 1 << at;
        total += minutes(&ranked.steps[place]);
        if total > MINUTES {
            return 0;
        }
        open.extend(&ranked.rests[place]);
    }
    set
}

fn members(set: u64) -> impl Iterator<Item = usize> {
    (0..MOST).filter(move |at| set >> at & 1 == 1)
}

/// Nothing is done in no time.
fn minutes(step: &Step) -> usize {
    usize::from(step.fix.minutes.max(1))
}

fn told(steps: &[Step], places: &[usize]) -> Hour {
    let stops = |step: &Step| blocks(step.grade, step.severity);
    let all = steps.iter().filter(|step| stops(step)).count();
    let gone = places.iter().filter(|&&place| stops(&steps[place])).count();
    let total: usize = places.iter().map(|&place| minutes(&steps[place])).sum();
    let says = if steps.is_empty() {
        String::new()
    } else if places.is_empty() {
        let shortest = steps.iter().min_by_key(|step| (step.fix.minutes, Reverse(step.severity)));
        let named = shortest.map_or_else(String::new, |step| format!(" The shortest is step {}.", step.rank));
        format!("No step is done within one hour.{named}")
    } else {
        let what = if places.len() == steps.len() { "All of it".to_owned() } else { these(places.len()) };
        let open = match (gone, all) {
            (0, 0) => String::new(),
            (gone, all) if gone == all => ": no blocker is left then".to_owned(),
            (0, 1) => ": the 1 blocker takes longer".to_owned(),
            (0, all) => format!(": the {all} blockers take longer"),
            (gone, all) => format!(": {gone} of {all} blockers will be gone"),
        };
        format!("{what}, about {total} minutes of work{open}.")
    };
    let ranks = places.iter().map(|&place| steps[place].rank).collect();
    Hour { steps: ranks, minutes: u16::try_from(total).unwrap_or(u16::MAX), says }
}

fn these(count: usize) -> String {
    if count == 1 {
        "This one step takes the most risk away".to_owned()
    } else {
        format!("These {count} steps take the most risk away")
    }
}
