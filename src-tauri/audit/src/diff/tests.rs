//! Two audits side by side: nothing is called fixed or new that nobody looked at.

use super::{Diff, Kind, diff, regressed};
use crate::audit::{Audit, Outcome, Verdict, Waived};
use crate::check::{Finding, Fix, Grade, Severity, Status};
use crate::facts::{Target, Waiver};
use crate::testing::now;
use crate::{Unseen, Why};

fn finding(subject: &str, severity: Severity, says: &str) -> Finding {
    let fix = Fix { says: format!("how to mend {says}"), ..Fix::default() };
    Finding { subject: subject.to_owned(), grade: Grade::Fail, severity, says: says.to_owned(), evidence: vec![], fix }
}

fn unseen(what: &str, why: Why) -> Unseen {
    Unseen { what: what.to_owned(), why, says: format!("{what} was silent"), way: "run it again".to_owned() }
}

fn outcome(check: &str, findings: Vec<Finding>, unseen: Vec<Unseen>) -> Outcome {
    let status = match (findings.is_empty(), unseen.is_empty()) {
        (false, _) => Status::Fail,
        (true, false) => Status::CouldNotTell,
        (true, true) => Status::Pass,
    };
    Outcome {
        check: check.to_owned(),
        title: "The good state".to_owned(),
        why: String::new(),
        status,
        severity: None,
        proof: vec![],
        findings,
        waived: vec![],
        unseen,
        reason: None,
        covers: String::new(),
        refs: vec![],
    }
}

fn audit(outcomes: Vec<Outcome>) -> Audit {
    let facts = crate::testing::blank();
    let whole = crate::audit(&facts, crate::roadmap::by_id("sd").unwrap(), now());
    let target = Target { name: "acme.com".to_owned(), domain: "acme.com".to_owned() };
    Audit { outcomes, target, verdict: Verdict::NoGo, ..whole }
}

fn between(was: Vec<Outcome>, is: Vec<Outcome>) -> Diff {
    diff(&audit(was), &audit(is))
}

fn kinds(diff: &Diff) -> Vec<(Kind, &str)> {
    diff.rows.iter().map(|row| (row.kind, row.subject.as_str())).collect()
}

use Severity::{Critical, High, Low, Medium};

#[test]
fn every_kind_is_told() {
    let was = vec![outcome(
        "http.https_only",
        vec![
            finding("acme.com", High, "stays as it is"),
            finding("www.acme.com", Medium, "expires in 20 days"),
            finding("app.acme.com", High, "gets better with 3"),
            finding("api.acme.com", Low, "goes away"),
        ],
        vec![],
    )];
    let is = vec![outcome(
        "http.https_only",
        vec![
            finding("acme.com", High, "stays as it is"),
            finding("www.acme.com", High, "expires in 3 days"),
            finding("app.acme.com", Low, "gets better with 2"),
            finding("new.acme.com", Critical, "came"),
        ],
        vec![],
    )];
    let diff = between(was, is);
    assert_eq!(
        kinds(&diff),
        [
            (Kind::New, "new.acme.com"),
            (Kind::Worse, "www.acme.com"),
            (Kind::Better, "app.acme.com"),
            (Kind::Fixed, "api.acme.com"),
            (Kind::Unchanged, "acme.com"),
        ]
    );
    assert_eq!(diff.says, "Since 21 Nov 2026 12:00 UTC: 1 new, 1 worse, 1 better, 1 fixed, 1 unchanged.");
    assert_eq!(diff.rows.iter().filter(|row| regressed(row)).count(), 2);
    assert_eq!(diff.stages.len(), 7);
}

