//! Reads what an environment has, from whatever a person can hand over: a dotenv file, a platform's own list, JSON, plain names.

use super::{class, dotenv, is_name, shouted};
use crate::facts::{Environment, ValueSeen};
use serde_json::Value;
use std::collections::BTreeMap;

/// Names of one list.
const MOST: usize = 5_000;
/// Deeper JSON is no list of settings.
const DEPTH: usize = 6;
/// Words in the heads of tables that look like names.
const HEADS: [&str; 9] = ["NAME", "DIGEST", "KEY", "VALUE", "ENVIRONMENTS", "CREATED", "SECRET", "STATUS", "VARIABLE"];

/// Why a list could not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is not text.
    #[error("it is not text")]
    NotText,
    /// It begins like JSON and is none.
    #[error("it begins like JSON but is not whole")]
    Json,
    /// It holds no name of a setting.
    #[error(
        "no name of a setting was found in it; give a .env file, a list of names, or what `vercel env ls`, `heroku config` or `fly secrets list` print"
    )]
    Nothing,
}

/// Reads the list of the environment called `environment`. Values are classed and forgotten.
///
/// # Errors
/// It holds nothing that can be used.
pub fn given(environment: &str, bytes: &[u8]) -> Result<Environment, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::NotText)?;
    if text.contains('\0') {
        return Err(Refusal::NotText);
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut names = BTreeMap::new();
    let from = if text.trim_start().starts_with(['{', '[']) {
        let value: Value = serde_json::from_str(text).map_err(|_| Refusal::Json)?;
        json(&value, environment, 0, &mut names);
        "JSON"
    } else if text.lines().any(|line| line.starts_with("=== ")) {
        for line in text.lines() {
            if let Some((name, value)) = line.split_once(':').filter(|(name, _)| is_name(name)) {
                put(name, Some(value), &mut names);
            }
        }
        "heroku config"
    } else if assignments(text) {
        for line in dotenv::lines(text) {
            put(&line.name, Some(&line.value), &mut names);
        }
        "dotenv file"
    } else {
        table(text, environment, &mut names)
    };
    if names.is_empty() { Err(Refusal::Nothing) } else { Ok(Environment { from: from.to_owned(), names }) }
}

fn put(name: &str, value: Option<&str>, names: &mut BTreeMap<String, Option<ValueSeen>>) {
    if names.len() < MOST && is_name(name) {
        names.insert(name.to_owned(), value.map(|value| class(name, value)));
    }
}

/// Whether most lines that say something assign a value.
fn assignments(text: &str) -> bool {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let assigns = |line: &str| {
        let line = line.strip_prefix("export ").unwrap_or(line);
        line.split_once('=').is_some_and(|(name, _)| is_name(name.trim_end()))
    };
    let (all, good) = lines.fold((0_usize, 0_usize), |(all, good), line| (all + 1, good + usize::from(assigns(line))));
    good > 0 && good * 3 >= all
}

fn json(value: &Value, environment: &str, depth: usize, names: &mut BTreeMap<String, Option<ValueSeen>>) {
    if depth > DEPTH {
        return;
    }
    match value {
        Value::Array(rows) => {
            for row in rows {
                match row {
                    Value::String(name) => put(name, None, names),
                    Value::Object(_) => json(row, environment, depth + 1, names),
                    _ => {}
                }
            }
        }
        Value::Object(fields) => {
            let text = |keys: &[&str]| keys.iter().find_map(|key| fields.get(*key)?.as_str());
            // AWS names a parameter by its path, and packs the settings of a secret into a text of their own.
            let last = |name: &'_ str| name.rsplit('/').next().unwrap_or(name).to_owned();
            let packed = text(&["SecretString"]).and_then(|packed| serde_json::from_str(packed).ok());
            if let Some(packed) = packed {
                json(&packed, environment, depth + 1, names);
                return;
            }
            if let Some(name) = text(&["key", "name", "Name", "Key", "NAME"]).map(last).filter(|name| is_name(name)) {
                let targets = fields.get("target").or_else(|| fields.get("targets"));
                let here = targets.is_none_or(|targets| meant(&targets.to_string(), environment));
                if here {
                    // Platforms hand out encrypted values; their look says nothing.
                    let open = fields.get("type").is_none_or(|kind| kind == "plain");
                    put(&name, text(&["value", "Value"]).filter(|_| open), names);
                }
                return;
            }
            for (key, value) in fields {
                match value {
                    Value::String(value) if is_name(key) && shouted(key) => put(key, Some(value), names),
                    Value::Number(_) | Value::Bool(_) if shouted(key) => put(key, Some(&value.to_string()), names),
                    Value::Object(inner) if shouted(key) => put(key, inner.get("value").and_then(Value::as_str), names),
                    Value::Object(_) | Value::Array(_) => json(value, environment, depth + 1, names),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// Whether a row that names environments names this one; a row that names none of the usual ones is for all.
fn meant(row: &str, environment: &str) -> bool {
    let row = row.to_ascii_lowercase();
    let usual = ["production", "preview", "development"];
    let wanted = match environment.to_ascii_lowercase().as_str() {
        "prod" | "live" | "production" => "production",
        "staging" | "preview" => "preview",
        "dev" | "local" | "development" => "development",
        _ => return true,
    };
    row.contains(wanted) || !usual.iter().any(|name| row.contains(name))
}

/// Tables of platforms and plain lists: the first word of each row.
fn table(text: &str, environment: &str, names: &mut BTreeMap<String, Option<ValueSeen>>) -> &'static str {
    let mut columns = false;
    for row in text.lines() {
        let row = row.trim_matches(|letter: char| {
            letter.is_whitespace() || matches!(letter, '│' | '|' | '║' | '-' | '*' | '•' | '"' | ',')
        });
        let mut words = row
            .split(|letter: char| letter.is_whitespace() || matches!(letter, '│' | '|' | '║' | '\t' | ','))
            .filter(|word| !word.is_empty());
        let (Some(name), second) = (words.next(), words.next()) else { continue };
        // A line of YAML that only opens a block names no setting.
        if second.is_none() && name.ends_with(':') {
            continue;
        }
        let name = name.trim_end_matches([':', '"']);
        if HEADS.contains(&name) || !shouted(name) && second.is_some() {
            continue;
        }
        columns |= second.is_some();
        if meant(row, environment) {
            put(name, None, names);
        }
    }
    if columns { "a platform's list" } else { "a list of names" }
}
