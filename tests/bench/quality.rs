//! `cargo xtask bench quality`: how many of the secrets in published packages are found, and how many finds are none, beside other scanners.
//!
//! The lines and what stands in each are labelled by hand in `tests/cases/real/labels.toml`; half of the packages were never looked at while
//! rules were made. The files are copied under names that say nothing, so that what is measured is how their text is read.
//! Then samples of the forms that published scanners look for, and of what those scanners publish as false ones.

mod forms;
mod installed;

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const OURS: &str = env!("CARGO_BIN_EXE_launch-ready");
const LABELS: &str = include_str!("../cases/real/labels.toml");
/// What must be held: precision, and F1 above that of gitleaks.
const PRECISION: f64 = 0.90;
const AHEAD: f64 = 0.10;
/// What must be held of published forms: samples found, and false samples told.
const FORMS: f64 = 0.98;
const FALSE_FORMS: f64 = 0.05;
/// Samples in one folder: of a folder no more finds are told than a person could go through.
const PART: usize = 1_000;

#[derive(Deserialize)]
struct Labels {
    source: String,
    date: String,
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    from: String,
    name: String,
    version: String,
    held_out: bool,
    lines: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    file: String,
    line: u64,
    secret: bool,
}

/// A labelled line under the name of its copy.
#[derive(Clone)]
struct Case {
    file: String,
    line: u64,
    secret: bool,
    held_out: bool,
}

type Found = BTreeSet<(String, u64)>;
/// Runs a program that is installed over files that lie ready.
type Look<'l> = &'l dyn Fn(&Path) -> Found;

fn main() {
    let labels: Labels = toml::from_str(LABELS).unwrap();
    let yard = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-quality");
    let flat = yard.join("flat");
    drop(fs::remove_dir_all(&flat));
    fs::create_dir_all(&flat).unwrap();
    let cases = gathered(&labels, &yard, &flat);
    let secrets = cases.iter().filter(|case| case.secret).count();
    println!("{} lines, {secrets} with a secret; {}, {}\n", cases.len(), labels.source, labels.date);
    let ours = told("launch-ready", &cases, &ours(&flat));
    let gitleaks = peer("gitleaks", &cases, |program| gitleaks(program, &flat, &yard));
    peer("kingfisher", &cases, |program| kingfisher(program, &flat, &yard));
    beside(&cases, &flat, &yard);
    println!("\nprecision {:.2} ({}: at least {PRECISION})", ours.0, bound(ours.0 >= PRECISION));
    if let Some((_, theirs)) = gitleaks {
        println!("F1 {:+.2} beside gitleaks ({}: at least +{AHEAD})", ours.1 - theirs, bound(ours.1 - theirs >= AHEAD));
    }
    published(&yard);
}

/// Samples of published forms, each in a file of its own.
fn published(yard: &Path) {
    let folder = yard.join("forms");
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).unwrap();
    let forms = forms::Forms::read();
    let samples = forms.drawn(1);
    let part = |at: usize| folder.join((at / PART).to_string());
    for (at, sample) in samples.iter().enumerate() {
        fs::create_dir_all(part(at)).unwrap();
        fs::write(part(at).join(format!("{at:05}.txt")), &sample.text).unwrap();
    }
    let all = |secret: bool| samples.iter().filter(|sample| sample.kind.is_some() == secret).count() as f64;
    println!("\n{} samples of forms, {} false ones; {}, {}\n", all(true), all(false), forms.source, forms.date);
    let told = |name: &str, found: &Found, taken: Option<&BTreeSet<String>>| {
        let files: BTreeSet<&str> = found.iter().map(|(file, _)| file.as_str()).collect();
        let share = |secret: bool| {
            let names = samples.iter().enumerate().filter(|(_, sample)| sample.kind.is_some() == secret);
            let names = names.map(|(at, _)| format!("{at:05}.txt"));
            let names: Vec<String> = names.filter(|name| taken.is_none_or(|taken| taken.contains(name))).collect();
            let hits = names.iter().filter(|name| files.contains(name.as_str())).count();
            hits as f64 / (names.len() as f64).max(1.0)
        };
        let shares = (share(true), share(false));
        println!("{name:<16} found {:.1} %, of the false ones {:.1} %", 100.0 * shares.0, 100.0 * shares.1);
        shares
    };
    let finds: Found = (0..samples.len()).step_by(PART).flat_map(|at| ours(&part(at))).collect();
    let (found, wrong) = told("launch-ready", &finds, None);
    let peers: [(&str, Look<'_>); 2] = [
        ("gitleaks", &|program| gitleaks(program, &folder, yard)),
        ("kingfisher", &|program| kingfisher(program, &folder, yard)),
    ];
    for (name, look) in peers {
        if let Some(program) = installed::find(name) {
            told(name, &look(&program), None);
        }
    }
    if let Some(program) = installed::find("detect-secrets") {
        let (finds, taken) = detect_secrets(&program, &folder, yard);
        told("detect-secrets", &finds, Some(&taken));
        if taken.len() < samples.len() {
            println!("                 counted over the {} samples that it gets through in the time", taken.len());
        }
    }
    let held = found >= FORMS && wrong <= FALSE_FORMS;
    println!("\nforms {}: at least {FORMS}, at most {FALSE_FORMS} of the false ones", bound(held));
}

