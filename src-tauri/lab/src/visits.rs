//! What a visitor does at the product: opens an account, signs in and out, asks for a new password, orders, makes a board; and what another
//! service reports. Sessions live as long as the world does.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, header};
use http_body_util::Full;
use serde_json::Value;
use std::time::Duration;

use crate::letter;
use crate::live::Shared;
use crate::members::{HOST, json, page, sent};
use crate::random::Random;

/// The founder's own account.
const ACCOUNT: [&str; 2] = ["ada@alder.example", "lab-visitor-6f31"];
/// The cookies of a visit and of a session.
const VISIT: &str = "desk_visit";
const SESSION: &str = "desk_session";
const PRIVATE: &str = "private, no-store";

/// The way of a visitor as faults change it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Visits {
    /// Forms that end in an error of the server.
    pub broken: &'static [&'static str],
    /// Forms lack their token against forged requests.
    pub unmarked: bool,
    /// The boards send a visitor to the login, and the login back.
    pub circle: bool,
    /// The login sets no session.
    pub forgets: bool,
    /// Signing out leaves the session as it was.
    pub stays: bool,
    /// Reports of other services are taken without a signature.
    pub trusts: bool,
    /// Nobody new is taken.
    pub full: bool,
    /// Whoever asks for a new password is told that there is no such account.
    pub denies: bool,
    /// What becomes of the mail with the link to a new password.
    pub mail: Mail,
    /// Orders are never paid.
    pub unpaid: bool,
    /// Boards get no number.
    pub unnumbered: bool,
    /// The login has moved.
    pub moved: bool,
}

/// The mail with the link to a new password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mail {
    #[default]
    Sent,
    /// It is never sent.
    Forgotten,
    /// It lacks the link.
    Bare,
    /// Its link is no longer good when it comes.
    Stale,
}

/// The journeys of the product as the file that its founder recorded.
pub(crate) const FILE: &str = include_str!("../../../assets/data/demo-journeys.toml");

/// The secrets that the file names.
pub(crate) fn secrets() -> [(&'static str, &'static str); 2] {
    [("email", ACCOUNT[0]), ("password", ACCOUNT[1])]
}

/// Whether a request bears the session of a visitor who signed in.
pub(crate) fn signed_in(shared: &Shared, headers: &HeaderMap) -> bool {
    let counted = |what: &str, token: &str| shared.counted(HOST, &format!("{what} {token}"));
    cookie(headers, SESSION)
        .is_some_and(|token| token.starts_with("s-") && counted("began", token) > 0 && counted("ended", token) == 0)
}

fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split("; ")).find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

/// The token that a form of this visit must bring back.
fn mark(visit: &str) -> String {
    format!("{:016x}", Random::new(7, &format!("mark of {visit}")).next())
}

