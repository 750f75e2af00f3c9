//! The front page asked politely for more: its files once more, what is not there, what should not be there, and where its links lead.

use super::bundle::asset;
use super::http::Walked;
use super::probe::{Ask, Visitor, look, signs_in};
use crate::run::Desk;
use audit::Why;
use audit::facts::{End, Exchange, Fact, PageSeen, ResourceKind};
use audit::read::{exposed, health};
use futures::stream;
use futures::{FutureExt, StreamExt};
use http::Method;
use http::header::{ACCEPT_ENCODING, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH};
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicBool, Ordering};
use url::Url;

/// Styles and images fetched of the page.
const FILES: usize = 30;
/// Files asked for a second and a third time.
const AGAIN: usize = 5;
/// Links followed.
const LINKS: usize = 40;
/// Redirects followed of one link.
const MOVES: usize = 3;
/// Requests under way at once.
const AT_ONCE: usize = 24;
/// Decoded bytes read of what only has to be recognised.
const GLANCE: usize = 64 * 1024;
/// Decoded bytes read of one file of the page.
const FILE: usize = 8 * 1024 * 1024;

/// What is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts {
    /// The page itself once more, as browsers ask for it.
    home: bool,
    files: bool,
    inside: bool,
    links: bool,
}

impl Parts {
    pub(crate) fn all() -> Self {
        Self { home: true, files: true, inside: true, links: true }
    }

    /// What either asks.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            home: self.home || other.home,
            files: self.files || other.files,
            inside: self.inside || other.inside,
            links: self.links || other.links,
        }
    }

    /// What one check reads.
    pub(crate) fn of(check: &str) -> Self {
        let none = Self::default();
        match check {
            "edge.cache" | "http.caching" | "http.compression" | "http.images" | "http.payload_size" => {
                Self { home: true, files: true, ..none }
            }
            "http.security_headers" => Self { home: true, ..none },
            "http.dead_links" => Self { links: true, ..none },
            "http.error_pages" | "http.exposed_files" | "http.health" | "http.request_id" => {
                Self { inside: true, ..none }
            }
            _ => none,
        }
    }
}

/// The front page: where it is, and what it shows.
#[derive(Clone)]
pub(crate) struct Front {
    url: Url,
    page: PageSeen,
}

impl Front {
    /// The page that a chain ended at, where it is one of the domain's own.
    pub(crate) fn of(desk: &Desk<'_>, walked: &Walked) -> Option<Self> {
        let chain = walked.fact.seen().ok()?;
        let hop = chain.last().filter(|hop| chain.end == End::Answered && hop.status < 400)?;
        let url = Url::parse(&hop.url).ok().filter(|url| url.host_str().is_some_and(|host| desk.ours(host)))?;
        Some(Self { url, page: hop.page.clone()? })
    }

    fn at(&self, path: &str) -> Option<Url> {
        self.url.join(path).ok()
    }
}

/// Asks after the page itself; goes beside the scripts.
pub(crate) async fn look_inside(desk: &Desk<'_>, front: &Front, parts: Parts) {
    futures::join!(
        Box::pin(async {
            if parts.inside {
                inside(desk, front).await;
            }
        }),
        Box::pin(async {
            if parts.links {
                links(desk, front).await;
            }
        }),
    );
}

/// Asks for the page and its files besides scripts.
pub(crate) async fn look_at_files(desk: &Desk<'_>, front: &Front, parts: Parts) {
    futures::join!(
        Box::pin(async {
            if parts.home {
                home(desk, front).await;
            }
        }),
        Box::pin(async {
            if parts.files {
                files(desk, front).await;
            }
        }),
    );
}

/// Asks after all files once more; goes when the scripts were read.
pub(crate) async fn look_at_files_again(desk: &Desk<'_>, front: &Front, parts: Parts) {
    if parts.files {
        again(desk, front).await;
    }
}

async fn home(desk: &Desk<'_>, front: &Front) {
    let mut home = Ask::get("home", front.url.clone());
    home.headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("br, zstd, gzip"));
    home.cap = FILE;
    look(desk, &home).await;
}

async fn files(desk: &Desk<'_>, front: &Front) {
    let kinds = [ResourceKind::Style, ResourceKind::Image];
    let mut urls: Vec<Url> = Vec::new();
    for url in
        front.page.resources.iter().filter(|resource| kinds.contains(&resource.kind)).map(|resource| &resource.url)
    {
        let url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        urls.extend(url.filter(|url| urls.len() < FILES && !urls.contains(url)));
    }
    each(urls, |url| async move { look(desk, &asset(url, FILE)).await }).await;
}

