//! The project file itself: a zip archive (PKWARE APPNOTE 6.3) of one description, the facts of each run, and the evidence under its hash.
//!
//! Nothing of it is ever unpacked under a name that it brings, and every part is bounded before it is read.

use super::table::Rows;
use super::trouble;
use crate::EngineError;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipArchive, ZipWriter};

/// What the description calls itself, and the newest version that is read.
const FORMAT: &str = "launch-ready-project";
const VERSION: u32 = 1;
const DESCRIPTION: &str = "project.json";

/// Largest file, bytes; and all of it unpacked.
const FILE: u64 = 512 << 20;
const UNPACKED: u64 = 1 << 30;
/// Largest description, and the facts of one run, unpacked.
const PART: u64 = 64 << 20;
/// Most parts: the description, 1,000 runs, 2,000 pieces of evidence.
const PARTS: u16 = 3_001;
/// Largest list of parts: 46 bytes and a name of at most 73 each (APPNOTE 4.3.12), and room for extra fields.
const LIST: u32 = PARTS as u32 * 256;

/// What a file says of itself before anything else is believed.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

/// What a project file says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Description {
    pub(super) format: String,
    pub(super) version: u32,
    /// Rows by table.
    pub(super) rows: Rows,
    /// What the project has besides, that is not in the file.
    pub(super) left: super::left::Left,
}

impl Description {
    pub(super) fn new(rows: Rows, left: super::left::Left) -> Self {
        Self { format: FORMAT.to_owned(), version: VERSION, rows, left }
    }
}

pub(super) fn damaged(why: impl std::fmt::Display) -> EngineError {
    let why = audit::read::text::clean(&why.to_string(), 200);
    EngineError::new("parcel", format!("nothing was taken from this file, because it is no whole project file ({why})"))
}

/// Work on files, apart from what must never wait.
pub(super) async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, EngineError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| EngineError::new("parcel", format!("failed to work on the project file: {error}")))?
}

/// A file that is being written. Copies share it.
#[derive(Clone)]
pub(super) struct Writing(Arc<Mutex<Option<ZipWriter<File>>>>);

impl Writing {
    pub(super) fn new(path: &Path) -> Result<Self, EngineError> {
        let file = File::create_new(path).map_err(|error| trouble::of_file("write", path, &error))?;
        Ok(Self(Arc::new(Mutex::new(Some(ZipWriter::new(file))))))
    }

    pub(super) async fn describe(&self, description: &Description) -> Result<(), EngineError> {
        let text = serde_json::to_vec_pretty(description).map_err(|error| trouble::unreadable("project", error))?;
        self.put(DESCRIPTION.to_owned(), text).await
    }

    /// The facts of a run, a line each.
    pub(super) async fn run(&self, number: usize, lines: Vec<String>) -> Result<(), EngineError> {
        let mut text = lines.join("\n");
        text.push('\n');
        self.put(run(number), text.into_bytes()).await
    }

    pub(super) async fn evidence(&self, hash: &str, content: Vec<u8>) -> Result<(), EngineError> {
        self.put(evidence(hash), content).await
    }

    async fn put(&self, name: String, content: Vec<u8>) -> Result<(), EngineError> {
        let shared = self.clone();
        apart(move || {
            let mut archive = shared.0.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(archive) = archive.as_mut() else { return Ok(()) };
            // The same project makes the same file: no time of writing in it.
            let options = SimpleFileOptions::default().last_modified_time(DateTime::DEFAULT);
            archive.start_file(name, options).map_err(unwritten)?;
            archive.write_all(&content).map_err(unwritten)
        })
        .await
    }

    /// Ends the file and makes it durable; tells its size.
    pub(super) async fn finish(&self) -> Result<u64, EngineError> {
        let shared = self.clone();
        apart(move || {
            let archive = shared.0.lock().unwrap_or_else(PoisonError::into_inner).take();
            let Some(archive) = archive else { return Ok(0) };
            let file = archive.finish().map_err(unwritten)?;
            file.sync_all().and_then(|()| file.metadata()).map(|kept| kept.len()).map_err(unwritten)
        })
        .await
    }
}

fn unwritten(error: impl std::fmt::Display) -> EngineError {
    EngineError::new("parcel", format!("failed to write the project file: {error}"))
}

fn run(number: usize) -> String {
    format!("runs/{number:04}.jsonl")
}

fn evidence(hash: &str) -> String {
    format!("evidence/{hash}")
}

/// A file that is being read. Copies share it.
#[derive(Clone)]
pub(super) struct Reading(Arc<Mutex<Archive>>);

struct Archive {
    archive: ZipArchive<File>,
    /// Bytes that may still come out of it.
    left: u64,
}

