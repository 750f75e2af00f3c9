//! load.slow_network: over a poor connection requests still end well, and the product adds little to what the network costs.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{LoadEnd, Loaded, SlowNetwork};
use crate::{Case, Unseen, Why};

/// load.slow_network.
pub static CHECK: Check = Check {
    id: "load.slow_network",
    title: "The product can be used over a poor connection",
    why: "Buyers look from trains, hotels and meeting rooms; there a product that asks too much of the line looks broken.",
    needs: &[Need::Public],
    concern: Concern::Speed,
    covers: "Requests to the routes of a recorded run over a connection with delay, loss or a narrow line, laid over the real one: errors, and how long 95 of 100 took beside what the network itself costs. Looking up names is not slowed down.",
    ask: None,
    refs: &["RFC 6298", "RFC 5681", "RFC 8446 §2"],
    judge,
};

/// Ways there and back of a request on a new connection: TCP, TLS (two before 1.3), the request.
const WAYS: u32 = 4;
/// The least that a lost packet costs, milliseconds: the time after which TCP sends again.
const LOST: u32 = 200;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let (mut proof, mut findings, mut unseen) = (vec![], vec![], vec![]);
    for (run, _) in case.load(true)? {
        let Some(network) = run.slow else { continue };
        match judged(run, network, case.roadmap.latency.p95_ms) {
            Ok(Ok(line)) => proof.push(line),
            Ok(Err(finding)) => findings.push(finding),
            Err(why) => unseen.push(why),
        }
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

fn judged(run: &Loaded, network: SlowNetwork, target: u32) -> Result<Result<String, Finding>, Unseen> {
    let unseen =
        |why, says: String, way: &str| Err(Unseen { what: run.url().to_owned(), why, says, way: way.to_owned() });
    if network.delay_ms < 100 && network.loss < 1.0 && network.kilobits.is_none_or(|kilobits| kilobits > 5_000) {
        let says = format!("{network} is no poor connection");
        return unseen(Why::TooFew, says, "run it again with --slow delay=300ms,loss=2%");
    }
    match &run.end {
        LoadEnd::Cancelled => return unseen(Why::NotLooked, "somebody stopped this run".to_owned(), "run it again"),
        LoadEnd::Challenged => {
            let says = "a bot challenge answered in place of the product".to_owned();
            return unseen(
                Why::Challenged,
                says,
                "let your own address through at the bot protection, then run it again",
            );
        }
        LoadEnd::Limited { status, .. } => {
            let says = format!("the product said that it is asked too often ({status})");
            return unseen(Why::Busy, says, "run it again in a few minutes");
        }
        LoadEnd::Errors { .. } | LoadEnd::Slow { .. } | LoadEnd::Whole => {}
    }
    let told = |ms: u32| {
        format!(
            "{} over {network}: 95 of 100 requests within {ms} ms, {} of {} failed",
            run.url(),
            run.failed(),
            run.sent
        )
    };
    let p95 = run.response.claim(95.0).map(|micros| micros.div_ceil(1_000));
    // One of twenty may be chance on such a line.
    if run.failed().saturating_mul(20) > run.sent {
        let kinds: Vec<String> = run.errors.iter().map(|(kind, count)| format!("{count} × {kind}")).collect();
        let says = format!(
            "Over a poor connection {} of {} requests to {} end in an error.",
            run.failed(),
            run.sent,
            run.url()
        );
        let fix = "Give slow visitors more time: raise the time-outs of the server and of what stands before it for reading a request and sending an answer, at nginx client_header_timeout and send_timeout, to 60 seconds.";
        let evidence = vec![format!("{network}"), kinds.join(", ")];
        return Ok(Err(finding(run, Grade::Fail, says, evidence, fix)));
    }
    let Some(ms) = p95 else {
        let says = format!("{} good answers are too few to tell the slowest 5 in 100", run.response.samples);
        return unseen(Why::TooFew, says, "run it again with 20 requests or more");
    };
    let lost = if network.loss > 0.0 { LOST.max(network.delay_ms.saturating_mul(2)) } else { 0 };
    let explained = network.delay_ms.saturating_mul(WAYS).saturating_add(lost);
    if ms <= explained.saturating_add(target) {
        return Ok(Ok(told(ms)));
    }
    let says = format!(
        "Over a poor connection the slowest 5 in 100 requests to {} take {ms} ms or more; the network itself explains {explained} ms of it.",
        run.url()
    );
    let fix = "Send less and ask less often: compress and split what is large, keep connections open (keep-alive, HTTP/2), and take out redirects on the way.";
    Ok(Err(finding(run, Grade::Warn, says, vec![told(ms)], fix)))
}

fn finding(run: &Loaded, grade: Grade, says: String, evidence: Vec<String>, fix: &str) -> Finding {
    let fix = Fix { says: fix.to_owned(), paste: None, minutes: 120, after: vec![] };
    Finding { subject: run.url().to_owned(), grade, severity: Severity::Medium, says, evidence, fix }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Status;
    use crate::facts::{Facts, LoadEnd, Loaded, SlowNetwork};
    use crate::testing::{blank, poor, run_of, seen, status};

    fn with(change: impl FnOnce(&mut Loaded)) -> Facts {
        let mut run = Loaded { slow: poor(), agreed: None, ..run_of(4, 60, 1_200) };
        change(&mut run);
        let mut facts = blank();
        facts.load.insert(run.key(), seen(run));
        facts
    }

    #[test]
    fn what_the_network_costs_is_no_fault_of_the_product() {
        assert_eq!(status(&CHECK, &with(|_| {})), Status::Pass);
    }

    #[test]
    fn errors_fail_and_what_the_product_adds_is_a_warning() {
        assert_eq!(
            status(
                &CHECK,
                &with(|run| {
                    run.errors.insert("timeout".to_owned(), 4);
                })
            ),
            Status::Fail
        );
        assert_eq!(
            status(
                &CHECK,
                &with(|run| {
                    run.errors.insert("timeout".to_owned(), 3);
                })
            ),
            Status::Pass
        );
        assert_eq!(status(&CHECK, &with(|run| run.response = run_of(4, 60, 4_000).response)), Status::Warn);
    }

    #[test]
    fn what_says_nothing_is_not_judged() {
        assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
        assert_eq!(status(&CHECK, &with(|run| run.slow = None)), Status::CouldNotTell);
        let good = SlowNetwork { delay_ms: 20, loss: 0.1, kilobits: Some(50_000) };
        assert_eq!(status(&CHECK, &with(|run| run.slow = Some(good))), Status::CouldNotTell);
        assert_eq!(status(&CHECK, &with(|run| run.response = run_of(4, 10, 900).response)), Status::CouldNotTell);
        for end in [LoadEnd::Cancelled, LoadEnd::Challenged, LoadEnd::Limited { status: 503, retry_after: None }] {
            assert_eq!(status(&CHECK, &with(|run| run.end = end)), Status::CouldNotTell);
        }
    }
}
