//! What a project file carries, table by table, and what each row has to be when somebody else's file brings it.
//!
//! A new table of a project gets a line in [`CARRIED`] or in [`LEFT`]: a test proves that none is forgotten.

use crate::store::history::Acceptance;
use crate::store::{answer, dossier, draft, evidence, jotting};
use crate::{Account, EngineError};
use audit::facts::{
    Answer, Environment, Evidence, Fact, JourneySeen, Loaded, Observation, Scope, Spread, Sprint, Target, Waiver,
};
use audit::read::journey::parts;
use audit::read::text::clean;
use audit::roadmap;
use audit::watch::Change;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Longest key of a question or a row, characters.
const KEY: usize = 200;
/// Longest name or address in a row, characters.
const NAME: usize = 4_000;

/// A row as it lies in the file: column and value.
pub(super) type Row = Map<String, Value>;
/// Rows by table.
pub(super) type Rows = std::collections::BTreeMap<String, Vec<Row>>;

/// What is wrong with a row.
#[derive(Debug)]
pub(super) enum Wrong {
    /// It cannot be one of ours: nothing of the file is taken.
    Unfit(String),
    /// It holds a key that is secret, or what is refused when a person types it: it is left out, and that is told.
    LeftOut(String),
}

/// One table.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: &'static [&'static str],
    /// In which order its rows stand in the file.
    pub(super) order: &'static str,
    /// Which of its rows are carried, as a condition of SQL.
    pub(super) only: &'static str,
    /// Most rows.
    pub(super) most: u32,
    pub(super) check: fn(&Row) -> Result<(), Wrong>,
}

const ROWS: Table = Table { name: "", columns: &[], order: "id", only: "1", most: 5_000, check: |_| Ok(()) };

/// The table of private notes, which are carried only when somebody says so.
pub(super) const NOTE: &str = "private_note";

/// The tables of a project that are carried.
#[rustfmt::skip]
pub(super) const CARRIED: [Table; 17] = [
    Table { name: "answer", columns: &["key", "answer", "at"], most: 50_000, check: answered, ..ROWS },
    Table { name: "draft", columns: &["key", "text"], order: "key", check: drafted, ..ROWS },
    Table { name: "charge", columns: &["key", "owner", "due"], order: "key", check: charged, ..ROWS },
    Table { name: "comment", columns: &["key", "by", "says", "at"], check: commented, ..ROWS },
    Table { name: "evidence", columns: &["key", "hash", "bytes", "piece"], most: evidence::MOST, check: proved, ..ROWS },
    Table { name: "waiver", columns: &["of", "subject", "waiver", "withdrawn"], check: waived, ..ROWS },
    Table { name: "sprint", columns: &["sprint"], order: "project", most: 1, check: |row| typed::<Sprint>(row, "sprint").map(drop), ..ROWS },
    Table { name: "journey", columns: &["name", "text", "seen"], most: 50, check: gone_through, ..ROWS },
    Table { name: "measured", columns: &["what", "at", "baseline", "loaded"], most: 1_000, check: measured, ..ROWS },
    Table { name: "watch_change", columns: &["change"], check: |row| typed::<Change>(row, "change").map(drop), ..ROWS },
    Table { name: "watch_hour", columns: &["subject", "hour", "looks", "well", "every_s", "last", "times"], order: "hour, subject", most: 100_000, check: watched, ..ROWS },
    Table { name: "source", columns: &["kind", "name", "value"], order: "kind, name", only: "kind = 'environment'", most: 12, check: environment },
    Table { name: "mail_account", columns: &["settings"], order: "project", most: 1, check: mailing, ..ROWS },
    Table { name: "own_rows", columns: &["text"], order: "project", most: 1, check: |row| text(row, "text", usize::MAX).map(drop), ..ROWS },
    Table { name: NOTE, columns: &["text"], order: "project", most: 1, check: noted, ..ROWS },
    Table { name: "run", columns: &["roadmap", "target", "scope", "started", "finished", "cut_short", "accepted"], most: 1_000, check: ran, ..ROWS },
    Table { name: "project", columns: &["client", "name", "domain", "shown", "roadmap", "routes", "created"], order: "created", most: 1, check: project, ..ROWS },
];

