//! Every kind of passing trouble on every kind of exchange ends as could-not-tell with its reason and its way out, and changes no verdict.

mod world;

use audit::{Audit, Status, Why};
use futures::StreamExt;
use lab::{Cell, Lab};
use std::collections::BTreeSet;
use std::time::SystemTime;

/// Cells of the table, at least; the number only grows.
const CELLS: usize = 60;

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

async fn judged(cell: &Cell) -> Audit {
    let lab = Lab::start(SystemTime::now(), 1, &[&cell.name]).await.unwrap();
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
    let chosen: Vec<&Cell> =
        lab::cells().iter().filter(|cell| only.as_deref().is_none_or(|part| cell.name.contains(part))).collect();
    assert!(only.is_some() || chosen.len() >= CELLS, "{} cells", chosen.len());
    let runs = chosen.iter().map(|cell| async move {
        let wrong = wrong(cell, &judged(cell).await);
        (!wrong.is_empty()).then(|| format!("{}:\n  {}", cell.name, wrong.join("\n  ")))
    });
    let wrong: Vec<String> =
        futures::stream::iter(runs).buffer_unordered(8).filter_map(|wrong| async { wrong }).collect().await;
    println!("{} cells, {} wrong", chosen.len(), wrong.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), chosen.len(), wrong.join("\n"));
}
