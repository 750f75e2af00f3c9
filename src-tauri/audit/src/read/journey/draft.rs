//! A journey as somebody fills it in, and the file that comes of it. What is wrong with it is told by the reader of files.

use super::VERSION;
use crate::facts::JourneyKind;
use serde::Deserialize;
use toml::{Table, Value};
use ts_rs::TS;

/// A journey as it was filled in; what is empty is left out.
#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "bindings.ts", rename = "JourneyDraft")]
pub struct Draft {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: JourneyKind,
    /// Where paths begin.
    pub base: String,
    /// The address that `{{email}}` is made from.
    pub mailbox: String,
    /// Whether it begins with the stored session.
    pub signed_in: bool,
    /// How long its steps may take together, milliseconds.
    pub within_ms: Option<u32>,
    /// What is done, in order.
    pub steps: Vec<DraftStep>,
}

/// One step as it was filled in.
#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct DraftStep {
    /// Its name.
    pub name: String,
    /// `GET`, `POST` …
    pub method: String,
    /// A path or a whole address.
    pub path: String,
    /// The fields of a form, `name=value` on each line.
    pub form: String,
    /// A body of JSON.
    pub json: String,
    /// The status that is right.
    pub status: Option<u16>,
    /// A text that the answer holds.
    pub contains: String,
    /// The path that the redirects end at.
    pub at: String,
    /// The longest time, milliseconds.
    pub within_ms: Option<u32>,
    /// What is taken from the answer.
    pub captures: Vec<DraftCapture>,
}

/// A value that is taken from an answer.
#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct DraftCapture {
    /// Its name.
    pub name: String,
    /// `field`, `meta`, `json`, `header`, `cookie`, `regex` or `mail`.
    pub from: String,
    /// The name of the field, the place in the JSON, the expression …
    pub what: String,
}

/// A file with one journey in it.
pub(super) fn file(journey: Value) -> Result<String, String> {
    let whole = Table::from_iter([
        ("version".to_owned(), Value::Integer(VERSION)),
        ("journey".to_owned(), Value::Array(vec![journey])),
    ]);
    toml::to_string(&whole).map_err(|error| error.to_string())
}

/// A table of what is not empty.
fn table(fields: impl IntoIterator<Item = (&'static str, Option<Value>)>) -> Table {
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn text(text: &str) -> Option<Value> {
    let text = text.trim();
    (!text.is_empty()).then(|| Value::String(text.to_owned()))
}

fn number(number: Option<impl Into<i64>>) -> Option<Value> {
    number.map(|number| Value::Integer(number.into()))
}

fn inner(table: Table) -> Option<Value> {
    (!table.is_empty()).then_some(Value::Table(table))
}

impl Draft {
    /// The file that comes of it.
    ///
    /// # Errors
    /// It holds a value that no file can hold.
    pub fn file(&self) -> Result<String, String> {
        let session = self.signed_in.then_some("owner").and_then(text);
        let steps = Value::Array(self.steps.iter().map(DraftStep::value).collect());
        file(Value::Table(table([
            ("name", text(&self.name)),
            ("kind", text(self.kind.word())),
            ("base", text(&self.base)),
            ("mailbox", text(&self.mailbox)),
            ("session", session),
            ("within_ms", number(self.within_ms)),
            ("step", Some(steps)),
        ])))
    }
}

impl DraftStep {
    fn value(&self) -> Value {
        let pairs = self.form.lines().filter_map(|line| line.split_once('='));
        let form: Table =
            pairs.map(|(name, value)| (name.trim().to_owned(), Value::String(value.trim().to_owned()))).collect();
        let expect = table([
            ("status", number(self.status)),
            ("contains", text(&self.contains)),
            ("at", text(&self.at)),
            ("within_ms", number(self.within_ms)),
        ]);
        let capture = |one: &DraftCapture| {
            let from = Table::from_iter([(one.from.clone(), Value::String(one.what.trim().to_owned()))]);
            (one.name.trim().to_owned(), Value::Table(from))
        };
        Value::Table(table([
            ("name", text(&self.name)),
            ("method", text(&self.method)),
            ("path", text(&self.path)),
            ("form", inner(form)),
            ("json", text(&self.json)),
            ("expect", inner(expect)),
            ("capture", inner(self.captures.iter().map(capture).collect())),
        ]))
    }
}

#[cfg(test)]
mod tests {
    use super::{Draft, DraftCapture, DraftStep};
    use crate::facts::JourneyKind;
    use crate::read::journey::{parts, read};

    fn step(method: &str, path: &str) -> DraftStep {
        let text = String::new;
        let (method, path) = (method.to_owned(), path.to_owned());
        let (name, form, json, contains, at) = (text(), text(), text(), text(), text());
        DraftStep { name, method, path, form, json, status: None, contains, at, within_ms: None, captures: vec![] }
    }

    fn draft() -> Draft {
        let csrf = DraftCapture { name: "csrf".to_owned(), from: "field".to_owned(), what: "token".to_owned() };
        let form = "email = {{secret.email}}\npassword={{secret.password}}\ncsrf={{csrf}}".to_owned();
        Draft {
            name: "Sign \"in\"".to_owned(),
            kind: JourneyKind::Login,
            base: "https://app.example.com".to_owned(),
            mailbox: String::new(),
            signed_in: false,
            within_ms: Some(3_000),
            steps: vec![
                DraftStep { captures: vec![csrf], ..step("GET", "/login") },
                DraftStep { form, status: Some(200), at: "/boards".to_owned(), ..step("POST", "/login") },
            ],
        }
    }

    #[test]
    fn what_was_filled_in_is_a_file_that_can_be_read() {
        let journeys = read(&draft().file().unwrap()).unwrap();
        assert_eq!((journeys[0].name.as_str(), journeys[0].steps.len()), ("Sign \"in\"", 2));
        assert_eq!(journeys[0].secrets().into_iter().collect::<Vec<_>>(), ["email", "password"]);
        let mut wrong = draft();
        wrong.steps[1].form = "password=hunter2-fixed".to_owned();
        assert!(read(&wrong.file().unwrap()).unwrap_err().says.contains("{{secret."));
        wrong.steps.clear();
        assert!(read(&wrong.file().unwrap()).is_err());
    }

    #[test]
    fn a_file_is_taken_apart_without_losing_anything() {
        let two = "version = 1\n[[journey]]\nname = \"A\"\nkind = \"core\"\nbase = \"https://a.example\"\n[[journey.step]]\npath = \"/\"\nexpect = { status = [200, 204], json = { \"/a\" = 1 } }\n[[journey]]\nname = \"B\"\nkind = \"login\"\nbase = \"https://a.example\"\n[[journey.step]]\npath = \"/b\"\n";
        let parts = parts(two).unwrap();
        assert_eq!(parts.len(), 2);
        for (journey, own) in parts {
            assert_eq!(read(&own).unwrap(), [journey]);
        }
    }
}
