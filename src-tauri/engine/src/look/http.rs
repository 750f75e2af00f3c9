//! HTTP: a chain of redirects from one URL, followed by hand.

use crate::net::body;
use crate::net::http::host;
use crate::net::trouble::Trouble;
use crate::run::Desk;
use crate::trace::because;
use audit::facts::{Chain, End, Fact, Header, Hop, Observation, PageSeen};
use audit::read::page;
use audit::read::text::{clean, clean_bytes};
use audit::{Unseen, Why};
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, LOCATION};
use http::{Method, StatusCode, Version};
use hyper::body::{Body, Incoming};
use std::net::IpAddr;
use std::time::{Duration, Instant};
use tokio::time::timeout;
use url::{Host, Url};

/// Hops followed.
const HOPS: usize = 10;
/// Header lines kept of one answer.
const HEADERS: usize = 100;
/// Characters kept of all header values of one answer.
const HEAD: usize = 32 * 1024;
/// Characters kept of one header value.
const VALUE: usize = 4_096;
/// Decoded bytes read of a page.
const PAGE: usize = 5 * 1024 * 1024;
/// Pages above this size are parsed off the async threads.
const LARGE: usize = 4 * 1024;

/// A chain with what its facts do not keep.
pub(crate) struct Walked {
    pub(crate) fact: Fact<Chain>,
    /// Inline scripts of the last page.
    pub(crate) inline: Vec<String>,
}

/// Follows the chain that starts at the root of a host and notes it.
pub(crate) async fn look(desk: &Desk<'_>, scheme: &str, host: &str) -> Walked {
    let key = format!("{scheme}://{host}/");
    let mut inline = Vec::new();
    let fact = desk.job(&key, Box::pin(chain(desk, &key, &mut inline))).await;
    desk.saw(Observation::Http { key, fact: fact.clone() });
    Walked { fact, inline }
}

async fn chain(desk: &Desk<'_>, start: &str, inline: &mut Vec<String>) -> Fact<Chain> {
    let Ok(mut url) = Url::parse(start) else {
        return Fact::Unseen(Trouble::new(Why::Garbled, "this is not a URL").of(start));
    };
    let mut hops: Vec<Hop> = Vec::new();
    let (mut from, mut cause) = (String::new(), String::new());
    let end = loop {
        match because(&cause, Box::pin(hop(desk, &url))).await {
            Ok(seen) => {
                cause = seen.answer;
                if from.is_empty() {
                    from.clone_from(&seen.hop.address);
                }
                *inline = seen.inline;
                let next = seen.next;
                hops.push(seen.hop);
                match next {
                    Next::Here => break End::Answered,
                    Next::Nowhere(location) => break End::Nowhere { location },
                    Next::There(to) if hops.iter().any(|hop| hop.url == to.as_str()) => {
                        break End::Loop { back_to: to.to_string() };
                    }
                    Next::There(_) if hops.len() == HOPS => break End::TooMany,
                    Next::There(to) => url = to,
                }
            }
            // The site as a whole asks us to come back later: nothing that was seen on the way may be judged.
            Err(unseen) if hops.is_empty() || unseen.why == Why::Busy => return Fact::Unseen(unseen),
            Err(unseen) if unseen.why == Why::Forbidden => break End::Nowhere { location: clean(url.as_str(), VALUE) },
            Err(unseen) => break End::Lost { url: clean(url.as_str(), VALUE), unseen },
        }
    };
    desk.seen(Chain { hops, end }, from)
}

pub(crate) enum Next {
    Here,
    There(Url),
    Nowhere(String),
}

struct Stop {
    hop: Hop,
    next: Next,
    inline: Vec<String>,
    answer: String,
}

async fn hop(desk: &Desk<'_>, url: &Url) -> Result<Stop, Unseen> {
    let what = clean(url.as_str(), 400);
    let addresses = addresses(desk, url).await?;
    let host = host(url);
    let _turn = desk.turns.with(&host).await;
    let limit = desk.plan.limits.exchange;
    match timeout(limit, Box::pin(exchange(desk, url, &addresses))).await {
        Ok(Ok(stop)) => Ok(stop),
        Ok(Err(trouble)) => Err(trouble.of(what)),
        Err(_) => Err(Trouble::silent(&host, "finish its answer", limit).of(what)),
    }
}

