//! Recognises the machine: its family of packages, whether we are root, and whether it has a display.

use std::{env, fmt, fs, process::Command};

use crate::shell;

/// A family of systems that share a package manager.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Family {
    /// pacman.
    Arch,
    /// apt: Debian, Ubuntu and what comes from them. The only family that is installed on and tested.
    Debian,
    /// dnf.
    Fedora,
    /// Homebrew.
    MacOs,
    /// Any other.
    Unknown,
    /// winget.
    Windows,
}

/// What kind of machine this is.
pub struct System {
    /// The family of packages.
    pub family: Family,
    /// Whether packages can be installed without asking.
    pub root: bool,
    /// Whether a window can be shown.
    pub display: bool,
    name: String,
}

impl System {
    /// Looks at the machine that this runs on.
    pub fn recognise() -> Self {
        let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
        let family = match env::consts::OS {
            "macos" => Family::MacOs,
            "windows" => Family::Windows,
            _ => family_of(&release),
        };
        let name = field(&release, "PRETTY_NAME").unwrap_or(env::consts::OS).to_owned();
        let root = shell::ask(Command::new("id").arg("-u")).is_ok_and(|told| told.out.trim() == "0");
        let display = match env::consts::OS {
            "macos" | "windows" => true,
            _ => ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| env::var_os(name).is_some_and(|it| !it.is_empty())),
        };
        Self { family, root, display, name }
    }
}

impl fmt::Display for System {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = if self.root { "as root" } else { "without root" };
        let display = if self.display { "with a display" } else { "without a display" };
        write!(out, "this is {}, {root}, {display}", self.name)
    }
}

/// The family that an os-release file tells of.
fn family_of(release: &str) -> Family {
    let own = field(release, "ID").unwrap_or_default();
    let like = field(release, "ID_LIKE").unwrap_or_default();
    std::iter::once(own)
        .chain(like.split_whitespace())
        .find_map(|id| match id {
            "debian" | "ubuntu" => Some(Family::Debian),
            "fedora" | "rhel" => Some(Family::Fedora),
            "arch" | "archlinux" => Some(Family::Arch),
            _ => None,
        })
        .unwrap_or(Family::Unknown)
}

/// One value of an os-release file, without its quotes (os-release(5)).
fn field<'a>(release: &'a str, name: &str) -> Option<&'a str> {
    release.lines().find_map(|line| {
        let (key, value) = line.trim().split_once('=')?;
        (key == name).then(|| value.trim_matches(['"', '\'']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_ubuntu_and_what_comes_from_them_are_one_family() {
        assert_eq!(family_of("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n"), Family::Debian);
        assert_eq!(family_of("ID=ubuntu\nID_LIKE=debian\n"), Family::Debian);
        assert_eq!(family_of("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"), Family::Debian);
        assert_eq!(family_of("ID='pop'\nID_LIKE='ubuntu debian'\n"), Family::Debian);
    }

    #[test]
    fn the_others_are_told_apart() {
        assert_eq!(family_of("ID=fedora\n"), Family::Fedora);
        assert_eq!(family_of("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n"), Family::Fedora);
        assert_eq!(family_of("ID=manjaro\nID_LIKE=arch\n"), Family::Arch);
        assert_eq!(family_of("ID=void\n"), Family::Unknown);
        assert_eq!(family_of(""), Family::Unknown);
    }

    #[test]
    fn a_value_loses_its_quotes_and_a_longer_key_is_another_key() {
        let release = "VERSION_ID=\"12\"\nID_LIKE=x\nID=debian\nPRETTY_NAME=\"A B\"";
        assert_eq!(field(release, "ID"), Some("debian"));
        assert_eq!(field(release, "PRETTY_NAME"), Some("A B"));
        assert_eq!(field(release, "NAME"), None);
    }
}