fn bound(good: bool) -> &'static str {
    if good { "holds" } else { "MISSED" }
}

/// Fetches what is not there yet, and copies every labelled file under a name that says nothing.
fn gathered(labels: &Labels, yard: &Path, flat: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut files = 0;
    for package in &labels.package {
        let root = fetched(package, yard);
        let names: BTreeSet<&str> = package.lines.iter().map(|line| line.file.as_str()).collect();
        for name in names {
            let from = root.join(name);
            let end = from.extension().map_or_else(String::new, |end| format!(".{}", end.to_string_lossy()));
            let copy = format!("{files:04}{end}");
            files += 1;
            fs::copy(&from, flat.join(&copy)).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
            let here = package.lines.iter().filter(|line| line.file == name);
            cases.extend(here.map(|Line { line, secret, .. }| Case {
                file: copy.clone(),
                line: *line,
                secret: *secret,
                held_out: package.held_out,
            }));
        }
    }
    cases
}

/// The unpacked package, from its registry by that registry's own client; nothing of it is run.
fn fetched(package: &Package, yard: &Path) -> PathBuf {
    let folder = yard.join("packages").join(format!("{}-{}", package.name.replace(['@', '/'], "_"), package.version));
    let unpacked = folder.join("unpacked");
    if unpacked.is_dir() {
        return unpacked;
    }
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).unwrap();
    let mut client = if package.from == "npm" {
        let mut npm = Command::new("npm");
        npm.args(["pack", "--ignore-scripts", "--silent"]).arg(format!("{}@{}", package.name, package.version));
        npm
    } else {
        let mut pip = Command::new("pip");
        pip.args(["download", "--quiet", "--no-deps", "--only-binary=:all:"]);
        pip.arg(format!("{}=={}", package.name, package.version));
        pip
    };
    done(client.current_dir(&folder));
    let archive = fs::read_dir(&folder).unwrap().flatten().next().unwrap().path();
    let begun = folder.join("begun");
    fs::create_dir(&begun).unwrap();
    if package.from == "npm" {
        done(Command::new("tar").arg("xzf").arg(&archive).arg("-C").arg(&begun));
    } else {
        done(Command::new("python3").args(["-m", "zipfile", "-e"]).arg(&archive).arg(&begun));
    }
    fs::rename(begun, &unpacked).unwrap();
    unpacked
}

fn done(command: &mut Command) {
    let ended = command.stdin(Stdio::null()).stdout(Stdio::null()).status().unwrap();
    assert!(ended.success(), "{command:?} ended with {ended}");
}

fn ours(flat: &Path) -> Found {
    let told = Command::new(OURS).args(["secrets", "--no-history", "--format", "json"]).arg(flat).output().unwrap();
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    found(told["finds"].as_array().into_iter().flatten(), "path", "line")
}

fn found<'a>(finds: impl Iterator<Item = &'a Value>, path: &str, line: &str) -> Found {
    let place = |find: &Value| {
        let name = Path::new(find[path].as_str()?).file_name()?.to_string_lossy().into_owned();
        Some((name, find[line].as_u64()?))
    };
    finds.filter_map(place).collect()
}

fn peer(name: &str, cases: &[Case], look: impl Fn(&Path) -> Found) -> Option<(f64, f64)> {
    let Some(program) = installed::find(name) else {
        println!("{name:<16} skipped: it is not installed");
        return None;
    };
    Some(told(name, cases, &look(&program)))
}

fn gitleaks(program: &Path, flat: &Path, yard: &Path) -> Found {
    let report = yard.join("gitleaks.json");
    let path = report.to_string_lossy().into_owned();
    let quiet = ["--no-banner", "--log-level=error", "--exit-code=0", "--report-format=json", "--report-path", &path];
    done(Command::new(program).arg("dir").args(quiet).arg(flat));
    let told: Value = serde_json::from_slice(&fs::read(&report).unwrap()).unwrap();
    found(told.as_array().into_iter().flatten(), "File", "StartLine")
}

