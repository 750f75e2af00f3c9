//! A project as one file: where it is written, and what is said of one that was read.

use crate::error::Trouble;
use crate::export::{file_name, free};
use crate::ipc::View;
use crate::places;
use crate::state::Core;
use engine::store::{ENDING, ProjectId};
use jiff::Timestamp;
use serde::Serialize;
use std::path::PathBuf;
use ts_rs::TS;

/// A project that was written into one file.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct ProjectWritten {
    /// Where it is.
    pub(crate) path: String,
    pub(crate) bytes: u32,
    /// What is not in it, a sentence each.
    pub(crate) left: Vec<String>,
}

/// A project that was made out of a file.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct ProjectTaken {
    pub(crate) view: View,
    pub(crate) runs: u32,
    /// Pieces of evidence.
    pub(crate) pieces: u32,
    /// What is not in it, a sentence each, with what to do.
    pub(crate) left: Vec<String>,
}

/// Writes a project below `documents`, its private notes only where that is wanted.
pub(crate) async fn export(
    core: &Core,
    id: ProjectId,
    notes: bool,
    documents: PathBuf,
) -> Result<ProjectWritten, Trouble> {
    let project = core.store.project(id).await?;
    let folder = documents.join(file_name(&project.client));
    let stem = format!("{}-project-{}", file_name(&project.target.domain), Timestamp::now().strftime("%Y-%m-%d"));
    let path = free(&folder, &stem, ENDING)
        .map_err(|error| Trouble::new("export", format!("failed to write into {}: {error}", folder.display())))?;
    let parcel = core.store.export_project(id, &path, notes).await?;
    let bytes = u32::try_from(parcel.bytes).unwrap_or(u32::MAX);
    Ok(ProjectWritten { path: path.display().to_string(), bytes, left: [parcel.left, parcel.lost].concat() })
}

/// Makes a project out of the file at a typed or chosen path; `~/` is the home folder.
pub(crate) async fn import(core: &Core, typed: &str) -> Result<ProjectTaken, Trouble> {
    let parcel = core.store.import_project(&places::typed(typed)?).await?;
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let (runs, pieces) = (count(parcel.runs), count(parcel.pieces));
    Ok(ProjectTaken { view: core.view(parcel.project).await?, runs, pieces, left: [parcel.left, parcel.lost].concat() })
}
