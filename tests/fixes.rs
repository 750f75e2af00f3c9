//! Every suggested fix is exact, and one that the lab can apply clears its finding and raises no other.

use super::{judged, world};
use audit::Audit;
use audit::check::Finding;
use audit::read::fix::{self, FixStep};
use lab::{Lab, Mend};
use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

/// Faults whose fix can be pasted as it stands, at least; the number only grows.
pub const MENDED: usize = 60;

/// Worlds over which all faults are dealt out to read their fixes.
const WORLDS: usize = 16;

/// A finding, told apart from others by its check, its subject and its words.
pub type Told = BTreeMap<(String, String, String), Finding>;

/// All findings of an audit.
pub fn told(audit: Audit) -> Told {
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

/// Applies every fix that can be applied; those whose findings should now be gone.
pub fn mend(lab: &Lab, before: &Told) -> BTreeSet<(String, String, String)> {
    let applied = |(_, finding): &(&_, &Finding)| {
        let mends = mends(finding).filter(|mends| !mends.is_empty());
        mends.is_some_and(|mends| lab.mend(&mends).unwrap() == mends.len())
    };
    before.iter().filter(applied).map(|(key, _)| key.clone()).collect()
}

/// What is wrong after the fixes: a finding that is still there, or one that was not there before.
pub fn amiss(before: &Told, fixed: &BTreeSet<(String, String, String)>, after: &Told) -> Option<String> {
    let still: Vec<_> = after.keys().filter(|key| fixed.contains(key)).collect();
    let new: Vec<_> = after.keys().filter(|key| !before.contains_key(*key)).collect();
    (!still.is_empty() || !new.is_empty()).then(|| format!("after its fix still there {still:#?}; new {new:#?}"))
}

/// Many faults in one world hide some of each other; what is found of the rest is enough to read nearly every kind of fix.
#[tokio::test(flavor = "multi_thread")]
async fn every_fix_says_exactly_what_to_do() {
    let faults: Vec<&str> =
        lab::FAULTS.iter().filter(|fault| !fault.finds.is_empty()).map(|fault| fault.name).collect();
    let (mut vague, mut read, mut checks) = (vec![], 0, BTreeSet::new());
    for some in (0..WORLDS).map(|from| faults.iter().skip(from).step_by(WORLDS).copied().collect::<Vec<_>>()) {
        let lab = Lab::start(SystemTime::now(), 1, &some).await.unwrap();
        for (key, finding) in told(judged(&world::look(&lab).await)) {
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
