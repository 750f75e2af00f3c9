//! Stapled OCSP answers (RFC 6960 §4.2): what the issuer says of a certificate, and whether it was the issuer who said it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Encode, Reader, SliceReader};
use jiff::Timestamp;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use x509_ocsp::{BasicOcspResponse, CertId, CertStatus, OcspGeneralizedTime, OcspResponse, OcspResponseStatus};
use x509_parser::asn1_rs::BitString;
use x509_parser::error::X509Error;
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::verify::verify_signature;
use x509_parser::x509::{AlgorithmIdentifier, SubjectPublicKeyInfo};

/// The extension of entries of public logs (RFC 6962 §3.3).
const ENTRIES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11129.2.4.5");
/// Certificates of responders that are tried.
const RESPONDERS: usize = 4;

/// What a staple says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staple {
    /// Serial number of the certificate it is about, big-endian without leading zeros.
    pub serial: Vec<u8>,
    /// The issuer's word.
    pub status: Standing,
    /// Until when the word holds; none when the issuer gives no end.
    pub until: Option<Timestamp>,
}

/// Whose word a staple is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voucher {
    /// The issuer's own, or that of a responder that it appointed (RFC 6960 §4.2.2.2).
    Issuer,
    /// Nobody's that the issuer knows: the signature does not verify, or it is about a certificate of another issuer.
    Stranger,
    /// The signature is of a kind that cannot be verified here, or there is no issuer to ask.
    Untold,
}

/// Whether a certificate still stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not revoked.
    Good,
    /// Revoked at this time.
    Revoked(Timestamp),
    /// The issuer does not know it.
    Unknown,
}

impl Staple {
    /// Reads base64 of DER.
    ///
    /// # Errors
    /// A sentence fragment that says what could not be read.
    pub fn read(base64: &str) -> Result<Self, String> {
        let inner = basic(base64)?;
        let basic = BasicOcspResponse::from_der(&inner).map_err(garbled)?;
        let one = basic.tbs_response_data.responses.first().ok_or_else(|| "the staple is about nothing".to_owned())?;
        let status = match &one.cert_status {
            CertStatus::Good(_) => Standing::Good,
            CertStatus::Revoked(info) => Standing::Revoked(time(&info.revocation_time)),
            CertStatus::Unknown(_) => Standing::Unknown,
        };
        let serial = one.cert_id.serial_number.as_bytes();
        let serial = serial.iter().copied().skip_while(|byte| *byte == 0).collect();
        Ok(Self { serial, status, until: one.next_update.as_ref().map(time) })
    }
}

impl Voucher {
    /// Whose word a staple (base64 of DER) is, by the issuer of the first certificate of a chain (base64 of DER), at this time.
    #[must_use]
    pub fn of(staple: &str, chain: &[String], now: Timestamp) -> Self {
        let ders: Vec<Vec<u8>> = chain.iter().filter_map(|one| STANDARD.decode(one).ok()).collect();
        let mut certificates = ders.iter().filter_map(|der| Some(X509Certificate::from_der(der).ok()?.1));
        let Some(leaf) = certificates.next() else { return Self::Untold };
        // Servers send strangers too, and an issuer whose signature cannot be verified here is none to go by.
        let mut above = certificates.filter(|one| one.subject() == leaf.issuer());
        let Some(issuer) = above.find(|one| leaf.verify_signature(Some(one.public_key())).is_ok()) else {
            return Self::Untold;
        };
        let Ok(bytes) = basic(staple) else { return Self::Untold };
        let Ok(answer) = BasicOcspResponse::from_der(&bytes) else { return Self::Untold };
        let about = answer.tbs_response_data.responses.first().map(|one| about(&one.cert_id, &issuer));
        if about == Some(Some(false)) {
            return Self::Stranger;
        }
        let Some(said) = said(&bytes) else { return Self::Untold };
        let good = |key: &SubjectPublicKeyInfo<'_>| signed(&answer, said, key);
        let mut told = vec![good(issuer.public_key())];
        for held in answer.certs.iter().flatten().take(RESPONDERS) {
            let der = held.to_der().unwrap_or_default();
            let Ok((_, responder)) = X509Certificate::from_der(&der) else { continue };
            match appointed(&responder, &issuer, now) {
                Some(true) => told.push(good(responder.public_key())),
                Some(false) => {}
                None => told.push(None),
            }
        }
        if told.contains(&Some(true)) {
            return Self::Issuer;
        }
        if told.contains(&None) { Self::Untold } else { Self::Stranger }
    }
}

