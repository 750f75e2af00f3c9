//! Reads YAML that names settings: compose, Kubernetes, pipelines, Spring. The parser hands out events, so that nothing is expanded.

use super::shell::{Fallback, braces, dollars};
use super::{Found, How, is_name, shouted};
use crate::facts::Need;
use saphyr_parser::{Event, Parser};

/// What a YAML file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Docker compose.
    Compose,
    /// Kubernetes, or unknown.
    Manifest,
    /// A CI service's file.
    Pipeline,
    /// A platform's file, which sets names for the live product.
    Platform,
    /// Spring's `application.yml`.
    Spring,
}

/// Deeper files are not written by people.
const DEPTH: usize = 60;
/// Events of one file.
const EVENTS: usize = 200_000;

/// One open collection.
enum Level {
    /// A mapping with the key whose value comes next.
    Map(Option<String>),
    List,
}

pub(super) fn read(role: Role, text: &str, found: &mut Found) {
    if role == Role::Spring {
        return placeholders(text, found);
    }
    // Templates with other languages inside are no YAML; what comes before the error is still told.
    let mut levels: Vec<Level> = vec![];
    for event in Parser::new_from_str(text).take(EVENTS) {
        let Ok((event, span)) = event else { return };
        let line = u32::try_from(span.start.line()).unwrap_or(u32::MAX);
        match event {
            Event::MappingStart(..) => levels.push(Level::Map(None)),
            Event::SequenceStart(..) => levels.push(Level::List),
            Event::MappingEnd | Event::SequenceEnd => {
                levels.pop();
                valued(&mut levels);
            }
            Event::Scalar(value, ..) => scalar(role, &mut levels, &value, line, found),
            Event::Alias(_) => valued(&mut levels),
            _ => {}
        }
        if levels.len() > DEPTH {
            return;
        }
    }
}

/// A value is whole: the next scalar of a mapping is a key again.
fn valued(levels: &mut [Level]) {
    if let Some(Level::Map(key)) = levels.last_mut() {
        *key = None;
    }
}

fn scalar(role: Role, levels: &mut [Level], value: &str, line: u32, found: &mut Found) {
    let path: Vec<&str> = levels
        .iter()
        .filter_map(|level| match level {
            Level::Map(Some(key)) => Some(key.as_str()),
            _ => None,
        })
        .collect();
    let inside = |names: &[&str]| path.iter().rev().take(2).any(|key| names.contains(key));
    let last = path.last().copied().unwrap_or_default().to_owned();
    let environment = inside(&["environment", "env", "env_variables", "envVars", "variables"]);
    if let Some(Level::Map(key @ None)) = levels.last_mut() {
        if environment && is_name(value) && shouted(value) && role != Role::Manifest && role != Role::Compose {
            found.add(value, line, How::Provides);
        }
        *key = Some(value.to_owned());
        return;
    }
    match role {
        Role::Compose => {
            if environment && matches!(levels.last(), Some(Level::List)) && shouted(value) {
                // A bare name is handed through from outside.
                found.reads(value, line, Need::Required);
            } else if environment && last != "environment" && shouted(&last) && matches!(value, "" | "~" | "null") {
                found.reads(&last, line, Need::Required);
            }
            dollars(value, line, Fallback::Dash, found);
        }
        Role::Manifest | Role::Platform => {
            if environment && matches!(last.as_str(), "name" | "key") && shouted(value) {
                found.add(value, line, How::Provides);
            }
        }
        Role::Pipeline => pipeline(value, line, found),
        Role::Spring => {}
    }
    valued(levels);
}

/// `${{ secrets.X }}` and `${{ vars.X }}`; `$X` in the steps themselves is mostly set by the file.
fn pipeline(value: &str, line: u32, found: &mut Found) {
    for part in value.split("${{").skip(1) {
        let inner = part.split("}}").next().unwrap_or_default();
        for word in inner.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_' && letter != '.') {
            let name = word.strip_prefix("secrets.").or_else(|| word.strip_prefix("vars."));
            if let Some(name) = name.filter(|name| *name != "GITHUB_TOKEN") {
                let own = inner.contains("||");
                found.reads(name, line, if own { Need::Defaulted } else { Need::Required });
            }
        }
    }
}

/// Spring's `${NAME:value}`.
pub(super) fn placeholders(text: &str, found: &mut Found) {
    for (line, row) in (1_u32..).zip(text.lines()) {
        if !row.trim_start().starts_with('#') {
            braces(row, line, Fallback::Colon, found);
        }
    }
}
