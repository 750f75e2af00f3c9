//! Which settings a file of a project reads or declares: bytes in, names out. Values are looked at and never kept.

mod calls;
mod code;
mod dotenv;
mod given;
mod hosting;
mod join;
mod known;
mod nuxt;
mod place;
mod python;
mod script;
mod script_need;
mod shell;
#[cfg(test)]
mod tests;
mod token;
mod value;
mod yaml;

pub use calls::Called;
pub use given::{Refusal, given};
pub use join::Gathering;
pub use known::{public_prefix, secret_name, secret_public, supplied};
pub use place::{Kind, kind, part};
pub use value::class;

use crate::facts::{Need, ValueSeen};
use std::collections::BTreeMap;

/// Mentions kept of one file.
const MOST: usize = 5_000;
/// A longer name is none.
const NAME: usize = 128;

/// What one file says of one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The name.
    pub name: String,
    /// Line, from 1.
    pub line: u32,
    /// Whether it is read, declared or set.
    pub how: How,
}

/// What a file does with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Reads it.
    Reads(Need),
    /// Declares it with such a value.
    Declares(ValueSeen),
    /// Sets it for a deployment.
    Provides,
}

/// What is met in one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Names of settings.
    pub mentions: Vec<Mention>,
    /// Calls to other services.
    pub calls: Vec<Called>,
    /// What the comment above its line says of a name.
    pub notes: BTreeMap<String, String>,
}

impl Found {
    fn reads(&mut self, name: &str, line: u32, need: Need) {
        self.add(name, line, How::Reads(need));
    }

    fn add(&mut self, name: &str, line: u32, how: How) {
        if is_name(name) && self.mentions.len() < MOST {
            self.mentions.push(Mention { name: name.to_owned(), line, how });
        }
    }

    fn call(&mut self, call: &str, line: u32, bounded: bool) {
        if self.calls.len() < MOST {
            self.calls.push(Called { call: call.to_owned(), line, bounded });
        }
    }
}

/// Whether a text can be the name of a setting (POSIX names, in either case).
#[must_use]
pub fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    text.len() <= NAME
        && bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether a name is written as settings usually are: capitals, digits, underscores.
fn shouted(text: &str) -> bool {
    is_name(text)
        && text.bytes().any(|byte| byte.is_ascii_uppercase())
        && text.bytes().all(|byte| !byte.is_ascii_lowercase())
}

/// Reads one file. `path` is relative to the project and decides the language.
#[must_use]
pub fn read(path: &str, text: &str) -> Found {
    let mut found = Found::default();
    match kind(path) {
        Some(Kind::Dotenv { .. }) => {
            for line in dotenv::lines(text) {
                found.add(&line.name, line.line, How::Declares(class(&line.name, &line.value)));
                if !line.note.is_empty() && is_name(&line.name) {
                    found.notes.entry(line.name).or_insert(line.note);
                }
            }
        }
        Some(Kind::Script(dialect)) => script::read(dialect, text, &mut found),
        Some(Kind::Python) => python::read(text, &mut found),
        Some(Kind::Code(language)) => code::read(language, text, &mut found),
        Some(Kind::Shell) => shell::read(text, &mut found),
        Some(Kind::Dockerfile) => shell::dockerfile(text, &mut found),
        Some(Kind::Yaml(role)) => yaml::read(role, text, &mut found),
        Some(Kind::Hosting(house)) => hosting::read(house, text, &mut found),
        Some(Kind::Properties) => yaml::placeholders(text, &mut found),
        None => {}
    }
    found
}
