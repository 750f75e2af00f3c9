//! `cargo xtask bench latency`: whether what is measured is true, on a server of our own that knows the truth, beside other tools.
//!
//! Three questions first, nothing tuned for any of them. (a) A server that delays its answers by known amounts: how far are p50, p95 and p99
//! from what the server itself counted? (b) A server that answers at once, but holds every answer during the last second of each ten:
//! a user who comes then waits, and a tool that waits along with the server asks too seldom to notice ("coordinated omission"). (c) What
//! does a request cost the machine that asks, and how much memory does a million of them take?
//!
//! What is true is the time from the kernel's receipt of the request to the server's write of the answer.
//!
//! Then: is a difference told where there is one, and none where there is none?
//!
//! The server is a process of its own, so that its work is not counted as ours.

#[path = "latency/awake.rs"]
mod awake;
#[path = "latency/rivals.rs"]
mod rivals;
#[path = "latency/shifts.rs"]
mod shifts;
#[path = "latency/truth.rs"]
mod truth;

use audit::facts::{Loaded, Model, Target};
use awake::Awake;
use engine::load::{Load, Permit, Speak, load};
use engine::{Plan, World};
use rivals::Told;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use truth::Server;

/// A part of the benchmark by its letter.
type Question = (char, fn(&Runtime));

fn main() {
    let mut args = std::env::args().skip(1);
    match args.next().as_deref() {
        Some("awake") => awake::stay(),
        Some("serve") => truth::serve(&args.next().unwrap_or_default()),
        // `a`, `b`, `c` or `d` alone; cargo's own words in between are none.
        _ => measure(&std::env::args().skip(1).filter(|word| word.len() == 1).collect::<String>()),
    }
}

fn measure(parts: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let questions: [Question; 4] = [('a', mixed), ('b', held), ('c', costs), ('d', shifts::measure)];
    for (letter, question) in questions {
        if parts.is_empty() || parts.contains(letter) {
            question(&runtime);
        }
    }
}

fn mixed(runtime: &Runtime) {
    println!("(a) mixed delays: 80 % 5 ms, 10 % 20 ms, 8 % 100 ms, 2 % 400 ms; 100 requests a second for 60 s");
    let _awake = Awake::new();
    let server = Server::start("mixed");
    let model = Model::Rate { per_second: 100.0, users: 50 };
    let loaded = runtime.block_on(run(&server, Load::new(url(&server), model, Duration::from_secs(60))));
    let truth = server.truth();
    let truth = [0.5, 0.95, 0.99].map(|quantile| Some(truth.value_at_quantile(quantile) as f64 / 1_000.0));
    table(truth, &loaded, 0.5, 2.0);
    rivals::beside(&server, 100, truth);
}

fn held(runtime: &Runtime) {
    println!("\n(b) answers held during the last second of each ten; 200 requests a second for 60 s");
    let server = Server::start("held");
    let model = Model::Rate { per_second: 200.0, users: 50 };
    let loaded = runtime.block_on(run(&server, Load::new(url(&server), model, Duration::from_secs(60))));
    let truth = [None, Some(500.0), Some(900.0)];
    table(truth, &loaded, 2.0, 2.0);
    let service = loaded.service.claim(99.0).unwrap_or_default();
    println!("    p99 from the moment of sending alone, as most tools tell it: {} ms", f64::from(service) / 1000.0);
    rivals::beside(&server, 200, truth);
}

fn costs(runtime: &Runtime) {
    println!("\n(c) what a request costs the machine that asks: a million to a server that answers at once, 50 users");
    let server = Server::start("quick");
    let (each, loaded) = cost(runtime, &server, 1_000_000, Speak::One);
    println!("    HTTP/1.1, CPU a request  {each:6.1} µs {}", bound(each <= LIMIT, "at most 10 µs"));
    let memory = peak();
    println!("    most memory              {memory:6.1} MB {}", bound(memory <= 40.0, "at most 40 MB"));
    println!("    requests a second        {:6.0}", pace(&loaded));
    rivals::cost(&server, each, LIMIT);
    drop(server);
    let server = Server::start("two");
    let (each, loaded) = cost(runtime, &server, 200_000, Speak::Two);
    println!(
        "    HTTP/2, CPU a request    {each:6.1} µs, {:.0} requests a second, by {}",
        pace(&loaded),
        loaded.protocol
    );
}

