//! One project as one file: written for a colleague or another computer, and read as a stranger's. It never holds a secret.

mod aside;
mod file;
mod left;
mod table;

use super::{ProjectId, Store, edit, evidence, own, trouble};
use crate::EngineError;
use audit::facts::{Evidence, EvidenceKind, Target};
use audit::read::attached;
use file::{Description, Reading, Writing, apart, damaged};
use left::Left;
use serde_json::Value;
use sqlx::{Row as _, SqliteConnection};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use table::{CARRIED, Row, Rows, Table, Wrong};

/// What the name of a project file ends in.
pub const ENDING: &str = "launchready";

/// What was written into a project file, or taken from one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// The project that was written, or made.
    pub project: ProjectId,
    /// Runs in it.
    pub runs: usize,
    /// Pieces of evidence in it.
    pub pieces: usize,
    /// Bytes of the file that was written; nothing when one was read.
    pub bytes: u64,
    /// What stays on the computer that wrote it, a sentence each, with what to do.
    pub left: Vec<String>,
    /// What the project itself lacks now: evidence that is gone, and rows that were refused when it was read; a sentence each.
    pub lost: Vec<String>,
}

impl Store {
    /// Writes a project into one new file, its private notes only where that is wanted. Secrets, consents and places of this computer
    /// stay here, and that is told.
    ///
    /// # Errors
    /// The project is gone, there is a file of this name, or it cannot be written.
    pub async fn export_project(&self, project: ProjectId, path: &Path, notes: bool) -> Result<Parcel, EngineError> {
        self.project(project).await?;
        if path.exists() {
            let says = format!("there is already a file {}; choose another name", path.display());
            return Err(EngineError::new("parcel-there", says));
        }
        let beside = beside(path);
        let written = self.write(project, &beside, notes).await.and_then(|parcel| {
            fs::rename(&beside, path).map_err(|error| trouble::of_file("write", path, &error))?;
            Ok(parcel)
        });
        if written.is_err() {
            // Half a project is of no use to anybody.
            let _ = fs::remove_file(&beside);
        }
        written
    }

    async fn write(&self, project: ProjectId, path: &Path, notes: bool) -> Result<Parcel, EngineError> {
        let (mut rows, runs, mut left) = self.read_rows(project).await?;
        if let Some(jotted) = rows.get_mut(table::NOTE).filter(|jotted| !notes && !jotted.is_empty()) {
            jotted.clear();
            left.notes = true;
        }
        let mut contents = BTreeSet::new();
        if let Some(pieces) = rows.get_mut("evidence") {
            let before = pieces.len();
            for hash in pieces.iter().filter_map(|row| row.get("hash")?.as_str()) {
                if !contents.contains(hash) && self.evidence(project, hash).await.is_ok() {
                    contents.insert(hash.to_owned());
                }
            }
            pieces.retain(|row| row.get("hash").and_then(Value::as_str).is_some_and(|hash| contents.contains(hash)));
            left.gone = u32::try_from(before - pieces.len()).unwrap_or(u32::MAX);
        }
        let (told, lost) = (left.told(), left.lost());
        let archive = Writing::new(path)?;
        archive.describe(&Description::new(rows, left)).await?;
        for (number, run) in (1..).zip(&runs) {
            let seen = sqlx::query_scalar("SELECT seen FROM observation WHERE run = ?1 ORDER BY seq").bind(run);
            archive.run(number, seen.fetch_all(&self.pool).await.map_err(trouble::of)?).await?;
        }
        for hash in &contents {
            archive.evidence(hash, self.evidence(project, hash).await?).await?;
        }
        let bytes = archive.finish().await?;
        Ok(Parcel { project, runs: runs.len(), pieces: contents.len(), bytes, left: told, lost })
    }

