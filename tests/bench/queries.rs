//! `cargo xtask bench queries`: how fast a log of queries is read, form by form, and how much memory that takes, hostile logs included.

use audit::facts::QueriesSeen;
use audit::read::query::Reader;
use std::fmt::Write as _;
use std::time::Instant;

/// Bytes of one pass; far more than the memory that is allowed.
const SIZE: usize = 1_000_000_000;
/// What must be held.
const SPEED: f64 = 100.0;
const MEMORY: u64 = 128;
/// Bytes given at once, as a pipe gives them.
const PIECE: usize = 256 * 1024;

fn main() {
    println!("{} MB of each form, from one block that is repeated\n", SIZE / 1_000_000);
    for (name, block) in
        [("postgres", postgres()), ("mysql", mysql()), ("slow log", slow()), ("json", json()), ("rails", rails())]
    {
        let begun = Instant::now();
        let seen = read(&block);
        assert!(seen.statements > 1_000_000 && seen.shapes < 100, "{name}: {} {}", seen.statements, seen.shapes);
        let rate = seen.bytes as f64 / 1e6 / begun.elapsed().as_secs_f64();
        let good = if rate >= SPEED { "holds" } else { "MISSED" };
        println!(
            "{name:<10} {rate:>7.0} MB/s, {} queries of {} kinds ({good}: at least {SPEED} MB/s)",
            seen.statements, seen.shapes
        );
    }
    let begun = Instant::now();
    let mut reader = Reader::new();
    reader.open("hostile");
    let mut line = String::new();
    for at in 0..10_000_000_u32 {
        line.clear();
        let _ = writeln!(line, "prisma:query SELECT a FROM table_{at} WHERE b = $1");
        reader.feed(line.as_bytes());
    }
    let seen = reader.finish();
    println!(
        "hostile    {} kinds in {:.1} s, {} forgotten",
        seen.shapes,
        begun.elapsed().as_secs_f64(),
        seen.forgotten
    );
    let peak = peak();
    let good = if peak <= MEMORY { "holds" } else { "MISSED" };
    println!("memory     {peak:>7} MB at the most ({good}: at most {MEMORY} MB)");
}

fn read(block: &[u8]) -> QueriesSeen {
    let mut reader = Reader::new();
    reader.open("log");
    for _ in 0..SIZE / block.len() {
        block.chunks(PIECE).for_each(|piece| reader.feed(piece));
    }
    reader.finish()
}

/// The queries of a small product, one after the other.
fn sql(at: usize) -> String {
    match at % 5 {
        0 => format!("SELECT u.id, u.name, u.email FROM users u WHERE u.id = {at} LIMIT 1"),
        1 => format!(
            "SELECT * FROM boards WHERE team_id = {at} AND state IN ('open', 'waiting', 'done') ORDER BY created_at DESC LIMIT 20"
        ),
        2 => format!(
            "INSERT INTO events (user_id, kind, at, body) VALUES ({at}, 'viewed', '2026-11-21 08:00:00', 'It''s line {at} of the import')"
        ),
        3 => format!("UPDATE users SET seen_at = '2026-11-21 08:00:00', visits = visits + 1 WHERE id = {at}"),
        _ => format!(
            "SELECT count(*) FROM cards c JOIN boards b ON b.id = c.board_id WHERE b.team_id = {at} AND c.done = false"
        ),
    }
}

fn block(line: impl Fn(usize) -> String) -> Vec<u8> {
    (0..8_000).map(line).collect::<String>().into_bytes()
}

fn postgres() -> Vec<u8> {
    block(|at| {
        format!(
            "2026-11-21 08:{:02}:{:02}.{:03} UTC [{}] desk@desk LOG:  duration: 0.{at} ms  statement: {}\n",
            at / 60 % 60,
            at % 60,
            at % 1_000,
            at % 40,
            sql(at)
        )
    })
}

fn mysql() -> Vec<u8> {
    block(|at| {
        format!("2026-11-21T08:{:02}:{:02}.{:06}Z\t   {} Query\t{}\n", at / 60 % 60, at % 60, at, at % 40, sql(at))
    })
}

fn slow() -> Vec<u8> {
    block(|at| {
        format!(
            "# Time: 2026-11-21T08:{:02}:{:02}.000000Z\n# User@Host: desk[desk] @ localhost []  Id:    {}\n# Query_time: 0.{at}  Lock_time: 0.000012 Rows_sent: 1  Rows_examined: 4\nSET timestamp=1795248000;\n{};\n",
            at / 60 % 60,
            at % 60,
            at % 40,
            sql(at)
        )
    })
}

fn json() -> Vec<u8> {
    block(|at| {
        format!(
            "{{\"time\":\"2026-11-21T08:{:02}:{:02}.000Z\",\"level\":\"debug\",\"request_id\":\"r{:08}\",\"sql\":\"{}\",\"duration_ms\":0.{at},\"msg\":\"query\"}}\n",
            at / 60 % 60,
            at % 60,
            at / 6,
            sql(at)
        )
    })
}

fn rails() -> Vec<u8> {
    block(|at| {
        format!(
            "D, [2026-11-21T08:{:02}:{:02}.000000 #71] DEBUG -- : [8d9f4c1e-0b7a-4c63-9f5e-2b7e61{:06}]   \x1b[1m\x1b[36mUser Load (0.{at}ms)\x1b[0m  \x1b[1m\x1b[34m{}\x1b[0m  [[\"id\", {at}]]\n",
            at / 60 % 60,
            at % 60,
            at / 6,
            sql(at)
        )
    })
}

/// The most memory that this process ever held, MB; none where the system does not tell.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok()).unwrap_or_default() / 1_024
}
