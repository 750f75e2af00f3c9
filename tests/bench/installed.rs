//! Other programs that a benchmark is run beside, where they are installed.

use std::path::PathBuf;

/// A program in the folders of `LAUNCH_READY_PEERS` (written as `PATH` is) or of `PATH`; its whole path, for some are run in other folders.
pub fn find(name: &str) -> Option<PathBuf> {
    ["LAUNCH_READY_PEERS", "PATH"]
        .iter()
        .filter_map(std::env::var_os)
        .flat_map(|folders| std::env::split_paths(&folders).collect::<Vec<_>>())
        .filter_map(|folder| std::path::absolute(folder.join(name)).ok())
        .find(|file| file.is_file())
}
