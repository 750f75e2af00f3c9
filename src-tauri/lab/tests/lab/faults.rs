//! Faults as they are seen on real sockets, switched on and off while the lab runs.

use std::time::{Duration, Instant};

use crate::common::*;
use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::RecordType;
use lab::{Lab, LabError};

const DOMAIN: &str = "juniperdesk.example";
const WWW: &str = "www.juniperdesk.example";
const WWW_AT: &str = "104.18.24.31";
const BOB: &str = "172.64.33.104";
const ORIGIN: &str = "5.161.44.10";

async fn resolved(lab: &Lab, name: &str, kind: RecordType) -> Vec<String> {
    let asked = ask(&lab.wire(), "9.9.9.9", &format!("{name}."), kind).await;
    answers(&asked.unwrap())
}

fn code(answer: Option<Message>) -> Option<ResponseCode> {
    answer.map(|answer| answer.metadata.response_code)
}

#[tokio::test]
async fn switches_on_and_off_while_it_runs() {
    let lab = lab(&[]).await;
    let hsts = "strict-transport-security";
    let wire = lab.wire();
    for _ in 0..2 {
        assert!(get(&lab, APEX, DOMAIN, "/").await.unwrap().contains(hsts));
        lab.switch("no-hsts", true).unwrap();
        assert!(!get(&lab, APEX, DOMAIN, "/").await.unwrap().contains(hsts));
        lab.switch("no-hsts", false).unwrap();
    }
    let unknown = lab.switch("no-htst", true).unwrap_err();
    assert!(matches!(&unknown, LabError::UnknownFault { close, .. } if close.contains(&"no-hsts")), "{unknown}");
    let started = Lab::start(now(), 1, &["nonsense"]).await;
    assert!(matches!(started, Err(LabError::UnknownFault { .. })));
    drop(wire);
}

#[tokio::test]
async fn addresses_and_records() {
    use RecordType::{A, AAAA, CNAME, MX, NS, SOA};
    for (fault, name, kind, wanted) in [
        ("apex-no-address", DOMAIN, A, &[][..]),
        ("apex-no-address", DOMAIN, AAAA, &[]),
        ("apex-private-address", DOMAIN, A, &["104.18.20.10", "10.0.0.12"]),
        ("apex-dead-ipv4", DOMAIN, A, &["104.18.20.10", "104.18.26.99"]),
        ("apex-dead-ipv6", DOMAIN, AAAA, &["2606:4700::6812:1a63"]),
        ("www-missing", WWW, A, &[]),
        ("www-dangling", WWW, A, &["juniperdesk-old.larkhosting.example."]),
        ("www-documentation-address", WWW, A, &["203.0.113.7"]),
        ("cname-at-apex", DOMAIN, CNAME, &["juniperdesk.larkhosting.example."]),
        ("mx-is-address", DOMAIN, MX, &["10 203.0.113.25."]),
        ("mx-is-cname", "mx.juniperdesk.example", CNAME, &["smtp.google.com."]),
        ("single-name-server", DOMAIN, NS, &["ada.ns.cloudflare.com."]),
        ("subdomain-private", "admin.juniperdesk.example", A, &["192.168.1.20"]),
        ("subdomain-dangling", "docs.juniperdesk.example", A, &["juniperdesk-old.larkhosting.example."]),
        ("wildcard-dns", "q7f3.juniperdesk.example", A, &["104.18.20.10", "104.18.21.10"]),
        ("nginx-alone", "app.juniperdesk.example", A, &[ORIGIN]),
        ("www-past-cdn", WWW, A, &[ORIGIN]),
        ("ipv6-past-cdn", DOMAIN, AAAA, &["2a01:4ff:f0:1c2b::1"]),
    ] {
        let lab = lab(&[fault]).await;
        assert_eq!(resolved(&lab, name, kind).await, wanted, "{fault}");
        lab.switch(fault, false).unwrap();
        assert_ne!(resolved(&lab, name, kind).await, wanted, "{fault} is off");
    }
    let lab = lab(&["cname-at-apex"]).await;
    for kind in [SOA, NS, MX] {
        assert!(!resolved(&lab, DOMAIN, kind).await.is_empty());
    }
    assert_eq!(resolved(&lab, DOMAIN, A).await.len(), 3);
}

