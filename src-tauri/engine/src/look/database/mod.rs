//! A product's database, asked in a read-only session: catalogues, counters and plans, never a row of data.

mod address;
mod ask;
mod mysql;
mod postgres;
mod sqlite;
#[cfg(test)]
mod sqlite_tests;

pub use address::Address;

use crate::net::trouble::{Trouble, seconds};
use audit::facts::{DatabaseSeen, QueriesSeen, Statement};
use audit::read::query::{Dialect, asks, shape};
use audit::{Unseen, Why};
use serde::Deserialize;
use std::time::Duration;
use tokio::time::timeout;

/// The longest that connecting and all questions together may take; each question is cut after two seconds by the server itself.
const LONGEST: Duration = Duration::from_secs(30);
/// What the connection is called, for whoever looks at the database meanwhile.
const NAME: &str = "launch-ready (read only)";
/// What it is called where it could not be seen.
pub(crate) const WHAT: &str = "the database";

/// Asks a database, which has so long to let us in; the log tells which statements SQLite is to plan.
///
/// # Errors
/// It could not be reached, or did not let us in. The connection string is in none of the words.
pub async fn database(address: &Address, log: Option<&QueriesSeen>, connect: Duration) -> Result<DatabaseSeen, Unseen> {
    let work = async {
        match address {
            Address::Postgres(options) => postgres::look(options, connect).await,
            Address::Mysql(options) => mysql::look(options, connect).await,
            Address::Sqlite(file) => sqlite::look(file, log).await,
        }
    };
    let ended = timeout(LONGEST, work).await;
    let trouble = match ended {
        Ok(Ok(seen)) => return Ok(seen),
        Ok(Err(error)) => ask::trouble(&error),
        Err(_) => Trouble::new(Why::Timeout, format!("it took longer than {}", seconds(LONGEST))),
    };
    Err(Unseen { way: address.way().to_owned(), ..trouble.of(WHAT) })
}

/// A statement as a database counts it.
#[derive(Deserialize)]
struct Counted {
    shape: String,
    calls: f64,
    timed: f64,
    total_ms: f64,
    max_ms: f64,
    rows: Option<f64>,
    #[serde(default)]
    examined: Option<f64>,
    /// Whether the role that asks sent it itself.
    #[serde(default)]
    own: bool,
}

/// The statements that read or write rows, without any value that a database may have left in; the first that may not be seen ends it.
fn statements(counted: Vec<Counted>, dialect: Dialect) -> Result<Vec<Statement>, &'static str> {
    let mut found: Vec<Statement> = vec![];
    let (mut bytes, mut hidden) = (vec![], 0);
    for one in counted {
        if one.shape.starts_with("<insufficient privilege>") {
            hidden += 1;
            continue;
        }
        shape(one.shape.as_bytes(), dialect, &mut bytes);
        if !asks(&bytes) || ["launch-ready: ", "row_text"].iter().any(|own| one.shape.contains(own)) {
            continue;
        }
        let shape = audit::read::text::clean_bytes(&bytes, 1_000);
        let same = found.iter_mut().find(|held| held.shape == shape);
        match same {
            Some(held) => {
                held.calls = held.calls.saturating_add(whole(one.calls));
                held.timed = held.timed.saturating_add(whole(one.timed));
                held.total_ms += one.total_ms;
                held.max_ms = held.max_ms.max(one.max_ms);
                held.rows = held.rows.zip(one.rows).map(|(held, more)| held.saturating_add(whole(more)));
                held.examined = held.examined.zip(one.examined).map(|(held, more)| held.saturating_add(whole(more)));
            }
            None => found.push(Statement {
                shape,
                calls: whole(one.calls),
                timed: whole(one.timed),
                total_ms: one.total_ms,
                max_ms: one.max_ms,
                rows: one.rows.map(whole),
                examined: one.examined.map(whole),
            }),
        }
    }
    if found.is_empty() && hidden > 0 {
        return Err("the role may not see the statements of others");
    }
    Ok(found)
}

/// A number that a database counts, which some of them give as a fraction.
fn whole(number: f64) -> u64 {
    number.max(0.0) as u64
}

/// A part of the database that could not be seen.
fn unseen(what: &str, why: Why, says: impl Into<String>, way: &str) -> Unseen {
    Unseen { what: what.to_owned(), why, says: says.into(), way: way.to_owned() }
}
