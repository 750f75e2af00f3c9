//! The healthy lab on real sockets: every name server answers in its role, every host in its own.

use std::time::{Duration, Instant};

use crate::common::*;
use hickory_proto::op::ResponseCode;
use hickory_proto::rr::RecordType;

const DOMAIN: &str = "juniperdesk.example";

#[tokio::test]
async fn starts_quickly() {
    let started = Instant::now();
    let lab = lab(&[]).await;
    let took = started.elapsed();
    println!("start of a lab: {took:?}");
    assert_eq!(lab.domain(), DOMAIN);
    assert!(took < Duration::from_secs(2));
}

#[tokio::test]
async fn resolver_answers_as_a_recursive_one() {
    let lab = lab(&[]).await;
    let wire = lab.wire();
    let apex = ask(&wire, "9.9.9.9", "JuniperDesk.example.", RecordType::A).await.unwrap();
    assert!(apex.metadata.recursion_available && !apex.metadata.authoritative);
    assert_eq!(answers(&apex), ["104.18.20.10", "104.18.21.10"]);
    assert_eq!(apex.queries[0].name().to_string(), "JuniperDesk.example.");

    let none = ask(&wire, "9.9.9.9", "nothing.juniperdesk.example.", RecordType::A).await.unwrap();
    assert_eq!(none.metadata.response_code, ResponseCode::NXDomain);
    assert_eq!(none.authorities[0].record_type(), RecordType::SOA);

    let empty = ask(&wire, "9.9.9.9", "www.juniperdesk.example.", RecordType::MX).await.unwrap();
    assert_eq!(empty.metadata.response_code, ResponseCode::NoError);
    assert!(empty.answers.is_empty() && empty.authorities.len() == 1);
    let between = ask(&wire, "9.9.9.9", "_domainkey.juniperdesk.example.", RecordType::TXT).await.unwrap();
    assert_eq!(between.metadata.response_code, ResponseCode::NoError);

    for (name, kind) in [
        ("example.", RecordType::NS),
        ("a.nic.example.", RecordType::A),
        ("ada.ns.cloudflare.com.", RecordType::AAAA),
        ("smtp.google.com.", RecordType::A),
        ("_netblocks2.google.com.", RecordType::TXT),
        ("spf.mtasv.net.", RecordType::TXT),
        ("_dmarc.juniperdesk.example.", RecordType::TXT),
        ("juniperdesk.example.", RecordType::CAA),
    ] {
        let answer = ask_stream(&wire, "9.9.9.9", name, kind).await;
        assert!(!answer.answers.is_empty(), "{name} {kind}");
    }
}

#[tokio::test]
async fn large_answers_are_cut_short_over_udp() {
    let lab = lab(&[]).await;
    let name = "juniperdesk.example.";
    let cut = ask_small(&lab.wire(), "9.9.9.9", name, RecordType::ANY).await;
    assert!(cut.metadata.truncation);
    let whole = ask_stream(&lab.wire(), "9.9.9.9", name, RecordType::ANY).await;
    assert!(!whole.metadata.truncation && whole.answers.len() > 6);
}

#[tokio::test]
async fn own_servers_have_authority_and_the_parent_refers() {
    let lab = lab(&[]).await;
    let wire = lab.wire();
    for server in [ADA, "172.64.33.104", "2606:4700:58::ac40:2168"] {
        let soa = ask(&wire, server, "juniperdesk.example.", RecordType::SOA).await.unwrap();
        assert!(soa.metadata.authoritative && !soa.metadata.recursion_available);
        assert_eq!(soa.answers.len(), 1);
        let foreign = ask(&wire, server, "google.com.", RecordType::A).await.unwrap();
        assert_eq!(foreign.metadata.response_code, ResponseCode::Refused);
    }
    for server in ["194.169.218.42", "185.24.64.42"] {
        let referral = ask(&wire, server, "juniperdesk.example.", RecordType::NS).await.unwrap();
        assert!(!referral.metadata.authoritative && referral.answers.is_empty());
        let mut names: Vec<String> = referral.authorities.iter().map(|record| record.data.to_string()).collect();
        names.sort();
        assert_eq!(names, ["ada.ns.cloudflare.com.", "bob.ns.cloudflare.com."]);
    }
}

