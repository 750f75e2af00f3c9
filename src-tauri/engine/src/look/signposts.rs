//! What the site tells search engines: robots.txt and the sitemaps it names.

use super::probe::{Ask, look_into};
use crate::run::Desk;
use audit::facts::{BodyKind, Chain, End, Exchange, Fact, Observation, Robots, Signposts, Sitemap};
use audit::read::signpost;
use audit::read::text::clean;
use url::Url;

/// Sitemaps read, those that an index names included.
const SITEMAPS: usize = 4;
/// Decoded bytes read of each file.
const CAP: usize = 1024 * 1024;

/// Reads the files of the origin that the chain ends at.
pub(crate) async fn look_at(desk: &Desk<'_>, chain: &Fact<Chain>) {
    let end = chain.seen().ok().filter(|chain| chain.end == End::Answered).and_then(|chain| chain.last());
    let Some(home) = end.and_then(|hop| Url::parse(&hop.url).ok()) else { return };
    let fact = desk.job("robots.txt and sitemaps", Box::pin(see(desk, &home))).await;
    desk.saw(Observation::Signposts { fact });
}

async fn see(desk: &Desk<'_>, home: &Url) -> Fact<Signposts> {
    let Ok(url) = home.join("/robots.txt") else { return desk.seen(Signposts::default(), home.as_str()) };
    let (answer, body) = file(desk, "robots", url).await;
    let answer = match answer {
        Fact::Seen { value, .. } => value,
        Fact::Unseen(unseen) => return Fact::Unseen(unseen),
    };
    let mut posts = Signposts { origin: home.origin().ascii_serialization(), ..Signposts::default() };
    if answer.status == 200 && answer.body.kind == BodyKind::Text {
        let said = signpost::robots(&body);
        desk.net.dial.trace.told(answer.url.as_str(), said.sitemaps.iter());
        posts.robots = Some(Robots { url: answer.url.clone(), sitemaps: said.sitemaps, shut: said.shut });
    }
    let named = posts.robots.iter().flat_map(|robots| &robots.sitemaps).filter_map(|url| Url::parse(url).ok());
    let mut left: Vec<Url> = named.collect();
    if left.is_empty() {
        left.extend(home.join("/sitemap.xml"));
    }
    // Files of other companies are not ours to read.
    left.retain(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| desk.ours(host)));
    left.reverse();
    let mut read = 0;
    while let Some(url) = left.pop().filter(|_| read < SITEMAPS) {
        read += 1;
        let (answer, body) = file(desk, "sitemap", url.clone()).await;
        match answer {
            Fact::Seen { value, .. } if value.status == 200 => {
                let Some(said) = signpost::sitemap(&body) else { continue };
                desk.net.dial.trace.told(url.as_str(), said.first.iter());
                if said.index {
                    let ours = |url: &Url| url.host_str().is_some_and(|host| desk.ours(host));
                    left.extend(said.first.iter().filter_map(|url| Url::parse(url).ok()).filter(ours).take(SITEMAPS));
                }
                let url = clean(url.as_str(), 2_000);
                posts.sitemaps.push(Sitemap { url, entries: said.entries, origins: said.origins });
            }
            Fact::Seen { .. } => {}
            Fact::Unseen(unseen) => posts.unseen.push(unseen),
        }
    }
    desk.seen(posts, answer.address)
}

async fn file(desk: &Desk<'_>, probe: &'static str, url: Url) -> (Fact<Exchange>, Vec<u8>) {
    let mut body = Vec::new();
    let ask = Ask { cap: CAP, ..Ask::get(probe, url) };
    let fact = look_into(desk, &ask, |part| body.extend_from_slice(part)).await;
    (fact, body)
}
