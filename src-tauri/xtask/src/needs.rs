//! What a command needs from the machine, what of it is missing, and the one command that brings it.

use std::{collections::BTreeSet, env, process::Command};

use crate::{shell, stop::Stop, system::Family, tools, yard::Yard};

/// What a command is about to do.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Purpose {
    /// Build and run the terminal twin: a Rust toolchain and a C compiler.
    Headless,
    /// Build and open the window.
    Window,
    /// Run every test.
    Tests,
}

/// One thing to install: what the package manager calls it, and a program that proves it where no package list is read.
type Piece = (&'static str, &'static str);

/// A C compiler: cargo links by it, and SQLite and the cryptography are partly C.
fn compiler(family: Family) -> &'static str {
    match family {
        Family::Arch => "base-devel",
        Family::Debian => "build-essential",
        Family::Fedora | Family::MacOs | Family::Unknown => "gcc",
        Family::Windows => "Microsoft.VisualStudio.2022.BuildTools",
    }
}

/// The packages of a family that building and showing the window takes.
fn window(family: Family) -> &'static [Piece] {
    match family {
        Family::Arch => &[("webkit2gtk-4.1", ""), ("gtk3", ""), ("pkgconf", "")],
        Family::Debian => &[("libgtk-3-dev", ""), ("libwebkit2gtk-4.1-dev", ""), ("pkg-config", "")],
        Family::Fedora => &[("gtk3-devel", ""), ("webkit2gtk4.1-devel", ""), ("pkgconf-pkg-config", "")],
        Family::MacOs | Family::Unknown | Family::Windows => &[],
    }
}

/// The packages that only the tests take: a screen, a driver for the window, a keychain, and readers of PDF.
fn tests(family: Family) -> &'static [Piece] {
    match family {
        Family::Arch => &[
            ("dbus", ""),
            ("gnome-keyring", ""),
            ("mariadb", ""),
            ("poppler", ""),
            ("postgresql", ""),
            ("qpdf", ""),
            ("python", ""),
            ("webkitgtk-6.0", ""),
            ("xorg-server-xvfb", ""),
            ("xorg-xauth", ""),
        ],
        Family::Debian => &[
            ("dbus", ""),
            ("gnome-keyring", ""),
            ("mariadb-server", ""),
            ("poppler-utils", ""),
            ("postgresql", ""),
            ("qpdf", ""),
            ("webkit2gtk-driver", ""),
            ("xauth", ""),
            ("xvfb", ""),
        ],
        Family::Fedora => &[
            ("dbus-daemon", ""),
            ("gnome-keyring", ""),
            ("mariadb-server", ""),
            ("poppler-utils", ""),
            ("postgresql-contrib", ""),
            ("postgresql-server", ""),
            ("python3", ""),
            ("qpdf", ""),
            ("webkitgtk6.0", ""),
            ("xorg-x11-server-Xvfb", ""),
            ("xorg-x11-xauth", ""),
        ],
        Family::MacOs => &[("poppler", "pdftotext"), ("python", "python3"), ("qpdf", "qpdf")],
        Family::Unknown => &[("poppler", "pdftotext"), ("python", "python3"), ("qpdf", "qpdf"), ("xvfb", "xvfb-run")],
        Family::Windows => &[("oschwartz10612.Poppler", "pdftotext"), ("QPDF.QPDF", "qpdf")],
    }
}

/// Node.js, where it is taken from the system.
fn node(family: Family) -> &'static [Piece] {
    match family {
        // Debian 12 and Ubuntu 24.04 bring one that is too old for the page's build: `tools` fetches it instead.
        Family::Debian => &[],
        Family::Arch => &[("nodejs", "node"), ("npm", "npm")],
        Family::Fedora => &[("nodejs", "node"), ("nodejs-npm", "npm")],
        Family::MacOs | Family::Unknown => &[("node", "node")],
        Family::Windows => &[("OpenJS.NodeJS.LTS", "node")],
    }
}

/// Makes sure that everything for `purpose` is there: installs it, or ends with the command that does.
pub fn ready(yard: &Yard, purpose: Purpose) -> Result<(), Stop> {
    let missing = missing_here(yard, purpose)?;
    if missing.is_empty() {
        yard.say("nothing is missing from the system");
        return Ok(());
    }
    let family = yard.system.family;
    let command = install_command(family, &missing, yard.system.root);
    if family != Family::Debian || !yard.system.root {
        let says = format!("missing: {}\nrun this, then the same command again:\n\n  {command}", missing.join(" "));
        return Err(Stop::Missing(says));
    }
    yard.say(&format!("installing {}", missing.join(" ")));
    shell::quiet(apt(yard).arg("update"))?;
    shell::quiet(apt(yard).args(["install", "--yes", "--no-install-recommends"]).args(&missing))?;
    Ok(())
}

fn apt(yard: &Yard) -> Command {
    let mut command = yard.command("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").args(["-o", "Acquire::Retries=3"]);
    command
}

