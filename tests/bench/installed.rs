//! Other programs that a benchmark is run beside, where they are installed.

use std::path::PathBuf;

/// A program in the folders of `LAUNCH_READY_PEERS` (written as `PATH` is) or of `PATH`.
pub fn find(name: &str) -> Option<PathBuf> {
    ["LAUNCH_READY_PEERS", "PATH"]
        .iter()
        .filter_map(std::env::var_os)
        .flat_map(|folders| std::env::split_paths(&folders).collect::<Vec<_>>())
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}
