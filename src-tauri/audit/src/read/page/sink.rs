//! Takes the tokens of an HTML document and keeps the few things that a page is asked for.

use html5ever::tokenizer::states::{Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{
    CharacterTokens, EndTag, ParseError, StartTag, Tag, TagToken, Token, TokenSink, TokenSinkResult,
};
use std::cell::{Cell, RefCell};

/// Pairs of attributes that the tokenizer may compare before the rest of a page is left unread.
const MOST_PAIRS: usize = 200_000_000;
/// Bytes of title that are kept.
const LONGEST_TITLE: usize = 8192;
/// Links to scripts that are kept before they are made absolute.
const MOST_LINKS: usize = 1000;

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
}

/// Where characters go.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Into {
    #[default]
    Nowhere,
    Script,
    Title,
}

/// The receiver of tokens.
#[derive(Default)]
pub(super) struct Sink {
    pub(super) found: RefCell<Found>,
    into: Cell<Into>,
    /// Open `<svg>` elements: a title in them is not the page's.
    drawings: Cell<u32>,
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
        match &*tag.name {
            "base" if found.base.is_none() => found.base = attribute(tag, "href"),
            "link" => link(&mut found, tag),
            "meta" if found.og_url.is_none() => {
                let is_url =
                    |name| attribute(tag, name).is_some_and(|value| value.trim().eq_ignore_ascii_case("og:url"));
                if is_url("property") || is_url("name") {
                    found.og_url = attribute(tag, "content");
                }
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
            "style" | "xmp" | "iframe" | "noembed" | "noframes" | "noscript" => {
                return TokenSinkResult::RawData(Rawtext);
            }
            "plaintext" => return TokenSinkResult::Plaintext,
            _ => {}
        }
        TokenSinkResult::Continue
    }

    fn close(&self, tag: &Tag) {
        match &*tag.name {
            "script" | "title" => self.into.set(Into::Nowhere),
            "svg" => self.drawings.set(self.drawings.get().saturating_sub(1)),
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

fn attribute(tag: &Tag, name: &str) -> Option<String> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| attribute.value.to_string())
}

fn link(found: &mut Found, tag: &Tag) {
    let rel = attribute(tag, "rel").unwrap_or_default();
    let is = |word: &str| rel.split_ascii_whitespace().any(|other| other.eq_ignore_ascii_case(word));
    if is("canonical") && found.canonical.is_none() {
        found.canonical = attribute(tag, "href");
    }
    // Bundlers announce the other parts of a bundle this way; the browser loads them as scripts.
    let announced = is("modulepreload")
        || is("preload") && attribute(tag, "as").is_some_and(|kind| kind.eq_ignore_ascii_case("script"));
    if announced && found.scripts.len() < MOST_LINKS {
        found.scripts.extend(attribute(tag, "href"));
    }
}

fn script(found: &mut Found, tag: &Tag) -> Into {
    if let Some(src) = attribute(tag, "src") {
        if found.scripts.len() < MOST_LINKS {
            found.scripts.push(src);
        }
        return Into::Nowhere;
    }
    found.inline.push(String::new());
    if runs(attribute(tag, "type").as_deref()) {
        found.executed += 1;
    }
    Into::Script
}

/// Whether a browser runs a script of this type (HTML, "prepare the script element").
fn runs(kind: Option<&str>) -> bool {
    let kind = kind.unwrap_or_default().trim().to_ascii_lowercase();
    matches!(kind.as_str(), "" | "module")
        || kind.ends_with("/javascript")
        || kind.ends_with("/ecmascript")
        || kind.ends_with("/x-javascript")
}
