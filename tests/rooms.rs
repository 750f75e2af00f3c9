//! The rooms of the house and the borders between them: who may depend on whom, and who may say what.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const ROOMS: [&str; 7] = ["audit", "engine", "report", "headless", "lab", "launch-ready-desktop", "xtask"];
/// Crates that open sockets or speak TLS.
const NETWORK: [&str; 14] = [
    "async-imap",
    "hickory-proto",
    "hickory-resolver",
    "hickory-server",
    "hyper",
    "hyper-util",
    "lettre",
    "native-tls",
    "openssl",
    "reqwest",
    "rustls",
    "rustls-platform-verifier",
    "tokio-rustls",
    "tower",
];
const STORAGE: [&str; 4] = ["keyring", "keyring-core", "libsqlite3-sys", "sqlx"];
/// Repositories: the engine reads them, and the lab makes those that are read.
const GIT: [&str; 1] = ["gix"];

struct Room {
    name: &'static str,
    folder: &'static str,
    /// Other rooms that it may use.
    uses: &'static [&'static str],
    /// What it must not use, besides.
    never: &'static [&'static [&'static str]],
}

const HOUSE: [Room; 7] = [
    Room {
        name: "audit",
        folder: "src-tauri/audit",
        uses: &[],
        never: &[&NETWORK, &STORAGE, &GIT, &["tokio", "tauri", "printpdf"]],
    },
    Room { name: "engine", folder: "src-tauri/engine", uses: &["audit"], never: &[&["tauri", "printpdf"]] },
    Room {
        name: "report",
        folder: "src-tauri/report",
        uses: &["audit"],
        never: &[&NETWORK, &STORAGE, &GIT, &["tokio", "tauri"]],
    },
    Room {
        name: "headless",
        folder: "src-tauri/headless",
        uses: &["audit", "engine", "lab", "report"],
        never: &[&NETWORK, &STORAGE, &GIT, &["tauri"]],
    },
    Room { name: "lab", folder: "src-tauri/lab", uses: &[], never: &[&STORAGE, &["tauri", "printpdf"]] },
    Room {
        name: "launch-ready-desktop",
        folder: ".",
        uses: &["audit", "engine", "lab", "report"],
        never: &[&NETWORK, &STORAGE, &GIT, &["printpdf"]],
    },
    Room {
        name: "xtask",
        folder: "src-tauri/xtask",
        uses: &[],
        never: &[&NETWORK, &STORAGE, &GIT, &["tokio", "tauri", "printpdf"]],
    },
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("failed to read {}: {error}", path.display()))
}

/// Every file below a folder with one of these endings.
fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            let skipped = ["target", "node_modules", "gen", "dist"].iter().any(|name| path.ends_with(name));
            if path.is_dir() && !skipped {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted)) {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "nothing to look at in {folder}");
    found
}

/// Names of what a package is built from, for any system. What only its tests use is another matter.
fn dependencies(manifest: &toml::Table) -> BTreeSet<String> {
    let names = |table: Option<&toml::Value>| -> Vec<String> {
        table.and_then(toml::Value::as_table).map(|table| table.keys().cloned().collect()).unwrap_or_default()
    };
    let mut found: BTreeSet<String> = names(manifest.get("dependencies")).into_iter().collect();
    let systems = manifest.get("target").and_then(toml::Value::as_table);
    found.extend(
        systems.into_iter().flat_map(|systems| systems.values()).flat_map(|system| names(system.get("dependencies"))),
    );
    found
}

#[test]
fn arrows_run_one_way() {
    for room in HOUSE {
        let manifest: toml::Table = read(&root().join(room.folder).join("Cargo.toml")).parse().unwrap();
        assert_eq!(manifest["package"]["name"].as_str(), Some(room.name));
        let found = dependencies(&manifest);
        assert!(!found.is_empty() || room.uses.is_empty(), "{} depends on nothing", room.name);
        for other in ROOMS.iter().filter(|other| found.contains(**other)) {
            assert!(room.uses.contains(other), "{} must not use {other}", room.name);
        }
        for crate_name in room.never.iter().copied().flatten() {
            let used = found.iter().find(|name| *name == crate_name || name.starts_with(&format!("{crate_name}-")));
            // The window's own plugins belong to Tauri.
            assert_eq!(used, None, "{} must not use {crate_name}", room.name);
        }
    }
}

