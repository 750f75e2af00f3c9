//! `cargo xtask bench audit`: how long an audit takes on a slow network, against its longest chain of exchanges and against other tools.
//!
//! **The chain** is measured, not modelled. Every exchange (a TCP connection, a TLS greeting, a question of DNS, a request of HTTP) notes
//! what it takes and what its answer told: names, addresses, URLs, the connection it goes over, the redirect it follows. An exchange
//! depends on another only where it takes something that the other's answer told, and that nobody had used before. The chain is the
//! longest run of such exchanges times the delay of one; computing, politeness, queues and an order that is mere habit add nothing to
//! it. It is what a run would take that does everything at once as soon as it knows enough to.
//!
//! **The audit** that the limits of 5 s and of twice the chain are for ends with the last look that keeps no pace. Samples of response time
//! are at most five a second by a promise to the other side: thirty of them take six seconds on any network, however fast the program is,
//! and nothing else waits for them. Their time is printed beside it. Two of our own limits also make some wait whom no answer keeps
//! waiting: at most four greetings at once to look at the TLS of one address, and at most 32 requests at once to one host. They count
//! against us: the chain knows nothing of them, the audit does.

#[path = "../world.rs"]
mod world;

mod peers;

use audit::facts::{Facts, Observation};
use audit::{Audit, Status};
use engine::{Event, Kind, Plan, Purpose, Trace, World};
use lab::Lab;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::time::{Duration, Instant, SystemTime};
use tokio_util::sync::CancellationToken;

/// Added to every exchange: a connection, a TLS greeting, a datagram and its answer, a request and its answer.
const DELAY: Duration = Duration::from_millis(40);
/// What a dead party costs: each of these is the lab's name for it.
const DEAD: [(&str, &str); 10] = [
    ("drop-name-server", "one name server is silent"),
    ("drop/every-name-server", "all name servers are silent"),
    ("drop/own-resolver", "our own resolver is silent"),
    ("resolver-drop", "one public resolver is silent"),
    ("drop-mail", "look-ups of mail records get no answer"),
    ("http-hang", "the site takes requests and says nothing"),
    ("connect-hang-app", "one host takes no connection"),
    ("hang/every-connection", "no host takes a connection"),
    ("hang/every-handshake", "no host finishes a TLS handshake"),
    ("registry-hang", "the registry is silent"),
];

#[tokio::main]
async fn main() {
    // A part can be named when only that is wanted: `cargo bench -p headless --bench audit -- peers`.
    let named: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let wanted = |part: &str| named.is_empty() || named.iter().any(|word| word == part);
    println!("every exchange delayed by {} ms; bare domain, www and three sub-domains\n", DELAY.as_millis());
    // The first audit of a process reads the data files; that belongs to starting the program.
    drop(world::look(&Lab::start(SystemTime::now(), 1, &[]).await.unwrap()).await);
    let healthy = run(&[]).await;
    swiftly(&healthy);
    slowly(&healthy);
    politely(&healthy.trace);
    if wanted("again") {
        again(&healthy.facts).await;
    }
    if wanted("dead") {
        dead(&healthy).await;
        println!();
    }
    if wanted("peers") {
        let lab = Lab::start(SystemTime::now(), 1, &[]).await.unwrap();
        lab.wire().delay(DELAY);
        peers::beside(&lab).await;
    }
}

fn line(what: &str, figure: &str, says: &str) {
    println!("{what:<24} {figure:>7}  {says}");
}

fn bound(good: bool, limit: &str) -> String {
    format!("({}: at most {limit})", if good { "holds" } else { "MISSED" })
}

fn ms(span: Duration) -> String {
    format!("{} ms", span.as_millis())
}

