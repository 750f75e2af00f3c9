//! A history as a product of some years has it, spun from the sources that this program is built from: the same sources, the same history.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

/// Commits of the made history.
const COMMITS: u32 = 10_000;
/// Bytes of all versions of files together, at least.
const BLOBS: usize = 700_000_000;
/// Largest and smallest file taken, bytes.
const SIZES: std::ops::Range<u64> = 400..120_000;
/// Second of the first commit.
const BEGIN: u64 = 1_600_000_000;
/// Changes with the way a history is spun, so that an older one is not taken for it.
const EDITION: u32 = 1;

/// The made repository; one that was made before is used again.
pub fn spun(yard: &Path) -> PathBuf {
    let repo = yard.join(format!("history-{EDITION}"));
    if !repo.join("whole").is_file() {
        drop(fs::remove_dir_all(&repo));
        println!("making a history of {COMMITS} commits in {} (some minutes, once)", repo.display());
        spin(&repo);
        fs::write(repo.join("whole"), "").unwrap();
    }
    repo
}

fn spin(repo: &Path) {
    git(repo, &["init", "--quiet", "--initial-branch=main"]);
    let sources = sources();
    assert!(sources.len() > 5_000, "{} sources in cargo's registry; build the project first", sources.len());
    let mut import = Import::begin(repo);
    let mut dice = Dice(7);
    let (mut unused, mut files) = (sources.iter(), Vec::<(String, Vec<u8>)>::new());
    let each = BLOBS / COMMITS as usize;
    for commit in 0..COMMITS {
        let (mut changed, mut written) = (Vec::new(), 0);
        while written < each {
            let fresh = dice.below(3) == 0 || files.len() < 20;
            let at = if let Some((path, file)) = fresh.then(|| unused.next()).flatten() {
                files.push((path.clone(), fs::read(file).unwrap_or_default()));
                files.len() - 1
            } else {
                let at = dice.below(files.len());
                edit(&mut files[at].1, &mut dice);
                at
            };
            written += files[at].1.len();
            changed.push(at);
        }
        changed.sort_unstable();
        changed.dedup();
        let changed = changed.iter().map(|at| (files[*at].0.as_str(), files[*at].1.as_slice()));
        import.commit("main", None, BEGIN + u64::from(commit) * 9_000, changed);
    }
    import.end();
    git(repo, &["repack", "-a", "-d", "-f", "--quiet", "--window=10", "--depth=50"]);
}

/// Adds commits of some new files on top of the last one, each run other ones.
pub fn more(repo: &Path, commits: u32) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let mut dice = Dice(u64::from(now.subsec_nanos()) | 1);
    let mut import = Import::begin(repo);
    for commit in 0..commits {
        let text: String =
            (0..400).map(|line| format!("export const part{line} = {};\n", dice.below(usize::MAX))).collect();
        let path = format!("later/part-{commit}.ts");
        let files = [(path.as_str(), text.as_bytes())];
        let above = (commit == 0).then_some("HEAD^0");
        import.commit("later", above, now.as_secs() + u64::from(commit), files.into_iter());
    }
    import.end();
}

/// Text files of the crates that cargo unpacked, by the path they get: at most a third of all that is written.
fn sources() -> Vec<(String, PathBuf)> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo"))).unwrap();
    let mut folders = vec![home.join("registry/src")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let (kind, path) = (entry.file_type().unwrap(), entry.path());
            let text = path.extension().is_some_and(|end| {
                ["rs", "md", "toml", "c", "h", "js", "json", "html"].iter().any(|known| end == *known)
            });
            if kind.is_dir() {
                folders.push(path);
            } else if text && kind.is_file() && entry.metadata().is_ok_and(|seen| SIZES.contains(&seen.len())) {
                files.push(path);
            }
        }
    }
    // Neighbours in the order are strangers in the tree, as in a history that grows everywhere.
    let strange = |path: &PathBuf| {
        path.as_os_str()
            .as_encoded_bytes()
            .iter()
            .fold(7_u64, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
    };
    files.sort_by_cached_key(strange);
    let root = home.join("registry/src");
    let named = |path: PathBuf| {
        let inside = path.strip_prefix(&root).ok()?.components().skip(1).collect::<PathBuf>();
        Some((inside.to_str().filter(|name| !name.contains(['"', '\n']))?.to_owned(), path))
    };
    files.into_iter().filter_map(named).take(15_000).collect()
}

/// Changes a few lines, as a day's work does.
fn edit(file: &mut Vec<u8>, dice: &mut Dice) {
    let mut lines: Vec<Vec<u8>> = file.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    for _ in 0..=dice.below(8) {
        let at = dice.below(lines.len());
        match dice.below(3) {
            0 if lines.len() > 10 => drop(lines.remove(at)),
            1 => lines.insert(
                at,
                format!("    let value_{} = work({});", dice.below(1_000), dice.below(100_000)).into_bytes(),
            ),
            _ => lines[at] = format!("// as of revision {}", dice.below(1_000_000)).into_bytes(),
        }
    }
    *file = lines.join(&b'\n');
}

fn git(repo: &Path, arguments: &[&str]) {
    fs::create_dir_all(repo).unwrap();
    assert!(Command::new("git").arg("-C").arg(repo).args(arguments).status().unwrap().success(), "git {arguments:?}");
}

/// `git fast-import`, being written to.
struct Import {
    child: Child,
    input: BufWriter<std::process::ChildStdin>,
}

impl Import {
    fn begin(repo: &Path) -> Self {
        let mut command = Command::new("git");
        command.arg("-C").arg(repo).args(["fast-import", "--quiet", "--force"]);
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        let input = BufWriter::new(child.stdin.take().unwrap());
        Self { child, input }
    }

    fn commit<'f>(
        &mut self,
        branch: &str,
        above: Option<&str>,
        second: u64,
        files: impl Iterator<Item = (&'f str, &'f [u8])>,
    ) {
        let input = &mut self.input;
        write!(
            input,
            "commit refs/heads/{branch}\ncommitter Maren Holt <maren@fjord.example> {second} +0000\ndata 5\nwork\n"
        )
        .unwrap();
        if let Some(above) = above {
            writeln!(input, "from {above}").unwrap();
        }
        for (path, bytes) in files {
            writeln!(input, "M 100644 inline \"{path}\"\ndata {}", bytes.len()).unwrap();
            input.write_all(bytes).unwrap();
            writeln!(input).unwrap();
        }
        writeln!(input).unwrap();
    }

    fn end(self) {
        drop(self.input);
        let mut child = self.child;
        assert!(child.wait().unwrap().success(), "git fast-import");
    }
}

/// Numbers that look drawn, the same for the same seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 1).unwrap_or_default() % bound.max(1)
    }
}
