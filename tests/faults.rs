//! Every fault of the lab is found by exactly the checks that should find it, and mended by the fix that they propose where it can be
//! pasted; passing faults change no verdict; the healthy lab is clean.

mod apart;
mod fixes;
mod journeys;
mod loading;
mod mailing;
mod world;

use audit::{Audit, Status, Why};
use futures::StreamExt;
use lab::Lab;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// The longest that a whole audit may take, whatever the other side does; the records of some are looked at twice.
const LONGEST: Duration = Duration::from_secs(30);

/// Starts a lab with these faults.
async fn start(faults: &[&str]) -> Lab {
    Lab::start(std::time::SystemTime::now(), 1, faults).await.unwrap()
}

/// Starts a lab with these faults and looks at it.
async fn look(faults: &[&str]) -> audit::Facts {
    world::look(&start(faults).await).await
}

fn judged(facts: &audit::Facts) -> Audit {
    audit::audit(facts, audit::roadmap::by_id("sd").unwrap(), facts.finished.unwrap())
}

/// Whether an answer is missing only because a person gave no answer, credential or consent: nothing that the lab could hide.
fn not_given(why: Why) -> bool {
    matches!(why, Why::NotAnswered | Why::NoSession | Why::NoConsent)
}

/// Checks with a finding, and checks that could not tell (what a person did not give aside).
fn told(audit: &Audit) -> (BTreeSet<&str>, BTreeSet<&str>) {
    let found =
        audit.outcomes.iter().filter(|outcome| !outcome.findings.is_empty()).map(|outcome| outcome.check.as_str());
    let blind = audit.outcomes.iter().filter(|outcome| {
        outcome.status == Status::CouldNotTell && outcome.unseen.iter().any(|unseen| !not_given(unseen.why))
    });
    (found.collect(), blind.map(|outcome| outcome.check.as_str()).collect())
}

