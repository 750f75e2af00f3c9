//! Load on servers of our own on loopback.

use super::{Expectation, Load, LoadConsent, Permit, Speak, StopRule, Tick, load};
use crate::plan::Plan;
use crate::world::{Wire, World};
use audit::facts::{LoadCap, LoadEnd, Loaded, Model, SlowNetwork, Target};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// A server that answers each request by its number: how long it takes, and with which head.
async fn server(answer: impl Fn(usize) -> (Duration, &'static str) + Send + Sync + 'static) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let (asked, open) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (count, under_way, answer) = (asked.clone(), open.clone(), Arc::new(answer));
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let (count, under_way, answer) = (count.clone(), under_way.clone(), answer.clone());
            tokio::spawn(async move {
                under_way.fetch_add(1, Ordering::SeqCst);
                let mut bytes = vec![0; 4096];
                while let Ok(1..) = stream.read(&mut bytes).await {
                    let (takes, head) = answer(count.fetch_add(1, Ordering::SeqCst));
                    tokio::select! {
                        () = tokio::time::sleep(takes) => {}
                        _ = stream.read(&mut bytes) => break,
                    }
                    let answer = format!("HTTP/1.1 {head}\r\ncontent-length: 4\r\n\r\ngood");
                    if head.is_empty() || stream.write_all(answer.as_bytes()).await.is_err() {
                        break;
                    }
                }
                under_way.fetch_sub(1, Ordering::SeqCst);
            });
        }
    });
    Server { at, asked, open }
}

struct Server {
    at: SocketAddr,
    asked: Arc<AtomicUsize>,
    open: Arc<AtomicUsize>,
}

impl Server {
    fn load(&self, model: Model, millis: u64) -> Load {
        Load::new(format!("http://{}/", self.at).parse().unwrap(), model, Duration::from_millis(millis))
    }
}

fn plan() -> Plan {
    let target = Target { name: "example.com".to_owned(), domain: "example.com".to_owned() };
    Plan { allow_private: true, ..Plan::new(target, "sd") }
}

fn world() -> World {
    World::through(Wire::straight(), "127.0.0.1:9".parse().unwrap(), Vec::new())
}

async fn run(what: &Load) -> (Loaded, Vec<Tick>) {
    let (send, mut ticks) = mpsc::unbounded_channel();
    let loaded = load(&plan(), &world(), what, Permit::Loopback, CancellationToken::new(), send).await.unwrap();
    let mut seen = Vec::new();
    while let Some(tick) = ticks.recv().await {
        seen.push(tick);
    }
    (loaded, seen)
}

const GOOD: &str = "200 OK";
const USERS: Model = Model::Users { users: 3, think_ms: 0 };

#[tokio::test]
async fn users_ask_one_after_another_each_on_a_connection_of_its_own() {
    let server = server(|_| (Duration::from_millis(2), GOOD)).await;
    let (loaded, ticks) = run(&Load { requests: Some(150), ..server.load(USERS, 60_000) }).await;
    assert_eq!((loaded.sent, loaded.answered, loaded.connections, loaded.at_once), (150, 150, 3, 3));
    assert_eq!((loaded.end, loaded.protocol.as_str()), (LoadEnd::Whole, "HTTP/1.1"));
    assert_eq!((loaded.response.samples, loaded.service.samples), (150, 150));
    assert!(loaded.response.claim(50.0).unwrap() >= 2_000);
    assert_eq!(loaded.response.claim(99.9), None, "150 samples are too few for it");
    assert_eq!(server.asked.load(Ordering::SeqCst), 150);
    assert_eq!(ticks.last().unwrap().answered, 150);
}

#[tokio::test]
async fn what_is_held_up_by_earlier_requests_counts_from_when_it_was_due() {
    // Every answer takes 20 ms, and one user is there for a request each 10 ms.
    let server = server(|_| (Duration::from_millis(20), GOOD)).await;
    let model = Model::Rate { per_second: 100.0, users: 1 };
    let (loaded, _) = run(&Load { requests: Some(30), ..server.load(model, 60_000) }).await;
    assert_eq!((loaded.sent, loaded.connections, loaded.at_once), (30, 1, 1));
    let (last, service) = (loaded.response.claim(100.0).unwrap(), loaded.service.claim(50.0).unwrap());
    assert!(last >= 290_000, "the last one was due 300 ms before it ended: {last}");
    assert!((20_000..250_000).contains(&service), "{service}");
}

