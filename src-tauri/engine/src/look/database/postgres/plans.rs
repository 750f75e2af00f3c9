//! Plans of the statements that cost most, for any value (a generic plan). Each is prepared, planned and forgotten again, never run. Its
//! text stands behind PREPARE and nowhere else, so that nothing in it can turn the question into another one, and the server itself takes
//! one statement and no second. Planning calls functions that are declared free of side effects, with the rights of whoever asks:
//! a role that may do more than look plans its own statements only.

use super::super::{Counted, ask, unseen, whole};
use super::{BEGIN, END};
use audit::facts::{Plan, Table};
use audit::read::query::{Dialect, shape};
use audit::read::text::clean_bytes;
use audit::{Unseen, Why};
use serde_json::Value;
#[expect(
    clippy::disallowed_types,
    reason = "a statement to plan cannot be bound; it stands behind PREPARE as the one statement of its question"
)]
use sqlx::AssertSqlSafe;
use sqlx::postgres::{PgConnection, Postgres};
use sqlx::{Error, Row};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Statements that are planned.
const PLANS: usize = 50;
/// How long all of them together may take.
const LONGEST: Duration = Duration::from_secs(8);
/// Characters from which the counted text of a statement may be cut (statements.sql).
const CUT: usize = 8_000;
/// Parameters of a statement.
const PARAMETERS: usize = 1_000;
/// A filter that leaves one row of so many, or fewer, is what an index is for.
const FEW: u64 = 10;

const WHAT: &str = "plans of statements";
const MIGHTY: &str = "to have all of them, let a role look that may only look: CREATE ROLE launch_ready LOGIN IN ROLE pg_monitor, and GRANT SELECT on the product's tables to it";
const GRANT: &str = "EXPLAIN asks for the same right as the statement itself: GRANT SELECT on the product's tables to the role, if plans are wanted; no row is read";

/// A statement to plan.
pub(super) struct Wanted {
    text: String,
    shape: String,
    calls: u64,
}

/// The dearest statements that can be planned, and whether some are left out because the role may do more than look.
pub(super) fn wanted(counted: &[Counted], mighty: bool) -> (Vec<Wanted>, bool) {
    let mut left_out = false;
    let one = |one: &Counted| {
        let text = one.shape.trim_end().trim_end_matches(';');
        if !can_be_planned(text) {
            return None;
        }
        if mighty && !one.own {
            left_out = true;
            return None;
        }
        let mut bytes = vec![];
        shape(text.as_bytes(), Dialect::Postgres, &mut bytes);
        Some(Wanted { text: text.to_owned(), shape: clean_bytes(&bytes, 1_000), calls: whole(one.calls) })
    };
    let found = counted.iter().filter_map(one).take(PLANS).collect();
    (found, left_out)
}

/// One whole statement that only reads and that this program did not send. A role that may only look may not plan what changes rows.
fn can_be_planned(text: &str) -> bool {
    let mut words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let first = words.next().unwrap_or_default();
    let changes = |word: &str| ["insert", "update", "delete", "merge"].iter().any(|own| word.eq_ignore_ascii_case(own));
    ["select", "with"].iter().any(|word| first.eq_ignore_ascii_case(word))
        && !words.any(changes)
        && text.chars().count() < CUT
        && !text.contains([';', '\0'])
        && !text.contains("launch-ready: ")
}

/// The plans, and why some are missing.
pub(super) async fn plans(
    link: &mut PgConnection,
    (wanted, left_out): (&[Wanted], bool),
    tables: &[Table],
) -> Result<(Vec<Plan>, Option<Unseen>), Error> {
    let (mut found, mut missed, begun) = (vec![], None, Instant::now());
    for one in wanted {
        if begun.elapsed() > LONGEST {
            missed.get_or_insert_with(|| "the time for them ran out".to_owned());
            break;
        }
        ask::tell::<Postgres>(link, BEGIN).await?;
        let plan = planned(link, one, tables).await;
        ask::tell::<Postgres>(link, END).await?;
        match plan {
            Ok(plan) => found.push(plan),
            Err(error) => drop(missed.get_or_insert_with(|| ask::trouble(&error).says)),
        }
    }
    let unplanned = missed.map(|first| {
        let says =
            format!("{} of {} statements were planned; another could not be: {first}", found.len(), wanted.len());
        unseen(WHAT, Why::Refused, says, GRANT)
    });
    let strange = left_out.then(|| {
        let says = "the role may do more than look, so statements of other roles are not planned: planning calls functions with its rights";
        unseen(WHAT, Why::NotAnswered, says, MIGHTY)
    });
    Ok((found, unplanned.or(strange)))
}

/// Plans one statement within the transaction that is open.
async fn planned(link: &mut PgConnection, one: &Wanted, tables: &[Table]) -> Result<Plan, Error> {
    ask::tell::<Postgres>(link, "SET LOCAL plan_cache_mode = force_generic_plan").await?;
    // Through the extended protocol, which takes a single statement; an unnamed one leaves nothing behind.
    let prepare = AssertSqlSafe(format!("PREPARE launch_ready_plan AS {}", one.text));
    sqlx::query(prepare).persistent(false).execute(&mut *link).await?;
    // What is prepared outlives the transaction, and behind a pooler it would be the next customer's.
    ask::tell::<Postgres>(link, "SAVEPOINT planned").await?;
    let plan = explained(link).await;
    ask::tell::<Postgres>(link, "ROLLBACK TO SAVEPOINT planned; DEALLOCATE launch_ready_plan").await?;
    let mut scans = BTreeSet::new();
    walk(&plan?[0]["Plan"], false, tables, &mut scans);
    Ok(Plan { shape: one.shape.clone(), calls: one.calls, scans: scans.into_iter().collect() })
}

