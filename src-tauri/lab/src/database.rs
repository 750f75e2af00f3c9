//! The product's database, as far as somebody needs it who only looks: PostgreSQL's query protocols, with an answer for each question of
//! the audit by the name that stands in its comment (postgresql.org/docs/current/protocol.html).

use std::io;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::live::Shared;
use crate::post::accept;

/// The role and its password.
pub(crate) const ACCOUNT: (&str, &str) = ("juniper_reader", "lab-database-4e19");
/// Longest message that is taken.
const LONGEST: usize = 64 * 1024;
const SSL_REQUEST: u32 = 80_877_103;

/// How it treats whoever connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    Answers,
    /// Every sentence is a kilobyte of nothing.
    Babbles,
    /// Whoever signs in is told that there is no room.
    Full,
    /// It takes the connection and says nothing.
    Hangs,
    /// The password was changed.
    Shuts,
}

/// What it knows of itself: rows of JSON by the name of the question.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Database {
    pub manner: Manner,
    pub about: Value,
    pub statements: Vec<Value>,
    pub tables: Vec<Value>,
    pub keys: Vec<Value>,
    pub indexes: Vec<Value>,
}

impl Database {
    pub fn healthy() -> Database {
        let mut database = Database {
            manner: Manner::Answers,
            about: json!({"version": "16.4", "mighty": false, "encrypted": false, "since": "2026-09-01T00:00:00Z", "counts": "1.10"}),
            statements: vec![],
            tables: vec![],
            keys: vec![],
            indexes: vec![],
        };
        for (name, rows) in [("teams", 900), ("users", 4_200), ("boards", 61_000), ("cards", 840_000)] {
            database.table(name, rows);
            database.index(name, &format!("{name}_pkey"), &["id"], true);
        }
        for (table, to) in [("users", "teams"), ("boards", "teams"), ("cards", "boards"), ("cards", "users")] {
            let column = format!("{}_id", to.trim_end_matches('s'));
            database.keys.push(json!({"table": table, "columns": [column], "to": to}));
            database.index(table, &format!("{table}_{column}_idx"), &[&column], false);
        }
        database.statement("SELECT * FROM boards WHERE team_id = $1 ORDER BY id LIMIT $2", 410_000, 0.6, 12);
        database.statement("SELECT * FROM cards WHERE board_id = $1 LIMIT $2", 380_000, 1.4, 40);
        database.statement("INSERT INTO cards (board_id, user_id, title) VALUES ($1, $2, $3)", 61_000, 0.9, 1);
        // Somebody's report, once a month.
        database.statement("SELECT team_id, count(*) FROM boards GROUP BY team_id", 3, 4_100.0, 900);
        database
    }

    fn table(&mut self, name: &str, rows: u64) {
        self.tables.push(json!({
            "name": name, "rows": rows, "bytes": rows * 160, "scans": 31, "scanned": 31 * rows, "lookups": 900 * rows,
            "dead": rows / 50, "tidied": true,
        }));
    }

    pub fn index(&mut self, table: &str, name: &str, columns: &[&str], guards: bool) {
        self.indexes.push(json!({
            "table": table, "name": name, "columns": columns, "guards": guards, "plain": true, "whole": true, "bytes": 9_000_000, "uses": 70_000,
        }));
    }

    /// A statement with its calls, its mean in milliseconds and its rows a call.
    pub fn statement(&mut self, shape: &str, calls: u64, mean: f64, rows: u64) {
        self.statements.push(json!({
            "shape": shape, "calls": calls, "timed": calls, "total_ms": mean * calls as f64, "max_ms": mean * 3.0, "rows": rows * calls,
        }));
    }

    /// The row of a list whose field has this value, for a fault to change.
    pub fn row<'d>(rows: &'d mut [Value], field: &str, value: &str) -> Option<&'d mut Value> {
        rows.iter_mut().find(|row| row[field] == value)
    }

    fn answer(&self, question: &str) -> Option<Vec<Value>> {
        if question.starts_with("EXPLAIN ") {
            return Some(vec![
                json!([{"Plan": {"Node Type": "Index Scan", "Schema": "public", "Relation Name": "boards", "Plan Rows": 12}}]),
            ]);
        }
        let name = question.split_once("/* launch-ready: ")?.1.split_once(" */")?.0;
        Some(match name {
            // No parameters are waited for in what was prepared last.
            "plans" => vec![json!(0)],
            "about" => vec![self.about.clone()],
            "statements" => self.statements.clone(),
            "tables" => self.tables.clone(),
            "foreign keys" => self.keys.clone(),
            "indexes" => self.indexes.clone(),
            _ => vec![],
        })
    }
}

