//! The domain that a person typed: read, normalised (RFC 5890, UTS 46) or refused with one clear sentence.

use super::text::clean;
use crate::facts::Target;
use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use std::net::IpAddr;
use thiserror::Error;

/// Why what was typed is not a domain that can be audited. Each says what was wrong and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DomainError {
    /// Nothing but space.
    #[error("nothing was typed; type a domain such as example.com")]
    Empty,
    /// More than 253 characters (RFC 1035 §2.3.4).
    #[error("that is {0} characters long, and a domain has at most 253; type only the domain, such as example.com")]
    TooLong(usize),
    /// A control or invisible character.
    #[error("there is an invisible character in {0}; type the domain by hand, such as example.com")]
    Invisible(String),
    /// A URL.
    #[error("{0} is a web address; type only its domain: {1}")]
    Url(String, String),
    /// A mail address.
    #[error("{0} is a mail address; type only its domain: {1}")]
    Mail(String, String),
    /// A domain with a port.
    #[error("{0} has a port number; type only the domain: {1}")]
    Port(String, String),
    /// An IP address.
    #[error("{0} is an IP address; type the domain that your customers use, such as example.com")]
    Address(String),
    /// `localhost` and names that only work inside one network (RFC 6761, RFC 6762, RFC 8375).
    #[error(
        "{0} only works on your own machine or network; type the domain that your customers use, such as example.com"
    )]
    Local(String),
    /// A top-level domain or another public suffix.
    #[error("{0} is an ending under which domains are registered; type the whole domain, such as example.{0}")]
    Suffix(String),
    /// Anything else that DNS names cannot be.
    #[error("{0} is not a domain; a domain is letters, digits and hyphens with dots between them, such as example.com")]
    NotADomain(String),
}

/// Reads a domain.
///
/// # Errors
/// One of [`DomainError`], whose text is for the person who typed it.
pub fn parse(typed: &str) -> Result<Target, DomainError> {
    let typed = typed.trim_matches([' ', '\t', '\r', '\n']);
    if typed.is_empty() {
        return Err(DomainError::Empty);
    }
    let length = typed.chars().count();
    if length > 253 {
        return Err(DomainError::TooLong(length));
    }
    let shown = clean(typed, 80);
    if shown != clean_only_cap(typed) {
        return Err(DomainError::Invisible(shown));
    }
    if let Some(error) = something_else(typed, &shown) {
        return Err(error);
    }
    let bare = typed.strip_suffix(['.', '。']).unwrap_or(typed);
    let bare = without_www(bare);
    let domain = Uts46::new()
        .to_ascii(bare.as_bytes(), AsciiDenyList::STD3, Hyphens::Check, DnsLength::Verify)
        .map_err(|_| DomainError::NotADomain(shown.clone()))?
        .into_owned();
    if domain == "localhost" || local(&domain) {
        return Err(DomainError::Local(shown));
    }
    let known = psl::suffix(domain.as_bytes())
        .is_some_and(|suffix| suffix.is_known() && suffix.as_bytes() == domain.as_bytes());
    if known || !domain.contains('.') {
        return Err(DomainError::Suffix(shown));
    }
    if domain.rsplit('.').next().is_none_or(|last| last.bytes().all(|b| b.is_ascii_digit())) {
        return Err(DomainError::NotADomain(shown));
    }
    let (name, _) = Uts46::new().to_unicode(domain.as_bytes(), AsciiDenyList::STD3, Hyphens::Check);
    Ok(Target { name: name.into_owned(), domain })
}

/// People type www and mean the domain below it, unless that would leave only an ending.
fn without_www(typed: &str) -> &str {
    match typed.split_at_checked(4) {
        Some((www, rest)) if www.eq_ignore_ascii_case("www.") && registrable(rest) => rest,
        _ => typed,
    }
}

/// Whether a domain is one that is registered (not a name below one, nor an ending).
#[must_use]
pub fn registrable(domain: &str) -> bool {
    psl::domain(domain.to_ascii_lowercase().as_bytes()).is_some_and(|own| own.as_bytes().len() == domain.len())
}

/// The registered domain that a name belongs to: `shop.example.co.uk` → `example.co.uk`.
#[must_use]
pub fn registered(name: &str) -> Option<String> {
    psl::domain_str(name).map(str::to_owned)
}

