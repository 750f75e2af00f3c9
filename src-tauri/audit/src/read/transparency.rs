//! Public logs of certificates (RFC 6962): the list of them, and whether the entries that come with a certificate were signed by their logs.

use super::shipped::Shipped;
use super::staple;
use super::text::clean_bytes;
use crate::facts::{KnownLog, LogEntries, LogEntry, LogProof};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Encode, Reader, SliceReader, Tag, Tagged};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ring::digest::{SHA256, digest};
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use x509_parser::extensions::{
    ParsedExtension, SignedCertificateTimestamp, parse_ct_signed_certificate_timestamp_list,
};
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::x509::SubjectPublicKeyInfo;

const FILE: &str = include_str!("../../../../assets/data/ct_logs.toml");
/// Entries that are looked at of each way.
const ENTRIES: usize = 20;
/// The extension of entries in certificates (RFC 6962 §3.3).
const EMBEDDED: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11129.2.4.2");

/// A log.
#[derive(Clone, Debug)]
pub struct Log {
    /// Who runs it.
    pub operator: String,
    /// Its name.
    pub name: String,
    /// Its key (SubjectPublicKeyInfo, DER).
    pub key: Vec<u8>,
    /// Since when browsers count no new entries of it.
    pub retired: Option<Timestamp>,
    /// It takes certificates that end from the first of these moments to before the second; none: all.
    pub takes: Option<(Timestamp, Timestamp)>,
}

/// The logs that are known.
#[derive(Clone, Debug, Default)]
pub struct Logs {
    as_of: String,
    logs: BTreeMap<Vec<u8>, Log>,
}

impl Logs {
    /// These logs, as of a day.
    #[must_use]
    pub fn new(as_of: &str, logs: impl IntoIterator<Item = Log>) -> Self {
        let id = |log: &Log| digest(&SHA256, &log.key).as_ref().to_vec();
        Self { as_of: as_of.to_owned(), logs: logs.into_iter().map(|log| (id(&log), log)).collect() }
    }

    /// The logs that browsers count, as shipped.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static LOGS: LazyLock<Logs> = LazyLock::new(|| {
            let Ok(list) = Shipped::<Rows>::read(FILE) else { return Logs::default() };
            Logs::new(&list.date, list.rows.log.into_iter().filter_map(Row::log))
        });
        &LOGS
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    log: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    operator: String,
    name: String,
    key: String,
    state: State,
    since: Option<Date>,
    from: Date,
    until: Date,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum State {
    Usable,
    Readonly,
    Retired,
}

impl Row {
    fn log(self) -> Option<Log> {
        let day = |date: Date| date.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp());
        let retired = if self.state == State::Retired { Some(day(self.since?)?) } else { None };
        let takes = Some((day(self.from)?, day(self.until)?));
        Some(Log { operator: self.operator, name: self.name, key: STANDARD.decode(self.key).ok()?, retired, takes })
    }
}

/// What an entry has to be signed over besides itself, or why that cannot be known.
type Subject = Result<Vec<u8>, &'static str>;

/// The entries in a chain (DER, leaf first) and in the stapled answer that came with it.
#[must_use]
pub fn entries(chain: &[&[u8]], staple: &[u8], logs: &Logs) -> LogEntries {
    let mut entries = vec![];
    if let Some((leaf, above)) = chain.split_first()
        && let Ok((_, x509)) = X509Certificate::from_der(leaf)
    {
        let lists = x509.extensions().iter().filter_map(|extension| match extension.parsed_extension() {
            ParsedExtension::SCT(list) => Some(list),
            _ => None,
        });
        let subject = precertificate(&x509, above);
        entries.extend(lists.flatten().take(ENTRIES).map(|entry| held(entry, &subject, ends(&x509), logs, true)));
        let list = staple::entries(staple).unwrap_or_default();
        entries.extend(listed(&list, leaf, ends(&x509), logs));
    }
    LogEntries { as_of: logs.as_of.clone(), entries }
}

/// The entries in a greeting (RFC 6962 §3.3.1), for the certificate (DER) that the server is known to show.
#[must_use]
pub fn greeted(list: &[u8], leaf: &[u8], logs: &Logs) -> Vec<LogEntry> {
    let Ok((_, x509)) = X509Certificate::from_der(leaf) else { return vec![] };
    let wrapped = OctetStringRef::new(list).and_then(|list| list.to_der()).unwrap_or_default();
    listed(&wrapped, leaf, ends(&x509), logs)
}

/// Entries outside the certificate are signed over it as it stands. One that does not fit may be of another certificate of that server.
fn listed(wrapped: &[u8], leaf: &[u8], ends: Timestamp, logs: &Logs) -> Vec<LogEntry> {
    let Ok((_, list)) = parse_ct_signed_certificate_timestamp_list(wrapped) else { return vec![] };
    let subject = Ok([&[0, 0][..], &counted(leaf)].concat());
    list.iter().take(ENTRIES).map(|entry| held(entry, &subject, ends, logs, false)).collect()
}

