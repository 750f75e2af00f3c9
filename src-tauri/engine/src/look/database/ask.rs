//! The questions: only statements of this program's own lists are sent, and each answer is bounded.

use crate::net::trouble::Trouble;
use audit::Why;
use audit::read::text::clean;
use futures::TryStreamExt;
use serde::de::DeserializeOwned;
use sqlx::{ColumnIndex, ConnectOptions, Database, Decode, Error, Executor, Row, Type};
use std::io::ErrorKind;
use std::time::Duration;
use tokio::time::timeout;

/// Rows of one answer.
const ROWS: usize = 12_000;
/// Bytes of one answer.
const BYTES: usize = 32 * 1024 * 1024;

/// A connection, within a time.
pub(super) async fn connected<O: ConnectOptions>(options: O, within: Duration) -> Result<O::Connection, Error>
where
    O::Connection: Sized,
{
    timeout(within, options.connect()).await.unwrap_or_else(|_| Err(Error::Io(ErrorKind::TimedOut.into())))
}

/// Carries out statements that answer nothing.
pub(super) async fn tell<DB>(link: &mut DB::Connection, sql: &'static str) -> Result<(), Error>
where
    DB: Database,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
{
    sqlx::raw_sql(sql).execute(link).await.map(drop)
}

/// The rows that a question is answered with; each is one column of JSON text, so that no prepared statement is left behind and every
/// system is read alike. A `&'static str` cannot hold what came from outside.
pub(super) async fn rows<DB, T>(link: &mut DB::Connection, sql: &'static str) -> Result<Vec<T>, Error>
where
    DB: Database,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    for<'r> String: Decode<'r, DB> + Type<DB>,
    usize: ColumnIndex<DB::Row>,
    T: DeserializeOwned,
{
    let mut found = vec![];
    let mut bytes = 0;
    let mut answer = sqlx::raw_sql(sql).fetch(link);
    while let Some(row) = answer.try_next().await? {
        let text: String = row.try_get(0)?;
        bytes += text.len();
        if found.len() >= ROWS || bytes > BYTES {
            return Err(Error::Protocol("the answer has no end".to_owned()));
        }
        found.push(serde_json::from_str(&text).map_err(|error| Error::Protocol(error.to_string()))?);
    }
    Ok(found)
}

/// The first row of an answer.
pub(super) async fn row<DB, T>(link: &mut DB::Connection, sql: &'static str) -> Result<T, Error>
where
    DB: Database,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    for<'r> String: Decode<'r, DB> + Type<DB>,
    usize: ColumnIndex<DB::Row>,
    T: DeserializeOwned,
{
    rows::<DB, T>(link, sql).await?.into_iter().next().ok_or(Error::RowNotFound)
}

/// What went wrong, in words that hold nothing of the connection string.
pub(super) fn trouble(error: &Error) -> Trouble {
    match error {
        Error::Database(told) => {
            let code = told.code().unwrap_or_default();
            // SQLSTATE 57014 and MySQL's 1969 and 3024: the time-out that we asked for; 53300 and 1040: no room for one more.
            let why = match code.as_ref() {
                "57014" => Why::Timeout,
                "53300" | "08004" => Why::Busy,
                _ => Why::Refused,
            };
            Trouble::new(why, format!("it said: {}", clean(told.message(), 200)))
        }
        Error::Io(error) if error.kind() == ErrorKind::NotFound => {
            Trouble::new(Why::Refused, "there is no server at this place")
        }
        // A certificate that is not trusted comes as trouble of the connection, with rustls's reason inside.
        Error::Io(error) => match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(reason) => untrusted(&reason.to_string()),
            None => Trouble::of_io(error, "the database"),
        },
        Error::Tls(error) => untrusted(&error.to_string()),
        Error::Protocol(says) => {
            Trouble::new(Why::Garbled, format!("it answered something that is not understood: {}", clean(says, 200)))
        }
        _ => Trouble::new(Why::Garbled, "it answered something that is not understood"),
    }
}

fn untrusted(reason: &str) -> Trouble {
    Trouble::new(Why::Untrusted, format!("the encrypted connection failed: {}", clean(reason, 200)))
}
