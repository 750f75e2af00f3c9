//! Keys of every kind in a script that a real minifier packed, and in its source map: how many are found, and where they are said to stand.
//!
//! The packed files hold marks in the place of keys (`tests/cases/bundle/make.mjs` makes them); each kind's own sample is put there.

use super::{File, Rule, Scanner, rules};
use crate::facts::SecretMatch;
use std::collections::{BTreeMap, BTreeSet};

const SALT: [u8; 32] = [5; 32];
const PACKED: &str = include_str!("../../../../../tests/cases/bundle/app.js");
const MAP: &str = include_str!("../../../../../tests/cases/bundle/app.js.map");
const PLANTED: &str = include_str!("../../../../../tests/cases/bundle/planted.json");

/// The kinds that were planted, with the file and line of each.
fn planted() -> BTreeMap<String, (String, u32)> {
    serde_json::from_str(PLANTED).unwrap()
}

/// What is planted of a kind: its sample, or the value alone where the packed text has a name of its own for it.
fn value(rule: &Rule) -> String {
    let sample = rule.yes[0].concat();
    let named = rule.named.then(|| sample.split_once("=\"").map(|(_, value)| value.trim_end_matches('"').to_owned()));
    named.flatten().unwrap_or(sample)
}

/// Text in a string of a script, or in a string of a script in a string of JSON.
fn wrapped(text: &str, layers: usize) -> String {
    (0..layers).fold(text.to_owned(), |text, _| {
        let json = serde_json::to_string(&text).unwrap();
        json[1..json.len() - 1].to_owned()
    })
}

fn filled(text: &str, layers: usize) -> String {
    rules()
        .iter()
        .fold(text.to_owned(), |text, rule| text.replace(&format!("@@{}@@", rule.id), &wrapped(&value(rule), layers)))
}

/// The prints that the planted values have.
fn prints() -> BTreeMap<String, String> {
    let print = |rule: &Rule| super::fingerprint(&SALT, value(rule).as_bytes());
    rules().iter().map(|rule| (rule.id.clone(), print(rule))).collect()
}

/// Planted kinds that were not found, by rule or by value.
fn missed(found: &[SecretMatch]) -> Vec<String> {
    let rules: BTreeSet<&str> = found.iter().map(|found| found.rule.as_str()).collect();
    let values: BTreeSet<&str> = found.iter().map(|found| found.fingerprint.as_str()).collect();
    let prints = prints();
    planted().into_keys().filter(|id| !rules.contains(id.as_str()) && !values.contains(prints[id].as_str())).collect()
}

fn told(what: &str, missed: &[String]) -> f64 {
    let all = planted().len();
    let recall = 1.0 - missed.len() as f64 / all as f64;
    println!(
        "{what}: {} of {all} kinds found ({:.1} %); missed: {}",
        all - missed.len(),
        recall * 100.0,
        missed.join(" ")
    );
    recall
}

#[test]
fn keys_in_a_packed_script_are_found() {
    assert!(planted().len() >= 200);
    let mut scanner = Scanner::new("https://example.com/app.js", &SALT);
    scanner.feed(filled(PACKED, 1).as_bytes());
    // Hexadecimal digits and short values whose name the packer took away are known by their source map only.
    assert!(told("packed script", &missed(&scanner.finish())) >= 0.95);
}

#[test]
fn keys_in_a_source_map_are_found_in_their_original_file_and_line() {
    let map = filled(MAP, 2);
    let data = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &map);
    let inside = format!("run();\n//# sourceMappingURL=data:application/json;base64,{data}\n");
    for (what, text) in [("source map", &map), ("source map inside a script", &inside)] {
        let mut file = File::new("https://example.com/app.js.map", &SALT, false);
        file.feed(text.as_bytes());
        let found = file.finish();
        let mut missed = missed(&found);
        let places: BTreeMap<&str, &SecretMatch> = found.iter().map(|found| (found.rule.as_str(), found)).collect();
        let misplaced = planted().into_iter().filter(|(id, (file, line))| {
            places.get(id.as_str()).is_some_and(|found| {
                found.line != *line || !found.source.as_ref().is_some_and(|name| name.ends_with(&format!("/{file}")))
            })
        });
        missed.extend(misplaced.map(|(id, _)| id));
        assert!(told(what, &missed) >= 0.95);
    }
}

#[test]
fn a_packed_script_without_keys_holds_none() {
    for text in [PACKED, MAP] {
        let mut file = File::new("https://example.com/app.js", &SALT, false);
        file.feed(text.as_bytes());
        assert_eq!(file.finish(), []);
    }
}
