//! The borders of this room: no opinion in a looker, one place that dials, no room that must not be known here.

use std::fs;
use std::path::{Path, PathBuf};

/// How the names of files end that are tests and no part of the product.
const TESTS: [&str; 3] = ["testing.rs", "/tests.rs", "_tests.rs"];

/// The product's own sources in a folder.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let test = TESTS.iter().any(|end| path.to_string_lossy().ends_with(end));
            if path.is_dir() {
                folders.push(path);
            } else if !test && let Ok(text) = fs::read_to_string(&path) {
                found.push((path, text));
            }
        }
    }
    found
}

#[test]
fn a_looker_has_no_opinion() {
    let looking: Vec<_> = ["src/look", "src/net", "src/run"].iter().flat_map(|folder| sources(folder)).collect();
    assert!(looking.len() > 20);
    for (path, text) in looking {
        for word in ["Finding", "Severity", "Grade", "Verdict", "audit::checks", "audit::judge"] {
            assert!(!text.contains(word), "{} names {word}", path.display());
        }
    }
}

#[test]
fn only_the_dialler_dials() {
    for (path, text) in sources("src") {
        let file = path.to_string_lossy();
        assert!(!text.contains("TcpStream::connect") || file.ends_with("net/dial.rs"), "{file} opens connections");
        assert!(!text.contains("UdpClientStream::builder") || file.ends_with("net/dns.rs"), "{file} sends datagrams");
        assert!(!text.contains("UdpSocket::bind"), "{file} sends datagrams");
        let client = text.contains("reqwest::Client") || text.contains("Client::builder");
        assert!(!client || file.ends_with("net/pool.rs"), "{file} builds a client");
    }
}

#[test]
fn rooms_that_must_not_be_known_are_not() {
    let manifest = include_str!("../Cargo.toml");
    for room in ["report", "tauri", "headless", "xtask"] {
        assert!(!manifest.lines().any(|line| line.starts_with(room)), "{room} is a dependency");
    }
    let (_, dev) = manifest.split_once("[dev-dependencies]").unwrap_or_default();
    assert!(dev.contains("lab"), "the lab is for tests only");
}