#[test]
fn what_could_not_be_seen_is_neither_fixed_nor_new() {
    let found = |host: &str| finding(host, High, "is open");
    let was = vec![
        outcome("dns.caa", vec![found("acme.com"), found("www.acme.com")], vec![]),
        outcome("dns.www", vec![], vec![unseen("www.acme.com A", Why::Timeout)]),
    ];
    let is = vec![
        outcome("dns.caa", vec![], vec![unseen("www.acme.com|5.9.1.1", Why::Timeout)]),
        outcome("dns.www", vec![found("www.acme.com")], vec![]),
    ];
    let diff = between(was, is);
    // The bare domain was looked at: only www did not answer.
    assert_eq!(
        kinds(&diff),
        [(Kind::UntoldNow, "www.acme.com"), (Kind::UntoldThen, "www.acme.com"), (Kind::Fixed, "acme.com")]
    );
    assert_eq!(diff.rows[0].note, "www.acme.com|5.9.1.1 was silent");
    assert!(!regressed(&diff.rows[0]));
    assert!(regressed(&diff.rows[1]), "it is there now, and nobody knows since when");
}

#[test]
fn a_reason_that_names_no_host_counts_for_all_of_them() {
    let was = vec![outcome("http.cookies", vec![finding("https://acme.com/", High, "is open")], vec![])];
    let is = vec![outcome("http.cookies", vec![], vec![unseen("cookies", Why::Timeout)])];
    assert_eq!(kinds(&between(was, is)), [(Kind::UntoldNow, "https://acme.com/")]);
}

#[test]
fn one_finding_that_went_and_another_that_came_are_two() {
    let was = vec![outcome("http.security_headers", vec![finding("acme.com", High, "HSTS is missing")], vec![])];
    let is = vec![outcome("http.security_headers", vec![finding("acme.com", High, "CSP is missing")], vec![])];
    assert_eq!(kinds(&between(was, is)), [(Kind::New, "acme.com"), (Kind::Fixed, "acme.com")]);
}

#[test]
fn a_check_that_lost_its_sight_is_told_and_a_question_is_not() {
    let was = vec![outcome("dns.www", vec![], vec![]), outcome("dns.apex", vec![], vec![])];
    let is = vec![
        outcome("dns.www", vec![], vec![unseen("www.acme.com A", Why::Timeout)]),
        outcome("dns.apex", vec![], vec![unseen("owners", Why::NotAnswered)]),
    ];
    let there = between(was.clone(), is.clone());
    assert_eq!(kinds(&there), [(Kind::UntoldNow, "")]);
    assert_eq!(there.rows[0].check, "dns.www");
    assert_eq!(kinds(&between(is, was)), [(Kind::UntoldThen, "")]);
}

#[test]
fn what_was_accepted_is_not_fixed_and_counts_again_when_it_runs_out() {
    let finding = finding("acme.com", High, "is open");
    let waiver = Waiver {
        of: "dns.caa".to_owned(),
        subject: Some("acme.com".to_owned()),
        severity: None,
        reason: "known".to_owned(),
        approver: "Dana".to_owned(),
        until: "2026-12-31".parse().unwrap(),
        at: now(),
    };
    let open = vec![outcome("dns.caa", vec![finding.clone()], vec![])];
    let mut accepted = vec![outcome("dns.caa", vec![], vec![])];
    accepted[0].status = Status::Waived;
    accepted[0].waived = vec![Waived { finding: Some(finding), waiver }];
    let there = between(open.clone(), accepted.clone());
    assert_eq!(kinds(&there), [(Kind::Accepted, "acme.com")]);
    assert_eq!(there.rows[0].note, "accepted by Dana until 31 Dec 2026");
    assert_eq!(kinds(&between(accepted.clone(), open)), [(Kind::CountsAgain, "acme.com")]);
    assert_eq!(kinds(&between(accepted.clone(), accepted)), [(Kind::Unchanged, "acme.com")]);
}

#[test]
fn a_check_of_a_newer_version_was_not_looked_at_then() {
    let is = vec![outcome("dns.caa", vec![finding("acme.com", High, "is open")], vec![])];
    let there = between(vec![], is.clone());
    assert_eq!(kinds(&there), [(Kind::UntoldThen, "acme.com")]);
    assert_eq!(kinds(&between(is, vec![])), [(Kind::UntoldNow, "acme.com")]);
}

#[test]
fn nothing_then_and_nothing_now_is_said() {
    let clean = || vec![outcome("dns.caa", vec![], vec![])];
    assert_eq!(between(clean(), clean()).says, "Nothing was wrong on 21 Nov 2026 12:00 UTC, and nothing is now.");
}
