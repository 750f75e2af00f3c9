//! Runs over the lab: a healthy site is seen whole, a passing fault blinds only what it touches, a cancel is answered at once.

use audit::facts::{Fact, Facts, Target};
use audit::{Unseen, Why};
use engine::{Event, Plan, Wire, World};
use lab::Lab;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

const SEED: [u8; 32] = [7; 32];

async fn open(faults: &[&str]) -> (Lab, World, Plan) {
    let lab = Lab::start(SystemTime::now(), 7, faults).await.unwrap();
    let (way, gate) = (lab.wire(), lab.wire());
    let wire = Wire { route: Arc::new(move |to| way.route(to)), hold: Arc::new(move |to| gate.hold(to)) };
    let world = World::through(wire, lab.resolver(), lab.roots()).with_seed(SEED);
    let domain = lab.domain().to_owned();
    let mut plan = Plan::new(Target { name: domain.clone(), domain }, "sd");
    plan.requests = 5;
    plan.pace = Duration::from_millis(10);
    (lab, world, plan)
}

async fn look(faults: &[&str]) -> (Facts, Vec<Event>) {
    let (_lab, world, plan) = open(faults).await;
    let (on, mut events) = mpsc::unbounded_channel();
    let facts = engine::run(&plan, &world, BTreeMap::new(), CancellationToken::new(), on).await;
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
    all.extend(facts.http.values().filter_map(of));
    all.extend(facts.latency.values().filter_map(of));
    all.extend(facts.bundle.as_ref().and_then(of));
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
    println!("healthy run: {} ms, {} events", begun.elapsed().as_millis(), told.len());
    assert_eq!(unseen(&facts), []);
    println!("{}", serde_json::to_string_pretty(&facts).unwrap());
}
