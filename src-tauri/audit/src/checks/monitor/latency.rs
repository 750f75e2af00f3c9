//! monitor.latency: response times are recorded over days, and they do not creep up.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{Choice, Watched, WatchedHour, kept};
use crate::journeys::{No, said};
use crate::{Case, Unseen, Why};
use std::collections::BTreeSet;

/// monitor.latency.
pub static CHECK: Check = Check {
    id: "monitor.latency",
    title: "Response times are recorded over time",
    why: "A product rarely becomes slow at once: it takes a record of days to see it while there is time.",
    needs: &[Need::Public, Need::Person],
    concern: Concern::Speed,
    covers: "The record of this app's watch, each look over a new connection from this machine: whether it holds the last day, and whether a page takes half as long again as on the days before; or a person's word that a service records it.",
    ask: Some("Are the response times of the main pages recorded over days, where somebody looks at them? Name where."),
    refs: &[],
    judge,
};

const NO: No = No {
    severity: Severity::Medium,
    says: "Response times are not recorded over time, as a person says.",
    fix: "Start the watch on the page Journeys and let it go on, or run `launch-ready watch` with --every 1m and --state FOLDER on a machine that is always on; or turn on the response times of your hosting or of a service.",
    minutes: 30,
};
/// Hours that a record must span, and that must hold looks in the last day.
const HOURS: (i32, usize) = (24, 20);
/// So much longer than before, and so many milliseconds at least, is told.
const SLOWER: (f64, u32) = (1.5, 100);
/// Looks on either side that make a comparison fair.
const LOOKS: u64 = 50;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let answered = case.facts.answers.get(CHECK.id).is_some_and(|answer| answer.choice != Choice::No);
    match &case.facts.watched {
        Some(watched) if !answered => own(case, watched),
        _ => said(case, CHECK.id, &NO),
    }
}

fn own(case: &Case<'_>, watched: &Watched) -> Result<Verdict, Unseen> {
    let (since, last) = (watched.since(), watched.last);
    let shown = |at: jiff::Timestamp| at.strftime("%Y-%m-%d %H:%M UTC").to_string();
    let record = format!("recorded from {} to {}", shown(since), shown(last));
    let day = watched.day();
    let hours: BTreeSet<_> =
        watched.subjects.values().flatten().filter(|hour| hour.at >= day).map(|hour| hour.at).collect();
    let short = |says: String| Finding {
        subject: "record".to_owned(),
        grade: Grade::Warn,
        severity: NO.severity,
        says,
        evidence: vec![record.clone()],
        fix: Fix { says: NO.fix.to_owned(), paste: None, minutes: NO.minutes, after: vec![] },
    };
    if watched.overdue(case.now) {
        let says = format!("Response times are no longer recorded: the last one is of {}.", shown(last));
        return Ok(Verdict::judged(vec![], vec![short(says)], vec![]));
    }
    if last.duration_since(since).as_hours() < i64::from(HOURS.0) - 1 {
        return Err(Unseen {
            what: "the record of response times".to_owned(),
            why: Why::TooFew,
            says: format!("the record began at {}; a day of it is needed", shown(since)),
            way: "let the watch go on, and run the audit again tomorrow".to_owned(),
        });
    }
    let mut findings = vec![];
    if hours.len() < HOURS.1 {
        findings.push(short(format!("Response times were recorded in only {} of the last 24 hours.", hours.len())));
    }
    let mut proof = vec![record.clone()];
    for (subject, all) in &watched.subjects {
        let (new, old): (Vec<&WatchedHour>, Vec<&WatchedHour>) = all.iter().partition(|hour| hour.at >= day);
        let of = |hours: &[&WatchedHour], percent| kept(hours.iter().copied(), percent);
        let (looks, Some(half)) = of(&new, 50) else { continue };
        let p95 = of(&new, 95).1.unwrap_or(half);
        proof.push(format!(
            "{subject}: half of {looks} looks of the last day within {half} ms, 95 of 100 within {p95} ms"
        ));
        if let (before, Some(was)) = of(&old, 50)
            && looks.min(before) >= LOOKS
            && f64::from(half) >= f64::from(was) * SLOWER.0
            && half - was >= SLOWER.1
        {
            findings.push(slower(subject, (half, was), &record));
        }
    }
    Ok(Verdict::judged(proof, findings, vec![]))
}

fn slower(subject: &str, (half, was): (u32, u32), record: &str) -> Finding {
    Finding {
        subject: subject.to_owned(),
        grade: Grade::Warn,
        severity: Severity::Medium,
        says: format!("{subject} has become slow: half of the looks of the last day took {half} ms or more, where it was {was} ms on the days before."),
        evidence: vec![record.to_owned()],
        fix: Fix {
            says: "Look at what was released in the last two days, and at the slow statements of the database; then measure this page under Speed and load, before and after what you change.".to_owned(),
            paste: None,
            minutes: 120,
            after: vec![],
        },
    }
}

#[cfg(test)]
#[path = "latency_tests.rs"]
mod tests;
