//! The signed-in area of the product: boards of one studio, an administrators' corner, lists, forms, and the way to another login.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use http_body_util::Full;
use hyper::{Request, Response};

use crate::live::Shared;
use crate::visits::{self, Visits};

/// Where it is.
pub(crate) const HOST: &str = "desk.juniperdesk.example";
/// The studio's owner, and somebody who works there: cookie and token of each.
pub(crate) const OWNER: [&str; 2] = ["desk_session=lab-owner-5d1f0c", "lab-owner-token-81c2"];
pub(crate) const WORKER: [&str; 2] = ["desk_session=lab-worker-9e27aa", "lab-worker-token-3b60"];
/// Boards of the studio.
const BOARDS: usize = 2_400;
/// A list without an end ends here.
const ENDLESS: usize = 50_000;

/// The area as faults change it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Members {
    /// Paths that answer strangers as if they were signed in.
    pub open: &'static [&'static str],
    /// Administrators' paths that answer everybody who is signed in.
    pub ajar: &'static [&'static str],
    /// Cache-Control of signed-in answers; none is possible.
    pub cache: Option<&'static str>,
    /// Whether the delivery network keeps signed-in answers, and whether it says so.
    pub keeps: Option<Keeps>,
    pub list: List,
    /// Where the other login is told to send people back to.
    pub back: String,
    /// What the discovery document calls its own address, and its token endpoint.
    pub issuer: String,
    pub token_at: String,
    /// How each form treats whoever tries too often.
    pub login: Limit,
    pub reset: Limit,
    pub contact: Limit,
    /// What a visitor does there.
    pub visits: Visits,
}

/// A delivery network that keeps what it should not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keeps {
    Told,
    Silent,
}

/// How the list of boards comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct List {
    /// Entries of a page when nothing is asked for.
    pub usual: usize,
    /// Entries of a page at most.
    pub most: usize,
    /// Whether it tells of the next page.
    pub next: bool,
}

/// What happens to whoever tries again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// Every sixth try is answered with 429 and a time to wait.
    TooMany,
    /// The same without a time to wait.
    Curt,
    /// Every sixth try is answered with a bot challenge.
    Challenge,
    /// Every sixth try finds the account locked.
    Locked,
    /// Every sixth try is answered with 503, as nginx limits by default.
    Unavailable,
    /// Nothing at all.
    Never,
    /// Every try is refused because the mark of the form is missing.
    Marked,
    /// Whoever tries is sent to another host.
    Elsewhere,
}

impl Members {
    pub fn healthy() -> Members {
        Members {
            open: &[],
            ajar: &[],
            cache: Some("private, no-store"),
            keeps: None,
            list: List { usual: 50, most: 100, next: true },
            back: format!("https://{HOST}/auth/callback"),
            issuer: format!("https://{HOST}"),
            token_at: format!("https://{HOST}/oauth/token"),
            login: Limit::TooMany,
            reset: Limit::TooMany,
            contact: Limit::TooMany,
            visits: Visits::default(),
        }
    }
}

/// Where the signed-in area is, by address and what is there.
pub(crate) fn places() -> Vec<(String, &'static str)> {
    [
        ("/admin", "admin Members of Alder Studio"),
        ("/v1/admin/members", "admin"),
        ("/boards", "data Boards of Alder Studio"),
        ("/v1/account", "data"),
        ("/welcome", "data"),
        ("/v1/boards", "list"),
        ("/session", "login"),
        ("/reset", "reset"),
        ("/contact", "form"),
        ("/login/lantern", "oauth"),
    ]
    .map(|(path, told)| (format!("https://{HOST}{path}"), told))
    .into()
}

