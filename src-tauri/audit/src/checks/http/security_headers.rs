//! http.security_headers: the page tells browsers how to protect the people who use it.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{End, Hop};
use crate::{Case, Unseen, Why};

/// http.security_headers.
pub static CHECK: Check = Check {
    id: "http.security_headers",
    title: "The site tells browsers how to protect its users",
    why: "Without these headers a stolen script or a fake frame can act in your customers' names.",
    needs: &[Need::Public],
    concern: Concern::Trust,
    covers: "HSTS, Content-Security-Policy, nosniff, framing, Referrer-Policy and version leaks of the main page.",
    ask: None,
    refs: &["RFC 6797 §6.1", "W3C CSP Level 3", "WHATWG Fetch §3.6", "RFC 7034", "W3C Referrer Policy"],
    judge,
};

/// 180 days, the least that the MDN observatory accepts.
const HSTS_LEAST: u64 = 15_552_000;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let start = format!("https://{}/", case.apex());
    let chain = case.chain(&start)?;
    let hop = match (&chain.end, chain.last()) {
        (End::Answered, Some(hop)) if hop.status < 500 => hop,
        (End::Lost { unseen, .. }, _) => return Err(unseen.clone()),
        _ => return Err(no_page(&start)),
    };
    let csp = joined(hop, "content-security-policy");
    let rules =
        [hsts(hop), scripts(csp.as_deref()), sniff(hop), framing(hop, csp.as_deref()), referrer(hop), versions(hop)];
    let shown = hop.headers.iter().filter(|h| SHOWN.contains(&h.name.as_str()));
    let proof = shown.map(|h| format!("{}: {}", h.name, h.value)).collect();
    let finding = |rule: Rule| Finding {
        subject: rule.header.to_owned(),
        grade: rule.grade,
        severity: rule.severity,
        says: rule.says,
        evidence: vec![format!("GET {} → {}", hop.url, rule.saw)],
        fix: Fix {
            says: "Add this response header at your CDN, web server or framework.".to_owned(),
            paste: Some(rule.paste.to_owned()),
            minutes: rule.minutes,
            after: vec!["http.canonical".to_owned()],
        },
    };
    Ok(Verdict::judged(proof, rules.into_iter().flatten().map(finding).collect(), vec![]))
}

const SHOWN: [&str; 8] = [
    "strict-transport-security",
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "permissions-policy",
    "server",
    "x-powered-by",
];

struct Rule {
    header: &'static str,
    grade: Grade,
    severity: Severity,
    says: String,
    saw: String,
    paste: &'static str,
    minutes: u16,
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

fn no_page(start: &str) -> Unseen {
    Unseen {
        what: start.to_owned(),
        why: Why::Depends,
        says: format!("{start} does not end at a page"),
        way: "mend the redirects or the server first".to_owned(),
    }
}

#[cfg(test)]
#[path = "security_headers_tests.rs"]
mod tests;
