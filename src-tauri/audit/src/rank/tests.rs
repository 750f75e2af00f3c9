//! The fix order on cases that founders meet, each with the reason why it has to come out so.

use super::{Ranked, hour, order, placed, rest};
use crate::audit::{Exposure, Outcome, Step};
use crate::check::{Concern, Finding, Fix, Grade, Severity, Status};
use crate::roadmap::{self, Roadmap};

fn roadmap(id: &str) -> &'static Roadmap {
    roadmap::by_id(id).unwrap()
}

fn finding(subject: &str, grade: Grade, severity: Severity, minutes: u16, after: &[&str]) -> Finding {
    let after = after.iter().map(ToString::to_string).collect();
    let fix = Fix { says: "mend it".to_owned(), paste: None, minutes, after };
    Finding { subject: subject.to_owned(), grade, severity, says: "it is so".to_owned(), evidence: vec![], fix }
}

fn outcome(check: &str, findings: Vec<Finding>) -> Outcome {
    Outcome {
        check: check.to_owned(),
        title: String::new(),
        why: String::new(),
        status: Status::Fail,
        severity: None,
        proof: vec![],
        findings,
        waived: vec![],
        unseen: vec![],
        reason: None,
        covers: String::new(),
        refs: vec![],
    }
}

fn ranked(id: &str, found: Vec<(&str, Finding)>) -> Ranked {
    let outcomes: Vec<Outcome> = found.into_iter().map(|(check, finding)| outcome(check, vec![finding])).collect();
    order(&outcomes, &[], roadmap(id))
}

fn checks(ranked: &Ranked) -> Vec<&str> {
    ranked.steps.iter().map(|step| step.check.as_str()).collect()
}

use Grade::{Fail, Warn};
use Severity::{Critical, High, Low, Medium};

#[test]
fn a_certificate_comes_after_the_name_it_is_for() {
    // Nobody can be given a certificate for a name that points nowhere, however bad the page behind it is.
    let ranked = ranked(
        "sd",
        vec![
            ("http.https_only", finding("http://acme.com/", Fail, Critical, 20, &[])),
            ("tls.certificate", finding("acme.com", Fail, Critical, 30, &[])),
            ("dns.apex", finding("acme.com", Fail, High, 30, &[])),
        ],
    );
    assert_eq!(checks(&ranked), ["dns.apex", "tls.certificate", "http.https_only"]);
    assert!(ranked.steps[0].reason.ends_with("Steps 2 and 3 rest on it."), "{}", ranked.steps[0].reason);
    assert!(ranked.steps[1].reason.ends_with("Step 3 rests on it."), "{}", ranked.steps[1].reason);
}

#[test]
fn a_leaked_key_waits_for_nothing() {
    // It is being used by somebody already; the names of the site have no part in that.
    let ranked = ranked(
        "sd",
        vec![
            ("dns.apex", finding("acme.com", Fail, High, 10, &[])),
            ("bundle.secrets", finding("https://acme.com/app.js", Fail, Critical, 30, &[])),
        ],
    );
    assert_eq!(checks(&ranked), ["bundle.secrets", "dns.apex"]);
}

#[test]
fn what_stops_a_launch_does_not_wait_for_everything_in_between() {
    // The medium step that the critical one rests on is drawn up to it, instead of the critical one going down to the medium ones.
    let ranked = ranked(
        "sd",
        vec![
            ("mail.received", finding("acme.com", Fail, Critical, 30, &["mail.spf"])),
            ("http.cookies", finding("acme.com", Fail, High, 30, &[])),
            ("mail.spf", finding("acme.com", Warn, Medium, 15, &[])),
        ],
    );
    assert_eq!(checks(&ranked), ["mail.spf", "mail.received", "http.cookies"]);
    assert!(ranked.steps[0].now, "what a step of today rests on is done today");
}

#[test]
fn polish_below_holds_nothing_up() {
    let ranked = ranked(
        "sd",
        vec![
            ("mail.received", finding("acme.com", Fail, Critical, 30, &["mail.spf"])),
            ("mail.spf", finding("acme.com", Warn, Low, 15, &[])),
        ],
    );
    assert_eq!(checks(&ranked), ["mail.received", "mail.spf"]);
}

