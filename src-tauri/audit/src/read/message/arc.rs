//! The chain of those who passed a message on: ARC (RFC 8617 §5.2).

use super::canon::{self, Form};
use super::signature::{DkimResult, Signed, by_key, covered, without_signature};
use super::{Field, Message};
use crate::facts::{DnsAnswer, Fact};
use crate::read::text::clean;
use sha2::{Digest, Sha256};

/// Sets that a chain may have (§4.2.1).
const SETS: usize = 50;

/// The state of a chain (§4.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ArcResult {
    /// Nobody sealed the message.
    None,
    /// Every seal holds.
    Pass,
    /// The chain is broken.
    Fail,
    /// A key could not be had for the moment.
    TempError,
}

/// A chain.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ArcSeen {
    /// Its state.
    pub result: ArcResult,
    /// Who sealed it, first first.
    pub sealers: Vec<String>,
    /// Why it is not a pass.
    pub says: String,
}

/// One set: results, signature and seal of one who passed the message on.
struct Set<'m> {
    results: &'m Field,
    signature: &'m Field,
    seal: &'m Field,
}

fn instance(field: &Field) -> Option<usize> {
    let text = field.text();
    let (name, value) = text.split(';').next()?.split_once('=')?;
    if name.trim() == "i" { value.trim().parse().ok() } else { None }
}

/// The instance of a signature or seal, whose tags come in any order.
fn tagged(field: &Field) -> Option<usize> {
    Signed::read(field).ok()?.tag("i")?.trim().parse().ok()
}

/// The sets in order; an error where the chain has gaps or doubles, none where there is no chain.
fn sets(message: &Message) -> Result<Option<Vec<Set<'_>>>, String> {
    let all = |name| message.all(name).collect::<Vec<_>>();
    let (results, signatures, seals) =
        (all("arc-authentication-results"), all("arc-message-signature"), all("arc-seal"));
    if results.is_empty() && signatures.is_empty() && seals.is_empty() {
        return Ok(None);
    }
    let count = seals.len();
    if count == 0 || count > SETS || results.len() != count || signatures.len() != count {
        return Err("its sets are not whole".to_owned());
    }
    let one = |fields: &[&'_ Field], which: usize, of: fn(&Field) -> Option<usize>| {
        fields.iter().position(|field| of(field) == Some(which)).ok_or("its sets are not numbered one after another")
    };
    let mut sets = Vec::new();
    for which in 1..=count {
        sets.push(Set {
            results: results[one(&results, which, instance)?],
            signature: signatures[one(&signatures, which, tagged)?],
            seal: seals[one(&seals, which, tagged)?],
        });
    }
    Ok(Some(sets))
}

/// The names of the keys that the chain needs.
pub(super) fn keys(message: &Message) -> Vec<String> {
    let Ok(Some(sets)) = sets(message) else { return Vec::new() };
    let latest = sets.last().map(|set| set.signature);
    let fields = sets.iter().map(|set| set.seal).chain(latest);
    fields.filter_map(|field| Signed::read(field).ok()).map(|signed| signed.key_name()).collect()
}

/// Verifies the chain.
pub(super) fn chain<'k>(message: &Message, key: &dyn Fn(&str) -> Option<&'k Fact<DnsAnswer>>) -> ArcSeen {
    let told = |result, sealers, says: String| ArcSeen { result, sealers, says };
    let sets = match sets(message) {
        Ok(None) => return told(ArcResult::None, vec![], String::new()),
        Ok(Some(sets)) => sets,
        Err(says) => return told(ArcResult::Fail, vec![], says),
    };
    let domain =
        |set: &Set<'_>| Signed::read(set.seal).map_or_else(|_| "?".to_owned(), |seal| clean(&seal.domain, 253));
    let sealers: Vec<String> = sets.iter().map(domain).collect();
    match verify(message, &sets, key) {
        Ok(()) => told(ArcResult::Pass, sealers, String::new()),
        Err((DkimResult::TempError, says)) => told(ArcResult::TempError, sealers, says),
        Err((_, says)) => told(ArcResult::Fail, sealers, says),
    }
}

fn verify<'k>(
    message: &Message,
    sets: &[Set<'_>],
    key: &dyn Fn(&str) -> Option<&'k Fact<DnsAnswer>>,
) -> Result<(), (DkimResult, String)> {
    let failed = |says: String| (DkimResult::Fail, says);
    for (at, set) in sets.iter().enumerate() {
        let seal = Signed::read(set.seal).map_err(failed)?;
        let wanted = if at == 0 { "none" } else { "pass" };
        if seal.tag("cv") != Some(wanted) {
            return Err(failed(format!("seal {} says cv={}", at + 1, clean(seal.tag("cv").unwrap_or("nothing"), 20))));
        }
        let mut hashed = Vec::new();
        for earlier in &sets[..at] {
            for field in [earlier.results, earlier.signature, earlier.seal] {
                hashed.extend(canon::field(Form::Relaxed, &field.raw));
            }
        }
        hashed.extend(canon::field(Form::Relaxed, &set.results.raw));
        hashed.extend(canon::field(Form::Relaxed, &set.signature.raw));
        hashed.extend(canon::bare_field(Form::Relaxed, &without_signature(&set.seal.raw)));
        by_key(&seal, &hashed, key(&seal.key_name()), None)
            .map_err(|(result, says)| (result, format!("seal {}: {says}", at + 1)))?;
    }
    let Some(last) = sets.last() else { return Ok(()) };
    let signed = Signed::read(last.signature).map_err(failed)?;
    let (headers, body) = signed.forms().map_err(failed)?;
    let canonical = canon::body(body, &message.body);
    if Sha256::digest(&canonical)[..] != signed.bytes("bh").map_err(failed)? {
        return Err(failed("the body was changed after the last seal".to_owned()));
    }
    let listed: Vec<String> =
        signed.tag("h").unwrap_or_default().split(':').map(|name| name.trim().to_ascii_lowercase()).collect();
    let mut hashed = covered(message, headers, &listed);
    hashed.extend(canon::bare_field(headers, &without_signature(&last.signature.raw)));
    by_key(&signed, &hashed, key(&signed.key_name()), None)
}
