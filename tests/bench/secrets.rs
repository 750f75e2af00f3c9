//! `cargo xtask bench secrets [REPO]`: how fast keys are found in a history, a folder and a single file, beside git itself and other scanners.
//!
//! The floor is what git takes to unpack every object of the same repository once, in the order in which it lies on the disk. Without a
//! repository one is made: ten thousand commits over the sources that this program is built from, the same for the same sources.

mod installed;
mod measured;
mod yarn;

use measured::{Run, median, run};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const OURS: &str = env!("CARGO_BIN_EXE_launch-ready");
/// Runs of which the best counts.
const TIMES: usize = 3;
/// Runs of a short command of which the median counts.
const SHORT: usize = 15;
const MEMORY: u64 = 250;
const AGAIN: Duration = Duration::from_millis(200);
const SINGLE: Duration = Duration::from_millis(50);

fn main() {
    let given = std::env::args_os().skip(1).find(|word| word != "--bench").map(PathBuf::from);
    let yard = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-secrets");
    fs::create_dir_all(&yard).unwrap();
    let repo = match given {
        Some(given) => cloned(&given, &yard),
        None => yarn::spun(&yard),
    };
    println!("{}\n", size(&repo));
    let floor = best(TIMES, || git(&repo, &["cat-file", "--batch-all-objects", "--unordered", "--batch"]));
    row("git cat-file", &floor, "the floor: every object unpacked once, on one core");
    let whole = history(&repo, &floor);
    again(&repo, &yard);
    tree(&repo, &yard);
    single(&yard);
    peers(&repo, &yard, &floor, &whole);
}

fn row(name: &str, run: &Run, says: &str) {
    println!("{name:<26} {:>8.3} s {:>6} MB  {says}", run.took.as_secs_f64(), run.peak);
}

fn bound(good: bool, limit: &str) -> String {
    format!("({}: at most {limit})", if good { "holds" } else { "MISSED" })
}

fn size(repo: &Path) -> String {
    let count = |arguments: &[&str]| String::from_utf8_lossy(&told(repo, arguments)).trim().to_owned();
    let sizes =
        told(repo, &["cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objecttype) %(objectsize)"]);
    let blobs: Vec<u64> =
        String::from_utf8_lossy(&sizes).lines().filter_map(|line| line.strip_prefix("blob ")?.parse().ok()).collect();
    let megabytes = blobs.iter().sum::<u64>() / 1_000_000;
    format!(
        "{}: {} commits, {} versions of files, {megabytes} MB",
        repo.display(),
        count(&["rev-list", "--all", "--count"]),
        blobs.len()
    )
}

fn told(repo: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("git").arg("-C").arg(repo).args(arguments).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn git(repo: &Path, arguments: &[&str]) -> Run {
    run(Command::new("git").arg("-C").arg(repo).args(arguments), &[0])
}

/// Our own command; that it found something (1) is no trouble.
fn ours(words: &[&dyn AsRef<OsStr>]) -> Run {
    run(Command::new(OURS).arg("secrets").args(["--format", "json"]).args(words), &[0, 1])
}

fn cloned(given: &Path, yard: &Path) -> PathBuf {
    let repo = yard.join("given");
    drop(fs::remove_dir_all(&repo));
    let done = Command::new("git").args(["clone", "--quiet", "--no-checkout"]).arg(given).arg(&repo).status().unwrap();
    assert!(done.success(), "failed to clone {}", given.display());
    repo
}

fn history(repo: &Path, floor: &Run) -> Run {
    let whole = best(TIMES, || ours(&[&repo]));
    let ratio = whole.took.as_secs_f64() / floor.took.as_secs_f64();
    let (time, memory) = (bound(ratio <= 1.3, "1.3"), bound(whole.peak <= MEMORY, &format!("{MEMORY} MB")));
    row("history, first time", &whole, &format!("{ratio:.2} of the floor {time}, memory {memory}"));
    whole
}

/// The second time, with what the first one kept, after ten more commits.
fn again(repo: &Path, yard: &Path) {
    let cache = yard.join("cache");
    drop(fs::remove_dir_all(&cache));
    let first = ours(&[&"--cache", &cache, &repo]);
    row("history, kept for later", &first, "writes what it saw");
    yarn::more(repo, 10);
    let second = ours(&[&"--cache", &cache, &repo]);
    row("history, ten commits later", &second, &bound(second.took <= AGAIN, "0.2 s"));
    let third = best(TIMES, || ours(&[&"--cache", &cache, &repo]));
    row("history, nothing new", &third, &bound(third.took <= AGAIN, "0.2 s"));
}

/// Where the files of the last commit lie.
fn checkout(repo: &Path, yard: &Path) -> PathBuf {
    let folder = yard.join("tree");
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).unwrap();
    told(
        repo,
        &["--work-tree", &folder.to_string_lossy(), "-c", "core.bare=false", "checkout", "--force", "HEAD", "--", "."],
    );
    drop(fs::remove_file(repo.join(".git/index")));
    folder
}

