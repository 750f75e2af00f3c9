//! Tests of doors.

use super::{Door, WORD, of};
use crate::Why;
use crate::facts::Exchange;
use crate::read::place::{Kind, Place};
use crate::read::sketch::Sketch;
use crate::testing::exchange;

const URL: &str = "https://example.com/boards";

fn place(word: Option<&str>) -> Place {
    Place { url: URL.parse().unwrap(), kind: Kind::Data, word: word.map(str::to_owned), named: true }
}

fn said(status: u16, body: &str) -> Exchange {
    let mut exchange = exchange(URL, status, body.as_bytes());
    let mut sketch = Sketch::new(b"x");
    sketch.feed(body.as_bytes());
    exchange.body.sketch = sketch.finish();
    if body.contains("Acme") {
        exchange.body.signs.push(WORD.to_owned());
    }
    exchange
}

fn door(visitor: &Exchange, owner: &Exchange) -> Result<Door, Why> {
    of(&place(None), visitor, Ok(owner)).map_err(|unseen| unseen.why)
}

const PAGE: &str = "<html><p>Your boards: Acme, Birch, Cedar, and what there is to do today for each of them";
const LOGIN: &str = "<html><form><input type=\"password\"></form>";

#[test]
fn refusals_and_ways_to_the_login_are_shut() {
    let owner = said(200, PAGE);
    for status in [401, 403, 404, 410, 405] {
        assert!(matches!(door(&said(status, "no"), &owner), Ok(Door::Shut(_))), "{status}");
    }
    let mut sent = said(302, "");
    sent.location = Some("https://example.com/login?next=secret".to_owned());
    assert_eq!(door(&sent, &owner), Ok(Door::Shut("302, sent to https://example.com/login".to_owned())));
    assert!(matches!(door(&said(200, LOGIN), &owner), Ok(Door::Shut(_))));
    assert!(matches!(door(&said(200, "{\"error\":\"sign in\"}"), &said(200, "[{\"id\":1}]")), Ok(Door::Shut(_))));
}

#[test]
fn data_is_open_and_public_pages_are_not() {
    let list = "{\"data\":[{\"id\":1},{\"id\":2}]}";
    assert!(matches!(door(&said(200, list), &said(200, "{\"data\":[{\"id\":7}]}")), Ok(Door::Open(_))));
    assert!(matches!(
        door(&said(200, "{\"id\":1,\"plan\":\"x\"}"), &said(200, "{\"id\":1,\"plan\":\"x\"}")),
        Ok(Door::Open(_))
    ));
    assert!(matches!(door(&said(200, "id;name\n1;A"), &said(200, "id;name\n1;A")), Ok(Door::Open(_))));
    assert_eq!(door(&said(200, PAGE), &said(200, PAGE)), Err(Why::NotAnswered));
    let by_word = |visitor: &Exchange, owner: &Exchange| of(&place(Some("Acme")), visitor, Ok(owner));
    assert!(matches!(by_word(&said(200, PAGE), &said(200, PAGE)), Ok(Door::Open(_))));
    assert!(matches!(by_word(&said(200, "<html>public"), &said(200, PAGE)), Ok(Door::Shut(_))));
    assert_eq!(by_word(&said(200, "<html>x"), &said(200, "<html>y")).unwrap_err().why, Why::NoSession);
}

#[test]
fn what_the_answers_do_not_tell_is_not_guessed() {
    let owner = said(200, PAGE);
    assert_eq!(door(&said(500, ""), &owner), Err(Why::Broken));
    assert_eq!(door(&said(200, PAGE), &said(401, "")), Err(Why::NoSession));
    assert_eq!(door(&said(200, LOGIN), &said(200, LOGIN)), Err(Why::NoSession));
    let mut moved = said(301, "");
    moved.location = Some("https://example.com/boards/".to_owned());
    assert_eq!(door(&moved, &moved.clone()), Err(Why::NotAnswered));
    let none = crate::testing::unseen::<()>(Why::NoSession).seen().unwrap_err();
    assert_eq!(of(&place(None), &said(200, PAGE), Err(none.clone())).unwrap_err().why, Why::NoSession);
    assert!(matches!(of(&place(None), &said(200, LOGIN), Err(none)), Ok(Door::Shut(_))));
}
