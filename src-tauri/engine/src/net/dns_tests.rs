//! Name servers that misbehave: every failure keeps its reason, and none becomes "no records".

use crate::testing::{Answer, PUBLIC, a, alias, desk, names, plan, world};
use audit::facts::{Fact, Rcode};
use audit::{Unseen, Why};
use hickory_proto::op::ResponseCode;
use hickory_proto::rr::RecordType;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

const NOWHERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 1);

async fn asked(rule: impl Fn(&str, RecordType) -> Answer + Send + Sync + 'static) -> Fact<audit::facts::DnsAnswer> {
    let (server, _) = names(rule).await;
    let (plan, world) = (plan(), world(server, NOWHERE));
    let (desk, _events) = desk(&plan, &world);
    desk.net.dns.ask("www.site.test", RecordType::A).await
}

async fn unseen(rule: impl Fn(&str, RecordType) -> Answer + Send + Sync + 'static) -> Unseen {
    asked(rule).await.seen().unwrap_err()
}

#[tokio::test]
async fn an_answer_is_seen_with_who_gave_it() {
    let fact = asked(|name, _| Answer::Records(vec![a(name, PUBLIC)])).await;
    let Fact::Seen { value, from, .. } = fact else { panic!("{fact:?}") };
    assert_eq!(value.addresses().collect::<Vec<_>>(), [PUBLIC]);
    assert_eq!(from, "9.9.9.9:53 over UDP");
}

#[tokio::test]
async fn no_such_name_and_no_such_record_are_told_apart() {
    let missing = asked(|name, _| match name {
        "site.test" | "test" => Answer::Records(Vec::new()),
        _ => Answer::Code(ResponseCode::NXDomain),
    })
    .await;
    let empty = asked(|_, _| Answer::Records(Vec::new())).await;
    assert_eq!(missing.seen().unwrap().rcode, Rcode::NxDomain);
    assert_eq!(empty.seen().unwrap().rcode, Rcode::NoError);
}

#[tokio::test]
async fn a_resolver_behind_a_fence_is_not_believed() {
    let told = unseen(|_, _| Answer::Code(ResponseCode::NXDomain)).await;
    assert_eq!(told.why, Why::NoRoute);
    assert!(told.says.contains("\"test\" itself does not exist"), "{}", told.says);
    // A network of its own knows the domain and nothing above it: there a denial is an answer.
    let own = asked(|name, _| match name {
        "site.test" => Answer::Records(vec![a("site.test.", PUBLIC)]),
        _ => Answer::Code(ResponseCode::NXDomain),
    })
    .await;
    assert_eq!(own.seen().unwrap().rcode, Rcode::NxDomain);
    // A domain that is not registered is denied by a resolver that knows its top-level domain.
    let free = asked(|name, _| match name {
        "test" => Answer::Records(Vec::new()),
        _ => Answer::Code(ResponseCode::NXDomain),
    })
    .await;
    assert_eq!(free.seen().unwrap().rcode, Rcode::NxDomain);
}

#[tokio::test]
async fn failures_keep_their_reason() {
    assert_eq!(unseen(|_, _| Answer::Code(ResponseCode::ServFail)).await.why, Why::Busy);
    assert_eq!(unseen(|_, _| Answer::Code(ResponseCode::Refused)).await.why, Why::Refused);
    assert_eq!(unseen(|_, _| Answer::Code(ResponseCode::NotImp)).await.why, Why::Garbled);
    assert_eq!(unseen(|_, _| Answer::Garbage).await.why, Why::Garbled);
    assert_eq!(unseen(|_, _| Answer::Truncated(Vec::new())).await.why, Why::Garbled);
    assert_eq!(unseen(|_, _| Answer::Forged).await.why, Why::Timeout, "an answer to another question is no answer");
}

