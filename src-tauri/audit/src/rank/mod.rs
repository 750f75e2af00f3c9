//! The fix order: what hurts this business's launch most comes first, and nothing comes before what it rests on.

mod exposure;
mod hour;
mod rest;
#[cfg(test)]
mod tests;

pub use hour::hour;

use crate::audit::{Exposure, Item, Outcome, Stage, Step};
use crate::check::{Concern, Finding, Grade, Severity};
use crate::judge::blocks;
use crate::roadmap::Roadmap;
use crate::{checks, own};
use exposure::{Gate, gate};
use jiff::civil::Date;

/// Steps that are named where others rest on one.
const NAMED: usize = 3;

/// A step with what mending it is worth.
struct Weighed {
    /// The risk that it takes away: what goes wrong, for whom, and how much this business minds.
    risk: f64,
    /// The day on which a row that rests on it was to be done, where that is over.
    due: Option<Date>,
    step: Step,
}

/// The steps in their order, and the risk that each takes away, in the same order.
#[derive(Debug)]
pub struct Ranked {
    /// The steps.
    pub steps: Vec<Step>,
    /// The risk of each, a number without a unit.
    pub risks: Vec<f64>,
    /// For each step the places (from 0) of those that it rests on.
    pub rests: Vec<Vec<usize>>,
}

/// Ranks every finding.
#[must_use]
pub fn order(outcomes: &[Outcome], stages: &[Stage], roadmap: &Roadmap) -> Ranked {
    let mut weighed: Vec<Weighed> = outcomes
        .iter()
        .filter_map(|outcome| Some((outcome, concern(&outcome.check)?)))
        .flat_map(|(outcome, concern)| outcome.findings.iter().map(move |finding| (&outcome.check, concern, finding)))
        .map(|(check, concern, finding)| weigh(check, concern, finding, stages, roadmap))
        .collect();
    weighed.sort_by(|a, b| {
        let (one, two) = (&a.step, &b.step);
        urgency(b)
            .total_cmp(&urgency(a))
            .then_with(|| rest::layer(&one.check).cmp(&rest::layer(&two.check)))
            .then_with(|| one.fix.minutes.cmp(&two.fix.minutes))
            .then_with(|| (&one.check, &one.subject).cmp(&(&two.check, &two.subject)))
    });
    let (steps, risks): (Vec<Step>, Vec<f64>) = weighed.into_iter().map(|one| (one.step, one.risk)).unzip();
    placed(steps, &risks)
}

/// The risk against the work: of two that weigh the same, the one that is overdue comes first, and then the quicker one.
fn urgency(weighed: &Weighed) -> f64 {
    let ease = match weighed.step.fix.minutes {
        0..=15 => 1.15,
        16..=60 => 1.0,
        61..=120 => 0.9,
        _ => 0.8,
    };
    // More than the work can make out, and less than one severity is above the next.
    let promised = if weighed.due.is_some() { 1.5 } else { 1.0 };
    weighed.risk * ease * promised
}

/// What is at stake. Of a project's own checks nobody said it: they count as that the product is in its founder's hands.
fn concern(check: &str) -> Option<Concern> {
    let own = own::is_own(check).then_some(Concern::Control);
    checks::by_id(check).map(|check| check.concern).or(own)
}

fn weigh(check: &str, concern: Concern, finding: &Finding, stages: &[Stage], roadmap: &Roadmap) -> Weighed {
    let exposure = exposure::of(check, finding);
    let gate = gate(check, &finding.subject);
    let severity = match finding.severity {
        Severity::Critical => 100.0,
        Severity::High => 30.0,
        Severity::Medium => 10.0,
        Severity::Low => 3.0,
    };
    let grade = if finding.grade == Grade::Fail { 1.0 } else { 0.5 };
    let met = match exposure {
        Exposure::Visitors => 1.2,
        Exposure::Customers | Exposure::Recipients => 1.1,
        Exposure::Attackers => 1.0,
        Exposure::Team => 0.8,
    };
    let passes = gate.map_or(1.0, |gate| gate.weight(roadmap));
    let items: Vec<&Item> =
        stages.iter().flat_map(|stage| &stage.items).filter(|item| item.checks.iter().any(|id| id == check)).collect();
    let due = items.iter().filter(|item| item.overdue).filter_map(|item| item.due).min();
    let step = Step {
        rank: 0,
        check: check.to_owned(),
        subject: finding.subject.clone(),
        grade: finding.grade,
        severity: finding.severity,
        concern,
        exposure,
        says: finding.says.clone(),
        fix: finding.fix.clone(),
        reason: match own::is_own(check) {
            true => format!("{}: so says a row of your own.", weight(finding.severity)),
            false => reason(concern, finding, exposure, gate, roadmap),
        } + &late(due),
        now: blocks(finding.grade, finding.severity)
            || (finding.grade == Grade::Fail && finding.severity == Severity::Medium && finding.fix.minutes <= 60),
        items: items.iter().map(|item| item.id.clone()).collect(),
    };
    Weighed { risk: severity * grade * met * passes * roadmap.weights.of(concern), due, step }
}

