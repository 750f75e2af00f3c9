//! One policy made of several, in the observatory's own way: a source of a later policy stays only where an earlier one covers it.

use std::collections::{BTreeMap, BTreeSet};

/// Characters that a policy must at least have.
const SHORTEST: usize = 6;
/// Sources read of all policies.
const MOST: usize = 2_000;

/// Sources of a directive, in lower case.
pub(super) type Sources = BTreeSet<String>;

/// The one policy.
#[derive(Default)]
pub(super) struct Merged {
    pub(super) directives: BTreeMap<String, Sources>,
    /// Whether a report directive stands in it twice; other repetitions make it unreadable.
    pub(super) repeated: bool,
}

/// A source on its way through the policies.
struct Source {
    text: String,
    policy: usize,
    keep: bool,
}

/// The one policy; none where one of them cannot be read.
pub(super) fn merge(policies: &[String]) -> Option<Merged> {
    let mut kept: BTreeMap<String, Vec<Source>> = BTreeMap::new();
    let mut repeated = false;
    let mut left = MOST;
    for (place, policy) in policies.iter().enumerate() {
        let policy = policy.replace(['\r', '\n'], "");
        if policy.trim().len() < SHORTEST {
            return None;
        }
        let mut here = BTreeSet::new();
        for part in policy.split(';') {
            let mut words = part.split_whitespace();
            let Some(name) = words.next().map(str::to_lowercase) else { continue };
            if !here.insert(name.clone()) {
                if !matches!(name.as_str(), "report-uri" | "report-to") {
                    return None;
                }
                repeated = true;
            }
            let mut values: Vec<String> = words.take(left).map(str::to_lowercase).collect();
            left -= values.len();
            if values.is_empty() && name.ends_with("-src") {
                values.push("'none'".to_owned());
            }
            let fresh = values.into_iter().map(|text| Source { text, policy: place, keep: place == 0 });
            let before = if place == 0 { Vec::new() } else { kept.remove(&name).unwrap_or_default() };
            let mut together: Vec<Source> = before.into_iter().chain(fresh).collect();
            together.sort_by(|one, other| one.text.cmp(&other.text));
            settle(&mut together);
            together.retain(|source| source.keep);
            if place == 0 && policies.len() > 1 {
                together.iter_mut().for_each(|source| source.keep = false);
            }
            kept.insert(name, together);
        }
    }
    let texts = |sources: Vec<Source>| match sources.is_empty() {
        true => Sources::from(["'none'".to_owned()]),
        false => sources.into_iter().map(|source| source.text).collect(),
    };
    Some(Merged { directives: kept.into_iter().map(|(name, sources)| (name, texts(sources))).collect(), repeated })
}

fn settle(sources: &mut [Source]) {
    for at in 1..sources.len() {
        let (before, rest) = sources.split_at_mut(at);
        let (Some(prev), Some(source)) = (before.last(), rest.first_mut()) else { continue };
        if source.policy == prev.policy && source.text.starts_with(&prev.text) {
            source.keep = false;
        }
        if source.policy != prev.policy && covers(&prev.text, &source.text) {
            source.keep = true;
        }
    }
}

/// Whether path `one` covers path `other`, piece by piece.
fn covers(one: &str, other: &str) -> bool {
    if one.is_empty() || one == "/" && other.is_empty() {
        return true;
    }
    let whole = !one.ends_with('/');
    let (mut ours, theirs): (Vec<_>, Vec<_>) = (one.split('/').collect(), other.split('/').collect());
    if ours.len() > theirs.len() || whole && ours.len() != theirs.len() {
        return false;
    }
    if !whole {
        ours.pop();
    }
    ours.iter().zip(&theirs).all(|(a, b)| a == b)
}