fn ends(x509: &X509Certificate<'_>) -> Timestamp {
    Timestamp::from_second(x509.validity().not_after.timestamp()).unwrap_or(Timestamp::MAX)
}

fn held(
    entry: &SignedCertificateTimestamp<'_>,
    subject: &Subject,
    ends: Timestamp,
    logs: &Logs,
    embedded: bool,
) -> LogEntry {
    let id = entry.id.key_id;
    let log = logs.logs.get(id.as_slice());
    let untold = |why: &str| LogProof::Untold { why: why.to_owned() };
    let proof = match (log, subject) {
        (None, _) => untold("the list does not have this log"),
        (_, Err(why)) => untold(why),
        (Some(log), Ok(subject)) => match signed(entry, subject, log) {
            None => untold("its signature is of a kind that no log makes"),
            Some(false) if embedded => LogProof::Forged,
            Some(false) => untold("it does not fit this certificate"),
            Some(true) if log.takes.is_some_and(|(from, until)| !(from..until).contains(&ends)) => {
                untold("the log does not take certificates that end then")
            }
            Some(true) => LogProof::Signed,
        },
    };
    LogEntry {
        log: id.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}")),
        known: log.map(|log| KnownLog {
            name: clean_bytes(log.name.as_bytes(), 60),
            operator: clean_bytes(log.operator.as_bytes(), 60),
            retired: log.retired,
        }),
        at: i64::try_from(entry.timestamp)
            .ok()
            .and_then(|at| Timestamp::from_millisecond(at).ok())
            .unwrap_or(Timestamp::MAX),
        proof,
    }
}

/// Whether the log signed it (RFC 6962 §3.2; logs of the list have P-256 keys); none for another version or algorithm.
fn signed(entry: &SignedCertificateTimestamp<'_>, subject: &[u8], log: &Log) -> Option<bool> {
    let (version, extensions) = (entry.version.0, entry.extensions.0);
    if version != 0 || (entry.signature.hash_alg_id, entry.signature.sign_alg_id) != (4, 3) {
        return None;
    }
    let length = u16::try_from(extensions.len()).ok()?.to_be_bytes();
    let said = [&[version, 0][..], &entry.timestamp.to_be_bytes(), subject, &length, extensions].concat();
    let (_, key) = SubjectPublicKeyInfo::from_der(&log.key).ok()?;
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key.subject_public_key.data);
    Some(key.verify(&said, entry.signature.data).is_ok())
}

/// The certificate as the logs saw it: its contents without their entries, under the hash of its issuer's key.
fn precertificate(x509: &X509Certificate<'_>, above: &[&[u8]]) -> Subject {
    let parsed = above.iter().filter_map(|der| Some(X509Certificate::from_der(der).ok()?.1));
    let issuer = parsed
        .filter(|one| one.subject() == x509.issuer())
        .find(|one| x509.verify_signature(Some(one.public_key())).is_ok())
        .ok_or("the certificate that signed it did not come with it")?;
    let contents = without_entries(x509.tbs_certificate.as_ref()).ok_or("the certificate is not proper DER")?;
    let key = digest(&SHA256, issuer.public_key().raw);
    Ok([&[0, 1][..], key.as_ref(), &counted(&contents)].concat())
}

/// Bytes behind their length in three.
fn counted(bytes: &[u8]) -> Vec<u8> {
    let [_, length @ ..] = u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes();
    [&length[..], bytes].concat()
}

/// TBSCertificate without the extension that holds entries; every other byte as it was.
fn without_entries(tbs: &[u8]) -> Option<Vec<u8>> {
    let mut kept = vec![];
    for part in parts(AnyRef::from_der(tbs).ok()?.value())? {
        // extensions [3] EXPLICIT (RFC 5280 §4.1)
        if part.first() != Some(&0xA3) {
            kept.extend_from_slice(part);
            continue;
        }
        let outer = AnyRef::from_der(part).ok()?;
        let mut others = vec![];
        for extension in parts(AnyRef::from_der(outer.value()).ok()?.value())? {
            let content = AnyRef::from_der(extension).ok()?.value();
            let oid = ObjectIdentifier::from_der(parts(content)?.first()?).ok()?;
            if oid != EMBEDDED {
                others.extend_from_slice(extension);
            }
        }
        let list = AnyRef::new(Tag::Sequence, &others).and_then(|list| list.to_der()).ok()?;
        kept.extend(AnyRef::new(outer.tag(), &list).and_then(|all| all.to_der()).ok()?);
    }
    AnyRef::new(Tag::Sequence, &kept).and_then(|tbs| tbs.to_der()).ok()
}

/// The values inside a constructed one.
fn parts(content: &[u8]) -> Option<Vec<&[u8]>> {
    let mut reader = SliceReader::new(content).ok()?;
    let mut found = vec![];
    while !reader.is_finished() {
        found.push(reader.tlv_bytes().ok()?);
    }
    Some(found)
}

#[cfg(test)]
#[path = "transparency_tests.rs"]
mod tests;