#[tokio::test]
async fn users_join_as_requests_are_due() {
    let server = server(|_| (Duration::from_millis(50), GOOD)).await;
    let model = Model::Rate { per_second: 100.0, users: 50 };
    let (loaded, _) = run(&Load { requests: Some(60), ..server.load(model, 60_000) }).await;
    assert_eq!(loaded.answered, 60);
    assert!(loaded.connections >= 5 && loaded.connections < 60, "{}", loaded.connections);
    assert_eq!(loaded.response.claim(50.0), loaded.service.claim(50.0), "nothing was held up");
}

#[tokio::test]
async fn a_limit_ends_it_at_the_first_word() {
    let server = server(|number| (Duration::ZERO, if number < 10 { GOOD } else { "429 Slow\r\nretry-after: 7" })).await;
    let (loaded, _) = run(&server.load(Model::Users { users: 1, think_ms: 0 }, 60_000)).await;
    assert_eq!(loaded.end, LoadEnd::Limited { status: 429, retry_after: Some(7) });
    assert_eq!(server.asked.load(Ordering::SeqCst), 11);
}

#[tokio::test]
async fn failures_are_counted_by_kind_and_end_it_when_they_are_too_many() {
    let server = server(|number| (Duration::ZERO, if number < 30 { GOOD } else { "" })).await;
    let (loaded, _) = run(&server.load(Model::Users { users: 1, think_ms: 0 }, 60_000)).await;
    assert!(matches!(loaded.end, LoadEnd::Errors { percent: 51.. }), "{:?}", loaded.end);
    assert_eq!((loaded.answered, loaded.errors.len()), (30, 1));
    assert!(loaded.errors["cut-short"] >= 30);
}

#[tokio::test]
async fn slow_answers_end_it_where_the_rule_says_so() {
    let server = server(|number| (Duration::from_millis(if number < 30 { 1 } else { 60 }), GOOD)).await;
    let stop = StopRule { slower_than: Some(Duration::from_millis(50)), ..StopRule::default() };
    let (loaded, _) = run(&Load { stop, ..server.load(USERS, 60_000) }).await;
    assert!(matches!(loaded.end, LoadEnd::Slow { p95: 50_000.. }), "{:?}", loaded.end);
}

#[tokio::test]
async fn an_answer_that_is_not_as_expected_is_no_good_answer() {
    let server = server(|number| (Duration::ZERO, if number % 4 == 0 { "404 Gone" } else { GOOD })).await;
    let one = Model::Users { users: 1, think_ms: 0 };
    let (loaded, _) = run(&Load { requests: Some(40), ..server.load(one, 60_000) }).await;
    assert_eq!((loaded.answered, loaded.errors["4xx"], loaded.response.samples), (40, 10, 30));
    assert_eq!(loaded.statuses[&404], 10);
    let expect = Expectation { status: Some(200), contains: Some("better".to_owned()) };
    let stop = StopRule { errors: 100, ..StopRule::default() };
    let (loaded, _) = run(&Load { expect, stop, requests: Some(20), ..server.load(one, 60_000) }).await;
    assert_eq!(loaded.errors["4xx"] + loaded.errors["unexpected"], 20);
}

/// How long after a cancel the last of twenty requests was gone.
async fn cancelled() -> Duration {
    let server = server(|_| (Duration::from_secs(60), GOOD)).await;
    let what = server.load(Model::Users { users: 20, think_ms: 0 }, 60_000);
    let cancel = CancellationToken::new();
    let (send, _ticks) = mpsc::unbounded_channel();
    let (soon, open) = (cancel.clone(), server.open.clone());
    let watch = tokio::spawn(async move {
        while open.load(Ordering::SeqCst) < 20 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        soon.cancel();
        let begun = Instant::now();
        while open.load(Ordering::SeqCst) > 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
            assert!(begun.elapsed() < Duration::from_secs(30), "a request went on after the cancel");
        }
        begun.elapsed()
    });
    let loaded = load(&plan(), &world(), &what, Permit::Loopback, cancel, send).await.unwrap();
    assert_eq!(loaded.end, LoadEnd::Cancelled);
    watch.await.unwrap()
}

#[tokio::test]
async fn a_cancel_ends_every_request_within_a_fifth_of_a_second() {
    // A machine that is busy with something else may be late once.
    let mut took = Duration::MAX;
    for _ in 0..3 {
        took = took.min(cancelled().await);
        if took < Duration::from_millis(200) {
            return;
        }
    }
    panic!("{took:?}");
}

