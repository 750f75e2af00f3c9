//! Scripts of the canonical page and their source maps, streamed through the secret rules; only redacted matches are kept.

use super::http::Walked;
use super::probe::{Ask, look_where};
use crate::net::http::host;
use crate::net::trouble::{Trouble, seconds};
use crate::run::Desk;
use audit::facts::{BodySeen, Bundle, End, Fact, Observation, PageSeen, ScriptSeen, SecretMatch};
use audit::read::script::{Reader, Seen};
use audit::read::secret::File;
use audit::read::text::clean;
use audit::{Unseen, Why};
use futures::StreamExt;
use futures::stream;
use http::header::{ACCEPT, ACCEPT_ENCODING, HeaderValue};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use url::Url;

/// Scripts read of one page.
const SCRIPTS: usize = 30;
/// Decoded bytes read of one script.
const SCRIPT: usize = 8 * 1024 * 1024;
/// Decoded bytes read of all scripts together.
const TOGETHER: usize = 30 * 1024 * 1024;
/// Scripts read at once.
const AT_ONCE: usize = 4;
/// Matches kept.
const MATCHES: usize = 200;
/// Redirects followed for one script.
const MOVES: usize = 3;
/// Source maps asked for.
const MAPS: usize = 12;
/// Decoded bytes read of one source map.
const MAP: usize = 8 * 1024 * 1024;

/// The scripts as they were read, before their source maps are asked for.
pub(crate) type Scripts = Fact<Bundle>;

/// Reads the scripts of the page that a chain ended at.
pub(crate) async fn look(desk: &Desk<'_>, walked: Walked) -> Scripts {
    desk.job("scripts of the page", Box::pin(see(desk, walked))).await
}

/// Asks for the source maps of the scripts, and tells what scripts and maps hold.
pub(crate) async fn look_at_maps(desk: &Desk<'_>, mut scripts: Scripts) {
    if let Fact::Seen { value, .. } = &mut scripts {
        let found = maps(desk, value).await;
        value.matches.extend(found);
        value.matches.truncate(MATCHES);
    }
    desk.saw(Observation::Bundle { fact: scripts });
}

/// The maps that scripts name, and those that lie beside own scripts under their usual name; what they hold.
async fn maps(desk: &Desk<'_>, bundle: &Bundle) -> Vec<SecretMatch> {
    let mut urls: Vec<Url> = Vec::new();
    {
        let facts = desk.facts();
        for script in bundle.scripts.iter().filter(|script| script.unseen.is_none() && script.url != bundle.page) {
            let Ok(at) = Url::parse(&script.url) else { continue };
            let named = facts.exchanges.get(&format!("asset {}", script.url)).and_then(|fact| fact.seen().ok());
            let named = named.and_then(|asset| asset.header("sourcemap").next()).and_then(|map| at.join(map).ok());
            let beside = || at.join(&format!("{}.map", at.path())).ok();
            let map = script.map.as_deref().and_then(|map| Url::parse(map).ok()).or(named).or_else(beside);
            let own = |map: &Url| map.host_str().is_some_and(|host| desk.ours(host));
            urls.extend(map.filter(|map| own(map) && urls.len() < MAPS && !urls.contains(map)));
        }
    }
    let (salt, stopped, found) = (desk.salt(), AtomicBool::new(false), Mutex::new(Vec::new()));
    let patience = Patience::new(desk.plan.limits.scripts);
    stream::iter(urls)
        .for_each_concurrent(AT_ONCE, |url| {
            let (salt, stopped, found, patience) = (&salt, &stopped, &found, &patience);
            async move {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let reading = Reading::begin(url.as_str(), salt, patience);
                let mut ask = Ask::get("map", url);
                ask.cap = MAP;
                let fact = look_where(desk, &ask, |status| status.is_success(), |part| reading.feed(part)).await;
                let seen = reading.end().await.map(|read| read.found).unwrap_or_default();
                found.lock().unwrap_or_else(PoisonError::into_inner).extend(seen);
                // A site that asks to be left alone, or falls silent, is asked no more.
                let enough = [Why::Busy, Why::Challenged, Why::Timeout];
                if fact.seen().is_err_and(|unseen| enough.contains(&unseen.why)) {
                    stopped.store(true, Ordering::Relaxed);
                }
            }
        })
        .await;
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort_by(|a, b| (&a.url, &a.source, a.line).cmp(&(&b.url, &b.source, b.line)));
    found
}

