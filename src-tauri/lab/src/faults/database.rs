//! Faults of the product's database, and of the way in which the product asks it.

use serde_json::json;

use super::{Fault, blind};
use crate::database::{Database, Manner};
use crate::world::World;

pub(super) const ROWS: [Fault; 21] = [
    Fault::found("query-slow", "a search of cards takes three quarters of a second", &["db.slow_queries"], |world| {
        world.database.statement("SELECT * FROM cards WHERE title ILIKE $1 LIMIT $2", 2_900, 760.0, 9);
    })
    .telling("760 ms on average"),
    Fault::found("query-endless", "the list of boards asks for all of them each time", &["db.slow_queries"], |world| {
        world.database.statement("SELECT * FROM boards ORDER BY id", 700, 60.0, 61_000);
    })
    .telling("has no LIMIT"),
    Fault::found("query-slow-in-log", "the log tells of a query that takes 340 ms", &["db.slow_queries"], |world| {
        for at in 0..20 {
            query(
                world,
                at * 9,
                &format!("x{at}"),
                "SELECT * FROM exports WHERE team_id = 7 AND day >= '2026-11-01'",
                340.0,
            );
        }
    })
    .telling("exports where team_id = ? and day >= ?"),
    Fault::found("table-scanned", "a large table is read whole to find one row", &["db.table_scans"], |world| {
        scanned(world, "boards", 88_000);
        world.database.statement("SELECT * FROM boards WHERE slug = $1", 88_000, 14.0, 1);
    })
    .telling("CREATE INDEX CONCURRENTLY boards_slug_idx ON boards (slug);"),
    Fault::found(
        "table-scanned-unseen",
        "a huge table is read whole, and nobody knows by which query",
        &["db.table_scans"],
        |world| {
            scanned(world, "cards", 5_000);
        },
    ),
    Fault::found(
        "table-crowded",
        "half of what a table holds is deleted and still there",
        &["db.table_scans"],
        |world| {
            if let Some(row) = Database::row(&mut world.database.tables, "name", "boards") {
                (row["dead"], row["tidied"]) = (json!(64_000), json!(false));
            }
        },
    )
    .telling("VACUUM (ANALYZE) boards;"),
    Fault::found(
        "key-without-index",
        "cards of a board are found without an index",
        &["db.missing_indexes"],
        |world| {
            world.database.indexes.retain(|row| row["name"] != "cards_board_id_idx");
        },
    )
    .telling("CREATE INDEX CONCURRENTLY cards_board_id_idx ON cards (board_id);"),
    Fault::found(
        "key-with-partial-index",
        "the index of a key holds some rows only",
        &["db.missing_indexes"],
        |world| {
            if let Some(row) = Database::row(&mut world.database.indexes, "name", "users_team_id_idx") {
                (row["plain"], row["whole"]) = (json!(false), json!(false));
            }
        },
    ),
    Fault::found("index-twice", "two indexes of the same columns", &["db.missing_indexes"], |world| {
        world.database.index("cards", "cards_by_board", &["board_id"], false);
    }),
    Fault::found("index-idle", "an index that nothing used in two months", &["db.missing_indexes"], |world| {
        world.database.index("cards", "cards_colour_idx", &["colour"], false);
        if let Some(row) = Database::row(&mut world.database.indexes, "name", "cards_colour_idx") {
            row["uses"] = json!(0);
        }
    })
    .telling("DROP INDEX CONCURRENTLY cards_colour_idx;"),
    Fault::found("rows-one-by-one", "a page asks for the owner of each of its boards", &["db.n_plus_one"], |world| {
        for at in 0..40 {
            query(world, 30, "n1", &format!("SELECT * FROM owners WHERE id = {at}"), 0.8);
        }
    })
    .telling("40 times in the request"),
    Fault::found("rows-one-by-one-often", "every list asks again for each of its rows", &["db.n_plus_one"], |world| {
        for page in 0..8 {
            for at in 0..120 {
                query(
                    world,
                    page * 9,
                    &format!("p{page}"),
                    &format!("SELECT name FROM users WHERE id = 'u-{at}'"),
                    0.4,
                );
            }
        }
    }),
    Fault::found(
        "rows-one-by-one-postgres",
        "the database's own log tells of a page that asks for each row",
        &["db.n_plus_one"],
        |world| {
            let line = |at: usize, sql: &str| {
                format!(
                    "2026-11-21 08:00:{:02}.{:03} UTC [71] desk@desk LOG:  duration: 0.8 ms  statement: {sql}",
                    at / 900,
                    at % 900
                )
            };
            let page = (0..25).map(|at| line(at + 20, &format!("SELECT * FROM owners WHERE id = {at}")));
            world.files.queries = [line(0, "SELECT * FROM boards WHERE team_id = 7")].into_iter().chain(page).collect();
        },
    ),
    Fault::trap("same-query-of-many", "many requests ask the same, each once", |world| {
        for at in 0..300 {
            query(world, at, &format!("k{at}"), "SELECT * FROM api_keys WHERE hash = 'x'", 0.3);
        }
    }),
    Fault::trap("rows-written-one-by-one", "an import writes its rows one after the other", |world| {
        for at in 0..60 {
            query(world, 40, "i1", &format!("INSERT INTO cards (title) VALUES ('card {at}')"), 0.3);
        }
    }),
    Fault::trap("counters-young", "an index is unused since the counters began two days ago", |world| {
        let since = jiff::Timestamp::try_from(world.now)
            .ok()
            .and_then(|now| now.checked_sub(jiff::SignedDuration::from_hours(48)).ok());
        world.database.about["since"] = json!(since.unwrap_or_default());
        world.database.index("cards", "cards_colour_idx", &["colour"], false);
        if let Some(row) = Database::row(&mut world.database.indexes, "name", "cards_colour_idx") {
            row["uses"] = json!(0);
        }
    }),
    Fault::trap("statements-uncounted", "the database does not count its statements", |world| {
        world.database.about["counts"] = serde_json::Value::Null;
    }),
    Fault::passing("database-shut", "the password of the database was changed", &[blind::DATABASE], |world| {
        world.database.manner = Manner::Shuts;
    }),
    Fault::passing("database-full", "the database has no room for one more connection", &[blind::DATABASE], |world| {
        world.database.manner = Manner::Full;
    }),
    Fault::passing(
        "database-hangs",
        "the database takes the connection and says nothing",
        &[blind::DATABASE],
        |world| {
            world.database.manner = Manner::Hangs;
        },
    ),
    Fault::passing("database-babbles", "what answers is no database", &[blind::DATABASE], |world| {
        world.database.manner = Manner::Babbles;
    }),
];

fn scanned(world: &mut World, table: &str, times: u64) {
    if let Some(row) = Database::row(&mut world.database.tables, "name", table) {
        let rows = row["rows"].as_u64().unwrap_or(0);
        (row["scans"], row["scanned"]) = (json!(times), json!(times * rows));
    }
}

/// Adds a query of a request to the log, behind so many others.
fn query(world: &mut World, at: usize, request: &str, sql: &str, ms: f64) {
    let line = json!({"time": "2026-11-21T08:00:00.000Z", "request_id": request, "sql": sql, "duration_ms": ms});
    let at = at.min(world.files.queries.len());
    world.files.queries.insert(at, line.to_string());
}
