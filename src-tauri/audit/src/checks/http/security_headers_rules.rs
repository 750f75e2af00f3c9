//! The rules of http.security_headers, one header each.

use crate::check::{Grade, Severity};
use crate::facts::Hop;

/// 180 days, the least that the MDN observatory accepts.
const HSTS_LEAST: u64 = 15_552_000;

/// A broken rule.
pub(super) struct Rule {
    pub(super) header: &'static str,
    pub(super) grade: Grade,
    pub(super) severity: Severity,
    pub(super) says: String,
    pub(super) saw: String,
    pub(super) paste: &'static str,
    pub(super) minutes: u16,
}

fn rule(
    header: &'static str,
    (grade, severity): (Grade, Severity),
    says: &str,
    saw: Option<&str>,
    paste: &'static str,
) -> Option<Rule> {
    let saw = saw.map_or_else(|| format!("no {header}"), |value| format!("{header}: {value}"));
    let minutes = if header == "Content-Security-Policy" { 120 } else { 10 };
    Some(Rule { header, grade, severity, says: says.to_owned(), saw, paste, minutes })
}

fn joined(hop: &Hop, name: &str) -> Option<String> {
    let values: Vec<&str> = hop.header(name).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

fn hsts(hop: &Hop) -> Option<Rule> {
    let paste = "Strict-Transport-Security: max-age=31536000; includeSubDomains";
    // Only the first HSTS header counts (RFC 6797 §8.1).
    let Some(value) = hop.header("strict-transport-security").next() else {
        return rule(
            "Strict-Transport-Security",
            (Grade::Fail, Severity::Medium),
            "Browsers are not told to insist on encryption (HSTS is missing), so a first visit can be intercepted.",
            None,
            paste,
        );
    };
    let age = value
        .split(';')
        .filter_map(|part| {
            part.trim().to_ascii_lowercase().strip_prefix("max-age=").map(|n| n.trim_matches('"').to_owned())
        })
        .find_map(|n| n.parse::<u64>().ok());
    match age {
        Some(age) if age >= HSTS_LEAST => None,
        _ => rule(
            "Strict-Transport-Security",
            (Grade::Warn, Severity::Medium),
            "Browsers are told to insist on encryption (HSTS), but for less than 180 days.",
            Some(value),
            paste,
        ),
    }
}

fn scripts(csp: Option<&str>) -> Option<Rule> {
    let header = "Content-Security-Policy";
    let paste = "Content-Security-Policy: default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
    let Some(csp) = csp else {
        return rule(
            header,
            (Grade::Warn, Severity::Medium),
            "The page does not say which scripts may run (no Content-Security-Policy), so an injected script runs.",
            None,
            paste,
        );
    };
    let lower = csp.to_ascii_lowercase();
    let directive = |name: &str| {
        lower.split([';', ',']).map(str::trim).find_map(|part| {
            part.strip_prefix(name).filter(|rest| rest.starts_with(' ') || rest.is_empty()).map(str::to_owned)
        })
    };
    let Some(sources) = directive("script-src").or_else(|| directive("default-src")) else {
        return rule(
            header,
            (Grade::Warn, Severity::Medium),
            "The Content-Security-Policy does not limit scripts.",
            Some(csp),
            paste,
        );
    };
    let sources: Vec<&str> = sources.split_whitespace().collect();
    let strict = sources.iter().any(|s| s.starts_with("'nonce-") || s.starts_with("'sha") || *s == "'strict-dynamic'");
    if !strict && sources.contains(&"'unsafe-inline'") {
        return rule(
            header,
            (Grade::Warn, Severity::Medium),
            "The Content-Security-Policy allows any inline script ('unsafe-inline'), so an injected script runs.",
            Some(csp),
            paste,
        );
    }
    let wild = sources.iter().any(|s| matches!(*s, "*" | "https:" | "http:" | "data:"));
    (wild && !sources.contains(&"'strict-dynamic'"))
        .then(|| {
            rule(
                header,
                (Grade::Warn, Severity::Medium),
                "The Content-Security-Policy allows scripts from anywhere.",
                Some(csp),
                paste,
            )
        })
        .flatten()
}

fn sniff(hop: &Hop) -> Option<Rule> {
    let value = joined(hop, "x-content-type-options");
    let good = value.as_deref().is_some_and(|value| value.trim().eq_ignore_ascii_case("nosniff"));
    if good {
        None
    } else {
        rule(
            "X-Content-Type-Options",
            (Grade::Warn, Severity::Low),
            "Browsers may guess file types, so an uploaded file can run as a script.",
            value.as_deref(),
            "X-Content-Type-Options: nosniff",
        )
    }
}

fn framing(hop: &Hop, csp: Option<&str>) -> Option<Rule> {
    let xfo = joined(hop, "x-frame-options");
    let by_xfo =
        xfo.as_deref().is_some_and(|v| ["deny", "sameorigin"].contains(&v.trim().to_ascii_lowercase().as_str()));
    let by_csp = csp.is_some_and(|csp| {
        csp.to_ascii_lowercase().split([';', ',']).any(|part| part.trim().starts_with("frame-ancestors"))
    });
    if by_xfo || by_csp {
        None
    } else {
        rule(
            "X-Frame-Options",
            (Grade::Warn, Severity::Medium),
            "Other sites may show yours inside a frame and trick people into clicking.",
            xfo.as_deref(),
            "X-Frame-Options: DENY",
        )
    }
}

fn referrer(hop: &Hop) -> Option<Rule> {
    if hop.header("referrer-policy").any(|value| !value.trim().is_empty()) {
        return None;
    }
    rule(
        "Referrer-Policy",
        (Grade::Warn, Severity::Low),
        "Links to other sites may pass on addresses of your private pages.",
        None,
        "Referrer-Policy: strict-origin-when-cross-origin",
    )
}

fn versions(hop: &Hop) -> Option<Rule> {
    let leak = ["server", "x-powered-by", "x-aspnet-version"]
        .iter()
        .flat_map(|&name| hop.header(name))
        .find(|value| value.chars().any(|c| c.is_ascii_digit()) && value.contains(['/', '.']));
    leak.and_then(|value| {
        rule(
            "Server",
            (Grade::Warn, Severity::Low),
            "The server tells its exact version, which saves attackers work.",
            Some(value),
            "nginx: server_tokens off;   Express: app.disable('x-powered-by')",
        )
    })
}

/// Every rule that this answer breaks.
pub(super) fn broken(hop: &Hop) -> Vec<Rule> {
    let csp = joined(hop, "content-security-policy");
    let rules =
        [hsts(hop), scripts(csp.as_deref()), sniff(hop), framing(hop, csp.as_deref()), referrer(hop), versions(hop)];
    rules.into_iter().flatten().collect()
}
