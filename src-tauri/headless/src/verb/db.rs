//! `launch-ready db [--database NAME] [--log FILE|-]`: what keeps a product's database from being quick, by its own counters and by a log of queries.

use crate::exit::{Exit, Threshold, Trouble};
use crate::keychain;
use crate::output::{Form, tell};
use audit::checks::db;
use audit::facts::{DatabaseSeen, Facts, Observation, QueriesSeen, Scope, Target};
use audit::read::text::clean;
use audit::{Case, Fact, Finding, Severity, Unseen, Verdict, roadmap};
use engine::{Address, Secret};
use jiff::Timestamp;
use serde::Serialize;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the connection string is looked for when no name is given.
const VARIABLE: &str = "LAUNCH_READY_DATABASE_URL";

/// Arguments of `db`.
#[derive(clap::Args)]
#[command(
    after_help = "The connection string (postgres://…, mysql://…, mariadb://…, sqlite:FILE) is read from LAUNCH_READY_DATABASE_URL or the variable that --database names, else from the keychain; never from an argument.\nThe session is read-only and each question ends after two seconds; no row of data is read, and no value is kept or shown. A role that may only look is best: PostgreSQL: CREATE ROLE launch_ready LOGIN PASSWORD '…' IN ROLE pg_monitor;\nLogs: PostgreSQL (stderr, csvlog, jsonlog), MySQL and MariaDB (general, slow), Rails, Django, Prisma, Laravel, TypeORM, JSON lines; gzip and zstd are unpacked.\nExit codes: 0 nothing at or above --fail-on, 1 something is, 2 bad input, 3 the database could not be asked."
)]
pub struct Args {
    /// The variable, or the entry of the keychain, that holds the connection string; or a file of SQLite
    #[arg(long, value_name = "NAME|FILE")]
    database: Option<String>,
    /// A log of queries: a file, a folder, or - for standard input
    #[arg(long, value_name = "FILE|DIR|-")]
    log: Option<PathBuf>,
    /// Keep a connection string, read from standard input, in the keychain under this name
    #[arg(long, value_name = "NAME", conflicts_with_all = ["database", "log"])]
    keep: Option<String>,
    /// How the result is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
    /// Exit 1 when something is found that is at least this severe
    #[arg(long, value_enum, value_name = "SEVERITY", default_value = "high")]
    fail_on: Threshold,
}

/// The database that is meant: by a name that was given, else by the usual variable; none where neither is there.
pub async fn address(name: Option<&str>) -> Result<Option<Arc<Address>>, Trouble> {
    let failed = |error: engine::EngineError| Trouble::new(error.message);
    if name.is_some_and(|name| name.contains("://") || name.contains('@')) {
        return Err(Trouble::new(format!(
            "a connection string holds a password and is never an argument; put it into {VARIABLE}"
        )));
    }
    if let Some(file) = name.and_then(|name| Address::file(Path::new(name))) {
        return Ok(Some(Arc::new(file)));
    }
    let given = std::env::var(name.unwrap_or(VARIABLE)).ok().filter(|text| !text.trim().is_empty());
    let kept = match (&given, name) {
        (None, Some(name)) => keychain::taken(engine::vault::kept_database(name)).await,
        _ => None,
    };
    match (given.map(Secret::new).or(kept), name) {
        (Some(text), _) => Address::read(&text).map(|address| Some(Arc::new(address))).map_err(failed),
        (None, Some(name)) => Err(Trouble::new(format!(
            "{} is neither a variable with a connection string, nor an entry of the keychain, nor a file of SQLite",
            clean(name, 80)
        ))),
        (None, None) => Ok(None),
    }
}

pub async fn run(args: Args) -> Result<Exit, Trouble> {
    if let Some(name) = &args.keep {
        return keep(name).await;
    }
    let address = address(args.database.as_deref()).await?;
    if address.is_none() && args.log.is_none() {
        return Err(Trouble::new(format!(
            "name a database or a log: put the connection string into {VARIABLE}, or give --log FILE"
        )));
    }
    let queries = args.log.as_deref().map(log).transpose()?;
    let seen = match &address {
        Some(address) => Some(engine::database(address, queries.as_ref(), CONNECT).await),
        None => None,
    };
    let unseen = matches!(seen, Some(Err(_)));
    let told = told(seen, queries);
    tell(args.format, &told, || text(&told))?;
    let threshold = Severity::from(args.fail_on);
    let found = told.checks.iter().flat_map(|check| &check.findings).any(|finding| finding.severity >= threshold);
    Ok(match (found, unseen) {
        (true, _) => Exit::Found,
        (false, true) => Exit::Unseen,
        (false, false) => Exit::Clean,
    })
}

/// How long a database may take to let us in.
const CONNECT: std::time::Duration = std::time::Duration::from_secs(10);

