//! Tests of the reader of query logs: the forms, the requests, and what hostile logs may do.

use super::Reader;
use crate::facts::{QueriesSeen, Query, QueryForm};
use std::fmt::Write as _;

fn read(text: &str) -> QueriesSeen {
    read_bytes(text.as_bytes(), usize::MAX)
}

/// Reads in pieces of some bytes, as a pipe gives them.
fn read_bytes(text: &[u8], piece: usize) -> QueriesSeen {
    let mut reader = Reader::new();
    reader.open("queries.log");
    text.chunks(piece.min(text.len().max(1))).for_each(|piece| reader.feed(piece));
    reader.finish()
}

fn shaped<'a>(seen: &'a QueriesSeen, shape: &str) -> &'a Query {
    let found = seen.top.iter().find(|query| query.statement.shape == shape);
    found.unwrap_or_else(|| {
        panic!("{shape:?} is not among {:?}", seen.top.iter().map(|query| &query.statement.shape).collect::<Vec<_>>())
    })
}

/// What each form of log says of one page of 30 rows, of which each is asked for by itself.
fn forms() -> Vec<(QueryForm, String)> {
    let rows = || 0..30;
    let owner = "select * from owners where id = ?";
    assert!(!owner.is_empty());
    let mut all = vec![];
    let mut text = "2026-11-21 08:00:00.000 UTC [71] desk@desk LOG:  duration: 2.000 ms  statement: SELECT *\n\tFROM boards\n\tWHERE team_id = 7\n".to_owned();
    rows().for_each(|row| writeln!(text, "2026-11-21 08:00:00.{:03} UTC [71] desk@desk LOG:  duration: 0.500 ms  execute S_1: SELECT * FROM owners WHERE id = $1\n2026-11-21 08:00:00.{:03} UTC [71] desk@desk DETAIL:  parameters: $1 = '{row}'", row + 10, row + 10).unwrap());
    all.push((QueryForm::Postgres, text));
    let csv = |at: usize, message: &str| {
        format!(
            "2026-11-21 08:00:00.{at:03} UTC,\"desk\",\"desk\",71,\"127.0.0.1:5000\",6562.47,{at},\"SELECT\",2026-11-21 07:00:00 UTC,3/4,0,LOG,00000,\"{message}\",,,,,,,,,\"app\",\"client backend\",,0\n"
        )
    };
    let mut text = csv(0, "duration: 2.000 ms  statement: SELECT *\nFROM boards\nWHERE team_id = 7");
    rows().for_each(|row| {
        text += &csv(row + 10, &format!("duration: 0.500 ms  statement: SELECT * FROM \"\"owners\"\" WHERE id = {row}"))
    });
    all.push((QueryForm::PostgresCsv, text));
    let json = |at: usize, message: &str| {
        format!(
            "{{\"timestamp\":\"2026-11-21 08:00:00.{at:03} UTC\",\"user\":\"desk\",\"pid\":71,\"session_id\":\"6562.47\",\"error_severity\":\"LOG\",\"message\":\"{message}\",\"backend_type\":\"client backend\"}}\n"
        )
    };
    let mut text = json(0, "duration: 2.000 ms  statement: SELECT *\\nFROM boards\\nWHERE team_id = 7");
    rows().for_each(|row| {
        text += &json(row + 10, &format!("duration: 0.500 ms  statement: SELECT * FROM owners WHERE id = {row}"))
    });
    all.push((QueryForm::Json, text));
    let mut text = "{\"level\":\"debug\",\"request_id\":\"a1\",\"sql\":\"SELECT * FROM boards WHERE team_id = 7\",\"duration_ms\":2}\n".to_owned();
    rows().for_each(|row| writeln!(text, "{{\"level\":\"debug\",\"request_id\":\"a1\",\"sql\":\"SELECT * FROM \\\"owners\\\" WHERE id = {row}\",\"duration_ms\":0.5}}").unwrap());
    all.push((QueryForm::Json, text));
    let mut text = "/usr/sbin/mariadbd, Version: 10.11.6-MariaDB. started with:\nTcp port: 3306  Unix socket: /run/mysqld/mysqld.sock\nTime\t\t    Id Command\tArgument\n261121  8:00:00\t    12 Connect\tdesk@localhost on desk using Socket\n\t\t    12 Query\tSELECT *\nFROM boards\nWHERE team_id = 7\n".to_owned();
    rows().for_each(|row| writeln!(text, "\t\t    12 Query\tSELECT * FROM `owners` WHERE id = {row}").unwrap());
    all.push((QueryForm::MysqlGeneral, text));
    let mut text = "2026-11-21T08:00:00.000001Z\t   12 Query\tSELECT * FROM boards WHERE team_id = 7\n".to_owned();
    rows().for_each(|row| {
        writeln!(
            text,
            "2026-11-21T08:00:00.{:06}Z\t   12 Execute\tSELECT * FROM owners WHERE id = {row}",
            1_000 * row + 2
        )
        .unwrap()
    });
    all.push((QueryForm::MysqlGeneral, text));
    let slow = |sql: &str, seconds: &str| {
        format!(
            "# User@Host: desk[desk] @ localhost []  Id:    12\n# Query_time: {seconds}  Lock_time: 0.000012 Rows_sent: 1  Rows_examined: 4\nSET timestamp=1795248000;\n{sql};\n"
        )
    };
    let mut text = format!(
        "# Time: 2026-11-21T08:00:00.100000Z\n{}",
        slow("SELECT *\nFROM boards\nWHERE team_id = 7", "0.002000")
    );
    rows().for_each(|row| text += &slow(&format!("SELECT * FROM owners WHERE id = {row}"), "0.000500"));
    all.push((QueryForm::MysqlSlow, text));
    let tag = "[8d9f4c1e-0b7a-4c63-9f5e-2b7e61c0aa10]";
    let mut text = format!(
        "{tag} Started GET \"/boards\" for 127.0.0.1 at 2026-11-21 08:00:00 +0000\n{tag}   \x1b[1m\x1b[36mBoard Load (2.0ms)\x1b[0m  \x1b[1m\x1b[34mSELECT * FROM \"boards\" WHERE team_id = $1\x1b[0m  [[\"team_id\", 7]]\n"
    );
    rows().for_each(|row| writeln!(text, "{tag}   Owner Load (0.5ms)  SELECT * FROM \"owners\" WHERE id = $1  [[\"id\", {row}], [\"name\", \"secret-{row}\"]]\n{tag}   ↳ app/views/boards/index.html.erb:7").unwrap());
    text += &format!("{tag} Completed 200 OK in 120ms\n");
    all.push((QueryForm::Framework, text));
    let mut text = "(0.002) SELECT * FROM \"boards\" WHERE team_id = 7; args=(7,); alias=default\n".to_owned();
    rows().for_each(|row| {
        writeln!(text, "(0.0005) SELECT * FROM \"owners\" WHERE id = {row}; args=({row},); alias=default").unwrap()
    });
    text += "[21/Nov/2026 08:00:00] \"GET /boards HTTP/1.1\" 200 5120\n";
    all.push((QueryForm::Framework, text));
    let mut text = "prisma:query SELECT * FROM \"boards\" WHERE team_id = $1\n".to_owned();
    rows().for_each(|_| text += "prisma:query SELECT * FROM \"owners\" WHERE id = $1\n");
    all.push((QueryForm::Framework, text));
    let mut text = "query: SELECT * FROM \"boards\" WHERE team_id = $1 -- PARAMETERS: [7]\n".to_owned();
    rows().for_each(|row| {
        writeln!(text, "query: SELECT * FROM \"owners\" WHERE id = $1 -- PARAMETERS: [\"secret-{row}\"]").unwrap()
    });
    all.push((QueryForm::Framework, text));
    let mut text = "[2026-11-21 08:00:00] local.DEBUG: select * from `boards` where team_id = ? [7]\n".to_owned();
    rows().for_each(|row| {
        writeln!(text, "[2026-11-21 08:00:00] local.DEBUG: select * from `owners` where id = ? [\"secret-{row}\"]")
            .unwrap()
    });
    all.push((QueryForm::Framework, text));
    all
}

