//! Proves that the index of checks is what the files say, and that every check's words meet the house rules.

use super::all;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// `area → names`, from `checks/<area>/<name>.rs` files that hold a check.
fn files(root: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for area in std::fs::read_dir(root).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir()) {
        for file in std::fs::read_dir(area.path()).unwrap().map(Result::unwrap) {
            let name = file.file_name().into_string().unwrap();
            let Some(name) = name.strip_suffix(".rs") else { continue };
            if std::fs::read_to_string(file.path()).unwrap().contains("pub static CHECK: Check") {
                found.entry(area.file_name().into_string().unwrap()).or_default().insert(name.to_owned());
            }
        }
    }
    found
}

fn written(found: &BTreeMap<String, BTreeSet<String>>) -> String {
    let mut text = String::new();
    for (area, names) in found {
        writeln!(text, "/// {area}.\npub mod {area} {{").unwrap();
        for name in names {
            writeln!(text, "    /// {area}.{name}.\n    pub mod {name};").unwrap();
        }
        text.push_str("}\n");
    }
    let count: usize = found.values().map(BTreeSet::len).sum();
    writeln!(text, "\nstatic ALL: [&Check; {count}] = [").unwrap();
    for (area, names) in found {
        for name in names {
            writeln!(text, "    &{area}::{name}::CHECK,").unwrap();
        }
    }
    text.push_str("];\n");
    text
}

#[test]
fn the_index_is_what_the_files_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/checks");
    let path = root.join("mod.rs");
    let text = std::fs::read_to_string(&path).unwrap();
    let (head, rest) = text.split_once("// index:begin\n").unwrap();
    let (now, tail) = rest.split_once("// index:end").unwrap();
    let fresh = written(&files(&root));
    if now != fresh && std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, format!("{head}// index:begin\n{fresh}// index:end{tail}")).unwrap();
        return;
    }
    assert_eq!(now, fresh, "run `UPDATE=1 cargo test -p audit index`");
}

#[test]
fn ids_are_paths_and_words_meet_the_house_rules() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/checks");
    let ids: BTreeSet<String> = files(&root)
        .into_iter()
        .flat_map(|(area, names)| names.into_iter().map(move |name| format!("{area}.{name}")))
        .collect();
    assert_eq!(ids, all().iter().map(|check| check.id.to_owned()).collect());
    for check in all() {
        for text in [check.title, check.why, check.covers] {
            assert!(!text.is_empty() && !text.contains("  ") && !text.contains('!'), "{}: {text:?}", check.id);
            assert!(!text.to_lowercase().contains("please"), "{}: {text:?}", check.id);
        }
        assert!(check.title.chars().count() <= 90 && !check.title.ends_with('.'), "{}: {:?}", check.id, check.title);
        assert!(check.why.ends_with('.') && check.covers.ends_with('.'), "{}", check.id);
        assert!(!check.needs.is_empty(), "{}", check.id);
        assert!(check.ask.is_some() || !check.needs.contains(&crate::check::Need::Person), "{}", check.id);
    }
}