/// What is answered; none where the request is about something else.
pub(crate) fn answer(shared: &Shared, visits: &Visits, request: &Request<Bytes>) -> Option<Response<Full<Bytes>>> {
    let (path, headers) = (request.uri().path(), request.headers());
    let known = signed_in(shared, headers);
    let post = request.method() == Method::POST;
    if post && visits.broken.contains(&path) {
        return Some(page(500, PRIVATE, "<main><h1>Something went wrong</h1></main>"));
    }
    if visits.moved && path == "/enter" {
        return Some(moved(&format!("https://{HOST}/en/enter")));
    }
    Some(match (post, path) {
        (false, "/boards") if known && visits.circle => sent(&format!("https://{HOST}/enter")),
        (false, "/enter" | "/en/enter") if known => sent(&format!("https://{HOST}/boards")),
        (false, "/join") => form(shared, visits, headers, "Open an account", path),
        (false, "/enter" | "/en/enter") => form(shared, visits, headers, "Sign in", path),
        (false, "/forgot") => form(shared, visits, headers, "Forgot your password?", path),
        (false, _) if path.starts_with("/reset/") => {
            let asked = shared.counted(HOST, &format!("asked {path}")) > 0;
            match asked && visits.mail != Mail::Stale {
                true => form(shared, visits, headers, "Set a new password", path),
                false => page(410, PRIVATE, "<main><h1>This link is no longer good</h1></main>"),
            }
        }
        (false, "/order") if known => form(shared, visits, headers, "Order the plan Grove", path),
        (true, "/join" | "/enter" | "/en/enter" | "/forgot") => submitted(shared, visits, request, path),
        (true, "/leave") => leave(shared, visits, headers),
        (true, "/hooks/payments") if visits.trusts || headers.contains_key("x-signature") => {
            json(200, Some("no-store"), "{\"taken\":true}\n".to_owned())
        }
        (true, "/hooks/payments") => json(401, Some("no-store"), "{\"error\":\"no signature\"}\n".to_owned()),
        (true, "/v1/boards") if known => match visits.unnumbered {
            true => json(201, Some("no-store"), "{}\n".to_owned()),
            false => {
                let number = shared.count(HOST, "boards made");
                json(201, Some("no-store"), format!("{{\"id\":{number}}}\n"))
            }
        },
        (true, "/v1/orders") if known => ordered(shared, visits, request),
        (false, _) if known && path.starts_with("/v1/boards/") => {
            let number = path.trim_start_matches("/v1/boards/").parse::<u64>().ok();
            let there = number.filter(|number| (1..=shared.counted(HOST, "boards made")).contains(number));
            match there {
                Some(number) => json(200, Some(PRIVATE), format!("{{\"id\":{number},\"cards\":[]}}\n")),
                None => json(404, Some("no-store"), "{\"error\":\"not found\"}\n".to_owned()),
            }
        }
        (false, _) if known && path.starts_with("/v1/orders/") => {
            let paid = shared.counted(HOST, &format!("paid {path}")) > 0;
            json(200, Some(PRIVATE), format!("{{\"state\":\"{}\"}}\n", if paid { "paid" } else { "open" }))
        }
        _ => return None,
    })
}

fn form(shared: &Shared, visits: &Visits, headers: &HeaderMap, title: &str, path: &str) -> Response<Full<Bytes>> {
    let fresh = cookie(headers, VISIT).is_none();
    let visit = cookie(headers, VISIT).map_or_else(|| format!("v-{}", shared.count(HOST, "visits")), str::to_owned);
    let mark = mark(&visit);
    let (meta, field) = match visits.unmarked {
        true => (String::new(), String::new()),
        false => (
            format!("<meta name=\"csrf-token\" content=\"{mark}\">"),
            format!("<input type=\"hidden\" name=\"csrf\" value=\"{mark}\">"),
        ),
    };
    let body = format!(
        "{meta}<main><h1>{title}</h1><form method=\"post\" action=\"{path}\">{field}<label>E-mail <input name=\"email\" type=\"email\"></label><button>Go on</button></form></main>"
    );
    let mut response = page(200, PRIVATE, &body);
    if fresh {
        set(&mut response, &format!("{VISIT}={visit}; Path=/; Secure; HttpOnly; SameSite=Lax"));
    }
    response
}

/// Fields of a form.
fn fields(body: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(body);
    let one = |text: &str| {
        let mut bytes = Vec::new();
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'+' => b' ',
                b'%' => {
                    let hex: String = rest.by_ref().take(2).map(char::from).collect();
                    u8::from_str_radix(&hex, 16).unwrap_or(b'?')
                }
                other => other,
            });
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    text.split('&').filter_map(|pair| pair.split_once('=')).map(|(name, value)| (one(name), one(value))).collect()
}

