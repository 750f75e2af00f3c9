//! One answer, held against what its step expects; and the values that later steps take from it.

use super::{Capture, Expect, Template, filled};
use crate::facts::Miss;
use crate::read::page;
use crate::read::text::clean;
use memchr::memmem;
use serde_json::Value;
use std::cell::OnceCell;
use url::Url;

/// Bytes of a value that is taken.
const LONGEST: usize = 8 * 1024;

/// The last answer of a step.
pub struct Answer<'a> {
    /// The address that gave it.
    pub url: &'a Url,
    /// Its status.
    pub status: u16,
    /// Its header fields, names in lower case.
    pub headers: &'a [(String, String)],
    /// The decoded bytes that were read.
    pub body: &'a [u8],
    /// Whether there were more.
    pub truncated: bool,
    /// The cookies that the visitor has by now, by name and value.
    pub cookies: &'a [(String, String)],
    json: OnceCell<Option<Value>>,
}

/// A value that was taken.
#[derive(Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its text.
    pub text: String,
    /// Whether JSON writes it without quotes: a number or a truth value.
    pub bare: bool,
}

impl std::fmt::Debug for Taken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Taken(…)")
    }
}

impl<'a> Answer<'a> {
    /// An answer that was read.
    #[must_use]
    pub fn new(
        (url, status): (&'a Url, u16),
        headers: &'a [(String, String)],
        (body, truncated): (&'a [u8], bool),
        cookies: &'a [(String, String)],
    ) -> Self {
        Self { url, status, headers, body, truncated, cookies, json: OnceCell::new() }
    }

    fn json(&self) -> Option<&Value> {
        self.json.get_or_init(|| serde_json::from_slice(self.body).ok()).as_ref()
    }

    fn header(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// What is not as expected. `value` gives the value of a name.
    ///
    /// # Errors
    /// What decides lies beyond the bytes that were read: what was looked for.
    pub fn misses<'v>(
        &self,
        expect: &Expect,
        value: &impl Fn(&str) -> Option<&'v str>,
        bare: &impl Fn(&str) -> bool,
    ) -> Result<Vec<Miss>, String> {
        let mut misses = Vec::new();
        let right = if expect.status.is_empty() { self.status < 400 } else { expect.status.contains(&self.status) };
        if !right {
            misses.push(Miss::Status { seen: self.status, wanted: expect.status.clone() });
            // Another answer has another content: there is nothing to add.
            return Ok(misses);
        }
        if let Some(at) = &expect.at {
            let wanted = at.fill(value, str::to_owned).unwrap_or_default();
            if self.url.path() != wanted && self.url.as_str() != wanted {
                misses.push(Miss::At { wanted: at.to_string(), seen: clean(self.url.path(), 300) });
            }
        }
        let holds = |text: &Template| {
            let text = text.fill(value, str::to_owned).unwrap_or_default();
            memmem::find(self.body, text.as_bytes()).is_some()
        };
        for text in &expect.contains {
            match holds(text) {
                true => {}
                false if self.truncated => return Err(format!("\"{text}\"")),
                false => misses.push(Miss::Lacks { text: shown(text) }),
            }
        }
        for text in &expect.lacks {
            match holds(text) {
                true => misses.push(Miss::Holds { text: shown(text) }),
                false if self.truncated => return Err(format!("\"{text}\"")),
                false => {}
            }
        }
        for (pointer, wanted) in &expect.json {
            if self.truncated {
                return Err(format!("the field {pointer}"));
            }
            let found = self.json().and_then(|json| json.pointer(pointer));
            let right = match wanted {
                None => found.is_some(),
                Some(wanted) => filled(wanted, value, bare).is_ok_and(|wanted| found == Some(&wanted)),
            };
            if !right {
                let wanted = wanted.as_ref().map(|wanted| clean(&wanted.to_string(), 200));
                misses.push(Miss::Json { pointer: clean(pointer, 200), wanted, there: found.is_some() });
            }
        }
        for (name, wanted) in &expect.headers {
            let wanted_text = wanted.as_ref().map(|text| text.fill(value, str::to_owned).unwrap_or_default());
            let right = self.header(name).any(|value| wanted_text.as_ref().is_none_or(|part| value.contains(part)));
            if !right {
                misses.push(Miss::Header { name: clean(name, 100), wanted: wanted.as_ref().map(shown) });
            }
        }
        for name in expect.cookies.iter().filter(|name| !self.cookies.iter().any(|(own, _)| own == *name)) {
            misses.push(Miss::NoCookie { name: clean(name, 100) });
        }
        Ok(misses)
    }

    /// The value that a later step needs; none where the answer holds none.
    #[must_use]
    pub fn take(&self, capture: &Capture) -> Option<Taken> {
        let hidden = |name: &str, meta: bool| {
            let page = page::read(self.body, self.truncated, self.url);
            page.hidden.into_iter().find(|hidden| hidden.name == name && hidden.meta == meta).map(|hidden| hidden.value)
        };
        let (text, bare) = match capture {
            Capture::Field(name) => (hidden(name, false)?, false),
            Capture::Meta(name) => (hidden(name, true)?, false),
            Capture::Header(name) => (self.header(name).next()?.to_owned(), false),
            Capture::Cookie(name) => (self.cookies.iter().find(|(own, _)| own == name)?.1.clone(), false),
            Capture::Json(pointer) => match self.json()?.pointer(pointer)? {
                Value::String(text) => (text.clone(), false),
                value @ (Value::Number(_) | Value::Bool(_)) => (value.to_string(), true),
                _ => return None,
            },
            Capture::Regex(regex) => {
                let found = regex.captures(self.body)?;
                let part = found.get(1).or_else(|| found.get(0))?;
                (std::str::from_utf8(part.as_bytes()).ok()?.to_owned(), false)
            }
            // It comes by another way than the answer.
            Capture::Mail(_) => return None,
        };
        (!text.is_empty() && text.len() <= LONGEST).then_some(Taken { text, bare })
    }
}

fn shown(text: &Template) -> String {
    clean(&text.to_string(), 200)
}
