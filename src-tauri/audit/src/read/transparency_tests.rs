//! Entries count only when their log signed them for this very certificate.

use super::{FILE, Log, Logs, Row, Rows, counted, entries, greeted};
use crate::facts::LogProof;
use crate::read::shipped::Shipped;
use der::Encode;
use der::asn1::OctetStringRef;
use jiff::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, IsCa, KeyPair, PublicKeyData, SigningKey,
};
use ring::digest::{SHA256, digest};
use x509_parser::prelude::{FromDer, X509Certificate};

const AT: u64 = 1_781_000_000_000;

fn log(key: &KeyPair) -> Log {
    let key = key.subject_public_key_info();
    Log { operator: "Fernwood".to_owned(), name: "Fern".to_owned(), key, retired: None, takes: None }
}

/// A list with one entry, as a value of the extension.
fn list(key: &KeyPair, subject: &[u8]) -> Vec<u8> {
    let said = [&[0, 0][..], &AT.to_be_bytes(), subject, &[0, 0]].concat();
    let signature = key.sign(&said).unwrap();
    let length = |bytes: &[u8]| u16::try_from(bytes.len()).unwrap().to_be_bytes();
    let id = digest(&SHA256, &key.subject_public_key_info());
    let head = [&[0][..], id.as_ref(), &AT.to_be_bytes(), &[0, 0, 4, 3]].concat();
    let entry = [head, length(&signature).to_vec(), signature].concat();
    let all = [&length(&entry)[..], &entry].concat();
    OctetStringRef::new(&[&length(&all)[..], &all].concat()).unwrap().to_der().unwrap()
}

/// A chain whose leaf holds an entry of `key`, signed over the leaf as it was without, followed by `more`.
fn made(key: &KeyPair, more: &[u8]) -> Vec<Vec<u8>> {
    let mut above = CertificateParams::default();
    above.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(above, KeyPair::generate().unwrap()).unwrap();
    let mut params = CertificateParams::new(vec!["example.com".to_owned()]).unwrap();
    let leaf = KeyPair::generate().unwrap();
    let bare = params.signed_by(&leaf, &issuer).unwrap();
    let (_, x509) = X509Certificate::from_der(bare.der()).unwrap();
    let hash = digest(&SHA256, &issuer.key().subject_public_key_info());
    let subject = [&[0, 1][..], hash.as_ref(), &counted(x509.tbs_certificate.as_ref()), more].concat();
    let oid = [1, 3, 6, 1, 4, 1, 11129, 2, 4, 2];
    params.custom_extensions.push(CustomExtension::from_oid_content(&oid, list(key, &subject)));
    vec![params.signed_by(&leaf, &issuer).unwrap().der().to_vec(), issuer.der().to_vec()]
}

fn proof(made: &[Vec<u8>], logs: &Logs) -> LogProof {
    let ders: Vec<&[u8]> = made.iter().map(Vec::as_slice).collect();
    let mut told = entries(&ders, &[], logs).entries;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].at, Timestamp::from_millisecond(1_781_000_000_000).unwrap());
    told.remove(0).proof
}

fn why(proof: LogProof) -> String {
    let LogProof::Untold { why } = proof else { panic!("{proof:?}") };
    why
}

#[test]
fn an_embedded_entry_is_held_against_its_log() {
    let key = KeyPair::generate().unwrap();
    let logs = Logs::new("2026-06-16", [log(&key)]);
    let good = made(&key, &[]);
    assert_eq!(proof(&good, &logs), LogProof::Signed);
    assert_eq!(proof(&made(&key, b"!"), &logs), LogProof::Forged);
    assert!(why(proof(&good, &Logs::default())).contains("does not have this log"));
    assert!(why(proof(&good[..1], &logs)).contains("did not come with it"));
    // The issuer of another chain has another key; that says nothing against the entry.
    let other = [good[0].clone(), made(&key, &[])[1].clone()];
    assert!(why(proof(&other, &logs)).contains("did not come with it"));
    let past = Log { takes: Some((Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH)), ..log(&key) };
    assert!(why(proof(&good, &Logs::new("2026-06-16", [past]))).contains("end then"));
}

#[test]
fn an_entry_of_a_greeting_is_for_the_certificate_as_it_stands() {
    let key = KeyPair::generate().unwrap();
    let logs = Logs::new("2026-06-16", [log(&key)]);
    let chain = made(&key, &[]);
    let subject = |der: &[u8]| [&[0, 0][..], &counted(der)].concat();
    let wrapped = list(&key, &subject(&chain[0]));
    // Tag and length are of the extension, not of the greeting.
    let sent = &wrapped[2 + usize::from(wrapped[1] > 0x80)..];
    assert_eq!(greeted(sent, &chain[0], &logs)[0].proof, LogProof::Signed);
    assert!(why(greeted(sent, &chain[1], &logs).remove(0).proof).contains("does not fit"));
    assert!(greeted(b"\0\0nonsense", &chain[0], &logs).is_empty());
    assert!(entries(&[b"nonsense"], b"nonsense", &logs).entries.is_empty());
}

#[test]
fn the_list_has_the_logs_of_today() {
    let list = Shipped::<Rows>::read(FILE).unwrap();
    let rows = list.rows.log.len();
    let logs: Vec<Log> = list.rows.log.into_iter().filter_map(Row::log).collect();
    assert_eq!((rows, logs.len()), (54, 54), "a row that cannot be read");
    assert_eq!(Logs::shipped().logs.len(), 54, "the same key twice");
    assert!(logs.iter().all(|log| log.takes.is_some_and(|(from, until)| from < until)));
    assert_eq!(logs.iter().filter(|log| log.retired.is_some()).count(), 2);
    // The id of Google's Argon2026h2, as it stands in certificates.
    let id = "d76d7d10d1a7f577c2c7e95fd700bff982c9335a65e1d0b3017317c0c8c56977";
    let hex = |id: &Vec<u8>| id.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    assert!(Logs::shipped().logs.iter().any(|(own, log)| hex(own) == id && log.operator == "Google"));
}