/// How long the healthy audit took.
fn swiftly(healthy: &Run) {
    let links = healthy.trace.chain();
    let chain = DELAY * u32::try_from(links.len()).unwrap_or(u32::MAX);
    let ratio = healthy.audit.as_secs_f64() / chain.as_secs_f64();
    line("chain", &ms(chain), "longest chain of exchanges of which each takes what the one before told:");
    for link in &links {
        println!("{:34}{}: {}", "", kind(link.kind), link.what);
    }
    let within = bound(healthy.audit <= Duration::from_secs(5), "5 s");
    line("audit", &ms(healthy.audit), &format!("without paced samples; the limits are for this one {within}"));
    line("ratio", &format!("{ratio:.2}"), &format!("audit by chain {}", bound(ratio <= 2.0, "2")));
    let within = bound(healthy.first <= Duration::from_millis(500), "500 ms");
    line("first outcome", &ms(healthy.first), &format!("first check that is judged {within}"));
    line("audit with samples", &ms(healthy.whole), "30 requests to one route at five a second included");
    line("judged", &healthy.judged.len().to_string(), &format!("of {} checks", healthy.checks));
}

/// Where the time of the healthy audit went: the way to what ended last before the samples, and what was told last.
fn slowly(healthy: &Run) {
    line(
        "way",
        "",
        "what led to the exchange that ended last, each with its wait after what it needed, and its own time:",
    );
    for (waited, exchange) in healthy.trace.way(healthy.audit) {
        let took = exchange.ended.unwrap_or_default().saturating_sub(exchange.began);
        println!(
            "{:34}{:>4} + {:>4} ms  {}: {}",
            "",
            waited.as_millis(),
            took.as_millis(),
            kind(exchange.kind),
            exchange.what
        );
    }
    line("told last", "", "the looks that ended last:");
    for (at, what) in healthy.told.iter().rev().take(6) {
        println!("{:34}after {:>5} ms  {what}", "", at.as_millis());
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Connection(_) => "connection",
        Kind::Greeting => "TLS greeting",
        Kind::Question => "question",
        Kind::Request => "request",
    }
}

/// How many connections each address saw.
fn politely(trace: &Trace) {
    let opened = trace.connections();
    let most = |wanted: Purpose| {
        let counts = opened.iter().filter(|((_, purpose), _)| *purpose == wanted);
        counts.max_by_key(|(_, count)| **count).map_or((0, String::new()), |((at, _), count)| (*count, at.to_string()))
    };
    let (http, at) = most(Purpose::Http);
    line("connections for HTTP", &http.to_string(), &format!("most to one address, {at} {}", bound(http <= 6, "6")));
    let (tls, at) = most(Purpose::Tls);
    line("connections for TLS", &tls.to_string(), &format!("most to one address, {at} {}", bound(tls <= 40, "40")));
    let together = together(trace);
    line("TLS at once", &together.to_string(), &format!("most to one address {}", bound(together <= 4, "4")));
    line("connections", &opened.values().sum::<u32>().to_string(), "in all, public resolvers and registries included");
}

/// The most connections to one address that were being made at the same moment to look at its TLS.
fn together(trace: &Trace) -> usize {
    let mut spans: BTreeMap<IpAddr, Vec<(Duration, Duration)>> = BTreeMap::new();
    for exchange in trace.exchanges() {
        if exchange.kind == Kind::Connection(Purpose::Tls) {
            spans.entry(exchange.to.ip()).or_default().push((exchange.began, exchange.ended.unwrap_or(Duration::MAX)));
        }
    }
    let at = |spans: &[(Duration, Duration)], moment| spans.iter().filter(|(a, b)| *a <= moment && moment < *b).count();
    spans.values().flat_map(|spans| spans.iter().map(|(began, _)| at(spans, *began))).max().unwrap_or(0)
}

