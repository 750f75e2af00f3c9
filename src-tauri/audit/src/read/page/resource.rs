//! What a page makes a browser fetch, open or submit to: made absolute, bounded, each once.

use super::sink::{Found, Link};
use super::{LONGEST_URL, MOST_RESOURCES, css};
use crate::facts::{Resource, ResourceKind, Written};
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use url::Url;

/// Everything found, in document order; inline styles and scripts come last.
pub(super) fn all(found: &Found, root: &Url, based: bool) -> Vec<Resource> {
    let elements = found.links.iter().filter_map(|link| element(link, root, based));
    let styled = found.styles.iter().flat_map(|sheet| css::urls(sheet)).filter_map(|(kind, url)| {
        let link = Link { kind, href: url, integrity: false, blocking: false };
        element(&link, root, based)
    });
    let sockets = found.inline.iter().flat_map(|script| sockets(script));
    let mut seen = BTreeSet::new();
    let fresh = |resource: &Resource| seen.insert((resource.kind, resource.url.clone()));
    elements.chain(styled).chain(sockets).filter(fresh).take(MOST_RESOURCES).collect()
}

fn element(link: &Link, root: &Url, based: bool) -> Option<Resource> {
    let href = link.href.trim();
    let url = root.join(href).ok()?;
    let kept =
        matches!(url.scheme(), "http" | "https") && url.host_str().is_some() && url.as_str().len() <= LONGEST_URL;
    let written = if based || Url::parse(href).is_ok() {
        Written::Absolute
    } else if href.starts_with("//") {
        Written::SchemeRelative
    } else {
        Written::Relative
    };
    kept.then(|| Resource {
        kind: link.kind,
        url: url.into(),
        integrity: link.integrity,
        blocking: link.blocking,
        written,
    })
}

/// Unencrypted WebSocket addresses written out in a script; those of the developer's own machine are no matter here.
fn sockets(script: &str) -> Vec<Resource> {
    static SOCKET: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"["'`](wss?://[A-Za-z0-9.:\[\]-]{1,255}(?:/[^"'`\s\\$]{0,500})?)"#).ok());
    let Some(socket) = SOCKET.as_ref() else { return Vec::new() };
    let urls = socket.captures_iter(script).filter_map(|found| Url::parse(&found[1]).ok());
    let resource = |url: Url| Resource {
        kind: ResourceKind::Socket,
        url: url.into(),
        integrity: false,
        blocking: false,
        written: Written::Absolute,
    };
    urls.map(resource).collect()
}

/// The candidates of `srcset` (HTML, "parse a srcset attribute"): addresses up to white space, parted by commas.
pub(super) fn candidates(srcset: &str) -> Vec<String> {
    let mut rest = srcset;
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() || found.len() == MOST_RESOURCES {
            return found;
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (url, after) = rest.split_at(end);
        let bare = url.trim_end_matches(',');
        found.push(bare.to_owned());
        // A comma right after the address ends the candidate; otherwise its descriptors run to the next comma.
        rest = if bare.len() < url.len() { after } else { after.find(',').map_or("", |comma| &after[comma..]) };
    }
}

#[cfg(test)]
mod tests {
    use super::candidates;

    #[test]
    fn candidates_are_parted_as_browsers_do() {
        assert_eq!(candidates("a.png, b.png 2x,c.png 100w , d,e.png"), ["a.png", "b.png", "c.png", "d,e.png"]);
        assert_eq!(candidates(" , ,"), Vec::<String>::new());
        assert_eq!(candidates("data:image/png;base64,AA== 1x, b.png"), ["data:image/png;base64,AA==", "b.png"]);
        assert_eq!(candidates(&",a ".repeat(200_000)).len(), 300);
    }
}