/// Accepts until the lab stops.
pub(crate) async fn listen(shared: Arc<Shared>, listener: TcpListener, stop: CancellationToken) {
    accept(listener, stop, move |stream| {
        let shared = Arc::clone(&shared);
        async move { converse(&shared, stream).await }
    })
    .await;
}

async fn converse(shared: &Shared, mut stream: TcpStream) -> io::Result<()> {
    let database = shared.live().world.database.clone();
    if database.manner == Manner::Hangs {
        tokio::time::sleep(Duration::from_secs(600)).await;
    }
    loop {
        let start = message(&mut stream).await?;
        if start.get(..4) != Some(&SSL_REQUEST.to_be_bytes()) {
            break;
        }
        stream.write_all(b"N").await?;
    }
    // AuthenticationCleartextPassword: it never leaves this machine.
    say(&mut stream, b'R', &3_u32.to_be_bytes()).await?;
    let told = (stream.read_u8().await?, message(&mut stream).await?);
    if database.manner == Manner::Full {
        return refuse(&mut stream, "53300", "sorry, too many clients already").await;
    }
    if told.0 != b'p' || told.1.strip_suffix(&[0]) != Some(ACCOUNT.1.as_bytes()) || database.manner == Manner::Shuts {
        return refuse(&mut stream, "28P01", "password authentication failed for user \"juniper_reader\"").await;
    }
    say(&mut stream, b'R', &0_u32.to_be_bytes()).await?;
    if database.manner == Manner::Babbles {
        return stream.write_all(&[b'?'; 1_024]).await;
    }
    say(&mut stream, b'S', b"server_version\x0016.4\0").await?;
    say(&mut stream, b'Z', b"I").await?;
    loop {
        let (tag, text) = (stream.read_u8().await?, message(&mut stream).await?);
        if tag != b'Q' {
            let Some(answers) = prepared(tag, &text) else { return Ok(()) };
            for (tag, body) in answers {
                say(&mut stream, *tag, body).await?;
            }
            continue;
        }
        match database.answer(&String::from_utf8_lossy(&text)) {
            Some(rows) => {
                say(&mut stream, b'T', &field()).await?;
                for row in &rows {
                    let text = row.to_string();
                    let head = [1_u16.to_be_bytes().as_slice(), &u32::try_from(text.len()).unwrap_or(0).to_be_bytes()]
                        .concat();
                    say(&mut stream, b'D', &[head.as_slice(), text.as_bytes()].concat()).await?;
                }
                say(&mut stream, b'C', format!("SELECT {}\0", rows.len()).as_bytes()).await?;
            }
            None => say(&mut stream, b'C', b"SET\0").await?,
        }
        say(&mut stream, b'Z', b"I").await?;
    }
}

/// What is said to the messages by which a statement is prepared (the extended query protocol); nothing where somebody says goodbye.
fn prepared(tag: u8, text: &[u8]) -> Option<&'static [(u8, &'static [u8])]> {
    Some(match tag {
        b'P' => &[(b'1', b"")],
        b'D' if text.first() == Some(&b'S') => &[(b't', b"\0\0"), (b'n', b"")],
        b'D' => &[(b'n', b"")],
        b'B' => &[(b'2', b"")],
        b'E' => &[(b'C', b"PREPARE\0")],
        b'C' => &[(b'3', b"")],
        b'H' => &[],
        b'S' => &[(b'Z', b"I")],
        _ => return None,
    })
}

/// One column of text.
fn field() -> Vec<u8> {
    let (columns, table, place, text, width, modifier, format) =
        (1_u16, 0_u32, 0_u16, 25_u32, u16::MAX, u32::MAX, 0_u16);
    [
        &columns.to_be_bytes()[..],
        b"row\0",
        &table.to_be_bytes(),
        &place.to_be_bytes(),
        &text.to_be_bytes(),
        &width.to_be_bytes(),
        &modifier.to_be_bytes(),
        &format.to_be_bytes(),
    ]
    .concat()
}

/// The body of a message: its length, itself counted, stands before it.
async fn message(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let length = stream.read_u32().await? as usize;
    if !(4..=LONGEST).contains(&length) {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut body = vec![0; length - 4];
    stream.read_exact(&mut body).await?;
    Ok(body)
}

async fn say(stream: &mut TcpStream, tag: u8, body: &[u8]) -> io::Result<()> {
    let length = u32::try_from(body.len() + 4).unwrap_or(4);
    stream.write_all(&[&[tag][..], length.to_be_bytes().as_slice(), body].concat()).await
}

async fn refuse(stream: &mut TcpStream, code: &str, says: &str) -> io::Result<()> {
    say(stream, b'E', format!("SFATAL\0VFATAL\0C{code}\0M{says}\0\0").as_bytes()).await
}