    /// All rows of a project as they stand at one moment, the ids of its runs, and what is not carried.
    async fn read_rows(&self, project: ProjectId) -> Result<(Rows, Vec<i64>, Left), EngineError> {
        let mut moment = self.pool.begin().await.map_err(trouble::of)?;
        let mut rows = BTreeMap::new();
        for table in &CARRIED {
            rows.insert(table.name.to_owned(), table.read(&mut moment, project).await?);
        }
        let runs = sqlx::query_scalar("SELECT id FROM run WHERE project = ?1 ORDER BY id").bind(project.to_string());
        let runs = runs.fetch_all(&mut *moment).await.map_err(trouble::of)?;
        let left = Left {
            secrets: words(&mut moment, "SELECT kind FROM secret_note WHERE project = ?1 ORDER BY kind", project)
                .await?,
            consents: consents(&mut moment, project).await?,
            places: words(
                &mut moment,
                "SELECT kind FROM source WHERE project = ?1 AND kind <> 'environment' ORDER BY kind",
                project,
            )
            .await?,
            watched: !words(&mut moment, "SELECT project FROM watch WHERE project = ?1", project).await?.is_empty(),
            ..Left::default()
        };
        Ok((rows, runs, left))
    }

    /// Makes a project out of a file that somebody sent: a new one each time, all of it or nothing.
    ///
    /// # Errors
    /// The file is none of ours, damaged, too large, or of a newer version; or the store cannot be written.
    pub async fn import_project(&self, path: &Path) -> Result<Parcel, EngineError> {
        let (file, description) = Reading::open(path).await?;
        let Description { rows, left, .. } = description;
        let (mut rows, refused) = apart(move || checked(rows)).await?;
        let mut lost = left.lost();
        lost.extend(refused);
        let project = ProjectId::fresh();
        if let Err(error) = self.take(project, &file, &mut rows, &mut lost).await {
            // What was already unpacked and put aside belongs to no project.
            let mut connection = self.pool.acquire().await.map_err(trouble::of)?;
            aside::clear(&mut connection, project).await?;
            drop(connection);
            self.sweep_evidence().await?;
            return Err(error);
        }
        let count = |table: &str| rows.get(table).map_or(0, Vec::len);
        Ok(Parcel { project, runs: count("run"), pieces: count("evidence"), bytes: 0, left: left.told(), lost })
    }

    /// Everything that takes long comes first, while others use the store: pieces of evidence reach the disk, runs are read and put aside.
    /// Then the rows, in one batch.
    async fn take(
        &self,
        project: ProjectId,
        file: &Reading,
        rows: &mut Rows,
        told: &mut Vec<String>,
    ) -> Result<(), EngineError> {
        let _arriving = self.arriving.read().await;
        self.take_evidence(file, rows.entry("evidence".to_owned()).or_default(), told).await?;
        let mut runs: Vec<usize> = Vec::new();
        for number in 1..=rows.get("run").map_or(0, Vec::len) {
            let seen = file.run(number).await?;
            let seen = apart(move || table::observed(&seen).map_err(refused)).await?;
            aside::put(&self.pool, project, number, &seen).await?;
            runs.push(seen.len());
        }
        let mut batch = self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(trouble::of)?;
        edit::pause(&mut batch, true).await?;
        if let Some([head]) = rows.get_mut("project").map(Vec::as_mut_slice) {
            free_name(&mut batch, head).await?;
            let id = Value::String(project.to_string());
            head.extend([("id".to_owned(), id), ("demo".to_owned(), 0.into()), ("archived".to_owned(), 0.into())]);
        }
        // The project first: everything else refers to it.
        for table in CARRIED.iter().rev() {
            let mut put = Vec::new();
            for row in rows.get(table.name).into_iter().flatten() {
                put.push(table.put(&mut batch, project, row).await?);
            }
            if table.name == "run" {
                for (number, (id, seen)) in (1..).zip(put.into_iter().zip(&runs)) {
                    aside::take(&mut batch, project, number, *seen, id).await?;
                }
            }
        }
        aside::clear(&mut batch, project).await?;
        edit::pause(&mut batch, false).await?;
        batch.commit().await.map_err(trouble::of)
    }