#[tokio::test]
async fn no_more_is_sent_than_was_agreed_to() {
    let server = server(|_| (Duration::ZERO, GOOD)).await;
    let target = Target { name: "127.0.0.1".to_owned(), domain: "127.0.0.1".to_owned() };
    let plan = Plan { allow_private: true, ..Plan::new(target, "sd") };
    let world = world();
    let cap = LoadCap::new(3, 40, 2).unwrap();
    let consent = LoadConsent::record(&plan.target, "127.0.0.1", "Ada Alder", cap, world.now()).unwrap();
    let (send, _ticks) = mpsc::unbounded_channel();
    let permit = Permit::Agreed(&consent);
    let users = |users| Model::Users { users, think_ms: 0 };
    let rate = |per_second| Model::Rate { per_second, users: 1 };
    for (model, millis, says) in [
        (users(4), 1_000, "4 users at once are more than the 3 that were agreed to; ask for less"),
        (rate(40.5), 1_000, "40.5 requests a second are more than the 40 that were agreed to"),
        (users(1), 2_500, "2.5 seconds are more than the 2 that were agreed to"),
        (users(51), 1_000, "51 users at once are more than is ever sent; ask for 50 at most"),
        (rate(200.5), 1_000, "more than is ever sent; ask for 200 at most"),
        (users(1), 600_500, "more than is ever sent; ask for 600 at most"),
    ] {
        let what = server.load(model, millis);
        let refused = load(&plan, &world, &what, permit, CancellationToken::new(), send.clone()).await.unwrap_err();
        assert!(refused.code == "load-cap" && refused.message.contains(says), "{says}: {}", refused.message);
    }
    assert_eq!(server.asked.load(Ordering::SeqCst), 0);
    let what = server.load(USERS, 1_000);
    let loaded = load(&plan, &world, &what, permit, CancellationToken::new(), send).await.unwrap();
    let asked = server.asked.load(Ordering::SeqCst);
    // One for each user may be on its way when the time is over.
    assert!((1..=43).contains(&asked) && loaded.at_once <= 3, "{asked} in a second, {} at once", loaded.at_once);
    assert_eq!(loaded.agreed.unwrap().by, "Ada Alder");
}

#[tokio::test]
async fn users_think_between_an_answer_and_the_next_request() {
    let server = server(|_| (Duration::ZERO, GOOD)).await;
    let (loaded, _) = run(&server.load(Model::Users { users: 2, think_ms: 200 }, 900)).await;
    assert!((4..=10).contains(&loaded.sent), "{} of two users that think for 200 ms", loaded.sent);
}

#[tokio::test]
async fn what_fails_is_told_by_its_kind() {
    let few = |load: Load| Load { requests: Some(3), ..load };
    let one = Model::Users { users: 1, think_ms: 0 };
    let silent = server(|_| (Duration::from_secs(60), GOOD)).await;
    let mut hasty = plan();
    hasty.limits.exchange = Duration::from_millis(100);
    let kind = |plan: Plan, load: Load| async move {
        let (send, _ticks) = mpsc::unbounded_channel();
        let cancel = CancellationToken::new();
        super::load(&plan, &world(), &load, Permit::Loopback, cancel, send).await.unwrap().errors
    };
    let errors = kind(hasty, few(silent.load(one, 60_000))).await;
    assert_eq!(errors, [("timeout".to_owned(), 3)].into());
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let refused = Load::new(format!("http://{closed}/").parse().unwrap(), one, Duration::from_secs(60));
    assert_eq!(kind(plan(), few(refused)).await, [("connect".to_owned(), 3)].into());
    let plain = server(|_| (Duration::ZERO, GOOD)).await;
    let secured = Load::new(format!("https://{}/", plain.at).parse().unwrap(), one, Duration::from_secs(60));
    assert_eq!(kind(plan(), few(secured)).await, [("tls".to_owned(), 3)].into());
    let broken = server(|number| (Duration::ZERO, if number == 0 { GOOD } else { "503 Full" })).await;
    let (loaded, _) = run(&few(broken.load(one, 60_000))).await;
    assert_eq!(loaded.end, LoadEnd::Limited { status: 503, retry_after: None });
}