#[test]
fn every_form_tells_the_same_page() {
    for (form, text) in forms() {
        for piece in [usize::MAX, 7, 1] {
            let seen = read_bytes(text.as_bytes(), piece);
            assert_eq!(seen.forms.keys().collect::<Vec<_>>(), [&form], "{text}");
            assert_eq!(seen.statements, 31, "{form:?}\n{text}\n{seen:#?}");
            assert_eq!(shaped(&seen, "select * from boards where team_id = ?").most, 1, "{form:?}");
            let owners = shaped(&seen, "select * from owners where id = ?");
            assert_eq!((owners.most, owners.repeated, owners.statement.calls), (30, 1, 30), "{form:?}\n{text}");
            if owners.statement.timed > 0 {
                assert_eq!((owners.statement.timed, owners.statement.total_ms), (30, 15.0), "{form:?}");
            }
            assert!(!serde_json::to_string(&seen).unwrap().contains("secret-"), "{form:?}");
        }
    }
}

#[test]
fn requests_that_share_a_connection_are_not_taken_for_one() {
    // One look-up a request over one connection, a hundred within a second, as a busy product does.
    let mut text = String::new();
    for at in 0..100 {
        writeln!(text, "2026-11-21 08:00:00.{:03} UTC [71] LOG:  duration: 0.1 ms  statement: SELECT * FROM keys WHERE token = '{at}'", at * 9).unwrap();
    }
    assert_eq!(read(&text).top[0].repeated, 0);
    // The same in transactions of their own, each led by another query.
    let mut text = String::new();
    for at in 0..100 {
        for sql in ["BEGIN", "SELECT * FROM users WHERE id = 1", "SELECT * FROM keys WHERE token = 'x'", "COMMIT"] {
            writeln!(text, "2026-11-21 08:00:00.{:03} UTC [71] LOG:  duration: 0.1 ms  statement: {sql}", at * 9)
                .unwrap();
        }
    }
    let seen = read(&text);
    assert_eq!((seen.statements, seen.top[0].repeated), (200, 0));
}

