//! latency.routes: each route answers fast enough, without errors, with samples enough to say so.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::Sampled;
use crate::{Case, Unseen, Why};

/// latency.routes.
pub static CHECK: Check = Check {
    id: "latency.routes",
    title: "The main pages answer fast enough, without errors",
    why: "People who wait leave before they sign up; errors during a demo are remembered.",
    needs: &[Need::Public],
    concern: Concern::Speed,
    covers: "Thirty requests to each route, one after another, at most five a second: the 95th percentile of the total time, and errors.",
    ask: None,
    refs: &["RFC 9110 §15", "HdrHistogram"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let (mut proof, mut findings, mut unseen) = (vec![], vec![], vec![]);
    for route in &case.facts.scope.routes {
        match case.latency(route) {
            Ok(sampled) => {
                match errors(route, sampled) {
                    Ok(found) => findings.extend(found),
                    Err(why) => unseen.push(why),
                }
                match slow(route, sampled, case.roadmap.latency.p95_ms, &mut proof) {
                    Ok(found) => findings.extend(found),
                    Err(why) => unseen.push(why),
                }
            }
            Err(why) => unseen.push(why),
        }
    }
    if case.facts.scope.routes.is_empty() {
        return Ok(Verdict::NotApplicable("no route was named".to_owned()));
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

fn unseen(route: &str, why: Why, says: String, way: &str) -> Unseen {
    Unseen { what: route.to_owned(), why, says, way: way.to_owned() }
}

/// What the samples of a route say of errors.
fn errors(route: &str, sampled: &Sampled) -> Result<Option<Finding>, Unseen> {
    let share = |from: u16, to: u16| sampled.statuses.range(from..to).map(|(_, count)| count).sum::<u32>();
    let closed = sampled.statuses.get(&401).copied().unwrap_or(0) + sampled.statuses.get(&403).copied().unwrap_or(0);
    if closed == sampled.sent && closed > 0 {
        let says = "this route asks for a login, and no session was given (or it was refused)".to_owned();
        return Err(unseen(route, Why::NoSession, says, "give a session cookie or token for this project"));
    }
    if let Some((kind, count)) = sampled.failures.iter().next() {
        let says = format!("{count} of {} requests got no answer ({kind})", sampled.sent);
        return Err(unseen(route, Why::Broken, says, "run this check again in a few minutes"));
    }
    let bad = share(400, 600);
    if bad == 0 {
        return Ok(None);
    }
    let (grade, severity) =
        if bad * 100 >= sampled.sent * 5 { (Grade::Fail, Severity::High) } else { (Grade::Warn, Severity::Medium) };
    let codes = sampled.statuses.range(400..600).map(|(status, count)| format!("{count} × {status}"));
    let says = format!("{bad} of {} requests to {route} were answered with an error.", sampled.sent);
    let evidence = vec![codes.collect::<Vec<_>>().join(", ")];
    let fix = "Look up these requests in the server's log by their time, and mend the error that it shows there first.";
    Ok(Some(finding(route, grade, severity, says, evidence, fix)))
}

/// What the samples of a route say of speed.
fn slow(route: &str, sampled: &Sampled, target_ms: u32, proof: &mut Vec<String>) -> Result<Option<Finding>, Unseen> {
    let total = sampled.phase("total").filter(|phase| phase.samples > 0);
    let Some(total) = total else { return Ok(None) };
    let Some(p95) = total.claim(95.0) else {
        let needs = total.percentiles.iter().find(|p| (p.percentile - 95.0).abs() < 0.01).map_or(20, |p| p.needs);
        let missing = needs.saturating_sub(total.samples);
        let says = format!(
            "{} good answers are too few to tell the slowest 5 in 100; {missing} more are needed",
            total.samples
        );
        return Err(unseen(route, Why::TooFew, says, "run this check again"));
    };
    let ms = p95.div_ceil(1000);
    let median = total.claim(50.0).unwrap_or(p95).div_ceil(1000);
    let line = format!(
        "{route}: 95 of 100 requests within {ms} ms, half within {median} ms ({} samples, target {target_ms} ms)",
        total.samples
    );
    if ms <= target_ms {
        proof.push(line);
        return Ok(None);
    }
    let severity = if ms > target_ms * 3 { Severity::High } else { Severity::Medium };
    let says = format!("The slowest 5 in 100 requests to {route} take {ms} ms or more; the target is {target_ms} ms.");
    let fix = "Find out what these requests do on the server: look for repeated database queries and calls to other services, and cache what does not change.";
    Ok(Some(finding(route, Grade::Fail, severity, says, vec![line], fix)))
}

fn finding(route: &str, grade: Grade, severity: Severity, says: String, evidence: Vec<String>, fix: &str) -> Finding {
    let fix = Fix { says: fix.to_owned(), paste: None, minutes: 120, after: vec![] };
    Finding { subject: route.to_owned(), grade, severity, says, evidence, fix }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::Why;
    use crate::check::Status;
    use crate::facts::{Facts, Percentile, Phase, Sampled};
    use crate::testing::{blank, seen, status, unseen};

    const ROUTE: &str = "https://example.com/";

    fn sampled(samples: u32, p95_ms: u32, statuses: &[(u16, u32)]) -> Facts {
        let percentile =
            |percentile, needs, ms: u32| Percentile { percentile, micros: ms * 1000, needs, low: None, high: None };
        let percentiles = vec![percentile(50.0, 2, 80), percentile(95.0, 20, p95_ms)];
        let phases = vec![Phase { name: "total".to_owned(), samples, percentiles }];
        let statuses: std::collections::BTreeMap<u16, u32> = statuses.iter().copied().collect();
        let sent = statuses.values().sum();
        let failures = std::collections::BTreeMap::new();
        let mut facts = blank();
        facts.scope.routes = vec![ROUTE.to_owned()];
        facts.latency.insert(
            ROUTE.to_owned(),
            seen(Sampled { wanted: 30, sent, statuses, failures, signed_in: false, phases, bins: vec![] }),
        );
        facts
    }

    #[test]
    fn fast_enough_passes() {
        assert_eq!(status(&CHECK, &sampled(30, 400, &[(200, 30)])), Status::Pass);
    }

    #[test]
    fn slow_routes_and_errors_fail() {
        assert_eq!(status(&CHECK, &sampled(30, 900, &[(200, 30)])), Status::Fail);
        assert_eq!(status(&CHECK, &sampled(27, 90, &[(200, 27), (500, 3)])), Status::Fail);
    }

    #[test]
    fn too_few_samples_closed_and_silent_routes_are_not_judged() {
        assert_eq!(status(&CHECK, &sampled(12, 90, &[(200, 12)])), Status::CouldNotTell);
        assert_eq!(status(&CHECK, &sampled(0, 0, &[(401, 30)])), Status::CouldNotTell);
        let mut facts = sampled(30, 90, &[(200, 30)]);
        facts.latency.insert(ROUTE.to_owned(), unseen(Why::Busy));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    }
}
