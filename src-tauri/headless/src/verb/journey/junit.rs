//! Journeys as JUnit XML: a suite for each journey, a case for each step, so that CI shows which step failed.

use crate::exit::Trouble;
use audit::facts::{Fact, Facts, JourneyEnd, JourneySeen, StepSeen};
use audit::journeys::{line, words};
use engine::Trip;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::time::Duration;

/// The whole report.
pub fn report(trips: &[Trip], facts: &Facts) -> Result<String, Trouble> {
    let mut report = Report::new("launch-ready journey");
    for trip in trips {
        let journey = trip.journey();
        let fact = facts.journeys.get(&format!("{} {}", journey.kind.word(), journey.name));
        let mut suite = TestSuite::new(journey.name.clone());
        for (place, step) in journey.steps.iter().enumerate() {
            let mut case = match fact {
                Some(Fact::Seen { value, .. }) => case(value, place, &step.name),
                Some(Fact::Unseen(unseen)) if place == 0 => error(&step.name, &unseen.says, &unseen.way),
                _ => TestCase::new(step.name.clone(), TestCaseStatus::skipped()),
            };
            case.set_classname(journey.name.clone());
            suite.add_test_case(case);
        }
        report.add_test_suite(suite);
    }
    report.to_string().map_err(|error| Trouble::new(format!("failed to write the JUnit report: {error}")))
}

fn case(seen: &JourneySeen, place: usize, name: &str) -> TestCase {
    let Some(step) = seen.steps.get(place) else {
        return match &seen.end {
            JourneyEnd::Lost { unseen, .. } if place == seen.steps.len() => error(name, &unseen.says, &unseen.way),
            _ => TestCase::new(name.to_owned(), TestCaseStatus::skipped()),
        };
    };
    let mut case = TestCase::new(name.to_owned(), status(step));
    case.set_time(Duration::from_micros(step.times.total.into()));
    case.set_system_out(line(step));
    case
}

fn status(step: &StepSeen) -> TestCaseStatus {
    if step.misses.is_empty() {
        return TestCaseStatus::success();
    }
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(step.misses.iter().map(words).collect::<Vec<_>>().join("; "));
    status
}

fn error(name: &str, says: &str, way: &str) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(says.to_owned()).set_description(way.to_owned());
    TestCase::new(name.to_owned(), status)
}

#[cfg(test)]
mod tests {
    use super::report;
    use audit::facts::{
        Fact, Facts, JourneyEnd, JourneyKind, JourneySeen, Miss, Scope, StepHop, StepSeen, StepTimes, Target,
    };
    use engine::Trip;
    use std::collections::BTreeMap;

    const FILE: &str = "version = 1\n[[journey]]\nname = \"Sign <in>\"\nkind = \"login\"\nbase = \"https://example.com\"\n[[journey.step]]\nname = \"Open\"\npath = \"/\"\n[[journey.step]]\nname = \"Send\"\npath = \"/a\"\n[[journey.step]]\nname = \"Look\"\npath = \"/b\"\n";

    #[test]
    fn every_step_is_a_case() {
        let journey = audit::read::journey::read(FILE).unwrap().remove(0);
        let trips = [Trip::new(journey, BTreeMap::new()).unwrap()];
        let step = |name: &str, status, misses| StepSeen {
            name: name.to_owned(),
            what: "GET /".to_owned(),
            hops: vec![StepHop { url: "https://example.com/".to_owned(), status }],
            times: StepTimes { total: 12_000, ..StepTimes::default() },
            within_ms: None,
            misses,
        };
        let failed = Miss::Status { seen: 500, wanted: vec![] };
        let seen = JourneySeen {
            kind: JourneyKind::Login,
            steps: vec![step("Open", 200, vec![]), step("Send", 500, vec![failed])],
            planned: 3,
            took_ms: 24,
            within_ms: None,
            by: None,
            slow: None,
            earlier: None,
            end: JourneyEnd::Failed,
            stop: None,
        };
        let target = Target { name: "example.com".to_owned(), domain: "example.com".to_owned() };
        let at = "2026-11-21T12:00:00Z".parse().unwrap();
        let mut facts = Facts::begin(target, "sd", Scope::default(), at);
        facts.journeys.insert("login Sign <in>".to_owned(), Fact::Seen { value: seen, at, from: String::new() });
        let text = report(&trips, &facts).unwrap();
        assert!(text.contains("tests=\"3\"") && text.contains("failures=\"1\"") && text.contains("skipped"), "{text}");
        assert!(text.contains("status 500") && text.contains("Sign &lt;in&gt;") && !text.contains("<in>"), "{text}");
    }
}