impl Reading {
    /// Opens a file and reads its description.
    pub(super) async fn open(path: &Path) -> Result<(Self, Description), EngineError> {
        let path = path.to_owned();
        apart(move || {
            let unread = |error: io::Error| trouble::of_file("read", &path, &error);
            let mut file = File::open(&path).map_err(unread)?;
            let kind = file.metadata().map_err(unread)?;
            if !kind.is_file() || kind.len() > FILE {
                return Err(damaged("it is no file, or larger than 512 MB"));
            }
            listed(&mut file, kind.len())?;
            let archive = ZipArchive::new(file).map_err(damaged)?;
            let mut archive = Archive { archive, left: UNPACKED };
            let text = archive.read(DESCRIPTION, PART)?;
            let head: Head = serde_json::from_slice(&text).map_err(damaged)?;
            if head.format != FORMAT {
                return Err(damaged("another program wrote it"));
            }
            if head.version > VERSION {
                let says = "a newer version of Launch Ready wrote this project file; install that version here too, then read it again";
                return Err(EngineError::new("parcel-newer", says));
            }
            let description: Description = serde_json::from_slice(&text).map_err(damaged)?;
            archive.belongs(&description)?;
            Ok((Self(Arc::new(Mutex::new(archive))), description))
        })
        .await
    }

    /// The facts of a run.
    pub(super) async fn run(&self, number: usize) -> Result<String, EngineError> {
        String::from_utf8(self.take(run(number), PART).await?).map_err(damaged)
    }

    /// What a piece of evidence holds, proved by its hash.
    pub(super) async fn evidence(&self, hash: &str) -> Result<Vec<u8>, EngineError> {
        let content = self.take(evidence(hash), super::evidence::LARGEST as u64).await?;
        if HEXLOWER.encode(&Sha256::digest(&content)) == hash {
            return Ok(content);
        }
        Err(damaged("a piece of evidence was changed on the way"))
    }

    async fn take(&self, name: String, most: u64) -> Result<Vec<u8>, EngineError> {
        let shared = self.clone();
        apart(move || shared.0.lock().unwrap_or_else(PoisonError::into_inner).read(&name, most)).await
    }
}

impl Archive {
    fn read(&mut self, name: &str, most: u64) -> Result<Vec<u8>, EngineError> {
        let most = most.min(self.left);
        let part = self.archive.by_name(name).map_err(|error| damaged(format!("{name}: {error}")))?;
        let mut content = Vec::new();
        part.take(most + 1).read_to_end(&mut content).map_err(damaged)?;
        let read = content.len() as u64;
        if read > most {
            return Err(damaged(format!("{name} is too large")));
        }
        self.left -= read;
        Ok(content)
    }

    /// Every part is one that the description speaks of, and every one of those is there.
    fn belongs(&self, description: &Description) -> Result<(), EngineError> {
        let rows = |table: &str| description.rows.get(table).map_or(&[][..], Vec::as_slice);
        let hashes = rows("evidence").iter().filter_map(|row| row.get("hash")?.as_str());
        let mut wanted: BTreeSet<String> = hashes.map(evidence).collect();
        wanted.extend((1..=rows("run").len()).map(run));
        wanted.insert(DESCRIPTION.to_owned());
        let there: BTreeSet<&[u8]> = self.archive.file_names_raw().collect();
        match there.iter().find(|name| !wanted.iter().any(|known| known.as_bytes() == **name)) {
            Some(odd) => Err(damaged(format!("{} does not belong there", String::from_utf8_lossy(odd)))),
            None if there.len() < wanted.len() => Err(damaged("a part is missing")),
            None => Ok(()),
        }
    }
}

/// Looks at the list of parts before a library reads it whole into memory: it stands at the very end, and is short (APPNOTE 4.3.16).
fn listed(file: &mut File, length: u64) -> Result<(), EngineError> {
    const END: u64 = 22;
    let mut end = [0; END as usize];
    let at = length.checked_sub(END).ok_or_else(|| damaged("it is too short"))?;
    file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(&mut end)).map_err(damaged)?;
    let [b'P', b'K', 5, 6, 0, 0, 0, 0, .., 0, 0] = end else { return Err(damaged("its end is missing")) };
    let [parts, again] = [8, 10].map(|at| u16::from_le_bytes([end[at], end[at + 1]]));
    let [size, offset] = [12, 16].map(|at| u32::from_le_bytes([end[at], end[at + 1], end[at + 2], end[at + 3]]));
    let whole = parts == again && u64::from(size) + u64::from(offset) == at;
    if !whole || parts > PARTS || size > LIST {
        return Err(damaged("its list of parts is none of ours"));
    }
    file.rewind().map_err(damaged)
}