async fn see(desk: &Desk<'_>, walked: Walked) -> Fact<Bundle> {
    let (page, seen) = match page(&walked.fact) {
        Ok(found) => found,
        Err(unseen) => return Fact::Unseen(unseen),
    };
    let salt = desk.salt();
    let patience = Patience::new(desk.plan.limits.scripts);
    let mut scripts = Vec::new();
    let mut matches = Vec::new();
    if !walked.inline.is_empty() {
        let (script, found) = inline(&page, &walked.inline, &salt, &patience).await;
        scripts.push(script);
        matches.extend(found);
    }
    let left = AtomicUsize::new(TOGETHER);
    let mut linked: Vec<&String> = Vec::new();
    for url in &seen.scripts {
        if !linked.contains(&url) {
            linked.push(url);
        }
    }
    let (read, rest) = linked.split_at(linked.len().min(SCRIPTS));
    let mut reads = stream::iter(read.iter().map(|url| script(desk, url, &salt, &left, &patience))).buffered(AT_ONCE);
    while let Some((script, found)) = reads.next().await {
        scripts.push(script);
        matches.extend(found);
    }
    for url in rest {
        let trouble =
            Trouble::new(Why::Beyond, format!("the page links more than {SCRIPTS} scripts; this one was not read"));
        let unseen = Some(trouble.of(url.as_str()));
        scripts.push(ScriptSeen { url: clean(url, 2_000), unseen, ..ScriptSeen::default() });
    }
    matches.truncate(MATCHES);
    desk.seen(Bundle { page: page.clone(), scripts, matches }, host_of(&page))
}

fn host_of(url: &str) -> String {
    Url::parse(url).map_or_else(|_| url.to_owned(), |url| host(&url))
}

fn page(chain: &Fact<audit::facts::Chain>) -> Result<(String, PageSeen), Unseen> {
    let what = "scripts of the page";
    let rests = |says: String| Trouble::new(Why::Depends, says).of(what);
    let chain = chain.seen().map_err(|unseen| rests(format!("the page could not be seen: {}", unseen.says)))?;
    if let End::Lost { unseen, .. } = &chain.end {
        return Err(rests(format!("the page could not be seen: {}", unseen.says)));
    }
    match chain.last() {
        Some(hop) if chain.end == End::Answered => match &hop.page {
            Some(page) => Ok((hop.url.clone(), page.clone())),
            None => Err(rests(format!("{} is not an HTML page", hop.url))),
        },
        _ => Err(rests("the redirects of the page lead nowhere".to_owned())),
    }
}

async fn inline(page: &str, bodies: &[String], salt: &[u8; 32], patience: &Patience) -> (ScriptSeen, Vec<SecretMatch>) {
    let reading = Reading::begin(page, salt, patience);
    for body in bodies {
        reading.feed(body.as_bytes());
        reading.feed(b"\n");
    }
    let bytes = count(bodies.iter().map(String::len).sum());
    match reading.end().await {
        Some(Read { seen, found, whole }) => {
            let unseen = (!whole).then(|| patience.trouble().of(page));
            (ScriptSeen { url: page.to_owned(), bytes, marks: seen.marks, unseen, ..ScriptSeen::default() }, found)
        }
        None => {
            let unseen = Some(Trouble::new(Why::Garbled, "the scripts inside the page could not be read").of(page));
            (ScriptSeen { url: page.to_owned(), bytes, unseen, ..ScriptSeen::default() }, Vec::new())
        }
    }
}

/// What is asked for when a file of a page is fetched as a browser does.
pub(crate) fn asset(url: Url, cap: usize) -> Ask {
    let mut ask = Ask::get("asset", url);
    ask.headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    ask.headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("br, zstd, gzip"));
    ask.cap = cap;
    ask
}

async fn script(
    desk: &Desk<'_>,
    url: &str,
    salt: &[u8; 32],
    left: &AtomicUsize,
    patience: &Patience,
) -> (ScriptSeen, Vec<SecretMatch>) {
    let reading = Reading::begin(url, salt, patience);
    let read = fetch(desk, url, left, &mut |part: &[u8]| reading.feed(part)).await;
    let shown = clean(url, 2_000);
    let broken = || Trouble::new(Why::Garbled, "the script could not be read").of(shown.clone());
    let (seen, found) = match reading.end().await {
        Some(Read { seen, found, whole: true }) => (Ok(seen), found),
        Some(Read { found, .. }) => (Err(patience.trouble().of(shown.clone())), found),
        None => (Err(broken()), Vec::new()),
    };
    match read.and_then(|read| Ok((read, seen?))) {
        Ok(((at, body), seen)) => {
            let told = told(seen, &at);
            desk.net.dial.trace.told(at.as_str(), told.map.iter());
            (ScriptSeen { url: shown, bytes: body.bytes, truncated: body.truncated, ..told }, found)
        }
        Err(unseen) => (ScriptSeen { url: shown, unseen: Some(unseen), ..ScriptSeen::default() }, found),
    }
}

/// A script being read off the async threads while it comes in: looking for keys takes more time than any answer may wait.
struct Reading {
    parts: mpsc::UnboundedSender<Vec<u8>>,
    work: JoinHandle<Read>,
}

