//! What an HTML document links and says (title, canonical address, scripts), read token by token in time linear to its size.
//!
//! No tree is built: hostile nesting costs a tree builder the square of its depth, and nothing here needs a tree.

mod css;
mod resource;
mod sink;
mod tag;
#[cfg(test)]
mod tests;

use crate::facts::{Linked, PageSeen};
use crate::read::text::clean;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tokenizer, TokenizerOpts};
use sha2::{Digest, Sha256};
use sink::Sink;
use std::fmt::Write as _;
use url::Url;

/// Scripts kept of a page.
const MOST_SCRIPTS: usize = 100;
/// Resources kept of a page.
const MOST_RESOURCES: usize = 300;
/// Hashes of inline scripts kept of a page.
const MOST_HASHES: usize = 20;
/// Links to other pages kept of a page.
const MOST_PAGES: usize = 200;
/// Characters of a URL that is kept.
const LONGEST_URL: usize = 4096;
/// Bytes read between two looks at the cost.
const PIECE: usize = 4096;
/// Characters that may part attributes in one unfinished tag; beyond this the rest of the page is left unread, because the
/// tokenizer compares each attribute with all before it.
const MOST_PARTS: usize = 20_000;

/// A page: what may be kept of it, and its inline scripts for scanning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// What may be kept.
    pub seen: PageSeen,
    /// The text of each inline script, data blocks (JSON, import maps, templates) included; to be scanned and dropped.
    pub inline: Vec<String>,
    /// Values that a form or a script sends back, such as tokens against forged requests; to be used and dropped.
    pub hidden: Vec<Hidden>,
}

/// A value that a page hands out to be sent back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// Its name.
    pub name: String,
    /// The value.
    pub value: String,
    /// Whether it stands in a `<meta>` element, for scripts; else it is a hidden field of a form.
    pub meta: bool,
}

/// Reads a document that was served at `base`; `truncated` says that the body went on.
#[must_use]
pub fn read(body: &[u8], truncated: bool, base: &Url) -> Page {
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    let whole = feed(&tokenizer, body);
    tokenizer.end();
    let Sink { found, .. } = tokenizer.sink;
    let found = found.into_inner();
    let root = found.base.as_ref().and_then(|href| base.join(href).ok()).unwrap_or_else(|| base.clone());
    let absolute = |href: &String| web(&root, href);
    let mut scripts: Vec<String> = Vec::new();
    for url in found.scripts.iter().filter_map(absolute) {
        if scripts.len() < MOST_SCRIPTS && !scripts.contains(&url) {
            scripts.push(url);
        }
    }
    let linked = Linked {
        pages: each_once(found.pages.iter().filter_map(|href| bare(&root, href)), MOST_PAGES),
        robots: found.robots.as_deref().map(|content| clean(content.trim(), 200)),
        // An empty action sends the form to the page itself, whatever the base is (HTML §4.10.21.3).
        login: found
            .login
            .as_ref()
            .and_then(|action| if action.trim().is_empty() { web(base, base.as_str()) } else { absolute(action) }),
    };
    let resources = resource::all(&found, &root, found.base.is_some());
    let crowded = found.links.len() >= sink::MOST_LINKS || resources.len() >= MOST_RESOURCES;
    let seen = PageSeen {
        linked,
        bytes: u32::try_from(body.len()).unwrap_or(u32::MAX),
        truncated: truncated || !whole || crowded,
        sha256: hexadecimal(&Sha256::digest(body)),
        title: found.title.as_deref().map(one_line).filter(|title| !title.is_empty()),
        canonical: found.canonical.as_ref().and_then(absolute),
        og_url: found.og_url.as_ref().and_then(absolute),
        scripts,
        inline_scripts: found.executed,
        resources,
        inline_hashes: hashes(&found.inline),
        csp_meta: found.csp.iter().map(|policy| clean(policy, 4_096)).collect(),
        referrer_meta: found.referrer.as_deref().map(|policy| clean(policy, 300)),
    };
    let inline = found.inline.into_iter().filter(|script| !script.trim().is_empty()).collect();
    Page { seen, inline, hidden: found.hidden }
}

/// Feeds piece by piece; false when the rest would cost too much and was left out.
fn feed(tokenizer: &Tokenizer<Sink>, body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    let mut rest: &str = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let queue = BufferQueue::default();
    let mut parts = 0;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(border(rest));
        rest = after;
        if tokenizer.sink.progressed() {
            parts = 0;
        }
        parts +=
            piece.bytes().filter(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'/' | b'"' | b'\'')).count();
        if parts > MOST_PARTS || tokenizer.sink.exhausted() {
            return false;
        }
        queue.push_back(StrTendril::from_slice(piece));
        // A sink that never answers with a script lets the tokenizer run through.
        drop(tokenizer.feed(&queue));
    }
    true
}

/// Where a piece of about [`PIECE`] bytes ends without cutting a character.
fn border(text: &str) -> usize {
    (PIECE.min(text.len())..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

/// Hashes of inline scripts as a content security policy names them. Data blocks need none and do no harm.
fn hashes(scripts: &[String]) -> Vec<String> {
    let written = scripts.iter().filter(|script| !script.trim().is_empty()).take(MOST_HASHES);
    written.map(|script| format!("sha256-{}", STANDARD.encode(Sha256::digest(script)))).collect()
}

fn web(root: &Url, href: &str) -> Option<String> {
    let url = root.join(href.trim()).ok()?;
    let kept =
        matches!(url.scheme(), "http" | "https") && url.host_str().is_some() && url.as_str().len() <= LONGEST_URL;
    kept.then(|| url.into())
}

fn each_once(urls: impl Iterator<Item = String>, most: usize) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for url in urls {
        if kept.len() < most && !kept.contains(&url) {
            kept.push(url);
        }
    }
    kept
}

/// The page that a link leads to: without the place in it.
fn bare(root: &Url, href: &str) -> Option<String> {
    let mut url = Url::parse(&web(root, href)?).ok()?;
    url.set_fragment(None);
    Some(url.into())
}

fn one_line(title: &str) -> String {
    clean(&title.split_whitespace().collect::<Vec<_>>().join(" "), 300)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
