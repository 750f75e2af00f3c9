//! The project's own commands: `cargo xtask run | test | bundle | bench | help`.
//!
//! Standard library only, so that it compiles in seconds on a machine that has nothing but Rust and a C linker.

mod bench;
mod bundle;
mod needs;
mod page;
mod run;
mod shell;
mod stop;
mod system;
mod tally;
mod test;
mod tools;
mod yard;

use std::process::ExitCode;

use crate::{stop::Stop, yard::Yard};

const HELP: &str = "\
cargo xtask COMMAND

  run      installs what is missing, builds, and opens the window on the demo project;
           without a display: prints the demo's audit and writes its handover PDF
  test     installs what is missing and runs every test, the ones in the real window included
  bundle   makes the Debian package
  bench    runs a benchmark by its name
  help     prints this

Exit codes: 0 done, 1 something failed, 2 something is missing or the command is unknown.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match obey(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            eprintln!("{stop}");
            ExitCode::from(stop.code())
        }
    }
}

fn obey(arguments: &[String]) -> Result<(), Stop> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["run"] => run::run(&Yard::open()?),
        ["test"] => test::test(&Yard::open()?),
        ["bundle"] => bundle::bundle(&Yard::open()?),
        ["bench", names @ ..] => bench::bench(names),
        ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        [] => Err(Stop::Missing(HELP.to_owned())),
        other => Err(Stop::Missing(format!("unknown command: {}\n\n{HELP}", other.join(" ")))),
    }
}
