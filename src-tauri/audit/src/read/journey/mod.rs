//! Journeys as a file: what a visitor does, step by step, with what each answer must be. Read strictly, within bounds, and never with a
//! secret in it.

mod answer;
mod draft;
mod file;
pub mod har;
mod link;
mod secrets;
mod template;
#[cfg(test)]
mod tests;

pub use answer::{Answer, Taken};
pub use draft::{Draft, DraftCapture, DraftStep};
pub use link::link;
pub use template::{Template, filled, is_name as template_name};

use crate::facts::JourneyKind;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;
use url::Url;

/// The version of the format.
pub const VERSION: i64 = 1;
/// Bytes of a file.
pub const LONGEST_FILE: usize = 1024 * 1024;
/// Journeys in a file.
const MOST_JOURNEYS: usize = 50;
/// Steps of a journey.
pub const MOST_STEPS: usize = 60;
/// Longest limit of time, milliseconds: ten minutes.
const LONGEST_LIMIT: u32 = 600_000;
/// Names that are there from the beginning: a word of this one run, and an address for mail with that word in it.
pub const GIVEN: [&str; 2] = ["run", "email"];
/// What stands before the name of a secret.
pub const SECRET: &str = "secret.";

/// One journey.
#[derive(Clone, Debug, PartialEq)]
pub struct Journey {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: JourneyKind,
    /// Where paths begin.
    pub base: Url,
    /// Hosts that it may ask besides those of the product.
    pub hosts: Vec<String>,
    /// How long its steps may take together, milliseconds.
    pub within_ms: Option<u32>,
    /// Whose session it begins with; none begins as a stranger.
    pub session: Option<Who>,
    /// The address that `{{email}}` is made from, by a word after a plus sign.
    pub mailbox: Option<String>,
    /// What is done, in order.
    pub steps: Vec<Step>,
}

/// Whose session a journey begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// That of the product's own user, as given for signed-in routes.
    Owner,
    /// That of somebody who may do less.
    Lesser,
}

/// One request with what its answer must be.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// `GET`, `POST` …
    pub method: &'static str,
    /// A path or a whole address.
    pub path: Template,
    /// Header fields besides the usual ones.
    pub headers: Vec<(String, Template)>,
    /// What is sent.
    pub body: Body,
    /// Whether redirects are followed.
    pub follow: bool,
    /// What the answer must be.
    pub expect: Expect,
    /// What is taken from the answer, by name.
    pub captures: Vec<(String, Capture)>,
}

impl Step {
    /// Whether it may change something at the other side (RFC 9110 §9.2.1).
    #[must_use]
    pub fn writes(&self) -> bool {
        !matches!(self.method, "GET" | "HEAD")
    }

    /// What is asked, as the file writes it.
    #[must_use]
    pub fn what(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// What is sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Nothing.
    None,
    /// Fields as a browser sends those of a form.
    Form(Vec<(String, Template)>),
    /// JSON whose strings may hold names.
    Json(Value),
    /// Any text, with its media type.
    Text {
        /// `Content-Type`.
        kind: String,
        /// The text.
        text: Template,
    },
}

/// What an answer must be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expect {
    /// Statuses that are right; empty means any below 400.
    pub status: Vec<u16>,
    /// Texts that it holds.
    pub contains: Vec<Template>,
    /// Texts that it does not hold.
    pub lacks: Vec<Template>,
    /// Fields of JSON (RFC 6901) that are there, and what each is where that is given.
    pub json: Vec<(String, Option<Value>)>,
    /// Header fields that are there, and what each holds where that is given.
    pub headers: Vec<(String, Option<Template>)>,
    /// Cookies that the visitor has by then.
    pub cookies: Vec<String>,
    /// The path that the redirects end at.
    pub at: Option<Template>,
    /// The longest time, milliseconds.
    pub within_ms: Option<u32>,
}

/// Where a value is taken from.
#[derive(Clone, Debug)]
pub enum Capture {
    /// A hidden field of a form.
    Field(String),
    /// The content of a `<meta>` element.
    Meta(String),
    /// A field of JSON (RFC 6901).
    Json(String),
    /// A header field.
    Header(String),
    /// A cookie.
    Cookie(String),
    /// The first group of an expression, or the whole match.
    Regex(regex::bytes::Regex),
    /// The first link with this text in its address, in the mail that the step has sent to `{{email}}`.
    Mail(String),
}

