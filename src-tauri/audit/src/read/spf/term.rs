//! One word of an SPF record: mechanism or modifier, with its domain, prefix lengths and macros (RFC 7208 §12).

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

/// Reads a word of visible ASCII.
pub(super) fn read(word: &str) -> Result<Term, Flaw> {
    if let Some((name, value)) = modifier(word) {
        return match name.to_ascii_lowercase().as_str() {
            "redirect" => Ok(Term::Redirect(domain(value)?)),
            "exp" => Ok(Term::Exp(domain(value)?)),
            _ => macros(value).map(|_| Term::Ignored),
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
    let found = macros(text)?;
    if !found.at_end {
        let name = text.strip_suffix('.').unwrap_or(text);
        let (before, label) =
            name.rsplit_once('.').ok_or(Flaw::Because("needs a full domain name with at least one dot"))?;
        let top = !label.is_empty()
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
            && !label.bytes().all(|b| b.is_ascii_digit());
        if !top || before.is_empty() || before.split('.').any(str::is_empty) {
            return Err(Flaw::Because("does not hold a valid domain name"));
        }
    }
    Ok(DomainSpec { text: text.to_owned(), macros: found.any })
}

/// Which macros a text has.
struct Macros {
    /// One that depends on the message, or an escape that stands for a character no name has.
    any: bool,
    /// The last character belongs to a macro.
    at_end: bool,
}

/// Checks every `%` of a macro-string (§7.1): `%%`, `%_`, `%-` or `%{letter digits r delimiters}`.
fn macros(text: &str) -> Result<Macros, Flaw> {
    const BROKEN: Flaw = Flaw::Because("has a % that is no macro");
    let mut found = Macros { any: false, at_end: false };
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let after = &rest[at + 1..];
        found.any = true;
        let taken = match after.as_bytes().first() {
            Some(b'%' | b'_' | b'-') => 1,
            Some(b'{') => {
                let close = after.find('}').ok_or(BROKEN)?;
                if !expands(&after[1..close]) {
                    return Err(BROKEN);
                }
                close + 1
            }
            _ => return Err(BROKEN),
        };
        rest = &after[taken..];
        found.at_end = rest.is_empty();
    }
    Ok(found)
}

/// The inside of `%{…}`: letter, then digits that are not zero, then `r`, then delimiters.
fn expands(inside: &str) -> bool {
    let mut rest = inside;
    let letter = rest.as_bytes().first().map(u8::to_ascii_lowercase);
    // c, r and t are for explanations only (§7.2), which are domains here too.
    if !letter.is_some_and(|letter| b"slodiphvcrt".contains(&letter)) {
        return false;
    }
    rest = &rest[1..];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && rest[..digits].bytes().all(|b| b == b'0') {
        return false;
    }
    rest = &rest[digits..];
    rest = rest.strip_prefix(['r', 'R']).unwrap_or(rest);
    rest.bytes().all(|b| b".-+,/_=".contains(&b))
}
