//! Plans of the statements that need no values. MySQL and MariaDB count statements without their values and plan none without them, so that
//! most cannot be planned; what could call a function is left alone, because planning may carry out a part of it.

use super::super::{Counted, unseen, whole};
use audit::facts::{Plan, Table};
use audit::read::query::{Dialect, shape};
use audit::read::text::clean_bytes;
use audit::{Unseen, Why};
use futures::TryStreamExt;
#[expect(
    clippy::disallowed_types,
    reason = "a statement to plan cannot be bound; it stands behind EXPLAIN as the one statement of its question"
)]
use sqlx::AssertSqlSafe;
use sqlx::mysql::MySqlConnection;
use sqlx::{Error, Row};
use std::collections::BTreeSet;

/// Statements that are planned.
const PLANS: usize = 50;
/// Rows that are read for each that is handed over, from which an index would help.
const FEW: f64 = 10.0;

const WHAT: &str = "plans of statements";
const WAY: &str = "nothing is lost by it where rows are counted: what each statement reads and hands over is judged; for a single plan run EXPLAIN with values of your own";

/// Whether a counted statement reads rows, needs no value and calls nothing.
fn can_be_planned(text: &str) -> bool {
    let first = text.split(' ').next().unwrap_or_default();
    let lacks = |part: &str| !text.contains(part);
    first.eq_ignore_ascii_case("select") && ["?", "(", ";", "\0", "/*", "--", "#", "..."].into_iter().all(lacks)
}

/// The plans, and why most are missing.
pub(super) async fn plans(
    link: &mut MySqlConnection,
    counted: &[Counted],
    tables: &[Table],
    mighty: bool,
) -> (Vec<Plan>, Option<Unseen>) {
    if mighty {
        let says = "the role may do more than look, and planning may call functions with its rights";
        let way =
            "let a user look that may only look: GRANT SELECT on the product's database and on performance_schema";
        return (vec![], Some(unseen(WHAT, Why::NotAnswered, says, way)));
    }
    let reads = |one: &&Counted| one.shape.get(..7).is_some_and(|first| first.eq_ignore_ascii_case("select "));
    let asked = counted.iter().filter(reads).filter(|one| !one.shape.contains("row_text")).take(PLANS);
    let (mut found, mut untold) = (vec![], 0);
    for one in asked {
        let plan = if can_be_planned(&one.shape) { planned(link, one, tables).await.ok() } else { None };
        untold += usize::from(plan.is_none());
        found.extend(plan);
    }
    let says = format!(
        "{} of {} statements were planned; the others need values, which are not kept, or call a function",
        found.len(),
        found.len() + untold
    );
    (found, (untold > 0).then(|| unseen(WHAT, Why::Beyond, says, WAY)))
}

/// Plans one statement. It goes as a prepared one, of which the server takes a single one.
async fn planned(link: &mut MySqlConnection, one: &Counted, tables: &[Table]) -> Result<Plan, Error> {
    let explain = AssertSqlSafe(format!("EXPLAIN {}", one.shape));
    let mut scans = BTreeSet::new();
    {
        let mut steps = sqlx::query(explain).persistent(false).fetch(&mut *link);
        while let Some(step) = steps.try_next().await? {
            let text =
                |column: &str| step.try_get_unchecked::<Option<String>, _>(column).map(Option::unwrap_or_default);
            let (name, how, more) = (text("table")?, text("type")?, text("Extra")?);
            let few = one.examined.zip(one.rows).is_some_and(|(examined, rows)| examined >= rows.max(1.0) * FEW);
            if few && how.eq_ignore_ascii_case("all") && more.contains("Using where") {
                scans.extend(tables.iter().find(|table| table.name == name).map(|table| table.name.clone()));
            }
        }
    }
    let mut bytes = vec![];
    shape(one.shape.as_bytes(), Dialect::Mysql, &mut bytes);
    Ok(Plan { shape: clean_bytes(&bytes, 1_000), calls: whole(one.calls), scans: scans.into_iter().collect() })
}

#[cfg(test)]
mod tests {
    use super::can_be_planned;

    #[test]
    fn only_what_needs_no_value_and_calls_nothing_is_planned() {
        assert!(can_be_planned("SELECT * FROM `boards` WHERE `archived` IS NULL"));
        for text in [
            "SELECT * FROM `boards` WHERE `slug` = ?",
            "SELECT `evil` ( )",
            "SELECT * FROM `a` ; DROP TABLE `b`",
            "SELECT /*! 1 */",
            "SELECT * FROM `a` -- `b`",
            "SELECT * FROM `a` WHERE ...",
            "ANALYZE SELECT * FROM `a`",
            "DELETE FROM `a`",
            "SELECT\0",
            "",
        ] {
            assert!(!can_be_planned(text), "{text}");
        }
    }
}