/// Whether a request bears the owner's session.
pub(crate) fn owns(headers: &HeaderMap) -> bool {
    headers.get_all(header::COOKIE).iter().any(|cookie| cookie.as_bytes() == OWNER[0].as_bytes())
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Visitor {
    Stranger,
    Worker,
    Owner,
}

fn visitor(headers: &HeaderMap) -> Visitor {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
    let is = |person: [&str; 2]| {
        text(header::COOKIE) == person[0] || text(header::AUTHORIZATION).strip_prefix("Bearer ") == Some(person[1])
    };
    if is(OWNER) {
        Visitor::Owner
    } else if is(WORKER) {
        Visitor::Worker
    } else {
        Visitor::Stranger
    }
}

/// Marks an answer that came from the delivery network's own copy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Copied;

/// What the area answers; `count` tells which request of this path it is.
pub(crate) fn answer(
    shared: &Shared,
    members: &Members,
    request: &Request<Bytes>,
    count: u64,
) -> Response<Full<Bytes>> {
    if let Some(response) = visits::answer(shared, &members.visits, request) {
        return response;
    }
    let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
    if request.method() == Method::POST {
        return posted(members, path, count);
    }
    if let Some(public) = public(members, path) {
        return public;
    }
    let visits = visits::signed_in(shared, request.headers());
    let asked = if visits { Visitor::Owner } else { visitor(request.headers()) };
    let copy = format!("copy of {path}?{query}");
    if members.keeps.is_some() && asked == Visitor::Stranger && shared.counted(HOST, &copy) > 0 {
        let mut response = inside(members, path, query, Visitor::Owner);
        if members.keeps == Some(Keeps::Told) {
            response.extensions_mut().insert(Copied);
        }
        return response;
    }
    if members.keeps.is_some() && asked == Visitor::Owner {
        shared.count(HOST, &copy);
    }
    let let_in = members.open.contains(&path) || members.ajar.contains(&path) && asked == Visitor::Worker;
    let as_whom = if let_in { Visitor::Owner } else { asked };
    inside(members, path, query, as_whom)
}

fn public(members: &Members, path: &str) -> Option<Response<Full<Bytes>>> {
    Some(match path {
        "/" => page(200, "no-cache", LOGIN),
        "/login/lantern" => {
            let back: String = url_encoded(&members.back);
            let to = format!(
                "https://accounts.lantern-id.example/authorize?response_type=code&client_id=juniper-desk&scope=openid&redirect_uri={back}&state=lab-state-canary"
            );
            sent(&to)
        }
        "/.well-known/openid-configuration" => {
            let Members { issuer, token_at, .. } = members;
            let told = format!(
                "{{\"issuer\":\"{issuer}\",\"authorization_endpoint\":\"https://{HOST}/oauth/authorize\",\"token_endpoint\":\"{token_at}\",\"jwks_uri\":\"https://{HOST}/oauth/keys\",\"response_types_supported\":[\"code\"],\"subject_types_supported\":[\"public\"],\"id_token_signing_alg_values_supported\":[\"ES256\"]}}\n"
            );
            json(200, Some("public, max-age=300"), told)
        }
        _ => return None,
    })
}

/// What is behind the login.
fn inside(members: &Members, path: &str, query: &str, visitor: Visitor) -> Response<Full<Bytes>> {
    let interface = path.starts_with("/v1/");
    let admin = matches!(path, "/admin" | "/v1/admin/members");
    match (path, visitor) {
        ("/welcome", Visitor::Stranger) => return page(200, "private, no-store", LOGIN),
        ("/admin" | "/boards" | "/v1/account" | "/v1/admin/members" | "/v1/boards" | "/welcome", _) => {}
        _ => return json(404, Some("no-store"), "{\"error\":\"not found\"}\n".to_owned()),
    }
    if visitor == Visitor::Stranger {
        return if interface {
            json(401, Some("no-store"), "{\"error\":\"sign in first\"}\n".to_owned())
        } else {
            sent(&format!("https://{HOST}/?next={path}"))
        };
    }
    if admin && visitor < Visitor::Owner {
        return json(403, Some("no-store"), "{\"error\":\"for owners only\"}\n".to_owned());
    }
    let cache = members.cache;
    match path {
        "/admin" => within(cache, "Members of Alder Studio", "Ada Alder, Ben Birke, Cleo Cedar, Dora Dorn"),
        "/boards" => {
            within(cache, "Boards of Alder Studio", "Kitchen for the Linden family, Shop window, Stand at the fair")
        }
        "/welcome" => within(cache, "Good morning, Ada", "Three tasks are due today and one invoice is open"),
        "/v1/account" => json(
            200,
            cache,
            "{\"studio\":\"Alder Studio\",\"plan\":\"grove\",\"seats\":4,\"owner\":\"ada@alder.example\"}\n".to_owned(),
        ),
        "/v1/admin/members" => {
            json(200, cache, "{\"members\":[{\"name\":\"Ada\"},{\"name\":\"Ben\"},{\"name\":\"Cleo\"}]}\n".to_owned())
        }
        _ => list(members, query),
    }
}

fn list(members: &Members, query: &str) -> Response<Full<Bytes>> {
    let List { usual, most, next } = members.list;
    let asked = query.split('&').find_map(|pair| pair.strip_prefix("limit=")?.parse::<usize>().ok());
    let all = if most > BOARDS { ENDLESS } else { BOARDS };
    let count = asked.unwrap_or(usual).min(most).min(all);
    let entries: Vec<String> = (1..=count).map(|n| format!("{{\"id\":{n},\"name\":\"Board {n}\"}}")).collect();
    let more = if next { format!("\"total\":{all},\"next\":\"/v1/boards?after={count}\",") } else { String::new() };
    json(200, members.cache, format!("{{{more}\"data\":[{}]}}\n", entries.join(",")))
}

/// One try at a form.
fn posted(members: &Members, path: &str, count: u64) -> Response<Full<Bytes>> {
    let limit = match path {
        "/session" => members.login,
        "/reset" => members.reset,
        "/contact" => members.contact,
        _ => return json(404, Some("no-store"), "{\"error\":\"not found\"}\n".to_owned()),
    };
    let due = count.is_multiple_of(6);
    let said = |status: u16, says: &str| json(status, Some("no-store"), format!("{{\"error\":\"{says}\"}}\n"));
    match limit {
        Limit::TooMany | Limit::Curt if due => {
            let mut response = said(429, "too many tries");
            if limit == Limit::TooMany {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
            }
            response
        }
        Limit::Challenge if due => {
            let mut response = said(403, "show that you are a person");
            response.headers_mut().insert("cf-mitigated", HeaderValue::from_static("challenge"));
            response
        }
        Limit::Locked if due => said(423, "locked for an hour"),
        Limit::Unavailable if due => said(503, "not now"),
        Limit::Marked => said(419, "the form is too old"),
        Limit::Elsewhere => sent("https://accounts.lantern-id.example/session"),
        _ if path == "/session" => said(401, "name or password is wrong"),
        _ => said(422, "this is no address for mail"),
    }
}

const LOGIN: &str = "<main><h1>Welcome back</h1><form method=\"post\" action=\"/session\"><label>E-mail <input name=\"email\" type=\"email\"></label>\
<label>Password <input name=\"password\" type=\"password\"></label><button>Sign in</button></form><a href=\"/login/lantern\">Sign in with Lantern</a></main>";

fn within(cache: Option<&'static str>, title: &str, text: &str) -> Response<Full<Bytes>> {
    let body = format!("<!doctype html>\n<title>Juniper Desk</title><main><h1>{title}</h1><p>{text}</p></main>\n");
    response(200, "text/html; charset=utf-8", cache, body)
}

pub(crate) fn page(status: u16, cache: &'static str, body: &str) -> Response<Full<Bytes>> {
    response(
        status,
        "text/html; charset=utf-8",
        Some(cache),
        format!("<!doctype html>\n<title>Juniper Desk</title>{body}\n"),
    )
}

pub(crate) fn json(status: u16, cache: Option<&'static str>, body: String) -> Response<Full<Bytes>> {
    response(status, "application/json", cache, body)
}

pub(crate) fn sent(to: &str) -> Response<Full<Bytes>> {
    let mut response = response(302, "text/plain", Some("no-store"), String::new());
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}

fn response(status: u16, kind: &'static str, cache: Option<&'static str>, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().extend(cache.map(|cache| (header::CACHE_CONTROL, HeaderValue::from_static(cache))));
    response
}

/// An address as the value of a parameter.
fn url_encoded(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(one).collect()
}
