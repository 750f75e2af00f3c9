//! Where things are kept: the data folder, and the folder of handover documents.

use crate::error::Trouble;
use std::path::{Path, PathBuf};
use tauri::{AppHandle, Manager};

/// Puts both folders below one chosen folder: for tests, and for a copy carried on a stick.
pub(crate) const HOME: &str = "LAUNCH_READY_HOME";

/// The folder of the store.
pub(crate) fn data(app: &AppHandle) -> Result<PathBuf, Trouble> {
    match std::env::var_os(HOME) {
        Some(home) => Ok(PathBuf::from(home).join("data")),
        None => app.path().app_data_dir().map_err(|_| Trouble::new("folder", "this computer names no folder for data")),
    }
}

/// The folder that handover documents go into.
pub(crate) fn documents(app: &AppHandle) -> Result<PathBuf, Trouble> {
    let documents = match std::env::var_os(HOME) {
        Some(home) => PathBuf::from(home).join("documents"),
        // A bare Linux names no folder for documents.
        None => app
            .path()
            .document_dir()
            .or_else(|_| app.path().home_dir())
            .map_err(|_| Trouble::new("folder", "this computer names no folder for documents"))?,
    };
    Ok(documents.join("Launch Ready"))
}

/// A path as a person types or chooses it; `~/` is the home folder.
pub(crate) fn typed(text: &str) -> Result<PathBuf, Trouble> {
    let text = text.trim();
    let path = match (text.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => Path::new(text).to_owned(),
    };
    if path.is_absolute() {
        return Ok(path);
    }
    Err(Trouble::new("path", "write the whole path of the file, from the root of the disk or from ~/"))
}