#[test]
fn a_business_minds_what_it_lives_from() {
    // Coaches live from mail that arrives; an internal tool lives from keys and access.
    let both = || {
        vec![
            ("mail.spf", finding("acme.com", Fail, High, 30, &[])),
            ("http.exposed_files", finding("https://acme.com/.env", Fail, High, 30, &[])),
        ]
    };
    assert_eq!(checks(&ranked("cc", both()))[0], "mail.spf");
    assert_eq!(checks(&ranked("io", both()))[0], "http.exposed_files");
}

#[test]
fn a_shut_checkout_weighs_more_than_a_shut_page() {
    let both = || {
        vec![
            ("http.dead_links", finding("https://acme.com/about", Fail, Medium, 30, &[])),
            ("http.dead_links", finding("https://acme.com/checkout", Fail, Medium, 30, &[])),
        ]
    };
    let ranked = ranked("cc", both());
    assert_eq!(ranked.steps[0].subject, "https://acme.com/checkout");
    assert!(ranked.steps[0].reason.contains("It stands where people pay."), "{}", ranked.steps[0].reason);
    assert!(!ranked.steps[1].reason.contains("pay"), "{}", ranked.steps[1].reason);
}

#[test]
fn a_trial_copy_matters_less_than_the_product() {
    let ranked = ranked(
        "sd",
        vec![
            ("http.error_pages", finding("https://staging.acme.com/x", Fail, Medium, 10, &[])),
            ("http.error_pages", finding("https://acme.com/x", Fail, Medium, 60, &[])),
        ],
    );
    assert_eq!(ranked.steps[0].subject, "https://acme.com/x");
    assert_eq!(ranked.steps[0].exposure, Exposure::Visitors);
    assert_eq!(ranked.steps[1].exposure, Exposure::Team);
}

#[test]
fn of_two_that_weigh_the_same_the_quick_one_comes_first() {
    let ranked = ranked(
        "sd",
        vec![
            ("http.compression", finding("https://acme.com/a", Fail, Medium, 120, &[])),
            ("http.compression", finding("https://acme.com/b", Fail, Medium, 10, &[])),
        ],
    );
    assert_eq!(ranked.steps[0].subject, "https://acme.com/b");
}

