//! What an accepted risk covers and what it does not, seen in whole audits.

use super::{Standing, refuse};
use crate::check::{Severity, Status};
use crate::facts::{Answer, Choice, Facts, Waiver};
use crate::testing::{answer, healthy, now};
use crate::{Audit, Launch, State, roadmap};
use jiff::ToSpan;
use std::collections::BTreeMap;

fn judged(facts: &Facts) -> Audit {
    crate::audit(facts, roadmap::by_id("sd").unwrap(), now())
}

fn waiver(of: &str, subject: Option<&str>) -> Waiver {
    Waiver {
        of: of.to_owned(),
        subject: subject.map(str::to_owned),
        severity: None,
        reason: "the old site goes away in January".to_owned(),
        approver: "Dana Rivera".to_owned(),
        until: super::day(now()) + 30.days(),
        at: now(),
    }
}

/// A site whose mail nobody may send: a failure that is found without fail.
fn broken() -> Facts {
    let mut facts = healthy();
    answer(&mut facts, "example.com", "TXT", vec![]);
    facts
}

fn said(choice: Choice, note: &str) -> Answer {
    let (evidence, owner, rows) = (String::new(), String::new(), BTreeMap::new());
    Answer { choice, note: note.to_owned(), evidence, owner, rows, at: now() }
}

fn item<'a>(audit: &'a Audit, id: &str) -> &'a crate::audit::Item {
    audit.stages.iter().flat_map(|stage| &stage.items).find(|item| item.id == id).unwrap()
}

#[test]
fn a_finding_that_was_accepted_counts_no_more_until_it_runs_out_or_grows_worse() {
    let mut facts = broken();
    let before = judged(&facts);
    let step = before.order.iter().find(|step| step.check == "mail.spf").unwrap().clone();
    let open = |audit: &Audit| audit.order.iter().any(|one| (&one.check, &one.subject) == (&step.check, &step.subject));
    let standing = |audit: &Audit| audit.waivers[0].standing;

    facts.waivers = vec![waiver(&step.check, Some(&step.subject))];
    let audit = judged(&facts);
    assert!(!open(&audit));
    let outcome = audit.outcome("mail.spf").unwrap();
    assert_eq!(outcome.waived[0].finding.as_ref().unwrap().says, step.says);
    assert_eq!(standing(&audit), Standing::Holds);
    assert!(audit.says.iter().any(|line| line.ends_with("accepted it for a time: 1 known risk.")), "{:?}", audit.says);
    assert!(before.order.len() > audit.order.len());

    for change in [
        (|waiver: &mut Waiver| waiver.until = super::day(now()) - 1.days()) as fn(&mut Waiver),
        |waiver| waiver.severity = Some(Severity::Low),
        |waiver| waiver.subject = Some("another.example".to_owned()),
        |waiver| waiver.subject = None,
    ] {
        let mut other = waiver(&step.check, Some(&step.subject));
        change(&mut other);
        facts.waivers = vec![other.clone()];
        let audit = judged(&facts);
        assert!(open(&audit), "{other:?}");
        assert_eq!(audit.outcome("mail.spf").unwrap().status, before.outcome("mail.spf").unwrap().status);
        let expected = if other.until < super::day(now()) { Standing::Expired } else { Standing::Needless };
        assert_eq!(standing(&audit), expected, "{other:?}");
    }

    let mut mended = healthy();
    mended.waivers = vec![waiver(&step.check, Some(&step.subject))];
    assert_eq!(standing(&judged(&mended)), Standing::Needless, "a waiver of what was mended is told");
}

#[test]
fn what_was_accepted_is_never_told_as_nothing_wrong() {
    let mut facts = broken();
    for _ in 0..5 {
        let order = judged(&facts).order;
        facts.waivers.extend(order.iter().map(|step| waiver(&step.check, Some(&step.subject))));
    }
    let audit = judged(&facts);
    assert!(audit.order.is_empty() && !audit.waivers.is_empty());
    let (first, second) = (&audit.says[0], &audit.says[1]);
    assert!(first.contains("accepted for a time: "), "{first}");
    assert_eq!(second, "No fix is due until the first of them runs out on 21 Dec 2026.");
    assert!(!audit.says.concat().contains("is broken"), "{:?}", audit.says);
}

#[test]
fn all_of_a_check_accepted_is_told_as_accepted_and_never_as_passed() {
    let mut facts = broken();
    facts.answers.insert("mail.spf".to_owned(), said(Choice::Yes, ""));
    let found = judged(&facts).outcome("mail.spf").unwrap().findings.clone();
    facts.waivers = found.iter().map(|finding| waiver("mail.spf", Some(&finding.subject))).collect();
    let audit = judged(&facts);
    let outcome = audit.outcome("mail.spf").unwrap();
    assert_eq!((outcome.status, outcome.findings.len(), outcome.severity), (Status::Waived, 0, None));
    let item = item(&audit, "SD5.1");
    assert_eq!((item.state, &item.checks[..]), (State::Waived, &["mail.spf".to_owned()][..]));
    assert!(item.says.starts_with("Accepted by Dana Rivera until 21 Dec 2026: "), "{}", item.says);
}

