//! `cargo xtask test`: every check of the code and every test, one after another; all run even when one has failed.

use std::{
    env, fs,
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

use crate::{
    needs::{self, Purpose},
    page, shell,
    stop::Stop,
    tally::{self, Tally},
    tools,
    yard::{Yard, clock},
};

/// No step may take longer; what hangs is ended, and the steps after it still run.
const LIMIT: Duration = Duration::from_secs(40 * 60);

/// Opens a keychain for the tests in folders of their own; the command to run comes as arguments.
const KEYCHAIN: &str = r#"
printf pw | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null 2>&1 || exit 1
exec "$@"
"#;

/// How a step ended.
enum End {
    Good,
    Bad(String),
    NotDone(String),
}

/// All steps so far, their times, and the tests that were counted.
struct Report<'a> {
    yard: &'a Yard,
    rows: Vec<(&'static str, End, Duration)>,
    tallies: Vec<Option<Tally>>,
}

/// Installs what is missing, runs all steps, and tells which failed.
pub fn test(yard: &Yard) -> Result<(), Stop> {
    needs::ready(yard, Purpose::Tests)?;
    tools::for_tests(yard)?;
    let mut report = Report { yard, rows: Vec::new(), tallies: Vec::new() };
    report.cargo("format", &["fmt", "--all", "--check"]);
    report.step("page packages", || page::install(yard).map(|()| End::Good));
    report.script("page lint", "lint");
    report.script("page types", "check");
    if page::has_script(yard, "test") {
        report.script("page tests", "test");
    }
    report.step("page build", || page::build(yard).map(|()| End::Good));
    report.step("spelling", || shell::show(&mut yard.command("typos")).map(|()| End::Good));
    report
        .cargo("dependencies", &["deny", "--locked", "check", "--hide-inclusion-graph", "licenses", "bans", "sources"]);
    report.step("advisories", || advisories(yard));
    report.step("page advisories", || page_advisories(yard));
    let all = ["--workspace", "--features", "custom-protocol", "--locked"];
    let strict = ["--", "--deny", "warnings"];
    // A test may panic, and may touch the file system and the clock: those borders are for the product.
    let tests =
        ["clippy::unwrap_used", "clippy::expect_used", "clippy::disallowed_methods"].map(|lint| ["--allow", lint]);
    report.cargo("lint", &[&["clippy", "--keep-going"], &all[..], &strict].concat());
    report.cargo(
        "lint of the tests",
        &[&["clippy", "--keep-going"], &all[..], &["--all-targets"], &strict, tests.as_flattened()].concat(),
    );
    report.tests("tests", plain(yard, &[&all[..], &["--lib", "--bins"]].concat()));
    report.tests("tests in the documentation", plain(yard, &[&all[..], &["--doc"]].concat()));
    report.window_tests(&[&all[..], &["--test", "*"]].concat());
    report.close()
}

impl Report<'_> {
    fn step(&mut self, name: &'static str, work: impl FnOnce() -> Result<End, Stop>) {
        self.yard.say(name);
        let started = Instant::now();
        let end = work().unwrap_or_else(|stop| End::Bad(stop.to_string()));
        match &end {
            End::Good => {}
            End::Bad(why) => println!("FAILED: {name}: {why}"),
            End::NotDone(why) => println!("\n!!! NOT DONE: {name}: {why}\n"),
        }
        self.rows.push((name, end, started.elapsed()));
    }

    fn cargo(&mut self, name: &'static str, arguments: &[&str]) {
        let yard = self.yard;
        self.step(name, || shell::show(yard.command("cargo").args(arguments)).map(|()| End::Good));
    }

    fn script(&mut self, name: &'static str, script: &str) {
        let yard = self.yard;
        self.step(name, || shell::show(page::npm(yard).args(["run", "--silent", script])).map(|()| End::Good));
    }

    fn tests(&mut self, name: &'static str, mut command: Command) {
        let mut tally = None;
        self.step(name, || {
            let told = shell::tee(&mut command, LIMIT)?;
            tally = tally::count(&told.out, &told.err);
            Ok(match told.code {
                Some(0) => End::Good,
                Some(code) => End::Bad(format!("exit code {code}")),
                None => End::Bad("it did not come to an end".into()),
            })
        });
        self.tallies.push(tally);
    }

    /// Tests of whole programs, the ones that drive the real window among them.
    fn window_tests(&mut self, arguments: &[&str]) {
        let name = "tests of the whole and in the window";
        if !tools::drives_the_window(self.yard.system.family) {
            return self.step(name, || Ok(End::NotDone("this kind of system has no driver for the window".into())));
        }
        let session = Session::open();
        match session {
            Ok(session) => {
                self.tests(name, session.wrap(&plain(self.yard, arguments)));
            }
            Err(stop) => self.step(name, || Err(stop)),
        }
    }

    fn close(self) -> Result<(), Stop> {
        println!();
        for (name, end, time) in &self.rows {
            let word = match end {
                End::Good => "ok",
                End::Bad(_) => "FAILED",
                End::NotDone(_) => "NOT DONE",
            };
            println!("{word:<9} {} {name}", clock(*time));
        }
        println!();
        let failed: Vec<&str> = self.rows.iter().filter(|row| matches!(row.1, End::Bad(_))).map(|row| row.0).collect();
        match sum(&self.tallies) {
            Some(tally) => println!("{}", tally.line()),
            None => println!("not every test program told its result, so there is no count"),
        }
        if failed.is_empty() { Ok(()) } else { Err(Stop::Failed(format!("failed: {}", failed.join(", ")))) }
    }
}

