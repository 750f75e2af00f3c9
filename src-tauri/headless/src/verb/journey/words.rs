//! Journeys for people: each with its steps, what was asked, what came, how long it took.

use audit::facts::{Fact, JourneyEnd, JourneySeen, Miss, StepSeen};
use audit::journeys::{line, words};
use audit::read::text::clean;
use std::collections::BTreeMap;

/// All journeys as text.
pub fn text(journeys: &BTreeMap<String, Fact<JourneySeen>>) -> String {
    let mut lines = Vec::new();
    for (key, fact) in journeys {
        let (kind, name) = key.split_once(' ').unwrap_or(("", key.as_str()));
        match fact {
            Fact::Unseen(unseen) => {
                lines.push(format!("{name} ({kind}): could not tell, {}", clean(&unseen.says, 300)));
                lines.push(format!("  {}", clean(&unseen.way, 300)));
            }
            Fact::Seen { value, .. } => lines.extend(journey(name, value)),
        }
    }
    lines.join("\n")
}

fn journey(name: &str, seen: &JourneySeen) -> Vec<String> {
    let slow = seen.within_ms.filter(|limit| seen.took_ms > *limit);
    let ended = match (&seen.end, slow) {
        (JourneyEnd::Whole, None) => format!("went well in {} ms", seen.took_ms),
        (JourneyEnd::Whole, Some(limit)) => format!("is slow: {} ms where {limit} ms was allowed", seen.took_ms),
        (JourneyEnd::Failed, _) => format!("failed at step {} of {}", seen.steps.len(), seen.planned),
        (JourneyEnd::Lost { .. }, _) => "could not tell".to_owned(),
    };
    let again =
        seen.earlier.as_ref().map_or_else(String::new, |step| format!(" (an earlier try failed at \"{step}\")"));
    let over = seen.slow.map_or_else(String::new, |network| format!(", over a poor connection ({network})"));
    let mut lines = vec![format!("{name} ({}): {ended}{over}{again}", seen.kind.word())];
    for step in &seen.steps {
        lines.push(format!("  {}  {}{}", mark(step), line(step), phases(step)));
        lines.extend(step.misses.iter().map(|miss| format!("        {}", words(miss))));
    }
    if let JourneyEnd::Lost { step, unseen } = &seen.end {
        lines.push(format!("  ????  {step}: {}", clean(&unseen.says, 300)));
        lines.push(format!("        {}", clean(&unseen.way, 300)));
    }
    lines
}

fn mark(step: &StepSeen) -> &'static str {
    match step.misses.as_slice() {
        [] => "ok  ",
        [Miss::Slow { .. }] => "slow",
        _ => "FAIL",
    }
}

fn phases(step: &StepSeen) -> String {
    let phase = |name: &str, micros: Option<u32>| Some(format!("{name} {:.1}", f64::from(micros?) / 1_000.0));
    let times = step.times;
    let told = [
        phase("dns", times.dns),
        phase("connect", times.connect),
        phase("tls", times.tls),
        phase("first byte", Some(times.ttfb)),
    ];
    format!(" ({} ms)", told.into_iter().flatten().collect::<Vec<_>>().join(", "))
}
