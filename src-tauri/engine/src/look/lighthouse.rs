//! Lighthouse: run where it and Chrome are installed, with both ended whatever happens, or read from a report that somebody gave.

use crate::EngineError;
use crate::net::trouble::{Trouble, seconds};
use crate::run::Desk;
use audit::facts::{Fact, LighthouseSeen, Observation};
use audit::read::lighthouse::{LONGEST, read};
use audit::read::text::clean;
use audit::{Unseen, Why};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};
use url::Url;
use uuid::Uuid;

/// What it is called where it could not be seen.
const WHAT: &str = "the report of Lighthouse";
/// The longest that all of it may take.
const LONGEST_RUN: Duration = Duration::from_secs(120);
/// The longest that Chrome may take to open its door.
const DOOR: Duration = Duration::from_secs(20);
/// Programs that are Chrome or speak like it.
const CHROMES: [&str; 6] =
    ["google-chrome-stable", "google-chrome", "chromium", "chromium-browser", "chrome", "microsoft-edge-stable"];
/// Where they lie where they are in no PATH.
const PLACES: [&str; 3] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];
/// How to get a report.
const WAY: &str = "install Chrome and Lighthouse (npm install -g lighthouse) and run `launch-ready audit --lighthouse`, or press Check again; or run Lighthouse in Chrome's developer tools, save its JSON and give that";

/// Where a report comes from.
#[derive(Clone, Debug)]
pub enum Lighthouse {
    /// Somebody gave it.
    Given(Box<LighthouseSeen>),
    /// It is made now, with what is installed.
    Run,
}

/// Reads a report that somebody gave: a file in base64.
///
/// # Errors
/// It is none.
pub fn lighthouse_given(file: &str) -> Result<Lighthouse, EngineError> {
    let wrong = |says: String| EngineError::new("lighthouse", says);
    if file.len() > LONGEST / 3 * 4 + 4 {
        return Err(wrong("this is larger than any report of Lighthouse".to_owned()));
    }
    let bytes = STANDARD.decode(file).map_err(|_| wrong("this is no file".to_owned()))?;
    read(&bytes).map(|seen| Lighthouse::Given(Box::new(seen))).map_err(wrong)
}

/// Looks at the front page.
pub(crate) async fn look(desk: &Desk<'_>) {
    let fact = match (&desk.plan.lighthouse, &desk.plan.kept.lighthouse) {
        (Some(Lighthouse::Given(seen)), _) => {
            let at = seen.ran.unwrap_or_else(|| desk.world.now());
            Fact::Seen { value: (**seen).clone(), at, from: "you".to_owned() }
        }
        (Some(Lighthouse::Run), _) => {
            let Some(url) = desk.plan.sampled_routes().into_iter().next() else { return };
            let work = async {
                match run(&url, desk.world.kept.as_deref()).await {
                    Ok(seen) => desk.seen(seen, "Chrome on this machine"),
                    Err(trouble) => Fact::Unseen(Unseen { way: WAY.to_owned(), ..trouble.of(WHAT) }),
                }
            };
            desk.job_within(WHAT, LONGEST_RUN, Box::pin(work)).await
        }
        (None, Some(kept)) => kept.clone(),
        (None, None) => return,
    };
    desk.saw(Observation::Lighthouse { fact });
}

/// A program in PATH.
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd"] } else { &[""] };
    let file = |folder: PathBuf| endings.iter().map(move |ending| folder.join(format!("{name}{ending}")));
    std::env::split_paths(&path).filter(|folder| folder.is_absolute()).flat_map(file).find(|file| file.is_file())
}

fn chrome() -> Option<PathBuf> {
    let named = std::env::var_os("CHROME_PATH").map(PathBuf::from).filter(|file| file.is_file());
    let placed = || PLACES.iter().map(PathBuf::from).find(|file| file.is_file());
    named.or_else(|| CHROMES.iter().find_map(|name| program(name))).or_else(placed)
}

/// A program with all that it started; they end together.
struct Party {
    child: Child,
    #[cfg(unix)]
    group: Option<rustix::process::Pid>,
}

impl Party {
    fn start(command: &mut Command) -> std::io::Result<Self> {
        #[cfg(unix)]
        command.process_group(0);
        let child = command.kill_on_drop(true).stdin(Stdio::null()).spawn()?;
        #[cfg(unix)]
        let group = child.id().and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).ok()?));
        Ok(Self {
            child,
            #[cfg(unix)]
            group,
        })
    }
}