/// What was read of a script.
struct Read {
    seen: Seen,
    found: Vec<SecretMatch>,
    /// Whether all that came was looked through.
    whole: bool,
}

/// Time that may be spent on looking through the scripts of a page.
#[derive(Clone)]
struct Patience {
    whole: Duration,
    /// Microseconds.
    left: Arc<AtomicU64>,
}

impl Patience {
    fn new(whole: Duration) -> Self {
        Self { whole, left: Arc::new(AtomicU64::new(u64::try_from(whole.as_micros()).unwrap_or(u64::MAX))) }
    }

    fn is_over(&self) -> bool {
        self.left.load(Ordering::Relaxed) == 0
    }

    /// What cost more time than a page may.
    fn trouble(&self) -> Trouble {
        let whole = seconds(self.whole);
        let says =
            format!("looking for keys in the scripts of the page took longer than {whole}, so the rest was not read");
        Trouble::new(Why::Beyond, says)
    }

    fn spend(&self, took: Duration) {
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |rest| Some(rest.saturating_sub(took)));
    }
}

impl Reading {
    fn begin(url: &str, salt: &[u8; 32], patience: &Patience) -> Self {
        let patience = patience.clone();
        let (parts, mut coming) = mpsc::unbounded_channel::<Vec<u8>>();
        let (mut scanner, mut reader) = (File::new(url, salt, false), Reader::default());
        let work = tokio::task::spawn_blocking(move || {
            let mut whole = true;
            while let Some(part) = coming.blocking_recv() {
                // A text that is made to be slow must not hold up the rest of the audit.
                if patience.is_over() {
                    whole = false;
                    continue;
                }
                let begun = Instant::now();
                scanner.feed(&part);
                reader.feed(&part);
                patience.spend(begun.elapsed());
            }
            Read { seen: reader.finish(), found: scanner.finish(), whole }
        });
        Self { parts, work }
    }

    fn feed(&self, part: &[u8]) {
        // A reader that broke off is told at the end.
        drop(self.parts.send(part.to_vec()));
    }

    /// What the script told; nothing when reading it broke off.
    async fn end(self) -> Option<Read> {
        drop(self.parts);
        self.work.await.ok()
    }
}

/// What a script at this address told besides keys.
fn told(seen: Seen, at: &Url) -> ScriptSeen {
    let map = seen.map.and_then(|map| at.join(&map).ok()).filter(|map| matches!(map.scheme(), "http" | "https"));
    ScriptSeen { map: map.map(Into::into), map_inside: seen.map_inside, marks: seen.marks, ..ScriptSeen::default() }
}

/// Reads a script where it lies now, and says where that is.
async fn fetch(
    desk: &Desk<'_>,
    url: &str,
    left: &AtomicUsize,
    sink: &mut (impl FnMut(&[u8]) + Send),
) -> Result<(Url, BodySeen), Unseen> {
    let what = clean(url, 400);
    let unfit = || Trouble::new(Why::Garbled, "the script's address cannot be followed").of(what.clone());
    let mut url = Url::parse(url).map_err(|_| unfit())?;
    for _ in 0..=MOVES {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(unfit());
        }
        let ask = asset(url.clone(), SCRIPT.min(left.load(Ordering::Relaxed)));
        // What a redirect or an error page says is no script.
        let exchange = look_where(desk, &ask, |status| status.is_success(), &mut *sink).await.seen()?.clone();
        if let Some(to) = exchange.location {
            url = Url::parse(&to).map_err(|_| unfit())?;
            continue;
        }
        if !(200..300).contains(&exchange.status) {
            let says = format!("{} answered with HTTP {}", host(&url), exchange.status);
            return Err(Trouble::new(Why::Refused, says).of(what.clone()));
        }
        // Scripts read at the same time may together go over by three of them; the bound stays a bound.
        let bytes = exchange.body.bytes as usize;
        let _ = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |rest| Some(rest.saturating_sub(bytes)));
        return Ok((url, exchange.body));
    }
    Err(Trouble::new(Why::Garbled, format!("the script was moved more than {MOVES} times")).of(what))
}

fn count(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Patience, Reading};
    use std::time::Duration;

    #[tokio::test]
    async fn a_script_that_costs_too_much_is_read_in_part() {
        let read = async |patience: Duration| {
            let reading = Reading::begin("https://site.test/a.js", &[1; 32], &Patience::new(patience));
            for _ in 0..4 {
                reading.feed(" redis://a:bbbbb".repeat(4_000).as_bytes());
            }
            reading.end().await.unwrap().whole
        };
        assert!(read(Duration::from_secs(600)).await);
        assert!(!read(Duration::from_micros(1)).await);
    }
}
