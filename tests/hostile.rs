//! What the other side sends without end costs bounded memory: the lab's floods of ten gigabytes and more, each in one audit.

mod world;

use std::time::SystemTime;

/// Most memory that an audit of a flood may take above what the process holds already, lab included, in kB.
const MOST: u64 = 100 * 1024;
/// The faults that send most, on every kind of exchange that reads a body.
const FLOODS: [&str; 15] = [
    "body-bomb",
    "body-endless",
    "body-padding",
    "style-bomb",
    "style-bomb-brotli",
    "style-bomb-zstd",
    "style-padding-zstd",
    "script-wide",
    "sitemap-huge",
    "map-endless",
    "origin-bomb",
    "registry-bomb",
    "logs-endless",
    "doh-endless",
    "cloudflare-api-endless",
];

/// A figure of `/proc/self/status` in kB (proc_pid_status(5)).
fn memory(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_ascii_whitespace().nth(1).unwrap().parse().unwrap()
}

async fn look(faults: &[&str]) {
    let lab = lab::Lab::start(SystemTime::now(), 1, faults).await.unwrap();
    drop(world::look(&lab).await);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn floods_cost_bounded_memory() {
    // What every audit takes is taken before anything is measured.
    look(&[]).await;
    let mut told = Vec::new();
    for flood in FLOODS {
        // The peak begins anew (proc_pid_clear_refs(5)).
        std::fs::write("/proc/self/clear_refs", "5").unwrap();
        let before = memory("VmRSS:");
        look(&[flood]).await;
        told.push((flood, memory("VmHWM:").saturating_sub(before)));
    }
    println!("{told:?}");
    let over: Vec<_> = told.into_iter().filter(|(_, grown)| *grown > MOST).collect();
    assert!(over.is_empty(), "kB above the rest: {over:?}");
}