/// Puts before each step what it rests on, numbers them, and says of each what rests on it.
fn placed(steps: Vec<Step>, risks: &[f64]) -> Ranked {
    let rests = rest::rests(&steps);
    let places = rest::places(&rests);
    let mut place_of = vec![0; places.len()];
    for (place, &at) in places.iter().enumerate() {
        place_of[at] = place;
    }
    let rests: Vec<Vec<usize>> =
        places.iter().map(|&at| rests[at].iter().map(|&under| place_of[under]).collect()).collect();
    let risks = places.iter().map(|&at| risks[at]).collect();
    let mut waiting: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
    let mut steps: Vec<Step> = places.iter().filter_map(|&at| waiting[at].take()).collect();
    for (place, step) in steps.iter_mut().enumerate() {
        step.rank = u16::try_from(place + 1).unwrap_or(u16::MAX);
    }
    let mut above: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    for (place, under) in rests.iter().enumerate() {
        // In a circle one stands before what it rests on.
        under.iter().filter(|&&under| under < place).for_each(|&under| above[under].push(place));
    }
    // From the last to the first, so that what a step of today rests on belongs into today as well.
    for (place, above) in above.iter().enumerate().rev().filter(|(_, above)| !above.is_empty()) {
        let now = above.iter().any(|&above| steps[above].now);
        let ranks: Vec<u16> = above.iter().map(|&above| steps[above].rank).collect();
        let step = &mut steps[place];
        step.now |= now;
        step.reason.push(' ');
        step.reason.push_str(&carries(&ranks));
    }
    Ranked { steps, risks, rests }
}

/// Which steps rest on one, in words.
fn carries(ranks: &[u16]) -> String {
    let named: Vec<String> = ranks.iter().take(NAMED).map(ToString::to_string).collect();
    match (named.as_slice(), ranks.len().saturating_sub(NAMED)) {
        ([one], _) => format!("Step {one} rests on it."),
        ([first @ .., last], 0) => format!("Steps {} and {last} rest on it.", first.join(", ")),
        (all, more) => format!("Steps {} and {more} more rest on it.", all.join(", ")),
    }
}

/// That it was to be done by now, in words; nothing where it was not.
fn late(due: Option<Date>) -> String {
    due.map_or_else(String::new, |day| format!(" It was due on {}.", day.strftime("%-d %b %Y")))
}

fn weight(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "Stops a launch",
        Severity::High => "Hurts most users, or will soon",
        Severity::Medium => "Hurts some users, or may one day",
        Severity::Low => "Polish",
    }
}

fn reason(concern: Concern, finding: &Finding, exposure: Exposure, gate: Option<Gate>, roadmap: &Roadmap) -> String {
    let stakes = match concern {
        Concern::Reach => "people may not reach the product",
        Concern::Trust => "browsers and people may not trust it",
        Concern::Mail => "mail may not arrive",
        Concern::Data => "customer data or keys are at risk",
        Concern::Speed => "waiting costs sign-ups",
        Concern::Control => "you may lose control of it",
    };
    let severity = weight(finding.severity);
    let weighs = if roadmap.weights.of(concern) > 1.05 { ", which counts more for this business" } else { "" };
    let stands = gate.map_or_else(String::new, |gate| format!(" {}", gate.says()));
    format!("{severity}: {stakes}{weighs}. {}{stands}", exposure::says(exposure))
}
