//! Reads shell scripts, Dockerfiles, and texts that name settings in `${…}`.

use super::{Found, How, is_name, shouted};
use crate::facts::Need;
use std::collections::BTreeSet;

/// How a text writes the value that stands in for a missing name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fallback {
    /// `${X:-value}`, as shells and compose do.
    Dash,
    /// `${X:value}`, as Spring does.
    Colon,
}

/// A shell script: names in capitals that it uses and does not set.
pub(super) fn read(text: &str, found: &mut Found) {
    let set = assigned(text);
    let mut inside = Found::default();
    for (line, row) in numbered(text) {
        if !row.trim_start().starts_with('#') {
            dollars(&unquoted(row), line, Fallback::Dash, &mut inside);
        }
    }
    for mention in inside.mentions.into_iter().filter(|mention| !set.contains(mention.name.as_str())) {
        found.add(&mention.name, mention.line, mention.how);
    }
}

fn numbered(text: &str) -> impl Iterator<Item = (u32, &str)> {
    (1_u32..).zip(text.lines())
}

/// Names that a script sets itself.
fn assigned(text: &str) -> BTreeSet<&str> {
    let mut set = BTreeSet::new();
    for row in text.lines() {
        for word in row.split([' ', '\t', ';', '(', '&', '|']) {
            let word = word.trim_start_matches(['"', '\'']);
            if let Some((name, _)) = word.split_once('=')
                && is_name(name.trim_end_matches('+'))
            {
                set.insert(name.trim_end_matches('+'));
            }
        }
        let mut words = row.split_whitespace();
        while let Some(word) = words.next() {
            if matches!(word, "read" | "for" | "local" | "declare" | "readonly" | "getopts" | "mapfile" | "unset") {
                set.extend(
                    words
                        .by_ref()
                        .filter(|word| is_name(word.trim_end_matches(';')))
                        .map(|word| word.trim_end_matches(';')),
                );
            }
        }
    }
    set
}

/// A row without what stands in single quotes and behind a comment mark.
fn unquoted(row: &str) -> String {
    let (mut kept, mut single, mut double, mut before) = (String::new(), false, false, ' ');
    for letter in row.chars() {
        match letter {
            '\'' if !double => single = !single,
            '"' if !single => double = !double,
            '#' if !single && !double && before.is_whitespace() => break,
            _ if single => {}
            _ => kept.push(letter),
        }
        before = letter;
    }
    kept
}

/// A Dockerfile: what it sets, and what it takes from outside.
pub(super) fn dockerfile(text: &str, found: &mut Found) {
    let mut set = BTreeSet::new();
    let joined: Vec<(u32, &str)> = numbered(text).collect();
    let mut instruction = String::new();
    for (line, row) in joined {
        let row = row.trim();
        if row.starts_with('#') {
            continue;
        }
        let (verb, rest) = row.split_once(char::is_whitespace).unwrap_or((row, ""));
        let continues = instruction.is_empty();
        if continues {
            instruction = verb.to_ascii_uppercase();
        }
        let rest = if continues { rest } else { row };
        match instruction.as_str() {
            "ENV" => {
                for (name, value) in pairs(rest) {
                    dollars(value, line, Fallback::Dash, found);
                    // A value that is taken from an ARG of the same name says nothing of its own.
                    if !value.is_empty() && !value.contains('$') {
                        found.add(name, line, How::Provides);
                    }
                    set.insert(name.to_owned());
                }
            }
            "ARG" => {
                let (name, own) = rest.split_once('=').map_or((rest.trim(), false), |(name, _)| (name.trim(), true));
                if shouted(name) {
                    found.reads(name, line, if own { Need::Defaulted } else { Need::Optional });
                    set.insert(name.to_owned());
                }
            }
            _ => dollars(&unquoted(rest), line, Fallback::Dash, found),
        }
        if !row.ends_with('\\') {
            instruction.clear();
        }
    }
    let own = |mention: &super::Mention| {
        matches!(mention.how, How::Reads(need) if need != Need::Required) || mention.how == How::Provides
    };
    found.mentions.retain(|mention| own(mention) || !set.contains(&mention.name));
}

/// `A=1 B="2 3"` or the old `A 1`.
fn pairs(rest: &str) -> Vec<(&str, &str)> {
    let rest = rest.trim_end_matches('\\').trim();
    if let Some((name, value)) = rest.split_once(char::is_whitespace).filter(|(name, _)| is_name(name)) {
        return vec![(name, value.trim())];
    }
    rest.split_whitespace().filter_map(|pair| pair.split_once('=')).filter(|(name, _)| is_name(name)).collect()
}

/// Names behind a dollar sign, with and without braces; only names in capitals, as local ones are small.
pub(super) fn dollars(text: &str, line: u32, fallback: Fallback, found: &mut Found) {
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let escaped = rest[..at].ends_with(['\\', '$']);
        rest = &rest[at + 1..];
        if escaped || rest.starts_with('$') {
            continue;
        }
        if let Some(inner) = rest.strip_prefix('{') {
            if !inner.starts_with('{') {
                brace(inner, line, fallback, found);
            }
            continue;
        }
        let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(rest.len());
        if shouted(&rest[..end]) {
            found.reads(&rest[..end], line, Need::Required);
        }
    }
}

/// Only the names in braces.
pub(super) fn braces(text: &str, line: u32, fallback: Fallback, found: &mut Found) {
    for part in text.split("${").skip(1) {
        brace(part, line, fallback, found);
    }
}

fn brace(text: &str, line: u32, fallback: Fallback, found: &mut Found) {
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(text.len());
    let (name, behind) = text.split_at(end);
    if !shouted(name) {
        return;
    }
    let need = match (fallback, behind.chars().next(), behind.chars().nth(1)) {
        (_, Some('}'), _) => Need::Required,
        (Fallback::Colon, Some(':'), _) => Need::Defaulted,
        (Fallback::Dash, Some(':'), Some('?')) | (Fallback::Dash, Some('?'), _) => Need::Required,
        (Fallback::Dash, Some(':'), Some('+')) | (Fallback::Dash, Some('+'), _) => Need::Optional,
        (Fallback::Dash, Some(':'), Some('-' | '=')) | (Fallback::Dash, Some('-' | '='), _) => Need::Defaulted,
        // `${X%/}` and its kind cut the value: it has to be there.
        (Fallback::Dash, Some(_), _) => Need::Required,
        _ => return,
    };
    found.reads(name, line, need);
}
