//! `cargo xtask bench audit`: how long an audit takes on a slow network, against its longest chain of exchanges and against other tools.

#[path = "../world.rs"]
mod world;

mod peers;

use audit::facts::{Fact, Facts, Observation};
use audit::{Audit, Status};
use engine::{Event, Wire, World};
use lab::Lab;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use tokio_util::sync::CancellationToken;

/// Added to every exchange: a connection, a datagram and its answer, a request and its answer.
const DELAY: Duration = Duration::from_millis(40);
/// What a dead party costs: each of these is the lab's name for it.
const DEAD: [&str; 4] = ["drop-name-server", "http-hang", "connect-hang-app", "drop-mail"];

#[tokio::main]
async fn main() {
    println!("every exchange delayed by {} ms; bare domain, www and three sub-domains\n", DELAY.as_millis());
    // The first audit of a process reads the data files; that belongs to starting the program.
    drop(world::look(&Lab::start(SystemTime::now(), 1, &[]).await.unwrap()).await);
    let healthy = run(&[]).await;
    let chain = DELAY * longest_chain(&healthy.facts);
    let ratio = healthy.audit.as_secs_f64() / chain.as_secs_f64();
    let bound = |good: bool| if good { "holds" } else { "MISSED" };
    println!("chain            {:>7}  longest chain of exchanges that wait for one another", ms(chain));
    println!(
        "audit            {:>7}  every check but the samples of response time ({}: at most 5 s)",
        ms(healthy.audit),
        bound(healthy.audit <= Duration::from_secs(5))
    );
    println!("ratio            {ratio:>7.2}  audit by chain ({}: at most 2)", bound(ratio <= 2.0));
    println!(
        "first outcome    {:>7}  first check that is judged ({}: at most 500 ms)",
        ms(healthy.first),
        bound(healthy.first <= Duration::from_millis(500))
    );
    println!("with samples     {:>7}  30 polite requests to one route included", ms(healthy.whole));
    let (most, at) = healthy.busiest();
    println!("connections      {:>7}  to the busiest address, {at}; {} in all", most, healthy.connections());
    println!("judged           {:>7}  of {} checks\n", healthy.judged, healthy.checks);
    for fault in DEAD {
        let dead = run(&[fault]).await;
        let good = bound(dead.audit <= Duration::from_secs(12));
        println!(
            "{fault:<16} {:>7}  {} of {} checks judged ({good}: at most 12 s)",
            ms(dead.audit),
            dead.judged,
            dead.checks
        );
    }
    println!();
    let lab = Lab::start(SystemTime::now(), 1, &[]).await.unwrap();
    lab.wire().delay(DELAY);
    peers::beside(&lab).await;
}

fn ms(span: Duration) -> String {
    format!("{} ms", span.as_millis())
}

/// What one audit took.
struct Run {
    facts: Facts,
    /// Until the last fact that is no sample.
    audit: Duration,
    /// Until the first check was judged.
    first: Duration,
    whole: Duration,
    judged: usize,
    checks: usize,
    /// TCP connections by where they went.
    opened: BTreeMap<SocketAddr, u32>,
}

impl Run {
    fn busiest(&self) -> (u32, SocketAddr) {
        let most = self.opened.iter().max_by_key(|(_, count)| **count);
        most.map_or((0, SocketAddr::from(([0, 0, 0, 0], 0))), |(at, count)| (*count, *at))
    }

    fn connections(&self) -> u32 {
        self.opened.values().sum()
    }
}

async fn run(faults: &[&str]) -> Run {
    let lab = Lab::start(SystemTime::now(), 1, faults).await.unwrap();
    lab.wire().delay(DELAY);
    let opened = Arc::new(Mutex::new(BTreeMap::new()));
    let world = counted(&lab, &opened);
    let mut plan = world::plan(&lab);
    plan.pace = Duration::from_millis(200);
    plan.limits = engine::Limits::default();
    let (send, mut events) = tokio::sync::mpsc::unbounded_channel();
    let began = Instant::now();
    let watch = tokio::spawn(async move {
        let (mut facts, mut first, mut last) = (None::<Facts>, None, Duration::ZERO);
        let target = audit::read::domain::parse("juniperdesk.example").unwrap();
        while let Some(event) = events.recv().await {
            match event {
                Event::Scoped(scope) => {
                    let facts = facts.get_or_insert_with(|| {
                        Facts::begin(target.clone(), "sd", scope.clone(), jiff::Timestamp::now())
                    });
                    facts.scope = scope;
                }
                Event::Saw(seen) => {
                    if !matches!(seen, Observation::Latency { .. }) {
                        last = began.elapsed();
                    }
                    if let Some(facts) = &mut facts {
                        facts.add(seen);
                        if first.is_none() && judged(&judge(facts)) > 0 {
                            first = Some(began.elapsed());
                        }
                    }
                }
                Event::Looking { .. } => {}
            }
        }
        (first, last)
    });
    let facts = engine::run(&plan, &world, BTreeMap::new(), CancellationToken::new(), send).await;
    let whole = began.elapsed();
    let (first, audit) = watch.await.unwrap();
    let outcome = judge(&facts);
    let opened = opened.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Run {
        audit,
        first: first.unwrap_or(whole),
        whole,
        judged: judged(&outcome),
        checks: outcome.outcomes.len(),
        facts,
        opened,
    }
}

/// The lab's world with every TCP connection counted.
fn counted(lab: &Lab, opened: &Arc<Mutex<BTreeMap<SocketAddr, u32>>>) -> World {
    let (route, hold, opened) = (lab.wire(), lab.wire(), opened.clone());
    let wire = Wire {
        route: Arc::new(move |to| route.route(to)),
        hold: Arc::new(move |to| {
            *opened.lock().unwrap_or_else(PoisonError::into_inner).entry(to).or_insert(0) += 1;
            hold.hold(to)
        }),
    };
    World::through(wire, lab.resolver(), lab.roots())
}

fn judge(facts: &Facts) -> Audit {
    audit::audit(facts, audit::roadmap::by_id("sd").unwrap(), facts.finished.unwrap_or(facts.started))
}

/// Checks with an answer that rests on what was seen.
fn judged(audit: &Audit) -> usize {
    audit.outcomes.iter().filter(|outcome| matches!(outcome.status, Status::Pass | Status::Warn | Status::Fail)).count()
}

/// Exchanges on the longest chain in which each waits for the one before: an address, then connection and request for every hop of a
/// redirect chain, then one linked file on a connection of its own; or the includes of SPF one below another.
fn longest_chain(facts: &Facts) -> u32 {
    let hops = |fact: &Fact<audit::facts::Chain>| {
        fact.seen().map_or(0, |chain| u32::try_from(chain.hops.len()).unwrap_or(u32::MAX))
    };
    let pages = facts.http.values().map(|fact| 1 + 2 * hops(fact)).max().unwrap_or(0);
    let linked = if facts.bundle.as_ref().is_some_and(|bundle| bundle.seen().is_ok()) { 2 } else { 0 };
    pages + linked
}