fn kingfisher(program: &Path, flat: &Path, yard: &Path) -> Found {
    let report = yard.join("kingfisher.json");
    let offline = ["scan", "--no-validate", "--no-update-check", "--git-history=none", "--format=json", "--output"];
    // It ends with a number of its own when it found something.
    let mut command = Command::new(program);
    command.args(offline).arg(&report).arg(flat).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    let told: Value = serde_json::from_slice(&fs::read(&report).unwrap()).unwrap();
    let finds = told["findings"].as_array().into_iter().flatten().map(|find| &find["finding"]);
    found(finds, "path", "line")
}

/// Files that detect-secrets is given at once, and how long it may take for all of them.
const BATCH: usize = 25;
const PATIENCE: Duration = Duration::from_secs(120);

/// What detect-secrets finds, and in which files: those that it gets through in the time, the smallest first.
fn detect_secrets(program: &Path, flat: &Path, yard: &Path) -> (Found, BTreeSet<String>) {
    let folders = fs::read_dir(flat).unwrap().flatten().map(|entry| entry.path()).filter(|path| path.is_dir());
    let folders = folders.chain([flat.to_owned()]);
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()));
    let mut files: Vec<PathBuf> = files.filter(|path| path.is_file()).collect();
    files.sort_by_cached_key(|path| (path.metadata().unwrap().len(), path.clone()));
    let (mut finds, mut taken) = (Found::new(), BTreeSet::new());
    let (begun, report) = (Instant::now(), yard.join("detect-secrets.json"));
    for batch in files.chunks(BATCH) {
        let mut command = Command::new(program);
        command.args(["scan", "--all-files", "--no-verify"]).args(batch);
        command.stdin(Stdio::null()).stdout(fs::File::create(&report).unwrap()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        while child.try_wait().unwrap().is_none() {
            if begun.elapsed() > PATIENCE {
                child.kill().unwrap();
                child.wait().unwrap();
                return (finds, taken);
            }
            sleep(Duration::from_millis(20));
        }
        let told: Value = serde_json::from_slice(&fs::read(&report).unwrap()).unwrap();
        let rows = told["results"].as_object().into_iter().flatten();
        let rows = rows.flat_map(|(_, finds)| finds.as_array().into_iter().flatten());
        finds.extend(found(rows, "filename", "line_number"));
        taken.extend(batch.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())));
    }
    (finds, taken)
}

/// detect-secrets over the files that it gets through, with the lines that are labelled in them.
fn beside(cases: &[Case], flat: &Path, yard: &Path) {
    let Some(program) = installed::find("detect-secrets") else {
        println!("detect-secrets   skipped: it is not installed");
        return;
    };
    let (finds, taken) = detect_secrets(&program, flat, yard);
    let some: Vec<Case> = cases.iter().filter(|case| taken.contains(&case.file)).cloned().collect();
    told("detect-secrets", &some, &finds);
    if some.len() < cases.len() {
        let seconds = PATIENCE.as_secs();
        println!("                 counted over the {} lines of files that it gets through in {seconds} s", some.len());
    }
}

/// Prints how well a scanner did, and gives precision and F1 over all.
fn told(name: &str, cases: &[Case], found: &Found) -> (f64, f64) {
    let score = |held_out: Option<bool>| {
        let some: Vec<(&Case, bool)> = cases
            .iter()
            .filter(|case| held_out.is_none_or(|held_out| held_out == case.held_out))
            .map(|case| (case, found.contains(&(case.file.clone(), case.line))))
            .collect();
        let count = |secret: bool, hit: bool| {
            some.iter().filter(|(case, is)| (case.secret, *is) == (secret, hit)).count() as f64
        };
        let right = count(true, true);
        let precision = right / (right + count(false, true)).max(1.0);
        let recall = right / (right + count(true, false)).max(1.0);
        (precision, recall, 2.0 * right / (2.0 * right + count(false, true) + count(true, false)).max(1.0))
    };
    let parts = [("looked at", Some(false)), ("held out", Some(true)), ("all", None)].map(|(what, held_out)| {
        let (precision, recall, f1) = score(held_out);
        format!("{what}: precision {precision:.2}, recall {recall:.2}, F1 {f1:.2}")
    });
    println!("{name:<16} {}", parts.join("   "));
    let (precision, _, f1) = score(None);
    (precision, f1)
}