/// The addresses of a URL's host that policy lets us contact.
pub(crate) async fn addresses(desk: &Desk<'_>, url: &Url) -> Result<Vec<IpAddr>, Unseen> {
    let what = clean(url.as_str(), 400);
    let found = match url.host() {
        Some(Host::Ipv4(address)) => vec![IpAddr::V4(address)],
        Some(Host::Ipv6(address)) => vec![IpAddr::V6(address)],
        Some(Host::Domain(name)) if desk.ours(name) => desk.addresses(name).await?,
        Some(Host::Domain(name)) => desk.addresses_elsewhere(name).await?,
        None => Vec::new(),
    };
    if found.is_empty() {
        let trouble = Trouble::new(Why::Depends, format!("{} has no address in DNS", host(url)))
            .with_way("give the name an A or AAAA record first");
        return Err(trouble.of(what));
    }
    let (open, closed): (Vec<IpAddr>, Vec<IpAddr>) =
        found.into_iter().partition(|address| desk.net.dial.allowed(*address).is_ok());
    match closed.first().map(|address| desk.net.dial.allowed(*address)) {
        Some(Err(trouble)) if open.is_empty() => Err(trouble.of(what)),
        _ => Ok(open),
    }
}

async fn exchange(desk: &Desk<'_>, url: &Url, addresses: &[IpAddr]) -> Result<Stop, Trouble> {
    let begun = Instant::now();
    let net = &desk.net;
    let (loan, response) = net.lines.ask(&net.http, &Method::GET, url, addresses, &HeaderMap::new()).await?;
    let took = begun.elapsed();
    let (head, body) = response.into_parts();
    busy(head.status, &head.headers, &host(url))?;
    let next = next(url, head.status, &head.headers);
    let (address, answer, mut whole) = (loan.connection.address, loan.connection.answer.clone(), body.is_end_stream());
    let (page, inline) = match next {
        Next::Here if is_html(&head.headers) => {
            let (page, inline) = read_page(url, &head.headers, body).await?;
            desk.net.dial.trace.told(url.as_str(), page.iter().flat_map(links));
            whole = page.as_ref().is_some_and(|page| !page.truncated);
            (page, inline)
        }
        _ => (None, Vec::new()),
    };
    let location = match &next {
        Next::There(to) => Some(clean(to.as_str(), VALUE)),
        _ => None,
    };
    let hop = Hop {
        url: url.to_string(),
        address: address.to_string(),
        version: version(head.version),
        status: head.status.as_u16(),
        headers: headers(&head.headers),
        location,
        took_ms: millis(took),
        page,
    };
    // What is left of an answer would come before the next one.
    if whole {
        loan.give_back();
    }
    Ok(Stop { hop, next, inline, answer })
}

/// 429 and 503 say "not now", a challenge says "not you": neither is the site's answer (RFC 6585 §4, RFC 9110 §15.6.4).
pub(crate) fn busy(status: StatusCode, headers: &HeaderMap, host: &str) -> Result<(), Trouble> {
    if let Some(guard) = challenge(headers) {
        let says = format!("{host} answered with a bot challenge of {guard} in place of the site");
        return Err(Trouble::new(Why::Challenged, says));
    }
    let says = match status {
        StatusCode::TOO_MANY_REQUESTS => format!("{host} limits how often it may be asked (HTTP 429)"),
        StatusCode::SERVICE_UNAVAILABLE => format!("{host} says that it is not available right now (HTTP 503)"),
        _ => return Ok(()),
    };
    let after = headers.get("retry-after").and_then(|value| value.to_str().ok()?.parse::<u32>().ok());
    let trouble = Trouble::new(Why::Busy, says);
    Err(match after {
        Some(wait) => trouble.with_way(format!("wait {wait} seconds as it asks, then run the audit again")),
        None => trouble,
    })
}

/// Whose bot challenge an answer is, by the header that marks it as one.
fn challenge(headers: &HeaderMap) -> Option<&'static str> {
    const MARKS: [(&str, &str, &str); 4] = [
        ("cf-mitigated", "challenge", "Cloudflare"),
        ("x-vercel-mitigated", "challenge", "Vercel"),
        ("x-amzn-waf-action", "challenge", "AWS WAF"),
        ("x-amzn-waf-action", "captcha", "AWS WAF"),
    ];
    let told = |name: &str, mark: &str| headers.get(name).is_some_and(|value| value.as_bytes() == mark.as_bytes());
    MARKS.iter().find(|(name, mark, _)| told(name, mark)).map(|(_, _, guard)| *guard)
}

