//! The rule of Strict-Transport-Security, with the conditions of the browsers' preload list.

use super::rules::{Rule, Set, rule};
use crate::Case;
use crate::check::{Grade, Severity};
use crate::facts::{Chain, Hop, Trust};
use url::Url;

/// 180 days, the least that the MDN observatory accepts.
const LEAST: u64 = 15_552_000;
/// One year, the least that the preload list accepts (hstspreload.org).
const PRELOAD: u64 = 31_536_000;
const HEADER: &str = "Strict-Transport-Security";
const PASTE: &str = "max-age=31536000; includeSubDomains";

/// What one header says; none when browsers ignore it (RFC 6797 §6.1: each directive once, max-age required).
fn read(value: &str) -> Option<(u64, Vec<String>)> {
    let mut age = None;
    let mut names: Vec<String> = Vec::new();
    for part in value.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let name = name.trim().to_ascii_lowercase();
        if names.contains(&name) {
            return None;
        }
        if name == "max-age" {
            let digits = value.trim().trim_matches('"');
            let number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            age = Some(number.then(|| digits.parse().unwrap_or(u64::MAX))?);
        }
        names.push(name);
    }
    Some((age?, names))
}

pub(super) fn broken(hop: &Hop) -> Option<Rule> {
    let told = |grade, severity, says: &str, saw: Option<&str>, paste: &str| {
        Some(rule(HEADER, (grade, severity), says, saw, paste))
    };
    let lines: Vec<&str> = hop.header("strict-transport-security").collect();
    // Only the first one counts (RFC 6797 §8.1).
    let Some(first) = lines.first() else {
        return told(
            Grade::Fail,
            Severity::Medium,
            "Browsers are not told to insist on encryption (HSTS is missing), so a first visit can be intercepted.",
            None,
            PASTE,
        );
    };
    let Some((age, names)) = read(first) else {
        return told(
            Grade::Fail,
            Severity::Medium,
            "The header that makes browsers insist on encryption (HSTS) is written wrongly, so browsers ignore it.",
            Some(first),
            PASTE,
        );
    };
    let has = |name: &str| names.iter().any(|own| own == name);
    if age == 0 {
        return told(
            Grade::Fail,
            Severity::Medium,
            "Browsers are told to stop insisting on encryption (HSTS with max-age=0), so visits can be intercepted.",
            Some(first),
            PASTE,
        );
    }
    if age < LEAST {
        return told(
            Grade::Warn,
            Severity::Medium,
            "Browsers are told to insist on encryption (HSTS), but for less than 180 days.",
            Some(first),
            PASTE,
        );
    }
    if has("preload") && (age < PRELOAD || !has("includesubdomains")) {
        return told(
            Grade::Warn,
            Severity::Low,
            "HSTS asks to be put on the browsers' preload list, but does not meet its conditions (a year, with includeSubDomains), so the list refuses it.",
            Some(first),
            "max-age=63072000; includeSubDomains; preload",
        );
    }
    if lines.iter().any(|line| line != first) {
        return told(
            Grade::Warn,
            Severity::Low,
            "HSTS is sent twice with different contents; browsers only take the first, which may not be the one you mean.",
            Some(&lines.join("  |  ")),
            first,
        );
    }
    None
}

/// The conditions of the browsers' preload list (hstspreload.org, "Submission Requirements"), each with how it stands; and what the list
/// would refuse though the header asks for it.
pub(super) fn preload(case: &Case<'_>, chain: &Chain, hop: &Hop) -> (Vec<String>, Option<Rule>) {
    let apex = case.apex();
    // The bare domain itself must say it, also where it only sends people on.
    let first = chain.hops.first().unwrap_or(hop);
    let said = first.header("strict-transport-security").next();
    let read = said.and_then(read);
    let has = |name: &str| read.as_ref().is_some_and(|(_, names)| names.iter().any(|own| own == name));
    let age = read.as_ref().map(|(age, _)| *age);
    let plain = case.chain(&format!("http://{apex}/")).ok().and_then(upgraded);
    let trusted = certificate(case);
    let rules = [
        ("max-age of a year or more at the bare domain", Some(age.is_some_and(|age| age >= PRELOAD))),
        ("includeSubDomains", Some(has("includesubdomains"))),
        ("preload", Some(has("preload"))),
        ("plain HTTP leads to HTTPS on the same host first", plain),
        ("a valid certificate", trusted),
    ];
    let word = |met: Option<bool>| match met {
        Some(true) => "met",
        Some(false) => "not met",
        None => "could not be seen",
    };
    let ready = rules.iter().all(|(_, met)| *met == Some(true));
    let mut lines = vec![format!(
        "HSTS preload list: {}",
        if ready { "ready to be submitted" } else { "not ready, which is a choice and no fault" }
    )];
    lines.extend(rules.iter().map(|(rule, met)| format!("  {rule}: {}", word(*met))));
    let asked = hop.header("strict-transport-security").any(|value| value.to_ascii_lowercase().contains("preload"));
    let lacking = rules.iter().find(|(_, met)| *met == Some(false)).filter(|_| asked);
    let refused = lacking.map(|(lacking, _)| {
        let says = format!("HSTS asks to be put on the browsers' preload list, which refuses it: {lacking} is not met.");
        let mut told = rule(HEADER, (Grade::Warn, Severity::Low), &says, said, "");
        told.set = Set::Otherwise("Send plain HTTP to HTTPS on the same name before any other redirect, with the HSTS header on every answer, or leave preload out of the header.", Some("Strict-Transport-Security: max-age=63072000; includeSubDomains; preload".to_owned()));
        told
    });
    (lines, refused)
}

/// Whether the first redirect of plain HTTP stays on its host; a site that does not listen there need not.
fn upgraded(chain: &Chain) -> Option<bool> {
    let urls: Vec<Url> = chain.hops.iter().take(2).filter_map(|hop| Url::parse(&hop.url).ok()).collect();
    let [first, second] = urls.as_slice() else { return (!urls.is_empty()).then_some(false) };
    Some(second.scheme() == "https" && first.host_str() == second.host_str())
}

fn certificate(case: &Case<'_>) -> Option<bool> {
    let addresses = case.addresses(case.apex()).ok()?;
    let seen: Vec<bool> = addresses
        .into_iter()
        .filter_map(|address| case.tls(case.apex(), address).ok())
        .map(|shown| matches!(shown.trust, Trust::Trusted))
        .collect();
    (!seen.is_empty()).then(|| seen.into_iter().all(|good| good))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn the_header_is_read_as_browsers_do() {
        assert_eq!(read("max-age=31536000; includeSubDomains").unwrap().0, 31_536_000);
        assert_eq!(read("MAX-AGE=\"5\" ;").unwrap().0, 5);
        assert_eq!(read("max-age=99999999999999999999999").unwrap().0, u64::MAX);
        for wrong in
            ["", "max-age", "max-age=", "max-age=-1", "max-age=1; max-age=2", "includeSubDomains", "max-age=1y"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
