//! What people changed, and how it is undone. Triggers keep every row as it was and as it became, in the same breath as the change itself.
//!
//! To make another kind of edit undoable, add a line to [`PLACES`]: nothing else has to know of it.

use super::{ProjectId, Store, trouble};
use crate::EngineError;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::{Row, SqliteConnection, SqlitePool};
use ts_rs::TS;

/// Changed rows that are kept of one project.
const MOST: u32 = 100;
/// What is written within this time of each other is one edit: a form saves several rows, milliseconds.
const TOGETHER: u32 = 300;

/// Rows that people change.
struct Place {
    /// Its name in the journal.
    word: &'static str,
    table: &'static str,
    /// What tells its rows apart.
    keys: &'static [&'static str],
    /// What a person changes in them.
    columns: &'static [&'static str],
    /// What is in them besides, which a run may change.
    beside: &'static [&'static str],
    /// The column that names the project; none for settings of the window.
    project: Option<&'static str>,
    /// What is told of an edit; `{}` is the column after it.
    says: &'static str,
    named: &'static str,
}

const ROWS: Place = Place {
    word: "",
    table: "",
    keys: &["id"],
    columns: &[],
    beside: &["project"],
    project: Some("project"),
    says: "",
    named: "",
};
const PROJECT: Place = Place { table: "project", beside: &[], project: Some("id"), ..ROWS };

/// Everything that can be undone. Secrets, consents and deleted projects cannot: the first are not here, the second are a person's word,
/// and the third are asked for twice.
#[rustfmt::skip]
const PLACES: [Place; 16] = [
    Place { word: "answer", table: "answer", columns: &["key", "answer", "at"], says: "the answer to {}", named: "key", ..ROWS },
    Place { word: "waiver", table: "waiver", columns: &["of", "subject", "waiver", "withdrawn"], says: "the acceptance of {}", named: "of", ..ROWS },
    Place { word: "names", columns: &["client", "name"], says: "the names of the project", ..PROJECT },
    Place { word: "archived", columns: &["archived"], says: "where the project is put", ..PROJECT },
    Place { word: "roadmap", columns: &["roadmap"], says: "the choice of roadmap", ..PROJECT },
    Place { word: "routes", columns: &["routes"], says: "the routes", ..PROJECT },
    Place { word: "source", table: "source", keys: &["project", "kind", "name"], columns: &["value"], beside: &[], says: "the place of the {}", named: "kind", ..ROWS },
    Place { word: "mail", table: "mail_account", keys: &["project"], columns: &["settings"], beside: &[], says: "the mail account, not its passwords", ..ROWS },
    Place { word: "journey", table: "journey", columns: &["name", "text"], beside: &["project", "seen"], says: "the journey {}", named: "name", ..ROWS },
    Place { word: "charge", table: "charge", keys: &["project", "key"], columns: &["owner", "due"], beside: &[], says: "who does {} until when", named: "key", ..ROWS },
    Place { word: "comment", table: "comment", columns: &["key", "by", "says", "at"], says: "a comment on {}", named: "key", ..ROWS },
    Place { word: "evidence", table: "evidence", columns: &["key", "hash", "bytes", "piece"], says: "the evidence of {}", named: "key", ..ROWS },
    Place { word: "sprint", table: "sprint", keys: &["project"], columns: &["sprint"], beside: &[], says: "the sprint clock", ..ROWS },
    Place { word: "note", table: "private_note", keys: &["project"], columns: &["text"], beside: &[], says: "your private notes", ..ROWS },
    Place { word: "own", table: "own_rows", keys: &["project"], columns: &["text"], beside: &[], says: "your own rows and checks", ..ROWS },
    Place { word: "setting", table: "preference", keys: &["key"], columns: &["value"], beside: &[], project: None, says: "the setting {}", named: "key" },
];

/// Settings that no person makes knowingly, or that must not come back by a key: where one was, and whether a customer is looking on.
const UNKEPT: &str = "'last_place', 'presenter'";

/// An edit that can be undone or done again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Edit {
    /// Later edits have greater ones.
    pub act: u32,
    /// What was edited, as the end of a sentence.
    pub says: String,
}

