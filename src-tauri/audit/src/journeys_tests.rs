//! The checks of journeys, healthy, broken and unseen, and what is told of each kind of failure.

use super::{judge, words};
use crate::check::{Check, Finding, Grade, Severity, Status, Verdict};
use crate::checks::journey::{checkout, core, degraded, demo_data, empty, login, reset, signup};
use crate::facts::{Choice, Facts, JourneyEnd, JourneyKind, JourneySeen, Miss, StepHop, StepSeen, StepTimes};
use crate::testing::{answered, blank, now, seen, status};
use crate::{Case, Unseen, Why, roadmap};

/// Ends of a journey.
const WHOLE: fn() -> JourneyEnd = || JourneyEnd::Whole;
const FAILED: fn() -> JourneyEnd = || JourneyEnd::Failed;
const LOST: fn() -> JourneyEnd = || JourneyEnd::Lost {
    step: "Send the form".to_owned(),
    unseen: Unseen {
        what: "x".to_owned(),
        why: Why::Timeout,
        says: "no answer came within 10 s".to_owned(),
        way: "run it again".to_owned(),
    },
};

/// Facts with one journey of this kind that ended so.
fn with(kind: &str, end: fn() -> JourneyEnd) -> Facts {
    let misses = match end() {
        JourneyEnd::Failed => vec![Miss::Status { seen: 500, wanted: vec![200] }],
        _ => vec![],
    };
    journey(kind, end(), misses)
}

fn journey(kind: &str, end: JourneyEnd, misses: Vec<Miss>) -> Facts {
    let text = str::to_owned;
    let kind = JourneyKind::ALL.iter().find(|(_, word)| *word == kind).map(|(kind, _)| *kind).unwrap();
    let step = |name: &str, status, misses| StepSeen {
        name: text(name),
        what: text("POST /enter"),
        hops: vec![StepHop { url: text("https://app.example.com/enter"), status }],
        times: StepTimes { total: 210_000, ttfb: 190_000, ..StepTimes::default() },
        within_ms: None,
        misses,
    };
    let status = misses.iter().find_map(|miss| match miss {
        Miss::Status { seen, .. } => Some(*seen),
        _ => None,
    });
    let steps = vec![step("Open the form", 200, vec![]), step("Send the form", status.unwrap_or(200), misses)];
    let run = JourneySeen {
        kind,
        steps,
        planned: 4,
        took_ms: 420,
        within_ms: Some(2_000),
        by: Some(text("Ada")),
        slow: None,
        earlier: None,
        end,
        stop: None,
    };
    let mut facts = blank();
    facts.journeys.insert(format!("{} Main way", kind.word()), seen(run));
    facts
}

fn findings(facts: &Facts, kind: &'static [JourneyKind]) -> Vec<Finding> {
    let case = Case { facts, roadmap: roadmap::by_id("sd").unwrap(), now: now() };
    match judge(&case, kind).unwrap() {
        Verdict::Judged { findings, .. } => findings,
        Verdict::NotApplicable(_) => vec![],
    }
}

/// Each check with the kinds of journey that it judges.
const BY_STEPS: [(&Check, &[&str]); 5] = [
    (&signup::CHECK, &["signup"]),
    (&login::CHECK, &["login", "logout"]),
    (&reset::CHECK, &["reset"]),
    (&checkout::CHECK, &["checkout", "booking"]),
    (&core::CHECK, &["core", "dashboard", "webhook"]),
];

#[test]
fn checks_by_steps_pass_fail_or_cannot_tell_as_their_journeys_end() {
    for (check, kinds) in BY_STEPS {
        assert_eq!(status(check, &blank()), Status::CouldNotTell, "{}", check.id);
        for (_, kind) in JourneyKind::ALL {
            let own = kinds.contains(&kind);
            for (end, ends) in [(WHOLE, Status::Pass), (FAILED, Status::Fail), (LOST, Status::CouldNotTell)] {
                let wanted = if own { ends } else { Status::CouldNotTell };
                assert_eq!(status(check, &with(kind, end)), wanted, "{} {kind}", check.id);
            }
        }
    }
}

