//! `cargo xtask bundle`: the Debian package, and a look into it.

use std::{fs, path::PathBuf};

use crate::{
    needs::{self, Purpose},
    page, shell,
    stop::Stop,
    tools,
    yard::Yard,
};

/// What has to be in the package for it to start and to be found in a menu.
const INSIDE: [&str; 5] = [
    "./usr/bin/launch-ready-desktop",
    "./usr/share/applications/LaunchReady.desktop",
    "./usr/share/icons/hicolor/128x128/apps/launch-ready-desktop.png",
    "./usr/share/doc/launch-ready/OFL-Inter.txt",
    "./usr/share/doc/launch-ready/OFL-JetBrainsMono.txt",
];

/// Builds the package in the release profile and checks what is in it.
pub fn bundle(yard: &Yard) -> Result<(), Stop> {
    needs::ready(yard, Purpose::Window)?;
    tools::node(yard)?;
    page::install(yard)?;
    let folder = yard.target.join("release/bundle/deb");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| Stop::file(&folder, &error))?;
    }
    yard.say("building the package in the release profile (several minutes the first time)");
    let cli = yard.ui().join("node_modules/.bin/tauri");
    let mut tauri = yard.command(&cli.to_string_lossy());
    shell::show(tauri.args(["build", "--ci", "--bundles", "deb", "--features", "custom-protocol"]))?;
    let package = only_package(&folder)?;
    yard.say("looking into the package");
    let control = shell::quiet(yard.command("dpkg-deb").arg("--info").arg(&package))?;
    let contents = shell::quiet(yard.command("dpkg-deb").arg("--contents").arg(&package))?;
    let wrong = faults(&control, &contents);
    if !wrong.is_empty() {
        return Err(Stop::Failed(format!("{} is not as it should be:\n{}", package.display(), wrong.join("\n"))));
    }
    let size = fs::metadata(&package).map_err(|error| Stop::file(&package, &error))?.len();
    yard.say(&format!("the package is {} ({} kB)", package.display(), size / 1000));
    Ok(())
}

fn only_package(folder: &PathBuf) -> Result<PathBuf, Stop> {
    fs::read_dir(folder)
        .map_err(|error| Stop::file(folder, &error))?
        .filter_map(|entry| entry.ok().map(|it| it.path()))
        .find(|path| path.extension().is_some_and(|it| it == "deb"))
        .ok_or_else(|| Stop::Failed(format!("there is no package in {}", folder.display())))
}

/// What is wrong with a package, judged by its control data and its list of files.
fn faults(control: &str, contents: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if !control.lines().any(|line| line.trim_start().starts_with("Depends:") && line.contains("libwebkit2gtk-4.1-0")) {
        wrong.push("it does not depend on libwebkit2gtk-4.1-0".to_owned());
    }
    let paths: Vec<&str> = contents
        .lines()
        .filter_map(|line| line.split_whitespace().nth(5))
        .map(|path| path.trim_start_matches("./"))
        .collect();
    for file in INSIDE {
        if !paths.contains(&file.trim_start_matches("./")) {
            wrong.push(format!("{file} is not in it"));
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_without_its_program_is_refused() {
        let control = " Package: launch-ready\n Depends: libwebkit2gtk-4.1-0, libgtk-3-0\n";
        let row = |path: &str| format!("-rwxr-xr-x 0/0 4340000 2026-11-20 10:00 {path}\n");
        let whole: String = INSIDE.iter().map(|path| row(path.trim_start_matches("./"))).collect();
        assert!(faults(control, &whole).is_empty());
        let without: String = INSIDE.iter().skip(1).map(|path| row(path)).collect();
        assert_eq!(faults(control, &without), ["./usr/bin/launch-ready-desktop is not in it"]);
        assert_eq!(faults("", &whole).len(), 1);
    }
}
