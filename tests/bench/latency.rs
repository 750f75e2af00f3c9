//! `cargo xtask bench latency`: whether what is measured is true, on a server of our own that knows the truth, beside other tools.
//!
//! Three questions, nothing tuned for any of them. (a) A server that delays its answers by known amounts: how far are p50, p95 and p99
//! from what the server itself counted? (b) A server that answers at once, but holds every answer during the last second of each ten:
//! a user who comes then waits, and a tool that waits along with the server asks too seldom to notice ("coordinated omission"). (c) What
//! does a request cost the machine that asks, and how much memory does a million of them take?
//!
//! The server is a process of its own, so that its work is not counted as ours.

use audit::facts::{Loaded, Model, Target};
use engine::load::{Load, Permit, load};
use engine::{Plan, World};
use hdrhistogram::Histogram;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Delays of the first server in milliseconds, each with its share in percent.
const DELAYS: [(u64, u64); 4] = [(80, 5), (10, 20), (8, 100), (2, 400)];
/// What the second server does: it holds its answers for the last second of each ten.
const ROUND: Duration = Duration::from_secs(10);
const HELD: Duration = Duration::from_secs(1);

fn main() {
    let mut args = std::env::args().skip(1);
    match args.next().as_deref() {
        Some("serve") => serve(&args.next().unwrap_or_default()),
        _ => measure(),
    }
}

fn measure() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    println!("(a) mixed delays: 80 % 5 ms, 10 % 20 ms, 8 % 100 ms, 2 % 400 ms; 100 requests a second for 60 s");
    let server = Server::start("mixed");
    let model = Model::Rate { per_second: 100.0, users: 50 };
    let loaded = runtime.block_on(run(&server, model, Duration::from_secs(60), None));
    let truth = server.truth();
    for percentile in [50.0, 95.0, 99.0] {
        let (ours, real) = (claim(&loaded, percentile), truth.value_at_quantile(percentile / 100.0));
        told(&format!("p{percentile}"), ours, real, "0.5 % on a quiet machine, 2 % on a busy one", 2.0);
    }
    peers_of(&server, "100");
    drop(server);

    println!("\n(b) answers held during the last second of each ten; 200 requests a second for 60 s");
    let server = Server::start("held");
    let model = Model::Rate { per_second: 200.0, users: 50 };
    let loaded = runtime.block_on(run(&server, model, Duration::from_secs(60), None));
    for (percentile, real) in [(95.0, 500_000), (99.0, 900_000)] {
        told(&format!("p{percentile}"), claim(&loaded, percentile), real, "2 %", 2.0);
    }
    let service = loaded.service.claim(99.0).unwrap_or_default();
    println!("    p99 from the moment of sending alone, as most tools tell it: {} ms", f64::from(service) / 1000.0);
    peers_of(&server, "200");
    drop(server);

    println!("\n(c) a million requests to a server that answers at once, 50 users");
    let server = Server::start("quick");
    let before = cpu();
    let users = Model::Users { users: 50, think_ms: 0 };
    let loaded = runtime.block_on(run(&server, users, Duration::from_secs(600), Some(1_000_000)));
    let spent = cpu() - before;
    let each = spent.as_secs_f64() * 1e6 / f64::from(loaded.answered.max(1));
    println!("    CPU a request      {each:6.1} µs {}", bound(each <= 10.0, "10 µs"));
    let memory = peak();
    println!("    most memory        {:6.1} MB {}", memory, bound(memory <= 40.0, "40 MB"));
    println!("    requests a second  {:6.0}", f64::from(loaded.answered) / f64::from(loaded.took_ms.max(1)) * 1000.0);
}

async fn run(server: &Server, model: Model, time: Duration, requests: Option<u64>) -> Loaded {
    let target = Target { name: "localhost".to_owned(), domain: "localhost".to_owned() };
    let plan = Plan { allow_private: true, ..Plan::new(target, "sd") };
    let world = World::real(Vec::new()).unwrap();
    let url = format!("http://{}/", server.at).parse().unwrap();
    let what = Load { requests, ..Load::new(url, model, time) };
    let (send, mut ticks) = mpsc::unbounded_channel();
    let cancel = CancellationToken::new();
    let drain = async { while ticks.recv().await.is_some() {} };
    let (loaded, ()) = tokio::join!(load(&plan, &world, &what, Permit::Loopback, cancel, send), drain);
    let loaded = loaded.unwrap();
    assert_eq!(loaded.failures.values().sum::<u32>(), 0, "{:?}", loaded.failures);
    loaded
}

fn claim(loaded: &Loaded, percentile: f64) -> u64 {
    loaded.response.claim(percentile).unwrap_or_default().into()
}

