//! Runs over the lab: a healthy site is seen whole, a passing fault blinds only what it touches, a cancel is answered at once.

use crate::{Event, Plan, Secret, Session, Trace, Wire, World, look_again, run};
use audit::facts::{Answer, Choice, End, Fact, Facts, Observation, Target, Trust, TrustProblem};
use audit::{Unseen, Why, drift};
use futures::stream::{self, StreamExt};
use lab::Lab;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use url::Url;

const SEED: [u8; 32] = [7; 32];

pub(crate) async fn open(faults: &[&str]) -> (Lab, World, Plan) {
    let lab = Lab::start(SystemTime::now(), 7, faults).await.unwrap();
    let (way, gate) = (lab.wire(), lab.wire());
    let wire = Wire { route: Arc::new(move |to| way.route(to)), hold: Arc::new(move |to| gate.hold(to)) };
    let world = World::through(wire, lab.resolver(), lab.roots())
        .with_anchors(vec![lab.anchor()])
        .with_logs(lab.log_list(), lab.logs())
        .with_seed(SEED);
    let domain = lab.domain().to_owned();
    let mut plan = Plan::new(Target { name: domain.clone(), domain }, "sd");
    plan.requests = 4;
    plan.pace = Duration::from_millis(10);
    plan.cloudflare = Some(Arc::new(Secret::new(lab.cloudflare_token().to_owned())));
    plan.routes = lab.routes().iter().map(|route| Url::parse(route).unwrap()).collect();
    (lab, world, plan)
}

async fn look(faults: &[&str]) -> (Facts, Vec<Event>) {
    let (_lab, world, plan) = open(faults).await;
    let (on, mut events) = mpsc::unbounded_channel();
    let facts = run(&plan, &world, BTreeMap::new(), CancellationToken::new(), on).await;
    let mut told = Vec::new();
    while let Some(event) = events.recv().await {
        told.push(event);
    }
    (facts, told)
}

fn unseen(facts: &Facts) -> Vec<Unseen> {
    fn of<T>(fact: &Fact<T>) -> Option<Unseen> {
        fact.seen().err()
    }
    let mut all: Vec<Unseen> = Vec::new();
    all.extend(facts.dns.values().filter_map(of));
    all.extend(facts.reach.values().filter_map(of));
    all.extend(facts.tls.values().filter_map(of));
    all.extend(facts.offers.values().filter_map(of));
    all.extend(facts.cloudflare.as_ref().and_then(of));
    all.extend(facts.claims.values().filter_map(of));
    all.extend(facts.latency.values().filter_map(of));
    all.extend(facts.registration.iter().filter_map(of));
    match facts.propagation.as_ref() {
        Some(Fact::Seen { value, .. }) => {
            let told = value.servers.iter().chain(&value.resolvers);
            all.extend(told.flat_map(|told| told.answers.values()).filter_map(of));
        }
        other => all.extend(other.and_then(of)),
    }
    for fact in facts.http.values() {
        match fact {
            Fact::Unseen(unseen) => all.push(unseen.clone()),
            Fact::Seen { value, .. } => {
                if let End::Lost { unseen, .. } = &value.end {
                    all.push(unseen.clone());
                }
            }
        }
    }
    match facts.bundle.as_ref() {
        Some(Fact::Seen { value, .. }) => all.extend(value.scripts.iter().filter_map(|script| script.unseen.clone())),
        other => all.extend(other.and_then(of)),
    }
    if let Some(Fact::Seen { value, .. }) = facts.dnssec.as_ref() {
        all.extend(value.links.iter().flat_map(|link| [of(&link.digests), of(&link.keys)]).flatten());
        all.extend(value.answers.iter().filter_map(|answer| of(&answer.signatures)));
    }
    all.extend(facts.dnssec.as_ref().and_then(of));
    all.extend(facts.service.as_ref().and_then(of));
    match facts.delegation.as_ref() {
        Some(Fact::Seen { value, .. }) => {
            all.extend(of(&value.parent));
            all.extend(value.servers.iter().filter_map(|server| of(&server.soa)));
        }
        other => all.extend(other.and_then(of)),
    }
    all
}

