//! Web servers that misbehave: chains end with the right reason, bounded in time and size.

use super::http::look;
use crate::testing::{Answer, Manner, PUBLIC, a, desk, names, plan, says, web, world};
use audit::Why;
use audit::facts::{Chain, End, Fact};
use flate2::Compression;
use flate2::write::GzEncoder;
use hickory_proto::rr::RecordType;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use std::io::Write;
use std::net::Ipv4Addr;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

fn zone(name: &str, rtype: RecordType) -> Answer {
    let address = match name {
        "inside.test" => Ipv4Addr::new(10, 0, 0, 12),
        "nowhere.test" => return Answer::Records(Vec::new()),
        "mute.test" => return Answer::Silent,
        _ => PUBLIC,
    };
    Answer::Records(if rtype == RecordType::A { vec![a(name, address)] } else { Vec::new() })
}

async fn walk(rule: impl Fn(&str, &str) -> Manner + Send + Sync + 'static) -> Fact<Chain> {
    walk_from("site.test", rule).await.0
}

async fn walk_from(host: &str, rule: impl Fn(&str, &str) -> Manner + Send + Sync + 'static) -> (Fact<Chain>, u32) {
    walk_within(Duration::from_secs(20), host, rule).await
}

async fn walk_within(
    within: Duration,
    host: &str,
    rule: impl Fn(&str, &str) -> Manner + Send + Sync + 'static,
) -> (Fact<Chain>, u32) {
    let (names, _) = names(zone).await;
    let (web, visits) = web(rule).await;
    let (mut plan, world) = (plan(), world(names, web));
    plan.limits.exchange = within;
    let (desk, _events) = desk(&plan, &world);
    (look(&desk, "http", host).await.fact, visits.load(Ordering::SeqCst))
}

fn to(location: &str) -> Manner {
    says("301 Moved Permanently", &format!("location: {location}\r\n"), b"")
}

fn seen(fact: &Fact<Chain>) -> &Chain {
    fact.seen().unwrap()
}

#[tokio::test]
async fn a_page_is_read_at_the_end() {
    let fact = walk(|path, head| {
        assert!(head.contains("LaunchReady/0.1"));
        match path {
            "/" => to("/home#top"),
            _ => says("200 OK", "content-type: text/html\r\nset-cookie: sid=canary; Secure\r\n", b"<title>Hi</title>"),
        }
    })
    .await;
    let chain = seen(&fact);
    assert_eq!((chain.hops.len(), &chain.end), (2, &End::Answered));
    assert_eq!(chain.hops[0].location.as_deref(), Some("http://site.test/home"));
    assert_eq!(chain.hops[1].page.as_ref().unwrap().title.as_deref(), Some("Hi"));
    assert_eq!(chain.hops[1].address, "104.18.20.10:80");
    assert!(!format!("{fact:?}").contains("canary"));
}

#[tokio::test]
async fn a_circle_is_told() {
    let fact = walk(|path, _| if path == "/" { to("/a") } else { to("http://site.test/") }).await;
    assert_eq!(seen(&fact).end, End::Loop { back_to: "http://site.test/".to_owned() });
    assert_eq!(seen(&fact).hops.len(), 2);
}

#[tokio::test]
async fn a_chain_without_end_is_cut() {
    let fact = walk(|path, _| to(&format!("{path}a"))).await;
    assert_eq!((seen(&fact).hops.len(), &seen(&fact).end), (10, &End::TooMany));
}

#[tokio::test]
async fn inside_addresses_are_never_contacted() {
    for location in [
        "http://inside.test/",
        "http://127.0.0.1/",
        "http://[::ffff:10.0.0.1]/",
        "http://0x7f.1/",
        "http://2130706433/",
    ] {
        let (fact, visits) = walk_from("site.test", move |_, _| to(location)).await;
        assert!(matches!(seen(&fact).end, End::Nowhere { .. }), "{location}: {:?}", seen(&fact).end);
        assert_eq!(visits, 1, "{location}");
    }
    let (fact, visits) = walk_from("inside.test", |_, _| says("200 OK", "", b"")).await;
    assert_eq!((fact.seen().unwrap_err().why, visits), (Why::Forbidden, 0));
}

#[tokio::test]
async fn what_cannot_be_followed_leads_nowhere() {
    for location in ["javascript:alert(1)", "file:///etc/passwd", "ftp://site.test/"] {
        let fact = walk(move |_, _| to(location)).await;
        assert_eq!(seen(&fact).end, End::Nowhere { location: location.to_owned() });
    }
}

#[tokio::test]
async fn a_lost_next_hop_keeps_the_first() {
    for (location, why) in [("http://mute.test/", Why::Timeout), ("http://nowhere.test/", Why::Depends)] {
        let fact = walk(move |_, _| to(location)).await;
        let End::Lost { url, unseen } = &seen(&fact).end else { panic!("{fact:?}") };
        assert_eq!((url.as_str(), unseen.why), (location, why));
    }
}

