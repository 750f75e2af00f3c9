//! Recordings as Chrome and Firefox write them become files that can be used; nothing secret goes out; hostile ones do no harm.

use super::import;
use crate::facts::JourneyKind;
use crate::read::journey::{Body, Capture, Journey, read};
use serde_json::{Value, json};

const PASSWORD: &str = "canary-Passw0rd";
const COOKIE: &str = "canary-session-71f3a9";
const MARK: &str = "canary-mark-55b0c2d4";

fn page(body: &str) -> Value {
    json!({"mimeType": "text/html; charset=utf-8", "text": format!("<title>Juniper Desk</title>{body}")})
}

/// A sign-in and a new board as Chrome writes them, with a style sheet, a third party and a redirect.
fn chrome() -> Value {
    let form = format!("<form method=post><input type=hidden name=_csrf value={MARK}></form>");
    let entry = |kind: &str, request: Value, response: Value| json!({"_resourceType": kind, "request": request, "response": response, "time": 12.5, "cache": {}, "timings": {}});
    json!({"log": {"version": "1.2", "creator": {"name": "WebInspector", "version": "537.36"}, "entries": [
        entry("document",
            json!({"method": "GET", "url": "https://app.example.com/login#top", "httpVersion": "h2", "headers": [{"name": ":method", "value": "GET"}, {"name": "cookie", "value": format!("old={COOKIE}")}]}),
            json!({"status": 200, "headers": [{"name": "set-cookie", "value": "visit=v1; Path=/"}], "content": page(&form), "redirectURL": ""})),
        entry("stylesheet", json!({"method": "GET", "url": "https://app.example.com/app.css", "headers": []}), json!({"status": 200, "content": {"mimeType": "text/css"}})),
        entry("xhr", json!({"method": "POST", "url": "https://stats.tracker.example/collect", "headers": []}), json!({"status": 204, "content": {}})),
        entry("document",
            json!({"method": "POST", "url": "https://app.example.com/login", "headers": [{"name": "Origin", "value": "https://app.example.com"}],
                "postData": {"mimeType": "application/x-www-form-urlencoded", "text": format!("email=ada%40alder.example&password={PASSWORD}&_csrf={MARK}&remember=on")}}),
            json!({"status": 302, "headers": [{"name": "Location", "value": "/boards"}, {"name": "set-cookie", "value": format!("sid={COOKIE}; HttpOnly")}], "content": {}, "redirectURL": "https://app.example.com/boards"})),
        entry("document", json!({"method": "GET", "url": "https://app.example.com/boards", "headers": []}), json!({"status": 200, "content": page("<h1>Boards</h1>")})),
        entry("fetch",
            json!({"method": "POST", "url": "https://app.example.com/v1/boards?from=menu", "headers": [{"name": "accept", "value": "application/json"}, {"name": "Authorization", "value": "Bearer canary-bearer-9c1d"}],
                "postData": {"mimeType": "application/json", "text": "{\"name\":\"Kitchen\",\"size\":3}"}}),
            json!({"status": 201, "content": {"mimeType": "application/json", "text": "{\"id\":417,\"token\":\"canary-share-8a8b8c\"}"}})),
        entry("fetch", json!({"method": "GET", "url": "https://app.example.com/v1/boards/417", "headers": []}),
            json!({"status": 200, "content": {"mimeType": "application/json", "text": "eyJpZCI6NDE3LCJjYXJkcyI6W119", "encoding": "base64"}})),
    ]}})
}

fn made(har: &Value) -> (String, Journey) {
    let import = import(har.to_string().as_bytes(), None).unwrap();
    let journey = read(&import.text).unwrap().remove(0);
    (import.text, journey)
}

#[test]
fn a_recording_of_chrome_becomes_steps_with_values_that_are_taken() {
    let (text, journey) = made(&chrome());
    let what: Vec<String> = journey.steps.iter().map(|step| step.what()).collect();
    assert_eq!(what, ["GET /login", "POST /login", "POST /v1/boards?from=menu", "GET /v1/boards/{{id}}"], "{text}");
    assert_eq!(journey.kind, JourneyKind::Login);
    assert!(matches!(journey.steps[0].captures.as_slice(), [(_, Capture::Field(name))] if name == "_csrf"), "{text}");
    assert!(matches!(&journey.steps[1].body, Body::Form(fields) if fields.len() == 4));
    assert!(
        text.contains("password = \"{{secret.password}}\"") && text.contains("email = \"{{secret.email}}\""),
        "{text}"
    );
    assert!(text.contains("Bearer {{secret.token}}") && text.contains("at = \"/boards\""), "{text}");
    assert_eq!(journey.steps[1].expect.status, [200]);
    assert!(
        matches!(journey.steps[2].captures.as_slice(), [(_, Capture::Json(pointer))] if pointer == "/id"),
        "{text}"
    );
    assert!(text.contains("stats.tracker.example") && text.contains("parts of pages"), "{text}");
}

