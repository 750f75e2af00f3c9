//! DKIM signatures (RFC 6376 §3.5, §6; RFC 8301; RFC 8463), verified over the bytes of the message with the key in DNS.

use super::canon::{self, Form};
use super::{Field, Message};
use crate::facts::{DnsAnswer, Fact};
use crate::read::dkim::{self, Kind};
use crate::read::text::clean;
use base64::Engine as _;
use ring::signature::{ED25519, RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, UnparsedPublicKey};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What a verifier says (RFC 8601 §2.7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DkimResult {
    /// The signature fits the message and the key.
    Pass,
    /// It does not.
    Fail,
    /// Its domain's key could not be had for the moment.
    TempError,
    /// It can never be verified: a broken field, no key, a forbidden algorithm.
    PermError,
}

impl DkimResult {
    /// Its word (RFC 8601 §2.7.1).
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::TempError => "temperror",
            Self::PermError => "permerror",
        }
    }
}

/// One signature.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SignatureSeen {
    /// The domain that signs (`d=`).
    pub domain: String,
    /// Its selector (`s=`).
    pub selector: String,
    /// `rsa-sha256`, `ed25519-sha256`.
    pub algorithm: String,
    /// The result.
    pub result: DkimResult,
    /// Why, where it is not a pass; what is noteworthy, where it is.
    pub says: String,
}

/// Tags of a signature field that every kind of it has.
pub(super) struct Signed {
    pub(super) tags: BTreeMap<String, String>,
    pub(super) domain: String,
    pub(super) selector: String,
}

impl Signed {
    /// Reads the tags of a field (RFC 6376 §3.2).
    pub(super) fn read(field: &Field) -> Result<Self, String> {
        let text = field.text();
        let tags: BTreeMap<String, String> =
            dkim::tags(&text).ok_or("the field is no list of tags")?.into_iter().collect();
        let need = |name: &str| tags.get(name).filter(|value| !value.is_empty()).ok_or(format!("it has no {name}="));
        let name = |name: &str| need(name).map(|value| value.trim_end_matches('.').to_ascii_lowercase());
        let (domain, selector) = (name("d")?, name("s")?);
        let whole = |text: &str| text.len() <= 253 && text.split('.').all(|label| (1..=63).contains(&label.len()));
        if !whole(&domain) || !whole(&selector) || !domain.contains('.') {
            return Err("its domain or selector is no name".to_owned());
        }
        Ok(Self { domain, selector, tags })
    }

    pub(super) fn tag(&self, name: &str) -> Option<&str> {
        self.tags.get(name).map(String::as_str)
    }

    pub(super) fn bytes(&self, name: &str) -> Result<Vec<u8>, String> {
        let digits: String = self.tag(name).unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
        let decoded = dkim::BASE64.decode(digits).map_err(|_| format!("its {name}= is no base64"))?;
        if decoded.is_empty() { Err(format!("it has no {name}=")) } else { Ok(decoded) }
    }

    /// Seconds since 1970 (RFC 6376 §3.5: up to twelve digits); none without the tag.
    fn seconds(&self, name: &str) -> Result<Option<i64>, String> {
        let Some(text) = self.tag(name) else { return Ok(None) };
        let whole = (1..=12).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
        text.parse().ok().filter(|_| whole).map(Some).ok_or(format!("its {name}= is no time"))
    }

    /// The question for its key.
    pub(super) fn key_name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    pub(super) fn forms(&self) -> Result<(Form, Form), String> {
        let (header, body) = match self.tag("c") {
            None => return Ok((Form::Simple, Form::Simple)),
            Some(c) => c.split_once('/').unwrap_or((c, "simple")),
        };
        Form::of(header).zip(Form::of(body)).ok_or("its c= is not known".to_owned())
    }
}

/// Trouble with a signature.
pub(super) type Wrong = (DkimResult, String);

pub(super) fn permanent(says: impl Into<String>) -> Wrong {
    (DkimResult::PermError, says.into())
}

/// Verifies one signature field.
pub(super) fn verify(message: &Message, field: &Field, now: i64, key: Option<&Fact<DnsAnswer>>) -> SignatureSeen {
    let signed = match Signed::read(field) {
        Ok(signed) => signed,
        Err(says) => {
            let none = String::new;
            return SignatureSeen {
                domain: none(),
                selector: none(),
                algorithm: none(),
                result: DkimResult::PermError,
                says,
            };
        }
    };
    let (result, says) = match check(message, field, &signed, now, key) {
        Ok(note) => (DkimResult::Pass, note),
        Err(wrong) => wrong,
    };
    let algorithm = clean(signed.tag("a").unwrap_or_default(), 40);
    SignatureSeen {
        domain: clean(&signed.domain, 253),
        selector: clean(&signed.selector, 253),
        algorithm,
        result,
        says,
    }
}