fn told(what: &str, ours: u64, real: u64, limit: &str, percent: f64) {
    #[expect(clippy::cast_precision_loss, reason = "microseconds below an hour")]
    let (ours, real) = (ours as f64 / 1000.0, real as f64 / 1000.0);
    let off = (ours - real) / real * 100.0;
    println!(
        "    {what:<6} ours {ours:8.2} ms  truth {real:8.2} ms  {off:+6.2} % {}",
        bound(off.abs() <= percent, limit)
    );
}

fn bound(good: bool, limit: &str) -> String {
    format!("({}: at most {limit})", if good { "holds" } else { "MISSED" })
}

/// CPU time of this process, user and system.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks: u64 = after.split_whitespace().skip(11).take(2).filter_map(|tick| tick.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// The most memory that this process ever held, megabytes.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// What other tools that are installed say of the same server.
fn peers_of(server: &Server, rate: &str) {
    let url = format!("http://{}/", server.at);
    let (each, whole) = ((rate.parse::<u32>().unwrap_or(1) / 10).to_string(), "20s");
    let peers: [(&str, Vec<&str>); 3] = [
        ("oha", vec!["--no-tui", "-z", whole, "-q", rate, "-c", "20", &url]),
        ("hey", vec!["-z", whole, "-q", &each, "-c", "10", &url]),
        ("wrk", vec!["--latency", "-d", whole, "-c", "20", "-t", "1", &url]),
    ];
    for (tool, args) in peers {
        let Ok(output) = Command::new(tool).args(args).stderr(Stdio::null()).output() else {
            println!("    {tool}: not installed");
            continue;
        };
        let text = String::from_utf8_lossy(&output.stdout);
        let lines = text.lines().map(str::trim).filter(|line| {
            ["50", "95", "99"]
                .iter()
                .any(|p| line.starts_with(&format!("{p}% ")) || line.starts_with(&format!("{p}.00% ")))
        });
        println!("    {tool}: {}", lines.collect::<Vec<_>>().join("; "));
    }
}

/// The server in its own process.
struct Server {
    child: Child,
    at: SocketAddr,
}

impl Server {
    fn start(kind: &str) -> Self {
        let this = std::env::current_exe().unwrap();
        let mut child =
            Command::new(this).args(["serve", kind]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        Self { child, at: line.trim().parse().unwrap() }
    }

    /// What the server itself counted so far.
    fn truth(&self) -> Histogram<u64> {
        let mut stream = TcpStream::connect(self.at).unwrap();
        stream.write_all(b"GET /truth HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let mut histogram = Histogram::new(3).unwrap();
        for time in text.rsplit("\r\n\r\n").next().unwrap_or_default().split_whitespace() {
            histogram.record(time.parse().unwrap()).unwrap();
        }
        histogram
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Serves until it is killed; a thread a connection, so that one delay does not hold up another.
fn serve(kind: &str) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("{}", listener.local_addr().unwrap());
    std::io::stdout().flush().unwrap();
    let (begun, number, times) = (Instant::now(), Arc::new(AtomicU64::new(0)), Arc::new(Mutex::new(Vec::<u64>::new())));
    for stream in listener.incoming() {
        let (mut stream, number, times, kind) = (stream.unwrap(), number.clone(), times.clone(), kind.to_owned());
        std::thread::spawn(move || {
            stream.set_nodelay(true).unwrap();
            let mut bytes = [0; 4096];
            while let Ok(read @ 1..) = stream.read(&mut bytes) {
                let came = Instant::now();
                if bytes[..read].starts_with(b"GET /truth") {
                    let all: Vec<String> = times.lock().unwrap().iter().map(u64::to_string).collect();
                    let all = all.join(" ");
                    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{all}", all.len());
                    drop(stream.write_all(answer.as_bytes()));
                    return;
                }
                match kind.as_str() {
                    "mixed" => std::thread::sleep(delay(number.fetch_add(1, Ordering::Relaxed))),
                    "held" => {
                        let (elapsed, round) = (begun.elapsed().as_micros(), ROUND.as_micros());
                        let within = elapsed % round;
                        if within >= round - HELD.as_micros() {
                            std::thread::sleep(Duration::from_micros(u64::try_from(round - within).unwrap()));
                        }
                    }
                    _ => {}
                }
                if stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ngood").is_err() {
                    return;
                }
                if kind == "mixed" {
                    times.lock().unwrap().push(u64::try_from(came.elapsed().as_micros()).unwrap());
                }
            }
        });
    }
}

/// The delay of the request of this number: the shares hold in every hundred, in an order that follows no pattern.
fn delay(number: u64) -> Duration {
    // 37 has no factor in common with 100, so each hundred is a permutation.
    let mut place = number * 37 % 100;
    for (share, millis) in DELAYS {
        if place < share {
            return Duration::from_millis(millis);
        }
        place -= share;
    }
    Duration::ZERO
}