#[test]
fn a_circle_ends_and_loses_nothing() {
    let ranked = ranked(
        "sd",
        vec![
            ("mail.spf", finding("acme.com", Fail, High, 10, &["mail.dkim"])),
            ("mail.dkim", finding("acme.com", Fail, High, 10, &["mail.spf"])),
            ("mail.dmarc", finding("acme.com", Fail, High, 10, &["mail.spf"])),
        ],
    );
    assert_eq!(ranked.steps.iter().map(|step| step.rank).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(rest::places(&[vec![1], vec![2], vec![0]]), [2, 1, 0]);
}

fn step(check: &str, minutes: u16, severity: Severity, after: &[&str]) -> Step {
    Step {
        rank: 0,
        check: check.to_owned(),
        subject: "acme.com".to_owned(),
        grade: Fail,
        severity,
        concern: Concern::Reach,
        exposure: Exposure::Visitors,
        says: String::new(),
        fix: finding("", Fail, severity, minutes, after).fix,
        reason: String::new(),
        now: false,
        items: vec![],
    }
}

fn in_an_hour(steps: Vec<Step>, risks: &[f64]) -> (Vec<String>, u16, String) {
    let ranked = placed(steps, risks);
    let chosen = hour(&ranked);
    let name = |rank: &u16| ranked.steps[usize::from(*rank) - 1].check.clone();
    (chosen.steps.iter().map(name).collect(), chosen.minutes, chosen.says)
}

#[test]
fn one_hour_takes_the_set_that_is_worth_most_and_not_the_first_that_fit() {
    // The first step alone would fill 50 minutes; the two behind it together take more risk away.
    let steps = vec![step("a.a", 50, High, &[]), step("b.b", 30, High, &[]), step("c.c", 30, High, &[])];
    let (chosen, minutes, says) = in_an_hour(steps, &[40.0, 30.0, 30.0]);
    assert_eq!((chosen, minutes), (vec!["b.b".to_owned(), "c.c".to_owned()], 60));
    assert_eq!(says, "These 2 steps take the most risk away, about 60 minutes of work: 2 of 3 blockers will be gone.");
}

#[test]
fn one_hour_holds_what_a_step_rests_on_or_leaves_it() {
    let small = || step("under.it", 20, Medium, &[]);
    // With what it rests on it takes 60 minutes, and stands behind that.
    let fits = vec![step("top.it", 40, High, &["under.it"]), small(), step("c.c", 30, Medium, &[])];
    assert_eq!(in_an_hour(fits, &[40.0, 1.0, 10.0]).0, ["under.it", "top.it"]);
    // With what it rests on it takes 65 minutes: no part of it is begun.
    let too_long = vec![step("top.it", 45, High, &["under.it"]), small(), step("c.c", 50, Medium, &[])];
    assert_eq!(in_an_hour(too_long, &[40.0, 1.0, 10.0]).0, ["c.c"]);
}

#[test]
fn an_hour_that_is_too_short_or_long_enough_says_so() {
    let (chosen, minutes, says) = in_an_hour(vec![step("a.a", 240, High, &[]), step("b.b", 90, Low, &[])], &[9.0, 1.0]);
    assert_eq!((chosen.len(), minutes), (0, 0));
    assert_eq!(says, "No step is done within one hour. The shortest is step 2.");
    let (chosen, _, says) = in_an_hour(vec![step("a.a", 30, High, &[]), step("b.b", 10, Low, &[])], &[9.0, 1.0]);
    assert_eq!(chosen.len(), 2);
    assert_eq!(says, "All of it, about 40 minutes of work: no blocker is left then.");
    assert_eq!(in_an_hour(vec![], &[]).2, "");
}

#[test]
fn ten_thousand_findings_are_ranked_at_once() {
    let findings: Vec<Finding> =
        (0..10_000).map(|at| finding(&format!("https://acme.com/{at}"), Fail, Medium, 5, &["mail.spf"])).collect();
    let ranked = order(&[outcome("http.dead_links", findings)], &[], roadmap("sd"));
    assert_eq!(ranked.steps.last().unwrap().rank, 10_000);
    assert_eq!(hour(&ranked).steps.len(), 12);
}

#[test]
fn what_is_overdue_comes_before_its_equals_and_never_before_what_is_worse() {
    let facts = crate::testing::healthy();
    let mut stages = crate::audit(&facts, roadmap("sd"), facts.started).stages;
    let found = |severity| {
        vec![
            outcome("http.caching", vec![finding("acme.com", Fail, severity, 10, &[])]),
            outcome("http.payload_size", vec![finding("acme.com", Fail, Medium, 90, &[])]),
        ]
    };
    assert_eq!(checks(&order(&found(Medium), &stages, roadmap("sd"))), ["http.caching", "http.payload_size"]);
    for item in stages.iter_mut().flat_map(|stage| &mut stage.items) {
        if item.checks.iter().any(|check| check == "http.payload_size") {
            (item.due, item.overdue) = ("2026-11-20".parse().ok(), true);
        }
    }
    let late = order(&found(Medium), &stages, roadmap("sd"));
    assert_eq!(checks(&late), ["http.payload_size", "http.caching"]);
    assert!(late.steps[0].reason.ends_with("It was due on 20 Nov 2026."), "{}", late.steps[0].reason);
    assert!(!late.steps[1].reason.contains("due on"));
    assert_eq!(checks(&order(&found(High), &stages, roadmap("sd"))), ["http.caching", "http.payload_size"]);
    // What it takes away in risk is the same: an hour is not spent on it only because somebody named a day.
    assert!((late.risks[0] - order(&found(Medium), &[], roadmap("sd")).risks[1]).abs() < f64::EPSILON);
}