#[tokio::test]
async fn name_servers() {
    let name = "juniperdesk.example.";
    let soa = RecordType::SOA;
    let lame = lab(&["lame-name-server"]).await;
    assert_eq!(code(ask(&lame.wire(), BOB, name, soa).await), Some(ResponseCode::Refused));
    assert_eq!(code(ask(&lame.wire(), ADA, name, soa).await), Some(ResponseCode::NoError));
    let failing = lab(&["servfail-name-server"]).await;
    assert_eq!(code(ask(&failing.wire(), BOB, name, soa).await), Some(ResponseCode::ServFail));
    let silent = lab(&["drop-name-server"]).await;
    assert!(ask(&silent.wire(), BOB, name, soa).await.is_none());
    let old = lab(&["serial-mismatch"]).await;
    let ada = ask(&old.wire(), ADA, name, soa).await.unwrap();
    let bob = ask(&old.wire(), BOB, name, soa).await.unwrap();
    assert_ne!(answers(&ada), answers(&bob));
    let other = lab(&["delegation-mismatch"]).await;
    let parent = ask(&other.wire(), "194.169.218.42", name, RecordType::NS).await.unwrap();
    let listed: Vec<String> = parent.authorities.iter().map(|record| record.data.to_string()).collect();
    assert!(listed.contains(&"carl.ns.cloudflare.com.".to_owned()));
    assert_eq!(resolved(&other, "carl.ns.cloudflare.com", RecordType::A).await.len(), 1);
    let mute = lab(&["drop-parent"]).await;
    assert!(ask(&mute.wire(), "185.24.64.42", name, soa).await.is_none());
}

#[tokio::test]
async fn mail_records() {
    let reports = "_dmarc.juniperdesk.example";
    let google = "google._domainkey.juniperdesk.example";
    for (fault, name, records, part) in [
        ("spf-missing", DOMAIN, 1, "google-site-verification"),
        ("spf-two", DOMAIN, 3, "include:mail.zendesk.com ~all"),
        ("spf-over-limit", DOMAIN, 2, "include:mailgun.org"),
        ("spf-plus-all", DOMAIN, 2, "+all"),
        ("spf-syntax", DOMAIN, 2, "ipv4:"),
        ("dkim-weak-key", google, 1, "p=MHwwDQ"),
        ("dkim-short-key", google, 1, "p=MIGfMA0"),
        ("dkim-revoked", google, 1, "p="),
        ("dkim-testing", google, 1, "t=y"),
        ("dmarc-two", reports, 2, "p=none"),
        ("dmarc-bad-policy", reports, 1, "p=block"),
        ("dmarc-report-unauthorised", reports, 1, "reports@dmarc-inbox.example"),
    ] {
        let lab = lab(&[fault]).await;
        let texts = resolved(&lab, name, RecordType::TXT).await;
        assert_eq!(texts.len(), records, "{fault}");
        assert!(texts.iter().any(|text| text.contains(part)), "{fault}");
    }
    let lab = lab(&["dmarc-missing"]).await;
    let wire = lab.wire();
    let none = ask(&wire, "9.9.9.9", &format!("{reports}."), RecordType::TXT).await;
    assert_eq!(code(none), Some(ResponseCode::NXDomain));
}

#[tokio::test]
async fn mail_records_out_of_reach() {
    for (fault, wanted) in [
        ("servfail-mail", Some(ResponseCode::ServFail)),
        ("refused-mail", Some(ResponseCode::Refused)),
        ("drop-mail", None),
    ] {
        let lab = lab(&[fault]).await;
        let wire = lab.wire();
        for name in ["juniperdesk.example.", "_dmarc.juniperdesk.example.", "x._domainkey.juniperdesk.example."] {
            let answer = ask(&wire, "9.9.9.9", name, RecordType::TXT).await;
            assert_eq!(code(answer), wanted, "{fault} {name}");
        }
        assert_eq!(resolved(&lab, DOMAIN, RecordType::A).await.len(), 2);
    }
    let lab = lab(&["servfail-apex"]).await;
    let apex = ask(&lab.wire(), "9.9.9.9", "juniperdesk.example.", RecordType::AAAA).await;
    assert_eq!(code(apex), Some(ResponseCode::ServFail));
}

#[tokio::test]
async fn redirects_and_faces() {
    let location = |answer: &str| {
        let line = answer.lines().find_map(|line| line.strip_prefix("location: "));
        line.unwrap_or("none").to_owned()
    };
    for (fault, secure, address, host, wanted) in [
        ("http-content", false, APEX, DOMAIN, "none"),
        ("http-subdomain-content", false, APP, "app.juniperdesk.example", "none"),
        ("http-detour", false, WWW_AT, WWW, "http://juniperdesk.example/"),
        ("redirect-loop", true, APEX, DOMAIN, "https://www.juniperdesk.example/"),
        ("redirect-long", true, WWW_AT, WWW, "https://juniperdesk.example/home"),
        ("redirect-downgrade", true, WWW_AT, WWW, "http://juniperdesk.example/"),
        ("www-separate", true, WWW_AT, WWW, "none"),
        ("www-duplicate", true, WWW_AT, WWW, "none"),
    ] {
        let lab = lab(&[fault]).await;
        let answer =
            if secure { get(&lab, address, host, "/").await } else { get_plain(&lab, address, host, "/").await };
        assert_eq!(location(&answer.unwrap()), wanted, "{fault}");
    }
    let lab = lab(&["redirect-temporary"]).await;
    let answer = get(&lab, WWW_AT, WWW, "/").await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 302"));
}

