//! DKIM key records: kinds and sizes of real keys, tags that are wrong, and the selector data.

use super::selector::DATA;
use super::*;
use base64::engine::general_purpose::STANDARD as PADDED;

/// An RSA key of so many bits, as SubjectPublicKeyInfo; only its length matters here.
fn rsa(bits: usize) -> Vec<u8> {
    let mut modulus = vec![0xc3; bits / 8];
    modulus.insert(0, 0);
    let key = der(0x30, &[der(0x02, &modulus), der(0x02, &[1, 0, 1])].concat());
    let algorithm = der(0x30, &[der(0x06, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1]), der(0x05, &[])].concat());
    der(0x30, &[algorithm, der(0x03, &[&[0], key.as_slice()].concat())].concat())
}

fn der(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut out = vec![tag];
    match length {
        0..=127 => out.push(u8::try_from(length).unwrap()),
        _ => out.extend([0x82, u8::try_from(length >> 8).unwrap(), u8::try_from(length & 255).unwrap()]),
    }
    out.extend_from_slice(body);
    out
}

fn of(bits: usize) -> Kind {
    parse(&format!("v=DKIM1; k=rsa; p={}", PADDED.encode(rsa(bits)))).unwrap().kind
}

#[test]
fn sizes_come_from_the_key() {
    for bits in [512, 768, 1024, 2048, 4096] {
        assert_eq!(of(bits), Kind::Rsa(u32::try_from(bits).unwrap()));
    }
}

#[test]
fn a_bare_key_and_lost_padding_and_spaces_are_read() {
    let bare = der(0x30, &[der(0x02, &[&[0], [0x9d; 256].as_slice()].concat()), der(0x02, &[3])].concat());
    assert_eq!(parse(&format!("p={}", PADDED.encode(&bare))).unwrap().kind, Kind::Rsa(2048));
    let split = PADDED
        .encode(rsa(1024))
        .trim_end_matches('=')
        .chars()
        .collect::<Vec<_>>()
        .chunks(40)
        .map(String::from_iter)
        .collect::<Vec<_>>()
        .join(" ");
    assert_eq!(parse(&format!("v=DKIM1;p={split};")).unwrap().kind, Kind::Rsa(1024));
}

#[test]
fn ed25519_revoked_testing_and_services() {
    let key = parse("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=").unwrap();
    assert_eq!(key.kind, Kind::Ed25519);
    assert!(!key.testing && key.mail && key.sha256);
    assert_eq!(parse("v=DKIM1; p=").unwrap().kind, Kind::Revoked);
    let text = format!("v=DKIM1; t=y:s; s=tlsrpt; h=sha1; p={}", PADDED.encode(rsa(2048)));
    let key = parse(&text).unwrap();
    assert!(key.testing && !key.mail && !key.sha256);
}

#[test]
fn what_is_no_key_is_told_apart() {
    assert_eq!(parse("v=DKIM1"), Err(KeyError::NoKey));
    assert_eq!(parse("v=DKIM2; p="), Err(KeyError::Version));
    assert_eq!(parse("p=; v=DKIM1"), Err(KeyError::Version));
    assert_eq!(parse("v=DKIM1; p=; p="), Err(KeyError::Tags));
    assert_eq!(parse("v=DKIM1; k=dsa; p=AAAA"), Err(KeyError::KeyType("dsa".to_owned())));
    assert_eq!(parse("v=DKIM1; p=MIIBIjAN"), Err(KeyError::Broken("RSA")));
    assert_eq!(parse("v=DKIM1; k=ed25519; p=AAAA"), Err(KeyError::Broken("Ed25519")));
    assert_eq!(parse("v=DKIM1; p=not base 64!"), Err(KeyError::Broken("RSA")));
    assert!(is_key("v=DKIM1; p=abc") && is_key("k=rsa; p=abc") && is_key("p=abc") && is_key("v = DKIM1"));
    assert!(!is_key("v=spf1 -all") && !is_key("google-site-verification=abc") && !is_key(""));
}

#[test]
fn hostile_keys_end_in_a_verdict() {
    let _ = parse(&format!("v=DKIM1; p={}", "A".repeat(60_000)));
    let _ = parse(&"a=b;".repeat(20_000));
    let whole = rsa(1024);
    for cut in 0..whole.len() {
        let _ = parse(&format!("p={}", PADDED.encode(&whole[..cut])));
    }
}

#[test]
fn selectors_begin_with_the_services_own() {
    let google = selectors(&["aspmx.l.google.com".to_owned()], &[]);
    assert_eq!(google[0], "google");
    let both = selectors(&["example-com.mail.protection.outlook.com".to_owned()], &["spf.mtasv.net".to_owned()]);
    assert_eq!(both[..3], ["selector1", "selector2", "pm"]);
    assert!(both.contains(&"google".to_owned()), "common ones follow");
    assert!(both.len() <= 60);
    let mut unique = both.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), both.len());
    assert_eq!(service("pm"), Some("Postmark"));
    assert_eq!(service("default"), None);
}

#[test]
fn the_selector_data_is_sound() {
    let data = DATA.as_ref().unwrap();
    assert!(data.common.len() >= 30 && data.provider.len() >= 25);
    for provider in &data.provider {
        assert!(!provider.name.is_empty() && !provider.selectors.is_empty(), "{}", provider.name);
        assert!(!(provider.mx.is_empty() && provider.includes.is_empty()), "{}", provider.name);
    }
    let all = data.provider.iter().flat_map(|provider| &provider.selectors).chain(&data.common);
    for selector in all {
        assert!(
            selector
                .split('.')
                .all(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')),
            "{selector}"
        );
    }
}

#[test]
fn a_person_names_selectors_in_rows_or_words() {
    let mut answer: crate::facts::Answer = serde_json::from_str(
        r#"{"choice":"yes","note":"Shop uses S3x, k2.mail._domainkey.example.com <b>","at":"2026-11-21T12:00:00Z"}"#,
    )
    .unwrap();
    answer.rows.insert("acme1".to_owned(), "newsletter".to_owned());
    assert_eq!(named(&answer), ["acme1", "shop", "uses", "s3x", "k2.mail"]);
}
