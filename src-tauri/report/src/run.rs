//! A run of words as a drawing of its own takes it: its text, how it is set, and what it points to.

use crate::block::{Mark, Span, To};

/// A run of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run<'a> {
    /// Its text.
    pub text: &'a str,
    /// `plain`, `strong`, `quiet`, `code`, `status`, `link` or `break`.
    pub style: &'static str,
    /// What it marks, where it marks anything.
    pub mark: Option<&'a Mark>,
    /// Where it leads on the internet.
    pub url: Option<&'a str>,
}

impl<'a> Run<'a> {
    /// The run that a span of a block is. What a link inside the document leads to stands elsewhere in it.
    #[must_use]
    pub fn of(span: &'a Span) -> Self {
        let (text, style) = match span {
            Span::Text(text) | Span::Link { text, to: To::Heading(_) } => (text.as_str(), "plain"),
            Span::Strong(text) => (text.as_str(), "strong"),
            Span::Quiet(text) => (text.as_str(), "quiet"),
            Span::Code(text) => (text.as_str(), "code"),
            Span::Status(mark) => (mark.word.as_str(), "status"),
            Span::Shape(_) => ("", "status"),
            Span::Link { text, to: To::Url(_) } => (text.as_str(), "link"),
            Span::Break => ("", "break"),
        };
        let mark = match span {
            Span::Status(mark) | Span::Shape(mark) => Some(mark),
            _ => None,
        };
        let url = match span {
            Span::Link { to: To::Url(url), .. } => Some(url.as_str()),
            _ => None,
        };
        Self { text, style, mark, url }
    }
}