#[tokio::test]
async fn silence_ends_once_the_root_was_tried() {
    let (server, count) = names(|_, _| Answer::Silent).await;
    let (plan, world) = (plan(), world(server, NOWHERE));
    let (desk, _events) = desk(&plan, &world);
    let begun = Instant::now();
    let fact = desk.net.dns.ask("www.site.test", RecordType::A).await;
    let told = fact.seen().unwrap_err();
    assert_eq!(told.why, Why::Timeout);
    assert!(told.says.contains("neither did any server of the root zone"), "{}", told.says);
    assert_eq!(
        count.load(Ordering::SeqCst),
        5,
        "the question, the root at the resolver, and three servers of the root"
    );
    assert!(begun.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn dead_resolvers_are_not_asked_for_ever() {
    let (server, count) = names(|_, _| Answer::Silent).await;
    let (plan, world) = (plan(), world(server, NOWHERE));
    let (desk, _events) = desk(&plan, &world);
    for number in 0..20 {
        let fact = desk.net.dns.ask(&format!("n{number}.site.test"), RecordType::A).await;
        assert_eq!(fact.seen().unwrap_err().why, Why::Timeout);
    }
    assert_eq!(count.load(Ordering::SeqCst), 5, "the first question and the ways to an answer, once");
}

#[tokio::test]
async fn a_passing_failure_is_asked_again() {
    let first = std::sync::atomic::AtomicBool::new(true);
    let fact = asked(move |name, _| {
        if first.swap(false, Ordering::SeqCst) {
            Answer::Code(ResponseCode::ServFail)
        } else {
            Answer::Records(vec![a(name, PUBLIC)])
        }
    })
    .await;
    assert_eq!(fact.seen().unwrap().addresses().count(), 1);
}

#[tokio::test]
async fn a_cut_answer_is_asked_for_again_over_tcp() {
    let fact = asked(|name, _| Answer::Truncated(vec![a(name, PUBLIC)])).await;
    let Fact::Seen { value, from, .. } = fact else { panic!("{fact:?}") };
    assert_eq!((value.addresses().count(), from.as_str()), (1, "9.9.9.9:53 over TCP"));
}

#[tokio::test]
async fn aliases_are_followed_step_by_step() {
    let fact = asked(|name, _| match name {
        "www.site.test" => Answer::Records(vec![alias("www.site.test.", "a.cdn.test.")]),
        "a.cdn.test" => Answer::Records(vec![alias("a.cdn.test.", "b.cdn.test.")]),
        _ => Answer::Records(vec![a(name, PUBLIC)]),
    })
    .await;
    let answer = fact.seen().unwrap();
    assert_eq!(answer.aliases().collect::<Vec<_>>(), ["a.cdn.test", "b.cdn.test"]);
    assert_eq!(answer.addresses().count(), 1);
}

#[tokio::test]
async fn records_of_other_names_are_left_out() {
    let fact =
        asked(|_, _| Answer::Records(vec![a("www.site.test.", PUBLIC), a("evil.test.", Ipv4Addr::new(6, 6, 6, 6))]))
            .await;
    assert_eq!(fact.seen().unwrap().addresses().collect::<Vec<_>>(), [PUBLIC]);
}

#[tokio::test]
async fn aliases_in_a_circle_are_named() {
    let round = |name: &str| match name {
        "www.site.test" => vec![alias("www.site.test.", "a.site.test.")],
        _ => vec![alias("a.site.test.", "www.site.test.")],
    };
    let told = unseen(move |name, _| Answer::Records(round(name))).await;
    assert_eq!(told.why, Why::Garbled);
    assert!(told.says.contains("www.site.test → a.site.test → www.site.test"), "{}", told.says);
    // A real resolver says SERVFAIL to the address question; the circle shows when the aliases are asked for.
    let told = unseen(move |name, rtype| match rtype {
        RecordType::CNAME => Answer::Records(round(name)),
        RecordType::NS => Answer::Records(Vec::new()),
        _ => Answer::Code(ResponseCode::ServFail),
    })
    .await;
    assert!(told.says.contains("circle"), "{}", told.says);
}

#[tokio::test]
async fn too_many_aliases_are_told() {
    let told = unseen(|name, _| {
        let number: u32 =
            name.trim_start_matches("www").trim_start_matches('a').split('.').next().unwrap().parse().unwrap_or(0);
        Answer::Records(vec![alias(name, &format!("a{}.site.test.", number + 1))])
    })
    .await;
    assert_eq!(told.why, Why::Garbled);
    assert!(told.says.contains("16 aliases"), "{}", told.says);
}

#[tokio::test]
async fn a_question_is_asked_once() {
    let (server, count) = names(|name, _| Answer::Records(vec![a(name, PUBLIC)])).await;
    let (plan, world) = (plan(), world(server, NOWHERE));
    let (desk, _events) = desk(&plan, &world);
    for _ in 0..5 {
        desk.ask("WWW.site.test.", RecordType::A).await;
    }
    assert_eq!(count.load(Ordering::SeqCst), 1);
    assert_eq!(desk.facts().dns.keys().collect::<Vec<_>>(), ["www.site.test A"]);
}

#[tokio::test]
async fn name_servers_on_private_addresses_are_not_contacted() {
    let (server, count) = names(|name, _| Answer::Records(vec![a(name, PUBLIC)])).await;
    let (mut plan, world) = (plan(), world(server, NOWHERE));
    let private = SocketAddr::from(([10, 0, 0, 53], 53));
    let trouble = desk(&plan, &world).0.net.dns.ask_server(private, "site.test", RecordType::SOA).await.err().unwrap();
    assert_eq!((trouble.why, count.load(Ordering::SeqCst)), (Why::Forbidden, 0));
    plan.allow_private = true;
    assert!(desk(&plan, &world).0.net.dns.ask_server(private, "site.test", RecordType::SOA).await.is_ok());
}
