//! Where a policy is looked for: the tree walk of RFC 9989 §4.10, and the public suffix answer of RFC 7489 §3.2 beside it.

use super::{DmarcRecord, is_dmarc, parse};
use crate::Unseen;
use crate::facts::DnsAnswer;

/// Questions of a walk at most (RFC 9989 §4.10).
const QUESTIONS: usize = 8;

/// The domains whose `_dmarc` name is asked, from the domain itself upwards.
#[must_use]
pub fn walk(domain: &str) -> Vec<&str> {
    let mut domains = vec![domain];
    let mut rest = domain;
    while let Some((_, parent)) = rest.split_once('.') {
        rest = parent;
        // A long name is cut to seven labels after the first question.
        if rest.split('.').count() < QUESTIONS {
            domains.push(rest);
        }
    }
    domains
}

/// What a walk finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery<'d> {
    /// The domain whose policy counts, with its record.
    pub policy: Option<(&'d str, String, DmarcRecord)>,
    /// The organisational domain, which alignment is judged by (RFC 9989 §4.10.2).
    pub organisation: &'d str,
    /// The one that receivers take who still go by the public suffix list (RFC 7489 §3.2).
    pub by_suffix: &'d str,
}

/// Walks from a domain upwards by the answers that `ask` knows.
///
/// # Errors
/// An answer that could change what is found was not seen.
pub fn discover<'d>(domain: &'d str, ask: &dyn Fn(&str) -> Result<DnsAnswer, Unseen>) -> Result<Discovery<'d>, Unseen> {
    let mut found: Vec<(&str, String, DmarcRecord)> = Vec::new();
    let (mut organisation, mut below) = (None, domain);
    for here in walk(domain) {
        let answer = ask(&format!("_dmarc.{here}"))?;
        let texts: Vec<String> = answer.texts().filter(|text| is_dmarc(text)).take(2).collect();
        // More than one record counts as none (§4.10, step 2).
        if let [text] = texts.as_slice()
            && let Ok(record) = parse(text)
        {
            let psd = record.psd;
            found.push((here, text.clone(), record));
            match psd {
                Some('n') => organisation = Some(here),
                Some('y') if here != domain => organisation = Some(below),
                Some('y') => organisation = Some(here),
                _ => {}
            }
            if organisation.is_some() {
                break;
            }
        }
        below = here;
    }
    let fewest = found.iter().map(|(here, ..)| *here).min_by_key(|here| here.split('.').count());
    let organisation = organisation.or(fewest).unwrap_or(domain);
    let at = |wanted: &str| found.iter().position(|(here, ..)| *here == wanted);
    // §4.10.1: the domain's own record, else that of the organisation, else that of the public suffix above it.
    let place = at(domain).or_else(|| at(organisation)).or(found.len().checked_sub(1));
    let policy = place.map(|place| found.swap_remove(place));
    Ok(Discovery { policy, organisation, by_suffix: psl::domain_str(domain).unwrap_or(domain) })
}
