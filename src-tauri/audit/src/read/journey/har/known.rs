//! What a recording holds that must not go out, and which of it an earlier answer gave.

use super::{Entry, Move};
use crate::read::journey::secrets::{is_secret, is_secret_header};
use crate::read::page;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use url::form_urlencoded;

/// Shortest value that is told apart from an ordinary word.
pub(super) const SHORT: usize = 6;
/// Values of one answer that are looked at.
const MOST: usize = 2_000;
/// Levels of JSON.
const DEPTH: usize = 12;

/// Everything secret in a recording.
pub(super) struct Known(BTreeSet<String>);

impl Known {
    pub(super) fn of(entries: &[&Entry]) -> Self {
        let mut secrets = BTreeSet::new();
        let mut add = |value: &str| {
            if value.len() >= SHORT {
                secrets.insert(value.to_owned());
            }
        };
        for entry in entries {
            for pair in &entry.request.headers {
                match pair.name.to_ascii_lowercase().as_str() {
                    "cookie" => cookies(&pair.value).for_each(|(_, value)| add(value)),
                    "authorization" | "proxy-authorization" => {
                        add(pair.value.split_once(' ').map_or(pair.value.as_str(), |(_, token)| token));
                    }
                    name if is_secret_header(name) => add(&pair.value),
                    _ => {}
                }
            }
            for line in entry.header("set-cookie").flat_map(str::lines) {
                cookies(line.split(';').next().unwrap_or_default()).for_each(|(_, value)| add(value));
            }
            for (name, value) in sent(entry) {
                if is_secret(&name) {
                    add(&value);
                }
            }
            if let Some(url) = entry.url() {
                url.query_pairs().filter(|(name, _)| is_secret(name)).for_each(|(_, value)| add(&value));
            }
        }
        Self(secrets)
    }

    /// Whether a text holds any of it.
    pub(super) fn tells(&self, text: &str) -> bool {
        self.0.iter().any(|secret| text.contains(secret.as_str()))
    }

    /// Whether a value is one of it.
    pub(super) fn holds(&self, value: &str) -> bool {
        self.0.contains(value)
    }
}

fn cookies(line: &str) -> impl Iterator<Item = (&str, &str)> {
    line.split(';').filter_map(|pair| pair.trim().split_once('='))
}

/// The fields that a request sends, by name and value; those of JSON by the last part of their pointer.
pub(super) fn sent(entry: &Entry) -> Vec<(String, String)> {
    let Some(post) = &entry.request.post_data else { return Vec::new() };
    if post.mime_type.contains("json") {
        let value: Value = serde_json::from_str(&post.text).unwrap_or_default();
        return leaves(&value).into_iter().map(|(pointer, text, _)| (last(&pointer).to_owned(), text)).collect();
    }
    form(entry)
}

/// The fields of a form: as the browser lists them, or as its body holds them.
pub(super) fn form(entry: &Entry) -> Vec<(String, String)> {
    let Some(post) = &entry.request.post_data else { return Vec::new() };
    let decoded =
        |text: &str| -> Vec<(String, String)> { form_urlencoded::parse(text.as_bytes()).into_owned().collect() };
    if !post.text.is_empty() && post.mime_type.contains("urlencoded") {
        return decoded(&post.text);
    }
    // Browsers list them as they were encoded.
    let one = |pair: &super::Pair| (pair.name.clone(), pair.value.clone());
    post.params.iter().map(one).collect()
}

/// The last part of a JSON pointer.
pub(super) fn last(pointer: &str) -> &str {
    pointer.rsplit('/').next().unwrap_or(pointer)
}

/// Every text, number and truth value in a JSON value: where, what, and whether it is written without quotes.
fn leaves(value: &Value) -> Vec<(String, String, bool)> {
    let (mut found, mut open) = (Vec::new(), vec![(String::new(), value, 0)]);
    while let Some((pointer, value, depth)) = open.pop() {
        if found.len() >= MOST || depth > DEPTH {
            break;
        }
        match value {
            Value::String(text) => found.push((pointer, text.clone(), false)),
            Value::Number(_) | Value::Bool(_) => found.push((pointer, value.to_string(), true)),
            Value::Array(values) => {
                let inner = values.iter().take(MOST).enumerate().rev();
                open.extend(inner.map(|(at, value)| (format!("{pointer}/{at}"), value, depth + 1)));
            }
            Value::Object(fields) => {
                let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
                let inner = fields.iter().take(MOST).rev();
                open.extend(inner.map(|(name, value)| (format!("{pointer}/{}", escaped(name)), value, depth + 1)));
            }
            Value::Null => {}
        }
    }
    found
}

/// Where a value comes from: the step, how it is taken there, and a name for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) step: usize,
    /// `field`, `meta`, `json`, `header` or `cookie`, and what.
    pub(super) way: (&'static str, String),
}

/// The values that answers gave so far.
#[derive(Default)]
pub(super) struct Given(HashMap<String, Source>);

impl Given {
    /// Takes in what the answers of a move gave; the earliest source of a value stays.
    pub(super) fn take(&mut self, step: usize, taken: &Move<'_>) {
        let mut add = |value: &str, way: &'static str, what: &str| {
            if !value.is_empty() && value.len() <= 4_096 && self.0.len() < 50_000 {
                let source = || Source { step, way: (way, what.to_owned()) };
                self.0.entry(value.to_owned()).or_insert_with(source);
            }
        };
        for hop in &taken.hops {
            for line in hop.header("set-cookie").flat_map(str::lines) {
                for (name, value) in
                    cookies(line.split(';').next().unwrap_or_default()).filter(|(name, _)| is_mark(name))
                {
                    add(value, "cookie", name);
                }
            }
        }
        let Some(last) = taken.hops.last() else { return };
        for pair in last.response.headers.iter().filter(|pair| is_mark(&pair.name)) {
            add(&pair.value, "header", &pair.name);
        }
        let Some(text) = last.text() else { return };
        if last.kind().ends_with("json") {
            let value: Value = serde_json::from_str(&text).unwrap_or_default();
            for (pointer, text, bare) in leaves(&value) {
                let number = last_is_number(&pointer);
                if number || !bare && text.len() >= SHORT {
                    add(&text, "json", &pointer);
                }
            }
        } else if last.kind().contains("html") {
            for hidden in page::read(text.as_bytes(), false, &taken.last).hidden {
                if hidden.value.len() >= SHORT && (!hidden.meta || is_mark(&hidden.name)) {
                    add(&hidden.value, if hidden.meta { "meta" } else { "field" }, &hidden.name);
                }
            }
        }
    }

    pub(super) fn source(&self, value: &str) -> Option<&Source> {
        self.0.get(value)
    }
}

/// Whether a field is the number of something, by its name.
fn last_is_number(pointer: &str) -> bool {
    let name = last(pointer);
    matches!(name, "id" | "uuid" | "key" | "number" | "slug") || name.ends_with("_id") || name.ends_with("Id")
}

/// Whether something is a token against forged requests, by its name.
fn is_mark(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["csrf", "xsrf", "token", "nonce"].iter().any(|word| name.contains(word))
}