async fn explained(link: &mut PgConnection) -> Result<Value, Error> {
    let count = "SELECT /* launch-ready: plans */ cardinality(parameter_types)::text FROM pg_prepared_statements WHERE name = 'launch_ready_plan'";
    let count: usize = ask::row::<Postgres, _>(link, count).await?;
    if count > PARAMETERS {
        return Err(Error::Protocol("the statement has too many parameters".to_owned()));
    }
    let nulls = if count == 0 { String::new() } else { format!("({})", vec!["NULL"; count].join(", ")) };
    let explain = AssertSqlSafe(format!("EXPLAIN (VERBOSE, FORMAT JSON) EXECUTE launch_ready_plan{nulls}"));
    let row = sqlx::raw_sql(explain).fetch_one(&mut *link).await?;
    let text: String = row.try_get_unchecked(0)?;
    serde_json::from_str(&text).map_err(|error| Error::Protocol(error.to_string()))
}

/// Notes the tables that a plan reads from the first row to the last to find a few. Below a limit the reading ends early, unless something
/// between the two needs all rows first.
fn walk(node: &Value, limited: bool, tables: &[Table], scans: &mut BTreeSet<String>) {
    let kind = node["Node Type"].as_str().unwrap_or_default();
    let limited = match kind {
        "Limit" => true,
        "Sort" | "Aggregate" | "Hash" | "WindowAgg" | "SetOp" | "ModifyTable" => false,
        _ => limited,
    };
    if kind == "Seq Scan" && !limited && !node["Filter"].is_null() {
        let (schema, name) = (node["Schema"].as_str().unwrap_or_default(), node["Relation Name"].as_str());
        let leaves = node["Plan Rows"].as_f64().map_or(u64::MAX, whole);
        let known = tables.iter().find(|table| {
            let full = format!("{schema}.{}", name.unwrap_or_default());
            name == Some(table.name.as_str()) && schema == "public" || table.name == full
        });
        if let Some(table) = known.filter(|table| leaves <= table.rows / FEW) {
            scans.insert(table.name.clone());
        }
    }
    for below in node["Plans"].as_array().into_iter().flatten() {
        walk(below, limited, tables, scans);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ABOUT, FOREIGN_KEYS, INDEXES, STATEMENTS, STATEMENTS_BEFORE_13, TABLES};
    use super::{can_be_planned, walk};
    use audit::facts::Table;
    use serde_json::json;
    use std::collections::BTreeSet;

    #[test]
    fn own_questions_are_known_again() {
        // Newer servers cut off a comment that stands before the first word.
        for own in [ABOUT, STATEMENTS, STATEMENTS_BEFORE_13, TABLES, FOREIGN_KEYS, INDEXES] {
            assert!(own.starts_with("SELECT /* launch-ready: "), "{own}");
        }
    }

    #[test]
    fn only_single_statements_about_rows_are_planned() {
        for text in ["SELECT 1", "select * from a where b = $1", "WITH x AS (SELECT 1) SELECT updated_at FROM x"] {
            assert!(can_be_planned(text), "{text}");
        }
        let long = format!("SELECT {}", "a, ".repeat(4_000));
        for text in [
            "SELECT 1; DROP TABLE a",
            "DELETE FROM a",
            "WITH x AS (DELETE FROM a RETURNING b) SELECT * FROM x",
            "SELECT * FROM a FOR UPDATE",
            "SELECT ';'",
            "EXPLAIN ANALYZE SELECT 1",
            "ANALYZE SELECT 1",
            "(ANALYZE) DELETE FROM a",
            "/* SELECT */ DROP TABLE a",
            "-- \nSELECT 1",
            "VACUUM",
            "",
            "/* launch-ready: about */ SELECT 1",
            "SELECT 1 /* launch-ready: about */",
            &long,
        ] {
            assert!(!can_be_planned(text), "{text}");
        }
    }

    #[test]
    fn a_reading_of_all_rows_to_find_a_few_is_noted() {
        let tables =
            ["boards", "crm.notes"].map(|name| Table { name: name.to_owned(), rows: 60_000, ..Table::default() });
        let scans = |plan: serde_json::Value| {
            let mut found = BTreeSet::new();
            walk(&plan, false, &tables, &mut found);
            found.into_iter().collect::<Vec<_>>()
        };
        let scan = |schema: &str, name: &str, rows: u32| json!({"Node Type": "Seq Scan", "Schema": schema, "Relation Name": name, "Plan Rows": rows, "Filter": "(slug = $1)"});
        let over = |kind: &str, below: serde_json::Value| json!({"Node Type": kind, "Plans": [below]});
        assert_eq!(scans(scan("public", "boards", 1)), ["boards"]);
        assert_eq!(scans(over("Nested Loop", scan("crm", "notes", 300))), ["crm.notes"]);
        assert_eq!(scans(over("Limit", over("Sort", scan("public", "boards", 1)))), ["boards"]);
        for fine in [
            over("Limit", scan("public", "boards", 1)),
            scan("public", "boards", 30_000),
            scan("public", "strangers", 1),
            json!({"Node Type": "Seq Scan", "Schema": "public", "Relation Name": "boards", "Plan Rows": 1}),
            json!({"Node Type": "Index Scan", "Schema": "public", "Relation Name": "boards", "Plan Rows": 1, "Filter": "x"}),
        ] {
            assert_eq!(scans(fine.clone()), Vec::<String>::new(), "{fine}");
        }
    }
}
