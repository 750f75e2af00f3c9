//! Files of journeys are read strictly, errors name their line, secrets are refused, and answers are held against what is expected.

use super::{Answer, Body, Capture, Taken, Template, read};
use crate::facts::{JourneyKind, Miss};
use serde_json::json;
use url::Url;

const GOOD: &str = r#"
version = 1

[[journey]]
name = "Sign in"
kind = "login"
base = "https://app.example.com"
hosts = ["accounts.example.net"]
mailbox = "tests@example.com"
within_ms = 4000

[[journey.step]]
name = "Open the form"
path = "/enter"
expect = { contains = "Welcome", within_ms = 800 }
capture = { csrf = { field = "csrf" } }

[[journey.step]]
name = "Send the form"
path = "/enter?from={{run}}"
form = { email = "{{email}}", password = "{{secret.password}}", csrf = "{{csrf}}" }
expect = { status = [200], at = "/boards", lacks = "wrong", cookies = ["sid"], headers = { content-type = "text/html" } }

[[journey.step]]
path = "/v1/boards"
json = '{"name": "Board {{run}}", "size": 3}'
expect = { json = { "/name" = "Board {{run}}", "/size" = 3 }, json_has = ["/id"] }
capture = { id = { json = "/id" } }

[[journey.step]]
method = "delete"
path = "/v1/boards/{{id}}"
"#;

fn wrong(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

fn but(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    wrong(&GOOD.replacen(from, to, 1))
}

#[test]
fn a_file_is_read_whole() {
    let journeys = read(GOOD).unwrap();
    let [journey] = journeys.as_slice() else { panic!("{journeys:?}") };
    assert_eq!((journey.kind, journey.steps.len(), journey.within_ms), (JourneyKind::Login, 4, Some(4000)));
    let methods: Vec<&str> = journey.steps.iter().map(|step| step.method).collect();
    assert_eq!(methods, ["GET", "POST", "POST", "DELETE"]);
    assert_eq!(journey.steps[2].name, "POST /v1/boards");
    assert!(matches!(&journey.steps[1].body, Body::Form(fields) if fields.len() == 3));
    assert_eq!(journey.secrets().into_iter().collect::<Vec<_>>(), ["password"]);
    assert_eq!(journey.written().into_iter().collect::<Vec<_>>(), ["app.example.com"]);
    assert!(journey.writes());
}

#[test]
fn errors_name_their_line() {
    for (from, to, line, says) in [
        ("version = 1", "version = 2", "line 2", "version = 1 only"),
        ("kind = \"login\"", "kind = \"dance\"", "line 6", "dance"),
        ("https://app.example.com", "app.example.com", "line 7", "whole address"),
        ("accounts.example.net", "https://accounts.example.net", "line 8", "without https://"),
        ("tests@example.com", "tests", "line 9", "address such as"),
        ("within_ms = 4000", "within_ms = 0", "line 10", "between 1 and"),
        ("path = \"/enter\"", "path = \"enter\"", "line 14", "begins with /"),
        ("contains = \"Welcome\"", "contain = \"Welcome\"", "line 15", "contain"),
        ("{ field = \"csrf\" }", "{ field = \"csrf\", json = \"/a\" }", "line 16", "one of field"),
        ("{ field = \"csrf\" }", "{ regex = \"(\" }", "line 16", "no expression"),
        ("csrf = { field", "run = { field", "line 16", "cannot be given"),
        ("\"{{csrf}}\"", "\"{{scrf}}\"", "line 21", "nothing gives {{scrf}}"),
        ("\"{{csrf}}\"", "\"{{csrf}\"", "line 21", "not closed"),
        ("status = [200]", "status = [20]", "line 22", "no HTTP status"),
        ("json = '{\"name\"", "json = '{name", "line 26", "not valid JSON"),
        ("\"/size\" = 3", "\"nope\" = 3", "line 27", "RFC 6901"),
        ("method = \"delete\"", "method = \"brew\"", "line 31", "one of GET"),
        ("method = \"delete\"", "method = \"get\"\nbody = \"x\"", "line 30", "sends no body"),
        ("method = \"delete\"", "headers = { host = \"x\" }", "line 31", "cannot be set"),
    ] {
        let told = but(from, to);
        assert!(told.starts_with(&format!("{line}: ")) && told.contains(says), "{to}: {told}");
    }
    assert!(wrong("version = 1").contains("between 1 and 50 journeys"));
    assert!(wrong(&format!("{GOOD}{GOOD}")).starts_with("line "));
    assert!(wrong(&"#".repeat(super::LONGEST_FILE + 1)).contains("1024 kB"));
    assert!(
        wrong("version = 1\n[[journey]]\nname = \"a\"\nkind = \"core\"\nbase = \"https://a.example\"")
            .contains("60 steps")
    );
    assert!(wrong("").contains("version"));
}

#[test]
fn a_secret_in_the_file_is_refused_and_not_repeated() {
    let key = ["sk_live_", "4eC39HqLyjWDarjtT1zdp7dc51H2"].concat();
    for (from, to, hidden) in [
        ("\"{{secret.password}}\"", "\"Tr0ub4dor&3-staple\"", "Tr0ub4dor"),
        ("'{\"name\": \"Board {{run}}\"", "'{\"apiKey\": \"hunter2-hunter2\"", "hunter2"),
        ("method = \"delete\"", "method = \"delete\"\nheaders = { authorization = \"Bearer abcdefgh\" }", "abcdefgh"),
        ("\"{{email}}\"", key.as_str(), key.as_str()),
    ] {
        let to = if to == key { format!("\"{key}\"") } else { to.to_owned() };
        let told = but(from, &to);
        assert!(told.contains("{{secret.password}}") && told.starts_with("line "), "{told}");
        assert!(!told.contains(hidden), "{told}");
    }
    let named = GOOD
        .replace("method = \"delete\"", "method = \"delete\"\nheaders = { authorization = \"Bearer {{secret.api}}\" }");
    assert!(read(&named).unwrap()[0].secrets().contains("api"));
}

fn values(name: &str) -> Option<&'static str> {
    match name {
        "run" => Some("lr42"),
        "id" => Some("7"),
        _ => None,
    }
}

