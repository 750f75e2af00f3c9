//! Where a command works: the repository, its target folder, the machine, and the clock of its messages.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use crate::{stop::Stop, system::System};

/// The place a command works in.
pub struct Yard {
    /// The repository's root.
    pub root: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
    /// What kind of machine this is.
    pub system: System,
    started: Instant,
}

impl Yard {
    /// Finds the repository and recognises the machine.
    pub fn open() -> Result<Self, Stop> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest)
            .ancestors()
            .find(|folder| folder.join("tauri.conf.json").is_file())
            .ok_or_else(|| Stop::Failed("failed to find the repository: run this as `cargo xtask` inside it".into()))?
            .to_path_buf();
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder));
        let yard = Self { root, target, system: System::recognise(), started: Instant::now() };
        yard.say(&yard.system.to_string());
        Ok(yard)
    }

    /// Prints one line about what happens now, with the time since the start.
    pub fn say(&self, what: &str) {
        println!("[{}] {what}", clock(self.started.elapsed()));
    }

    /// The page's folder.
    pub fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// Where tools live that the system does not bring.
    pub fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// A command that runs in the repository, with our own tools first on its path.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", self.path());
        if env::var_os("CI").is_some() {
            // A fresh clone never gains from incremental files, and they are half of the disk space.
            command.env("CARGO_INCREMENTAL", "0");
        }
        command
    }

    fn path(&self) -> OsString {
        let own = [self.tools().join("bin"), self.tools().join("node"), self.tools().join("python").join("bin")];
        let given = env::var_os("PATH").unwrap_or_default();
        let all: Vec<PathBuf> = own.into_iter().chain(env::split_paths(&given)).collect();
        env::join_paths(all).unwrap_or(given)
    }
}

/// Minutes and seconds, `m:ss`.
pub fn clock(time: Duration) -> String {
    format!("{:>2}:{:02}", time.as_secs() / 60, time.as_secs() % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_counts_minutes_past_the_hour() {
        assert_eq!(clock(Duration::from_secs(7)), " 0:07");
        assert_eq!(clock(Duration::from_secs(3725)), "62:05");
    }
}
