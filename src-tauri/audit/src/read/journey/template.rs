//! Texts with names in double braces, which values take the place of: `Bearer {{secret.token}}`.

use serde_json::Value;
use std::fmt;

/// Bytes of one text.
pub(super) const LONGEST: usize = 64 * 1024;

/// A text with names in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Name(String),
}

impl Template {
    /// Reads a text.
    ///
    /// # Errors
    /// Braces that are not closed, or a name that is none; the words say which.
    pub fn read(text: &str) -> Result<Self, String> {
        if text.len() > LONGEST {
            return Err(format!("a text has at most {} kB", LONGEST / 1024));
        }
        let (mut pieces, mut rest) = (Vec::new(), text);
        while let Some((before, after)) = rest.split_once("{{") {
            let (name, after) = after.split_once("}}").ok_or("the braces {{ are not closed by }}")?;
            let name = name.trim();
            if !is_name(name) {
                return Err("between {{ and }} stands a name of letters, digits, _, - and dots".to_owned());
            }
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            pieces.push(Piece::Name(name.to_owned()));
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Self(pieces))
    }

    /// The text with the value of each name, passed through `shape` first.
    ///
    /// # Errors
    /// A name has no value: that name.
    pub fn fill<'v>(
        &self,
        value: &impl Fn(&str) -> Option<&'v str>,
        shape: impl Fn(&str) -> String,
    ) -> Result<String, String> {
        let mut filled = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Name(name) => filled.push_str(&shape(value(name).ok_or_else(|| name.clone())?)),
            }
        }
        Ok(filled)
    }

    /// Whether it is one name and nothing else.
    #[must_use]
    pub fn is_one_name(&self) -> bool {
        matches!(self.0.as_slice(), [Piece::Name(_)])
    }

    /// The text before its first name.
    #[must_use]
    pub fn beginning(&self) -> &str {
        match self.0.first() {
            Some(Piece::Text(text)) => text,
            _ => "",
        }
    }

    /// Whether it is fixed text alone.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        self.0.iter().all(|piece| matches!(piece, Piece::Text(_)))
    }

    pub(super) fn names(&self, told: &mut dyn FnMut(&str)) {
        for piece in &self.0 {
            if let Piece::Name(name) = piece {
                told(name);
            }
        }
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| match piece {
            Piece::Text(text) => f.write_str(text),
            Piece::Name(name) => write!(f, "{{{{{name}}}}}"),
        })
    }
}

/// Whether a name can stand between braces.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    !name.is_empty() && name.len() <= 80 && name.bytes().all(fits)
}

/// Every name in the strings of a JSON value.
pub(super) fn names(value: &Value, told: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => {
            if let Ok(template) = Template::read(text) {
                template.names(told);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| names(value, told)),
        Value::Object(fields) => fields.values().for_each(|value| names(value, told)),
        _ => {}
    }
}

/// The JSON value with the names in its strings filled in. A string that is one name alone becomes the number or truth value that was taken
/// as such.
///
/// # Errors
/// A name has no value: that name.
pub fn filled<'v>(
    value: &Value,
    text: &impl Fn(&str) -> Option<&'v str>,
    bare: &impl Fn(&str) -> bool,
) -> Result<Value, String> {
    Ok(match value {
        Value::String(written) => {
            let template = Template::read(written)?;
            let filled = template.fill(text, str::to_owned)?;
            match template.0.as_slice() {
                [Piece::Name(name)] if bare(name) => serde_json::from_str(&filled).unwrap_or(Value::String(filled)),
                _ => Value::String(filled),
            }
        }
        Value::Array(values) => {
            Value::Array(values.iter().map(|value| self::filled(value, text, bare)).collect::<Result<_, _>>()?)
        }
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| Ok((name.clone(), self::filled(value, text, bare)?));
            Value::Object(fields.iter().map(field).collect::<Result<_, String>>()?)
        }
        other => other.clone(),
    })
}
