//! What is kept between two starts: projects, facts as they were seen, answers and settings, in one SQLite file. Never a judgement, never a secret.

mod account;
mod answer;
mod consent;
mod dossier;
mod draft;
mod edit;
mod evidence;
mod history;
mod jotting;
mod journey;
#[cfg(test)]
mod kill_tests;
mod measured;
mod note;
mod open;
mod own;
mod parcel;
mod preference;
mod project;
mod run;
mod source;
mod sprint;
#[cfg(test)]
pub(crate) mod tests;
mod told;
mod trouble;
mod waiver;
mod watch;

pub use edit::{Edit, Edits};
pub use evidence::{Attachment, picture};
pub use history::{Acceptance, KeptRun, MOST_RUNS};
pub use journey::KeptJourney;
pub use measured::MeasuredId;
pub use own::own_rows;
pub use parcel::{ENDING, Parcel};
pub use project::{Draft, Project, ProjectId};
pub use run::{LastRun, RunId};
pub use source::{SourceKind, Sources};
pub use told::Told;

use crate::EngineError;
use sqlx::SqlitePool;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::RwLock;

/// The file's name inside the data folder.
const FILE: &str = "launch-ready.db";

/// The store, open. Copies share the one connection that writes.
#[derive(Clone, Debug)]
pub struct Store {
    pool: SqlitePool,
    dir: PathBuf,
    /// Held while evidence lies in its folder before its row is written, so that nobody sweeps it away as nobody's.
    arriving: Arc<RwLock<()>>,
}

impl Store {
    /// Opens the store in a folder, makes both where they are missing, and brings an older file up to date after keeping a copy of it.
    ///
    /// # Errors
    /// The folder or file cannot be used, the file is damaged, or a newer version of Launch Ready wrote it (then it is left as it is).
    pub async fn open(dir: &Path) -> Result<Self, EngineError> {
        let store = open::open(dir, &open::MIGRATIONS).await?;
        edit::watch(&store.pool).await?;
        Ok(store)
    }

    /// The folder it lives in.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Puts everything into the one file and lets go of it. What was written before is kept with or without it.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