#[test]
fn a_trace_in_a_comment_names_the_request() {
    let mut text = String::new();
    for at in 0..40 {
        let trace = at % 2;
        writeln!(text, "2026-11-21 08:00:00.000 UTC [{at}] LOG:  duration: 0.1 ms  statement: SELECT a FROM b WHERE c = 1 /*traceparent='00-4bf92f3577b34da6a3ce929d0e0e473{trace}-00f067aa01c902b7-01'*/").unwrap();
    }
    let seen = read(&text);
    assert!(seen.named);
    assert_eq!((seen.requests, seen.top[0].most, seen.top[0].repeated), (2, 20, 2));
}

#[test]
fn a_time_that_follows_its_statement_is_taken() {
    let text = "2026-11-21 08:00:00.000 UTC [7] LOG:  statement: SELECT 1 FROM t\n2026-11-21 08:00:00.100 UTC [7] LOG:  duration: 99.500 ms\n";
    assert_eq!(read(text).top[0].statement.total_ms, 99.5);
}

#[test]
fn prose_is_no_query() {
    let text =
        "Please select a board from the list\nwe update your settings now\nwith love from us\nuser selected 4 boards\n";
    assert_eq!(read(text).statements, 1, "only what reads like a statement counts: select … from");
    assert_eq!(read("update your profile\ndelete from nothing\n").top[0].statement.shape, "delete from nothing");
}

#[test]
fn hostile_logs_stay_within_bounds() {
    // An endless line, zero bytes, and more shapes than are kept.
    let seen = read_bytes("SELECT a FROM b WHERE c = 'x".repeat(200_000).as_bytes(), 65_536);
    assert_eq!(seen.statements, 1);
    assert!(seen.top[0].statement.shape.len() < 3_100);
    drop(read_bytes(&[0; 3_000_000], 65_536));
    drop(read_bytes("{\"sql\":".repeat(500_000).as_bytes(), 65_536));
    drop(read_bytes("\"".repeat(300_000).as_bytes(), 4_096));
    let mut reader = Reader::new();
    reader.open("x");
    let mut text = String::new();
    for at in 0..60_000 {
        text.clear();
        writeln!(
            text,
            "prisma:query SELECT a FROM table_{at} WHERE b = $1\nprisma:query SELECT a FROM often WHERE b = $1"
        )
        .unwrap();
        reader.feed(text.as_bytes());
    }
    let seen = reader.finish();
    assert!(seen.forgotten > 30_000 && seen.top.len() <= 80, "{} {}", seen.forgotten, seen.top.len());
    assert_eq!(shaped(&seen, "select a from often where b = ?").statement.calls, 60_000);
}
