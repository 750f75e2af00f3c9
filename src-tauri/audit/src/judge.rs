//! The runner: asks every check, keeps panics and missing facts out of them, and draws the audit together.

use crate::audit::{AUDIT_VERSION, Audit, Outcome, State, Verdict as Launch};
use crate::check::{Check, Grade, Severity, Status, Verdict};
use crate::facts::Facts;
use crate::roadmap::Roadmap;
use crate::state::Rows;
use crate::waive::{self, Standing, WaiverTold, Waivers};
use crate::{Case, Unseen, Why, checks, conditions, rank, vantage};
use jiff::Timestamp;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Judges facts for one roadmap at one time. The same arguments give the same audit.
#[must_use]
pub fn audit(facts: &Facts, roadmap: &Roadmap, now: Timestamp) -> Audit {
    let veiled = vantage::veil(facts);
    let told = vantage::told(facts);
    let facts = veiled.as_ref().unwrap_or(facts);
    let widened = facts.own.as_ref().map(|own| own.on(roadmap));
    let roadmap = widened.as_ref().unwrap_or(roadmap);
    let case = Case { facts, roadmap, now };
    let waivers = Waivers::on(&facts.waivers, now);
    let mut outcomes: Vec<Outcome> = checks::all().iter().map(|check| outcome(check, &case, &waivers)).collect();
    outcomes.extend(own(facts, &waivers));
    let rows = Rows { outcomes: &outcomes, facts, roadmap, waivers: &waivers, now };
    let stages = rows.stages();
    let ranked = rank::order(&outcomes, &stages, roadmap);
    let hour = rank::hour(&ranked);
    let order = ranked.steps;
    let accepted = waivers.told(&outcomes, &stages);
    let verdict = verdict(&outcomes, &stages);
    Audit {
        version: AUDIT_VERSION,
        target: facts.target.clone(),
        roadmap: roadmap.id.clone(),
        started: facts.started,
        finished: facts.finished,
        cut_short: facts.cut_short,
        judged: now,
        verdict,
        says: sentences(verdict, &outcomes, &stages, &order, &accepted, &told),
        bar: rows.bar(&stages),
        waivers: accepted,
        conditions: conditions::open(&outcomes, &stages, &order),
        hour,
        stages,
        outcomes,
        order,
    }
}

fn outcome(check: &Check, case: &Case<'_>, waivers: &Waivers<'_>) -> Outcome {
    Outcome {
        covers: check.covers.to_owned(),
        refs: check.refs.iter().map(|&text| text.to_owned()).collect(),
        ..judged(check.id, [check.title, check.why], || (check.judge)(case), waivers)
    }
}

/// What the project's own rows expect, judged like any other check.
fn own(facts: &Facts, waivers: &Waivers<'_>) -> Vec<Outcome> {
    let rows = facts.own.iter().flat_map(|own| &own.rows).filter(|row| row.expects());
    rows.map(|row| judged(&row.check(), [&row.title, &row.why], || crate::own::judge(row, facts), waivers)).collect()
}

fn judged(
    id: &str,
    [title, why]: [&str; 2],
    judge: impl FnOnce() -> Result<Verdict, Unseen>,
    waivers: &Waivers<'_>,
) -> Outcome {
    let judged = catch_unwind(AssertUnwindSafe(judge)).unwrap_or_else(|_| {
        Err(Unseen {
            what: id.to_owned(),
            why: Why::Garbled,
            says: "this check met something that it was not made for".to_owned(),
            way: "save the facts and report them as a defect".to_owned(),
        })
    });
    let status = Status::of(&judged);
    let (proof, mut findings, unseen, reason) = match judged {
        Err(unseen) => (vec![], vec![], vec![unseen], None),
        Ok(Verdict::NotApplicable(reason)) => (vec![], vec![], vec![], Some(reason)),
        Ok(Verdict::Judged { proof, findings, unseen }) => (proof, findings, unseen, None),
    };
    // Several subjects can rest on the same thing that was not seen; it is told once.
    let mut told = BTreeSet::new();
    let unseen: Vec<Unseen> =
        unseen.into_iter().filter(|one| told.insert((one.what.clone(), one.says.clone()))).collect();
    findings.sort_by_key(|finding| Reverse((finding.grade, finding.severity)));
    let waive::Covered { status, open: findings, waived } =
        waive::cover(waivers, id, status, findings, !unseen.is_empty());
    Outcome {
        check: id.to_owned(),
        title: title.to_owned(),
        why: why.to_owned(),
        status,
        severity: findings.iter().map(|finding| finding.severity).max(),
        proof,
        findings,
        waived,
        unseen,
        reason,
        covers: String::new(),
        refs: vec![],
    }
}

/// Whether a finding stands against a launch by itself.
#[must_use]
pub fn blocks(grade: Grade, severity: Severity) -> bool {
    grade == Grade::Fail && severity >= Severity::High
}

fn verdict(outcomes: &[Outcome], stages: &[crate::audit::Stage]) -> Launch {
    let findings = || outcomes.iter().flat_map(|outcome| &outcome.findings);
    if findings().any(|finding| blocks(finding.grade, finding.severity)) {
        return Launch::NoGo;
    }
    let untold = outcomes.iter().any(|outcome| outcome.status == Status::CouldNotTell);
    let open = stages.iter().flat_map(|stage| &stage.items).any(|item| !item.state.ready())
        || stages.iter().flat_map(|stage| &stage.signals).any(|signal| signal.state == State::Failing);
    if findings().next().is_some() || untold || open { Launch::Conditional } else { Launch::Go }
}