#[tokio::test]
async fn hosts_answer_over_https_only() {
    let lab = lab(&[]).await;
    let home = get(&lab, APEX, DOMAIN, "/").await.unwrap();
    let head = home.split("\r\n\r\n").next().unwrap().to_ascii_lowercase();
    assert!(home.starts_with("HTTP/1.1 200 OK"), "{head}");
    for wanted in [
        "strict-transport-security: max-age=31536000; includesubdomains",
        "script-src 'self' 'sha256-",
        "x-content-type-options: nosniff",
        "server: cloudflare",
        "cf-ray: ",
        "etag: ",
    ] {
        assert!(head.contains(wanted), "{wanted} in {head}");
    }
    assert!(home.contains("<link rel=\"canonical\" href=\"https://juniperdesk.example/\">"));
    let scripts: Vec<&str> = home.split("src=\"").skip(1).collect();
    assert_eq!(scripts.len(), 2);
    let mut bytes = 0;
    for script in scripts {
        let path = script.split('"').next().unwrap();
        let script = get(&lab, "2606:4700::6812:140a", DOMAIN, path).await.unwrap();
        assert!(script.starts_with("HTTP/1.1 200 OK"));
        bytes += script.len();
    }
    assert!(bytes > 300_000);
    for (address, host) in [(APEX, DOMAIN), (APP, "app.juniperdesk.example")] {
        let plain = get_plain(&lab, address, host, "/a?b=c").await.unwrap();
        assert!(plain.starts_with("HTTP/1.1 301"));
        assert!(plain.contains(&format!("location: https://{host}/a?b=c\r\n")));
    }
    let www = get(&lab, "104.18.24.31", "www.juniperdesk.example", "/pricing").await.unwrap();
    assert!(www.contains("location: https://juniperdesk.example/pricing\r\n"));
    for (path, status) in [("/dashboard", "200"), ("/robots.txt", "200"), ("/sitemap.xml", "200"), ("/nothing", "404")]
    {
        let answer = get(&lab, APEX, DOMAIN, path).await.unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{path}");
    }
    for host in ["app", "api", "status"] {
        let host = format!("{host}.juniperdesk.example");
        let answer = get(&lab, APP, &host, "/").await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{host}");
    }
}

#[tokio::test]
async fn speaks_http2_and_presents_a_whole_chain() {
    let lab = lab(&[]).await;
    let stream = greet(&lab, APEX, DOMAIN, &["h2", "http/1.1"]).await.unwrap();
    let (_, session) = stream.get_ref();
    assert_eq!(session.alpn_protocol(), Some(&b"h2"[..]));
    assert_eq!(session.peer_certificates().unwrap().len(), 2);
    assert!(greet(&lab, APEX, "elsewhere.example", &[]).await.is_err());
}

#[tokio::test]
async fn issuer_publishes_its_certificate() {
    let lab = lab(&[]).await;
    let host = "pki.lanternauthority.example";
    let answer = get_plain(&lab, "5.161.60.23", host, "/e5.der").await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"));
    assert!(answer.contains("application/pkix-cert"));
}

#[tokio::test]
async fn unserved_addresses_refuse_and_delays_are_felt() {
    let lab = lab(&[]).await;
    let wire = lab.wire();
    let nobody = wire.route(at("8.8.4.4", 443));
    let refused = tokio::net::TcpStream::connect(nobody).await.unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
    wire.delay(Duration::from_millis(30));
    let started = Instant::now();
    wire.hold(at(APEX, 443)).await.unwrap();
    ask(&wire, "9.9.9.9", "example.", RecordType::NS).await.unwrap();
    assert!(started.elapsed() >= Duration::from_millis(60));
}

#[tokio::test]
async fn dropping_a_lab_stops_it() {
    let lab = lab(&[]).await;
    let wire = lab.wire();
    let edge = wire.route(at(APEX, 443));
    drop(lab);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(tokio::net::TcpStream::connect(edge).await.is_err());
}

#[tokio::test]
async fn http2_answers_get_and_head() {
    let lab = lab(&[]).await;
    let (status, told, length) = request2(&lab, "GET", "/").await.unwrap();
    assert_eq!((status, told.as_deref()), (200, Some(length.to_string().as_str())));
    assert_eq!(request2(&lab, "HEAD", "/").await.unwrap(), (200, told, 0));
    let (status, ..) = request2(&lab, "POST", "/").await.unwrap();
    assert_eq!(status, 405);
}
