//! Reads the files of hosting platforms and packages: what Vercel's and Netlify's settings set, and what the scripts of a package use.

use super::shell::{Fallback, dollars};
use super::{Found, How, shouted};
use std::collections::BTreeSet;

/// Whose file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum House {
    /// `netlify.toml`.
    Netlify,
    /// `package.json`.
    Package,
    /// `vercel.json`.
    Vercel,
}

pub(super) fn read(house: House, text: &str, found: &mut Found) {
    match house {
        House::Netlify => netlify(text, found),
        House::Package => package(text, found),
        House::Vercel => vercel(text, found),
    }
}

/// `[build.environment]` and `[context.NAME.environment]` set names; `[template.environment]` describes what a copy must be given.
fn netlify(text: &str, found: &mut Found) {
    let Ok(file) = toml::from_str::<toml::Table>(text) else { return };
    let table = |of: Option<&toml::Value>| of.and_then(|of| of.get("environment")?.as_table()).cloned();
    let contexts = file.get("context").and_then(toml::Value::as_table);
    let every = contexts.into_iter().flatten().map(|(_, context)| table(Some(context)));
    let names: BTreeSet<String> = every
        .chain([table(file.get("build"))])
        .flatten()
        .flat_map(|names| names.into_iter().map(|(name, _)| name))
        .collect();
    for name in names {
        let given = |row: &&str| row.trim_start().trim_start_matches(['"', '{', ' ']).starts_with(&name);
        found.add(&name, line(text, given), How::Provides);
    }
}

/// `env` and `build.env` set names.
fn vercel(text: &str, found: &mut Found) {
    let Ok(file) = serde_json::from_str::<serde_json::Value>(text) else { return };
    for names in [file.pointer("/env"), file.pointer("/build/env")] {
        for name in names.and_then(serde_json::Value::as_object).into_iter().flat_map(serde_json::Map::keys) {
            let key = format!("\"{name}\"");
            found.add(name, line(text, |row| row.contains(&key)), How::Provides);
        }
    }
}

/// The shell lines under `scripts`, without what they set themselves and what npm sets.
fn package(text: &str, found: &mut Found) {
    let Ok(file) = serde_json::from_str::<serde_json::Value>(text) else { return };
    for (name, script) in file.get("scripts").and_then(serde_json::Value::as_object).into_iter().flatten() {
        let Some(script) = script.as_str() else { continue };
        let key = format!("\"{name}\"");
        let mut inside = Found::default();
        dollars(script, line(text, |row| row.trim_start().starts_with(&key)), Fallback::Dash, &mut inside);
        let set = |name: &str| {
            script
                .split([' ', ';', '&', '|', '('])
                .any(|word| word.split('=').next() == Some(name) && word.contains('='))
        };
        for mention in inside.mentions.into_iter().filter(|mention| shouted(&mention.name) && !set(&mention.name)) {
            found.add(&mention.name, mention.line, mention.how);
        }
    }
}

/// The first line that says it, from 1.
fn line(text: &str, says: impl Fn(&&str) -> bool) -> u32 {
    let at = text.lines().position(|row| says(&row)).unwrap_or_default();
    u32::try_from(at + 1).unwrap_or(u32::MAX)
}