    /// Puts what the pieces hold into its place, and takes away the rows of those that hold a key.
    async fn take_evidence(
        &self,
        file: &Reading,
        rows: &mut Vec<Row>,
        told: &mut Vec<String>,
    ) -> Result<(), EngineError> {
        let folder = self.evidence_folder();
        let mut all = 0;
        let mut known: BTreeMap<String, bool> = BTreeMap::new();
        let mut kept = vec![];
        for row in rows.drain(..) {
            let piece: Evidence = row
                .get("piece")
                .and_then(Value::as_str)
                .and_then(|text| serde_json::from_str(text).ok())
                .ok_or_else(|| damaged("evidence without a description"))?;
            let fits = match known.get(&piece.hash) {
                Some(fits) => *fits,
                None => {
                    let content = file.evidence(&piece.hash).await?;
                    if content.len() != piece.bytes as usize || !is_kind(&piece, &content) {
                        return Err(damaged("a piece of evidence is not what the file says of it"));
                    }
                    let fits = evidence::allowed(&piece.name, piece.kind, &content);
                    if let Err(why) = &fits {
                        let name = audit::read::text::clean(&piece.name, 120);
                        told.push(format!("The evidence {name} was left out: {}", why.message));
                    } else {
                        let (folder, hash) = (folder.clone(), piece.hash.clone());
                        apart(move || evidence::put(&folder, &hash, &content)).await?;
                    }
                    fits.is_ok()
                }
            };
            known.insert(piece.hash, fits);
            if fits {
                all += i64::from(piece.bytes);
                kept.push(row);
            }
            if all > evidence::ALL {
                return Err(damaged("its evidence is larger than 200 MB"));
            }
        }
        *rows = kept;
        Ok(())
    }
}

/// Whether a piece is of the kind that it is said to be.
fn is_kind(piece: &Evidence, content: &[u8]) -> bool {
    match piece.kind {
        EvidenceKind::Link => {
            std::str::from_utf8(content).is_ok_and(|text| attached::link(text).is_some_and(|link| link == text))
        }
        kind => attached::kind(content) == kind,
    }
}

/// The rows that can be ours, and what was left out of them.
fn checked(mut rows: Rows) -> Result<(Rows, Vec<String>), EngineError> {
    let mut told = vec![];
    if let Some(odd) = rows.keys().find(|name| !CARRIED.iter().any(|table| table.name == *name)) {
        return Err(damaged(format!("{odd} is none of ours")));
    }
    if rows.get("project").is_none_or(|rows| rows.len() != 1) {
        return Err(damaged("it holds no project"));
    }
    for table in &CARRIED {
        let Some(rows) = rows.get_mut(table.name) else { continue };
        if u32::try_from(rows.len()).is_ok_and(|rows| rows > table.most) {
            return Err(damaged(format!("{} has too many rows", table.name)));
        }
        let mut wrong = None;
        rows.retain(|row| match table.fits(row) {
            Ok(()) => true,
            Err(Wrong::LeftOut(says)) => {
                told.push(capital(&says));
                false
            }
            Err(unfit) => {
                wrong.get_or_insert(unfit);
                true
            }
        });
        if let Some(wrong) = wrong {
            return Err(refused(wrong));
        }
    }
    fit_own(&mut rows, &mut told);
    Ok((rows, told))
}

/// Leaves out own rows that are not about the hosts of the project's own domain, or cannot be read.
fn fit_own(rows: &mut Rows, told: &mut Vec<String>) {
    let word = |row: &Row, column: &str| row.get(column).and_then(Value::as_str).unwrap_or_default().to_owned();
    let Some(head) = rows.get("project").and_then(|rows| rows.first()) else { return };
    let target = Target { domain: word(head, "domain"), name: word(head, "shown") };
    let Some(kept) = rows.get_mut("own_rows") else { return };
    kept.retain(|row| {
        let read = own::own_rows(&word(row, "text"), &target);
        told.extend(
            read.as_ref().err().map(|why| format!("Rows and checks of its own were left out: {}", why.message)),
        );
        read.is_ok()
    });
}

