//! What a site answers to one request: redirect, page or quirk, with the headers of the house it stands in.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use http_body_util::Full;
use hyper::{Request, Response};

use crate::cloudflare;
use crate::flood::Flow;
use crate::front::{fronted, kept};
use crate::live::{Live, Shared};
use crate::members;
use crate::page::{Book, Page};
use crate::random::Random;
use crate::resolvers::{Portal, over_https};
use crate::site::{At, Door, FRESH, Guests, INLINE, Leaf, Naming, Pages, Quirk, Sharing, Site};
use crate::world::{DOMAIN, House};

/// How long a request takes where few may be under way at once.
const CROWDED: Duration = Duration::from_millis(150);

/// Where a request came in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub house: House,
    pub secure: bool,
}

/// What becomes of a request.
pub(crate) enum Outcome {
    Answer(Response<Full<Bytes>>),
    /// An answer that is made to hurt.
    Flood(Response<Flow>),
    /// No answer; the connection stays open.
    Hang,
    /// The connection is reset.
    Reset,
}

/// Decides and waits as the world says.
pub(crate) async fn respond(shared: &Shared, entry: Entry, request: &Request<Bytes>) -> Outcome {
    shared.pause().await;
    let live = shared.live();
    if live.world.portal.is_some_and(|portal| !entry.secure || portal.seals) {
        return Outcome::Answer(redirect(302, Portal::LOGIN));
    }
    let host = host(request);
    let path = request.uri().path();
    let Some((name, site)) = live.world.answering(&host) else {
        return Outcome::Answer(plain(StatusCode::NOT_FOUND, "no such host here\n"));
    };
    let count = shared.count(&host, path);
    let mut status = None;
    for quirk in &site.quirks {
        match met(*quirk, &live, (name, site), entry, request, count) {
            Some(Quirk::Floods(flood)) => {
                let mut response = flood.response();
                dress(&mut response, &live, name, site, entry, (count, count));
                if request.method() == Method::HEAD {
                    *response.body_mut() = Flow::default();
                }
                return Outcome::Flood(response);
            }
            Some(Quirk::Hang) => return Outcome::Hang,
            Some(Quirk::Reset) => return Outcome::Reset,
            Some(Quirk::Slow { takes, .. }) => tokio::time::sleep(takes).await,
            Some(Quirk::Crowd { most, status: refusal }) => {
                let _under_way = shared.join();
                let many = shared.under_way() > most;
                tokio::time::sleep(CROWDED).await;
                status = many.then(|| StatusCode::from_u16(refusal).ok()).flatten();
            }
            Some(Quirk::Queue(takes)) => {
                let _turn = shared.turn.lock().await;
                tokio::time::sleep(takes).await;
            }
            Some(Quirk::Challenge) => return Outcome::Answer(challenge()),
            Some(Quirk::Status(code)) => status = StatusCode::from_u16(code).ok(),
            Some(Quirk::Errors { .. }) => status = Some(StatusCode::INTERNAL_SERVER_ERROR),
            None => {}
        }
    }
    let mut response = match (status, &site.pages) {
        (Some(status), _) => troubled(status),
        (None, Pages::Resolver(server)) if entry.secure => {
            match over_https(shared, *server, request.uri().query()).await {
                Some(response) => response,
                None => return Outcome::Hang,
            }
        }
        (None, Pages::Members) if entry.secure => members::answer(shared, &live.world.members, request, count),
        (None, _) => answer(&live, name, site, entry, &host, request),
    };
    let number = Random::new(live.world.seed ^ count, &format!("{name}{path}")).next();
    dress(&mut response, &live, name, site, entry, (count, number));
    if entry.secure
        && status.is_none()
        && let Some(sharing) = site.sharing
    {
        share(&mut response, sharing, request);
    }
    if request.method() == Method::HEAD {
        *response.body_mut() = Full::default();
    }
    Outcome::Answer(response)
}