async fn keep(name: &str) -> Result<Exit, Trouble> {
    let mut text = String::new();
    std::io::Read::read_to_string(&mut std::io::Read::take(std::io::stdin().lock(), 10_000), &mut text)
        .map_err(|error| Trouble::new(format!("failed to read standard input: {error}")))?;
    let secret = Secret::new(text.trim().to_owned());
    Address::read(&secret).map_err(|error| Trouble::new(error.message))?;
    engine::vault::keep_database(name, secret).await.map_err(|error| Trouble::new(error.message))?;
    eprintln!("kept in the keychain; use it by --database {}", clean(name, 80));
    Ok(Exit::Clean)
}

fn log(path: &Path) -> Result<QueriesSeen, Trouble> {
    let seen = if path == Path::new("-") {
        engine::queries_from(std::io::stdin().lock(), &|| false)
    } else {
        engine::queries(path, &|| false).map_err(|error| Trouble::new(error.message))?
    };
    if seen.lines == 0 && !seen.left_out.is_empty() {
        let why: Vec<&str> = seen.left_out.keys().map(String::as_str).collect();
        return Err(Trouble::new(format!("no log could be read: {}", why.join(", "))));
    }
    Ok(seen)
}

/// All that is told.
#[derive(Serialize)]
struct Told {
    database: Option<DatabaseSeen>,
    queries: Option<QueriesSeen>,
    checks: Vec<Judged>,
}

/// What one check says.
#[derive(Serialize)]
struct Judged {
    id: &'static str,
    title: &'static str,
    proof: Vec<String>,
    findings: Vec<Finding>,
    unseen: Vec<Unseen>,
}

/// Judges what was seen by the same checks as the audit.
fn told(database: Option<Result<DatabaseSeen, Unseen>>, queries: Option<QueriesSeen>) -> Told {
    let now = Timestamp::now();
    let target = Target { name: String::new(), domain: String::new() };
    let mut facts = Facts::begin(target, "sd", Scope::default(), now);
    if let Some(seen) = database {
        let fact = match seen {
            Ok(value) => Fact::Seen { value, at: now, from: "the database itself".to_owned() },
            Err(unseen) => Fact::Unseen(unseen),
        };
        facts.add(Observation::Database { fact });
    }
    if let Some(value) = queries {
        facts.add(Observation::Queries { fact: Fact::Seen { value, at: now, from: "this machine".to_owned() } });
    }
    let checks = roadmap::by_id("sd").map_or_else(Vec::new, |roadmap| {
        let case = Case { facts: &facts, roadmap, now };
        [&db::slow_queries::CHECK, &db::table_scans::CHECK, &db::missing_indexes::CHECK, &db::n_plus_one::CHECK]
            .map(|check| {
                let (proof, findings, unseen) = match (check.judge)(&case) {
                    Ok(Verdict::Judged { proof, findings, unseen }) => (proof, findings, unseen),
                    Ok(Verdict::NotApplicable(reason)) => (vec![reason], vec![], vec![]),
                    Err(unseen) => (vec![], vec![], vec![unseen]),
                };
                Judged { id: check.id, title: check.title, proof, findings, unseen }
            })
            .into()
    });
    let database = facts.database.and_then(|fact| fact.seen().ok().cloned());
    let queries = facts.queries.and_then(|fact| fact.seen().ok().cloned());
    Told { database, queries, checks }
}

fn text(told: &Told) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    if let Some(seen) = &told.database {
        let link = match seen.encrypted {
            Some(true) => ", encrypted",
            Some(false) => ", not encrypted",
            None => "",
        };
        let _ = writeln!(
            out,
            "{:?} {}{link}: {} tables, {} indexes, {} statements",
            seen.kind,
            seen.version,
            seen.tables.len(),
            seen.indexes.len(),
            seen.statements.len()
        );
        if seen.mighty {
            let _ = writeln!(out, "note: this role may change data; one that may only look is enough");
        }
    }
    if let Some(seen) = &told.queries {
        let _ = writeln!(
            out,
            "log: {} lines, {} MB, {} queries of {} kinds in {} requests",
            seen.lines,
            seen.bytes / 1_000_000,
            seen.statements,
            seen.shapes,
            seen.requests
        );
        for (why, count) in &seen.left_out {
            let _ = writeln!(out, "left out: {count} {why}");
        }
    }
    for check in &told.checks {
        let _ = writeln!(out, "\n{} ({})", check.title, check.id);
        for line in &check.proof {
            let _ = writeln!(out, "  {line}");
        }
        for finding in &check.findings {
            let _ = writeln!(out, "  {}: {}", format!("{:?}", finding.severity).to_lowercase(), finding.says);
            for line in &finding.evidence {
                let _ = writeln!(out, "    {line}");
            }
            let _ = writeln!(out, "    → {}", finding.fix.says);
            for line in finding.fix.paste.iter().flat_map(|paste| paste.lines()) {
                let _ = writeln!(out, "      {line}");
            }
        }
        for unseen in &check.unseen {
            let _ = writeln!(out, "  could not tell: {} ({}); {}", unseen.what, unseen.says, unseen.way);
        }
    }
    out
}
