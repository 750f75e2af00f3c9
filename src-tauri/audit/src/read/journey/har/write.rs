//! Writes the file: each move a step, with names in place of values.

use super::known::{Given, Known, SHORT, Source, form, last};
use super::{Entry, Move};
use crate::facts::JourneyKind;
use crate::read::journey::secrets::is_secret;
use crate::read::page;
use crate::read::text::clean;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// A value as long as this that is no word is taken for a token.
const TOKEN: usize = 20;

/// The file under way.
struct Writing<'k> {
    kind: JourneyKind,
    known: &'k Known,
    given: Given,
    /// What each step takes from its answer: name, and how.
    captures: Vec<BTreeMap<String, Source>>,
    secrets: BTreeSet<String>,
}

/// The whole file.
pub(super) fn file(moves: &[Move<'_>], kind: JourneyKind, known: &Known, notes: &mut Vec<String>) -> String {
    let captures = vec![BTreeMap::new(); moves.len()];
    let mut writing = Writing { kind, known, given: Given::default(), captures, secrets: BTreeSet::new() };
    let mut steps = Vec::new();
    for (place, one) in moves.iter().enumerate() {
        steps.push(writing.step(moves, one));
        writing.given.take(place, one);
    }
    let Some(first) = moves.first() else { return String::new() };
    let session = first.asked.request.headers.iter().any(|pair| pair.name.eq_ignore_ascii_case("cookie"));
    let base = first.url.origin().ascii_serialization();
    let host = clean(first.url.host_str().unwrap_or_default(), 100);
    if session {
        notes.push(
            "the recording began with cookies: where the visitor was signed in already, add session = \"owner\""
                .to_owned(),
        );
    }
    if !writing.secrets.is_empty() {
        let names: Vec<&str> = writing.secrets.iter().map(String::as_str).collect();
        notes.push(format!("give these secrets by the environment or the keychain: {}", names.join(", ")));
    }
    let mut text = String::from(
        "# Made from a recording of a browser. Read it through before the first run: every step is really taken.\n",
    );
    for note in notes {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "# Note: {}", clean(note, 400));
    }
    let _ = writeln!(
        text,
        "version = 1\n\n[[journey]]\nname = {}\nkind = \"{}\"\nbase = {}",
        quoted(&format!("{} at {host}", kind.word())),
        kind.word(),
        quoted(&base)
    );
    for (lines, captures) in steps.iter().zip(&writing.captures) {
        let _ = write!(text, "\n[[journey.step]]\n{lines}");
        if !captures.is_empty() {
            let one = |(name, source): (&String, &Source)| {
                format!("{name} = {{ {} = {} }}", source.way.0, quoted(&source.way.1))
            };
            let _ = writeln!(text, "capture = {{ {} }}", captures.iter().map(one).collect::<Vec<_>>().join(", "));
        }
    }
    text
}

