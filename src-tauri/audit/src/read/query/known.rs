//! What is known of a product's database, from the database itself and from a query log, as one.

use crate::facts::{DatabaseKind, DatabasePart, QueryForm, Statement};
use crate::read::text::clean;
use crate::{Case, Unseen};

/// Both sources together.
#[derive(Debug)]
pub(crate) struct Known {
    /// Statements; one that both know stands here twice.
    pub statements: Vec<Statement>,
    /// The system, where it is known.
    pub kind: Option<DatabaseKind>,
}

/// What is known.
///
/// # Errors
/// Neither source was seen.
pub(crate) fn known(case: &Case<'_>) -> Result<Known, Unseen> {
    let (database, queries) = (case.database(), case.queries());
    if let (Err(why), Err(_)) = (&database, &queries) {
        return Err(why.clone());
    }
    let mut statements: Vec<Statement> = vec![];
    let kind = database.as_ref().ok().map(|seen| seen.kind);
    if let Ok(seen) = &database {
        statements.extend(seen.statements.iter().cloned());
    }
    let mut written = None;
    if let Ok(seen) = &queries {
        statements.extend(seen.top.iter().map(|query| query.statement.clone()));
        written = seen.forms.keys().find_map(|form| match form {
            QueryForm::Postgres | QueryForm::PostgresCsv => Some(DatabaseKind::Postgres),
            QueryForm::MysqlGeneral | QueryForm::MysqlSlow => Some(DatabaseKind::MySql),
            QueryForm::Framework | QueryForm::Json => None,
        });
    }
    statements.retain(|statement| statement.calls > 0);
    for statement in &mut statements {
        statement.shape = clean(&statement.shape, 1_000);
    }
    Ok(Known { statements, kind: kind.or(written) })
}

/// Why a part of the database could not be seen, when the database was looked at.
pub(crate) fn waiting(case: &Case<'_>, part: DatabasePart) -> Vec<Unseen> {
    let seen = case.database().ok().and_then(|seen| seen.unseen.get(&part));
    seen.cloned().into_iter().collect()
}
