//! `launch-ready latency URL…`: how long answers take, as surely as the samples allow, and whether they take longer than before.

use super::measure::{self, Reach, Saved};
use crate::exit::{Exit, Trouble};
use crate::output::{self, Form};
use audit::compare::{Change, Difference, compare, needed};
use audit::facts::{LoadCap, LoadEnd, Loaded, Model};
use audit::read::routes::Route;
use audit::read::text::clean;
use engine::load::{Load, LoadConsent, Permit};
use engine::{Plan, World};
use serde::Serialize;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// Percentiles that are compared.
const COMPARED: [f64; 3] = [50.0, 95.0, 99.0];

/// Arguments of `latency`.
#[derive(clap::Args)]
#[command(
    after_help = "Exit codes: 0 measured, 1 slower than the target or surely slower than the baseline, 2 bad input, 3 could not be measured, or by too few samples for what was asked.\nNothing is signed in without --signed-in."
)]
pub struct Args {
    /// The addresses, such as https://app.example.com/dashboard
    #[arg(required_unless_present = "routes", value_name = "URL")]
    urls: Vec<String>,
    /// Read addresses with their method, header fields, body and expected answer from this file (TOML: [[route]] with url, method, headers, body, status, contains)
    #[arg(long, value_name = "FILE")]
    routes: Option<PathBuf>,
    /// Who agreed, where a route writes (POST, PUT, PATCH, DELETE): every request of it is a real one
    #[arg(long, value_name = "NAME")]
    consent: Option<String>,
    /// Requests to each address; to compare the 95th percentile, 100 of them must be answered well
    #[arg(long, default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=3_000))]
    requests: u64,
    /// Requests a second, 5 at most
    #[arg(long, default_value_t = 5.0)]
    rate: f64,
    /// Exit 1 when the 95th percentile is above so many milliseconds
    #[arg(long, value_name = "MS")]
    target: Option<u32>,
    /// Write what was measured to this file, for a later --baseline
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Compare with what an earlier run saved
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Exit 1 when the 95th percentile is surely slower than the baseline, by more than so many percent, such as 10%
    #[arg(long, value_name = "PERCENT", requires = "baseline", value_parser = percent)]
    fail_if_slower: Option<f64>,
    /// How the result is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
    #[command(flatten)]
    reach: Reach,
}

fn percent(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim().parse::<f64>().ok();
    number.filter(|number| number.is_finite() && *number >= 0.0).ok_or_else(|| "write it like 10%".to_owned())
}

/// One address: what was measured, and what changed.
#[derive(Serialize)]
struct Told {
    #[serde(flatten)]
    measured: Loaded,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changes: Vec<Difference>,
}

impl Args {
    /// The consent of whoever agreed, where a route writes.
    fn consent(&self, plan: &Plan, world: &World, route: &Route, url: &Url) -> Result<Option<LoadConsent>, Trouble> {
        if route.safe() {
            return Ok(None);
        }
        let host = url.host_str().unwrap_or_default();
        let by = self.consent.as_deref().ok_or_else(|| {
            let (method, count) = (clean(&route.method, 20), self.requests);
            Trouble::new(format!(
                "{method} {url} would be sent {count} times and may write; name who agreed to that for {host} with --consent NAME"
            ))
        })?;
        let cap = LoadCap::new(4, 5, LoadCap::MOST.seconds).map_err(Trouble::new)?;
        let consent = LoadConsent::record(&plan.target, host, by, cap, world.now());
        consent.map(Some).map_err(|error| Trouble::new(error.message))
    }
}

pub async fn run(args: Args) -> Result<Exit, Trouble> {
    let before = args.baseline.as_deref().map(Saved::read).transpose()?;
    let (mut told, mut at) = (Vec::new(), jiff::Timestamp::UNIX_EPOCH);
    for route in measure::routes(&args.urls, args.routes.as_deref())? {
        let (plan, world, url) = args.reach.to(&route.url).await?;
        args.reach.tell_unsent(&plan);
        let time = Duration::try_from_secs_f64(args.requests as f64 / args.rate)
            .map_err(|_| Trouble::new("--rate is a number of requests a second above 0, 5 at most"))?;
        let model = Model::Rate { per_second: args.rate, users: 4 };
        let consent = args.consent(&plan, &world, &route, &url)?;
        let what = Load::of(&route, url, model, time + Duration::from_secs(60))
            .map_err(|error| Trouble::new(error.message))?;
        let what = args.reach.by(Load { requests: Some(args.requests), ..what });
        let permit = consent.as_ref().map_or(Permit::Polite, Permit::Agreed);
        let measured = measure::measure(&plan, &world, &what, permit).await?;
        at = world.now();
        let old = before.as_ref().and_then(|saved| saved.of(&measured));
        let changes = old.map(|old| COMPARED.iter().filter_map(|p| compare(&old.parts, &measured.parts, *p)).collect());
        told.push(Told { changes: changes.unwrap_or_default(), measured });
    }
    output::tell(args.format, &told, || text(&told, before.as_ref()))?;
    let exits = told.iter().map(|one| exit(&args, one)).collect::<Vec<_>>();
    if let Some(path) = &args.save {
        Saved::write(path, told.into_iter().map(|one| one.measured).collect(), at)?;
    }
    Ok(match exits {
        exits if exits.contains(&Exit::Found) => Exit::Found,
        exits if exits.contains(&Exit::Unseen) => Exit::Unseen,
        _ => Exit::Clean,
    })
}

fn exit(args: &Args, told: &Told) -> Exit {
    let p95 = told.measured.response.claim(95.0);
    if let (Some(target), Some(p95)) = (args.target, p95)
        && p95.div_ceil(1_000) > target
    {
        return Exit::Found;
    }
    let change = told.changes.iter().find(|change| (change.percentile - 95.0).abs() < 0.01);
    if let (Some(percent), Some(change)) = (args.fail_if_slower, change)
        && change.slower_by(percent)
    {
        return Exit::Found;
    }
    // A gate that too few samples leave open is not a pass.
    let open = |percent: f64| {
        change.is_none_or(|change| change.change() == Change::Unsure && change.high > 1.0 + percent / 100.0)
    };
    let untold = (args.target.is_some() && p95.is_none()) || args.fail_if_slower.is_some_and(open);
    if untold || told.measured.end != LoadEnd::Whole || told.measured.response.samples == 0 {
        return Exit::Unseen;
    }
    Exit::Clean
}

fn text(told: &[Told], before: Option<&Saved>) -> String {
    let mut lines = Vec::new();
    for one in told {
        lines.extend(measure::lines(&one.measured));
        let Some(before) = before else { continue };
        if before.of(&one.measured).is_none() {
            lines.push("  this address is not in the baseline".to_owned());
            continue;
        }
        for percentile in COMPARED {
            let change = one.changes.iter().find(|change| (change.percentile - percentile).abs() < 0.01);
            let few = || {
                format!(
                    "cannot be told yet: each of the two runs needs {} good answers, spread over its time; measure both with more --requests",
                    needed(percentile)
                )
            };
            lines.push(format!("  p{percentile} against the baseline: {}", change.map_or_else(few, Difference::says)));
        }
    }
    lines.join("\n")
}