pub(crate) fn next(url: &Url, status: StatusCode, headers: &HeaderMap) -> Next {
    let Some(location) = headers.get(LOCATION) else { return Next::Here };
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Next::Here;
    }
    let nowhere = || Next::Nowhere(clean_bytes(location.as_bytes(), VALUE));
    let Some(mut to) = std::str::from_utf8(location.as_bytes()).ok().and_then(|text| url.join(text).ok()) else {
        return nowhere();
    };
    to.set_fragment(None);
    let plain = matches!(to.scheme(), "http" | "https") && to.host().is_some() && to.as_str().len() <= VALUE;
    // Credentials in a Location are never sent on; without them the URL is the same place.
    if !plain || to.set_username("").is_err() || to.set_password(None).is_err() {
        return nowhere();
    }
    Next::There(to)
}

fn is_html(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).map_or("text/html", |value| value.to_str().unwrap_or_default());
    let kind = kind.to_ascii_lowercase();
    kind.starts_with("text/html") || kind.starts_with("application/xhtml")
}

/// Every address that a page tells.
fn links(page: &PageSeen) -> impl Iterator<Item = &str> {
    let resources = page.resources.iter().map(|resource| &resource.url);
    let all = page.scripts.iter().chain(resources).chain(&page.linked.pages).chain(&page.canonical).chain(&page.og_url);
    all.map(String::as_str)
}

pub(crate) async fn read_page(
    url: &Url,
    headers: &HeaderMap,
    body: Incoming,
) -> Result<(Option<PageSeen>, Vec<String>), Trouble> {
    let mut bytes = Vec::new();
    let encoding = headers.get(CONTENT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let taken = body::stream(body, encoding, PAGE, |part| bytes.extend_from_slice(part)).await?;
    let page = if bytes.len() > LARGE {
        let base = url.clone();
        let parsing = tokio::task::spawn_blocking(move || page::read(&bytes, taken.truncated, &base));
        parsing.await.map_err(|_| Trouble::new(Why::Garbled, "the page could not be read"))?
    } else {
        page::read(&bytes, taken.truncated, url)
    };
    Ok((Some(page.seen), page.inline))
}

pub(crate) fn headers(headers: &HeaderMap) -> Vec<Header> {
    let mut left = HEAD;
    let kept = headers.iter().take(HEADERS).map_while(|(name, value)| {
        let value = match name.as_str() {
            "set-cookie" => without_value(value.as_bytes()),
            _ => clean_bytes(value.as_bytes(), VALUE),
        };
        left = left.checked_sub(value.len())?;
        Some(Header { name: name.as_str().to_owned(), value })
    });
    kept.collect()
}

/// A cookie's name and attributes; its value is a secret of the visitor.
fn without_value(cookie: &[u8]) -> String {
    let text = clean_bytes(cookie, VALUE);
    let (pair, attributes) = text.split_once(';').map_or((text.as_str(), ""), |(pair, rest)| (pair, rest));
    let name = pair.split_once('=').map_or("", |(name, _)| name).trim();
    if attributes.is_empty() { format!("{name}=…") } else { format!("{name}=…;{attributes}") }
}

pub(crate) fn version(version: Version) -> String {
    match version {
        Version::HTTP_2 => "HTTP/2".to_owned(),
        other => format!("{other:?}"),
    }
}

pub(crate) fn millis(span: Duration) -> u32 {
    u32::try_from(span.as_millis()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Next, next, without_value};
    use http::StatusCode;
    use http::header::{HeaderMap, HeaderValue, LOCATION};
    use url::Url;

    fn leads(location: &[u8]) -> Next {
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, HeaderValue::from_bytes(location).unwrap());
        next(&Url::parse("https://example.com/a").unwrap(), StatusCode::FOUND, &headers)
    }

    #[test]
    fn a_location_is_made_absolute_and_bare() {
        for (location, to) in [
            (&b"/b#part"[..], "https://example.com/b"),
            (b"//www.example.com", "https://www.example.com/"),
            (b"http://user:pass@www.example.com/x", "http://www.example.com/x"),
        ] {
            assert!(matches!(leads(location), Next::There(url) if url.as_str() == to));
        }
    }

    #[test]
    fn a_location_that_is_no_web_address_leads_nowhere() {
        for location in [&b"javascript:alert(1)"[..], b"file:///etc/passwd", b"https://", b"http://a b/", b"\xff\xfe"] {
            assert!(matches!(leads(location), Next::Nowhere(_)), "{location:?}");
        }
    }

    #[test]
    fn cookie_values_are_dropped() {
        assert_eq!(without_value(b"sid=canary; Path=/; Secure"), "sid=…; Path=/; Secure");
        assert_eq!(without_value(b"canary"), "=…");
    }
}
