//! Certificates that no authority would give: foreign and oversized keys, SHA-1, hostile names.

use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, PKCS_RSA_SHA256, PublicKeyData, SanType,
    SignatureAlgorithm, SigningKey,
};
use rustls::pki_types::CertificateDer;
use time::OffsetDateTime;

use crate::random::Random;
use crate::site::Chain;

const DAY: Duration = Duration::from_secs(86_400);
/// id-pe-tlsfeature (RFC 7633 §4) with status_request.
const TLS_FEATURE: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 1, 24];
/// sha256WithRSAEncryption and sha1WithRSAEncryption (RFC 8017): one byte apart.
const SHA256: [u8; 9] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B];
const SHA1: [u8; 9] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x05];

/// Changes what a leaf says of itself.
pub(crate) fn dress(params: &mut CertificateParams, chain: Chain, now: SystemTime) {
    match chain {
        Chain::LongLived => {
            params.not_before = OffsetDateTime::from(now - DAY * 25);
            params.not_after = OffsetDateTime::from(now + DAY * 800);
        }
        Chain::MustStaple => {
            let feature = CustomExtension::from_oid_content(&TLS_FEATURE, vec![0x30, 3, 2, 1, 5]);
            params.custom_extensions.push(feature);
        }
        Chain::ForClients => params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth],
        Chain::ForSecrets => params.key_usages = vec![KeyUsagePurpose::KeyEncipherment],
        Chain::Authority => params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0)),
        Chain::Hostile => {
            let mut subject = DistinguishedName::new();
            subject.push(DnType::CommonName, "<img src=x onerror=alert(1)>\u{202e}live\u{1b}[2J");
            subject.push(DnType::OrganizationName, "x".repeat(300));
            params.distinguished_name = subject;
        }
        Chain::Crowded => {
            let names = (0..1_500).filter_map(|number| format!("n{number:04}.juniperdesk.example").try_into().ok());
            params.subject_alt_names.extend(names.map(SanType::DnsName));
        }
        _ => {}
    }
}

/// What makes an authority one that may not vouch for the host.
pub(crate) fn restrict(params: &mut CertificateParams, chain: Chain) {
    match chain {
        Chain::Fenced => {
            let permitted_subtrees = vec![GeneralSubtree::DnsName("lanternauthority.example".to_owned())];
            params.name_constraints = Some(NameConstraints { permitted_subtrees, excluded_subtrees: vec![] });
        }
        Chain::ForMail => params.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection],
        _ => {}
    }
}

/// Sequences within sequences, in place of a certificate.
pub(crate) fn nonsense() -> CertificateDer<'static> {
    CertificateDer::from((0..4_000).fold(Vec::new(), |inner, _| tagged(0x30, &inner)))
}

/// An RSA public key of so many bits whose private half nobody has.
pub(crate) struct Foreign(Vec<u8>);

impl Foreign {
    pub fn new(bits: usize) -> Foreign {
        let mut random = Random::new(1, "modulus");
        let mut modulus: Vec<u8> = (0..bits / 8).map(|_| random.next().to_be_bytes()[0]).collect();
        // The topmost bit makes the size exact, the lowest makes it odd as every modulus is; a zero keeps it positive.
        if let Some(first) = modulus.first_mut() {
            *first |= 0x80;
        }
        if let Some(last) = modulus.last_mut() {
            *last |= 1;
        }
        let number = tagged(2, &[&[0], modulus.as_slice()].concat());
        Foreign(tagged(0x30, &[number, tagged(2, &[1, 0, 1])].concat()))
    }
}

impl PublicKeyData for Foreign {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_RSA_SHA256
    }
}

impl SigningKey for Foreign {
    /// No verifier gets as far as this signature.
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(vec![0x5A; 256])
    }
}

/// A leaf that is signed with SHA-1 in the name of the usual intermediate.
pub(crate) fn sha1(params: &CertificateParams, key: &KeyPair) -> Result<CertificateDer<'static>, rcgen::Error> {
    let mut above = CertificateParams::default();
    above.distinguished_name = crate::authority::subject("Lantern E5", Some("Lantern Authority"));
    let issuer = Issuer::new(above, Foreign::new(2048));
    let mut der = params.signed_by(key, &issuer)?.der().to_vec();
    let places: Vec<usize> =
        der.windows(SHA256.len()).enumerate().filter(|(_, at)| **at == SHA256).map(|(at, _)| at).collect();
    for place in places {
        if let Some(identifier) = der.get_mut(place..place + SHA1.len()) {
            identifier.copy_from_slice(&SHA1);
        }
    }
    Ok(CertificateDer::from(der))
}

/// DER of a value: tag, length, content (X.690 §8.1).
pub(crate) fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let header = match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short @ 0..=127), _) => vec![tag, short],
        (Ok(one), _) => vec![tag, 0x81, one],
        (_, two) => {
            let [high, low] = two.unwrap_or(u16::MAX).to_be_bytes();
            vec![tag, 0x82, high, low]
        }
    };
    [header, content.to_vec()].concat()
}