fn details(audit: &Audit) -> String {
    let lines = audit.outcomes.iter().flat_map(|outcome| {
        let findings =
            outcome.findings.iter().map(|finding| format!("  {} {:?} {}", outcome.check, finding.grade, finding.says));
        let unseen =
            outcome.unseen.iter().map(|unseen| format!("  {} ? {}: {}", outcome.check, unseen.what, unseen.says));
        findings.chain(unseen).collect::<Vec<_>>()
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_healthy_lab_is_clean() {
    let facts = look(&[]).await;
    let audit = judged(&facts);
    let (found, blind) = told(&audit);
    assert!(found.is_empty() && blind.is_empty(), "{}", details(&audit));
    for outcome in &audit.outcomes {
        let waits = !outcome.unseen.is_empty() && outcome.unseen.iter().all(|unseen| not_given(unseen.why));
        let good = matches!(outcome.status, Status::Pass | Status::NotApplicable) || waits;
        assert!(good, "{} ends in {:?}: {}", outcome.check, outcome.status, details(&audit));
    }
}

/// Whether it is about mail that the product sends, which is only seen where messages and an account are given.
fn mails(fault: &lab::Fault) -> bool {
    fault.finds.iter().copied().chain(fault.blinds()).any(|check| check == "mail.roundtrip")
        || ["letter-", "account-"].iter().any(|area| fault.name.starts_with(area))
}

/// Whether it is about journeys, which are only gone through where a file of them is given.
fn travels(fault: &lab::Fault) -> bool {
    fault.name.starts_with("journey-")
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_of_the_healthy_lab_arrives_proven_and_nothing_of_it_is_kept() {
    let facts = mailing::look(&start(&[]).await).await;
    let audit = judged(&facts);
    for check in ["mail.received", "mail.roundtrip", "mail.dkim", "mail.alignment"] {
        assert_eq!(audit.outcome(check).unwrap().status, Status::Pass, "{check}: {}", details(&audit));
    }
    assert_eq!(facts.messages.keys().collect::<Vec<_>>(), ["invoice", "reset"]);
    let kept = serde_json::to_string(&facts).unwrap() + &report::json(&audit).unwrap();
    for secret in ["lab-submission-2b7e", "lab-inbox-7c31", "ada@", "hello@juniper", "Set a new password", "Hello Ada"]
    {
        assert!(!kept.contains(secret), "{secret} was kept");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn journeys_of_the_healthy_lab_are_gone_through_and_nothing_of_them_is_kept() {
    let facts = journeys::look(&start(&[]).await).await;
    let audit = judged(&facts);
    assert_eq!(told(&audit), (BTreeSet::new(), BTreeSet::new()), "{}", details(&audit));
    for check in ["journey.signup", "journey.login", "journey.reset", "journey.checkout", "journey.core"] {
        assert_eq!(audit.outcome(check).unwrap().status, Status::Pass, "{check}: {}", details(&audit));
    }
    let printed = report::markdown(&audit, &facts, &report::Options::default());
    let kept = serde_json::to_string(&facts).unwrap() + &report::json(&audit).unwrap() + &printed;
    assert!(kept.contains("https://desk.juniperdesk.example/v1/orders/{{order}}"), "the journeys were gone through");
    for secret in
        ["lab-visitor-6f31", "ada@alder.example", "v-1", "s-0", "o-1", "@probe.invalid", "Fern\"", "Grove</h1>"]
    {
        assert!(!kept.contains(secret), "{secret} was kept");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_consent_no_journey_that_writes_is_begun() {
    let lab = start(&[]).await;
    let facts = journeys::look_without_consent(&lab).await;
    assert_eq!(facts.journeys.len(), 6);
    assert!(facts.journeys.values().all(|fact| fact.seen().is_err_and(|unseen| unseen.why == Why::NoConsent)));
}

/// Whether it is about what happens when many come at once, or (true) over a poor connection: seen where such a run was recorded.
fn loads(fault: &lab::Fault) -> Option<bool> {
    let about = |check: &str| fault.finds.iter().copied().chain(fault.blinds()).any(|one| one == check);
    if fault.name.starts_with("slow-network-") { Some(true) } else { about("load.burst").then_some(false) }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_healthy_lab_holds_under_load_and_over_a_poor_connection() {
    for (slow, check) in [(false, "load.burst"), (true, "load.slow_network")] {
        let audit = judged(&loading::look(&start(&[]).await, slow).await);
        assert_eq!(audit.outcome(check).unwrap().status, Status::Pass, "{check}: {}", details(&audit));
    }
}

/// Whether it is a change of records, which is only seen where earlier ones were accepted.
fn drifts(fault: &lab::Fault) -> bool {
    fault.finds.contains(&audit::drift::KEY)
}

/// A lab with a fault, looked at where records without it were accepted.
async fn since_accepted(fault: &str) -> (Lab, audit::Facts) {
    let lab = start(&[]).await;
    let before = world::look(&lab).await;
    lab.switch(fault, true).unwrap();
    let mut facts = world::look(&lab).await;
    facts.answers.insert(audit::drift::KEY.to_owned(), audit::drift::accept(&before, before.finished.unwrap()));
    (lab, facts)
}

#[tokio::test(flavor = "multi_thread")]
async fn records_that_were_accepted_and_stayed_pass() {
    let mut facts = look(&[]).await;
    facts.answers.insert(audit::drift::KEY.to_owned(), audit::drift::accept(&facts, facts.finished.unwrap()));
    let audit = judged(&facts);
    assert_eq!(audit.outcome(audit::drift::KEY).unwrap().status, Status::Pass, "{}", details(&audit));
}

/// A lab with a fault, looked at with whatever shows the fault.
async fn seen(fault: &lab::Fault) -> (Lab, audit::Facts) {
    if drifts(fault) {
        return since_accepted(fault.name).await;
    }
    let lab = start(&[fault.name]).await;
    let facts = match loads(fault) {
        _ if mails(fault) => mailing::look(&lab).await,
        _ if travels(fault) => journeys::look(&lab).await,
        Some(slow) => loading::look(&lab, slow).await,
        None => world::look(&lab).await,
    };
    (lab, facts)
}

/// How a fault is told, and what its fix does.
struct Row {
    wrong: Option<String>,
    mended: bool,
}

/// Holds a fault against its row of the table, applies what is proposed where the lab can, and looks again.
async fn row(fault: &lab::Fault) -> Row {
    let begun = Instant::now();
    let (lab, facts) = seen(fault).await;
    let took = begun.elapsed();
    let audit = judged(&facts);
    let (found, blind) = told(&audit);
    let (finds, blinds) = (fault.finds.iter().copied().collect(), fault.blinds().collect());
    let good = found == finds && blind == blinds && (!fault.passing || fault.finds.is_empty());
    let named = report::json(&audit).unwrap().contains(fault.tells);
    if !good || !named || took > LONGEST {
        let wrong = format!(
            "{} ({took:.1?}): finds {found:?} instead of {finds:?}; blinds {blind:?} instead of {blinds:?}; \"{}\" {}\n{}",
            fault.name,
            fault.tells,
            if named { "is told" } else { "is missing" },
            details(&audit)
        );
        return Row { wrong: Some(wrong), mended: false };
    }
    let quick = !drifts(fault) && !travels(fault) && loads(fault).is_none();
    let before = if quick { fixes::told(audit) } else { BTreeMap::new() };
    let fixed = fixes::mend(&lab, &before);
    if fixed.is_empty() {
        return Row { wrong: None, mended: false };
    }
    let facts = if mails(fault) { mailing::look(&lab).await } else { world::look(&lab).await };
    let amiss = fixes::amiss(&before, &fixed, &fixes::told(judged(&facts)));
    Row { wrong: amiss.map(|amiss| format!("{}: {amiss}", fault.name)), mended: true }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_is_found_by_exactly_the_checks_that_should_find_it_and_its_fix_mends_it() {
    let only = std::env::var("FAULT").ok();
    let asked =
        |fault: &&lab::Fault| only.as_deref().is_none_or(|names| names.split(',').any(|name| name == fault.name));
    let chosen = lab::FAULTS.iter().filter(asked);
    let runs = chosen.map(|fault| apart::apart(move || async move { (fault, row(fault).await) }));
    let rows: Vec<(&lab::Fault, Row)> = futures::stream::iter(runs).buffer_unordered(8).collect().await;
    let mut mended: Vec<&str> = rows.iter().filter(|(_, row)| row.mended).map(|(fault, _)| fault.name).collect();
    // Eight audits at once slow one another, which the samples of latency tell; what is wrong stays wrong alone.
    let mut told = Vec::new();
    for (fault, _) in rows.iter().filter(|(_, row)| row.wrong.is_some()) {
        let again = row(fault).await;
        told.extend(again.wrong);
        if again.mended && !mended.contains(&fault.name) {
            mended.push(fault.name);
        }
    }
    assert!(told.is_empty(), "{} of {}:\n{}", told.len(), lab::FAULTS.len(), told.join("\n"));
    println!("{} faults mended by what was pasted: {}", mended.len(), mended.join(" "));
    assert!(only.is_some() || mended.len() >= fixes::MENDED, "only {} faults can be mended by pasting", mended.len());
}

/// The selector that a test message was signed under is asked for at the next look for keys.
#[tokio::test(flavor = "multi_thread")]
async fn a_selector_of_a_test_message_is_looked_for_next() {
    let lab = start(&["letter-hidden-selector"]).await;
    let plan = mailing::sending(&lab);
    let facts = mailing::run(&lab, &plan).await;
    assert_eq!(judged(&facts).outcome("mail.roundtrip").unwrap().status, Status::Pass, "{}", details(&judged(&facts)));
    let (send, _events) = tokio::sync::mpsc::unbounded_channel();
    let facts = engine::look_again(facts, "mail.dkim", &plan, &world::world(&lab), Default::default(), send).await;
    let dkim = judged(&facts).outcome("mail.dkim").unwrap().clone();
    assert!(dkim.findings.len() == 1 && dkim.findings[0].subject.starts_with("k7x2024q._domainkey."), "{dkim:?}");
}

/// A selector that nobody can guess is looked for once a person names it, and its key is judged.
#[tokio::test(flavor = "multi_thread")]
async fn a_selector_that_a_person_names_is_looked_for() {
    let lab = start(&["dkim-unusual-selector"]).await;
    let (plan, there) = (world::plan(&lab), world::world(&lab));
    let (send, _events) = tokio::sync::mpsc::unbounded_channel();
    let mut facts = world::look(&lab).await;
    assert_eq!(judged(&facts).outcome("mail.dkim").unwrap().status, Status::CouldNotTell);
    let rows = [("k7x2024q._domainkey.juniperdesk.example".to_owned(), String::new())].into();
    let (choice, text) = (audit::facts::Choice::Yes, String::new);
    let at = jiff::Timestamp::now();
    let answer = audit::facts::Answer { choice, note: text(), evidence: text(), owner: text(), rows, at };
    facts.answers.insert("mail.dkim".to_owned(), answer);
    let facts = engine::look_again(facts, "mail.dkim", &plan, &there, Default::default(), send).await;
    let audit = judged(&facts);
    let dkim = audit.outcome("mail.dkim").unwrap();
    assert_eq!(dkim.status, Status::Pass, "{}", details(&audit));
    assert!(dkim.proof.iter().any(|line| line.starts_with("k7x2024q._domainkey.")), "{:?}", dkim.proof);
}

#[test]
fn every_built_check_has_three_faults_or_asks_a_person() {
    for check in audit::checks::all() {
        let faults = lab::FAULTS.iter().filter(|fault| fault.finds.contains(&check.id)).count();
        assert!(
            faults >= 3 || check.ask.is_some() && check.needs == [audit::check::Need::Person],
            "{} has {faults}",
            check.id
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_that_were_saved_are_judged_to_the_same_bytes() {
    let facts = look(&lab::showcase()).await;
    let saved: audit::Facts = serde_json::from_slice(&serde_json::to_vec(&facts).unwrap()).unwrap();
    assert_eq!(report::json(&judged(&facts)).unwrap(), report::json(&judged(&saved)).unwrap());
    assert_eq!(facts, saved);
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_states_and_bodies_are_kept_nowhere_and_tries_stop_at_the_first_limit() {
    let facts = look(&["open-board", "private-kept"]).await;
    let audit = judged(&facts);
    let printed = report::markdown(&audit, &facts, &report::Options::default());
    let kept = serde_json::to_string(&facts).unwrap() + &report::json(&audit).unwrap() + &printed;
    assert!(kept.contains("https://desk.juniperdesk.example/boards"), "the signed-in area was looked at");
    for secret in ["lab-owner-5d1f0c", "lab-worker-token-3b60", "lab-state-canary", "Kitchen for the Linden family"] {
        assert!(!kept.contains(secret), "{secret} was kept");
    }
    let tries: Vec<usize> = facts.bursts.values().map(|fact| fact.seen().unwrap().statuses.len()).collect();
    assert_eq!(tries, [6, 6, 6]);
    let unlimited = look(&["login-unlimited"]).await;
    let burst = unlimited.bursts["https://desk.juniperdesk.example/session"].seen().unwrap();
    assert_eq!((burst.statuses.len(), burst.by.as_str()), (30, "Ada Alder"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_selector_that_a_person_names_is_looked_up() {
    let lab = start(&["dkim-unusual-selector"]).await;
    let given = r#"{"choice": "yes", "rows": {"K7x2024q": "newsletter"}, "at": "2026-11-21T12:00:00Z"}"#;
    let answers = [("mail.dkim".to_owned(), serde_json::from_str(given).unwrap())].into();
    let (send, _events) = tokio::sync::mpsc::unbounded_channel();
    let cancel = tokio_util::sync::CancellationToken::new();
    let facts = engine::run(&world::plan(&lab), &world::world(&lab), answers, cancel, send).await;
    assert_eq!(judged(&facts).outcome("mail.dkim").unwrap().status, Status::Pass);
}