#[tokio::test]
async fn cold_and_warm_are_told_apart_over_a_slow_network_too() {
    let server = server(|_| (Duration::ZERO, GOOD)).await;
    let slow = Some(SlowNetwork { delay_ms: 100, loss: 0.0, kilobits: None });
    let (loaded, _) = run(&Load { requests: Some(12), slow, ..server.load(USERS, 60_000) }).await;
    let phase = |name: &str| loaded.phases.iter().find(|phase| phase.name == name).unwrap();
    assert_eq!(["dns", "connect", "tls", "cold", "warm"].map(|name| phase(name).samples), [0, 3, 0, 3, 9]);
    // Opening is one way there and back, and so is a request; how much longer it took is the machine's business.
    let at = |name: &str| phase(name).claim(50.0).unwrap();
    assert!(at("connect") >= 100_000 && at("warm") >= 100_000, "{} {}", at("connect"), at("warm"));
    assert!(at("cold") >= at("connect") + 100_000, "{} {}", at("cold"), at("connect"));
    assert_eq!(loaded.slow, slow);
    let median = &loaded.response.percentiles[0];
    assert!(median.low.unwrap() <= median.micros && median.micros <= median.high.unwrap(), "{median:?}");
}

#[tokio::test]
async fn http_2_is_spoken_where_it_is_asked_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut connection = h2::server::handshake(stream).await.unwrap();
                while let Some(Ok((_, mut respond))) = connection.accept().await {
                    let mut body = respond.send_response(http::Response::new(()), false).unwrap();
                    body.send_data(bytes::Bytes::from_static(b"good"), true).unwrap();
                }
            });
        }
    });
    let what = Load::new(format!("http://{at}/").parse().unwrap(), USERS, Duration::from_secs(60));
    let expect = Expectation { status: Some(200), contains: Some("good".to_owned()) };
    let (loaded, _) = run(&Load { requests: Some(60), speak: Speak::Two, expect, ..what }).await;
    assert_eq!((loaded.answered, loaded.failed(), loaded.connections), (60, 0, 3));
    assert_eq!(loaded.protocol, "HTTP/2");
}

#[tokio::test]
async fn nothing_is_sent_without_a_consent_that_covers_it() {
    let server = server(|_| (Duration::ZERO, GOOD)).await;
    let world = world();
    let target = plan().target;
    let cap = LoadCap::new(2, 50, 10).unwrap();
    let consent = LoadConsent::record(&target, "app.example.com", "Ada Alder", cap, world.now()).unwrap();
    let refused = |what: Load| {
        let (world, consent) = (&world, &consent);
        async move {
            let (send, _ticks) = mpsc::unbounded_channel();
            let permit = Permit::Agreed(consent);
            load(&plan(), world, &what, permit, CancellationToken::new(), send).await.unwrap_err().code
        }
    };
    assert_eq!(refused(server.load(USERS, 1_000)).await, "load-consent");
    assert_eq!(server.asked.load(Ordering::SeqCst), 0);
    let (send, _ticks) = mpsc::unbounded_channel();
    for model in [USERS, Model::Rate { per_second: 6.0, users: 4 }, Model::Rate { per_second: 5.0, users: 5 }] {
        let what = server.load(model, 1_000);
        let ended = load(&plan(), &world, &what, Permit::Polite, CancellationToken::new(), send.clone()).await;
        assert!(model == USERS || ended.unwrap_err().code == "load-cap", "{model:?}");
    }
    assert!(server.asked.load(Ordering::SeqCst) <= 6, "three users ask five times a second at most");
    for (users, rate, seconds) in [(3, 50.0, 10), (2, 51.0, 10), (2, 50.0, 11)] {
        assert!(cap.holds(users, rate, Duration::from_secs(seconds)).is_err());
    }
    assert!(cap.holds(2, 50.0, Duration::from_secs(10)).is_ok());
    assert!(LoadCap::new(51, 200, 600).is_err() && LoadCap::new(50, 0, 600).is_err());
}

#[tokio::test]
async fn nonsense_is_refused_with_its_reason() {
    let server = server(|_| (Duration::ZERO, GOOD)).await;
    let (send, _ticks) = mpsc::unbounded_channel();
    for model in [
        Model::Users { users: 0, think_ms: 0 },
        Model::Rate { per_second: 0.0, users: 5 },
        Model::Rate { per_second: f64::NAN, users: 5 },
    ] {
        let what = server.load(model, 1_000);
        let ended = load(&plan(), &world(), &what, Permit::Loopback, CancellationToken::new(), send.clone()).await;
        assert_eq!(ended.unwrap_err().code, "load", "{model:?}");
    }
}
