//! Every suggested fix is exact, and one that the lab can apply clears its finding and raises no other.

mod world;

use audit::check::Finding;
use audit::read::fix::{self, FixStep};
use futures::StreamExt;
use lab::{Lab, Mend};
use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

/// Faults whose fix can be pasted as it stands, at least; the number only grows.
const MENDED: usize = 40;

/// Worlds over which all faults are dealt out to read their fixes.
const WORLDS: usize = 16;

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

/// What a fix lacks to be carried out as it stands; nothing where a founder knows what to do, where, and with which values.
fn lacks(finding: &Finding) -> Option<&'static str> {
    let fix = &finding.fix;
    let sentence = |text: &str| text.len() >= 15 && text.trim_end().ends_with(['.', '"', ')', '”']);
    if !sentence(&fix.says) || fix.says.contains('!') {
        return Some("a whole sentence that says what to do");
    }
    if fix.minutes == 0 {
        return Some("how long it takes");
    }
    let Some(paste) = &fix.paste else { return None };
    let steps = fix::steps(paste);
    if steps.is_empty() {
        return Some("anything to paste");
    }
    steps.iter().find_map(|step| match step {
        FixStep::Set(line) if line.ttl.is_none() => Some("the time to live of a record"),
        FixStep::Set(line) | FixStep::Remove(line) if !line.name.contains('.') || line.value.is_empty() => {
            Some("the name or the value of a record")
        }
        FixStep::Header { value, .. } if value.is_empty() => Some("the value of a header"),
        // A record that is not read as one has no fields to copy; one that a person completes says so with <…>, and a registrar takes no
        // time to live.
        FixStep::Words { text }
            if text.contains(" IN ") && !text.contains(['<', '→']) && !text.contains(" at the registrar: ") =>
        {
            Some("a record as a zone file writes it")
        }
        _ => None,
    })
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

/// Many faults in one world hide some of each other; what is found of the rest is enough to read nearly every kind of fix.
#[tokio::test(flavor = "multi_thread")]
async fn every_fix_says_exactly_what_to_do() {
    let faults: Vec<&str> =
        lab::FAULTS.iter().filter(|fault| !fault.finds.is_empty()).map(|fault| fault.name).collect();
    let (mut vague, mut read, mut checks) = (vec![], 0, BTreeSet::new());
    for some in (0..WORLDS).map(|from| faults.iter().skip(from).step_by(WORLDS).copied().collect::<Vec<_>>()) {
        let lab = Lab::start(SystemTime::now(), 1, &some).await.unwrap();
        for (key, finding) in told(&lab).await {
            read += 1;
            checks.insert(key.0.clone());
            if let Some(what) = lacks(&finding) {
                vague.push(format!("{key:?} lacks {what}: {:#?}", finding.fix));
            }
        }
    }
    vague.sort();
    vague.dedup();
    assert!(vague.is_empty(), "{} of {read}:\n{}", vague.len(), vague.join("\n"));
    assert!(read >= 100 && checks.len() >= 25, "only {read} fixes of {} checks were read", checks.len());
}
