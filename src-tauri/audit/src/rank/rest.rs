//! What rests on what: names before transport before content, and what a fix names as coming first.

use crate::audit::Step;
use crate::check::Severity;
use crate::judge::blocks;
use std::collections::BTreeMap;

/// Findings of one check that others wait for; a list that is longer has the same cause.
const MOST: usize = 50;

/// Names before transport before content: mending a lower layer can change what is seen above it.
pub(super) fn layer(check: &str) -> u8 {
    match check.split('.').next() {
        Some("domain" | "dns") => 0,
        Some("tls") => 1,
        Some("edge") => 2,
        Some("http" | "bundle") => 3,
        Some("mail") => 4,
        _ => 5,
    }
}

/// For each step the steps that it rests on.
pub(super) fn rests(steps: &[Step]) -> Vec<Vec<usize>> {
    let mut by_check: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut ground: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, step) in steps.iter().enumerate() {
        let note = |list: &mut Vec<usize>| {
            if list.len() < MOST {
                list.push(at);
            }
        };
        // Polish below holds nothing up.
        if step.severity > Severity::Low {
            note(by_check.entry(&step.check).or_default());
        }
        if carries(step) {
            note(ground.entry(host(&step.subject)).or_default());
        }
    }
    let under = |at: usize, step: &Step| {
        let named = step.fix.after.iter().filter(|id| **id != step.check).filter_map(|id| by_check.get(id.as_str()));
        let below = ground.get(host(&step.subject)).filter(|_| stands_on_layers(&step.check));
        let lower = |&&one: &&usize| layer(&steps[one].check) < layer(&step.check);
        let mut under: Vec<usize> = named
            .flatten()
            .chain(below.into_iter().flatten().filter(lower))
            .copied()
            .filter(|&one| one != at)
            .collect();
        under.sort_unstable();
        under.dedup();
        under
    };
    steps.iter().enumerate().map(|(at, step)| under(at, step)).collect()
}

/// Whether nothing above it on the same host can be right before it is mended.
fn carries(step: &Step) -> bool {
    let carrying = matches!(
        step.check.as_str(),
        "domain.registration" | "dns.apex" | "dns.www" | "dns.nameservers" | "dns.records" | "tls.certificate"
    );
    carrying && blocks(step.grade, step.severity)
}

/// Checks that only see a host through its names and its certificate. A leaked key is replaced at once, whatever the names do.
fn stands_on_layers(check: &str) -> bool {
    matches!(check.split('.').next(), Some("tls" | "edge" | "http" | "latency" | "page" | "journey"))
}

/// The host that a subject is about.
fn host(subject: &str) -> &str {
    let rest = subject.split_once("://").map_or(subject, |(_, rest)| rest);
    rest.split(['/', '|', ' ', ':']).next().unwrap_or_default()
}

/// The steps in their order, each after what it rests on. What a step rests on is drawn up to just before it, so that a thing that
/// stops the launch never waits for the small things that stand between.
pub(super) fn places(rests: &[Vec<usize>]) -> Vec<usize> {
    let mut places = Vec::with_capacity(rests.len());
    let mut met = vec![false; rests.len()];
    for first in 0..rests.len() {
        if std::mem::replace(&mut met[first], true) {
            continue;
        }
        // A list of our own instead of recursion: chains can be long. Of those that rest on each other in a circle, one waits for nobody.
        let mut open = vec![(first, 0)];
        while let Some((at, next)) = open.pop() {
            match rests[at].get(next) {
                Some(&under) => {
                    open.push((at, next + 1));
                    if !std::mem::replace(&mut met[under], true) {
                        open.push((under, 0));
                    }
                }
                None => places.push(at),
            }
        }
    }
    places
}