#[test]
fn templates_are_filled_and_shown_as_written() {
    let template = Template::read("/a/{{run}}?b={{ id }}").unwrap();
    assert_eq!(template.to_string(), "/a/{{run}}?b={{id}}");
    assert_eq!(template.fill(&values, |value| value.to_uppercase()).unwrap(), "/a/LR42?b=7");
    assert_eq!(Template::read("{{other}}").unwrap().fill(&values, str::to_owned), Err("other".to_owned()));
    assert!(Template::read("{{link}}").unwrap().is_one_name() && !template.is_fixed());
    for wrong in ["{{", "{{}}", "{{a b}}", "{{a\"}}", "{{{x}}}"] {
        assert!(Template::read(wrong).is_err(), "{wrong}");
    }
    let json = json!({"id": "{{id}}", "name": "n-{{id}}", "list": ["{{run}}", 3]});
    let bare = |name: &str| name == "id";
    let filled = super::filled(&json, &values, &bare).unwrap();
    assert_eq!(filled, json!({"id": 7, "name": "n-7", "list": ["lr42", 3]}));
}

struct Seen {
    url: Url,
    headers: Vec<(String, String)>,
    cookies: Vec<(String, String)>,
}

fn seen() -> Seen {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Seen {
        url: Url::parse("https://app.example.com/boards?x=1").unwrap(),
        headers: vec![pair("content-type", "text/html; charset=utf-8"), pair("x-token", "h1")],
        cookies: vec![pair("sid", "c1")],
    }
}

fn answer<'a>(seen: &'a Seen, status: u16, body: &'a str, truncated: bool) -> Answer<'a> {
    Answer::new((&seen.url, status), &seen.headers, (body.as_bytes(), truncated), &seen.cookies)
}

fn misses(place: usize, status: u16, body: &str, truncated: bool) -> Result<Vec<Miss>, String> {
    let journey = read(GOOD).unwrap().remove(0);
    let seen = seen();
    answer(&seen, status, body, truncated).misses(&journey.steps[place].expect, &values, &|_| false)
}

