//! The fix order: what hurts this business's launch most comes first, and nothing comes before what it rests on.

use crate::audit::{Outcome, Stage, Step};
use crate::check::{Check, Concern, Finding, Grade, Severity};
use crate::checks;
use crate::judge::blocks;
use crate::roadmap::Roadmap;
use std::collections::BTreeSet;

/// Ranks every finding.
#[must_use]
pub fn order(outcomes: &[Outcome], stages: &[Stage], roadmap: &Roadmap) -> Vec<Step> {
    let mut steps: Vec<(f64, Step)> = outcomes
        .iter()
        .filter_map(|outcome| checks::by_id(&outcome.check).map(|check| (check, outcome)))
        .flat_map(|(check, outcome)| outcome.findings.iter().map(move |finding| (check, finding)))
        .map(|(check, finding)| (score(check, finding, roadmap), step(check, finding, stages, roadmap)))
        .collect();
    steps.sort_by(|(a, one), (b, two)| {
        b.total_cmp(a)
            .then_with(|| layer(&one.check).cmp(&layer(&two.check)))
            .then_with(|| one.fix.minutes.cmp(&two.fix.minutes))
            .then_with(|| (&one.check, &one.subject).cmp(&(&two.check, &two.subject)))
    });
    let mut placed = after_what_they_rest_on(steps.into_iter().map(|(_, step)| step).collect());
    for (place, step) in placed.iter_mut().enumerate() {
        step.rank = u16::try_from(place + 1).unwrap_or(u16::MAX);
    }
    placed
}

fn score(check: &Check, finding: &Finding, roadmap: &Roadmap) -> f64 {
    let severity = match finding.severity {
        Severity::Critical => 100.0,
        Severity::High => 30.0,
        Severity::Medium => 10.0,
        Severity::Low => 3.0,
    };
    let grade = if finding.grade == Grade::Fail { 1.0 } else { 0.5 };
    severity * grade * roadmap.weights.of(check.concern)
}

/// Names before transport before content: mending a lower layer can change what is seen above it.
fn layer(check: &str) -> u8 {
    match check.split('.').next() {
        Some("domain" | "dns") => 0,
        Some("tls") => 1,
        Some("edge") => 2,
        Some("http" | "bundle") => 3,
        Some("mail") => 4,
        _ => 5,
    }
}

fn step(check: &Check, finding: &Finding, stages: &[Stage], roadmap: &Roadmap) -> Step {
    let items = stages.iter().flat_map(|stage| &stage.items).filter(|item| item.checks.iter().any(|id| id == check.id));
    Step {
        rank: 0,
        check: check.id.to_owned(),
        subject: finding.subject.clone(),
        grade: finding.grade,
        severity: finding.severity,
        concern: check.concern,
        says: finding.says.clone(),
        fix: finding.fix.clone(),
        reason: reason(check.concern, finding, roadmap),
        now: blocks(finding.grade, finding.severity)
            || (finding.grade == Grade::Fail && finding.severity == Severity::Medium && finding.fix.minutes <= 60),
        items: items.map(|item| item.id.clone()).collect(),
    }
}

fn reason(concern: Concern, finding: &Finding, roadmap: &Roadmap) -> String {
    let stakes = match concern {
        Concern::Reach => "people may not reach the product",
        Concern::Trust => "browsers and people may not trust it",
        Concern::Mail => "mail may not arrive",
        Concern::Data => "customer data or keys are at risk",
        Concern::Speed => "waiting costs sign-ups",
        Concern::Control => "you may lose control of it",
    };
    let severity = match finding.severity {
        Severity::Critical => "Stops a launch",
        Severity::High => "Hurts most users, or will soon",
        Severity::Medium => "Hurts some users, or may one day",
        Severity::Low => "Polish",
    };
    let weight = roadmap.weights.of(concern);
    let weighs = if weight > 1.05 { ", which counts more for this business" } else { "" };
    format!("{severity}: {stakes}{weighs}.")
}

/// Keeps the order, but lets a step wait until every check named in its `after` has no step left.
fn after_what_they_rest_on(mut waiting: Vec<Step>) -> Vec<Step> {
    let mut placed = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let left: BTreeSet<String> = waiting.iter().map(|step| step.check.clone()).collect();
        let free = |step: &Step| step.fix.after.iter().all(|id| *id == step.check || !left.contains(id));
        // Two checks that name each other would wait for ever; the first one then goes.
        let next = waiting.iter().position(free).unwrap_or(0);
        placed.push(waiting.remove(next));
    }
    placed
}
