//! A project file, read by way of a store that is gone again afterwards: nothing of it stays on this computer.

use crate::exit::Trouble;
use audit::Facts;
use engine::EngineError;
use engine::store::Store;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// How a project file begins: it is a zip archive (PKWARE APPNOTE 4.3.7).
const BEGIN: [u8; 4] = *b"PK\x03\x04";

/// What the window judges when it writes the documents of a project.
pub struct Parcel {
    pub client: String,
    pub product: String,
    pub roadmap: String,
    /// The newest run, with everything that people told.
    pub facts: Facts,
    /// The run that changes are told since.
    pub earlier: Option<Facts>,
    /// What the project lacks, a sentence each: the documents lack it too.
    pub lost: Vec<String>,
}

/// Whether a file is meant to be a project file.
pub fn is(path: &Path) -> Result<bool, Trouble> {
    let mut begin = [0; BEGIN.len()];
    let read = File::open(path).and_then(|file| {
        if file.metadata()?.is_dir() {
            return Err(std::io::ErrorKind::IsADirectory.into());
        }
        file.take(begin.len() as u64).read(&mut begin)
    });
    match read {
        Ok(_) => Ok(begin == BEGIN),
        Err(error) => Err(Trouble::new(format!("failed to read {}: {error}", path.display()))),
    }
}

/// Reads a project file.
///
/// # Errors
/// It is none, a newer version wrote it, no run is in it, or there is no room for it meanwhile.
pub async fn read(path: &Path) -> Result<Parcel, Trouble> {
    let folder = tempfile::Builder::new().prefix("launch-ready-").tempdir();
    let folder = folder.map_err(|error| Trouble::new(format!("failed to make a folder to read it in: {error}")))?;
    let named = |error: EngineError| Trouble::new(format!("{}: {}", path.display(), error.message));
    let store = Store::open(folder.path()).await.map_err(named)?;
    let taken = take(&store, path).await;
    // The folder cannot go before its store lets go of it.
    store.close().await;
    let taken = taken.map_err(named)?;
    taken.ok_or_else(|| {
        let says = "there is no run in this project yet; run the audit, then write the project file again";
        Trouble::new(format!("{}: {says}", path.display()))
    })
}

async fn take(store: &Store, path: &Path) -> Result<Option<Parcel>, EngineError> {
    let taken = store.import_project(path).await?;
    let project = store.project(taken.project).await?;
    let Some(mut facts) = store.facts(project.id).await? else { return Ok(None) };
    // The file was written while a run went on, or after one was killed: it saw a part only.
    facts.cut_short |= facts.finished.is_none();
    let earlier = match store.earlier_run(project.id).await? {
        Some(run) => Some(store.facts_of(project.id, run.id).await?),
        None => None,
    };
    let (client, product, roadmap) = (project.client, project.name, project.roadmap);
    Ok(Some(Parcel { client, product, roadmap, facts, earlier, lost: taken.lost }))
}
