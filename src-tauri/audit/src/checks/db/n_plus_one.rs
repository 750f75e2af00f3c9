//! db.n_plus_one: no page asks the database once for every row it shows.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{QueriesSeen, Query, REPEATED};
use crate::read::query::search::search;
use crate::{Case, Unseen, Why};

/// db.n_plus_one.
pub static CHECK: Check = Check {
    id: "db.n_plus_one",
    title: "No page asks the database once for every row it shows",
    why: "A list that asks once more for each of its rows is quick with ten of them and takes seconds with a thousand.",
    needs: &[Need::Db, Need::Log],
    concern: Concern::Speed,
    covers: "Queries of the same shape that one request asks ten times or more, in a log of queries: by the request's id where the log names it, else by the connection, where they follow one another.",
    ask: None,
    refs: &[
        "guides.rubyonrails.org/active_record_querying.html#n-1-queries-problem",
        "docs.djangoproject.com/en/5.2/topics/db/optimization/",
    ],
    judge,
};

/// Repeats from which a page is felt to wait even where each query is quick.
const WAITS: u64 = 100;
/// Findings; the most repeated come first.
const MOST: usize = 10;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let seen = case.queries()?;
    if seen.statements == 0 {
        return Err(Unseen {
            what: "queries of requests".to_owned(),
            why: Why::TooFew,
            says: "the log holds no query".to_owned(),
            way: "let the product log its queries for some minutes (in development is enough), then name that log"
                .to_owned(),
        });
    }
    let mut repeated: Vec<&Query> = seen.top.iter().filter(|query| one_by_one(query)).collect();
    repeated
        .sort_by(|one, other| other.most.cmp(&one.most).then_with(|| one.statement.shape.cmp(&other.statement.shape)));
    let findings = repeated.into_iter().take(MOST).map(|query| finding(query, seen)).collect();
    let told = if seen.named { "told apart by their names" } else { "guessed from connections and pauses" };
    let mut proof =
        vec![format!("{} queries of {} kinds in {} requests, {told}", seen.statements, seen.shapes, seen.requests)];
    if seen.forgotten > 0 {
        proof.push(format!("{} kinds came too seldom to be kept", seen.forgotten));
    }
    let cut = seen.cut.iter().map(|limit| Unseen {
        what: "lines of the query log".to_owned(),
        why: Why::Beyond,
        says: format!("not every line was read: {limit}"),
        way: "read it alone with `launch-ready db --log FILE`".to_owned(),
    });
    Ok(Verdict::judged(proof, findings, cut.collect()))
}

/// Whether one request asks it for one value after another.
fn one_by_one(query: &Query) -> bool {
    let shape = &query.statement.shape;
    query.repeated > 0
        && query.most >= REPEATED
        && shape.starts_with("select ")
        && shape.contains('?')
        && shape.contains(" where ")
}

fn finding(query: &Query, seen: &QueriesSeen) -> Finding {
    let (statement, waits) = (&query.statement, query.most >= WAITS);
    let mut evidence = vec![
        statement.shape.clone(),
        format!("{} times in the request that ends at {}:{}", query.most, query.file, query.line),
        format!("{REPEATED} times or more in {} of {} requests", query.repeated, seen.requests),
    ];
    if statement.timed > 0 {
        evidence.push(format!("{:.1} ms on average", statement.total_ms / statement.timed as f64));
    }
    Finding {
        subject: statement.shape.clone(),
        grade: if waits { Grade::Fail } else { Grade::Warn },
        severity: if waits { Severity::High } else { Severity::Medium },
        says: format!("One request asks this query {} times, once for each row; the more a customer has, the longer the page takes.", query.most),
        evidence,
        fix: Fix {
            says: "Ask once for all rows: includes in Rails, select_related or prefetch_related in Django, include in Prisma, with in Laravel, relations in TypeORM, a DataLoader in GraphQL.".to_owned(),
            paste: at_once(&statement.shape),
            minutes: 60,
            after: vec![],
        },
    }
}

/// The one query in place of many.
fn at_once(shape: &str) -> Option<String> {
    let found = search(shape)?;
    let column = found.equals.first()?;
    Some(format!("SELECT … FROM {} WHERE {column} IN (<the values of all rows>);", found.table))
}

#[cfg(test)]
#[path = "n_plus_one_tests.rs"]
mod tests;
