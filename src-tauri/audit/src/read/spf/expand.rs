//! Names and explanations of one message, from the macros of a record (RFC 7208 §4.8, §6.2, §7.3).

use super::check::{Check, askable, below};
use super::macros::{Values, expand, pieces, wants_validated};
use super::parse::DomainSpec;

/// The longest name in DNS (RFC 1035 §2.3.4), without final dot.
const LONGEST_NAME: usize = 253;
/// Explanations are broken off there.
const LONGEST_TEXT: usize = 2_000;
/// Names are expanded this far before they are cut to fit.
const LONGEST_EXPANSION: usize = 16_384;

/// Why an evaluation does not go on.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// These questions are open.
    Asks(Vec<(String, &'static str)>),
    /// The record cannot be followed (permerror).
    Permanent(String),
    /// DNS failed (temperror).
    Temporary(String),
}

impl Check<'_, '_, '_> {
    /// The name that a term leads to: its domain, or the one whose record is read.
    pub(super) fn own(&mut self, spec: Option<&DomainSpec>, domain: &str) -> Result<String, Stop> {
        spec.map_or_else(|| Ok(domain.to_owned()), |spec| self.target(spec, domain))
    }

    /// The name that a domain-spec becomes for this message, cut from the left to what DNS can hold (§7.3).
    pub(super) fn target(&mut self, spec: &DomainSpec, domain: &str) -> Result<String, Stop> {
        let mut name = self.expanded(&spec.text, domain, LONGEST_EXPANSION)?;
        if name.ends_with('.') {
            name.pop();
        }
        while name.len() > LONGEST_NAME {
            let Some((_, rest)) = name.split_once('.') else { break };
            name = rest.to_owned();
        }
        Ok(name)
    }

    /// What the domain says to a sender that it refuses.
    pub(super) fn explanation(&mut self, spec: &DomainSpec, domain: &str) -> Result<String, Stop> {
        let none = || Stop::Permanent("it has no usable explanation".to_owned());
        let name = self.target(spec, domain)?;
        if !askable(&name) {
            return Err(none());
        }
        let texts: Vec<String> = self.answer(&name, "TXT")?.texts().take(2).collect();
        let [text] = texts.as_slice() else { return Err(none()) };
        // Facts write what is no plain text as an escape; §6.2 allows plain ASCII only.
        if !text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') || text.contains("\\u{") {
            return Err(none());
        }
        self.expanded(text, domain, LONGEST_TEXT).map(|text| text.chars().take(LONGEST_TEXT).collect())
    }

    fn expanded(&mut self, text: &str, domain: &str, most: usize) -> Result<String, Stop> {
        let pieces = pieces(text).ok_or_else(|| Stop::Permanent(format!("\"{text}\" holds a % that is no macro")))?;
        let validated = if wants_validated(&pieces) { self.validated(domain)? } else { String::new() };
        let identity = self.identity;
        let values = Values {
            ip: identity.ip,
            local: &identity.local,
            sender_domain: &identity.domain,
            helo: &identity.query.helo,
            receiver: &identity.query.receiver,
            time: identity.query.time,
            domain,
            validated: &validated,
        };
        Ok(expand(&pieces, &values, most))
    }

    /// `%{p}`: the domain itself among the validated names, else one below it, else any (§7.3).
    fn validated(&mut self, domain: &str) -> Result<String, Stop> {
        let (names, _) = self.validated_names()?;
        let own = names.iter().find(|name| name.eq_ignore_ascii_case(domain));
        let found = own.or_else(|| names.iter().find(|name| below(name, domain))).or_else(|| names.first());
        Ok(found.cloned().unwrap_or_else(|| "unknown".to_owned()))
    }
}
