//! The page in `ui/`: its packages and its build, done again only when something it is made of has changed.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    process::Command,
};

use crate::{shell, stop::Stop, yard::Yard};

/// Folders that the page's build writes or that packages are unpacked to.
const MADE: [&str; 4] = ["node_modules", "dist", "dist-demo", ".svelte-kit"];

/// Unpacks exactly the packages of the lock file; no package's own script runs.
pub fn install(yard: &Yard) -> Result<(), Stop> {
    let ui = yard.ui();
    let lock = [ui.join("package.json"), ui.join("package-lock.json")];
    fresh(yard, "page-packages", &lock, &ui.join("node_modules"), || {
        yard.say("page: unpacking packages (npm ci)");
        let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        shell::quiet(npm(yard).args(arguments)).map(drop)
    })
}

/// Builds the page that the window shows.
pub fn build(yard: &Yard) -> Result<(), Stop> {
    let made_of = [yard.ui(), yard.root.join("assets/fonts")];
    fresh(yard, "page-build", &made_of, &yard.ui().join("dist/index.html"), || {
        yard.say("page: building (vite build)");
        shell::quiet(npm(yard).args(["run", "--silent", "build"])).map(drop)
    })
}

/// npm in the page's folder.
pub fn npm(yard: &Yard) -> Command {
    let mut command = yard.command("npm");
    command.current_dir(yard.ui());
    if env::var_os("CI").is_some() {
        command.env("NO_COLOR", "1");
    }
    command
}

/// Whether the page's package file has a script of this name.
pub fn has_script(yard: &Yard, name: &str) -> bool {
    fs::read_to_string(yard.ui().join("package.json")).is_ok_and(|text| names_script(&text, name))
}

fn names_script(package: &str, name: &str) -> bool {
    let Some((_, after)) = package.split_once("\"scripts\"") else { return false };
    let scripts = after.split('}').next().unwrap_or_default();
    scripts.contains(&format!("\"{name}\":"))
}

/// Runs `make` unless `result` is there and was made of the same bytes.
fn fresh(
    yard: &Yard,
    name: &str,
    made_of: &[PathBuf],
    result: &Path,
    make: impl Fn() -> Result<(), Stop>,
) -> Result<(), Stop> {
    let stamp = yard.tools().join(format!("{name}.stamp"));
    let now = print_of(made_of)?;
    if result.exists() && fs::read_to_string(&stamp).is_ok_and(|then| then == now) {
        yard.say(&format!("{name}: nothing has changed"));
        return Ok(());
    }
    make()?;
    fs::create_dir_all(yard.tools()).map_err(|error| Stop::file(&stamp, &error))?;
    fs::write(&stamp, now).map_err(|error| Stop::file(&stamp, &error))
}

/// A fingerprint of the names and bytes of all files under these paths.
fn print_of(paths: &[PathBuf]) -> Result<String, Stop> {
    let mut hasher = DefaultHasher::new();
    for path in paths {
        mix(path, &mut hasher).map_err(|error| Stop::file(path, &error))?;
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn mix(path: &Path, hasher: &mut DefaultHasher) -> std::io::Result<()> {
    if path.is_file() {
        path.hash(hasher);
        fs::read(path)?.hash(hasher);
        return Ok(());
    }
    let mut inside: Vec<PathBuf> =
        fs::read_dir(path)?.map(|entry| entry.map(|it| it.path())).collect::<Result<_, _>>()?;
    inside.retain(|it| !it.file_name().is_some_and(|name| MADE.iter().any(|made| name == *made)));
    inside.sort();
    inside.iter().try_for_each(|it| mix(it, hasher))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_byte_is_seen_and_a_made_folder_is_not() {
        let folder = std::env::temp_dir().join(format!("xtask-page-{}", std::process::id()));
        fs::create_dir_all(folder.join("src")).unwrap();
        fs::create_dir_all(folder.join("node_modules")).unwrap();
        fs::write(folder.join("src/a.ts"), "1").unwrap();
        let paths = [folder.clone()];
        let before = print_of(&paths).unwrap();
        fs::write(folder.join("node_modules/b.js"), "2").unwrap();
        assert_eq!(print_of(&paths).unwrap(), before);
        fs::write(folder.join("src/a.ts"), "2").unwrap();
        assert_ne!(print_of(&paths).unwrap(), before);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_script_is_found_among_the_scripts_only() {
        let package =
            r#"{"name":"x","scripts":{"build":"vite build","lint": "eslint ."},"devDependencies":{"test":"1"}}"#;
        assert!(names_script(package, "build") && names_script(package, "lint"));
        assert!(!names_script(package, "test") && !names_script("{}", "build"));
    }
}