fn missing_here(yard: &Yard, purpose: Purpose) -> Result<Vec<&'static str>, Stop> {
    let family = yard.system.family;
    let mut wanted: Vec<Piece> = Vec::new();
    let node_fits = purpose == Purpose::Headless || tools::node_fits(yard);
    if purpose >= Purpose::Window {
        wanted.extend(window(family));
        if !node_fits {
            wanted.extend(node(family));
        }
    }
    if purpose >= Purpose::Tests {
        wanted.extend(tests(family));
    }
    let mut missing = match package_list(family) {
        Some(mut list) => {
            let names = shell::quiet(&mut list)?;
            let there = installed(&names);
            absent(&wanted, |(package, _)| there.contains(package))
        }
        None => absent(&wanted, |(_, program)| on_path(program)),
    };
    if !on_path("cc") && family != Family::Windows {
        missing.push(compiler(family));
    }
    let tools_by_python = purpose == Purpose::Tests || !node_fits;
    if family == Family::Debian && tools_by_python && !tools::python_fits() {
        missing.extend(["python3", "python3-venv"]);
    }
    Ok(missing)
}

/// The command that lists the installed packages, one name a line.
fn package_list(family: Family) -> Option<Command> {
    let (program, arguments): (&str, &[&str]) = match family {
        Family::Arch => ("pacman", &["-Qq"]),
        Family::Debian => ("dpkg-query", &["--show", "--showformat=${db:Status-Status} ${Package}\\n"]),
        Family::Fedora => ("rpm", &["-qa", "--queryformat", "%{NAME}\\n"]),
        Family::MacOs | Family::Unknown | Family::Windows => return None,
    };
    let mut command = Command::new(program);
    command.args(arguments);
    Some(command)
}

/// The names in a package list; one that was removed but left its settings behind does not count.
fn installed(list: &str) -> BTreeSet<&str> {
    list.lines()
        .filter_map(|line| match line.trim().split_once(' ') {
            Some((state, name)) => (state == "installed").then_some(name),
            None => Some(line.trim()),
        })
        .collect()
}

/// The wanted pieces that are not there, each once, in their order.
fn absent(wanted: &[Piece], there: impl Fn(Piece) -> bool) -> Vec<&'static str> {
    let mut seen = BTreeSet::new();
    wanted.iter().filter(|piece| !there(**piece)).map(|(package, _)| *package).filter(|it| seen.insert(*it)).collect()
}

/// Whether a program of this name can be started.
fn on_path(program: &str) -> bool {
    let name = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(&name).is_file()))
}

/// The exact command that installs what is missing.
fn install_command(family: Family, missing: &[&str], root: bool) -> String {
    let sudo = if root { "" } else { "sudo " };
    let names = missing.join(" ");
    match family {
        Family::Arch => format!("{sudo}pacman -S --needed {names}"),
        Family::Debian => {
            format!("{sudo}apt-get update && {sudo}apt-get install --yes --no-install-recommends {names}")
        }
        Family::Fedora => format!("{sudo}dnf install --assumeyes {names}"),
        Family::MacOs => format!("brew install {names}"),
        Family::Unknown => format!("(by this system's own package manager) install {names}"),
        Family::Windows => {
            missing.iter().map(|id| format!("winget install --exact --id {id}")).collect::<Vec<_>>().join("; ")
        }
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn only_what_is_not_there_is_missing_and_each_once() {
        let wanted = [("xvfb", ""), ("qpdf", ""), ("xvfb", "")];
        assert_eq!(absent(&wanted, |(package, _)| package == "qpdf"), ["xvfb"]);
        assert!(absent(&wanted, |_| true).is_empty());
    }

    #[test]
    fn a_removed_package_is_not_there() {
        let debian = installed("installed xvfb\nconfig-files qpdf\nnot-installed dbus\n");
        assert_eq!(debian.into_iter().collect::<Vec<_>>(), ["xvfb"]);
        assert_eq!(installed("gtk3\nqpdf\n").into_iter().collect::<Vec<_>>(), ["gtk3", "qpdf"]);
    }

    #[test]
    fn the_command_is_the_one_to_type() {
        let debian = install_command(Family::Debian, &["xvfb", "qpdf"], false);
        assert_eq!(
            debian, "sudo apt-get update && sudo apt-get install --yes --no-install-recommends xvfb qpdf",
            "without root every part asks for it"
        );
        assert!(!install_command(Family::Debian, &["xvfb"], true).contains("sudo"));
        assert_eq!(install_command(Family::Fedora, &["gtk3-devel"], false), "sudo dnf install --assumeyes gtk3-devel");
        assert_eq!(install_command(Family::Arch, &["gtk3"], true), "pacman -S --needed gtk3");
        assert_eq!(install_command(Family::MacOs, &["node"], false), "brew install node");
    }

    #[test]
    fn the_terminal_twin_needs_nothing_of_the_window() {
        assert!(Purpose::Headless < Purpose::Window && Purpose::Window < Purpose::Tests);
    }
}