fn refused(wrong: Wrong) -> EngineError {
    match wrong {
        Wrong::Unfit(why) | Wrong::LeftOut(why) => damaged(why),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

/// A second import is a second project, and its name says so.
async fn free_name(batch: &mut SqliteConnection, head: &mut Row) -> Result<(), EngineError> {
    let word = |column: &str| head.get(column).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (client, name) = (word("client"), word("name"));
    for number in 1..1_000 {
        let wish = if number == 1 { name.clone() } else { format!("{name} {number}") };
        let there: i64 = sqlx::query_scalar("SELECT count(*) FROM project WHERE client = ?1 AND name = ?2")
            .bind(&client)
            .bind(&wish)
            .fetch_one(&mut *batch)
            .await
            .map_err(trouble::of)?;
        if there == 0 {
            head.insert("name".to_owned(), Value::String(wish));
            break;
        }
    }
    Ok(())
}

async fn words(
    connection: &mut SqliteConnection,
    sql: &'static str,
    project: ProjectId,
) -> Result<Vec<String>, EngineError> {
    sqlx::query_scalar(sql).bind(project.to_string()).fetch_all(connection).await.map_err(trouble::of)
}

/// The hosts and names of the consents that were not withdrawn.
async fn consents(connection: &mut SqliteConnection, project: ProjectId) -> Result<Vec<(String, String)>, EngineError> {
    let sql = "SELECT host, coalesce(json_extract(agreed, '$.by'), '') FROM consent WHERE project = ?1 AND withdrawn IS NULL AND json_valid(agreed) ORDER BY id";
    sqlx::query_as(sql).bind(project.to_string()).fetch_all(connection).await.map_err(trouble::of)
}

impl Table {
    fn owner(&self) -> &'static str {
        if self.name == "project" { "id" } else { "project" }
    }

    async fn read(&self, connection: &mut SqliteConnection, project: ProjectId) -> Result<Vec<Row>, EngineError> {
        let pairs: Vec<_> = self.columns.iter().map(|column| format!("'{column}', \"{column}\"")).collect();
        let Self { name, order, only, .. } = self;
        let (owner, pairs) = (self.owner(), pairs.join(", "));
        let sql = format!("SELECT json_object({pairs}) FROM {name} WHERE {owner} = ?1 AND {only} ORDER BY {order}");
        let texts = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(project.to_string());
        let texts = texts.fetch_all(connection).await.map_err(trouble::of)?;
        let row = |row: &sqlx::sqlite::SqliteRow| serde_json::from_str(row.get::<&str, _>(0));
        texts.iter().map(row).collect::<Result<_, _>>().map_err(|error| trouble::unreadable(self.name, error))
    }

    /// Whether a row has the columns of this table and may come in.
    fn fits(&self, row: &Row) -> Result<(), Wrong> {
        if row.len() != self.columns.len() || !self.columns.iter().all(|column| row.contains_key(*column)) {
            return Err(Wrong::Unfit(format!("{} has other columns", self.name)));
        }
        (self.check)(row)
    }

    /// Puts a row in, and hands its id back.
    async fn put(&self, batch: &mut SqliteConnection, project: ProjectId, row: &Row) -> Result<i64, EngineError> {
        let mut columns: Vec<&str> = self.columns.to_vec();
        columns.extend(if self.owner() == "id" { &["id", "demo", "archived"][..] } else { &[] });
        let values: Vec<_> = columns.iter().map(|column| format!("json_extract(?1, '$.{column}')")).collect();
        let names: Vec<_> = columns.iter().map(|column| format!("\"{column}\"")).collect();
        let (mut names, mut values) = (names.join(", "), values.join(", "));
        if self.owner() == "project" {
            names.push_str(", project");
            values.push_str(", ?2");
        }
        let sql = format!("INSERT INTO {} ({names}) VALUES ({values})", self.name);
        let put = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(Value::Object(row.clone()).to_string());
        let done = put.bind(project.to_string()).execute(batch).await;
        done.map(|done| done.last_insert_rowid()).map_err(|error| match &error {
            sqlx::Error::Database(told) if told.is_unique_violation() || told.is_check_violation() => {
                damaged(format!("two rows of {} are the same", self.name))
            }
            _ => trouble::of(error),
        })
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod waiting_tests;
