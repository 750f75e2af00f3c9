//! One word of an SPF record: mechanism or modifier, with its domain, prefix lengths and macros (RFC 7208 §12).

use super::macros::{Piece, pieces};
use super::parse::{DomainSpec, Mechanism, Qualifier};
use ipnet::{Ipv4Net, Ipv6Net};
use std::net::{Ipv4Addr, Ipv6Addr};

/// One valid word.
pub(super) enum Term {
    Directive(Qualifier, Mechanism),
    Redirect(DomainSpec),
    Exp(DomainSpec),
    Ignored,
}

/// Why a word is not valid.
#[derive(Debug)]
pub(super) enum Flaw {
    Unknown,
    Because(&'static str),
}

const NO_MACRO: Flaw = Flaw::Because("has a % that is no macro");

/// Reads a word of visible ASCII.
pub(super) fn read(word: &str) -> Result<Term, Flaw> {
    if let Some((name, value)) = modifier(word) {
        return match name.to_ascii_lowercase().as_str() {
            "redirect" => Ok(Term::Redirect(domain(value)?)),
            "exp" => Ok(Term::Exp(domain(value)?)),
            _ => pieces(value).map(|_| Term::Ignored).ok_or(NO_MACRO),
        };
    }
    let (qualifier, rest) = match word.as_bytes().first() {
        Some(b'+') => (Qualifier::Pass, &word[1..]),
        Some(b'-') => (Qualifier::Fail, &word[1..]),
        Some(b'?') => (Qualifier::Neutral, &word[1..]),
        Some(b'~') => (Qualifier::SoftFail, &word[1..]),
        _ => (Qualifier::Pass, word),
    };
    mechanism(rest).map(|mechanism| Term::Directive(qualifier, mechanism))
}

/// `name=value`, where the name is a letter and then letters, digits, `-`, `_`, `.`.
fn modifier(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    (plain && name.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)).then_some((name, value))
}

fn mechanism(word: &str) -> Result<Mechanism, Flaw> {
    let end = word.find([':', '/']).unwrap_or(word.len());
    let (name, rest) = word.split_at(end);
    let after_colon = rest.strip_prefix(':');
    let needed = || match after_colon {
        Some(value) if !value.is_empty() => Ok(value),
        _ => Err(Flaw::Because("needs a colon and a value after it")),
    };
    match name.to_ascii_lowercase().as_str() {
        "all" if rest.is_empty() => Ok(Mechanism::All),
        "all" => Err(Flaw::Because("takes no value")),
        "a" => hosts(rest).map(|(spec, v4, v6)| Mechanism::A(spec, v4, v6)),
        "mx" => hosts(rest).map(|(spec, v4, v6)| Mechanism::Mx(spec, v4, v6)),
        "ptr" if rest.is_empty() => Ok(Mechanism::Ptr(None)),
        "ptr" => Ok(Mechanism::Ptr(Some(domain(needed()?)?))),
        "include" => Ok(Mechanism::Include(domain(needed()?)?)),
        "exists" => Ok(Mechanism::Exists(domain(needed()?)?)),
        "ip4" => ip4(needed()?).map(Mechanism::Ip4),
        "ip6" => ip6(needed()?).map(Mechanism::Ip6),
        _ => Err(Flaw::Unknown),
    }
}

/// What follows `a` or `mx`: an optional domain, then optional prefix lengths (`/24`, `//64`, `/24//64`).
fn hosts(rest: &str) -> Result<(Option<DomainSpec>, u8, u8), Flaw> {
    let (rest, v6) = match rest.rsplit_once("//") {
        Some((before, digits)) if digits.bytes().all(|b| b.is_ascii_digit()) => (before, prefix(digits, 128)?),
        _ => (rest, 128),
    };
    let (rest, v4) = match rest.rsplit_once('/') {
        Some((before, digits)) if digits.bytes().all(|b| b.is_ascii_digit()) => (before, prefix(digits, 32)?),
        _ => (rest, 32),
    };
    match rest.strip_prefix(':') {
        Some(spec) => Ok((Some(domain(spec)?), v4, v6)),
        None if rest.is_empty() => Ok((None, v4, v6)),
        None => Err(Flaw::Because("has a network size that is no number")),
    }
}

fn prefix(digits: &str, most: u8) -> Result<u8, Flaw> {
    let leading_zero = digits.len() > 1 && digits.starts_with('0');
    match digits.parse::<u8>() {
        Ok(bits) if bits <= most && !leading_zero => Ok(bits),
        _ => Err(Flaw::Because("has a network size that is out of range")),
    }
}

fn ip4(value: &str) -> Result<Ipv4Net, Flaw> {
    let (address, bits) = value.split_once('/').map_or((value, None), |(address, bits)| (address, Some(bits)));
    let address: Ipv4Addr = address.parse().map_err(|_| Flaw::Because("does not hold a valid IPv4 address"))?;
    let bits = bits.map_or(Ok(32), |bits| prefix(bits, 32))?;
    Ipv4Net::new(address, bits).map_err(|_| Flaw::Because("has a network size that is out of range"))
}

fn ip6(value: &str) -> Result<Ipv6Net, Flaw> {
    let (address, bits) = value.split_once('/').map_or((value, None), |(address, bits)| (address, Some(bits)));
    let address: Ipv6Addr = address.parse().map_err(|_| Flaw::Because("does not hold a valid IPv6 address"))?;
    let bits = bits.map_or(Ok(128), |bits| prefix(bits, 128))?;
    Ipv6Net::new(address, bits).map_err(|_| Flaw::Because("has a network size that is out of range"))
}

/// A domain-spec: literals and macros that end in a macro or in a dot and a label that is not all digits (§7.1).
fn domain(text: &str) -> Result<DomainSpec, Flaw> {
    let found = pieces(text).ok_or(NO_MACRO)?;
    // c, r and t are for the text of explanations only (§7.2).
    if found.iter().any(|piece| matches!(piece, Piece::Macro(found) if b"crt".contains(&found.letter))) {
        return Err(Flaw::Because("has a macro that only explanations may have"));
    }
    let ends_in_macro = matches!(found.last(), Some(Piece::Macro(_) | Piece::Escape(_)));
    if !ends_in_macro {
        let name = text.strip_suffix('.').unwrap_or(text);
        let (before, label) =
            name.rsplit_once('.').ok_or(Flaw::Because("needs a full domain name with at least one dot"))?;
        let top = !label.is_empty()
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
            && !label.bytes().all(|b| b.is_ascii_digit());
        let plain = |part: &str| part.is_empty() || part.starts_with('.') || part.contains("..");
        if !top || !text.contains('%') && plain(before) {
            return Err(Flaw::Because("does not hold a valid domain name"));
        }
    }
    Ok(DomainSpec { text: text.to_owned(), macros: text.contains('%') })
}
