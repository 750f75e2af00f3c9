//! http.security_headers: the page tells browsers how to protect the people who use it.

use crate::check::{Check, Concern, Finding, Fix, Need, Verdict};
use crate::facts::{Chain, End, Hop};
use crate::read::observatory::{self, Sight};
use crate::{Case, Unseen, Why, paste};

/// http.security_headers.
pub static CHECK: Check = Check {
    id: "http.security_headers",
    title: "The site tells browsers how to protect its users",
    why: "Without these headers a stolen script or a fake frame can act in your customers' names.",
    needs: &[Need::Public],
    concern: Concern::Trust,
    covers: "HSTS with its preload conditions, every Content-Security-Policy in header and page, nonces over two answers, nosniff, framing, Referrer-Policy, Permissions-Policy, cross-origin policies and version leaks of the main page, beside the score of the MDN observatory.",
    ask: None,
    refs: &[
        "RFC 6797 §6.1",
        "hstspreload.org",
        "W3C CSP Level 3",
        "WHATWG Fetch §3.6",
        "WHATWG HTML §7.7",
        "W3C Referrer Policy",
    ],
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
    let mut proof: Vec<String> = shown.map(|h| format!("{}: {}", h.name, h.value)).collect();
    proof.extend(hop.page.iter().flat_map(|page| &page.csp_meta).map(|policy| format!("in the page: {policy}")));
    proof.extend(score(case, chain, hop));
    proof.extend(policy::advice(hop));
    let mut broken: Vec<rules::Rule> = policy::broken(hop).into_iter().chain(rules::broken(hop)).collect();
    let (lines, refused) = transport::preload(case, chain, hop);
    proof.extend(lines);
    // A header that is wrong in itself is told as that.
    broken.extend(refused.filter(|_| transport::broken(hop).is_none()));
    let mut unseen = vec![];
    match policy::reused(hop, case.exchange("home", &hop.url)) {
        Ok(rule) => broken.extend(rule),
        Err(why) => unseen.push(why),
    }
    Ok(Verdict::judged(proof, broken.into_iter().map(|rule| finding(hop, rule)).collect(), unseen))
}

fn finding(hop: &Hop, rule: rules::Rule) -> Finding {
    let (says, paste) = match &rule.set {
        rules::Set::To(value) => {
            let place = paste::header(hop, rule.header, value);
            (place.says, Some(place.paste))
        }
        rules::Set::Otherwise(says, paste) => ((*says).to_owned(), paste.clone()),
    };
    Finding {
        subject: rule.header.to_owned(),
        grade: rule.grade,
        severity: rule.severity,
        says: rule.says,
        evidence: vec![format!("GET {} → {}", hop.url, rule.saw)],
        fix: Fix { says, paste, minutes: rule.minutes, after: vec!["http.canonical".to_owned()] },
    }
}

/// The observatory's score with one line for each of its tests.
fn score(case: &Case<'_>, chain: &Chain, hop: &Hop) -> Vec<String> {
    let plain = format!("http://{}/", case.apex());
    let preflight = case.exchange("cors-preflight", &hop.url);
    let sight = Sight {
        host: case.apex(),
        secure: chain,
        plain: case.chain(&plain).ok(),
        preflight: preflight.as_ref().ok().copied(),
    };
    let Some(score) = observatory::score(&sight) else {
        return vec![format!("MDN observatory: it judges no answer with HTTP {}", hop.status)];
    };
    let mut lines = vec![format!("MDN observatory: score {}, grade {}", score.score, score.grade)];
    lines.extend(score.tests.iter().map(|test| format!("  {}: {} ({:+})", test.name, test.result, test.modifier)));
    if let Err(unseen) = &preflight {
        lines.push(format!("  cross-origin-resource-sharing could not be asked for ({})", unseen.says));
    }
    lines
}

const SHOWN: [&str; 13] = [
    "strict-transport-security",
    "content-security-policy",
    "content-security-policy-report-only",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-embedder-policy",
    "cross-origin-resource-policy",
    "server",
    "x-powered-by",
    "x-generator",
];

fn no_page(start: &str) -> Unseen {
    Unseen {
        what: start.to_owned(),
        why: Why::Depends,
        says: format!("{start} does not end at a page"),
        way: "mend the redirects or the server first".to_owned(),
    }
}

#[path = "security_headers_policy.rs"]
mod policy;
#[path = "security_headers_rules.rs"]
mod rules;
#[path = "security_headers_transport.rs"]
mod transport;

#[cfg(test)]
#[path = "security_headers_tests.rs"]
mod tests;
