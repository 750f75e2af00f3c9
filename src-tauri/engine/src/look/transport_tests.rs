//! Port 443 that refuses, hangs or speaks something else: reach and handshake are told apart.

use super::transport::look;
use crate::testing::{PUBLIC, desk, plan, world};
use crate::world::{Wire, World};
use audit::Why;
use audit::facts::{Fact, Facts, Handshake, Reach, Trust, TrustProblem};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::net::TcpListener;

async fn seen(world: &World, address: Ipv4Addr) -> (Fact<Reach>, Fact<Handshake>) {
    let plan = plan();
    let (desk, _events) = desk(&plan, world);
    look(&desk, "site.test", &[IpAddr::V4(address)]).await;
    let facts: Facts = desk.close();
    let key = format!("site.test|{address}");
    (facts.reach[&key].clone(), facts.tls[&key].clone())
}

fn nowhere() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 1))
}

#[tokio::test]
async fn a_closed_port_is_seen_as_closed() {
    let (reach, tls) = seen(&world(nowhere(), nowhere()), PUBLIC).await;
    assert!(!reach.seen().unwrap().open);
    assert_eq!(tls.seen().unwrap_err().why, Why::Refused);
}

#[tokio::test]
async fn a_connection_that_is_never_accepted_is_unseen() {
    let wire = Wire { route: Arc::new(|to| to), hold: Arc::new(|_| Box::pin(std::future::pending())) };
    let world = World::through(wire, nowhere(), Vec::new());
    let (reach, tls) = seen(&world, PUBLIC).await;
    assert_eq!(reach.seen().unwrap_err().why, Why::Timeout);
    assert_eq!(tls.seen().unwrap_err().why, Why::Timeout);
}

#[tokio::test]
async fn a_handshake_that_hangs_leaves_the_port_open() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let held = listener.accept().await.unwrap();
        std::future::pending::<()>().await;
        drop(held);
    });
    let (reach, tls) = seen(&world(nowhere(), address), PUBLIC).await;
    assert!(reach.seen().unwrap().open);
    assert_eq!(tls.seen().unwrap_err().why, Why::Timeout);
}

#[tokio::test]
async fn a_self_signed_authority_has_no_known_issuer() {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut wanted = rcgen::CertificateParams::new(vec!["site.test".to_owned()]).unwrap();
    wanted.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let made = wanted.self_signed(&key).unwrap();
    let server = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![made.der().clone()],
            rustls::pki_types::PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let _held = tokio_rustls::TlsAcceptor::from(Arc::new(server)).accept(stream).await;
        std::future::pending::<()>().await;
    });
    // A world that trusts another authority, so that the verifier really looks.
    let other = rcgen::generate_simple_self_signed(vec!["root.test".to_owned()]).unwrap().cert.der().to_vec();
    let wire = Wire { route: Arc::new(move |_| address), hold: Arc::new(|_| Box::pin(async { Ok(()) })) };
    let (_, tls) = seen(&World::through(wire, nowhere(), vec![other]), PUBLIC).await;
    let trust = &tls.seen().unwrap().trust;
    assert!(matches!(trust, Trust::Refused { problem: TrustProblem::UnknownIssuer, .. }), "{trust:?}");
}

#[tokio::test]
async fn plain_http_on_443_is_no_tls() {
    let talker = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let plain = talker.local_addr().unwrap();
    tokio::spawn(async move {
        use tokio::io::AsyncWriteExt;
        let (mut stream, _) = talker.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        let _held = stream;
        std::future::pending::<()>().await;
    });
    let (reach, tls) = seen(&world(nowhere(), plain), PUBLIC).await;
    assert!(reach.seen().unwrap().open);
    let unseen = tls.seen().unwrap_err();
    assert_eq!(unseen.why, Why::Garbled, "{unseen:?}");
}

#[tokio::test]
async fn private_addresses_are_not_contacted() {
    for address in [
        Ipv4Addr::new(10, 0, 0, 12),
        Ipv4Addr::LOCALHOST,
        Ipv4Addr::new(169, 254, 169, 254),
        Ipv4Addr::new(203, 0, 113, 7),
    ] {
        let wire = Wire {
            route: Arc::new(|to| panic!("{to} was contacted")),
            hold: Arc::new(|to| panic!("{to} was contacted")),
        };
        let (reach, tls) = seen(&World::through(wire, nowhere(), Vec::new()), address).await;
        assert_eq!(reach.seen().unwrap_err().why, Why::Forbidden);
        assert_eq!(tls.seen().unwrap_err().why, Why::Forbidden);
    }
}
