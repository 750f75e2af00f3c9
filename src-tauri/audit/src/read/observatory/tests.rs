//! The score against what the published program (npm `@mdn/mdn-http-observatory` 1.4.8) says of the same answers.

use super::{Sight, score};
use crate::facts::{BodySeen, Chain, End, Exchange, Header, Hop};
use crate::read::page;
use crate::testing::{header, hop};
use serde::Deserialize;
use url::Url;

/// Made by running the published tests over these answers; its list of preloaded domains was left empty.
const CASES: &str = include_str!("cases.json");

#[derive(Deserialize)]
struct Expected {
    headers: Vec<(String, String)>,
    html: String,
    http: Vec<String>,
    cors: Option<Vec<(String, String)>>,
    score: i32,
    grade: String,
    tests: Vec<(String, String, i32, bool)>,
}

fn lines(headers: &[(String, String)]) -> Vec<Header> {
    headers.iter().map(|(name, value)| header(name, value)).collect()
}

fn answer(headers: &[(String, String)], html: &str) -> Hop {
    let url = "https://example.com/";
    let page = page::read(html.as_bytes(), false, &Url::parse(url).unwrap()).seen;
    Hop { headers: lines(headers), page: Some(page), ..hop(url, 200, None) }
}

fn preflight(headers: &[(String, String)]) -> Exchange {
    Exchange {
        method: "OPTIONS".to_owned(),
        url: "https://example.com/".to_owned(),
        sent: vec![header("origin", "https://probe.example")],
        signed_in: false,
        address: "104.18.20.10:443".to_owned(),
        version: "HTTP/2".to_owned(),
        status: 204,
        headers: lines(headers),
        location: None,
        took_ms: 1,
        body: BodySeen::default(),
    }
}

#[test]
fn every_result_and_score_is_the_published_one() {
    let cases: Vec<Expected> = serde_json::from_str(CASES).unwrap();
    assert!(cases.len() > 80);
    for case in &cases {
        let secure = Chain { hops: vec![answer(&case.headers, &case.html)], end: End::Answered };
        let hops = case.http.iter().map(|url| hop(url, 301, None)).collect();
        let plain = Chain { hops, end: End::Answered };
        let preflight = case.cors.as_deref().map(preflight);
        let sight = Sight { host: "example.com", secure: &secure, plain: Some(&plain), preflight: preflight.as_ref() };
        let found = score(&sight).unwrap();
        let told: Vec<_> =
            found.tests.iter().map(|t| (t.name.to_owned(), t.result.to_owned(), t.modifier, t.pass)).collect();
        assert_eq!(told, case.tests, "{:?} {} {:?}", case.headers, case.html, case.http);
        assert_eq!((found.score, found.grade), (case.score, case.grade.as_str()), "{:?}", case.headers);
    }
    let grades: std::collections::BTreeSet<&str> = cases.iter().map(|case| case.grade.as_str()).collect();
    assert!(grades.len() >= 5, "{grades:?}");
}

#[test]
fn what_the_observatory_refuses_has_no_score() {
    for (status, scored) in [(200, true), (302, true), (401, true), (404, false), (500, false)] {
        let secure = Chain { hops: vec![hop("https://example.com/", status, None)], end: End::Answered };
        let sight = Sight { host: "example.com", secure: &secure, plain: None, preflight: None };
        assert_eq!(score(&sight).is_some(), scored, "{status}");
    }
}