/// The entries of public logs in a staple (DER), as the value of their extension (RFC 6962 §3.3).
pub(super) fn entries(staple: &[u8]) -> Option<Vec<u8>> {
    let inner = inside(staple).ok()?;
    let basic = BasicOcspResponse::from_der(&inner).ok()?;
    let one = basic.tbs_response_data.responses.into_iter().next()?;
    let found = one.single_extensions?.into_iter().find(|extension| extension.extn_id == ENTRIES)?;
    Some(found.extn_value.as_bytes().to_vec())
}

fn garbled(error: der::Error) -> String {
    format!("the staple cannot be read ({error})")
}

/// The answer inside its envelope, as DER.
fn basic(base64: &str) -> Result<Vec<u8>, String> {
    inside(&STANDARD.decode(base64).map_err(|_| "the staple is not base64".to_owned())?)
}

fn inside(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let answer = OcspResponse::from_der(bytes).map_err(garbled)?;
    if answer.response_status != OcspResponseStatus::Successful {
        return Err(format!("the staple says that the issuer had no answer ({:?})", answer.response_status));
    }
    let inner = answer.response_bytes.ok_or_else(|| "the staple is empty".to_owned())?;
    Ok(inner.response.as_bytes().to_vec())
}

/// The bytes that the signature is over, as they were sent.
fn said(answer: &[u8]) -> Option<&[u8]> {
    let whole = AnyRef::from_der(answer).ok()?;
    SliceReader::new(whole.value()).ok()?.tlv_bytes().ok()
}

/// Whether an answer is about a certificate of this issuer; none when its hash is of another kind.
fn about(id: &CertId, issuer: &X509Certificate<'_>) -> Option<bool> {
    let kind = match id.hash_algorithm.oid.to_string().as_str() {
        "1.3.14.3.2.26" => &SHA1_FOR_LEGACY_USE_ONLY,
        "2.16.840.1.101.3.4.2.1" => &SHA256,
        _ => return None,
    };
    let key = digest(kind, &issuer.public_key().subject_public_key.data);
    Some(key.as_ref() == id.issuer_key_hash.as_bytes())
}

/// Whether the answer is signed by this key; none when the algorithm cannot be verified here.
fn signed(answer: &BasicOcspResponse, said: &[u8], key: &SubjectPublicKeyInfo<'_>) -> Option<bool> {
    let algorithm = answer.signature_algorithm.to_der().ok()?;
    let (_, algorithm) = AlgorithmIdentifier::from_der(&algorithm).ok()?;
    let signature = BitString::new(0, answer.signature.raw_bytes());
    match verify_signature(key, &algorithm, &signature, said) {
        Ok(()) => Some(true),
        Err(X509Error::SignatureUnsupportedAlgorithm) => None,
        Err(_) => Some(false),
    }
}

/// Whether the issuer made this certificate for answers of this kind, and it holds at this time; none when its signature cannot be
/// verified here.
fn appointed(responder: &X509Certificate<'_>, issuer: &X509Certificate<'_>, now: Timestamp) -> Option<bool> {
    let usage = responder.extended_key_usage().ok().flatten();
    let validity = responder.validity();
    if !(validity.not_before.timestamp()..=validity.not_after.timestamp()).contains(&now.as_second())
        || !usage.is_some_and(|usage| usage.value.ocsp_signing)
    {
        return Some(false);
    }
    match responder.verify_signature(Some(issuer.public_key())) {
        Err(X509Error::SignatureUnsupportedAlgorithm) => None,
        told => Some(told.is_ok()),
    }
}