#[test]
fn checks_that_only_a_person_can_answer_follow_the_answer() {
    for check in [&degraded::CHECK, &demo_data::CHECK, &empty::CHECK] {
        assert_eq!(status(check, &blank()), Status::CouldNotTell, "{}", check.id);
        assert_eq!(status(check, &answered(check, Choice::Yes)), Status::Pass, "{}", check.id);
        assert_eq!(status(check, &answered(check, Choice::NotApplicable)), Status::NotApplicable, "{}", check.id);
        let found = crate::testing::findings(check, &answered(check, Choice::No));
        assert!(found[0].evidence[0].contains("as seen on Monday") && !found[0].fix.says.is_empty(), "{}", check.id);
    }
}

#[test]
fn the_step_that_failed_is_named_with_its_place_and_its_time() {
    let found = findings(&with("login", FAILED), &[JourneyKind::Login]);
    assert_eq!(
        found[0].says,
        "The journey \"Main way\" ends at step 2 of 4, \"Send the form\": it was answered with status 500 where 200 was expected."
    );
    assert_eq!((found[0].grade, found[0].severity), (Grade::Fail, Severity::Critical));
    assert!(found[0].fix.says.contains("2026-11-21 12:00:00 UTC"), "{}", found[0].fix.says);
    assert_eq!(found[0].evidence.len(), 2);
    assert_eq!(findings(&with("core", FAILED), &[JourneyKind::Core])[0].severity, Severity::High);
}

#[test]
fn slow_steps_and_slow_journeys_are_warned_of() {
    let slow = Miss::Slow { within_ms: 100, took_ms: 210 };
    let mut facts = journey("login", JourneyEnd::Whole, vec![slow]);
    let found = findings(&facts, &[JourneyKind::Login]);
    assert_eq!((found.len(), found[0].grade), (1, Grade::Warn));
    assert!(found[0].says.contains("it took 210 ms where 100 ms was allowed"));
    for fact in facts.journeys.values_mut() {
        if let crate::Fact::Seen { value, .. } = fact {
            value.took_ms = 2_001;
        }
    }
    assert_eq!(findings(&facts, &[JourneyKind::Login]).len(), 2);
}

#[test]
fn every_failure_has_words_and_a_fix() {
    let text = str::to_owned;
    for miss in [
        Miss::Status { seen: 200, wanted: vec![401, 403] },
        Miss::Status { seen: 404, wanted: vec![] },
        Miss::Lacks { text: text("Welcome") },
        Miss::Holds { text: text("error") },
        Miss::Json { pointer: text("/id"), wanted: None, there: false },
        Miss::Json { pointer: text("/id"), wanted: Some(text("3")), there: true },
        Miss::Header { name: text("location"), wanted: None },
        Miss::Header { name: text("location"), wanted: Some(text("/boards")) },
        Miss::NoCookie { name: text("sid") },
        Miss::At { wanted: text("/boards"), seen: text("/enter") },
        Miss::Capture { name: text("csrf"), from: text("hidden field csrf") },
        Miss::NoMail { within_s: 60 },
        Miss::Redirects { count: 3, back_to: Some(text("https://app.example.com/enter")) },
        Miss::Redirects { count: 10, back_to: None },
        Miss::Unencrypted { host: text("app.example.com") },
    ] {
        let told = words(&miss);
        let found = findings(&journey("login", JourneyEnd::Failed, vec![miss]), &[JourneyKind::Login]);
        assert!(found[0].says.contains(&told) && found[0].says.ends_with('.'), "{told}");
        assert!(found[0].fix.says.ends_with("Then go through \"Main way\" again."), "{}", found[0].fix.says);
        assert!(found[0].fix.paste.as_ref().is_none_or(|paste| paste.contains('<')), "{told}");
    }
}

#[test]
fn a_journey_that_was_lost_is_no_failure_beside_one_that_passed() {
    let mut facts = with("login", WHOLE);
    facts.journeys.extend(with("logout", LOST).journeys);
    let case = Case { facts: &facts, roadmap: roadmap::by_id("sd").unwrap(), now: now() };
    let Ok(Verdict::Judged { proof, findings, unseen }) = judge(&case, &[JourneyKind::Login, JourneyKind::Logout])
    else {
        panic!("not judged")
    };
    assert_eq!((proof.len(), findings.len(), unseen.len()), (1, 0, 1));
    assert!(proof[0].contains("2 steps in 420 ms of 2.0 s allowed") && proof[0].contains("Ada agreed"), "{proof:?}");
    assert!(unseen[0].says.contains("Send the form"));
}