/// The sum of all runs; none where one of them could not be counted.
fn sum(tallies: &[Option<Tally>]) -> Option<Tally> {
    let mut sum = Tally::default();
    for tally in tallies {
        sum += (*tally)?;
    }
    (!tallies.is_empty()).then_some(sum)
}

fn plain(yard: &Yard, arguments: &[&str]) -> Command {
    let mut command = yard.command("cargo");
    command.args(["test", "--no-fail-fast", "--color", "never"]).args(arguments);
    command
}

/// Known vulnerabilities and abandoned crates; the database is fetched, and where that is impossible nothing is claimed.
fn advisories(yard: &Yard) -> Result<End, Stop> {
    let told =
        shell::ask(yard.command("cargo").args(["deny", "--locked", "check", "--hide-inclusion-graph", "advisories"]))?;
    if told.success {
        return Ok(End::Good);
    }
    if told.err.contains("failed to fetch advisory database") {
        return Ok(End::NotDone(
            "the advisory database cannot be fetched from here, so known vulnerabilities were NOT looked up".into(),
        ));
    }
    Ok(End::Bad(told.err))
}

/// The same for the page's packages, by the registry's own look-up.
fn page_advisories(yard: &Yard) -> Result<End, Stop> {
    let told = shell::ask(page::npm(yard).args(["audit", "--omit=dev", "--audit-level=high"]))?;
    if told.success {
        return Ok(End::Good);
    }
    let unreachable = ["audit endpoint returned an error", "ENOTFOUND", "ECONNREFUSED", "ETIMEDOUT", "EAI_AGAIN"];
    if unreachable.iter().any(|sign| told.err.contains(sign)) {
        return Ok(End::NotDone("the registry answers no look-up of known vulnerabilities from here".into()));
    }
    Ok(End::Bad(told.out))
}

/// Folders that stand in for a person's session while the window tests run.
struct Session {
    home: PathBuf,
}

impl Session {
    fn open() -> Result<Self, Stop> {
        // Sockets are made in here, and their paths may not be longer than 108 bytes: hence not in the target folder.
        let home = env::temp_dir().join(format!("launch-ready-{}", std::process::id()));
        for folder in ["data", "runtime"] {
            let folder = home.join(folder);
            fs::create_dir_all(&folder).map_err(|error| Stop::file(&folder, &error))?;
            private(&folder)?;
        }
        Ok(Self { home })
    }

    /// The same command with a message bus, a screen and an unlocked keychain of its own.
    fn wrap(&self, inner: &Command) -> Command {
        let mut command = Command::new("dbus-run-session");
        command.args([
            "--",
            "xvfb-run",
            "--auto-servernum",
            "--server-args=-screen 0 1400x900x24",
            "sh",
            "-c",
            KEYCHAIN,
            "sh",
        ]);
        command.arg(inner.get_program()).args(inner.get_args());
        if let Some(folder) = inner.get_current_dir() {
            command.current_dir(folder);
        }
        for (name, value) in inner.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
            .env("XDG_DATA_HOME", self.home.join("data"))
            .env("XDG_RUNTIME_DIR", self.home.join("runtime"))
            // A test that finds no keychain here must fail, where on a bare machine it would fall back to memory.
            .env("LAUNCH_READY_TEST_KEYCHAIN", "available")
            .env("LC_ALL", "C.UTF-8")
            .env("GDK_BACKEND", "x11")
            .env_remove("WAYLAND_DISPLAY");
        command
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _nothing_left_to_tell = fs::remove_dir_all(&self.home);
    }
}

#[cfg(unix)]
fn private(folder: &std::path::Path) -> Result<(), Stop> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(|error| Stop::file(folder, &error))
}

#[cfg(not(unix))]
fn private(_: &std::path::Path) -> Result<(), Stop> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_run_without_a_count_leaves_no_sum() {
        let counted = tally::count(
            "test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured\n",
            "  Running unittests src/main.rs (x)\n",
        );
        assert!(counted.is_some());
        assert_eq!(sum(&[counted, counted]).map(Tally::line).as_deref(), Some("4 passed, 0 failed"));
        assert_eq!(sum(&[counted, None]), None);
        assert_eq!(sum(&[]), None);
    }

    #[test]
    fn the_session_wraps_the_command_and_keeps_its_words() {
        let session = Session::open().unwrap();
        let mut inner = Command::new("cargo");
        inner.args(["test", "--test", "*"]).env("CARGO_INCREMENTAL", "0");
        let line = shell::line(&session.wrap(&inner));
        assert!(line.starts_with("dbus-run-session -- xvfb-run"), "{line}");
        assert!(line.ends_with("cargo test --test *"), "{line}");
    }
}
