//! Probes: connections are kept, a closed one is replaced, and what is no answer of the site is unseen.

use super::probe::{Ask, look, look_into};
use crate::testing::{Answer, Manner, PUBLIC, a, desk, names, plan, says, web, world};
use audit::Why;
use audit::facts::{BodyKind, Exchange, Fact};
use hickory_proto::rr::RecordType;
use std::sync::atomic::Ordering;
use url::Url;

async fn ask(
    paths: &[&str],
    rule: impl Fn(&str, &str) -> Manner + Send + Sync + 'static,
) -> (Vec<Fact<Exchange>>, u32) {
    let zone = |name: &str, rtype| Answer::Records(if rtype == RecordType::A { vec![a(name, PUBLIC)] } else { vec![] });
    let (names, _) = names(zone).await;
    let (web, visits) = web(rule).await;
    let (plan, world) = (plan(), world(names, web));
    let (desk, _events) = desk(&plan, &world);
    let mut facts = Vec::new();
    for path in paths {
        let url = Url::parse(&format!("http://site.test{path}")).unwrap();
        facts.push(look(&desk, &Ask::get("test", url)).await);
    }
    let noted = desk.close().exchanges.len();
    assert_eq!(noted, paths.len(), "every exchange is noted under its own key");
    (facts, visits.load(Ordering::SeqCst))
}

fn keeps(body: &str) -> Manner {
    Manner::Keeps(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes())
}

#[tokio::test]
async fn exchanges_share_a_connection() {
    let (facts, visits) = ask(&["/a", "/b", "/c"], |path, _| keeps(&format!("{{\"path\":\"{path}\"}}"))).await;
    let bodies: Vec<_> = facts.iter().map(|fact| fact.seen().unwrap().body.clone()).collect();
    assert!(bodies.iter().all(|body| body.kind == BodyKind::Json && body.wire == body.bytes));
    assert_ne!(bodies[0].sha256, bodies[1].sha256);
    assert_eq!(visits, 1);
}

#[tokio::test]
async fn a_connection_that_the_server_closed_is_no_trouble_of_the_site() {
    // The answer promises to keep the connection and the server drops it all the same.
    let rule = |_: &str, _: &str| Manner::Says(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".to_vec());
    let (facts, visits) = ask(&["/a", "/b"], rule).await;
    assert!(facts.iter().all(|fact| fact.seen().unwrap().status == 200));
    assert_eq!(visits, 2);
}

#[tokio::test]
async fn an_answer_that_is_not_the_sites_own_is_unseen() {
    for (status, headers, why) in [
        ("429 Too Many Requests", "", Why::Busy),
        ("503 Service Unavailable", "retry-after: 9\r\n", Why::Busy),
        ("403 Forbidden", "cf-mitigated: challenge\r\n", Why::Challenged),
        ("403 Forbidden", "x-vercel-mitigated: challenge\r\n", Why::Challenged),
        ("405 Method Not Allowed", "x-amzn-waf-action: captcha\r\n", Why::Challenged),
    ] {
        let (facts, _) = ask(&["/"], move |_, _| says(status, headers, b"<html>wait</html>")).await;
        assert_eq!(facts[0].seen().unwrap_err().why, why, "{status} {headers}");
    }
}

#[tokio::test]
async fn a_body_is_handed_on_and_cut_at_the_cap() {
    let zone = |name: &str, rtype| Answer::Records(if rtype == RecordType::A { vec![a(name, PUBLIC)] } else { vec![] });
    let (names, _) = names(zone).await;
    let endless = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    let (web, _) = web(move |_, _| Manner::Endless(endless.clone(), vec![b'x'; 1000])).await;
    let (plan, world) = (plan(), world(names, web));
    let (desk, _events) = desk(&plan, &world);
    let mut ask = Ask::get("test", Url::parse("http://site.test/").unwrap());
    ask.cap = 5_000;
    let mut handed = 0;
    let fact = look_into(&desk, &ask, |part| handed += part.len()).await;
    let body = &fact.seen().unwrap().body;
    assert!(body.truncated);
    assert_eq!((body.bytes, handed), (5_000, 5_000));
}
