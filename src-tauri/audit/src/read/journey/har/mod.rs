//! A recording of a browser (HAR 1.2) made into a file of journeys: what a visitor did, without third parties and static files, and never
//! with a cookie, a password or a token in it. What one answer gave and a later request sent back becomes a value that is taken.

mod known;
#[cfg(test)]
mod tests;
mod write;

use super::{MOST_STEPS, read};
use crate::facts::JourneyKind;
use crate::read::domain;
use crate::read::text::clean;
use known::Known;
use serde::Deserialize;
use std::collections::BTreeSet;
use url::Url;

/// Requests of a recording that are looked at.
const MOST_ENTRIES: usize = 5_000;
/// Bytes of one answer that values are looked for in.
const LONGEST_ANSWER: usize = 2 * 1024 * 1024;

#[derive(Deserialize)]
struct Har {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    #[serde(default)]
    entries: Vec<Entry>,
}

/// One request with its answer.
#[derive(Deserialize)]
struct Entry {
    request: Request,
    #[serde(default)]
    response: Response,
    /// What Chrome says that it asked for.
    #[serde(rename = "_resourceType")]
    resource: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<Pair>,
    post_data: Option<Post>,
}

#[derive(Deserialize)]
struct Pair {
    name: String,
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Post {
    #[serde(default)]
    mime_type: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    params: Vec<Pair>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    #[serde(default)]
    status: i32,
    #[serde(default)]
    headers: Vec<Pair>,
    #[serde(default)]
    content: Content,
    #[serde(default, rename = "redirectURL")]
    redirect: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    #[serde(default)]
    mime_type: String,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    encoding: Option<String>,
}

/// What the visitor did at once: a request, and the redirects that followed it.
struct Move<'h> {
    asked: &'h Entry,
    url: Url,
    /// Every answer on the way, the last one included.
    hops: Vec<&'h Entry>,
    last: Url,
}

/// A file that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The file.
    pub text: String,
    /// What a person should know of it.
    pub notes: Vec<String>,
}

/// Makes a file of one journey out of a recording; without a kind it is guessed by the addresses.
///
/// # Errors
/// It is no recording, nothing in it belongs to a product, or a secret could not be kept out.
pub fn import(bytes: &[u8], kind: Option<JourneyKind>) -> Result<Import, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let har: Har = serde_json::from_slice(bytes)
        .map_err(|error| format!("this is no recording of a browser (HAR): {}", clean(&error.to_string(), 160)))?;
    let mut notes = Vec::new();
    if har.log.entries.len() > MOST_ENTRIES {
        notes.push(format!("only the first {MOST_ENTRIES} requests were looked at"));
    }
    let entries: Vec<&Entry> = har.log.entries.iter().take(MOST_ENTRIES).collect();
    let site = entries.iter().find_map(|entry| entry.own_page().then(|| site_of(&entry.url()?)).flatten());
    let site = site.ok_or("nothing in the recording is a page or an interface of a product")?;
    let moves = moves(&entries, &site, &mut notes);
    if moves.is_empty() {
        return Err("nothing in the recording is a page or an interface of a product".to_owned());
    }
    let kind = kind.unwrap_or_else(|| guessed(&moves));
    let known = Known::of(&entries);
    let text = write::file(&moves, kind, &known, &mut notes);
    // Whatever a recording holds, and whatever was overlooked: what is secret does not go out.
    if known.tells(&text) {
        return Err("a password, cookie or token of the recording stands in a place where it cannot be left out; write this journey by hand".to_owned());
    }
    read(&text).map_err(|wrong| {
        format!("the recording makes no file that can be used ({wrong}); write this journey by hand")
    })?;
    Ok(Import { text, notes })
}

impl Entry {
    fn url(&self) -> Option<Url> {
        let mut url = Url::parse(&self.request.url).ok()?;
        url.set_fragment(None);
        let plain = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
        (plain && url.set_username("").is_ok() && url.set_password(None).is_ok()).then_some(url)
    }

    fn kind(&self) -> &str {
        self.response.content.mime_type.split(';').next().unwrap_or_default().trim()
    }