/// The tables of a project that stay where they are, each with why. Observations go with their run.
#[cfg(test)]
pub(super) const LEFT: [(&str, &str); 4] = [
    ("consent", "a person's word, given for work from this computer"),
    ("secret_note", "what it notes is in the keychain of this computer"),
    ("edit", "what can be undone is about the rows of this file"),
    ("watch", "nothing begins to watch by itself"),
];

/// Checks the observations of one run, a line each, and hands them back as they are kept.
pub(super) fn observed(text: &str) -> Result<Vec<String>, Wrong> {
    let again = |line: &str| {
        let seen: Observation = serde_json::from_str(line).map_err(|error| unfit("what a run saw", error))?;
        serde_json::to_string(&seen).map_err(|error| unfit("what a run saw", error))
    };
    text.lines().map(again).collect()
}

fn unfit(what: &str, why: impl std::fmt::Display) -> Wrong {
    Wrong::Unfit(clean(&format!("{what}: {why}"), 300))
}

fn left_out(what: &str, why: EngineError) -> Wrong {
    Wrong::LeftOut(format!("{} was left out: {}", clean(what, 120), why.message))
}

fn text<'a>(row: &'a Row, column: &str, most: usize) -> Result<&'a str, Wrong> {
    let text = row.get(column).and_then(Value::as_str).ok_or_else(|| unfit(column, "it is no text"))?;
    if text.chars().nth(most).is_some() { Err(unfit(column, "it is too long")) } else { Ok(text) }
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(row: &Row, column: &str) -> Result<T, Wrong> {
    text(row, column, 100)?.parse().map_err(|error| unfit(column, error))
}

fn typed<T: DeserializeOwned>(row: &Row, column: &str) -> Result<T, Wrong> {
    serde_json::from_str(text(row, column, usize::MAX)?).map_err(|error| unfit(column, error))
}

fn none(row: &Row, column: &str) -> bool {
    row.get(column) == Some(&Value::Null)
}

fn number(row: &Row, column: &str, most: i64) -> Result<i64, Wrong> {
    let number = row.get(column).and_then(Value::as_i64).filter(|number| (0..=most).contains(number));
    number.ok_or_else(|| unfit(column, "it is no such number"))
}

fn answered(row: &Row) -> Result<(), Wrong> {
    let key = text(row, "key", KEY)?;
    parsed::<Timestamp>(row, "at")?;
    if none(row, "answer") {
        return Ok(());
    }
    let given: Answer = typed(row, "answer")?;
    answer::bounded(key, &given).map_err(|why| left_out(&format!("the answer to {key}"), why))
}

fn drafted(row: &Row) -> Result<(), Wrong> {
    let key = text(row, "key", KEY)?;
    draft::bounded(key, text(row, "text", usize::MAX)?).map_err(|why| left_out(&format!("the draft of {key}"), why))
}

fn charged(row: &Row) -> Result<(), Wrong> {
    let (key, owner) = (text(row, "key", KEY)?, text(row, "owner", KEY)?);
    if !none(row, "due") {
        parsed::<Date>(row, "due")?;
    }
    answer::no_key([owner]).map_err(|why| left_out(&format!("the owner of {key}"), why))
}

fn commented(row: &Row) -> Result<(), Wrong> {
    let (key, by) = (text(row, "key", KEY)?, text(row, "by", KEY)?);
    parsed::<Timestamp>(row, "at")?;
    dossier::bounded(by, text(row, "says", usize::MAX)?).map_err(|why| left_out(&format!("a comment on {key}"), why))
}

fn proved(row: &Row) -> Result<(), Wrong> {
    let (key, hash) = (text(row, "key", KEY)?, text(row, "hash", 64)?);
    let bytes = number(row, "bytes", i64::from(u32::MAX))?;
    let piece: Evidence = typed(row, "piece")?;
    let hex = hash.len() == 64 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if !hex || piece.hash != hash || i64::from(piece.bytes) != bytes || piece.name.chars().nth(NAME).is_some() {
        return Err(unfit("evidence", "its description does not fit it"));
    }
    answer::no_key([piece.name.as_str(), &piece.by]).map_err(|why| left_out(&format!("evidence of {key}"), why))
}