#[test]
fn nothing_secret_of_a_recording_goes_out() {
    let (text, _) = made(&chrome());
    for secret in [PASSWORD, COOKIE, MARK, "canary", "ada@alder.example"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    // Where a secret stands in a place that nothing can take it out of, there is no file at all.
    let hidden = chrome()
        .to_string()
        .replace("<title>Juniper Desk", "<title>Juniper")
        .replace("/v1/boards?from=menu", &format!("/v1/x{PASSWORD}y"));
    assert!(import(hidden.as_bytes(), None).unwrap_err().contains("by hand"));
}

/// A sign-up as Firefox writes it: without kinds of resources, with the fields of forms listed, and answers that were not kept.
#[test]
fn a_recording_of_firefox_is_read_as_well() {
    let har = json!({"log": {"version": "1.2", "creator": {"name": "Firefox", "version": "141.0"}, "entries": [
        {"request": {"method": "GET", "url": "https://example.com/join", "headers": [{"name": "Cookie", "value": "a=b"}], "bodySize": 0},
         "response": {"status": 200, "headers": [], "content": {"mimeType": "text/html", "size": 10, "text": "<meta name='csrf-token' content='canary-meta-123456'>"}, "redirectURL": ""}},
        {"request": {"method": "GET", "url": "https://example.com/logo.png", "headers": []}, "response": {"status": 200, "content": {"mimeType": "image/png"}}},
        {"request": {"method": "GET", "url": "https://example.com/slow", "headers": []}, "response": {"status": 0, "content": {}}},
        {"request": {"method": "POST", "url": "https://example.com/join", "headers": [{"name": "X-CSRF-Token", "value": "canary-meta-123456"}],
            "postData": {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "email", "value": "new@alder.example"}, {"name": "password", "value": PASSWORD}], "text": ""}},
         "response": {"status": 200, "headers": [{"name": "Set-Cookie", "value": format!("a=1\nsid={COOKIE}")}], "content": {"mimeType": "text/html"}}},
    ]}});
    let (text, journey) = made(&har);
    assert_eq!((journey.kind, journey.steps.len()), (JourneyKind::Signup, 2));
    assert!(text.contains("email = \"{{email}}\"") && text.contains("session = \"owner\""), "{text}");
    assert!(text.contains("x-csrf-token = \"{{x_csrf_token}}\"") && text.contains("meta = \"csrf-token\""), "{text}");
    assert!(!text.contains("canary") && !text.contains("alder"), "{text}");
}

#[test]
fn hostile_recordings_are_told_and_do_no_harm() {
    let deep = format!("{{\"log\":{{\"entries\":{}", "[".repeat(200_000));
    let one = |url: &str, text: &str| {
        json!({"log": {"entries": [{"request": {"method": "POST", "url": url, "headers": [], "postData": {"mimeType": "application/json", "text": text}},
            "response": {"status": 200, "content": {"mimeType": "application/json", "text": text}}}]}}).to_string()
    };
    for text in [
        "".to_owned(),
        "[]".to_owned(),
        "{\"log\":{}}".to_owned(),
        "{\"log\":{\"entries\":[]}}".to_owned(),
        deep,
        one("javascript:alert(1)", "{}"),
        one("file:///etc/passwd", "{}"),
        one("https://user:canary@example.com/\u{202e}", "{}"),
    ] {
        if let Ok(import) = import(text.as_bytes(), None) {
            assert!(!import.text.contains("canary") && read(&import.text).is_ok(), "{}", import.text);
        }
    }
    let wide = format!("{{{}}}", (0..5_000).map(|n| format!("\"k{n}\":\"value-{n}\"")).collect::<Vec<_>>().join(","));
    let quoting = r#"{"a":"\"]\nversion = 2\n[[journey]]\n'''","b":"{{secret.x}}","c":"{{","":"\u0000"}"#;
    let nested = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    for text in [wide.as_str(), quoting, nested.as_str()] {
        let made = import(one("https://example.com/v1/a", text).as_bytes(), None).unwrap();
        assert_eq!(read(&made.text).unwrap()[0].steps.len(), 1);
        assert!(read(&made.text).unwrap()[0].secrets().is_empty(), "{}", made.text);
    }
}

#[test]
fn long_recordings_are_cut_and_that_is_told() {
    let entry = |n: usize| json!({"request": {"method": "GET", "url": format!("https://example.com/page/{n}"), "headers": []}, "response": {"status": 200, "content": {"mimeType": "text/html"}}});
    let har = json!({"log": {"entries": (0..6_000).map(entry).collect::<Vec<_>>()}});
    let import = import(har.to_string().as_bytes(), Some(JourneyKind::Core)).unwrap();
    assert_eq!(read(&import.text).unwrap()[0].steps.len(), 60);
    assert_eq!(import.notes.iter().filter(|note| note.starts_with("only the first")).count(), 2);
}
