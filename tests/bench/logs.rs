//! `cargo xtask bench logs`: how fast a log of any size is read, plain and packed, and how much memory that takes.

use audit::facts::LogSeen;
use std::io::Read;
use std::time::Instant;

/// Bytes of one pass; far more than the memory that is allowed.
const SIZE: usize = 2_000_000_000;
/// What must be held.
const SPEED: f64 = 100.0;
const MEMORY: u64 = 64;

fn main() {
    let block = block();
    println!("{} MB of each form, from one block of {} KB that is repeated\n", SIZE / 1_000_000, block.len() / 1_000);
    let plain = timed("plain", &block, |source| engine::log_from(source, &[7; 32], &|| false));
    let packed = gzip(&block);
    // A gzip file may hold many members, one behind the other (RFC 1952 §2.2).
    let repeats = SIZE / block.len();
    let again = timed("gzip", &packed, |source| {
        engine::log_from(source.take((packed.len() * repeats) as u64), &[7; 32], &|| false)
    });
    assert!(plain.leaks.len() == again.leaks.len() && plain.lines > 1_000_000, "both passes read the same");
    let peak = peak();
    let good = if peak <= MEMORY { "holds" } else { "MISSED" };
    println!("memory     {peak:>7} MB at the most ({good}: at most {MEMORY} MB)");
}

/// Lines of every form, a few of them with what should not be there.
fn block() -> Vec<u8> {
    let mut text = String::new();
    for at in 0..4_000_u32 {
        let (minute, second) = (at / 60 % 60, at % 60);
        text.push_str(&match at % 4 {
            0 => format!("{{\"time\":\"2026-11-21T08:{minute:02}:{second:02}Z\",\"level\":\"info\",\"request_id\":\"r{at:08}\",\"route\":\"/invoices/{at}\",\"ms\":{},\"msg\":\"request served\"}}\n", at % 400),
            1 => format!("203.0.113.{} - - [21/Nov/2026:08:{minute:02}:{second:02} +0000] \"GET /assets/app.{at:08x}.js HTTP/1.1\" 200 {} \"-\" \"Mozilla/5.0 (X11; Linux x86_64)\"\n", at % 250, at * 7),
            2 => format!("time=2026-11-21T08:{minute:02}:{second:02}Z level=info request_id=r{at:08} msg=\"job digest done\" took={}ms\n", at % 90),
            _ => format!("Nov 21 08:{minute:02}:{second:02} web-1 app[{}]: connection from 203.0.113.{} accepted, {} waiting\n", at % 3_000, at % 250, at % 7),
        });
        if at % 1_000 == 500 {
            text.push_str("level=info msg=login password=tulip-river-9 mail=maren.holt@fjordmail.example\n");
        }
    }
    text.into_bytes()
}

fn gzip(block: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(block).unwrap();
    packed.finish().unwrap()
}

fn timed(name: &str, block: &[u8], read: impl Fn(Endless<'_>) -> LogSeen) -> LogSeen {
    let begun = Instant::now();
    let seen = read(Endless { block, at: 0, left: if name == "plain" { SIZE } else { usize::MAX } });
    let rate = seen.bytes as f64 / 1e6 / begun.elapsed().as_secs_f64();
    let good = if rate >= SPEED { "holds" } else { "MISSED" };
    println!("{name:<10} {rate:>7.0} MB/s of text, {} lines ({good}: at least {SPEED} MB/s)", seen.lines);
    seen
}

/// The block, again and again.
struct Endless<'b> {
    block: &'b [u8],
    at: usize,
    left: usize,
}

impl Read for Endless<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let rest = &self.block[self.at..];
        let taken = rest.len().min(into.len()).min(self.left);
        into[..taken].copy_from_slice(&rest[..taken]);
        self.at = (self.at + taken) % self.block.len();
        self.left -= taken;
        Ok(taken)
    }
}

/// The most memory that this process ever held, MB; none where the system does not tell.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok()).unwrap_or_default() / 1_024
}
