//! What single tags say: their attributes, the scripts they name, and what they make a browser fetch.

use super::Hidden;
use super::resource::candidates;
use super::sink::{Found, Into, Link, MOST_LINKS};
use crate::facts::ResourceKind as Kind;
use html5ever::tokenizer::Tag;

/// Adds what the browser fetches or submits to because of this tag.
pub(super) fn fetched(links: &mut Vec<Link>, tag: &Tag, head: bool) {
    let of = |name: &str, kind: Kind| attribute(tag, name).map(|href| (kind, href));
    let set = |name: &str| {
        let all = attribute(tag, name).map(|set| candidates(&set)).unwrap_or_default();
        all.into_iter().map(|href| (Kind::ImageSet, href)).collect::<Vec<_>>()
    };
    let (mut found, mut integrity, mut blocking) = (Vec::new(), false, false);
    match &*tag.name {
        "audio" | "track" => found.extend(of("src", Kind::Media)),
        "video" => found.extend(of("src", Kind::Media).into_iter().chain(of("poster", Kind::Image))),
        "source" => {
            found.extend(of("src", Kind::Media));
            found.extend(set("srcset"));
        }
        "img" => {
            found.extend(of("src", Kind::Image));
            found.extend(set("srcset"));
        }
        "input" if attribute(tag, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("image")) => {
            found.extend(of("src", Kind::Image).into_iter().chain(of("formaction", Kind::Form)));
        }
        "button" | "input" => found.extend(of("formaction", Kind::Form)),
        "form" => found.extend(of("action", Kind::Form)),
        "iframe" | "frame" => found.extend(of("src", Kind::Frame)),
        "embed" => found.extend(of("src", Kind::Object)),
        "object" => found.extend(of("data", Kind::Object)),
        "script" => {
            found.extend(of("src", Kind::Script));
            integrity = has(tag, "integrity");
            let module = attribute(tag, "type").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("module"));
            blocking = head && !module && !held(tag, "async") && !held(tag, "defer");
        }
        "link" => {
            let rel = attribute(tag, "rel").unwrap_or_default();
            let is = |word: &str| rel.split_ascii_whitespace().any(|other| other.eq_ignore_ascii_case(word));
            let media = attribute(tag, "media").unwrap_or_default();
            let kind = linked(&is, &attribute(tag, "as").unwrap_or_default());
            found.extend(kind.and_then(|kind| of("href", kind)));
            integrity = has(tag, "integrity");
            blocking = head && is("stylesheet") && !is("alternate") && !media.trim().eq_ignore_ascii_case("print");
        }
        _ => {}
    }
    let room = MOST_LINKS.saturating_sub(links.len());
    let named = found.into_iter().filter(|(_, href)| !href.trim().is_empty());
    links.extend(named.take(room).map(|(kind, href)| Link { kind, href, integrity, blocking }));
}

fn linked(is: &dyn Fn(&str) -> bool, kind: &str) -> Option<Kind> {
    if is("stylesheet") {
        return Some(Kind::Style);
    }
    if is("icon") || is("apple-touch-icon") || is("mask-icon") {
        return Some(Kind::Image);
    }
    if is("manifest") {
        return Some(Kind::Manifest);
    }
    let preloaded = || match kind.to_ascii_lowercase().as_str() {
        "font" => Some(Kind::Font),
        "image" => Some(Kind::Image),
        // What is preloaded as a script or style sheet is told where it is used.
        _ => None,
    };
    is("preload").then(preloaded).flatten()
}

fn held(tag: &Tag, name: &str) -> bool {
    tag.attrs.iter().any(|attribute| &*attribute.name.local == name)
}

fn has(tag: &Tag, name: &str) -> bool {
    attribute(tag, name).is_some_and(|value| !value.trim().is_empty())
}

pub(super) fn attribute(tag: &Tag, name: &str) -> Option<String> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| attribute.value.to_string())
}

/// Values kept that a page hands out to be sent back.
const MOST_HIDDEN: usize = 100;
/// Characters of such a value.
const LONGEST_HIDDEN: usize = 8 * 1024;

/// Adds what this tag hands out to be sent back.
pub(super) fn hidden(all: &mut Vec<Hidden>, tag: &Tag) {
    let (meta, value) = match &*tag.name {
        "meta" => (true, "content"),
        "input" if attribute(tag, "type").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("hidden")) => {
            (false, "value")
        }
        _ => return,
    };
    let (Some(name), Some(value)) = (attribute(tag, "name"), attribute(tag, value)) else { return };
    if all.len() < MOST_HIDDEN && value.len() <= LONGEST_HIDDEN && name.len() <= 200 {
        all.push(Hidden { name, value, meta });
    }
}

pub(super) fn link(found: &mut Found, tag: &Tag) {
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

pub(super) fn script(found: &mut Found, tag: &Tag) -> Into {
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