/// Most that a request may cost, CPU microseconds, on a machine where one costs wrk 4.4.
const LIMIT: f64 = 10.0;

/// CPU microseconds of a request.
fn cost(runtime: &Runtime, server: &Server, requests: u64, speak: Speak) -> (f64, Loaded) {
    let before = cpu();
    let users = Model::Users { users: 50, think_ms: 0 };
    let what = Load::new(url(server), users, Duration::from_secs(600));
    let loaded = runtime.block_on(run(server, Load { requests: Some(requests), speak, ..what }));
    ((cpu() - before).as_secs_f64() * 1e6 / f64::from(loaded.answered.max(1)), loaded)
}

fn pace(loaded: &Loaded) -> f64 {
    f64::from(loaded.answered) / f64::from(loaded.took_ms.max(1)) * 1000.0
}

fn url(server: &Server) -> url::Url {
    format!("http://{}/", server.at).parse().unwrap()
}

/// Puts this load on the server.
async fn run(server: &Server, what: Load) -> Loaded {
    assert_eq!(what.url, url(server));
    let target = Target { name: "localhost".to_owned(), domain: "localhost".to_owned() };
    let plan = Plan { allow_private: true, ..Plan::new(target, "sd") };
    let world = World::real(Vec::new()).unwrap();
    let (send, mut ticks) = mpsc::unbounded_channel();
    let cancel = CancellationToken::new();
    let drain = async { while ticks.recv().await.is_some() {} };
    let (loaded, ()) = tokio::join!(load(&plan, &world, &what, Permit::Loopback, cancel, send), drain);
    let loaded = loaded.unwrap();
    assert_eq!(loaded.failed(), 0, "{:?}", loaded.errors);
    loaded
}

/// Ours beside what is true, and whether it is as near as it has to be on a quiet and on a busy machine.
fn table(truth: [Option<f64>; 3], loaded: &Loaded, quiet: f64, busy: f64) {
    let ours = [50.0, 95.0, 99.0].map(|percentile| loaded.response.claim(percentile).map(|us| f64::from(us) / 1_000.0));
    println!("    {:<12} {:>10} {:>10} {:>10}", "ms", "p50", "p95", "p99");
    println!(
        "    {:<12} {}",
        "truth",
        truth.map(|ms| ms.map_or(format!("{:>10}", "-"), |ms| format!("{ms:>10.2}"))).join(" ")
    );
    Told { name: "ours".to_owned(), at: ours }.print(truth);
    let off = ours.iter().zip(truth).filter_map(|(ours, truth)| Some(((*ours)? / truth? - 1.0).abs() * 100.0));
    let worst = off.fold(0.0, f64::max);
    let says = format!("{worst:.2} % off at most: {quiet} % on a quiet machine, {busy} % on a busy one");
    println!("    {}", bound(worst <= busy, &says));
}

fn bound(good: bool, limit: &str) -> String {
    format!("({}: {limit})", if good { "holds" } else { "MISSED" })
}

/// CPU time of this process, user and system.
fn cpu() -> Duration {
    ticks(11)
}

/// CPU time of the processes that it started and that have ended.
fn cpu_of_children() -> Duration {
    ticks(13)
}

/// Two neighbouring times of `/proc/self/stat`, by the place of the first after the name of the program (proc(5)).
fn ticks(place: usize) -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks: u64 = after.split_whitespace().skip(place).take(2).filter_map(|tick| tick.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// The most memory that this process ever held, megabytes.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
