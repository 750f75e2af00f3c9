//! DKIM key records (RFC 6376 §3.6.1, RFC 8301, RFC 8463): tag lists, key kinds and sizes, and the selectors worth asking for.

mod selector;
#[cfg(test)]
mod tests;

pub use selector::{handed_out, is_selector, named, selectors, service};

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use x509_parser::prelude::FromDer;
use x509_parser::public_key::{PublicKey, RSAPublicKey};
use x509_parser::x509::SubjectPublicKeyInfo;

/// Zone editors often lose the padding, and receivers mostly do not mind.
pub(crate) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A key as published under a selector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Kind and size.
    pub kind: Kind,
    /// `t=y`: receivers are told to treat signatures as a test (§3.6.1).
    pub testing: bool,
    /// `t=s`: signatures for sub-domains of the key's domain do not count (§3.6.1).
    pub exact: bool,
    /// Whether it may sign mail: `s=` is absent, `*` or names `email`.
    pub mail: bool,
    /// Whether it allows SHA-256; without it no valid signature is possible (RFC 8301 §3.1).
    pub sha256: bool,
}

/// Kind and size of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Ed25519 (RFC 8463).
    Ed25519,
    /// Empty `p=`: the key is withdrawn (§3.6.1).
    Revoked,
    /// RSA with the bits of its modulus.
    Rsa(u32),
}

/// Why a text is no valid key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not a list of tags.
    #[error("it is not a list of tags like \"v=DKIM1; k=rsa; p=…\"")]
    Tags,
    /// `v=` stands elsewhere than first or is not `DKIM1`.
    #[error("its version is not \"v=DKIM1\" in the first place")]
    Version,
    /// No `p=`.
    #[error("it has no \"p=\", which holds the key")]
    NoKey,
    /// A `k=` that no standard names.
    #[error("its key type \"{0}\" is not known")]
    KeyType(String),
    /// `p=` is no base64, or not a key of that type.
    #[error("what stands in \"p=\" is not a whole {0} key")]
    Broken(&'static str),
}

/// Reads a tag list (§3.2): `name=value` parted by `;`, names unique, space around both ignored.
#[must_use]
pub fn tags(text: &str) -> Option<Vec<(String, String)>> {
    let mut tags: Vec<(String, String)> = Vec::new();
    let mut parts: Vec<&str> = text.split(';').collect();
    if parts.last().is_some_and(|last| last.trim().is_empty()) {
        parts.pop();
    }
    for part in parts.into_iter().take(100) {
        let (name, value) = part.split_once('=')?;
        let name = name.trim();
        let valid = name.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !valid || tags.iter().any(|(known, _)| known == name) {
            return None;
        }
        tags.push((name.to_owned(), value.trim().to_owned()));
    }
    (!tags.is_empty()).then_some(tags)
}

/// Whether a text under a selector means to be a key at all; a wildcard may answer with anything.
#[must_use]
pub fn is_key(text: &str) -> bool {
    let squeezed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    squeezed.starts_with("v=DKIM1") || squeezed.starts_with("p=") || squeezed.contains(";p=")
}

/// Reads a key record.
///
/// # Errors
/// Why no signature can be checked with it.
pub fn parse(text: &str) -> Result<Key, KeyError> {
    let tags = tags(text).ok_or(KeyError::Tags)?;
    let tag = |name: &str| tags.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    if tag("v").is_some_and(|version| version != "DKIM1" || tags[0].0 != "v") {
        return Err(KeyError::Version);
    }
    let lists = |name: &str, wanted: &[&str]| {
        tag(name).is_none_or(|list| list.split(':').any(|item| wanted.contains(&item.trim())))
    };
    Ok(Key {
        kind: kind(tag("k").unwrap_or("rsa"), tag("p").ok_or(KeyError::NoKey)?)?,
        testing: tag("t").is_some() && lists("t", &["y"]),
        exact: tag("t").is_some() && lists("t", &["s"]),
        mail: lists("s", &["*", "email"]),
        sha256: lists("h", &["sha256"]),
    })
}

/// The bytes of the key: an RSAPublicKey (RFC 8017 A.1.1), or the 32 bytes of Ed25519; none when it is revoked or no key.
#[must_use]
pub fn public_key(text: &str) -> Option<Vec<u8>> {
    let tags = tags(text)?;
    let digits =
        tags.iter().find(|(name, _)| name == "p")?.1.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let bytes = BASE64.decode(digits).ok().filter(|bytes| !bytes.is_empty())?;
    match SubjectPublicKeyInfo::from_der(&bytes) {
        Ok((_, info)) => Some(info.subject_public_key.data.into_owned()),
        Err(_) => Some(bytes),
    }
}

fn kind(kind: &str, value: &str) -> Result<Kind, KeyError> {
    let digits: String = value.chars().filter(|c| !c.is_whitespace()).collect();
    match kind {
        "rsa" | "ed25519" if digits.is_empty() => Ok(Kind::Revoked),
        "rsa" => {
            BASE64.decode(&digits).ok().and_then(|der| rsa_bits(&der)).map(Kind::Rsa).ok_or(KeyError::Broken("RSA"))
        }
        "ed25519" => match BASE64.decode(&digits) {
            Ok(key) if key.len() == 32 => Ok(Kind::Ed25519),
            _ => Err(KeyError::Broken("Ed25519")),
        },
        other => Err(KeyError::KeyType(crate::read::text::clean(other, 40))),
    }
}

/// Bits of the modulus in a SubjectPublicKeyInfo, or in the bare RSAPublicKey that RFC 6376 also describes (erratum 3017).
fn rsa_bits(der: &[u8]) -> Option<u32> {
    if let Ok((_, info)) = SubjectPublicKeyInfo::from_der(der) {
        return match info.parsed() {
            Ok(PublicKey::RSA(key)) => bits(key.modulus),
            _ => None,
        };
    }
    RSAPublicKey::from_der(der).ok().and_then(|(_, key)| bits(key.modulus))
}

fn bits(modulus: &[u8]) -> Option<u32> {
    let start = modulus.iter().position(|byte| *byte != 0)?;
    let whole = u32::try_from(modulus.len() - start).ok()?.checked_mul(8)?;
    Some(whole - modulus[start].leading_zeros())
}
