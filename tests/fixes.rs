//! Every suggested fix that the lab can apply clears its finding and raises no other.

mod world;

use audit::check::Finding;
use audit::read::fix::{self, FixStep};
use futures::StreamExt;
use lab::{Lab, Mend};
use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

/// Faults whose fix can be pasted as it stands, at least; the number only grows.
const MENDED: usize = 40;

/// A finding, told apart from others by its check, its subject and its words.
type Told = BTreeMap<(String, String, String), Finding>;

async fn told(lab: &Lab) -> Told {
    let facts = world::look(lab).await;
    let audit = audit::audit(&facts, audit::roadmap::by_id("sd").unwrap(), facts.finished.unwrap());
    let findings = audit.outcomes.into_iter().flat_map(|outcome| {
        outcome
            .findings
            .into_iter()
            .map(move |finding| ((outcome.check.clone(), finding.subject.clone(), finding.says.clone()), finding))
    });
    findings.collect()
}

/// The changes that a fix asks for; none when a person has to complete any of it.
fn mends(finding: &Finding) -> Option<Vec<Mend>> {
    let steps = fix::steps(finding.fix.paste.as_deref()?);
    let one = |step: FixStep| match step {
        FixStep::Set(line) => Some(Mend::Record { name: line.name, rtype: line.rtype, value: line.value }),
        FixStep::Remove(line) => Some(Mend::NoRecord { name: line.name, rtype: line.rtype, value: line.value }),
        FixStep::Header { name, value } => Some(Mend::Header { name, value }),
        FixStep::Redirect { from, host, status, to } => Some(Mend::Redirect { from, host, status, to }),
        FixStep::Words { .. } => None,
    };
    steps.into_iter().map(one).collect()
}

/// Applies every fix of one fault that can be applied; what went wrong, or whether there was one.
async fn mended(fault: &'static str) -> Result<bool, String> {
    let lab = Lab::start(SystemTime::now(), 1, &[fault]).await.unwrap();
    let before = told(&lab).await;
    let mut fixed = BTreeSet::new();
    for (key, finding) in &before {
        let Some(mends) = mends(finding).filter(|mends| !mends.is_empty()) else { continue };
        if lab.mend(&mends).unwrap() == mends.len() {
            fixed.insert(key);
        }
    }
    if fixed.is_empty() {
        return Ok(false);
    }
    let after = told(&lab).await;
    let still: Vec<_> = after.keys().filter(|key| fixed.contains(key)).collect();
    let new: Vec<_> = after.keys().filter(|key| !before.contains_key(*key)).collect();
    if still.is_empty() && new.is_empty() {
        return Ok(true);
    }
    Err(format!("{fault}: still there {still:#?}; new {new:#?}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fix_that_can_be_pasted_clears_its_finding_and_raises_no_other() {
    let only = std::env::var("FAULT").ok();
    let chosen = lab::FAULTS
        .iter()
        .filter(|fault| !fault.finds.is_empty() && only.as_deref().is_none_or(|name| name == fault.name));
    let runs = chosen.map(|fault| async move { (fault.name, mended(fault.name).await) });
    let done: Vec<(&str, Result<bool, String>)> = futures::stream::iter(runs).buffer_unordered(4).collect().await;
    let wrong: Vec<&String> = done.iter().filter_map(|(_, result)| result.as_ref().err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.iter().map(|says| says.as_str()).collect::<Vec<_>>().join("\n"));
    let mended: Vec<&str> = done.iter().filter(|(_, result)| *result == Ok(true)).map(|(name, _)| *name).collect();
    println!("{} faults mended by what was pasted: {}", mended.len(), mended.join(" "));
    assert!(only.is_some() || mended.len() >= MENDED, "only {} faults can be mended by pasting", mended.len());
}