    /// Whether it is a page, or an exchange of data, and not a part of a page.
    fn own_page(&self) -> bool {
        const PARTS: [&str; 12] = [
            "stylesheet",
            "script",
            "image",
            "font",
            "media",
            "websocket",
            "manifest",
            "ping",
            "preflight",
            "texttrack",
            "eventsource",
            "csp-violation-report",
        ];
        let resource = self.resource.as_deref().unwrap_or_default();
        let kind = self.kind();
        let part = kind.starts_with("image/")
            || kind.starts_with("font/")
            || kind.starts_with("audio/")
            || kind.starts_with("video/")
            || kind.ends_with("javascript")
            || kind.ends_with("ecmascript")
            || matches!(kind, "text/css" | "application/wasm" | "application/manifest+json" | "application/font-woff");
        let method = matches!(self.request.method.as_str(), "GET" | "POST" | "PUT" | "PATCH" | "DELETE");
        // An answer that never came (status 0) tells nothing.
        method && !part && !PARTS.contains(&resource) && (100..600).contains(&self.response.status)
    }

    fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let pairs = self.response.headers.iter().filter(move |pair| pair.name.eq_ignore_ascii_case(name));
        pairs.map(|pair| pair.value.as_str())
    }

    fn status(&self) -> u16 {
        u16::try_from(self.response.status).unwrap_or_default()
    }

    /// The text of the answer, as far as it is read.
    fn text(&self) -> Option<String> {
        use base64::Engine as _;
        let text = self.response.content.text.as_deref()?;
        let text = match self.response.content.encoding.as_deref() {
            Some("base64") if text.len() / 4 * 3 <= LONGEST_ANSWER => {
                String::from_utf8(base64::engine::general_purpose::STANDARD.decode(text).ok()?).ok()?
            }
            Some("base64") => return None,
            _ => text.to_owned(),
        };
        (text.len() <= LONGEST_ANSWER).then_some(text)
    }

    /// Where it sends on to.
    fn leads(&self, from: &Url) -> Option<Url> {
        if !matches!(self.response.status, 301 | 302 | 303 | 307 | 308) {
            return None;
        }
        let named = self.response.redirect.as_deref().filter(|to| !to.is_empty());
        let mut to = from.join(named.or_else(|| self.header("location").next())?).ok()?;
        to.set_fragment(None);
        Some(to)
    }
}

/// The registered domain of an address; the host itself where there is none.
fn site_of(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(domain::registered(host).unwrap_or_else(|| host.to_owned()))
}

fn moves<'h>(entries: &[&'h Entry], site: &str, notes: &mut Vec<String>) -> Vec<Move<'h>> {
    let mut moves: Vec<Move<'h>> = Vec::new();
    let (mut others, mut parts) = (BTreeSet::new(), 0);
    for entry in entries {
        let Some(url) = entry.url() else { continue };
        if site_of(&url).as_deref() != Some(site) {
            others.insert(clean(url.host_str().unwrap_or_default(), 80));
            continue;
        }
        if !entry.own_page() {
            parts += 1;
            continue;
        }
        let follows = moves
            .last()
            .is_some_and(|last| last.hops.last().and_then(|hop| hop.leads(&last.last)).is_some_and(|to| to == url));
        if let Some(last) = moves.last_mut().filter(|_| follows) {
            last.hops.push(entry);
            last.last = url;
            continue;
        }
        let again = moves.last().is_some_and(|last| last.url == url && entry.request.method == "GET");
        if !again {
            moves.push(Move { asked: entry, last: url.clone(), url, hops: vec![entry] });
        }
    }
    if parts > 0 {
        notes.push(format!("{parts} requests for parts of pages (scripts, styles, images) were left out"));
    }
    if !others.is_empty() {
        let named: Vec<&str> = others.iter().take(8).map(String::as_str).collect();
        notes.push(format!(
            "requests to other companies were left out: {}; where one is part of the way, name it under hosts",
            named.join(", ")
        ));
    }
    if moves.len() > MOST_STEPS {
        notes.push(format!("only the first {MOST_STEPS} of {} steps were taken", moves.len()));
        moves.truncate(MOST_STEPS);
    }
    moves
}

/// The kind that the addresses speak of.
fn guessed(moves: &[Move<'_>]) -> JourneyKind {
    const WORDS: [(JourneyKind, &[&str]); 4] = [
        (JourneyKind::Checkout, &["checkout", "order", "payment", "cart", "subscribe"]),
        (JourneyKind::Signup, &["signup", "sign-up", "register", "join"]),
        (JourneyKind::Reset, &["reset", "forgot", "recover"]),
        (JourneyKind::Login, &["login", "log-in", "signin", "sign-in", "session", "enter"]),
    ];
    let paths: Vec<String> = moves.iter().map(|one| one.url.path().to_ascii_lowercase()).collect();
    let speaks = |words: &[&str]| paths.iter().any(|path| words.iter().any(|word| path.contains(word)));
    WORDS.iter().find(|(_, words)| speaks(words)).map_or(JourneyKind::Core, |(kind, _)| *kind)
}