async fn again(desk: &Desk<'_>, front: &Front) {
    let seen: Vec<Exchange> = {
        let facts = desk.facts();
        let assets = facts.exchanges.iter().filter(|(key, _)| key.starts_with("asset "));
        assets.filter_map(|(_, fact)| fact.seen().ok().cloned()).collect()
    };
    let own = seen.into_iter().filter(|asset| asset.status == 200).filter_map(|asset| {
        let url = Url::parse(&asset.url).ok().filter(|url| url.origin() == front.url.origin())?;
        Some((url, asset))
    });
    each(own.take(AGAIN).collect(), |(url, first)| async move {
        // The same question with what the answer gave to know it again by.
        let mut ask = asset(url.clone(), FILE);
        ask.probe = "again";
        let value = |name: &str| first.header(name).next().and_then(|value| HeaderValue::from_str(value).ok());
        ask.headers.extend(value("etag").map(|value| (IF_NONE_MATCH, value)));
        ask.headers.extend(value("last-modified").map(|value| (IF_MODIFIED_SINCE, value)));
        look(desk, &ask).await;
        let mut ask = asset(url, GLANCE);
        ask.probe = "third";
        ask.method = Method::HEAD;
        look(desk, &ask).await
    })
    .await;
}

async fn inside(desk: &Desk<'_>, front: &Front) {
    // What the host answers for nonsense comes first: only against it can anything else be recognised.
    let digest = Sha256::new().chain_update(b"nonsense").chain_update(desk.seed).finalize();
    let word =
        digest.iter().take(9).fold(String::new(), |word, byte| format!("{word}{}", char::from(b'a' + byte % 26)));
    let Some(nonsense) = front.at(&format!("/{word}")) else { return };
    let mut control = Ask::get("nonsense", nonsense);
    control.cap = GLANCE;
    look(desk, &control).await;
    // A malformed parameter: bytes that are no UTF-8 (RFC 3986 allows them, programs often do not expect them).
    let malformed = front.at("/?q=%E0%A4%A").into_iter().map(|url| ("malformed", url));
    let health = health::PATHS.iter().filter_map(|path| Some(("health", front.at(path)?)));
    let files = exposed::paths().filter_map(|path| Some(("exposed", front.at(path)?)));
    each(malformed.chain(health).chain(files).collect(), |(probe, url)| async move {
        let mut ask = Ask::get("file", url);
        ask.probe = probe;
        ask.cap = GLANCE;
        let fact = look(desk, &ask).await;
        if probe == "health" && fact.seen().is_ok_and(health::kept) {
            // What a stranger is not told is asked for in the name of whoever gave a session for this host.
            let (probe, visitor) = ("health-signed-in", Visitor::Owner);
            let mine = Ask { probe, visitor, ..ask };
            if signs_in(desk, &mine) {
                look(desk, &mine).await;
            }
        }
        fact
    })
    .await;
}

async fn links(desk: &Desk<'_>, front: &Front) {
    let mut urls: Vec<Url> = Vec::new();
    for url in front.page.linked.pages.iter().filter_map(|url| Url::parse(url).ok()) {
        if urls.len() < LINKS && url != front.url && !urls.contains(&url) {
            urls.push(url);
        }
    }
    // A link that is troubled says nothing about the others, so none of them ends the row.
    let mut asked = stream::iter(urls.into_iter().map(|url| Box::pin(link(desk, url)))).buffer_unordered(AT_ONCE);
    while asked.next().await.is_some() {}
}

/// Follows one link; HEAD first, GET where the server does not know HEAD or does not like it.
async fn link(desk: &Desk<'_>, mut url: Url) {
    for _ in 0..=MOVES {
        let mut ask = Ask::get("link", url.clone());
        ask.cap = GLANCE;
        ask.method = Method::HEAD;
        let mut fact = look(desk, &ask).await;
        let again = match fact.seen() {
            Ok(exchange) => exchange.status >= 400,
            Err(unseen) => matches!(unseen.why, Why::Broken | Why::Garbled),
        };
        if again {
            ask.method = Method::GET;
            fact = look(desk, &ask).await;
        }
        let to = fact.seen().ok().and_then(|exchange| exchange.location.clone()).and_then(|to| Url::parse(&to).ok());
        match to {
            Some(to) if to != url => url = to,
            _ => return,
        }
    }
}

/// Asks for each, a few at once, and stops for good when the site asks to be left alone or falls silent.
async fn each<T, F: Future<Output = Fact<Exchange>> + Send>(items: Vec<T>, ask: impl Fn(T) -> F) {
    let stopped = AtomicBool::new(false);
    let stopped = &stopped;
    let mut asked = stream::iter(items.into_iter().map(|item| {
        let work = ask(item);
        async move {
            if stopped.load(Ordering::Relaxed) {
                return;
            }
            let fact = work.await;
            let enough = [Why::Busy, Why::Challenged, Why::Timeout];
            if fact.seen().is_err_and(|unseen| enough.contains(&unseen.why)) {
                stopped.store(true, Ordering::Relaxed);
            }
        }
        .boxed()
    }))
    .buffer_unordered(AT_ONCE);
    while asked.next().await.is_some() {}
}