fn check(
    message: &Message,
    field: &Field,
    signed: &Signed,
    now: i64,
    key: Option<&Fact<DnsAnswer>>,
) -> Result<String, Wrong> {
    if signed.tag("v") != Some("1") {
        return Err(permanent("its version is not 1"));
    }
    let listed: Vec<String> =
        signed.tag("h").unwrap_or_default().split(':').map(|name| name.trim().to_ascii_lowercase()).collect();
    if !listed.iter().any(|name| name == "from") {
        return Err(permanent("it does not cover From (RFC 6376 §5.4)"));
    }
    let agent = signed.tag("i").map_or(signed.domain.clone(), |i| {
        i.rsplit_once('@').map_or(i, |(_, domain)| domain).trim_end_matches('.').to_ascii_lowercase()
    });
    let below = agent.strip_suffix(&signed.domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    if !below {
        return Err(permanent("its i= is outside its d="));
    }
    if signed.tag("q").is_some_and(|q| !q.split(':').any(|way| way.trim() == "dns/txt")) {
        return Err(permanent("its key is not in DNS"));
    }
    let (begin, expiry) = (signed.seconds("t").map_err(permanent)?, signed.seconds("x").map_err(permanent)?);
    if begin.zip(expiry).is_some_and(|(begin, expiry)| expiry <= begin) {
        return Err(permanent("its x= is not after its t= (RFC 6376 §3.5)"));
    }
    if expiry.is_some_and(|expiry| expiry < now) {
        return Err((DkimResult::Fail, "it has expired (x=)".to_owned()));
    }
    let (headers, body) = signed.forms().map_err(permanent)?;
    let canonical = canon::body(body, &message.body);
    let length = match signed.tag("l").map(str::parse::<usize>) {
        None => canonical.len(),
        Some(Ok(length)) if length <= canonical.len() => length,
        Some(_) => return Err(permanent("its l= is longer than the body")),
    };
    if Sha256::digest(&canonical[..length])[..] != signed.bytes("bh").map_err(permanent)? {
        return Err((DkimResult::Fail, "the body was changed after it was signed".to_owned()));
    }
    let mut hashed = covered(message, headers, &listed);
    hashed.extend(canon::bare_field(headers, &without_signature(&field.raw)));
    by_key(signed, &hashed, key, Some(&agent))?;
    Ok(match canonical.len() - length {
        0 => String::new(),
        open => format!("{open} bytes at the end of the body are not covered (l=), anybody may have added them"),
    })
}

/// The fields that are listed, each from the bottom up (§5.4.2).
pub(super) fn covered(message: &Message, form: Form, listed: &[String]) -> Vec<u8> {
    let mut used: BTreeMap<&str, usize> = BTreeMap::new();
    let mut hashed = Vec::new();
    for name in listed.iter().take(500) {
        let nth = used.entry(name).or_default();
        if let Some(field) = message.all(name).rev().nth(*nth) {
            hashed.extend(canon::field(form, &field.raw));
        }
        *nth += 1;
    }
    hashed
}

/// The signature over these bytes, checked with the key in DNS.
pub(super) fn by_key(
    signed: &Signed,
    hashed: &[u8],
    key: Option<&Fact<DnsAnswer>>,
    agent: Option<&str>,
) -> Result<(), Wrong> {
    let answer = match key {
        Some(Fact::Seen { value, .. }) => value,
        Some(Fact::Unseen(unseen)) => return Err((DkimResult::TempError, unseen.says.clone())),
        None => return Err((DkimResult::TempError, "its key was not asked for".to_owned())),
    };
    let text = answer.texts().find(|text| dkim::is_key(text)).ok_or_else(|| permanent("there is no key in DNS"))?;
    let key = dkim::parse(&text).map_err(|error| permanent(format!("its key is not valid: {error}")))?;
    if !key.sha256 || !key.mail {
        return Err(permanent("its key may not be used for this"));
    }
    if key.exact && agent.is_some_and(|agent| agent != signed.domain) {
        return Err(permanent("its key does not count for sub-domains (t=s)"));
    }
    let bytes = dkim::public_key(&text).ok_or_else(|| permanent("its key is revoked"))?;
    let signature = signed.bytes("b").map_err(permanent)?;
    let verified = match (signed.tag("a").unwrap_or_default(), key.kind) {
        (_, Kind::Revoked) => return Err(permanent("its key is revoked")),
        // RFC 8301 §3.2: shorter keys are not to be believed.
        ("rsa-sha256", Kind::Rsa(..1024)) => return Err(permanent("its key has less than 1024 bits")),
        ("rsa-sha256", Kind::Rsa(_)) => {
            UnparsedPublicKey::new(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, bytes).verify(hashed, &signature)
        }
        // RFC 8463 §3: the signature is over the hash.
        ("ed25519-sha256", Kind::Ed25519) => {
            UnparsedPublicKey::new(&ED25519, bytes).verify(&Sha256::digest(hashed), &signature)
        }
        ("rsa-sha1", _) => {
            return Err(permanent("it is signed with SHA-1, which receivers no longer accept (RFC 8301)"));
        }
        _ => return Err(permanent("its algorithm is not known, or not that of its key")),
    };
    verified
        .map_err(|_| (DkimResult::Fail, "the header was changed after it was signed, or the key is another".to_owned()))
}

/// The field with an empty `b=` (§3.5); `bh=` stays.
pub(super) fn without_signature(raw: &[u8]) -> Vec<u8> {
    let colon = raw.iter().position(|byte| *byte == b':').map_or(raw.len(), |at| at + 1);
    let mut out = raw[..colon].to_vec();
    let mut parts = raw[colon..].split(|byte| *byte == b';').peekable();
    while let Some(part) = parts.next() {
        let equals = part.iter().position(|byte| *byte == b'=');
        match equals {
            Some(at) if part[..at].trim_ascii() == b"b" => out.extend_from_slice(&part[..=at]),
            _ => out.extend_from_slice(part),
        }
        if parts.peek().is_some() {
            out.push(b';');
        }
    }
    out
}
