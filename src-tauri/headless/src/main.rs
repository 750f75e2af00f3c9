//! launch-ready: the terminal twin of the window, for people without a display and for CI. Keeps no state of its own.

mod exit;
mod input;
mod keychain;
mod output;
mod parcel;
mod progress;
mod template;
mod verb;

use clap::{Parser, Subcommand};
use exit::{Exit, Trouble};
use std::process::ExitCode;

/// Tells whether a small SaaS can survive real users, and what to mend first.
#[derive(Parser)]
#[command(name = "launch-ready", version, about, after_help = exit::HELP)]
struct Command {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Look at a live domain and judge it
    Audit(Box<verb::audit::Args>),
    /// Judge saved facts again, without a network
    Judge(verb::judge::Args),
    /// Hold a later run against an earlier one: what is new, fixed, worse or could not be told
    Diff(verb::diff::Args),
    /// Write the documents of a handover from a project file or saved facts, without a network
    Handover(Box<verb::handover::Args>),
    /// Run the audit on the built-in demo internet
    Demo(verb::demo::Args),
    /// Tell who may send mail for a domain, or what SPF says of one sender by the result words of RFC 7208
    Spf(verb::spf::Args),
    /// List the settings that a project's code reads, and those that an environment lacks
    Env(verb::env::Args),
    /// Go through recorded steps of a visitor: sign up, sign in, pay
    Journey(verb::journey::Args),
    /// Measure how long answers take, and whether they take longer than before
    Latency(verb::latency::Args),
    /// Put load on an address, with the consent of whoever answers for it
    Load(verb::load::Args),
    /// Find what keeps a database from being quick: slow queries, missing indexes, pages that ask once for every row
    Db(verb::db::Args),
    /// Tell what a log holds that should not be there
    Logs(verb::logs::Args),
    /// Tell what a received message proves: signatures, sender, policy and the way that it took
    Mail(verb::mail::Args),
    /// Write a project of the window into one file, or make a project out of one
    Project(verb::project::Args),
    /// Tell who sends in a domain's name, by the DMARC reports that receivers sent about it
    Reports(verb::reports::Args),
    /// Look at addresses and journeys again and again, and tell each change
    Watch(Box<verb::watch::Args>),
    /// Find keys in a folder, its history, or what is about to be committed
    Secrets(verb::secrets::Args),
    /// List every check, built or not
    Checks(verb::list::Args),
    /// List the five roadmaps with their stages and rows
    Roadmaps(verb::list::Args),
}

fn main() -> ExitCode {
    let command = Command::parse();
    let ended = match command.verb {
        Verb::Checks(args) => verb::list::checks(&args),
        Verb::Roadmaps(args) => verb::list::roadmaps(&args),
        Verb::Env(args) => verb::env::run(&args),
        Verb::Logs(args) => verb::logs::run(&args),
        Verb::Reports(args) => verb::reports::run(&args),
        Verb::Secrets(args) => verb::secrets::run(&args),
        Verb::Diff(args) => verb::diff::run(&args),
        Verb::Judge(args) => verb::judge::run(&args),
        Verb::Audit(args) => with_runtime(verb::audit::run(*args)),
        Verb::Db(args) => with_runtime(verb::db::run(args)),
        Verb::Demo(args) => with_runtime(verb::demo::run(args)),
        Verb::Handover(args) => with_runtime(verb::handover::run(*args)),
        Verb::Journey(args) => with_runtime(verb::journey::run(args)),
        Verb::Latency(args) => with_runtime(verb::latency::run(args)),
        Verb::Load(args) => with_runtime(verb::load::run(args)),
        Verb::Mail(args) => with_runtime(verb::mail::run(args)),
        Verb::Project(args) => with_runtime(verb::project::run(args)),
        Verb::Watch(args) => with_runtime(verb::watch::run(*args)),
        Verb::Spf(args) => with_runtime(verb::spf::run(args)),
    };
    match ended {
        Ok(exit) => exit.into(),
        Err(trouble) => {
            eprintln!("launch-ready: {trouble}");
            Exit::BadInput.into()
        }
    }
}

fn with_runtime(work: impl Future<Output = Result<Exit, Trouble>>) -> Result<Exit, Trouble> {
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Trouble::new(format!("failed to start: {error}")))?;
    let ended = runtime.block_on(work);
    // A look-up that is still on its way must not keep the command from ending.
    runtime.shutdown_background();
    ended
}