/// Whether `name` is `zone` or below it.
#[must_use]
pub fn within(name: &str, zone: &str) -> bool {
    name == zone || name.strip_suffix(zone).is_some_and(|rest| rest.ends_with('.'))
}

fn clean_only_cap(typed: &str) -> String {
    let mut cut: String = typed.chars().take(80).collect();
    if typed.chars().count() > 80 {
        cut.push('…');
    }
    cut
}

/// What people paste instead of a domain.
fn something_else(typed: &str, shown: &str) -> Option<DomainError> {
    let shown = shown.to_owned();
    if typed.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
        return Some(DomainError::Address(shown));
    }
    if let Some((_, rest)) = typed.split_once("://") {
        return Some(DomainError::Url(shown, host_of(rest)));
    }
    if typed.contains(['/', '?', '#']) {
        return Some(DomainError::Url(shown, host_of(typed)));
    }
    if let Some((_, host)) = typed.rsplit_once('@') {
        return Some(DomainError::Mail(shown, host_of(host)));
    }
    match typed.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => {
            let error = if host.parse::<IpAddr>().is_ok() {
                DomainError::Address(shown)
            } else {
                DomainError::Port(shown, host_of(host))
            };
            Some(error)
        }
        _ => None,
    }
}

/// The host in something like `user@host:port/path`, or an example when there is none.
fn host_of(rest: &str) -> String {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default();
    if host.contains('.') { clean(host, 80) } else { "example.com".to_owned() }
}

fn local(domain: &str) -> bool {
    [".localhost", ".local", ".home.arpa", ".internal", ".invalid", ".onion"].iter().any(|end| domain.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::{DomainError, parse};

    #[test]
    fn domains_are_normalised() {
        for (typed, domain, name) in [
            ("example.com", "example.com", "example.com"),
            ("  Example.COM. ", "example.com", "example.com"),
            ("bücher.example", "xn--bcher-kva.example", "bücher.example"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example", "bücher.example"),
            ("app.shop.co.uk", "app.shop.co.uk", "app.shop.co.uk"),
            ("WWW.example.com", "example.com", "example.com"),
            ("www.co.uk", "www.co.uk", "www.co.uk"),
        ] {
            let target = parse(typed).unwrap();
            assert_eq!((target.domain.as_str(), target.name.as_str()), (domain, name), "{typed}");
        }
    }

    #[test]
    fn everything_else_gets_its_own_sentence() {
        let long = "a".repeat(300);
        type Expected = fn(&DomainError) -> bool;
        let cases: [(&str, Expected); 17] = [
            ("", |e| matches!(e, DomainError::Empty)),
            ("  \t", |e| matches!(e, DomainError::Empty)),
            (&long, |e| matches!(e, DomainError::TooLong(300))),
            ("exa\u{0007}mple.com", |e| matches!(e, DomainError::Invisible(_))),
            ("exa\u{202e}mple.com", |e| matches!(e, DomainError::Invisible(_))),
            ("https://example.com/pricing", |e| matches!(e, DomainError::Url(_, host) if host == "example.com")),
            ("example.com/pricing", |e| matches!(e, DomainError::Url(_, host) if host == "example.com")),
            ("me@example.com", |e| matches!(e, DomainError::Mail(_, host) if host == "example.com")),
            ("example.com:8080", |e| matches!(e, DomainError::Port(_, host) if host == "example.com")),
            ("192.0.2.1", |e| matches!(e, DomainError::Address(_))),
            ("[2001:db8::1]", |e| matches!(e, DomainError::Address(_))),
            ("localhost", |e| matches!(e, DomainError::Local(_))),
            ("printer.local", |e| matches!(e, DomainError::Local(_))),
            ("com", |e| matches!(e, DomainError::Suffix(_))),
            ("co.uk", |e| matches!(e, DomainError::Suffix(_))),
            ("not a domain", |e| matches!(e, DomainError::NotADomain(_))),
            ("-bad-.com", |e| matches!(e, DomainError::NotADomain(_))),
        ];
        for (typed, expected) in cases {
            let error = parse(typed).unwrap_err();
            assert!(expected(&error), "{typed:?} gave {error:?}");
            assert!(!error.to_string().contains('\n'));
        }
        assert!(matches!(parse("a..com"), Err(DomainError::NotADomain(_))));
        assert!(matches!(parse("under_score.com"), Err(DomainError::NotADomain(_))));
        assert!(matches!(parse("1.2.3.999"), Err(DomainError::NotADomain(_))));
    }
}