#[tokio::test]
async fn a_healthy_site_is_seen_whole() {
    let begun = Instant::now();
    let (facts, told) = look(&[]).await;
    println!("healthy run: {} ms, {} events, {} names", begun.elapsed().as_millis(), told.len(), facts.dns.len());
    assert_eq!(unseen(&facts), []);
    assert!(!facts.cut_short && facts.finished.is_some());
    assert_eq!(facts.http.len(), 10, "five hosts, with and without TLS");
    assert_eq!(facts.reach.len(), facts.tls.len());
    assert!(facts.tls.len() >= 10, "every address of every host");
    assert_eq!(facts.latency.keys().cloned().collect::<Vec<_>>(), facts.scope.routes);
    let bundle = facts.bundle.as_ref().unwrap().seen().unwrap();
    assert!(bundle.scripts.len() >= 2);
    let delegation = facts.delegation.as_ref().unwrap().seen().unwrap();
    assert_eq!(delegation.parent.seen().unwrap(), &delegation.child);
    assert!(delegation.servers.iter().all(|server| server.soa.seen().unwrap().authoritative));
}

#[tokio::test]
async fn events_tell_the_whole_story() {
    let (facts, told) = look(&[]).await;
    let mut again = Facts::begin(facts.target.clone(), &facts.roadmap, Default::default(), facts.started);
    let mut progress = (0, 0);
    for event in told {
        match event {
            Event::Scoped(scope) => again.scope = scope,
            Event::Saw(seen) => again.add(*seen),
            Event::Looking { done, total, .. } => {
                assert!(done >= progress.0 && total >= progress.1 && done <= total);
                progress = (done, total);
            }
        }
    }
    assert_eq!(progress.0, progress.1);
    again.finished = facts.finished;
    assert_eq!(again, facts);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_certificate_is_shown_and_nothing_is_sent_on_it() {
    for (fault, problem) in [
        ("certificate-expired", TrustProblem::Expired),
        ("certificate-wrong-name", TrustProblem::WrongName),
        ("certificate-missing-intermediate", TrustProblem::UnknownIssuer),
        ("certificate-self-signed", TrustProblem::UnknownIssuer),
        ("certificate-unknown-issuer", TrustProblem::UnknownIssuer),
    ] {
        let (facts, _) = look(&[fault]).await;
        let app = format!("app.{}", facts.target.domain);
        let (_, shown) = facts.tls.iter().find(|(key, _)| key.starts_with(&app)).unwrap();
        let shown = shown.seen().unwrap();
        assert!(!shown.chain.is_empty() && shown.protocol.is_some(), "{fault}");
        assert!(
            matches!(&shown.trust, Trust::Refused { problem: met, .. } if *met == problem),
            "{fault}: {:?}",
            shown.trust
        );
        let chain = facts.http[&format!("https://{app}/")].seen().unwrap_err();
        assert_eq!(chain.why, Why::Untrusted, "{fault}");
        assert!(chain.says.contains(&app), "{}", chain.says);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_domain_that_is_silent_about_mail_is_waited_for_once_and_not_for_each_record() {
    let (_lab, world, plan) = open(&["drop-mail"]).await;
    let (trace, (on, _events)) = (Trace::on(), mpsc::unbounded_channel());
    let world = world.traced(&trace);
    let facts = Facts::begin(plan.target.clone(), "sd", Default::default(), world.now());
    look_again(facts, "mail.dkim", &plan, &world, CancellationToken::new(), on).await;
    let first = |wanted: &str| trace.exchanges().iter().find(|one| one.what.starts_with(wanted)).unwrap().began;
    let domain = &plan.target.domain;
    let (policy, keys) = (first(&format!("{domain} TXT")), first(&format!("_domainkey.{domain} TXT")));
    assert!(keys < policy + plan.limits.dns, "asked {keys:?} after the start, the sender's record after {policy:?}");
}

/// The reason that each passing fault must lead to.
fn reason(fault: &str) -> Why {
    match fault {
        _ if fault.starts_with("stripped") => Why::Depends,
        _ if fault.contains("429") || fault.contains("503") || fault.starts_with("servfail") => Why::Busy,
        _ if fault.contains("hang") || fault.starts_with("drop") => Why::Timeout,
        _ if fault.starts_with("forged") || fault.starts_with("misnumbered") => Why::Timeout,
        "txt-thousands" => Why::Garbled,
        _ if fault.starts_with("garbled") || fault.starts_with("cut") => Why::Garbled,
        _ if fault.contains("drop") => Why::Timeout,
        _ if fault.contains("refused") => Why::Refused,
        "certificate-chain-endless" => Why::Garbled,
        _ if fault.contains("reset") => Why::Broken,
        other => panic!("no reason is stated for the passing fault {other}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passing_fault_is_unseen_with_its_reason() {
    // An answer that is seen, and that only the judge does not believe.
    let doubted = ["registry-unknown", "stripped-denial"];
    // What a mail host or a login form said is seen, and neither the signed-in area nor a journey, a load, a database or the way of a
    // message is asked here; the table of faults holds them.
    const SPOKEN: [&str; 12] = [
        "account-",
        "dane-",
        "database-",
        "desk-",
        "inbox-",
        "journey-",
        "letter-",
        "lighthouse-",
        "load-",
        "login-",
        "mx-",
        "test-",
    ];
    let spoken = |fault: &lab::Fault| SPOKEN.iter().any(|area| fault.name.starts_with(area));
    // What tells its reason in words of its own is held to them by the table of faults.
    let plain = |fault: &&lab::Fault| fault.passing && fault.tells.is_empty();
    let passing = lab::FAULTS.iter().filter(plain).filter(|fault| !doubted.contains(&fault.name) && !spoken(fault));
    let passing: Vec<&str> = passing.map(|fault| fault.name).collect();
    assert!(passing.len() >= 20);
    // They wait more than they work; what looks wrong beside others is looked at once more alone before it counts.
    let told = stream::iter(passing).map(|fault| async move { astray(fault).await.map(|_| fault) });
    let doubtful: Vec<&str> = told.buffer_unordered(6).filter_map(|fault| async move { fault }).collect().await;
    let mut wrong = Vec::new();
    for fault in doubtful {
        wrong.extend(astray(fault).await);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The reasons that a run beside a passing fault told, where they are not the fault's.
async fn astray(fault: &str) -> Option<String> {
    let (_lab, world, mut plan) = open(&[fault]).await;
    plan.limits.exchange = Duration::from_secs(4);
    let (on, _events) = mpsc::unbounded_channel();
    let begun = Instant::now();
    let facts = run(&plan, &world, BTreeMap::new(), CancellationToken::new(), on).await;
    let whys: BTreeSet<Why> = unseen(&facts).iter().map(|unseen| unseen.why).collect();
    println!("{fault}: {whys:?} in {} ms", begun.elapsed().as_millis());
    // Over UDP an answer to another question is somebody else's and waited past; on a stream it is the server's own.
    let streams = fault.starts_with("forged") || fault.starts_with("misnumbered");
    let fits = |why: &Why| *why == reason(fault) || *why == Why::Depends || streams && *why == Why::Garbled;
    assert!(facts.finished.is_some() && !facts.cut_short);
    for unseen in unseen(&facts) {
        assert!(!unseen.says.is_empty() && !unseen.way.is_empty() && !unseen.what.is_empty(), "{unseen:?}");
    }
    let good = whys.contains(&reason(fault)) && whys.iter().all(fits);
    (!good).then(|| format!("{fault}: {whys:?}"))
}

#[tokio::test]
async fn a_cancel_is_answered_at_once() {
    let (_lab, world, plan) = open(&["http-hang", "tls-hang-app"]).await;
    let cancel = CancellationToken::new();
    let (on, mut events) = mpsc::unbounded_channel();
    let stop = cancel.clone();
    let begun = Instant::now();
    let watching = tokio::spawn(async move {
        let mut facts_until_cancel = 0;
        while let Some(event) = events.recv().await {
            if matches!(&event, Event::Saw(seen) if matches!(**seen, Observation::Dns { .. })) {
                facts_until_cancel += 1;
            }
            if facts_until_cancel == 30 {
                stop.cancel();
                return Instant::now();
            }
        }
        Instant::now()
    });
    let facts = run(&plan, &world, BTreeMap::new(), cancel, on).await;
    let asked = watching.await.unwrap();
    println!(
        "cancel answered in {} ms, {} ms after the start",
        asked.elapsed().as_millis(),
        begun.elapsed().as_millis()
    );
    assert!(facts.cut_short);
    assert!(facts.dns.len() >= 30, "what was seen is kept");
    assert!(asked.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn looking_again_leaves_the_rest_alone() {
    let (lab, world, plan) = open(&["dmarc-missing"]).await;
    let (on, _events) = mpsc::unbounded_channel();
    let first = run(&plan, &world, BTreeMap::new(), CancellationToken::new(), on).await;
    lab.switch("dmarc-missing", false).unwrap();
    // No two looks have the same seed.
    let world = world.with_seed([8; 32]);
    let (on, _events) = mpsc::unbounded_channel();
    let again = look_again(first.clone(), "mail.dmarc", &plan, &world, CancellationToken::new(), on).await;
    let key = format!("_dmarc.{} TXT", first.target.domain);
    assert_eq!(first.dns[&key].seen().unwrap().texts().count(), 0);
    assert_eq!(again.dns[&key].seen().unwrap().texts().count(), 1);
    assert_eq!((&first.tls, &first.http, &first.latency), (&again.tls, &again.http, &again.latency));
    assert_eq!(first.scope, again.scope);
    // Where names are compared with one that nobody has, that one is new, and asked for.
    let (on, _events) = mpsc::unbounded_channel();
    let again = look_again(again, "dns.subdomains", &plan, &world, CancellationToken::new(), on).await;
    assert_ne!(first.scope.random_name, again.scope.random_name);
    for facts in [first, again] {
        assert!(facts.dns.contains_key(&format!("{} A", facts.scope.random_name)), "{:?}", facts.scope.random_name);
    }
}

/// Steps of which each waits for the one before, and exchanges in all: at 100 ms each the steps take little more than a second.
const AGAIN: (usize, usize) = (12, 250);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_single_check_is_tried_again_in_few_steps() {
    let (_lab, world, plan) = open(&[]).await;
    let (on, _events) = mpsc::unbounded_channel();
    let first = run(&plan, &world, BTreeMap::new(), CancellationToken::new(), on).await;
    let mut most = (0, 0);
    for check in audit::checks::all() {
        let trace = crate::Trace::on();
        let (world, (on, _events)) = (world.clone().traced(&trace), mpsc::unbounded_channel());
        look_again(first.clone(), check.id, &plan, &world, CancellationToken::new(), on).await;
        let (steps, asked) = (trace.chain().len(), trace.exchanges().len());
        most = (most.0.max(steps), most.1.max(asked));
        assert!(steps <= AGAIN.0 && asked <= AGAIN.1, "{}: {steps} steps, {asked} exchanges", check.id);
    }
    println!("at most {} steps and {} exchanges", most.0, most.1);
    assert!(most.0 > 3, "something was asked");
}

#[tokio::test]
async fn a_session_never_reaches_the_facts() {
    let (_lab, world, mut plan) = open(&[]).await;
    plan.session =
        Session::new(Some(Secret::new("sid=canary-7b1".to_owned())), Some(Secret::new("canary-9d4".to_owned())));
    let (on, mut events) = mpsc::unbounded_channel();
    let facts = run(&plan, &world, BTreeMap::new(), CancellationToken::new(), on).await;
    assert!(facts.latency.values().all(|fact| fact.seen().unwrap().signed_in));
    assert!(!serde_json::to_string(&facts).unwrap().contains("canary"));
    while let Some(event) = events.recv().await {
        assert!(!format!("{event:?}").contains("canary"));
    }
    assert!(!format!("{plan:?}").contains("canary"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn versions_and_suites_are_found_with_few_connections() {
    for (fault, most) in [("wildcard-dns", 7), ("tls-old-versions", 13), ("tls-weak-suites", 17), ("nginx-alone", 40)] {
        let (facts, _) = look(&[fault]).await;
        let mut spent: BTreeMap<&str, u32> = BTreeMap::new();
        for (key, fact) in &facts.offers {
            let (host, address) = key.split_once('|').unwrap();
            let offer = fact.seen().unwrap();
            *spent.entry(address).or_default() += offer.connections;
            let shared = offer.seen_at.as_ref().is_some_and(|at| facts.offers.contains_key(at));
            assert!(offer.connections >= 7 || shared, "{fault} {host}: {offer:?}");
        }
        println!("{fault}: {spent:?}");
        assert!(spent.values().all(|count| *count <= most), "{fault}: {spent:?}");
    }
}

#[tokio::test]
async fn the_list_of_registries_is_kept_for_a_day() {
    let (_lab, world, plan) = open(&[]).await;
    let folder = std::env::temp_dir().join(format!("launch-ready-list-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let place = folder.join("rdap-dns.json");
    let world = world.keeping(&folder);
    let server = async || {
        let (on, _events) = mpsc::unbounded_channel();
        let begun = Facts::begin(plan.target.clone(), &plan.roadmap, Default::default(), world.now());
        let facts = look_again(begun, "domain.registration", &plan, &world, CancellationToken::new(), on).await;
        facts.registration.unwrap().seen().unwrap().server.clone()
    };
    let published = server().await;
    let list = std::fs::read(&place).unwrap();
    assert!(published.is_some());
    // A list without the ending is believed while it is fresh, and fetched anew when it is old.
    std::fs::write(&place, r#"{"version":"1.0","publication":"2026-01-01T00:00:00Z","services":[[["test"],["https://rdap.elsewhere.test/"]]]}"#).unwrap();
    assert_eq!(server().await, None);
    let old = SystemTime::now() - Duration::from_secs(25 * 3600);
    std::fs::File::options().write(true).open(&place).unwrap().set_modified(old).unwrap();
    assert_eq!(server().await, published);
    assert_eq!(std::fs::read(&place).unwrap(), list);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn what_was_accepted_is_asked_again_and_nothing_of_others() {
    let (_lab, world, plan) = open(&[]).await;
    let domain = plan.target.domain.clone();
    let accepted = format!("extra.{domain} TXT");
    let rows = [(accepted.clone(), "once".to_owned()), ("elsewhere.example A".to_owned(), "192.0.2.1".to_owned())];
    let answer = Answer {
        choice: Choice::Yes,
        note: String::new(),
        evidence: String::new(),
        owner: String::new(),
        rows: rows.into(),
        at: world.now(),
    };
    let answers: BTreeMap<_, _> = [(drift::KEY.to_owned(), answer)].into();
    let (on, _events) = mpsc::unbounded_channel();
    let facts = run(&plan, &world, answers, CancellationToken::new(), on).await;
    assert!(facts.dns[&accepted].seen().unwrap().records.is_empty());
    assert!(!facts.dns.contains_key("elsewhere.example A"));
    let (drifts, unseen) = drift::diff(&facts.answers[drift::KEY], &facts);
    let told = drifts.iter().find(|drift| drift.name == format!("extra.{domain}"));
    assert_eq!(told.map(|drift| drift.change), Some(drift::Change::Removed));
    assert_eq!(unseen.iter().map(|one| one.what.as_str()).collect::<Vec<_>>(), ["elsewhere.example A"]);
}