/// How long each single check takes when it is tried again.
async fn again(facts: &Facts) {
    let lab = Lab::start(SystemTime::now(), 1, &[]).await.unwrap();
    lab.wire().delay(DELAY);
    let world = world::world(&lab);
    let mut took: Vec<(Duration, &str)> = Vec::new();
    for check in audit::checks::all() {
        let (send, _events) = tokio::sync::mpsc::unbounded_channel();
        let (plan, cancel) = (plan(&lab).on_loopback(), CancellationToken::new());
        let began = Instant::now();
        engine::look_again(facts.clone(), check.id, &plan, &world, cancel, send).await;
        took.push((began.elapsed(), check.id));
    }
    took.sort_by(|one, other| other.cmp(one));
    for (span, check) in took.iter().take(5) {
        let within = bound(*span < Duration::from_secs(2), "2 s");
        line("tried again", &ms(*span), &format!("{check}, one of the slowest of {} {within}", took.len()));
    }
    println!();
}

/// How long an audit takes beside somebody dead, and what cannot be told then.
async fn dead(healthy: &Run) {
    for (fault, says) in DEAD {
        let run = run(&[fault]).await;
        let lost: Vec<&str> = healthy.judged.difference(&run.judged).map(String::as_str).collect();
        let within = bound(run.audit <= Duration::from_secs(12), "12 s");
        line(fault, &ms(run.audit), &format!("{says} {within}; {} of {} judged", run.judged.len(), run.checks));
        println!("{:34}lost: {}", "", if lost.is_empty() { "nothing".to_owned() } else { lost.join(", ") });
    }
}

/// What one audit took.
struct Run {
    facts: Facts,
    trace: Trace,
    /// Until the last fact that is no sample.
    audit: Duration,
    /// Until the first check was judged.
    first: Duration,
    whole: Duration,
    judged: BTreeSet<String>,
    checks: usize,
    /// What every look but the samples was about, and when it ended.
    told: Vec<(Duration, String)>,
}

fn plan(lab: &Lab) -> Plan {
    let mut plan = world::plan(lab);
    plan.pace = Duration::from_millis(200);
    plan.limits = engine::Limits::default();
    plan
}

async fn run(faults: &[&str]) -> Run {
    let lab = Lab::start(SystemTime::now(), 1, faults).await.unwrap();
    lab.wire().delay(DELAY);
    let trace = Trace::on();
    let world: World = world::world(&lab).traced(&trace);
    let (send, mut events) = tokio::sync::mpsc::unbounded_channel();
    let began = Instant::now();
    let watch = tokio::spawn(async move {
        let (mut facts, mut first, mut last, mut all) = (None::<Facts>, None, Duration::ZERO, Vec::new());
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
                    if !paced(&seen) {
                        last = began.elapsed();
                        all.push((last, seen.what()));
                    }
                    if let Some(facts) = &mut facts {
                        facts.add(*seen);
                        if first.is_none() && !judged(&judge(facts)).is_empty() {
                            first = Some(began.elapsed());
                        }
                    }
                }
                Event::Looking { .. } => {}
            }
        }
        (first, last, all)
    });
    let facts = engine::run(&plan(&lab), &world, BTreeMap::new(), CancellationToken::new(), send).await;
    let whole = began.elapsed();
    let (first, audit, told) = watch.await.unwrap();
    let outcome = judge(&facts);
    let first = first.unwrap_or(whole);
    Run { audit, first, whole, judged: judged(&outcome), checks: outcome.outcomes.len(), trace, facts, told }
}

/// Whether a look keeps a pace that it owes to the other side: samples of response time, and the tries at forms that come after them.
fn paced(seen: &Observation) -> bool {
    matches!(seen, Observation::Latency { .. })
        || matches!(seen, Observation::Burst { fact, .. } if fact.seen().is_ok())
}

fn judge(facts: &Facts) -> Audit {
    audit::audit(facts, audit::roadmap::by_id("sd").unwrap(), facts.finished.unwrap_or(facts.started))
}

/// Checks with an answer that rests on what was seen.
fn judged(audit: &Audit) -> BTreeSet<String> {
    let told = |status| matches!(status, Status::Pass | Status::Warn | Status::Fail);
    audit.outcomes.iter().filter(|outcome| told(outcome.status)).map(|outcome| outcome.check.clone()).collect()
}