/// Names the asking origin where the site lets it in (WHATWG Fetch §3.2).
fn share<B>(response: &mut Response<Full<Bytes>>, sharing: Sharing, request: &Request<B>) {
    if sharing.preflight && request.method() == Method::OPTIONS {
        *response.status_mut() = StatusCode::NO_CONTENT;
        *response.body_mut() = Full::default();
        response.headers_mut().remove(header::CONTENT_LENGTH);
        put(response.headers_mut(), "access-control-allow-methods", "GET, POST");
    }
    let Some(origin) = request.headers().get(header::ORIGIN).and_then(|origin| origin.to_str().ok()) else { return };
    let bare = origin.strip_prefix("https://").unwrap_or_default();
    let own = bare == DOMAIN || bare.strip_suffix(DOMAIN).is_some_and(|rest| rest.ends_with('.'));
    let named = match sharing.guests {
        Guests::Anybody => Some(origin),
        Guests::Everybody => Some("*"),
        Guests::Own => own.then_some(origin),
        Guests::OwnAndNull => (own || origin == "null").then_some(origin),
        Guests::Beginning => bare.starts_with(DOMAIN).then_some(origin),
        Guests::Ending => bare.ends_with(DOMAIN).then_some(origin),
    };
    let headers = response.headers_mut();
    if sharing.vary {
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
    if let Some(named) = named {
        put(headers, "access-control-allow-origin", named);
        if sharing.credentials {
            put(headers, "access-control-allow-credentials", "true");
        }
    }
}

/// The quirk, where this request is one of those it meets.
fn met<B>(
    (at, quirk): (At, Quirk),
    live: &Live,
    (name, site): (&str, &Site),
    entry: Entry,
    request: &Request<B>,
    count: u64,
) -> Option<Quirk> {
    let path = request.uri().path();
    let page = || live.books.get(name).and_then(|book| book.pages.get(path));
    let kind = |wanted: &str| page().is_some_and(|page| page.kind.starts_with(wanted));
    let here = entry.secure
        && match at {
            At::Everything => true,
            At::Method(method) => request.method() == method,
            At::Missing => page().is_none() && leaf(site, request.uri()).is_none(),
            At::House(house) => entry.house == house,
            At::Pages => kind("text/html"),
            At::Path(at) => at == path,
            At::Plain => false,
            At::Scripts => kind("text/javascript"),
            At::Suffix(end) => path.ends_with(end),
            At::Whole(whole) => request.uri().path_and_query().is_some_and(|asked| asked == whole),
            At::With(header) => request.headers().contains_key(header),
        };
    let due = match quirk {
        Quirk::Errors { after, each } => count > after && count.is_multiple_of(each),
        Quirk::Slow { each, .. } => count.is_multiple_of(each),
        _ => true,
    };
    ((here || at == At::Plain && !entry.secure) && due).then_some(quirk)
}

fn answer<B>(
    live: &Live,
    name: &str,
    site: &Site,
    entry: Entry,
    host: &str,
    request: &Request<B>,
) -> Response<Full<Bytes>> {
    let path = request.uri().path();
    if let Some(to) = site.moves.get(path).filter(|_| entry.secure) {
        return redirect(301, to);
    }
    let door = if entry.secure { &site.secure } else { &site.plain };
    if *door == Door::Grows {
        return redirect(301, &format!("{}on/", request.uri().path()));
    }
    if let Door::Sends { scheme, host: to, status } = door {
        let to = if to.is_empty() { host } else { to };
        let whole = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        let rest = if site.forgets { "/" } else { whole };
        return redirect(*status, &format!("{scheme}://{to}{rest}"));
    }
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD here\n");
    }
    if site.pages == Pages::Cloudflare {
        return cloudflare::answer(&live.world, request.uri(), request.headers());
    }
    match live.books.get(name) {
        Some(book) => match leaf(site, request.uri()) {
            Some(leaf) if leaf.locked && !members::owns(request.headers()) => {
                plain(StatusCode::UNAUTHORIZED, "sign in first\n")
            }
            Some(leaf) => lone(leaf),
            None => shown(book, site, path, request.headers()),
        },
        None => plain(StatusCode::NOT_FOUND, "nothing here\n"),
    }
}

fn leaf<'a>(site: &'a Site, uri: &http::Uri) -> Option<&'a Leaf> {
    let whole = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    site.leaves.get(whole).or_else(|| site.leaves.get(uri.path()))
}

fn lone(leaf: &Leaf) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(leaf.body.clone())));
    *response.status_mut() = StatusCode::from_u16(leaf.status).unwrap_or(StatusCode::OK);
    put(response.headers_mut(), "content-type", leaf.kind);
    put(response.headers_mut(), "content-length", &leaf.body.len().to_string());
    for (name, value) in &leaf.headers {
        put(response.headers_mut(), name, value);
    }
    response
}

fn shown(book: &Book, site: &Site, path: &str, asked: &HeaderMap) -> Response<Full<Bytes>> {
    let Some(page) = book.pages.get(path) else {
        return match (&site.missing, book.pages.get("/")) {
            (Some(leaf), _) => lone(leaf),
            (None, Some(front)) if site.catch_all => sheet(StatusCode::OK, front, site, asked),
            _ => sheet(StatusCode::NOT_FOUND, &book.missing, site, asked),
        };
    };
    let known = asked.get(header::IF_NONE_MATCH).is_some_and(|etag| etag.as_bytes() == page.etag.as_bytes());
    if known && site.tagged {
        let mut response = sheet(StatusCode::NOT_MODIFIED, page, site, asked);
        *response.body_mut() = Full::default();
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response.headers_mut().remove(header::CONTENT_ENCODING);
        return response;
    }
    sheet(StatusCode::OK, page, site, asked)
}

