//! `launch-ready watch DOMAIN`: looks at addresses and journeys again and again, and tells each change on one line.

use super::audit::target;
use super::journey::Journeys;
use super::measure::Reach;
use crate::exit::{Exit, Trouble};
use crate::output::Form;
use audit::facts::{Target, Watched};
use audit::watch::{Change, Standing, Watch};
use engine::store::{Draft, Project, Store};
use engine::watch::round;
use engine::{EngineError, Plan};
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The least and the longest time between two rounds.
const EVERY: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(24 * 3600));

/// Arguments of `watch`.
#[derive(clap::Args)]
#[command(
    after_help = "A change is told when it was seen twice in a row, an outage with its cause, and its end too; while this machine itself reaches nobody, nothing is told.\nIt goes on until Ctrl-C, SIGTERM or --rounds.\nExit codes: 0 everything works, 1 something is down or slow, 2 bad input, 3 nothing could be told."
)]
pub struct Args {
    /// The domain, such as example.com
    domain: String,
    /// Watch this address (may be given several times); without it the page of the domain
    #[arg(long, value_name = "PATH_OR_URL")]
    route: Vec<String>,
    #[command(flatten)]
    journeys: Journeys,
    /// Time from one round to the next, such as 30s, 5m or 1h
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = time)]
    every: Duration,
    /// End after so many rounds
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    rounds: Option<u32>,
    /// Keep the changes and the times in the store in this folder, and go on from there the next time; `launch-ready audit` judges them with --watched FOLDER
    #[arg(long, value_name = "FOLDER")]
    state: Option<PathBuf>,
    /// How changes are printed: a line each, or JSON, one object on a line
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
    #[command(flatten)]
    reach: Reach,
}

/// A time as typed.
fn time(text: &str) -> Result<Duration, String> {
    let wrong = || "write it like 30s, 5m or 1h, between 30 seconds and a day".to_owned();
    let (number, unit) = text.split_at(text.len() - text.chars().last().map_or(0, char::len_utf8));
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let seconds = match unit {
        "s" => Some(number),
        "m" => number.checked_mul(60),
        "h" => number.checked_mul(3_600),
        _ => None,
    };
    let time = seconds.map(Duration::from_secs).ok_or_else(wrong)?;
    if (EVERY.0..=EVERY.1).contains(&time) { Ok(time) } else { Err(wrong()) }
}

pub async fn run(args: Args) -> Result<Exit, Trouble> {
    let target = target(&args.domain)?;
    let (mut plan, world, _) = args.reach.to(&format!("https://{}/", target.domain)).await?;
    plan.target = target;
    let route = |text: &String| engine::route(&plan.target, text).map_err(own);
    plan.routes = args.route.iter().map(route).collect::<Result<_, _>>()?;
    args.journeys.enter(&mut plan, world.now()).await?;
    let store = match &args.state {
        Some(folder) => Some(open(folder, &plan).await?),
        None => None,
    };
    let mut watch = match &store {
        Some((store, project)) => Watch::after(&store.standings(project.id).await.map_err(own)?),
        None => Watch::default(),
    };
    let cancel = CancellationToken::new();
    let ended = tokio::spawn(signals(cancel.clone()));
    let mut left = args.rounds;
    let every_s = u32::try_from(args.every.as_secs()).unwrap_or(u32::MAX);
    while let Some(seen) = round(&plan, &world, &cancel).await {
        if let Some((store, project)) = &store {
            store.note_round(project.id, every_s, &seen).await.map_err(own)?;
        }
        for change in seen.tell(&mut watch) {
            if let Some((store, project)) = &store {
                store.note_change(project.id, &change).await.map_err(own)?;
            }
            print(args.format, &change)?;
        }
        if !seen.online {
            eprintln!("{}: this machine reaches nobody, so nothing is said of the product", shown(seen.at));
        }
        left = left.map(|left| left - 1);
        if left == Some(0) {
            break;
        }
        tokio::select! {
            () = cancel.cancelled() => break,
            () = tokio::time::sleep(args.every) => {}
        }
    }
    ended.abort();
    let stands = watch.known();
    Ok(if stands.values().any(|standing| matches!(standing, Standing::Down | Standing::Slow)) {
        Exit::Found
    } else if stands.values().all(|standing| *standing == Standing::Unsure) {
        Exit::Unseen
    } else {
        Exit::Clean
    })
}

/// What the watch of a domain recorded in the store in a folder.
pub async fn recorded(folder: &Path, target: &Target) -> Result<Watched, Trouble> {
    let nothing = || {
        Trouble::new(format!(
            "{} holds no record of a watch of {}; `launch-ready watch DOMAIN --state FOLDER` makes one",
            folder.display(),
            target.domain
        ))
    };
    // A folder without a store is not made into one.
    std::fs::read_dir(folder)
        .map_err(|error| Trouble::new(format!("failed to open the folder {}: {error}", folder.display())))?;
    let store = Store::open(folder).await.map_err(own)?;
    let known = store.projects().await.map_err(own)?;
    let project = known.into_iter().find(|project| project.target == *target).ok_or_else(nothing)?;
    store.watched(project.id).await.map_err(own)?.ok_or_else(nothing)
}

pub(super) fn own(error: EngineError) -> Trouble {
    Trouble::new(error.message)
}

/// The store in a folder, and the project of the domain in it.
async fn open(folder: &Path, plan: &Plan) -> Result<(Store, Project), Trouble> {
    let store = Store::open(folder).await.map_err(own)?;
    let known = store.projects().await.map_err(own)?;
    let project = match known.into_iter().find(|project| project.target == plan.target) {
        Some(project) => project,
        None => {
            let draft = Draft {
                client: String::new(),
                name: String::new(),
                target: plan.target.clone(),
                roadmap: plan.roadmap.clone(),
                demo: false,
            };
            store.create_project(draft, Timestamp::now()).await.map_err(own)?
        }
    };
    Ok((store, project))
}

/// Ends the watch when somebody asks for it.
async fn signals(cancel: CancellationToken) {
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
    cancel.cancel();
}

fn shown(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn print(form: Form, change: &Change) -> Result<(), Trouble> {
    crate::output::print(&match form {
        Form::Json => {
            serde_json::to_string(change).map_err(|error| Trouble::new(format!("failed to write a change: {error}")))?
        }
        Form::Text => line(change),
    })
}

fn line(change: &Change) -> String {
    let word = match change.standing {
        Standing::Down => "DOWN",
        Standing::Slow => "SLOW",
        Standing::Unsure => "????",
        Standing::Well => "ok  ",
    };
    format!("{}  {word}  {}: {}", shown(change.since), change.subject, change.says)
}

#[cfg(test)]
mod tests {
    use super::time;
    use std::time::Duration;

    #[test]
    fn times_are_read_within_bounds() {
        assert_eq!(time("5m"), Ok(Duration::from_secs(300)));
        assert_eq!(time("30s"), Ok(Duration::from_secs(30)));
        for wrong in ["", "5", "m", "29s", "25h", "-5m", "5 m", "9999999999999999999h", "5ü"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }
}