impl Writing<'_> {
    fn step(&mut self, moves: &[Move<'_>], one: &Move<'_>) -> String {
        let entry = one.asked;
        let mut lines = String::new();
        let base = moves.first().map(|first| first.url.origin());
        let path = self.path(one);
        let path = if base == Some(one.url.origin()) {
            path
        } else {
            format!("{}{path}", one.url.origin().ascii_serialization())
        };
        let method = entry.request.method.as_str();
        let sends =
            entry.request.post_data.as_ref().is_some_and(|post| !post.text.is_empty() || !post.params.is_empty());
        if !(method == "GET" || method == "POST" && sends) {
            let _ = writeln!(lines, "method = {}", quoted(method));
        }
        let _ = writeln!(lines, "path = {}", quoted(&path));
        let headers = self.headers(entry);
        if !headers.is_empty() {
            let _ = writeln!(lines, "headers = {{ {} }}", headers.join(", "));
        }
        if method != "GET" && sends {
            self.body(entry, &mut lines);
        }
        let _ = writeln!(lines, "expect = {{ {} }}", self.expect(one).join(", "));
        lines
    }

    /// A value as the file writes it: the name of what gave it, the name of a secret, or itself.
    fn value(&mut self, name: &str, value: &str) -> String {
        if let Some(source) =
            self.given.source(value).filter(|_| value.len() >= SHORT || numbered(name, value)).cloned()
        {
            return format!("{{{{{}}}}}", self.captured(name, source));
        }
        let mail = value.contains('@') && !value.contains(char::is_whitespace) && value.len() < 200;
        if mail && self.kind == JourneyKind::Signup {
            return "{{email}}".to_owned();
        }
        if is_secret(name) && !value.is_empty() || mail || self.known.holds(value) || token(value) {
            let name = if mail { "email".to_owned() } else { slug(name) };
            self.secrets.insert(name.clone());
            return format!("{{{{secret.{name}}}}}");
        }
        // What looks like a name in braces would be read as one.
        value.replace("{{", "{ {")
    }

    /// Notes that a step takes a value, and tells the name that it has from then on.
    fn captured(&mut self, name: &str, source: Source) -> String {
        let known = self.captures.iter().flatten().find(|(_, own)| **own == source);
        if let Some((name, _)) = known {
            return name.clone();
        }
        let wanted = slug(if source.way.0 == "json" { last(&source.way.1) } else { name });
        let taken =
            |name: &str| self.captures.iter().any(|step| step.contains_key(name)) || matches!(name, "run" | "email");
        let free = (2..).map(|number| format!("{wanted}_{number}")).find(|name| !taken(name));
        let name = if taken(&wanted) { free.unwrap_or_default() } else { wanted };
        if let Some(step) = self.captures.get_mut(source.step) {
            step.insert(name.clone(), source);
        }
        name
    }

    fn path(&mut self, one: &Move<'_>) -> String {
        let parts: Vec<String> = one
            .url
            .path()
            .split('/')
            .map(|part| match part.is_empty() {
                true => String::new(),
                false => self.value("id", part),
            })
            .collect();
        let mut path = parts.join("/");
        let pairs: Vec<(String, String)> = one.url.query_pairs().into_owned().collect();
        for (place, (name, value)) in pairs.iter().enumerate() {
            let value = self.value(name, value);
            let plain = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let value = if value.starts_with("{{") { value } else { plain(&value) };
            let _ = write!(path, "{}{}={value}", if place == 0 { '?' } else { '&' }, plain(name));
        }
        path
    }

    fn headers(&mut self, entry: &Entry) -> Vec<String> {
        let mut headers = BTreeMap::new();
        for pair in &entry.request.headers {
            let name = pair.name.to_ascii_lowercase();
            let value = match name.as_str() {
                "accept" if pair.value.contains("json") => "application/json".to_owned(),
                "x-requested-with" => clean(&pair.value, 60),
                "authorization" => match pair.value.split_once(' ') {
                    Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
                        format!("Bearer {}", self.value("token", token))
                    }
                    _ => self.value("authorization", &pair.value),
                },
                _ if name.contains("csrf") || name.contains("xsrf") => self.value(&name, &pair.value),
                _ => continue,
            };
            headers.insert(name, value);
        }
        headers.iter().map(|(name, value)| format!("{} = {}", key(name), quoted(value))).collect()
    }

    fn body(&mut self, entry: &Entry, lines: &mut String) {
        let Some(post) = &entry.request.post_data else { return };
        if post.mime_type.contains("json")
            && let Ok(value) = serde_json::from_str::<Value>(&post.text)
        {
            let value = self.json("body", &value);
            let _ = writeln!(lines, "json = {}", quoted(&value.to_string()));
            return;
        }
        // A form once more by name: of fields that come twice the last one stands.
        let fields: BTreeMap<String, String> = form(entry)
            .into_iter()
            .map(|(name, value)| {
                let value = self.value(&name, &value);
                (name, value)
            })
            .collect();
        if !fields.is_empty() {
            let fields: Vec<String> =
                fields.iter().map(|(name, value)| format!("{} = {}", key(name), quoted(value))).collect();
            let _ = writeln!(lines, "form = {{ {} }}", fields.join(", "));
            return;
        }
        let _ = writeln!(lines, "# What was sent here was no form and no JSON; write it by hand.\nbody = \"\"");
    }

    fn json(&mut self, name: &str, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.value(name, text)),
            Value::Number(number) if numbered(name, &number.to_string()) => {
                match self.given.source(&number.to_string()).cloned() {
                    Some(source) => Value::String(format!("{{{{{}}}}}", self.captured(name, source))),
                    None => value.clone(),
                }
            }
            Value::Array(values) => Value::Array(values.iter().map(|value| self.json(name, value)).collect()),
            Value::Object(fields) => {
                Value::Object(fields.iter().map(|(name, value)| (name.clone(), self.json(name, value))).collect())
            }
            other => other.clone(),
        }
    }

    /// What the answer was like, as far as it will be so again.
    fn expect(&self, one: &Move<'_>) -> Vec<String> {
        let Some(last) = one.hops.last() else { return Vec::new() };
        let mut expect = vec![format!("status = {}", last.status())];
        let fixed =
            |path: &str| path.split('/').all(|part| !token(part) && !part.bytes().any(|byte| byte.is_ascii_digit()));
        let path = one.last.path();
        if one.hops.len() > 1 && fixed(path) && !self.known.tells(path) {
            expect.push(format!("at = {}", quoted(path)));
        }
        let Some(text) = last.text() else { return expect };
        if last.kind().contains("html") {
            let title = page::read(text.as_bytes(), false, &one.last).seen.title.unwrap_or_default();
            let plain = title.chars().all(|letter| !letter.is_ascii_digit() && letter != '@' && letter != '{');
            if title.len() > 2 && title.len() < 80 && plain && text.contains(&title) && !self.known.tells(&title) {
                expect.push(format!("contains = {}", quoted(&title)));
            }
        } else if let Ok(Value::Object(fields)) = serde_json::from_str::<Value>(&text) {
            let names: Vec<String> = fields
                .keys()
                .filter(|name| slug(name) == **name)
                .take(3)
                .map(|name| quoted(&format!("/{name}")))
                .collect();
            if !names.is_empty() {
                expect.push(format!("json_has = [{}]", names.join(", ")));
            }
        }
        expect
    }
}

/// Whether a short value is the number of something.
fn numbered(name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase();
    (name == "id" || name.ends_with("id")) && !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a value has the look of a token: long, without blanks, letters and digits mixed.
fn token(value: &str) -> bool {
    let mixed = value.bytes().any(|byte| byte.is_ascii_digit()) && value.bytes().any(|byte| byte.is_ascii_alphabetic());
    value.len() >= TOKEN && mixed && !value.contains(char::is_whitespace)
}

/// A name that the file can use.
fn slug(name: &str) -> String {
    let letter = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' };
    let slug: String = name.chars().map(letter).take(40).collect();
    let slug = slug.trim_matches('_');
    if slug.is_empty() { "value".to_owned() } else { slug.to_owned() }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if bare { name.to_owned() } else { quoted(name) }
}