fn sheet(status: StatusCode, page: &Page, site: &Site, asked: &HeaderMap) -> Response<Full<Bytes>> {
    let takes = asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let fits = |coding: &&str| takes.contains(*coding) && (*coding != "zstd" || site.zstd);
    let packs = site.compresses && page.kind.contains("charset");
    let packed = ["zstd", "gzip"].into_iter().filter(|_| packs).find(fits);
    let body = match packed {
        Some("zstd") => page.packed_anew(),
        Some(_) => page.packed(),
        None => page.body.clone(),
    };
    let length = body.len().to_string();
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    put(headers, "content-type", page.kind);
    let other =
        if page.asset() { site.asset_cache } else { site.kept_page.filter(|_| page.kind.starts_with("text/html")) };
    put(headers, "cache-control", other.unwrap_or(page.cache));
    put(headers, "content-length", &length);
    if let Some(coding) = packed {
        put(headers, "content-encoding", coding);
        if site.says_packed {
            put(headers, "vary", "Accept-Encoding");
        }
    }
    if status != StatusCode::NOT_FOUND && site.tagged {
        put(headers, "etag", &page.etag);
    }
    response
}

fn plain(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    *response.status_mut() = status;
    put(response.headers_mut(), "content-type", "text/plain; charset=utf-8");
    response
}

/// Cloudflare's own page that asks for a browser.
fn challenge() -> Response<Full<Bytes>> {
    let mut response = plain(StatusCode::FORBIDDEN, "<!DOCTYPE html><title>Just a moment...</title>\n");
    put(response.headers_mut(), "content-type", "text/html; charset=UTF-8");
    put(response.headers_mut(), "cf-mitigated", "challenge");
    put(response.headers_mut(), "server", "cloudflare");
    response
}

fn troubled(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = plain(status, "something is wrong here\n");
    if [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE].contains(&status) {
        put(response.headers_mut(), "retry-after", "120");
    }
    response
}

fn redirect(status: u16, to: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::MOVED_PERMANENTLY);
    put(response.headers_mut(), "location", to);
    put(response.headers_mut(), "content-length", "0");
    response
}

/// Adds the site's headers and those of the house; `count` tells which request of this path it is, `number` names it.
fn dress<B>(
    response: &mut Response<B>,
    live: &Live,
    name: &str,
    site: &Site,
    entry: Entry,
    (count, number): (u64, u64),
) {
    let copied = response.extensions().get::<members::Copied>().is_some();
    let headers = response.headers_mut();
    if entry.secure {
        let inline = live.books.get(name).map_or("", |book| &book.inline);
        for (header, value) in &site.headers {
            // A policy without inline scripts keeps no gap where their hashes would stand.
            let value = match inline {
                "" => value.replace(&format!(" {INLINE}"), ""),
                hashes => value.replace(INLINE, hashes),
            };
            put(headers, header, &value.replace(FRESH, &format!("{number:016x}")));
        }
        for cookie in site.cookies.iter().filter_map(|cookie| HeaderValue::from_str(cookie).ok()) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }
    let ray = format!("{number:016x}");
    if entry.house == House::Edge {
        let kept = if copied { Some(true) } else { kept(headers, site, count) };
        fronted(headers, live.world.front, &ray, kept);
    } else {
        put(headers, "server", "nginx");
    }
    match site.naming {
        Naming::Fresh if entry.house == House::Edge => {}
        Naming::Fresh => put(headers, "x-request-id", &ray),
        Naming::Silent => unnamed(headers),
        Naming::Stuck => {
            unnamed(headers);
            put(headers, "x-request-id", "5f0c6d1e2b7a4938");
        }
    }
}

fn unnamed(headers: &mut HeaderMap) {
    for name in ["cf-ray", "fly-request-id", "x-nf-request-id", "rndr-id", "x-vercel-id", "x-request-id"] {
        headers.remove(name);
    }
}

pub(crate) fn put(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// The host a request names, lower case and without port: `:authority` of HTTP/2 or the Host header.
fn host<B>(request: &Request<B>) -> String {
    let named = request.headers().get(header::HOST);
    let host = match request.uri().host() {
        Some(host) => host,
        None => named.and_then(|host| host.to_str().ok()).unwrap_or(""),
    };
    let host = host.split(':').next().unwrap_or("");
    host.trim_end_matches('.').to_ascii_lowercase()
}

/// How long a connection may last, so that a forgotten client cannot hold the lab's places for ever.
pub(crate) const LIFETIME: Duration = Duration::from_secs(300);