#[test]
fn commands_are_short_and_leave_the_main_thread() {
    let mut commands = 0;
    for path in files("src-tauri/window", &["rs"]) {
        let text = read(&path);
        let lines: Vec<&str> = text.lines().collect();
        for (number, _) in lines.iter().enumerate().filter(|(_, line)| line.trim() == "#[tauri::command]") {
            let place = format!("{}:{}", path.display(), number + 2);
            assert!(
                lines[number + 1].contains(" async fn "),
                "{place}: a command must be async, or it stops the window"
            );
            let length = lines[number + 1..].iter().position(|line| *line == "}").unwrap() + 1;
            assert!(length <= 15, "{place}: {length} lines; a command hands on, the work belongs elsewhere");
            commands += 1;
        }
    }
    assert!(commands >= 25, "only {commands} commands were found");
}

#[test]
fn one_file_of_the_page_speaks_to_rust() {
    for path in files("ui/src", &["ts", "svelte"]) {
        let text = read(&path);
        let place = path.strip_prefix(root()).unwrap().display();
        if !path.ends_with("ui/src/ipc.ts") {
            assert!(!text.contains("@tauri-apps"), "{place} must not import @tauri-apps");
        }
        for never in
            ["{@html", ".innerHTML", "insertAdjacentHTML", "fetch(", "XMLHttpRequest", "new WebSocket", "eval("]
        {
            assert!(!text.contains(never), "{place} must not use {never}");
        }
    }
}

/// The identifiers of a source text, comments left out.
fn words(text: &str) -> BTreeSet<&str> {
    let code = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_')).collect()
}

#[test]
fn only_the_judge_has_an_opinion() {
    let opinions = ["Finding", "Severity", "Grade", "Verdict", "Status"];
    let lookers = ["look", "net", "run"].map(|part| format!("src-tauri/engine/src/{part}"));
    for folder in lookers.iter().map(String::as_str).chain(["src-tauri/window"]) {
        for path in files(folder, &["rs"]) {
            // What tests compare with is not what the product does.
            if path.file_stem().is_some_and(|name| name.to_string_lossy().ends_with("tests")) {
                continue;
            }
            // What a mail server says of itself (RFC 9051 §7.1) is a fact.
            let text = read(&path).replace("imap_proto::Status", "");
            let found: Vec<_> = opinions.iter().filter(|opinion| words(&text).contains(**opinion)).collect();
            assert!(found.is_empty(), "{} must not know {found:?}", path.display());
        }
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for path in files("src-tauri", &["rs"]).into_iter().chain(files("tests", &["rs"])) {
        assert!(read(&path).starts_with("//! "), "{} must open with what it is for", path.display());
    }
}

/// Lists of ours alone: nothing in them was taken from outside.
const OUR_OWN: [&str; 2] = ["demo-journeys.toml", "planned.toml"];

#[test]
fn every_list_from_outside_says_where_and_when_it_was_taken() {
    let lists: Vec<PathBuf> = fs::read_dir(root().join("assets/data"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| !OUR_OWN.contains(&path.file_name().unwrap().to_str().unwrap()))
        .collect();
    assert!(lists.len() >= 15, "{lists:?}");
    let mut without = vec![];
    for list in lists {
        let text = fs::read_to_string(&list).unwrap();
        let head: Vec<&str> = text.lines().take_while(|line| !line.starts_with("[[")).collect();
        let value = |name: &str| {
            let line = head.iter().find_map(|line| line.strip_prefix(&format!("{name} = \"")))?;
            line.strip_suffix('"')
        };
        let dated = value("date").is_some_and(|date| {
            let digits: Vec<&str> = date.split('-').collect();
            matches!(digits.as_slice(), [year, month] | [year, month, _] if year.len() == 4 && month.len() == 2)
                && digits.concat().bytes().all(|byte| byte.is_ascii_digit())
        });
        if !dated || value("source").is_none_or(|source| source.len() < 10) {
            without.push(list);
        }
    }
    assert!(without.is_empty(), "{without:?}");
}
