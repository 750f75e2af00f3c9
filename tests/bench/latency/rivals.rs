//! Other tools that are installed, on the same server: what they say of its percentiles, and what a request costs them.

use super::truth::Server;
use super::{bound, cpu_of_children, url};
use std::io::Write;
use std::process::{Command, Stdio};

/// What somebody says of p50, p95 and p99, milliseconds.
pub struct Told {
    pub name: String,
    pub at: [Option<f64>; 3],
}

impl Told {
    /// A row of the table: each figure with how far it is off.
    pub fn print(&self, truth: [Option<f64>; 3]) {
        let cell = |ours: Option<f64>, truth: Option<f64>| match (ours, truth) {
            (Some(ours), Some(truth)) => format!("{ours:>10.2} ({:+.2} %)", (ours / truth - 1.0) * 100.0),
            (Some(ours), None) => format!("{ours:>10.2}"),
            (None, _) => format!("{:>10}", "-"),
        };
        let cells: Vec<String> = self.at.iter().zip(truth).map(|(ours, truth)| cell(*ours, truth)).collect();
        println!("    {:<12} {}", self.name, cells.join(" "));
    }
}

/// Each tool as it is used without being told of the trap, and where it can be told, told.
pub fn beside(server: &Server, rate: u32, truth: [Option<f64>; 3]) {
    let (url, rate) = (url(server).to_string(), rate.to_string());
    let each = (rate.parse::<u32>().unwrap_or(10) / 10).to_string();
    let rows: [(&str, &str, Vec<&str>); 4] = [
        ("oha", "oha", vec!["--no-tui", "-z", "20s", "-q", &rate, "-c", "20", &url]),
        ("oha told", "oha", vec!["--no-tui", "-z", "20s", "-q", &rate, "-c", "50", "--latency-correction", &url]),
        ("hey", "hey", vec!["-z", "20s", "-q", &each, "-c", "10", &url]),
        ("wrk", "wrk", vec!["--latency", "-d", "20s", "-c", "20", "-t", "1", &url]),
    ];
    for (name, tool, args) in rows {
        match Command::new(tool).args(args).stderr(Stdio::null()).output() {
            Ok(output) => {
                let text = String::from_utf8_lossy(&output.stdout).into_owned();
                Told { name: name.to_owned(), at: ["50", "95", "99"].map(|percentile| read(&text, percentile)) }
                    .print(truth);
            }
            Err(_) => println!("    {name:<12} not installed"),
        }
    }
    match k6(&url, &rate) {
        Some(text) => {
            let at = ["p(50)=", "p(95)=", "p(99)="]
                .map(|name| text.split(name).nth(1).and_then(|rest| millis(rest.split_whitespace().next()?)));
            Told { name: "k6".to_owned(), at }.print(truth);
        }
        None => println!("    {:<12} not installed", "k6"),
    }
}

fn k6(url: &str, rate: &str) -> Option<String> {
    let script = format!(
        "import http from 'k6/http';\nexport const options = {{ scenarios: {{ one: {{ executor: 'constant-arrival-rate', rate: {rate}, timeUnit: '1s', duration: '20s', preAllocatedVUs: 20, maxVUs: 20 }} }} }};\nexport default function () {{ http.get('{url}'); }}\n"
    );
    let args = ["run", "--quiet", "--summary-trend-stats", "p(50),p(95),p(99)", "-"];
    let started =
        Command::new("k6").args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = started.ok()?;
    child.stdin.take()?.write_all(script.as_bytes()).ok()?;
    let text = String::from_utf8_lossy(&child.wait_with_output().ok()?.stdout).into_owned();
    text.lines().find(|line| line.contains("http_req_duration")).map(str::to_owned)
}

/// The figure behind a percentile: `95.00% in 0.1004 sec` (oha), `95% in 0.1004 secs` (hey), `99%  5.23ms` (wrk).
fn read(text: &str, percentile: &str) -> Option<f64> {
    let line = text.lines().map(str::trim).find_map(|line| {
        line.strip_prefix(&format!("{percentile}.00% ")).or_else(|| line.strip_prefix(&format!("{percentile}% ")))
    })?;
    let mut words = line.split_whitespace().filter(|word| *word != "in");
    let figure = words.next()?;
    match words.next() {
        Some(unit) => millis(&format!("{figure}{}", unit.trim_end_matches("ecs").trim_end_matches("ec"))),
        None => millis(figure),
    }
}

/// `5.23ms`, `870us`, `1.2s` in milliseconds.
fn millis(text: &str) -> Option<f64> {
    let end = text.find(|letter: char| letter != '.' && !letter.is_ascii_digit())?;
    let figure: f64 = text[..end].parse().ok()?;
    match &text[end..] {
        "ms" => Some(figure),
        "us" | "µs" => Some(figure / 1_000.0),
        "s" => Some(figure * 1_000.0),
        _ => None,
    }
}

/// What a request costs the others, and how ours, CPU microseconds, stands to it. The limit of ours was set on a machine where a request
/// cost these others what stands behind their names; machines differ, so the share says more than the figure.
pub fn cost(server: &Server, ours: f64, limit: f64) {
    let url = url(server).to_string();
    let rows: [(&str, f64, Vec<&str>); 3] = [
        ("oha", 7.2, vec!["--no-tui", "-n", "200000", "-c", "50", &url]),
        ("hey", 20.0, vec!["-n", "200000", "-c", "50", &url]),
        ("wrk", 4.4, vec!["-d", "5s", "-c", "50", "-t", "1", &url]),
    ];
    for (tool, there, args) in rows {
        let (before, seen) = (cpu_of_children(), server.seen());
        let Ok(_) = Command::new(tool).args(args).stderr(Stdio::null()).output() else {
            println!("    {tool}: not installed");
            continue;
        };
        let asked = server.seen().saturating_sub(seen).max(1);
        let each = (cpu_of_children() - before).as_secs_f64() * 1e6 / asked as f64;
        let (share, most) = (ours / each, limit / there);
        println!(
            "    {tool}, CPU a request      {each:6.1} µs; ours is {share:.2} of it {}",
            bound(share <= most, &format!("at most {most:.2}"))
        );
    }
}
