//! Stapled OCSP answers (RFC 6960 §4.2): what the issuer says of a certificate. The signature is left to the platform's verifier.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use der::Decode;
use jiff::Timestamp;
use x509_ocsp::{BasicOcspResponse, CertStatus, OcspGeneralizedTime, OcspResponse, OcspResponseStatus};

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
        let bytes = STANDARD.decode(base64).map_err(|_| "the staple is not base64".to_owned())?;
        let garbled = |error: der::Error| format!("the staple cannot be read ({error})");
        let answer = OcspResponse::from_der(&bytes).map_err(garbled)?;
        if answer.response_status != OcspResponseStatus::Successful {
            return Err(format!("the staple says that the issuer had no answer ({:?})", answer.response_status));
        }
        let inner = answer.response_bytes.ok_or_else(|| "the staple is empty".to_owned())?;
        let basic = BasicOcspResponse::from_der(inner.response.as_bytes()).map_err(garbled)?;
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

fn time(at: &OcspGeneralizedTime) -> Timestamp {
    let seconds = i64::try_from(at.0.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}
