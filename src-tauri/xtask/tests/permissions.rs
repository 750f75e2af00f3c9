//! The window's commands, their permissions and what the window is granted are one list; so is what the page asks for.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn src_tauri() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// What stands between double quotes on lines that begin with `start`.
fn quoted(text: &str, start: &str) -> BTreeSet<String> {
    text.lines()
        .filter(|line| line.trim_start().starts_with(start))
        .filter_map(|line| {
            line.split('"').rfind(|part| !part.trim().is_empty() && !part.contains([']', '[', '=', ',']))
        })
        .map(str::to_owned)
        .collect()
}

/// The last names of the paths inside `generate_handler![…]`, wherever it stands in the window.
fn handled() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(src_tauri().join("window")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|it| it != "rs") {
            continue;
        }
        let text = fs::read_to_string(path).unwrap();
        let Some((_, after)) = text.split_once("generate_handler![") else { continue };
        let list = after.split(']').next().unwrap();
        let last = list.split(',').filter_map(|path| path.trim().rsplit("::").next()).filter(|name| !name.is_empty());
        names.extend(last.map(str::to_owned));
    }
    names
}

#[test]
fn each_command_has_a_permission_and_each_permission_a_command() {
    let permissions = fs::read_to_string(src_tauri().join("permissions/app.toml")).unwrap();
    let commands = quoted(&permissions, "commands.allow");
    assert!(!commands.is_empty());
    assert_eq!(handled(), commands);
    let expected: BTreeSet<String> = commands.iter().map(|name| format!("allow-{}", name.replace('_', "-"))).collect();
    assert_eq!(quoted(&permissions, "identifier"), expected);
}

#[test]
fn the_page_asks_for_every_command_and_for_no_other() {
    let page = fs::read_to_string(src_tauri().join("../ui/src/ipc.ts")).unwrap();
    let asked =
        page.split("invoke(").skip(1).filter_map(|after| after.trim_start().strip_prefix('\'')?.split('\'').next());
    let permissions = fs::read_to_string(src_tauri().join("permissions/app.toml")).unwrap();
    assert_eq!(asked.map(str::to_owned).collect::<BTreeSet<_>>(), quoted(&permissions, "commands.allow"));
}

#[test]
fn the_window_is_granted_its_own_commands_and_nothing_else() {
    let permissions = fs::read_to_string(src_tauri().join("permissions/app.toml")).unwrap();
    let capability = fs::read_to_string(src_tauri().join("capabilities/main.json")).unwrap();
    let (_, after) = capability.split_once("\"permissions\"").unwrap();
    let granted = quoted(after, "\"");
    assert_eq!(granted, quoted(&permissions, "identifier"));
}
