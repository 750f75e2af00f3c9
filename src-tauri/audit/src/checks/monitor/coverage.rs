//! monitor.coverage: the pages that matter are looked at every minute, by this app or by a service that somebody named.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{Choice, Watched};
use crate::journeys::{No, said};
use crate::{Case, Unseen};

/// monitor.coverage.
pub static CHECK: Check = Check {
    id: "monitor.coverage",
    title: "The pages that matter are probed every minute",
    why: "Whoever hears of an outage from a customer has already lost the others who said nothing.",
    needs: &[Need::Public, Need::Person],
    concern: Concern::Reach,
    covers: "The watch of this app by its own record: which routes, how often, and how much of the last day; or a person's word that a service does it, with its name.",
    ask: Some(
        "Does a service that runs day and night open the front page, the sign-in and the core pages each minute? Name the service and the pages.",
    ),
    refs: &[],
    judge,
};

const NO: No = No {
    severity: Severity::High,
    says: "Nobody probes the pages that matter, as a person says.",
    fix: "Start the watch on the page Journeys, or run `launch-ready watch` with --every 1m and --state FOLDER on a machine that is always on; or have a service for uptime open these pages each minute.",
    minutes: 30,
};
/// The longest time between two looks, seconds.
const EVERY: u32 = 60;
/// The least share of the last day that must have been watched.
const AWAKE: f64 = 0.9;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let answered = case.facts.answers.get(CHECK.id).is_some_and(|answer| answer.choice != Choice::No);
    match &case.facts.watched {
        Some(watched) if !answered => Ok(own(case, watched)),
        _ => said(case, CHECK.id, &NO),
    }
}

fn own(case: &Case<'_>, watched: &Watched) -> Verdict {
    let last = watched.last.strftime("%Y-%m-%d %H:%M UTC");
    let record = format!(
        "a look every {} s since {}, the last at {last}",
        watched.every_s,
        watched.since().strftime("%Y-%m-%d %H:%M UTC")
    );
    let finding = |subject: &str, severity, says: String, fix: &str| Finding {
        subject: subject.to_owned(),
        grade: if severity >= Severity::High { Grade::Fail } else { Grade::Warn },
        severity,
        says,
        evidence: vec![record.clone()],
        fix: Fix { says: fix.to_owned(), paste: None, minutes: NO.minutes, after: vec![] },
    };
    if watched.overdue(case.now) {
        let says = format!("Nobody watches any more: the last look was at {last}.");
        return Verdict::judged(vec![], vec![finding("watch", Severity::High, says, NO.fix)], vec![]);
    }
    let mut findings = vec![];
    let wanted = case.facts.scope.routes.iter();
    for route in wanted.filter(|route| !watched.subjects.contains_key(*route)) {
        let says = format!("{route} is audited, but nobody looks at it in between.");
        let fix = "Let the watch begin anew, so that it takes in this route too, or name it with --route where it runs in a terminal.";
        findings.push(finding(route, Severity::Medium, says, fix));
    }
    if watched.every_s > EVERY {
        let says = format!(
            "The pages are looked at every {} seconds, where each minute is wanted: an outage goes on that much longer before anybody knows.",
            watched.every_s
        );
        findings.push(finding("interval", Severity::Low, says, "Stop the watch and start it again with every minute."));
    }
    let awake = watched.awake();
    if awake < AWAKE {
        let says = format!(
            "Only {:.0} % of the last day was watched: the machine slept, was offline, or the window was closed.",
            awake * 100.0
        );
        findings.push(finding("gaps", Severity::Medium, says, NO.fix));
    }
    let from = watched.day();
    let proof = watched.subjects.iter().map(|(subject, hours)| {
        let hours = || hours.iter().filter(|hour| hour.at >= from);
        let (looks, well) = (hours().map(|hour| hour.looks).sum::<u32>(), hours().map(|hour| hour.well).sum::<u32>());
        format!("{subject}: {looks} looks in the last day, {well} of them found it well")
    });
    Verdict::judged(std::iter::once(record.clone()).chain(proof).collect(), findings, vec![])
}

#[cfg(test)]
#[path = "coverage_tests.rs"]
mod tests;
