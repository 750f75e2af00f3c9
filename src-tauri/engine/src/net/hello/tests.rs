//! Greetings are what real TLS libraries take; answers of hostile servers are read without harm.

use super::answer::{Heard, Said, read};
use super::ask::Greeting;
use audit::facts::TlsVersion;
use audit::read::suite;
use std::sync::Arc;

fn greeting(version: TlsVersion, suites: &[u16]) -> Greeting<'_> {
    Greeting { host: "site.test", version, suites, fallback: false, group: false, random: [9; 32] }
}

/// What rustls as a server says to these bytes.
fn answer(bytes: &[u8]) -> Heard {
    let made = rcgen::generate_simple_self_signed(vec!["site.test".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let mut server = rustls::ServerConnection::new(Arc::new(config)).unwrap();
    server.read_tls(&mut &*bytes).unwrap();
    drop(server.process_new_packets());
    let mut said = Vec::new();
    while server.wants_write() {
        server.write_tls(&mut said).unwrap();
    }
    match read(&said, false) {
        Said::This(heard) => heard,
        Said::More => panic!("{} bytes are not enough", said.len()),
    }
}

#[test]
fn a_real_server_agrees_to_what_it_speaks_and_refuses_the_rest() {
    let newest = answer(&greeting(TlsVersion::Tls13, &[]).bytes());
    assert!(matches!(newest, Heard::Hello { version: TlsVersion::Tls13, .. }), "{newest:?}");
    let modern = answer(&greeting(TlsVersion::Tls12, suite::modern()).bytes());
    let Heard::Hello { version: TlsVersion::Tls12, suite: id, compressed, secure_renegotiation, .. } = modern else {
        panic!("{modern:?}")
    };
    assert!(suite::modern().contains(&id) && !compressed && secure_renegotiation);
    for version in [TlsVersion::Tls11, TlsVersion::Tls10] {
        let all = [suite::older(), suite::weak_ones()].concat();
        assert!(matches!(answer(&greeting(version, &all).bytes()), Heard::Alert(40 | 70)));
    }
    assert_eq!(answer(&greeting(TlsVersion::Tls12, suite::weak_ones()).bytes()), Heard::Alert(40));
}

#[test]
fn a_greeting_says_what_it_should() {
    for version in TlsVersion::ALL {
        let bytes = greeting(version, suite::weak_ones()).bytes();
        let (rest, record) = tls_parser::parse_tls_plaintext(&bytes).unwrap();
        assert!(rest.is_empty());
        let tls_parser::TlsMessage::Handshake(tls_parser::TlsMessageHandshake::ClientHello(hello)) = &record.msg[0]
        else {
            panic!("{version:?}")
        };
        let named = if version == TlsVersion::Tls13 { TlsVersion::Tls12 } else { version };
        assert_eq!(hello.version.0, named.number());
        assert!(suite::weak_ones().iter().all(|id| hello.ciphers.iter().any(|cipher| cipher.0 == *id)));
        assert_eq!(hello.ext.is_none(), version == TlsVersion::Ssl3);
        if let Some(extensions) = hello.ext {
            tls_parser::parse_tls_client_hello_extensions(extensions).unwrap();
        }
    }
}

#[test]
fn hostile_answers_are_told_or_waited_for() {
    let told = |bytes: &[u8]| match read(bytes, false) {
        Said::This(heard) => Some(heard),
        Said::More => None,
    };
    assert_eq!(told(b""), None);
    assert_eq!(told(b"HTTP/1.1 400 Bad Request\r\n"), Some(Heard::Nonsense));
    assert_eq!(told(&[21, 3, 1, 0, 2, 2, 70]), Some(Heard::Alert(70)));
    assert_eq!(told(&[21, 3, 1, 0, 2, 1, 112]), None, "a warning is not the answer");
    assert_eq!(told(&[22, 3, 3, 0, 4, 2, 0xff, 0xff, 0xff]), None, "the reader is bounded by the connection");
    assert_eq!(told(&[22, 3, 3, 0, 5, 2, 0, 0, 1, 3]), Some(Heard::Nonsense));
    assert_eq!(told(&[22, 3, 3, 0, 4, 11, 0, 0, 0]), Some(Heard::Nonsense));
    // Every prefix and every single changed byte of a right answer is read without a panic.
    let mut hello = vec![22, 3, 3, 0, 44, 2, 0, 0, 40, 3, 3];
    hello.extend([7; 32]);
    hello.extend([0, 0xC0, 0x2F, 0, 0, 0]);
    for end in 0..hello.len() {
        let _ = told(&hello[..end]);
        for bit in 0..8 {
            let mut changed = hello.clone();
            changed[end] ^= 1 << bit;
            let _ = told(&changed);
        }
    }
}

#[test]
fn the_group_is_heard_out_however_the_answer_is_cut() {
    let mut messages = vec![2, 0, 0, 38, 3, 3];
    messages.extend([7; 32]);
    messages.extend([0, 0, 0x9E, 0]);
    messages.extend([11, 0, 0, 3, 0, 0, 0]);
    let mut exchange = vec![0, 129, 0];
    exchange.extend([0xC7; 128]);
    exchange.extend([0, 1, 2, 0, 1, 5]);
    messages.extend([12, 0, 0, u8::try_from(exchange.len()).unwrap()]);
    let before = messages.len();
    messages.extend(exchange);
    let record = |part: &[u8]| {
        let length = u16::try_from(part.len()).unwrap().to_be_bytes();
        [&[22, 3, 3][..], &length, part].concat()
    };
    for cut in [1, 40, before, messages.len() - 1] {
        let bytes = [record(&messages[..cut]), record(&messages[cut..])].concat();
        let Said::This(Heard::Hello { group, .. }) = read(&bytes, true) else { panic!("cut at {cut}") };
        assert_eq!(group, Some(1024), "a leading zero is no bit");
        let Said::This(Heard::Hello { group: None, .. }) = read(&bytes, false) else { panic!("cut at {cut}") };
        for end in 0..bytes.len() {
            assert!(!matches!(read(&bytes[..end], true), Said::This(Heard::Nonsense)), "{end} of {cut}");
        }
    }
    // A server that is done without a word of it, and one whose number is longer than its message.
    let done = record(&[&messages[..before - 4], &[14, 0, 0, 0]].concat());
    assert!(matches!(read(&done, true), Said::This(Heard::Hello { group: None, .. })));
    let short = record(&[&messages[..before - 4], &[12, 0, 0, 2, 0xFF, 0xFF]].concat());
    assert!(matches!(read(&short, true), Said::This(Heard::Nonsense)));
}