/// What the next undo and the next redo are of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Edits {
    /// What undo takes back.
    pub undo: Option<Edit>,
    /// What redo does again.
    pub redo: Option<Edit>,
}

impl Store {
    /// What can be undone and done again: of a project and the window's settings, or outside of any project.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn edits(&self, project: Option<ProjectId>) -> Result<Edits, EngineError> {
        let mut connection = self.pool.acquire().await.map_err(trouble::of)?;
        let undo = next(&mut connection, project, false).await?;
        let redo = next(&mut connection, project, true).await?;
        Ok(Edits { undo: edit(&undo), redo: edit(&redo) })
    }

    /// Undoes the newest edit, or does again what was undone last; none where there is nothing to undo.
    ///
    /// # Errors
    /// What was edited was changed by something else since, or the file cannot be written.
    pub async fn undo(
        &self,
        project: Option<ProjectId>,
        again: bool,
        now: Timestamp,
    ) -> Result<Option<Edit>, EngineError> {
        let mut batch = self.pool.begin().await.map_err(trouble::of)?;
        let rows = next(&mut batch, project, again).await?;
        let Some(edit) = edit(&rows) else { return Ok(None) };
        pause(&mut batch, true).await?;
        for row in &rows {
            let (from, to) = if again { (&row.was, &row.became) } else { (&row.became, &row.was) };
            if !row.place.put(&mut batch, from.as_ref(), to.as_ref(), now).await? {
                drop(batch);
                self.forget_act(edit.act).await?;
                let says = format!("{} was changed by something else since, so it stays as it is now", edit.says);
                return Err(EngineError::new("undo", says));
            }
        }
        pause(&mut batch, false).await?;
        let undone = if again { "0" } else { "1" };
        run(
            &mut batch,
            "UPDATE edit SET undone = CAST(?2 AS INTEGER) WHERE act = CAST(?1 AS INTEGER)",
            &[&edit.act.to_string(), undone],
        )
        .await?;
        batch.commit().await.map_err(trouble::of)?;
        Ok(Some(edit))
    }

    /// Forgets what could be undone: of one question, when a run changed its answer, or of a whole project that was made ready by the program.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn forget_edits(&self, project: ProjectId, question: Option<&str>) -> Result<(), EngineError> {
        let mut connection = self.pool.acquire().await.map_err(trouble::of)?;
        let sql = "DELETE FROM edit WHERE project = ?1 AND (?2 = '' OR (place = 'answer' AND json_extract(coalesce(became, was), '$.key') = ?2))";
        run(&mut connection, sql, &[&project.to_string(), question.unwrap_or_default()]).await.map(drop)
    }

    async fn forget_act(&self, act: u32) -> Result<(), EngineError> {
        let mut connection = self.pool.acquire().await.map_err(trouble::of)?;
        run(&mut connection, "DELETE FROM edit WHERE act = CAST(?1 AS INTEGER)", &[&act.to_string()]).await.map(drop)
    }
}

/// Gives every listed table its triggers; the file keeps them until the list changes.
pub(super) async fn watch(pool: &SqlitePool) -> Result<(), EngineError> {
    let mut batch = pool.begin().await.map_err(trouble::of)?;
    let there: Vec<(String, String)> = sqlx::query_as(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'edit\\_%' ESCAPE '\\'",
    )
    .fetch_all(&mut *batch)
    .await
    .map_err(trouble::of)?;
    let wanted: Vec<(String, String)> = PLACES.iter().flat_map(Place::triggers).collect();
    if there.len() == wanted.len() && wanted.iter().all(|trigger| there.contains(trigger)) {
        return Ok(());
    }
    for (name, _) in &there {
        run(&mut batch, &format!("DROP TRIGGER {name}"), &[]).await?;
    }
    for (_, sql) in &wanted {
        run(&mut batch, sql, &[]).await?;
    }
    batch.commit().await.map_err(trouble::of)
}

