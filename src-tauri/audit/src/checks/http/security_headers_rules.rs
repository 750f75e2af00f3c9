//! The rules of http.security_headers, one header each.

use super::transport;
use crate::check::{Grade, Severity};
use crate::facts::Hop;

/// A broken rule.
pub(super) struct Rule {
    pub(super) header: &'static str,
    pub(super) grade: Grade,
    pub(super) severity: Severity,
    pub(super) says: String,
    pub(super) saw: String,
    pub(super) set: Set,
    pub(super) minutes: u16,
}

/// What mends it.
pub(super) enum Set {
    /// The header, set to this value.
    To(String),
    /// Another instruction, with what can be pasted.
    Otherwise(&'static str, Option<String>),
}

pub(super) fn rule(
    header: &'static str,
    (grade, severity): (Grade, Severity),
    says: &str,
    saw: Option<&str>,
    value: &str,
) -> Rule {
    let saw = saw.map_or_else(|| format!("no {header}"), |value| format!("{header}: {value}"));
    Rule { header, grade, severity, says: says.to_owned(), saw, set: Set::To(value.to_owned()), minutes: 10 }
}

const LOW: (Grade, Severity) = (Grade::Warn, Severity::Low);

pub(super) fn joined(hop: &Hop, name: &str) -> Option<String> {
    let values: Vec<&str> = hop.header(name).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

fn sniff(hop: &Hop) -> Option<Rule> {
    let value = joined(hop, "x-content-type-options");
    // Only the first word counts (WHATWG Fetch §3.6).
    let first = value.as_deref().and_then(|value| value.split(',').next()).unwrap_or_default();
    if first.trim().eq_ignore_ascii_case("nosniff") {
        return None;
    }
    let says = "Browsers may guess file types, so an uploaded file can run as a script.";
    Some(rule("X-Content-Type-Options", LOW, says, value.as_deref(), "nosniff"))
}

fn referrer(hop: &Hop) -> Option<Rule> {
    const SAFE: [&str; 6] = [
        "no-referrer",
        "same-origin",
        "strict-origin",
        "strict-origin-when-cross-origin",
        "origin",
        "origin-when-cross-origin",
    ];
    const OPEN: [&str; 2] = ["no-referrer-when-downgrade", "unsafe-url"];
    let sent = joined(hop, "referrer-policy");
    let written = hop.page.as_ref().and_then(|page| page.referrer_meta.clone());
    let all: Vec<String> = sent.into_iter().chain(written).collect();
    let value = (!all.is_empty()).then(|| all.join(", "));
    // The last word that the browser knows counts (W3C Referrer Policy §8.1).
    let words = value.as_deref().unwrap_or_default().to_ascii_lowercase();
    let known = |word: &&str| SAFE.contains(word) || OPEN.contains(word);
    let says = match words.split(',').map(str::trim).rfind(known) {
        Some(word) if SAFE.contains(&word) => return None,
        Some(_) => "Links to other sites pass on the whole addresses of your pages, private ones included.",
        None => "Links to other sites may pass on addresses of your private pages.",
    };
    Some(rule("Referrer-Policy", LOW, says, value.as_deref(), "strict-origin-when-cross-origin"))
}

fn permissions(hop: &Hop) -> Option<Rule> {
    let value = joined(hop, "permissions-policy")?;
    if split(&value).iter().all(|member| member_is_good(member)) {
        return None;
    }
    let says = "Permissions-Policy is written in a form that browsers do not understand, so all of it is ignored.";
    Some(rule("Permissions-Policy", LOW, says, Some(&value), "camera=(), geolocation=(), microphone=()"))
}

/// Members of a dictionary (RFC 8941 §3.2), parted at commas outside of quotes and parentheses.
fn split(value: &str) -> Vec<String> {
    let (mut members, mut depth, mut quoted) = (vec![String::new()], 0_u32, false);
    for c in value.chars() {
        match c {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            ',' if !quoted && depth == 0 => {
                members.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(member) = members.last_mut() {
            member.push(c);
        }
    }
    members
}

/// `feature=*`, `feature=self`, `feature="https://…"` or `feature=(…)`, with parameters.
fn member_is_good(member: &str) -> bool {
    let Some((name, list)) = member.trim().split_once('=') else { return false };
    let named = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let list = list.split(';').next().unwrap_or_default();
    let item = |item: &str| {
        let quoted = item.len() >= 2 && item.starts_with('"') && item.ends_with('"');
        matches!(item, "*" | "self" | "src" | "none") || quoted
    };
    let inner = list.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    named && inner.map_or_else(|| item(list), |inner| inner.split_ascii_whitespace().all(item))
}

/// Policies of a single word: header, words, what a mistake costs.
const WORDS: [(&str, &str, &[&str], &str); 3] = [
    (
        "Cross-Origin-Opener-Policy",
        "cross-origin-opener-policy",
        &["unsafe-none", "same-origin", "same-origin-allow-popups", "noopener-allow-popups"],
        "same-origin",
    ),
    (
        "Cross-Origin-Embedder-Policy",
        "cross-origin-embedder-policy",
        &["unsafe-none", "require-corp", "credentialless"],
        "require-corp",
    ),
    (
        "Cross-Origin-Resource-Policy",
        "cross-origin-resource-policy",
        &["same-site", "same-origin", "cross-origin"],
        "same-origin",
    ),
];

fn words(hop: &Hop) -> Vec<Rule> {
    let wrong = |(header, name, known, paste): &(&'static str, &str, &[&str], &str)| {
        let value = joined(hop, name)?;
        let word = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let says = format!("{header} has a value that browsers do not know, so it protects nothing.");
        (!known.contains(&word.as_str())).then(|| rule(header, LOW, &says, Some(&value), paste))
    };
    WORDS.iter().filter_map(wrong).collect()
}

fn versions(hop: &Hop) -> Option<Rule> {
    let names = ["server", "x-powered-by", "x-aspnet-version", "x-aspnetmvc-version", "x-generator"];
    // Fly.io stamps its own proxy's build on every answer, and its customers cannot change that.
    let platform = |value: &str| value.starts_with("Fly/");
    let tells =
        |value: &str| value.chars().any(|c| c.is_ascii_digit()) && value.contains(['/', '.']) && !platform(value);
    let lines = names.iter().flat_map(|&name| hop.header(name).map(move |value| (name, value)));
    let (name, value) = lines.into_iter().find(|(_, value)| tells(value))?;
    Some(Rule {
        header: "Server",
        grade: Grade::Warn,
        severity: Severity::Low,
        says: "The server tells its exact version, which saves attackers work.".to_owned(),
        saw: format!("{name}: {value}"),
        set: Set::Otherwise(
            "Switch the version off where the header comes from.",
            Some("nginx: server_tokens off;\nApache: ServerTokens Prod\nPHP: expose_php = Off\nExpress: app.disable('x-powered-by')".to_owned()),
        ),
        minutes: 10,
    })
}

/// Every rule that this answer breaks, those of scripts and frames aside.
pub(super) fn broken(hop: &Hop) -> Vec<Rule> {
    let rules = [transport::broken(hop), sniff(hop), referrer(hop), permissions(hop), versions(hop)];
    rules.into_iter().flatten().chain(words(hop)).collect()
}