fn sentences(
    verdict: Launch,
    outcomes: &[Outcome],
    stages: &[crate::audit::Stage],
    order: &[crate::audit::Step],
    accepted: &[WaiverTold],
    place: &[Unseen],
) -> Vec<String> {
    let blockers = order.iter().filter(|step| blocks(step.grade, step.severity)).count();
    let untold = outcomes.iter().filter(|outcome| outcome.status == Status::CouldNotTell).count();
    let asks = stages.iter().flat_map(|stage| &stage.items);
    let asks = asks.filter(|item| matches!(item.state, State::NeedsYou | State::Proposed)).count();
    let unbuilt = stages.iter().flat_map(|stage| &stage.items).filter(|item| item.state == State::NotBuilt).count();
    let told = outcomes.iter().any(|outcome| matches!(outcome.status, Status::Fail | Status::Pass | Status::Warn));
    let held: Vec<&WaiverTold> = accepted.iter().filter(|told| told.standing == Standing::Holds).collect();
    let known = count(held.len(), "known risk");
    let first = match verdict {
        Launch::Conditional if !told => {
            "Nothing could be looked at, so nothing speaks for or against a launch.".to_owned()
        }
        // What somebody accepted is still so: nobody may read that it is not.
        Launch::Go if !held.is_empty() => {
            format!("Nothing stands against a launch besides what somebody accepted for a time: {known}.")
        }
        Launch::Go => "Nothing that was looked at stands against a launch.".to_owned(),
        Launch::Conditional if order.is_empty() && !held.is_empty() => {
            format!("All that is known to be wrong was accepted for a time: {known}.")
        }
        Launch::Conditional if order.is_empty() => "Nothing that was looked at is broken.".to_owned(),
        Launch::Conditional => format!("No blocker was found; {} to mend.", count(order.len(), "smaller thing")),
        Launch::NoGo => format!("Not ready to launch: {} in the way.", count_are(blockers, "blocker")),
    };
    let second = match order.first() {
        Some(step) => format!("First: {}", step.says),
        None if told => match held.iter().map(|told| told.waiver.until).min() {
            Some(day) => format!("No fix is due until the first of them runs out on {}.", day.strftime("%-d %b %Y")),
            None => "There is no fix to make.".to_owned(),
        },
        None => usual_reason(outcomes),
    };
    let third = still_open(&[
        (untold, "check", "that could not be told"),
        (asks, "question", "for you"),
        (unbuilt, "item", "that this version does not look at yet"),
    ]);
    let mut all = vec![first, second, third];
    if !held.is_empty() && !order.is_empty() {
        all.push(format!("Left out of this, because somebody accepted it for a time: {known}."));
    }
    all.extend(place.iter().map(|note| {
        format!("Looked at from a place that does not tell the truth: {}. To do: {}.", note.says, note.way)
    }));
    all
}

/// What is left besides the fixes: how many of each kind, and of which.
fn still_open(kinds: &[(usize, &str, &str)]) -> String {
    let there = kinds.iter().filter(|(n, ..)| *n > 0);
    let left: Vec<String> = there.map(|(n, noun, which)| format!("{} {which}", count(*n, noun))).collect();
    if left.is_empty() {
        return "Nothing else is open: every question is answered, and everything could be told.".to_owned();
    }
    format!("Still open: {}.", left.join(", "))
}

/// Why most could not be told, and the way on.
fn usual_reason(outcomes: &[Outcome]) -> String {
    let mut reasons: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for unseen in outcomes.iter().flat_map(|outcome| &outcome.unseen) {
        *reasons.entry((&unseen.says, &unseen.way)).or_default() += 1;
    }
    match reasons.into_iter().max_by_key(|(_, times)| *times) {
        Some(((says, way), _)) => format!("The usual reason: {says}. To do: {way}."),
        None => "The audit has not seen anything yet.".to_owned(),
    }
}

fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

fn count_are(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun} is") } else { format!("{n} {noun}s are") }
}

#[cfg(test)]
mod tests {
    use super::audit;
    use crate::facts::{Facts, Scope, Target};
    use jiff::Timestamp;

    #[test]
    fn what_is_left_is_told_by_its_kinds_and_none_is_told_of_nought() {
        let kinds = |untold, asks| super::still_open(&[(untold, "check", "untold"), (asks, "question", "for you")]);
        assert_eq!(kinds(1, 2), "Still open: 1 check untold, 2 questions for you.");
        assert_eq!(kinds(0, 1), "Still open: 1 question for you.");
        assert!(kinds(0, 0).starts_with("Nothing else is open"));
    }

    #[test]
    fn a_run_that_saw_nothing_says_so_and_why() {
        let target = Target { name: "example.com".to_owned(), domain: "example.com".to_owned() };
        let facts = Facts::begin(target, "sd", Scope::default(), Timestamp::UNIX_EPOCH);
        let says = audit(&facts, crate::roadmap::by_id("sd").unwrap(), Timestamp::UNIX_EPOCH).says;
        assert_eq!(says[0], "Nothing could be looked at, so nothing speaks for or against a launch.");
        assert!(says[1].starts_with("The usual reason: "), "{}", says[1]);
    }
}