#[tokio::test]
async fn words_of_the_page_and_its_headers() {
    for (fault, there, gone) in [
        ("canonical-elsewhere", "\"canonical\" href=\"https://juniperdesk.larkhosting", ""),
        ("og-url-elsewhere", "\"og:url\" content=\"https://juniperdesk.larkhosting", ""),
        ("short-hsts", "max-age=86400", "max-age=31536000"),
        ("no-csp", "x-frame-options", "content-security-policy"),
        ("csp-unsafe-inline", "'unsafe-inline'", "sha256-"),
        ("no-nosniff", "content-security-policy", "x-content-type-options"),
        ("frameable", "upgrade-insecure-requests", "frame"),
        ("version-leak", "x-powered-by: PHP/8.1.2", ""),
        ("leaked-token-inline", "token:\"ghp_", ""),
    ] {
        let lab = lab(&[fault]).await;
        let page = get(&lab, APEX, DOMAIN, "/").await.unwrap();
        assert!(page.contains(there), "{fault}: {page}");
        assert!(gone.is_empty() || !page.contains(gone), "{fault}: {page}");
    }
    let origin = get(&lab(&["nginx-alone"]).await, ORIGIN, DOMAIN, "/").await.unwrap();
    assert!(!origin.contains("cf-ray") && origin.contains("server: nginx\r\n"));
}

async fn scripts(lab: &Lab) -> std::io::Result<String> {
    let page = get(lab, APEX, DOMAIN, "/").await.unwrap();
    let mut all = String::new();
    for script in page.split("src=\"").skip(1) {
        let path = script.split('"').next().unwrap();
        all += &get(lab, APEX, DOMAIN, path).await?;
    }
    Ok(all)
}

#[tokio::test]
async fn keys_in_the_bundle() {
    let publishable = ["pk", "live", ""].join("_");
    let secret = ["sk", "live", ""].join("_");
    let healthy = scripts(&lab(&[]).await).await.unwrap();
    assert!(healthy.contains(&publishable) && !healthy.contains(&secret));
    let leaking = scripts(&lab(&["leaked-payment-key"]).await).await.unwrap();
    assert!(leaking.contains(&secret));
    let cloud = scripts(&lab(&["leaked-cloud-key"]).await).await.unwrap();
    assert!(cloud.contains("accessKeyId:\"AKIA") && cloud.contains("secretAccessKey"));
}

#[tokio::test]
async fn certificates() {
    for (fault, wanted) in [
        ("certificate-expired", "expired"),
        ("certificate-wrong-name", "not valid for name"),
        ("certificate-missing-intermediate", "UnknownIssuer"),
        ("certificate-self-signed", "UnknownIssuer"),
        ("certificate-unknown-issuer", "UnknownIssuer"),
    ] {
        let lab = lab(&[fault]).await;
        let error = greet(&lab, APP, "app.juniperdesk.example", &[]).await.unwrap_err();
        assert!(error.to_string().contains(wanted), "{fault}: {error}");
        assert!(greet(&lab, APEX, DOMAIN, &[]).await.is_ok());
        lab.switch(fault, false).unwrap();
        assert!(greet(&lab, APP, "app.juniperdesk.example", &[]).await.is_ok());
    }
    let expiring = lab(&["certificate-expiring"]).await;
    assert!(greet(&expiring, APP, "app.juniperdesk.example", &[]).await.is_ok());
    let apex = lab(&["apex-certificate-expired"]).await;
    assert!(greet(&apex, APEX, DOMAIN, &[]).await.is_err());
}

#[tokio::test]
async fn refused_and_hanging_connections() {
    let dead = lab(&["subdomain-dead"]).await;
    let status = at("104.18.18.143", 443);
    let refused = dead.wire().hold(status).await.unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
    let routed = tokio::net::TcpStream::connect(dead.wire().route(status)).await;
    assert!(routed.is_err());
    dead.switch("subdomain-dead", false).unwrap();
    dead.wire().hold(status).await.unwrap();

    let hanging = lab(&["connect-hang-app"]).await;
    let wait = Duration::from_millis(100);
    let held = tokio::time::timeout(wait, hanging.wire().hold(at(APP, 443))).await;
    assert!(held.is_err());
    hanging.wire().hold(at(APEX, 443)).await.unwrap();
}