impl Drop for Party {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(group) = self.group {
            // One that has ended already takes no signal.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}

/// The folder of Chrome's own files, removed with them.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn run(url: &Url, within: Option<&Path>) -> Result<LighthouseSeen, Trouble> {
    let missing = |what: &str| Trouble::new(Why::NotLooked, format!("{what} is not installed here"));
    let (lighthouse, chrome) =
        (program("lighthouse").ok_or_else(|| missing("Lighthouse"))?, chrome().ok_or_else(|| missing("Chrome"))?);
    let place = within.map_or_else(std::env::temp_dir, Path::to_path_buf).join(format!("chrome-{}", Uuid::new_v4()));
    let folder = Folder(place);
    let failed =
        |what: &str, error: &std::io::Error| Trouble::new(Why::Broken, format!("{what} did not start ({error})"));
    std::fs::create_dir_all(&folder.0).map_err(|error| failed("Chrome", &error))?;
    // Chrome is started here and not by Lighthouse, which would leave it behind when it is ended itself.
    let mut profile = std::ffi::OsString::from("--user-data-dir=");
    profile.push(&folder.0);
    let party = Party::start(
        Command::new(chrome)
            .args(["--headless=new", "--remote-debugging-port=0", "--no-first-run", "--no-default-browser-check"])
            .args(["--disable-extensions", "--disable-sync", "--mute-audio"])
            .args([profile.as_os_str(), OsStr::new("about:blank")])
            .stdout(Stdio::null())
            .stderr(Stdio::null()),
    );
    let mut browser = party.map_err(|error| failed("Chrome", &error))?;
    let port = door(&folder.0, &mut browser.child).await?;
    let mut command = Command::new(lighthouse);
    command.arg(url.as_str()).arg(format!("--port={port}"));
    command.args(["--output=json", "--output-path=stdout", "--quiet", "--no-enable-error-reporting"]);
    command.arg("--only-categories=performance,accessibility,best-practices,seo");
    let party = Party::start(command.current_dir(&folder.0).stdout(Stdio::piped()).stderr(Stdio::null()));
    let mut lighthouse = party.map_err(|error| failed("Lighthouse", &error))?;
    let mut bytes = Vec::new();
    if let Some(out) = lighthouse.child.stdout.take() {
        let most = u64::try_from(LONGEST).unwrap_or(u64::MAX);
        let read = out.take(most).read_to_end(&mut bytes).await;
        read.map_err(|error| failed("Lighthouse", &error))?;
    }
    // A page that could not be looked at ends with an error and a report that says why.
    let garbled =
        |says: String| Trouble::new(Why::Garbled, format!("Lighthouse gave no report ({})", clean(&says, 200)));
    read(&bytes).map_err(garbled)
}

/// The port that Chrome opened for its own tools, as it writes it down.
async fn door(folder: &Path, chrome: &mut Child) -> Result<u16, Trouble> {
    let until = Instant::now() + DOOR;
    let file = folder.join("DevToolsActivePort");
    while Instant::now() < until {
        let told = tokio::fs::read_to_string(&file).await.unwrap_or_default();
        if let Some(port) = told.lines().next().and_then(|line| line.parse().ok()) {
            return Ok(port);
        }
        if let Ok(Some(ended)) = chrome.try_wait() {
            let says = format!("Chrome ended at once ({ended}); it does not run as root, for one");
            return Err(Trouble::new(Why::Broken, says));
        }
        sleep(Duration::from_millis(50)).await;
    }
    Err(Trouble::new(Why::Timeout, format!("Chrome did not open within {}", seconds(DOOR))))
}

#[cfg(test)]
mod tests {
    use super::{Lighthouse, lighthouse_given};
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    #[test]
    fn a_given_report_is_read_and_anything_else_refused() {
        let report = r#"{"lighthouseVersion":"13.0.1","requestedUrl":"https://a.example/","categories":{}}"#;
        let given = lighthouse_given(&STANDARD.encode(report)).unwrap();
        assert!(matches!(given, Lighthouse::Given(seen) if seen.version == "13.0.1"));
        for wrong in ["?", "", &STANDARD.encode("{}")] {
            assert_eq!(lighthouse_given(wrong).unwrap_err().code, "lighthouse", "{wrong}");
        }
    }
}
