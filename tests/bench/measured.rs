//! Another program run once: how long it took, and the most memory it held.

use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How often a running program is asked for its memory.
const GLANCE: Duration = Duration::from_millis(2);

/// What one run took.
#[derive(Clone, Copy)]
pub struct Run {
    pub took: Duration,
    /// The most memory held at once, MB; nought where the system does not tell (it is read from /proc).
    pub peak: u64,
}

/// Runs a command to its end; it must end with one of these numbers.
pub fn run(command: &mut Command, good: &[i32]) -> Run {
    let begun = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let ended = loop {
        if let Some(ended) = child.try_wait().unwrap() {
            break ended;
        }
        peak = peak.max(high(&status).unwrap_or_default());
        sleep(GLANCE);
    };
    let took = begun.elapsed();
    assert!(ended.code().is_some_and(|code| good.contains(&code)), "{command:?} ended with {ended}");
    Run { took, peak: peak / 1_024 }
}

/// The most memory that a process ever held, KB.
fn high(status: &str) -> Option<u64> {
    let status = std::fs::read_to_string(status).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().split(' ').next()?.parse().ok()
}

/// The median of some runs, with the most memory of any.
pub fn median(times: usize, mut once: impl FnMut() -> Run) -> Run {
    let mut runs: Vec<Run> = (0..times).map(|_| once()).collect();
    runs.sort_by_key(|run| run.took);
    let peak = runs.iter().map(|run| run.peak).max().unwrap_or_default();
    Run { peak, ..runs[times / 2] }
}