fn tree(repo: &Path, yard: &Path) {
    let folder = checkout(repo, yard);
    let read = best(TIMES, || ours(&[&"--no-history", &folder]));
    row("folder", &read, "the files of the last commit");
}

fn single(yard: &Path) {
    let folder = yard.join("single");
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).unwrap();
    let key = ["sk", "live", "51Hq8ZtLw0Rk3VnXy7Pd2Mb6"].join("_");
    let env = folder.join(".env");
    fs::write(
        &env,
        format!("PORT=8080\nSTRIPE_SECRET_KEY={key}\nDATABASE_URL=postgres://desk:8dk2jL0fXw@db.fjord.example/desk\n"),
    )
    .unwrap();
    let pasted = median(SHORT, || ours(&[&"--no-history", &env]));
    row("a .env", &pasted, &bound(pasted.took <= SINGLE, "50 ms, cold"));
    told(&folder, &["init", "--quiet"]);
    for at in 0..200 {
        fs::write(folder.join(format!("part-{at}.ts")), format!("export const part = {at};\n").repeat(50)).unwrap();
    }
    told(&folder, &["add", "--all", "--force"]);
    let staged = median(SHORT, || ours(&[&"--staged", &folder]));
    row("before a commit", &staged, &format!("200 new files {}", bound(staged.took <= SINGLE, "50 ms, cold")));
}

/// The quickest of some runs, with the most memory of any.
fn best(times: usize, mut once: impl FnMut() -> Run) -> Run {
    let runs: Vec<Run> = (0..times).map(|_| once()).collect();
    let took = runs.iter().map(|run| run.took).min().unwrap_or_default();
    Run { took, peak: runs.iter().map(|run| run.peak).max().unwrap_or_default() }
}

/// The scanners that are installed, over the same history and the same folder.
fn peers(repo: &Path, yard: &Path, floor: &Run, whole: &Run) {
    println!("\nothers, over the same:");
    let folder = yard.join("tree");
    // A file of ours: some put their report in the place of what they are given, were it the null device itself.
    let told = yard.join("peer.json");
    let (report, output) = (format!("--report-path={}", told.display()), format!("--output={}", told.display()));
    let quiet = ["--no-banner", "--log-level=error", "--exit-code=0", "--report-format=json", &report];
    let offline = ["--no-validate", "--no-update-check", "--format=json", &output];
    type Row<'a> = (&'a str, &'a str, f64, &'a [&'a str], &'a [&'a str], &'a Path);
    let rows: [Row<'_>; 4] = [
        ("kingfisher", "history", 0.6, &["scan", "--git-history=full"], &offline, repo),
        ("kingfisher", "folder", 0.0, &["scan", "--git-history=none"], &offline, &folder),
        ("gitleaks", "history", 0.25, &["git"], &quiet, repo),
        ("gitleaks", "folder", 0.0, &["dir"], &quiet, &folder),
    ];
    for (name, what, limit, first, then, path) in rows {
        let label = format!("{name}, {what}");
        let Some(program) = installed::find(name) else {
            println!("{label:<26} skipped: it is not installed");
            continue;
        };
        // kingfisher ends with a number of its own when it found something; gitleaks is told not to.
        let good: &[i32] = if name == "kingfisher" { &[0, 200, 205] } else { &[0] };
        let seen = run(Command::new(program).args(first).args(then).arg(path), good);
        let share = whole.took.as_secs_f64() / seen.took.as_secs_f64();
        let ratio = seen.took.as_secs_f64() / floor.took.as_secs_f64();
        let held = || bound(share <= limit, &limit.to_string());
        let says = if what == "history" {
            format!("{ratio:.2} of the floor; ours takes {share:.2} of it {}", held())
        } else {
            String::new()
        };
        row(&label, &seen, &says);
    }
}
