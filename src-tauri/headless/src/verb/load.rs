//! `launch-ready load URL`: how the product holds when many use it at once; only with the consent of whoever answers for the host.

use super::measure::{self, Reach, Saved};
use crate::exit::{Exit, Trouble};
use crate::output::{self, Form};
use audit::facts::{LoadCap, LoadEnd, Model};
use audit::read::text::clean;
use engine::load::{Load, LoadConsent, Permit, StopRule};
use std::path::PathBuf;
use std::time::Duration;

/// The longest that load may go on, seconds.
const LONGEST: u64 = 600;

/// Arguments of `load`.
#[derive(clap::Args)]
#[command(
    after_help = "Exit codes: 0 it held, 1 it did not (failures, unexpected answers, or slower than --target), 2 bad input or no consent, 3 it was stopped before it could be told.\nThe server's own limit (429) or overload (503) ends it at once.\nNothing is signed in without --signed-in."
)]
pub struct Args {
    /// The address, such as https://app.example.com/dashboard
    #[arg(required_unless_present = "route", conflicts_with = "route")]
    url: Option<String>,
    /// Read the address with its method, header fields, body and expected answer from this file (TOML: one [[route]] with url, method, headers, body, status, contains)
    #[arg(long, value_name = "FILE")]
    route: Option<PathBuf>,
    /// Who agreed to load on this host; it is recorded with the result
    #[arg(long, value_name = "NAME")]
    consent: String,
    /// Requests a second, whatever becomes of the earlier ones, 200 at most
    #[arg(long, value_name = "COUNT", conflicts_with = "think")]
    rate: Option<f64>,
    /// Users at once, 50 at most; each waits for its answer before it asks again unless --rate is given
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=50))]
    users: u32,
    /// Milliseconds between an answer and the next request of the same user
    #[arg(long, value_name = "MS", default_value_t = 1_000)]
    think: u32,
    /// Time in which users or rate grow to their full number, such as 5s
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = time)]
    ramp: Duration,
    /// Time in all, such as 90s or 5m, 10m at most
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = time)]
    duration: Duration,
    /// Stop when more than so many percent of the last requests failed
    #[arg(long, value_name = "PERCENT", default_value_t = 50)]
    stop_errors: u32,
    /// Stop when the 95th percentile of the last second is above so many milliseconds
    #[arg(long, value_name = "MS")]
    stop_slower: Option<u64>,
    /// Exit 1 when the 95th percentile is above so many milliseconds
    #[arg(long, value_name = "MS")]
    target: Option<u32>,
    /// Write what was measured to this file, for `launch-ready audit --load FILE`
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// How the result is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
    #[command(flatten)]
    reach: Reach,
}

/// A time as typed: seconds, or a number with its unit.
fn time(text: &str) -> Result<Duration, String> {
    let wrong = || "write it like 30s or 5m, 10m at most".to_owned();
    let (number, each) = match text.strip_suffix('m') {
        Some(minutes) => (minutes, 60),
        None => (text.strip_suffix('s').unwrap_or(text), 1),
    };
    let seconds = number.parse::<u64>().ok().and_then(|number| number.checked_mul(each));
    seconds.filter(|seconds| *seconds <= LONGEST).map(Duration::from_secs).ok_or_else(wrong)
}

pub async fn run(args: Args) -> Result<Exit, Trouble> {
    let routes = measure::routes(args.url.as_slice(), args.route.as_deref())?;
    let [route] = routes.as_slice() else {
        return Err(Trouble::new("load is put on one route at a time; leave one in the file"));
    };
    let (plan, world, url) = args.reach.to(&route.url).await?;
    args.reach.tell_unsent(&plan);
    let host = url.host_str().unwrap_or_default().to_owned();
    let model = match args.rate {
        Some(per_second) => Model::Rate { per_second, users: args.users },
        None => Model::Users { users: args.users, think_ms: args.think },
    };
    let consent = LoadConsent::record(&plan.target, &host, &args.consent, LoadCap::MOST, world.now());
    let consent = consent.map_err(|error| Trouble::new(error.message))?;
    let stop = StopRule { errors: args.stop_errors, slower_than: args.stop_slower.map(Duration::from_millis) };
    let time = args.duration;
    if time.is_zero() {
        return Err(Trouble::new("a load of no time measures nothing; write --duration 30s"));
    }
    let what = Load::of(route, url, model, time).map_err(|error| Trouble::new(error.message))?;
    let what = args.reach.by(Load { ramp: args.ramp.min(time / 2), stop, ..what });
    let measured = measure::measure(&plan, &world, &what, Permit::Agreed(&consent)).await?;
    let agreed = consent.agreed();
    output::tell(args.format, &serde_json::json!({ "agreed": agreed, "measured": measured }), || {
        let by = format!("  agreed to by {} for {}", clean(&agreed.by, 120), agreed.host);
        measure::lines(&measured).into_iter().chain([by]).collect::<Vec<_>>().join("\n")
    })?;
    if let Some(path) = &args.save {
        Saved::write(path, vec![measured.clone()], world.now())?;
    }
    let p95 = measured.response.claim(95.0);
    let slow = matches!((args.target, p95), (Some(target), Some(p95)) if p95.div_ceil(1_000) > target);
    Ok(match measured.end {
        LoadEnd::Cancelled | LoadEnd::Challenged => Exit::Unseen,
        LoadEnd::Whole if !slow && measured.errors.is_empty() => Exit::Clean,
        _ => Exit::Found,
    })
}

#[cfg(test)]
mod tests {
    use super::time;
    use std::time::Duration;

    #[test]
    fn times_are_read_with_and_without_their_unit() {
        for (text, seconds) in [("30", 30), ("30s", 30), ("5m", 300), ("600", 600), ("0", 0)] {
            assert_eq!(time(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for wrong in ["", "s", "-1", "601", "11m", "1h", "4 s", "99999999999999999999m"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }
}
