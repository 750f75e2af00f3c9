//! Takes the tokens of an HTML document and keeps the few things that a page is asked for.

use super::Hidden;
use super::tag::{attribute, fetched, hidden, link, script};
use crate::facts::ResourceKind;
use html5ever::tokenizer::states::{Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{
    CharacterTokens, EndTag, ParseError, StartTag, Tag, TagToken, Token, TokenSink, TokenSinkResult,
};
use std::cell::{Cell, RefCell};

/// Pairs of attributes that the tokenizer may compare before the rest of a page is left unread.
const MOST_PAIRS: usize = 200_000_000;
/// Bytes of title that are kept.
const LONGEST_TITLE: usize = 8192;
/// Links that are kept before they are made absolute.
pub(super) const MOST_LINKS: usize = 1000;
/// Bytes of inline style that are kept.
const MOST_STYLE: usize = 512 * 1024;
/// Policies in the head that are kept.
const MOST_POLICIES: usize = 10;

/// What was found so far, links as written.
#[derive(Default)]
pub(super) struct Found {
    pub(super) base: Option<String>,
    pub(super) canonical: Option<String>,
    pub(super) og_url: Option<String>,
    pub(super) title: Option<String>,
    pub(super) scripts: Vec<String>,
    pub(super) inline: Vec<String>,
    /// Inline scripts that a browser runs.
    pub(super) executed: u32,
    pub(super) links: Vec<Link>,
    /// Style sheets and style attributes, each by itself.
    pub(super) styles: Vec<String>,
    styled: usize,
    pub(super) csp: Vec<String>,
    pub(super) referrer: Option<String>,
    pub(super) pages: Vec<String>,
    pub(super) robots: Option<String>,
    /// Action of the form that is open.
    form: Option<String>,
    pub(super) login: Option<String>,
    pub(super) hidden: Vec<Hidden>,
}

impl Found {
    /// Takes in inline style, as far as there is room.
    fn style(&mut self, text: &str, fresh: bool) {
        if self.styled + text.len() > MOST_STYLE {
            return;
        }
        self.styled += text.len();
        match self.styles.last_mut().filter(|_| !fresh) {
            Some(sheet) => sheet.push_str(text),
            None => self.styles.push(text.to_owned()),
        }
    }
}

/// An address that the browser uses by itself, as written.
pub(super) struct Link {
    pub(super) kind: ResourceKind,
    pub(super) href: String,
    pub(super) integrity: bool,
    pub(super) blocking: bool,
}

/// Where characters go.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Into {
    #[default]
    Nowhere,
    Script,
    Style,
    Title,
}

/// The receiver of tokens.
#[derive(Default)]
pub(super) struct Sink {
    pub(super) found: RefCell<Found>,
    into: Cell<Into>,
    /// Open `<svg>` elements: a title in them is not the page's.
    drawings: Cell<u32>,
    /// Open `<template>` elements: what stands in them is not fetched.
    templates: Cell<u32>,
    /// Whether something came that ends the head.
    body: Cell<bool>,
    progress: Cell<bool>,
    pairs: Cell<usize>,
}

impl Sink {
    /// Whether a token came since the last call.
    pub(super) fn progressed(&self) -> bool {
        self.progress.take()
    }

    /// Whether attributes cost too much so far.
    pub(super) fn exhausted(&self) -> bool {
        self.pairs.get() > MOST_PAIRS
    }

    fn open(&self, tag: &Tag) -> TokenSinkResult<()> {
        let mut found = self.found.borrow_mut();
        if !matches!(
            &*tag.name,
            "html" | "head" | "title" | "base" | "link" | "meta" | "style" | "script" | "noscript" | "template"
        ) {
            self.body.set(true);
        }
        let head = !self.body.get();
        if self.templates.get() == 0 {
            fetched(&mut found.links, tag, head);
            if let Some(style) = attribute(tag, "style") {
                found.style(&style, true);
            }
        }
        hidden(&mut found.hidden, tag);
        match &*tag.name {
            "base" if found.base.is_none() => found.base = attribute(tag, "href"),
            "link" => link(&mut found, tag),
            "meta" => meta(&mut found, tag, head),
            "a" | "area" if found.pages.len() < MOST_LINKS => found.pages.extend(attribute(tag, "href")),
            "form" => found.form = Some(attribute(tag, "action").unwrap_or_default()),
            "input"
                if found.login.is_none()
                    && attribute(tag, "type").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("password")) =>
            {
                found.login = Some(found.form.clone().unwrap_or_default());
            }
            "script" => {
                self.into.set(script(&mut found, tag));
                return TokenSinkResult::RawData(ScriptData);
            }
            "svg" if !tag.self_closing => self.drawings.set(self.drawings.get().saturating_add(1)),
            "title" => {
                if found.title.is_none() && self.drawings.get() == 0 {
                    found.title = Some(String::new());
                    self.into.set(Into::Title);
                }
                return TokenSinkResult::RawData(Rcdata);
            }
            "textarea" => return TokenSinkResult::RawData(Rcdata),
            "template" => self.templates.set(self.templates.get().saturating_add(1)),
            "style" => {
                found.style("", true);
                self.into.set(Into::Style);
                return TokenSinkResult::RawData(Rawtext);
            }
            "xmp" | "iframe" | "noembed" | "noframes" | "noscript" => {
                return TokenSinkResult::RawData(Rawtext);
            }
            "plaintext" => return TokenSinkResult::Plaintext,
            _ => {}
        }
        TokenSinkResult::Continue
    }

    fn close(&self, tag: &Tag) {
        match &*tag.name {
            "script" | "style" | "title" => self.into.set(Into::Nowhere),
            "head" => self.body.set(true),
            "template" => self.templates.set(self.templates.get().saturating_sub(1)),
            "svg" => self.drawings.set(self.drawings.get().saturating_sub(1)),
            "form" => self.found.borrow_mut().form = None,
            _ => {}
        }
    }

    fn text(&self, text: &str) {
        let mut found = self.found.borrow_mut();
        match self.into.get() {
            Into::Nowhere => {}
            Into::Script => {
                if let Some(script) = found.inline.last_mut() {
                    script.push_str(text);
                }
            }
            Into::Style => found.style(text, false),
            Into::Title => {
                if let Some(title) = found.title.as_mut().filter(|title| title.len() < LONGEST_TITLE) {
                    title.push_str(text);
                }
            }
        }
    }
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        // Errors are told in the middle of a tag, so they are no progress.
        if !matches!(token, ParseError(_)) {
            self.progress.set(true);
        }
        match token {
            TagToken(tag) => {
                self.pairs.set(self.pairs.get().saturating_add(tag.attrs.len() * tag.attrs.len() / 2));
                match tag.kind {
                    StartTag => return self.open(&tag),
                    EndTag => self.close(&tag),
                }
            }
            CharacterTokens(text) => self.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn meta(found: &mut Found, tag: &Tag, head: bool) {
    let is = |name: &str, word: &str| attribute(tag, name).is_some_and(|value| value.trim().eq_ignore_ascii_case(word));
    let content = || attribute(tag, "content");
    if found.og_url.is_none() && (is("property", "og:url") || is("name", "og:url")) {
        found.og_url = content();
    }
    // A policy outside of the head does nothing (HTML, "content security policy state").
    if head && is("http-equiv", "content-security-policy") && found.csp.len() < MOST_POLICIES {
        found.csp.extend(content());
    }
    if is("name", "referrer") {
        found.referrer = content().or_else(|| found.referrer.take());
    }
    if found.robots.is_none() && is("name", "robots") {
        found.robots = content();
    }
}