impl PartialEq for Capture {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl fmt::Display for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => write!(f, "hidden field {name}"),
            Self::Meta(name) => write!(f, "meta element {name}"),
            Self::Json(pointer) => write!(f, "JSON field {pointer}"),
            Self::Header(name) => write!(f, "header {name}"),
            Self::Cookie(name) => write!(f, "cookie {name}"),
            Self::Regex(regex) => write!(f, "text that matches {regex}"),
            Self::Mail(part) => write!(f, "link with {part}"),
        }
    }
}

impl Journey {
    /// Whether any of its steps may change something at the other side.
    #[must_use]
    pub fn writes(&self) -> bool {
        self.steps.iter().any(Step::writes)
    }

    /// The hosts that its steps write to, as far as their addresses are known before it begins.
    #[must_use]
    pub fn written(&self) -> BTreeSet<String> {
        let writing = self.steps.iter().filter(|step| step.writes());
        let address = |step: &Step| match step.path.beginning() {
            start if start.starts_with("http://") || start.starts_with("https://") => Url::parse(start).ok(),
            _ => Some(self.base.clone()),
        };
        writing.filter_map(|step| address(step)?.host_str().map(str::to_owned)).collect()
    }

    /// How many mails its steps wait for.
    #[must_use]
    pub fn mails(&self) -> usize {
        let waits = |(_, capture): &&(String, Capture)| matches!(capture, Capture::Mail(_));
        self.steps.iter().flat_map(|step| &step.captures).filter(waits).count()
    }

    /// The secrets that it names.
    #[must_use]
    pub fn secrets(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for step in &self.steps {
            step.names(&mut |name| {
                if let Some(secret) = name.strip_prefix(SECRET) {
                    names.insert(secret.to_owned());
                }
            });
        }
        names
    }
}

impl Step {
    /// Every name that it uses.
    fn names(&self, told: &mut dyn FnMut(&str)) {
        self.path.names(told);
        self.headers.iter().for_each(|(_, value)| value.names(told));
        match &self.body {
            Body::None => {}
            Body::Form(fields) => fields.iter().for_each(|(_, value)| value.names(told)),
            Body::Json(value) => template::names(value, told),
            Body::Text { text, .. } => text.names(told),
        }
        let Expect { contains, lacks, json, headers, at, .. } = &self.expect;
        contains.iter().chain(lacks).chain(at).for_each(|text| text.names(told));
        headers.iter().filter_map(|(_, value)| value.as_ref()).for_each(|value| value.names(told));
        json.iter().filter_map(|(_, value)| value.as_ref()).for_each(|value| template::names(value, told));
    }
}

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The line, from 1.
    pub line: Option<usize>,
    /// What is wrong and what to do, one sentence.
    pub says: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.says),
            None => f.write_str(&self.says),
        }
    }
}

/// Reads a file.
///
/// # Errors
/// It is too long, no such file, holds a secret, or uses a name that nothing gives.
pub fn read(text: &str) -> Result<Vec<Journey>, Wrong> {
    if text.len() > LONGEST_FILE {
        let says = format!("a file of journeys has at most {} kB", LONGEST_FILE / 1024);
        return Err(Wrong { line: None, says });
    }
    // Before anything else, so that no message can repeat one.
    secrets::refuse(text)?;
    file::read(text)
}

/// Reads a file and takes it apart: each journey with a file of its own.
///
/// # Errors
/// As [`read`].
pub fn parts(text: &str) -> Result<Vec<(Journey, String)>, Wrong> {
    let journeys = read(text)?;
    let wrong = |error: String| Wrong { line: None, says: error };
    let mut whole: toml::Table = toml::from_str(text).map_err(|error| wrong(error.message().to_owned()))?;
    let Some(toml::Value::Array(list)) = whole.remove("journey") else { return Ok(vec![]) };
    let own = |one| draft::file(one).map_err(&wrong);
    journeys.into_iter().zip(list).map(|(journey, one)| Ok((journey, own(one)?))).collect()
}
