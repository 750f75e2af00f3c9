//! Every kind of passing trouble on every kind of exchange ends as could-not-tell with its reason and its way out, and changes no verdict.

mod apart;
mod world;

use audit::{Audit, Status, Why};
use futures::StreamExt;
use lab::{Cell, Lab};
use std::collections::BTreeSet;
use std::time::SystemTime;

/// Cells of the table, at least; the number only grows.
const CELLS: usize = 275;

fn not_given(why: Why) -> bool {
    matches!(why, Why::NotAnswered | Why::NoSession | Why::NoConsent)
}

/// The reasons that a kind of trouble may be told by.
fn reasons(kind: &str) -> &'static [Why] {
    match kind {
        "servfail" | "429" | "503" => &[Why::Busy],
        // A parent that refuses has said nothing of the zone, which is told as such.
        "refused" => &[Why::Refused, Why::Garbled],
        "drop" | "slow" | "hang" | "forged" | "misnumbered" => &[Why::Timeout],
        "truncated" | "garbled" => &[Why::Garbled],
        "reset" => &[Why::Broken],
        "challenge" => &[Why::Challenged],
        "captive-portal" | "split" => &[Why::NoRoute],
        other => panic!("no reason is stated for {other}"),
    }
}

/// The audit of a lab with these faults and cells.
async fn judged(faults: &[&str]) -> Audit {
    let lab = Lab::start(SystemTime::now(), 1, faults).await.unwrap();
    let facts = world::look(&lab).await;
    audit::audit(&facts, audit::roadmap::by_id("sd").unwrap(), facts.finished.unwrap())
}

/// What is wrong with how a cell ended.
fn wrong(cell: &Cell, audit: &Audit) -> Vec<String> {
    let mut wrong = Vec::new();
    for outcome in &audit.outcomes {
        let found = outcome.findings.iter().map(|finding| format!("{} found: {}", outcome.check, finding.says));
        wrong.extend(found);
        for unseen in outcome.unseen.iter().filter(|unseen| !not_given(unseen.why)) {
            if unseen.says.is_empty() || unseen.way.is_empty() || unseen.what.is_empty() {
                wrong.push(format!("{} has no words for {unseen:?}", outcome.check));
            }
        }
    }
    for check in cell.rests {
        let outcome = audit.outcome(check).unwrap();
        let whys: BTreeSet<Why> = outcome.unseen.iter().map(|unseen| unseen.why).collect();
        let told = reasons(cell.kind).iter().any(|why| whys.contains(why)) || whys.contains(&Why::Depends);
        if outcome.status != Status::CouldNotTell || !told {
            wrong.push(format!("{check} ends in {:?} by {whys:?}", outcome.status));
        }
    }
    wrong
}

#[tokio::test(flavor = "multi_thread")]
async fn passing_troubles_change_no_verdict() {
    let only = std::env::var("CELL").ok();
    let chosen: Vec<&'static Cell> =
        lab::cells().iter().filter(|cell| only.as_deref().is_none_or(|part| cell.name.contains(part))).collect();
    assert!(only.is_some() || chosen.len() >= CELLS, "{} cells", chosen.len());
    let runs = chosen.iter().copied().map(|cell| {
        apart::apart(move || async move {
            let wrong = wrong(cell, &judged(&[&cell.name]).await);
            (!wrong.is_empty()).then_some(cell)
        })
    });
    let doubted: Vec<&Cell> =
        futures::stream::iter(runs).buffer_unordered(8).filter_map(std::future::ready).collect().await;
    // Eight audits at once slow one another, which the samples of latency tell; what is wrong stays wrong alone.
    let mut told = Vec::new();
    for cell in doubted {
        let wrong = wrong(cell, &judged(&[&cell.name]).await);
        if !wrong.is_empty() {
            told.push(format!("{}:\n  {}", cell.name, wrong.join("\n  ")));
        }
    }
    println!("{} cells, {} wrong", chosen.len(), told.len());
    assert!(told.is_empty(), "{} of {}:\n{}", told.len(), chosen.len(), told.join("\n"));
}

/// Faults that can stand beside one another, one or two for most checks.
const FAULTY: [&str; 24] = [
    "apex-dead-ipv6",
    "caa-misspelt",
    "certificate-expiring",
    "cloudflare-flexible",
    "cookie-in-the-clear",
    "cors-anybody",
    "dead-link",
    "debug-localhost",
    "dmarc-missing",
    "health-leaks",
    "left-env",
    "map-header",
    "missing-page-trace",
    "mx-doubled",
    "no-nosniff",
    "origin-direct-name",
    "redirect-forgets",
    "registration-ends-soon",
    "resolver-old",
    "robots-shut",
    "serial-mismatch",
    "spf-missing",
    "takeover-unclaimed",
    "unpacked",
];
/// Checks that find something among them, at least.
const FOUND: usize = 20;

/// The checks that find something, and those that pass.
fn ends(audit: &Audit) -> (BTreeSet<&str>, BTreeSet<&str>) {
    let found = audit.outcomes.iter().filter(|outcome| !outcome.findings.is_empty());
    let passed = audit.outcomes.iter().filter(|outcome| outcome.status == Status::Pass);
    (found.map(|outcome| outcome.check.as_str()).collect(), passed.map(|outcome| outcome.check.as_str()).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn passing_troubles_hide_no_fault_behind_a_pass() {
    let faulty = judged(&FAULTY).await;
    let (found, _) = ends(&faulty);
    assert!(found.len() >= FOUND, "{found:?}");
    // One way to fail is enough for each exchange: which way it was is told by the test above.
    let mut met = BTreeSet::new();
    let cells: Vec<&Cell> = lab::cells().iter().filter(|cell| met.insert(cell.exchange)).collect();
    let runs = cells.iter().map(|cell| async {
        let name = cell.name.as_str();
        let audit = apart::apart(move || async move {
            let both: Vec<&str> = FAULTY.iter().copied().chain([name]).collect();
            judged(&both).await
        })
        .await;
        let (_, passed) = ends(&audit);
        let lost: Vec<String> = found.intersection(&passed).map(|check| (*check).to_owned()).collect();
        (!lost.is_empty()).then(|| format!("{} lets pass: {}", cell.name, lost.join(", ")))
    });
    let wrong: Vec<String> =
        futures::stream::iter(runs).buffer_unordered(8).filter_map(std::future::ready).collect().await;
    println!("{} exchanges, {} checks with findings", cells.len(), found.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cells.len(), wrong.join("\n"));
}