#[tokio::test]
async fn handshakes_and_requests_in_trouble() {
    let wait = Duration::from_millis(200);
    let reset = lab(&["tls-reset-app"]).await;
    let error = greet(&reset, APP, "app.juniperdesk.example", &[]).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    let hang = lab(&["tls-hang-app"]).await;
    let greeting = greet(&hang, APP, "app.juniperdesk.example", &[]);
    assert!(tokio::time::timeout(wait, greeting).await.is_err());

    for (fault, path) in [("http-reset", "/"), ("route-reset", "/dashboard")] {
        let lab = lab(&[fault]).await;
        let error = get(&lab, APEX, DOMAIN, path).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{fault}");
    }
    for (fault, path) in [("http-hang", "/"), ("route-hang", "/dashboard")] {
        let lab = lab(&[fault]).await;
        let answer = tokio::time::timeout(wait, get(&lab, APEX, DOMAIN, path)).await;
        assert!(answer.is_err(), "{fault}");
    }
    for (fault, path, status) in [
        ("http-429", "/", "429"),
        ("http-503", "/", "503"),
        ("route-429", "/dashboard", "429"),
        ("route-503", "/dashboard", "503"),
    ] {
        let lab = lab(&[fault]).await;
        let answer = get(&lab, APEX, DOMAIN, path).await.unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{fault}");
        assert!(answer.contains("retry-after: 120"));
    }
    let page = get(&lab(&["route-503"]).await, APEX, DOMAIN, "/").await;
    assert!(page.unwrap().starts_with("HTTP/1.1 200"));
    assert!(scripts(&lab(&["script-reset"]).await).await.is_err());
    let lab = lab(&["script-hang"]).await;
    assert!(tokio::time::timeout(wait, scripts(&lab)).await.is_err());
    for fault in ["script-429", "script-503"] {
        lab.switch("script-hang", false).unwrap();
        lab.switch(fault, true).unwrap();
        let answer = scripts(&lab).await.unwrap();
        let status = fault.strip_prefix("script-").unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{fault}");
        lab.switch(fault, false).unwrap();
    }
}

#[tokio::test]
async fn slow_and_failing_routes() {
    let tail = lab(&["slow-tail"]).await;
    let mut slow = Vec::new();
    for request in 1..=12 {
        let started = Instant::now();
        get(&tail, APEX, DOMAIN, "/").await.unwrap();
        if started.elapsed() > Duration::from_millis(700) {
            slow.push(request);
        }
    }
    assert_eq!(slow, [6, 12]);
    let errors = lab(&["route-errors"]).await;
    let mut failed = Vec::new();
    for request in 1..=30 {
        let answer = get(&errors, APEX, DOMAIN, "/dashboard").await.unwrap();
        if answer.starts_with("HTTP/1.1 500") {
            failed.push(request);
        }
    }
    assert_eq!(failed, [20, 30]);
    let route = lab(&["slow-route"]).await;
    let started = Instant::now();
    get(&route, APEX, DOMAIN, "/").await.unwrap();
    assert!(started.elapsed() > Duration::from_millis(600));
}

#[tokio::test]
async fn http2_meets_the_same_troubles() {
    let lab = lab(&["http-reset"]).await;
    assert!(request2(&lab, "GET", "/").await.is_err());
    lab.switch("http-reset", false).unwrap();
    lab.switch("http-503", true).unwrap();
    assert_eq!(request2(&lab, "GET", "/").await.unwrap().0, 503);
}

/// A listener holds 256 connections; more than that hang here one after another, so each must be let go when its client leaves.
#[tokio::test]
async fn a_hanging_connection_ends_with_its_client() {
    let lab = lab(&["tls-hang-app", "route-hang"]).await;
    let app = "app.juniperdesk.example";
    let wait = Duration::from_millis(8);
    for _ in 0..140 {
        let greeting = greet(&lab, APP, app, &[]);
        assert!(tokio::time::timeout(wait, greeting).await.is_err());
        let mut stream = greet(&lab, APEX, DOMAIN, &["http/1.1"]).await.unwrap();
        let request = read(&mut stream, DOMAIN, "/dashboard");
        assert!(tokio::time::timeout(wait, request).await.is_err());
    }
    assert!(get(&lab, APEX, DOMAIN, "/").await.is_ok());
}