#[test]
fn what_could_not_be_told_and_what_nobody_did_can_be_accepted() {
    let mut facts = healthy();
    facts.answers.insert("SD7.S".to_owned(), said(Choice::No, ""));
    let before = judged(&facts);
    let untold = before.outcomes.iter().find(|outcome| outcome.status == Status::CouldNotTell).unwrap().check.clone();
    let asking =
        before.stages.iter().flat_map(|stage| &stage.items).find(|item| item.state == State::NeedsYou).unwrap();
    assert!(asking.acceptable);
    facts.waivers = vec![waiver(&untold, None), waiver(&asking.id, None)];
    let audit = judged(&facts);
    let outcome = audit.outcome(&untold).unwrap();
    assert_eq!((outcome.status, outcome.waived[0].finding.is_none()), (Status::Waived, true));
    assert_eq!((item(&audit, &asking.id).state, item(&audit, &asking.id).acceptable), (State::Waived, false));
    assert!(audit.waivers.iter().all(|told| told.standing == Standing::Holds));
}

#[test]
fn a_row_that_a_check_fails_is_accepted_finding_by_finding_only() {
    let mut facts = broken();
    let before = judged(&facts);
    let failing =
        before.stages.iter().flat_map(|stage| &stage.items).find(|item| item.state == State::Failing).unwrap();
    assert!(!failing.acceptable);
    facts.waivers = vec![waiver(&failing.id, None)];
    let audit = judged(&facts);
    assert_eq!(item(&audit, &failing.id).state, State::Failing);
    assert_eq!(audit.waivers[0].standing, Standing::Needless);
    assert_eq!(audit.verdict, before.verdict);
}

#[test]
fn a_raised_sign_holds_its_stage_open() {
    let mut facts = healthy();
    let roadmap = roadmap::by_id("sd").unwrap();
    let asked =
        roadmap.stages.iter().flat_map(|stage| &stage.signals).find(|signal| signal.question.is_some()).unwrap();
    facts.answers.insert(asked.id.clone(), said(Choice::Yes, ""));
    let audit = judged(&facts);
    let stage = audit.stages.iter().find(|stage| stage.signals.iter().any(|one| one.id == asked.id)).unwrap();
    assert_eq!(stage.state, State::Failing);
    assert_ne!(audit.verdict, Launch::Go);
    facts.waivers = vec![waiver(&asked.id, None)];
    let audit = judged(&facts);
    let stage = audit.stages.iter().find(|stage| stage.signals.iter().any(|one| one.id == asked.id)).unwrap();
    assert_ne!(stage.state, State::Failing);
}

#[test]
fn answers_and_runs_go_out_of_date_and_say_so() {
    let roadmap = roadmap::by_id("sd").unwrap();
    let mut facts = healthy();
    facts.answers.insert("SD7.S".to_owned(), said(Choice::Yes, "so it is"));
    let state = |facts: &Facts, days: i64| {
        let audit = crate::audit(facts, roadmap, now() + (days * 24).hours());
        audit
            .stages
            .iter()
            .flat_map(|stage| &stage.items)
            .map(|item| (item.state, item.says.clone()))
            .collect::<Vec<_>>()
    };
    let stale = |rows: &[(State, String)]| rows.iter().filter(|row| row.0 == State::Stale).count();
    let (fresh, month) = (state(&facts, 1), state(&facts, 31));
    assert_eq!(stale(&fresh), 0);
    assert!(month.iter().any(|row| row.0 == State::Stale && row.1.ends_with("Run the audit again.")), "{month:?}");
    let done =
        |rows: &[(State, String)]| rows.iter().filter(|row| matches!(row.0, State::Done | State::Proposed)).count();
    assert!(done(&month) < done(&fresh));

    facts.started = now() + (400_i64 * 24).hours();
    let later = state(&facts, 400);
    let old = later.iter().find(|row| row.1.starts_with("Answered on 21 Nov 2026; such an answer counts for"));
    assert!(old.is_some_and(|row| row.0 == State::Stale), "{later:?}");
}

#[test]
fn what_does_not_apply_needs_a_reason() {
    let mut facts = healthy();
    facts.answers.insert("SD7.S".to_owned(), said(Choice::NotApplicable, " "));
    let audit = judged(&facts);
    assert_eq!(item(&audit, "SD7.S").state, State::NeedsYou);
    assert!(item(&audit, "SD7.S").says.contains("say why"));
    facts.answers.insert("SD7.S".to_owned(), said(Choice::NotApplicable, "there is no such thing here"));
    assert_eq!(item(&judged(&facts), "SD7.S").state, State::NotApplicable);
}

#[test]
fn a_waiver_without_reason_name_or_day_is_refused() {
    assert_eq!(refuse(&waiver("mail.spf", None)), Ok(()));
    for (change, word) in [
        ((|waiver: &mut Waiver| waiver.reason = " ".to_owned()) as fn(&mut Waiver), "why"),
        (|waiver| waiver.approver = String::new(), "who takes the risk"),
        (|waiver| waiver.until = super::day(now()) - 1.days(), "in the past"),
        (|waiver| waiver.until = super::day(now()) + 400.days(), "a year at most"),
        (|waiver| waiver.reason = "x".repeat(2_001), "2,000"),
    ] {
        let mut wrong = waiver("mail.spf", None);
        change(&mut wrong);
        assert!(refuse(&wrong).unwrap_err().contains(word), "{word}");
    }
}
