//! load.burst: as many people as the business expects at once are served, without errors and in time.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{LoadEnd, Loaded};
use crate::{Case, Unseen, Why};
use jiff::Timestamp;

/// load.burst.
pub static CHECK: Check = Check {
    id: "load.burst",
    title: "The product stays up when many people use it at once",
    why: "The day many people come is the day that was worked for; a product that gives way then loses all of them at once.",
    needs: &[Need::Consent],
    concern: Concern::Speed,
    covers: "Runs with many users that somebody agreed to: errors, and how long 95 of 100 waited, counted from when each request was due, so that nobody's wait is left out. Load comes from one machine; what only happens after hours is not seen.",
    ask: None,
    refs: &["RFC 9110 §15.6.4", "RFC 6585 §4", "HdrHistogram", "Hahn and Meeker §5.2"],
    judge,
};

/// Requests of each user before a run says anything.
const EACH: u32 = 3;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let (mut proof, mut findings, mut unseen) = (vec![], vec![], vec![]);
    for (run, at) in case.load(false)? {
        match judged(case, run, at) {
            Ok(Ok(line)) => proof.push(line),
            Ok(Err(finding)) => findings.push(finding),
            Err(why) => unseen.push(why),
        }
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

fn judged(case: &Case<'_>, run: &Loaded, at: Timestamp) -> Result<Result<String, Finding>, Unseen> {
    let unseen =
        |why, says: String, way: &str| Err(Unseen { what: run.url().to_owned(), why, says, way: way.to_owned() });
    let again = "run it again and let it end by itself";
    match &run.end {
        LoadEnd::Cancelled => return unseen(Why::NotLooked, "somebody stopped this run".to_owned(), again),
        LoadEnd::Challenged => {
            let says = "a bot challenge answered in place of the product".to_owned();
            let way =
                "let your own address through at the bot protection, or load a copy of the product, then run it again";
            return unseen(Why::Challenged, says, way);
        }
        LoadEnd::Limited { status: 429, .. } => {
            let says = format!("after {} answers the product said that one address asks too often (429)", run.answered);
            let way = "lift that limit for your own address, or load a copy of the product, then run it again";
            return unseen(Why::Busy, says, way);
        }
        LoadEnd::Limited { status, .. } => {
            let says = format!("gave way after {} answers and said that it cannot take more ({status})", run.answered);
            return Ok(Err(broken(run, at, Severity::High, &says)));
        }
        LoadEnd::Errors { percent } => {
            let says = format!("gave way: {percent} of 100 requests failed in the end");
            return Ok(Err(broken(run, at, Severity::High, &says)));
        }
        LoadEnd::Slow { .. } | LoadEnd::Whole => {}
    }
    if run.failed() > 0 && run.failed().saturating_mul(100) >= run.sent {
        let says = format!("answered {} of {} requests with an error or not at all", run.failed(), run.sent);
        return Ok(Err(broken(run, at, Severity::High, &says)));
    }
    let Some(p95) = run.response.percentiles.iter().find(|one| (one.percentile - 95.0).abs() < 0.01) else {
        return unseen(Why::TooFew, "there was not one good answer".to_owned(), again);
    };
    let (ms, target) = (p95.micros.div_ceil(1_000), case.roadmap.latency.p95_ms);
    let slow = ms > target || matches!(run.end, LoadEnd::Slow { .. });
    if run.response.samples < p95.needs || (!slow && run.sent < run.people().saturating_mul(EACH)) {
        let says = format!("{} requests are too few for {} users", run.sent, run.people());
        return unseen(Why::TooFew, says, "run it again for a longer time");
    }
    if slow {
        return Ok(Err(slower(run, at, ms, target, p95.low)));
    }
    let expected = case.roadmap.latency.users;
    if run.people() < expected {
        let says = format!("it held for {} people at once; this kind of business expects {expected}", run.people());
        return unseen(Why::TooFew, says, &format!("run it again with --users {expected}"));
    }
    Ok(Ok(format!("{} (target {target} ms)", told(run, at))))
}

/// The run in one line, with who agreed to it.
fn told(run: &Loaded, at: Timestamp) -> String {
    let waited = run
        .response
        .claim(95.0)
        .map_or_else(String::new, |p95| format!("95 of 100 waited {} ms at most, ", p95.div_ceil(1_000)));
    let by = run.agreed.as_ref().map_or_else(String::new, |agreed| format!("; {} agreed to it", agreed.by));
    let (people, seconds) = (run.people(), run.took_ms.div_ceil(1_000));
    let failed = run.failed();
    format!(
        "{}: {people} people at once for {seconds} s, {} requests: {waited}{failed} failed ({at:.0}{by})",
        run.url(),
        run.sent
    )
}

fn broken(run: &Loaded, at: Timestamp, severity: Severity, says: &str) -> Finding {
    let says = format!("With {} people at once {} {says}.", run.people(), run.url());
    let kinds: Vec<String> = run.errors.iter().map(|(kind, count)| format!("{count} × {kind}")).collect();
    let mut evidence = vec![told(run, at)];
    evidence.extend((!kinds.is_empty()).then(|| kinds.join(", ")));
    let fix = "Look into the server's log for these seconds: what it names first is the narrow place, most often the number of database connections, of worker processes or of memory. Widen that one, then run the same load again.";
    finding(run, Grade::Fail, severity, says, evidence, fix)
}

fn slower(run: &Loaded, at: Timestamp, ms: u32, target: u32, low: Option<u32>) -> Finding {
    // Where the samples leave room for the target, it is no more than a suspicion.
    let surely = low.is_some_and(|low| low.div_ceil(1_000) > target) || matches!(run.end, LoadEnd::Slow { .. });
    let grade = if surely { Grade::Fail } else { Grade::Warn };
    let severity = if surely && ms > target.saturating_mul(3) { Severity::High } else { Severity::Medium };
    let says = format!(
        "With {} people at once the slowest 5 in 100 wait {ms} ms or more for {}; the target is {target} ms.",
        run.people(),
        run.url()
    );
    let once = run
        .service
        .claim(95.0)
        .map(|p95| format!("once it was sent, a request took {} ms at most in 95 of 100 cases", p95.div_ceil(1_000)));
    let evidence = [told(run, at)].into_iter().chain(once).collect();
    let fix = "Compare with the time of a single user: what only grows with many is waiting for something shared, such as database connections, a lock, or one process for all. Widen that, or do the work ahead of the request.";
    finding(run, grade, severity, says, evidence, fix)
}

fn finding(run: &Loaded, grade: Grade, severity: Severity, says: String, evidence: Vec<String>, fix: &str) -> Finding {
    let fix = Fix { says: fix.to_owned(), paste: None, minutes: 240, after: vec![] };
    Finding { subject: run.url().to_owned(), grade, severity, says, evidence, fix }
}

#[cfg(test)]
#[path = "burst_tests.rs"]
mod tests;