fn time(at: &OcspGeneralizedTime) -> Timestamp {
    let seconds = i64::try_from(at.0.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Standing, Staple, Voucher};
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, KeyPair, SigningKey};
    use ring::digest::{SHA256, digest};

    /// DER of a value; longer ones take two bytes of length.
    fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = content.len();
        let head = match u8::try_from(length) {
            Ok(short @ 0..=127) => vec![tag, short],
            Ok(one) => vec![tag, 0x81, one],
            _ => vec![tag, 0x82, u8::try_from(length >> 8).unwrap(), u8::try_from(length & 0xFF).unwrap()],
        };
        [head, content.to_vec()].concat()
    }

    /// An answer that certificate 5 of this issuer is good, signed by this key, with this certificate inside.
    fn staple(issuer: &KeyPair, signer: &KeyPair, inside: Option<&[u8]>) -> String {
        let sha256 = [0x30, 11, 0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
        let key = digest(&SHA256, issuer.public_key_raw());
        let id = [sha256.to_vec(), tagged(4, &[7; 32]), tagged(4, key.as_ref()), tagged(2, &[5])].concat();
        let time = tagged(0x18, b"20261121000000Z");
        let single = [tagged(0x30, &id), vec![0x80, 0], time.clone()].concat();
        let responder = tagged(0xA2, &tagged(4, &[9; 20]));
        let data = tagged(0x30, &[responder, time, tagged(0x30, &tagged(0x30, &single))].concat());
        let ecdsa = vec![0x30, 10, 0x06, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2];
        let signature = tagged(3, &[vec![0], signer.sign(&data).unwrap()].concat());
        let certs = inside.map(|der| tagged(0xA0, &tagged(0x30, der))).unwrap_or_default();
        let basic = [data, ecdsa, signature, certs].concat();
        let kind = vec![0x06, 9, 0x2B, 6, 1, 5, 5, 7, 0x30, 1, 1];
        let response = tagged(0x30, &[kind, tagged(4, &tagged(0x30, &basic))].concat());
        STANDARD.encode(tagged(0x30, &[vec![0x0A, 1, 0], tagged(0xA0, &response)].concat()))
    }

    #[test]
    fn an_answer_counts_only_in_the_issuers_name() {
        let now = crate::testing::now();
        let mut above = CertificateParams::default();
        above.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = rcgen::CertifiedIssuer::self_signed(above, KeyPair::generate().unwrap()).unwrap();
        let (key, other) = (issuer.key(), KeyPair::generate().unwrap());
        let leaf = CertificateParams::default().signed_by(&KeyPair::generate().unwrap(), &issuer).unwrap();
        let chain = [leaf.der(), issuer.der()].map(|der| STANDARD.encode(der));
        let voucher = |staple: &str| Voucher::of(staple, &chain, now);
        let own = staple(key, key, None);
        let read = Staple::read(&own).unwrap();
        assert_eq!((read.serial, read.status), (vec![5], Standing::Good));
        assert_eq!(voucher(&own), Voucher::Issuer);
        assert_eq!(voucher(&staple(key, &other, None)), Voucher::Stranger);
        assert_eq!(voucher(&staple(&other, key, None)), Voucher::Stranger, "about another issuer's certificate");
        assert_eq!(Voucher::of(&own, &chain[..1], now), Voucher::Untold, "nobody to ask");
        assert_eq!(voucher("%%%"), Voucher::Untold);
        // A responder needs the issuer's word that it may answer.
        let responder = |purpose: ExtendedKeyUsagePurpose| {
            let mut params = CertificateParams::default();
            params.extended_key_usages = vec![purpose];
            params.signed_by(&other, &issuer).unwrap().der().to_vec()
        };
        let appointed = responder(ExtendedKeyUsagePurpose::OcspSigning);
        assert_eq!(voucher(&staple(key, &other, Some(&appointed))), Voucher::Issuer);
        let server = responder(ExtendedKeyUsagePurpose::ServerAuth);
        assert_eq!(voucher(&staple(key, &other, Some(&server))), Voucher::Stranger);
    }
}