/// What is written from now on in this transaction is no edit of a person, or is one again.
pub(super) async fn pause(connection: &mut SqliteConnection, paused: bool) -> Result<(), EngineError> {
    let sql = if paused { "INSERT INTO edit_pause VALUES (1)" } else { "DELETE FROM edit_pause" };
    run(connection, sql, &[]).await.map(drop)
}

/// One changed row of the journal.
struct Changed {
    act: u32,
    place: &'static Place,
    was: Option<Map<String, Value>>,
    became: Option<Map<String, Value>>,
}

/// The changes of the next act to undo, newest first; or to do again, oldest first.
async fn next(
    connection: &mut SqliteConnection,
    project: Option<ProjectId>,
    again: bool,
) -> Result<Vec<Changed>, EngineError> {
    // Outside of a project: settings, and what is done to projects as a whole.
    let mine = if project.is_some() {
        "(project = ?1 OR project IS NULL)"
    } else {
        "(project IS NULL OR place IN ('names', 'archived')) AND ?1 = ''"
    };
    let (undone, pick, order) = if again { (1, "min", "ASC") } else { (0, "max", "DESC") };
    let sql = format!(
        "SELECT act, place, was, became FROM edit WHERE act = (SELECT {pick}(act) FROM edit WHERE undone = {undone} AND {mine}) AND {mine} ORDER BY id {order}"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(project.map(|project| project.to_string()).unwrap_or_default())
        .fetch_all(connection)
        .await
        .map_err(trouble::of)?;
    let read = |text: Option<&str>| text.and_then(|text| serde_json::from_str(text).ok());
    // A place that this version does not list is left alone.
    let changed = rows.iter().filter_map(|row| {
        let place = PLACES.iter().find(|place| place.word == row.get::<&str, _>("place"))?;
        Some(Changed { act: row.get("act"), place, was: read(row.get("was")), became: read(row.get("became")) })
    });
    Ok(changed.collect())
}

fn edit(rows: &[Changed]) -> Option<Edit> {
    let row = rows.first()?;
    let named = [&row.became, &row.was].into_iter().flatten().find_map(|image| image.get(row.place.named)?.as_str());
    let says = row.place.says.replace("{}", &audit::read::text::clean(named.unwrap_or_default(), 80));
    Some(Edit { act: row.act, says })
}

async fn run(connection: &mut SqliteConnection, sql: &str, binds: &[&str]) -> Result<u64, EngineError> {
    let query = binds.iter().fold(sqlx::query(sqlx::AssertSqlSafe(sql)), |query, bind| query.bind(*bind));
    Ok(query.execute(connection).await.map_err(trouble::of)?.rows_affected())
}

impl Place {
    /// All columns of the picture that is kept of a row.
    fn image(&self) -> impl Iterator<Item = &'static str> {
        self.keys.iter().chain(self.columns).chain(self.beside).copied()
    }

    /// The triggers of its table: name and statement.
    fn triggers(&self) -> Vec<(String, String)> {
        let Self { word, table, columns, .. } = *self;
        let whole = table != "project";
        let list =
            |columns: &[&str]| columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ");
        let picture = |row: &str| {
            let pairs: Vec<_> = self.image().map(|column| format!("'{column}', {row}.\"{column}\"")).collect();
            format!("json_object({})", pairs.join(", "))
        };
        let differs: Vec<_> =
            columns.iter().map(|column| format!("OLD.\"{column}\" IS NOT NEW.\"{column}\"")).collect();
        let trigger = |event: &str, on: String, row: &str, was: &str, became: &str, only: String| {
            let whose = self.project.map_or_else(|| "NULL".to_owned(), |column| format!("{row}.\"{column}\""));
            // The rows of a project that is deleted go after it: there is nobody left to undo that for.
            let lives = match self.project {
                Some(_) => format!("EXISTS (SELECT 1 FROM project WHERE id = {whose})"),
                None => format!("{row}.\"key\" NOT IN ({UNKEPT})"),
            };
            let act = format!(
                "coalesce((SELECT act FROM edit WHERE project IS {whose} AND undone = 0 AND at > CAST(unixepoch('subsec') * 1000 AS INTEGER) - {TOGETHER} ORDER BY id DESC LIMIT 1), (SELECT coalesce(max(act), 0) + 1 FROM edit))"
            );
            let name = format!("edit_{word}_{event}");
            let sql = format!(
                "CREATE TRIGGER {name} AFTER {on} ON {table} WHEN NOT EXISTS (SELECT 1 FROM edit_pause) AND {lives}{only} BEGIN \
                 DELETE FROM edit WHERE undone = 1 AND project IS {whose}; \
                 INSERT INTO edit (act, project, at, place, was, became) VALUES ({act}, {whose}, CAST(unixepoch('subsec') * 1000 AS INTEGER), '{word}', {was}, {became}); \
                 DELETE FROM edit WHERE project IS {whose} AND id <= (SELECT id FROM edit WHERE project IS {whose} ORDER BY id DESC LIMIT 1 OFFSET {MOST}); END"
            );
            (name, sql)
        };
        let changes = trigger(
            "update",
            format!("UPDATE OF {}", list(columns)),
            "NEW",
            &picture("OLD"),
            &picture("NEW"),
            format!(" AND ({})", differs.join(" OR ")),
        );
        let mut all = vec![changes];
        if whole {
            all.push(trigger("insert", "INSERT".to_owned(), "NEW", "NULL", &picture("NEW"), String::new()));
            all.push(trigger("delete", "DELETE".to_owned(), "OLD", &picture("OLD"), "NULL", String::new()));
        }
        all
    }

    /// Makes a row what it was; false where it is not any more what the edit made of it.
    async fn put(
        &self,
        connection: &mut SqliteConnection,
        from: Option<&Map<String, Value>>,
        to: Option<&Map<String, Value>>,
        now: Timestamp,
    ) -> Result<bool, EngineError> {
        let Self { table, .. } = *self;
        // What was accepted stays on record: it is withdrawn, and not as if it had never been.
        let lasting = self.columns.contains(&"withdrawn");
        let same = |columns: &mut dyn Iterator<Item = &'static str>, bind: u8| {
            let parts: Vec<_> =
                columns.map(|column| format!("\"{column}\" IS json_extract(?{bind}, '$.{column}')")).collect();
            parts.join(" AND ")
        };
        let keys = same(&mut self.keys.iter().copied(), 1);
        let (from_text, to_text) = (from.map(json), to.map(json));
        if let Some(from) = &from_text {
            let there = same(&mut self.keys.iter().chain(self.columns).copied(), 1);
            let found: i64 =
                sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table} WHERE {there}")))
                    .bind(from)
                    .fetch_one(&mut *connection)
                    .await
                    .map_err(trouble::of)?;
            if found != 1 {
                return Ok(false);
            }
        }
        match (&from_text, &to_text) {
            (Some(from), None) if lasting => {
                run(connection, &format!("UPDATE {table} SET withdrawn = ?2 WHERE {keys}"), &[from, &now.to_string()])
                    .await?;
            }
            (Some(from), None) => {
                run(connection, &format!("DELETE FROM {table} WHERE {keys}"), &[from]).await?;
            }
            (_, Some(to)) => {
                let sets: Vec<_> = self
                    .columns
                    .iter()
                    .map(|column| format!("\"{column}\" = json_extract(?1, '$.{column}')"))
                    .collect();
                let changed =
                    run(connection, &format!("UPDATE {table} SET {} WHERE {keys}", sets.join(", ")), &[to]).await?;
                if changed == 0 {
                    let names: Vec<_> = self.image().map(|column| format!("\"{column}\"")).collect();
                    let values: Vec<_> = self.image().map(|column| format!("json_extract(?1, '$.{column}')")).collect();
                    let sql = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), values.join(", "));
                    run(connection, &sql, &[to]).await?;
                }
            }
            (None, None) => {}
        }
        Ok(true)
    }
}

fn json(image: &Map<String, Value>) -> String {
    Value::Object(image.clone()).to_string()
}

#[cfg(test)]
#[path = "edit_tests.rs"]
mod tests;
