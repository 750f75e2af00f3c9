//! The lab's public logs of certificates (RFC 6962): their keys, and the entries that authorities embed.

use std::time::SystemTime;

use rcgen::{CustomExtension, KeyPair, PublicKeyData, SigningKey};
use rustls::pki_types::CertificateDer;
use sha2::{Digest, Sha256};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::LabError;
use crate::site::Chain;
use crate::strange::tagged;

/// The day of the list of logs.
pub(crate) const LIST: &str = "2026-06-16";
/// The extension of embedded entries.
const EMBEDDED: [u64; 10] = [1, 3, 6, 1, 4, 1, 11129, 2, 4, 2];
const FERNWOOD: &str = "Fernwood Logs";
const HERON: &str = "Heron Trust";

struct Log {
    operator: &'static str,
    name: &'static str,
    key: KeyPair,
}

/// Three logs on the list, two of them of one operator, and one that the list does not have.
pub(crate) struct Logs {
    fern: Log,
    moss: Log,
    heron: Log,
    unlisted: Log,
}

impl Logs {
    pub fn new() -> Result<Logs, LabError> {
        let log = |operator, name| Ok::<_, LabError>(Log { operator, name, key: KeyPair::generate()? });
        Ok(Logs {
            fern: log(FERNWOOD, "Fern2026")?,
            moss: log(FERNWOOD, "Moss2026")?,
            heron: log(HERON, "Heron2026")?,
            unlisted: log("Newcomer Logs", "Newcomer2026")?,
        })
    }

    /// Operator, name and key of each that is on the list.
    pub fn listed(&self) -> Vec<(String, String, Vec<u8>)> {
        let listed = [&self.fern, &self.moss, &self.heron].into_iter();
        listed.map(|log| (log.operator.to_owned(), log.name.to_owned(), log.key.subject_public_key_info())).collect()
    }

    /// The extension for a certificate that was made without it, by the holder of `issuer`; none where nobody logged it.
    pub fn entries(
        &self,
        chain: Chain,
        bare: &CertificateDer<'_>,
        issuer: &KeyPair,
        now: SystemTime,
    ) -> Option<CustomExtension> {
        let (_, x509) = X509Certificate::from_der(bare).ok()?;
        let contents = x509.tbs_certificate.as_ref();
        let [_, length @ ..] = u32::try_from(contents.len()).ok()?.to_be_bytes();
        let key = Sha256::digest(issuer.subject_public_key_info());
        let subject = [&[0, 1][..], &key, &length, contents].concat();
        let logs = match chain {
            Chain::Unlogged | Chain::SelfSigned => return None,
            Chain::OneOperator => [&self.fern, &self.moss],
            Chain::UnknownLog => [&self.fern, &self.unlisted],
            _ => [&self.fern, &self.heron],
        };
        let mut list = vec![];
        for (place, log) in logs.into_iter().enumerate() {
            // The second entry of a forger is signed over something else.
            let forged: &[u8] = if chain == Chain::ForgedEntry && place == 1 { b"another" } else { b"" };
            let entry = log.entry(&[&subject, forged].concat(), now)?;
            list.extend(u16::try_from(entry.len()).ok()?.to_be_bytes());
            list.extend(entry);
        }
        let length = u16::try_from(list.len()).ok()?.to_be_bytes();
        Some(CustomExtension::from_oid_content(&EMBEDDED, tagged(4, &[&length, list.as_slice()].concat())))
    }
}

impl Log {
    /// SignedCertificateTimestamp (RFC 6962 §3.2) for what is logged.
    fn entry(&self, subject: &[u8], now: SystemTime) -> Option<Vec<u8>> {
        let since = now.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        let at = u64::try_from(since.as_millis()).ok()?.to_be_bytes();
        let signature = self.key.sign(&[&[0, 0][..], &at, subject, &[0, 0]].concat()).ok()?;
        let length = u16::try_from(signature.len()).ok()?.to_be_bytes();
        let id = Sha256::digest(self.key.subject_public_key_info());
        Some([&[0][..], &id, &at, &[0, 0], &[4, 3], &length, &signature].concat())
    }
}