#[test]
fn answers_are_held_against_what_is_expected() {
    assert_eq!(misses(0, 200, "<h1>Welcome</h1>", false), Ok(vec![]));
    assert_eq!(misses(0, 200, "<h1>Hello</h1>", false), Ok(vec![Miss::Lacks { text: "Welcome".to_owned() }]));
    assert_eq!(misses(0, 500, "", false), Ok(vec![Miss::Status { seen: 500, wanted: vec![] }]));
    assert_eq!(misses(1, 200, "fine", false), Ok(vec![]));
    assert_eq!(misses(1, 302, "fine", false), Ok(vec![Miss::Status { seen: 302, wanted: vec![200] }]));
    assert_eq!(misses(1, 200, "wrong password", false), Ok(vec![Miss::Holds { text: "wrong".to_owned() }]));
    assert_eq!(misses(2, 201, r#"{"name":"Board lr42","size":3,"id":9}"#, false), Ok(vec![]));
    let told = misses(2, 201, r#"{"name":"Board other","size":3}"#, false).unwrap();
    assert_eq!(
        told,
        [
            Miss::Json { pointer: "/name".to_owned(), wanted: Some("\"Board {{run}}\"".to_owned()), there: true },
            Miss::Json { pointer: "/id".to_owned(), wanted: None, there: false }
        ]
    );
    assert_eq!(misses(2, 201, "no JSON", false).unwrap().len(), 3);
}

#[test]
fn what_was_not_read_to_the_end_is_not_judged() {
    assert!(misses(0, 200, "<h1>Welc", true).is_err());
    assert_eq!(misses(0, 200, "<h1>Welcome", true), Ok(vec![]));
    assert!(misses(1, 200, "fine", true).is_err());
    assert!(misses(2, 200, "{", true).is_err());
}

#[test]
fn values_are_taken_from_every_part_of_an_answer() {
    let seen = seen();
    let page = r#"<meta name="csrf" content="m1"><form><input type=hidden name=csrf value="a&amp;b"><input name=x value=no></form>"#;
    let html = answer(&seen, 200, page, false);
    let text = |taken: Option<Taken>| taken.map(|taken| taken.text);
    let name = |name: &str| name.to_owned();
    assert_eq!(text(html.take(&Capture::Field(name("csrf")))).as_deref(), Some("a&b"));
    assert_eq!(text(html.take(&Capture::Meta(name("csrf")))).as_deref(), Some("m1"));
    assert_eq!(html.take(&Capture::Field(name("x"))), None);
    assert_eq!(text(html.take(&Capture::Header(name("x-token")))).as_deref(), Some("h1"));
    assert_eq!(text(html.take(&Capture::Cookie(name("sid")))).as_deref(), Some("c1"));
    let regex = Capture::Regex(regex::bytes::Regex::new("content=\"(m[0-9])\"").unwrap());
    assert_eq!(text(html.take(&regex)).as_deref(), Some("m1"));
    let json = answer(&seen, 200, r#"{"id":9,"ok":true,"name":"n","none":null}"#, false);
    assert_eq!(json.take(&Capture::Json(name("/id"))), Some(Taken { text: name("9"), bare: true }));
    assert_eq!(json.take(&Capture::Json(name("/name"))), Some(Taken { text: name("n"), bare: false }));
    assert_eq!(json.take(&Capture::Json(name("/none"))), None);
    assert!(!format!("{:?}", json.take(&Capture::Json(name("/name")))).contains("\"n\""));
}

#[test]
fn hostile_files_are_told_and_do_no_harm() {
    for text in [
        format!("version = 1\nx = {}", "[".repeat(100_000)),
        format!("version = 1\n{}", "[[journey]]\n".repeat(10_000)),
        GOOD.replace("(m", "(a{1000}){1000}"),
        "version = 1\n[[journey]]\nname = \"\u{202e}\"\n".to_owned(),
        GOOD.replace("Welcome", &"{{run}}".repeat(20_000)),
    ] {
        let _ = read(&text);
    }
    let deep = GOOD.replace("'{\"name\": \"Board {{run}}\", \"size\": 3}'", &format!("'{}'", "[".repeat(1_000)));
    assert!(wrong(&deep).contains("not valid JSON"));
    let large = GOOD.replace("{ field = \"csrf\" }", "{ regex = '(a{900}){900}' }");
    assert!(wrong(&large).contains("no expression"));
}