fn submitted(shared: &Shared, visits: &Visits, request: &Request<Bytes>, path: &str) -> Response<Full<Bytes>> {
    let fields = fields(request.body());
    let field = |name: &str| fields.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str());
    if cookie(request.headers(), VISIT).is_none_or(|visit| field("csrf") != mark(visit)) {
        return page(403, PRIVATE, "<main><h1>This form is too old</h1></main>");
    }
    match path {
        "/forgot" if visits.denies => page(200, PRIVATE, "<main><h1>There is no such account</h1></main>"),
        "/forgot" => {
            remind(shared, visits, field("email"));
            page(200, PRIVATE, "<main><h1>A link is on its way</h1></main>")
        }
        "/join" if visits.full || !field("email").contains('@') => {
            page(422, PRIVATE, "<main><h1>This did not work</h1></main>")
        }
        "/join" => begin(shared, visits),
        _ if [field("email"), field("password")] == ACCOUNT => begin(shared, visits),
        _ => page(401, PRIVATE, "<main><h1>Name or password is wrong</h1></main>"),
    }
}

/// Sends a link to a new password, to the founder's mailbox and nowhere else.
fn remind(shared: &Shared, visits: &Visits, email: &str) {
    let (name, domain) = letter::FOUNDER.split_once('@').unwrap_or_default();
    let own = email.split_once('@').filter(|(user, at)| *at == domain && user.split('+').next() == Some(name));
    let plain = email.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+@.-".contains(&byte));
    if own.is_none() || !plain || visits.mail == Mail::Forgotten {
        return;
    }
    let path = format!("/reset/{:016x}", Random::new(shared.count(HOST, "reminders"), "reminder").next());
    shared.count(HOST, &format!("asked {path}"));
    let to = if visits.mail == Mail::Bare { "/" } else { &path };
    shared.deliver(letter::reset(&shared.live().world, email, &format!("https://{HOST}{to}")), Duration::ZERO);
}

/// Signs in.
fn begin(shared: &Shared, visits: &Visits) -> Response<Full<Bytes>> {
    let token = format!("s-{:016x}", Random::new(shared.count(HOST, "sessions"), "session").next());
    let mut response = seen(&format!("https://{HOST}/boards"));
    if !visits.forgets {
        shared.count(HOST, &format!("began {token}"));
        set(&mut response, &format!("{SESSION}={token}; Path=/; Secure; HttpOnly; SameSite=Lax"));
    }
    response
}

fn leave(shared: &Shared, visits: &Visits, headers: &HeaderMap) -> Response<Full<Bytes>> {
    let mut response = seen(&format!("https://{HOST}/"));
    if !visits.stays {
        shared.count(HOST, &format!("ended {}", cookie(headers, SESSION).unwrap_or_default()));
        set(&mut response, &format!("{SESSION}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"));
    }
    response
}

fn ordered(shared: &Shared, visits: &Visits, request: &Request<Bytes>) -> Response<Full<Bytes>> {
    let token = request.headers().get("x-csrf-token").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let order: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    if cookie(request.headers(), VISIT).is_none_or(|visit| token != mark(visit)) || order["plan"] != "grove" {
        return json(422, Some("no-store"), "{\"error\":\"this order cannot be read\"}\n".to_owned());
    }
    let number = format!("o-{}", shared.count(HOST, "orders"));
    if !visits.unpaid {
        shared.count(HOST, &format!("paid /v1/orders/{number}"));
    }
    json(201, Some("no-store"), format!("{{\"order\":\"{number}\"}}\n"))
}

/// On to a page that is asked for by GET (RFC 9110 §15.4.4).
fn seen(to: &str) -> Response<Full<Bytes>> {
    let mut response = sent(to);
    *response.status_mut() = http::StatusCode::SEE_OTHER;
    response
}

/// On to another address for the same request (RFC 9110 §15.4.9).
fn moved(to: &str) -> Response<Full<Bytes>> {
    let mut response = sent(to);
    *response.status_mut() = http::StatusCode::PERMANENT_REDIRECT;
    response
}

fn set(response: &mut Response<Full<Bytes>>, cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
