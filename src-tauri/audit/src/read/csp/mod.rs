//! Content security policies: parsed as browsers do (W3C CSP Level 3 §2.2), and what an injected script could still do under them.

mod bypass;
#[cfg(test)]
mod evaluator_tests;
mod hole;
mod slip;
#[cfg(test)]
mod tests;

pub use bypass::as_of as bypasses_as_of;
pub use hole::{Hole, HoleKind, holes};
pub use slip::{Slip, slips};

use std::collections::BTreeSet;

/// Policies read of one page.
const MOST_POLICIES: usize = 20;
/// Directives read of one policy.
const MOST_DIRECTIVES: usize = 100;
/// Sources read of one directive.
const MOST_SOURCES: usize = 500;

/// One policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Directive names in lower case with their values as sent, in order; of a name that is repeated only the first counts.
    pub directives: Vec<(String, Vec<String>)>,
    /// Names that were repeated, in lower case.
    pub repeated: Vec<String>,
    /// Whether it stands in the document rather than in a header.
    pub meta: bool,
}

impl Policy {
    /// The values of a directive.
    #[must_use]
    pub fn values(&self, name: &str) -> Option<&[String]> {
        self.directives.iter().find(|(own, _)| own == name).map(|(_, values)| values.as_slice())
    }

    /// The nonces that it names, each once (CSP §6.7.3.2).
    #[must_use]
    pub fn nonces(&self) -> BTreeSet<&str> {
        let sources = self.directives.iter().flat_map(|(_, values)| values);
        sources.filter(|source| nonce(source)).map(String::as_str).collect()
    }

    /// Whether it makes browsers refuse plain text where code is made of it (Trusted Types).
    #[must_use]
    pub fn demands_trusted_types(&self) -> bool {
        self.values("require-trusted-types-for").is_some_and(|values| holds(values, "'script'"))
    }

    /// The directive that decides for the first of these names that the policy has, with its values; the first is asked first.
    fn deciding(&self, names: &[&'static str]) -> Option<(&'static str, &[String])> {
        names.iter().find_map(|&name| Some((name, self.values(name)?)))
    }
}

/// The policies of header lines (each may hold several, parted by commas) and of the document's head. Policies without any
/// directive are left out.
#[must_use]
pub fn policies<'a>(
    headers: impl IntoIterator<Item = &'a str>,
    metas: impl IntoIterator<Item = &'a str>,
) -> Vec<Policy> {
    let sent = headers.into_iter().flat_map(|line| line.split(',')).map(|text| parse(text, false));
    let written = metas.into_iter().map(|text| parse(text, true));
    sent.chain(written).filter(|policy| !policy.directives.is_empty()).take(MOST_POLICIES).collect()
}

fn parse(text: &str, meta: bool) -> Policy {
    let mut policy = Policy { meta, ..Policy::default() };
    for part in text.split(';') {
        let mut words = part.split_ascii_whitespace();
        let Some(name) = words.next().map(str::to_ascii_lowercase) else { continue };
        // A document cannot say these (HTML, "content security policy state").
        if meta && matches!(name.as_str(), "frame-ancestors" | "report-uri" | "sandbox") {
            continue;
        }
        if policy.values(&name).is_some() {
            policy.repeated.push(name);
        } else if policy.directives.len() < MOST_DIRECTIVES {
            policy.directives.push((name, words.take(MOST_SOURCES).map(str::to_owned).collect()));
        }
    }
    policy.repeated.truncate(MOST_DIRECTIVES);
    policy
}

/// Whether a source is a nonce in proper form.
fn nonce(source: &str) -> bool {
    digits(source, "'nonce-")
}

/// Whether a source is a hash in proper form.
fn hash(source: &str) -> bool {
    ["'sha256-", "'sha384-", "'sha512-"].iter().any(|start| digits(source, start))
}

/// `start`, base64 of either alphabet, then the closing quote (CSP §2.3.1).
fn digits(source: &str, start: &str) -> bool {
    let has = source.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start));
    let Some(rest) = has.then(|| &source[start.len()..]).and_then(|rest| rest.strip_suffix('\'')) else { return false };
    let bare = rest.trim_end_matches('=');
    rest.len() - bare.len() <= 2
        && !bare.is_empty()
        && bare.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_'))
}

fn holds(values: &[String], keyword: &str) -> bool {
    values.iter().any(|value| value.eq_ignore_ascii_case(keyword))
}