fn waived(row: &Row) -> Result<(), Wrong> {
    let (of, subject) = (text(row, "of", KEY)?, text(row, "subject", NAME)?);
    let waiver: Waiver = typed(row, "waiver")?;
    if waiver.of != of || waiver.subject.as_deref().unwrap_or_default() != subject {
        return Err(unfit("waiver", "its description does not fit it"));
    }
    if !none(row, "withdrawn") {
        parsed::<Timestamp>(row, "withdrawn")?;
    }
    audit::waive::refuse(&waiver).map_err(|why| unfit("waiver", why))?;
    let keyless = answer::no_key([waiver.reason.as_str(), &waiver.approver]);
    keyless.map_err(|why| left_out(&format!("the acceptance of {of}"), why))
}

fn gone_through(row: &Row) -> Result<(), Wrong> {
    let name = text(row, "name", NAME)?;
    if !none(row, "seen") {
        typed::<Fact<JourneySeen>>(row, "seen")?;
    }
    let refused = |why: String| left_out(&format!("the journey {name}"), EngineError::new("journey", why));
    let read = parts(text(row, "text", usize::MAX)?).map_err(|wrong| refused(wrong.to_string()))?;
    match read.as_slice() {
        [(journey, _)] if journey.name == name => Ok(()),
        _ => Err(unfit("journey", "its name does not fit it")),
    }
}

fn measured(row: &Row) -> Result<(), Wrong> {
    parsed::<Timestamp>(row, "at")?;
    number(row, "baseline", 1)?;
    let loaded: Loaded = typed(row, "loaded")?;
    if loaded.what == text(row, "what", NAME)? {
        return Ok(());
    }
    Err(unfit("measurement", "its address does not fit it"))
}

fn watched(row: &Row) -> Result<(), Wrong> {
    text(row, "subject", NAME)?;
    for (column, most) in [("hour", 10_000_000), ("looks", 1_000_000), ("well", 1_000_000), ("every_s", 10_000_000)] {
        number(row, column, most)?;
    }
    parsed::<Timestamp>(row, "last")?;
    typed::<Spread>(row, "times").map(drop)
}

fn environment(row: &Row) -> Result<(), Wrong> {
    text(row, "name", 60)?;
    if text(row, "kind", KEY)? != "environment" {
        return Err(unfit("source", "a place on a computer is not taken from a file"));
    }
    typed::<Environment>(row, "value").map(drop)
}

fn mailing(row: &Row) -> Result<(), Wrong> {
    typed::<Account>(row, "settings")?.checked().map(drop).map_err(|why| left_out("the mail account", why))
}

fn noted(row: &Row) -> Result<(), Wrong> {
    jotting::bounded(text(row, "text", usize::MAX)?).map_err(|why| left_out("private notes", why))
}

fn ran(row: &Row) -> Result<(), Wrong> {
    text(row, "roadmap", KEY)?;
    typed::<Target>(row, "target")?;
    typed::<Scope>(row, "scope")?;
    parsed::<Timestamp>(row, "started")?;
    number(row, "cut_short", 1)?;
    if !none(row, "finished") {
        parsed::<Timestamp>(row, "finished")?;
    }
    if !none(row, "accepted") {
        typed::<Acceptance>(row, "accepted")?;
    }
    Ok(())
}

fn project(row: &Row) -> Result<(), Wrong> {
    for name in ["client", "name"] {
        let typed = text(row, name, KEY)?;
        if typed != clean(typed, KEY) || typed.trim().is_empty() {
            return Err(unfit(name, "it is no name"));
        }
    }
    parsed::<Timestamp>(row, "created")?;
    let target = audit::read::domain::parse(text(row, "domain", KEY)?).map_err(|error| unfit("domain", error))?;
    if (target.domain.as_str(), target.name.as_str()) != (text(row, "domain", KEY)?, text(row, "shown", KEY)?) {
        return Err(unfit("domain", "it is not written as a domain is"));
    }
    if roadmap::by_id(text(row, "roadmap", KEY)?).is_none() {
        return Err(unfit("roadmap", "there is no such roadmap"));
    }
    let routes: Vec<String> = typed(row, "routes")?;
    let fits = |route: &String| crate::route(&target, route).is_ok_and(|url| url.as_str() == route);
    if routes.len() > 20 || !routes.iter().all(fits) {
        return Err(unfit("routes", "one of them is no address"));
    }
    Ok(())
}