#[tokio::test]
async fn too_busy_at_any_hop_is_unseen() {
    for status in ["429 Too Many Requests", "503 Service Unavailable"] {
        let fact = walk(move |_, _| says(status, "retry-after: 30\r\n", b"")).await;
        let unseen = fact.seen().unwrap_err();
        assert_eq!(unseen.why, Why::Busy);
        assert!(unseen.way.contains("30 seconds"));
        let fact = walk(move |path, _| if path == "/" { to("/next") } else { says(status, "", b"") }).await;
        assert_eq!(fact.seen().unwrap_err().why, Why::Busy);
    }
    let fact = walk(|_, _| says("500 Internal Server Error", "", b"")).await;
    assert_eq!(seen(&fact).hops[0].status, 500);
}

#[tokio::test]
async fn silence_and_drips_end_at_the_deadline() {
    let limit = Duration::from_millis(800);
    let begun = Instant::now();
    let (hung, _) = walk_within(limit, "site.test", |_, _| Manner::Hangs).await;
    assert_eq!(hung.seen().unwrap_err().why, Why::Timeout);
    let drip = || Manner::Drips(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\nabcdefghijklmnop".to_vec());
    let (dripped, _) = walk_within(limit, "site.test", move |_, _| drip()).await;
    assert_eq!(dripped.seen().unwrap_err().why, Why::Timeout);
    assert!(begun.elapsed() < Duration::from_secs(10), "a drip of one byte in 100 ms would take a minute");
}

#[tokio::test]
async fn an_endless_body_is_cut() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n".to_vec();
    let fact = walk(move |_, _| Manner::Endless(head.clone(), vec![b'a'; 65536])).await;
    let page = seen(&fact).hops[0].page.as_ref().unwrap();
    assert!(page.truncated);
    assert_eq!(page.bytes, 5 * 1024 * 1024);
}

#[tokio::test]
async fn a_compressed_bomb_is_cut() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..64 {
        encoder.write_all(&vec![b' '; 1024 * 1024]).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 100_000);
    let fact = walk(move |_, _| says("200 OK", "content-type: text/html\r\ncontent-encoding: gzip\r\n", &bomb)).await;
    let page = seen(&fact).hops[0].page.as_ref().unwrap();
    assert_eq!((page.truncated, page.bytes), (true, 5 * 1024 * 1024));
}

#[tokio::test]
async fn zstd_is_unpacked_and_a_bomb_of_it_is_cut() {
    for (text, truncated) in [("<title>Juniper</title>".repeat(9_000), false), (" ".repeat(6 * 1024 * 1024), true)] {
        let packed = compress_to_vec(text.as_bytes(), CompressionLevel::Fastest);
        let head = "content-type: text/html\r\ncontent-encoding: zstd\r\n";
        let fact = walk(move |_, _| says("200 OK", head, &packed)).await;
        let page = seen(&fact).hops[0].page.as_ref().unwrap();
        let bytes = u32::try_from(text.len().min(5 * 1024 * 1024)).unwrap();
        assert_eq!((page.truncated, page.bytes), (truncated, bytes));
    }
}

#[tokio::test]
async fn packing_that_only_costs_time_or_memory_is_told() {
    let mut member = GzEncoder::new(Vec::new(), Compression::best());
    member.write_all(b"").unwrap();
    let padding = member.finish().unwrap().repeat(8_192);
    let fact =
        walk(move |_, _| says("200 OK", "content-type: text/html\r\ncontent-encoding: gzip\r\n", &padding)).await;
    assert!(fact.seen().unwrap_err().says.contains("padding"), "{fact:?}");
    // The marker of a large window, then thirty bits of it.
    let wide = [0x11, 0x1e, 0x80, 0xff, 0xff, 0x7f];
    let fact = walk(move |_, _| says("200 OK", "content-type: text/html\r\ncontent-encoding: br\r\n", &wide)).await;
    assert!(fact.seen().unwrap_err().says.contains("window"), "{fact:?}");
}

#[tokio::test]
async fn broken_answers_keep_their_reason() {
    for (bytes, why) in [
        (&b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 50\r\n\r\nshort"[..], Why::Broken),
        (b"", Why::Broken),
        (b"SSH-2.0-OpenSSH_9.2\r\n", Why::Garbled),
        (
            b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nhello",
            Why::Garbled,
        ),
        (
            b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-encoding: br\r\ncontent-length: 5\r\n\r\nhello",
            Why::Garbled,
        ),
        (
            b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-encoding: zstd\r\ncontent-length: 5\r\n\r\nhello",
            Why::Garbled,
        ),
    ] {
        let unseen = walk(move |_, _| Manner::Says(bytes.to_vec())).await.seen().unwrap_err();
        assert_eq!(unseen.why, why, "{}: {unseen:?}", String::from_utf8_lossy(bytes));
    }
    let flood = format!("HTTP/1.1 200 OK\r\n{}\r\n", "x-a: 1\r\n".repeat(200));
    let unseen = walk(move |_, _| Manner::Says(flood.clone().into_bytes())).await.seen().unwrap_err();
    assert_eq!(unseen.why, Why::Garbled);
    assert!(unseen.says.contains("too many or too large"), "{}", unseen.says);
}

#[tokio::test]
async fn hostile_header_bytes_are_made_visible() {
    let fact =
        walk(|_, _| Manner::Says(b"HTTP/1.1 200 OK\r\nx-a: a\xff\xe2\x80\xaeb\r\ncontent-length: 0\r\n\r\n".to_vec()))
            .await;
    assert_eq!(seen(&fact).hops[0].header("x-a").collect::<Vec<_>>(), ["a\\xff\\u{202e}b"]);
}
