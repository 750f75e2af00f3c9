//! The full syntax of an SPF record (RFC 7208 §4.5, §4.6, §5, §6, §7 and the grammar of §12).

use super::term::{self, Flaw, Term};
use ipnet::{Ipv4Net, Ipv6Net};
use std::fmt;

/// One SPF record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpfRecord {
    /// The record as published.
    pub text: String,
    /// Its mechanisms in order, those after `all` included though they are never reached (§5.1).
    pub directives: Vec<Directive>,
    /// `redirect=` (§6.1).
    pub redirect: Option<DomainSpec>,
    /// `exp=` (§6.2).
    pub exp: Option<DomainSpec>,
    /// Modifiers that SPF does not know and therefore ignores (§6), as written.
    pub ignored: Vec<String>,
}

/// A mechanism with its qualifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// What a match means (§4.6.2).
    pub qualifier: Qualifier,
    /// What matches.
    pub mechanism: Mechanism,
    /// The term as written.
    pub text: String,
}

/// What a match means (RFC 7208 §4.6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Qualifier {
    /// `-`: not allowed to send.
    Fail,
    /// `?`: nothing is said.
    Neutral,
    /// `+` or nothing: allowed to send.
    Pass,
    /// `~`: probably not allowed to send.
    SoftFail,
}

impl fmt::Display for Qualifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fail => "-",
            Self::Neutral => "?",
            Self::Pass => "+",
            Self::SoftFail => "~",
        })
    }
}

/// What matches (RFC 7208 §5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// Everything.
    All,
    /// The addresses of a name; prefix lengths for both families.
    A(Option<DomainSpec>, u8, u8),
    /// A name that exists.
    Exists(DomainSpec),
    /// Another domain's record.
    Include(DomainSpec),
    /// An IPv4 network.
    Ip4(Ipv4Net),
    /// An IPv6 network.
    Ip6(Ipv6Net),
    /// The addresses of the mail exchanges of a name; prefix lengths for both families.
    Mx(Option<DomainSpec>, u8, u8),
    /// Reverse look-up; should not be used (§5.5).
    Ptr(Option<DomainSpec>),
}

/// A domain as written in a record, possibly with macros (§7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainSpec {
    /// As written.
    pub text: String,
    /// Whether it depends on the message (`%{…}`), so that no one name can be asked.
    pub macros: bool,
}

impl DomainSpec {
    /// The name to ask, lower case without final dot; none when it depends on the message or no DNS name can be that.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        if self.macros {
            return None;
        }
        let name = self.text.trim_end_matches('.').to_ascii_lowercase();
        let fits = name.len() <= 253 && name.split('.').all(|label| (1..=63).contains(&label.len()));
        fits.then_some(name)
    }
}

/// Why a text is no valid SPF record. Receivers treat such a record as an error of the domain (permerror, §2.6.7).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpfError {
    /// The first word is not `v=spf1`.
    #[error("it does not begin with \"v=spf1\" and a space")]
    Version,
    /// A word with characters that are no visible ASCII.
    #[error("\"{0}\" holds a character that SPF does not allow (only plain ASCII, words parted by single spaces)")]
    Character(String),
    /// A word that is no mechanism and no modifier.
    #[error("\"{0}\" is not a word that SPF knows")]
    Unknown(String),
    /// A known word, wrongly used.
    #[error("\"{term}\" {reason}")]
    Term {
        /// The word.
        term: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A modifier that may stand only once (§6).
    #[error("\"{0}=\" stands in it twice")]
    Twice(&'static str),
}

/// Whether a TXT record is an SPF record at all (§4.5): `v=spf1`, then a space or the end.
#[must_use]
pub fn is_spf(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 6 && bytes[..6].eq_ignore_ascii_case(b"v=spf1") && matches!(bytes.get(6), None | Some(b' '))
}

/// Reads a record.
///
/// # Errors
/// The first word that makes the whole record invalid.
pub fn parse(text: &str) -> Result<SpfRecord, SpfError> {
    if !is_spf(text) {
        return Err(SpfError::Version);
    }
    let mut record = SpfRecord { text: text.to_owned(), ..SpfRecord::default() };
    for term in text.split(' ').skip(1).filter(|term| !term.is_empty()) {
        record.take(term)?;
    }
    Ok(record)
}

impl SpfRecord {
    /// The mechanisms that can be reached: up to `all` (§5.1).
    pub fn reached(&self) -> impl Iterator<Item = &Directive> {
        let end = self.directives.iter().position(|directive| directive.mechanism == Mechanism::All);
        self.directives.iter().take(end.map_or(usize::MAX, |at| at + 1))
    }

    /// The qualifier of `all`.
    #[must_use]
    pub fn all(&self) -> Option<Qualifier> {
        self.directives.iter().find(|d| d.mechanism == Mechanism::All).map(|d| d.qualifier)
    }

    /// `redirect=`, unless `all` makes it void (§6.1).
    #[must_use]
    pub fn followed(&self) -> Option<&DomainSpec> {
        self.redirect.as_ref().filter(|_| self.all().is_none())
    }

    /// The questions that evaluating the record for `domain` needs, as name and type; none for terms that depend on the message.
    #[must_use]
    pub fn asks(&self, domain: &str) -> Vec<(String, &'static str)> {
        let own = |spec: &Option<DomainSpec>| match spec {
            Some(spec) => spec.name(),
            None => Some(domain.to_ascii_lowercase()),
        };
        let mut asks = Vec::new();
        for directive in self.reached() {
            let (name, types): (_, &[&'static str]) = match &directive.mechanism {
                Mechanism::A(spec, ..) => (own(spec), &["A", "AAAA"]),
                Mechanism::Exists(spec) => (spec.name(), &["A"]),
                Mechanism::Include(spec) => (spec.name(), &["TXT"]),
                Mechanism::Mx(spec, ..) => (own(spec), &["MX"]),
                Mechanism::All | Mechanism::Ip4(_) | Mechanism::Ip6(_) | Mechanism::Ptr(_) => (None, &[]),
            };
            asks.extend(name.into_iter().flat_map(|name| types.iter().map(move |rtype| (name.clone(), *rtype))));
        }
        asks.extend(self.followed().and_then(DomainSpec::name).map(|name| (name, "TXT")));
        asks
    }

    fn take(&mut self, word: &str) -> Result<(), SpfError> {
        let shown: String = word.chars().filter(char::is_ascii_graphic).take(80).collect();
        if !word.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(SpfError::Character(shown));
        }
        match term::read(word) {
            Err(Flaw::Unknown) => return Err(SpfError::Unknown(shown)),
            Err(Flaw::Because(reason)) => return Err(SpfError::Term { term: shown, reason }),
            Ok(Term::Directive(qualifier, mechanism)) => {
                self.directives.push(Directive { qualifier, mechanism, text: word.to_owned() });
            }
            Ok(Term::Redirect(spec)) => once(&mut self.redirect, spec, "redirect")?,
            Ok(Term::Exp(spec)) => once(&mut self.exp, spec, "exp")?,
            Ok(Term::Ignored) => self.ignored.push(word.to_owned()),
        }
        Ok(())
    }
}

fn once(slot: &mut Option<DomainSpec>, spec: DomainSpec, name: &'static str) -> Result<(), SpfError> {
    if slot.replace(spec).is_some() { Err(SpfError::Twice(name)) } else { Ok(()) }
}
