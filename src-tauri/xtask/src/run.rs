//! `cargo xtask run`: the window on the demo project, or the demo in the terminal where no window can be shown.

use std::{env, process::Command};

use crate::{
    needs::{self, Purpose},
    page, shell,
    stop::Stop,
    tools,
    yard::Yard,
};

/// Builds what can be shown here and shows it.
pub fn run(yard: &Yard) -> Result<(), Stop> {
    if yard.system.display {
        return window(yard);
    }
    yard.say("there is no display here, so the demo runs in the terminal instead of the window");
    headless(yard)
}

fn window(yard: &Yard) -> Result<(), Stop> {
    needs::ready(yard, Purpose::Window)?;
    tools::node(yard)?;
    page::install(yard)?;
    page::build(yard)?;
    yard.say("building the window (a few minutes the first time)");
    shell::show(yard.command("cargo").args([
        "build",
        "--package",
        "launch-ready-desktop",
        "--features",
        "custom-protocol",
    ]))?;
    yard.say("opening the window on the demo project");
    let program = yard.target.join("debug").join(format!("launch-ready-desktop{}", env::consts::EXE_SUFFIX));
    shell::show(Command::new(program).arg("--demo").current_dir(&yard.root))
}

fn headless(yard: &Yard) -> Result<(), Stop> {
    needs::ready(yard, Purpose::Headless)?;
    yard.say("building launch-ready (a few minutes the first time)");
    shell::show(yard.command("cargo").args(["build", "--package", "headless"]))?;
    let pdf = yard.target.join("demo-handover.pdf");
    yard.say("running the demo");
    let program = yard.target.join("debug").join(format!("launch-ready{}", env::consts::EXE_SUFFIX));
    let mut demo = Command::new(program);
    demo.args(["demo", "--pdf"]).arg(&pdf).current_dir(&yard.root);
    match shell::code(&mut demo)? {
        // The demo shows a site with faults: 1 only says that it found them.
        Some(0 | 1) if pdf.is_file() => {
            yard.say(&format!("the handover document is {}", pdf.display()));
            Ok(())
        }
        Some(0 | 1) => Err(Stop::Failed(format!("the demo ran but did not write {}", pdf.display()))),
        Some(code) => Err(Stop::Failed(format!("the demo did not run: exit code {code}"))),
        None => Err(Stop::Failed("the demo was ended by a signal".into())),
    }
}
