//! http.security_headers: the page tells browsers how to protect the people who use it.

use crate::check::{Check, Concern, Finding, Fix, Need, Verdict};
use crate::facts::End;
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

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let start = format!("https://{}/", case.apex());
    let chain = case.chain(&start)?;
    let hop = match (&chain.end, chain.last()) {
        (End::Answered, Some(hop)) if hop.status < 500 => hop,
        (End::Lost { unseen, .. }, _) => return Err(unseen.clone()),
        _ => return Err(no_page(&start)),
    };
    let shown = hop.headers.iter().filter(|h| SHOWN.contains(&h.name.as_str()));
    let proof = shown.map(|h| format!("{}: {}", h.name, h.value)).collect();
    let finding = |rule: rules::Rule| Finding {
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
    Ok(Verdict::judged(proof, rules::broken(hop).into_iter().map(finding).collect(), vec![]))
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

fn no_page(start: &str) -> Unseen {
    Unseen {
        what: start.to_owned(),
        why: Why::Depends,
        says: format!("{start} does not end at a page"),
        way: "mend the redirects or the server first".to_owned(),
    }
}

#[path = "security_headers_rules.rs"]
mod rules;

#[cfg(test)]
#[path = "security_headers_tests.rs"]
mod tests;
