//! http.error_pages: what goes wrong is said with the right status and shows nothing of the inside.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{BodyKind, Exchange, PageSeen};
use crate::{Case, Unseen};

/// http.error_pages.
pub static CHECK: Check = Check {
    id: "http.error_pages",
    title: "Error pages show no inner workings",
    why: "A page of errors that shows the program tells attackers where to push, and tells customers that nobody finished the work.",
    needs: &[Need::Public],
    concern: Concern::Trust,
    covers: "A missing page and a malformed parameter on the host of the front page.",
    ask: None,
    refs: &["RFC 9110 §15.5.5", "OWASP WSTG-ERRH-01", "CWE-209"],
    judge,
};

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let (_, page) = case.home()?;
    let missing = case.nonsense()?;
    let mut proof = vec![format!("a missing page ({}) → {}", missing.url, missing.status)];
    let (mut findings, mut unseen) = (vec![], vec![]);
    findings.extend(inside(missing).or_else(|| missing_page(missing, page)));
    if missing.status == 200 && findings.is_empty() {
        proof.push("every address shows the front page, as single-page applications do".to_owned());
    }
    for (url, exchange) in case.exchanges("malformed") {
        match exchange {
            Ok(exchange) => {
                proof.push(format!("a malformed parameter ({url}) → {}", exchange.status));
                findings.extend(inside(exchange).or_else(|| malformed(exchange)));
            }
            Err(why) => unseen.push(why),
        }
    }
    Ok(Verdict::judged(proof, findings, unseen))
}

/// Traces and debug pages, whatever the status.
fn inside(exchange: &Exchange) -> Option<Finding> {
    let signs = exchange.body.signs.iter();
    let sign = signs
        .filter(|sign| sign.starts_with("trace-") || sign.starts_with("debug-") || *sign == "database-error")
        .min()?;
    let says = format!("{} shows the inside of the program: {}.", exchange.url, kind(sign));
    let how = "Switch debug mode off in production and answer errors with a page of your own; write the details to the log. The usual switches are these.";
    Some(Finding {
        subject: exchange.url.clone(),
        grade: Grade::Fail,
        severity: Severity::High,
        says,
        evidence: vec![format!("GET {} → {}, recognised by its content ({sign})", exchange.url, exchange.status)],
        fix: Fix { says: how.to_owned(), paste: Some(SWITCHES.to_owned()), minutes: 30, after: vec![] },
    })
}

const SWITCHES: &str = "Node: NODE_ENV=production\nDjango: DEBUG = False\nFlask: FLASK_DEBUG=0\nRails: config.consider_all_requests_local = false\n\
Laravel: APP_DEBUG=false\nPHP: display_errors = Off\nASP.NET: ASPNETCORE_ENVIRONMENT=Production";

fn kind(sign: &str) -> String {
    match sign.split_once('-') {
        Some(("trace", of)) => format!("a stack trace ({of})"),
        Some(("debug", of)) => format!("the debug page of {of}"),
        _ => "an error message of the database".to_owned(),
    }
}

fn missing_page(exchange: &Exchange, home: &PageSeen) -> Option<Finding> {
    let (grade, severity, says) = match exchange.status {
        500..=599 => (
            Grade::Warn,
            Severity::Medium,
            format!("A missing page is answered with HTTP {}, as if the server were broken.", exchange.status),
        ),
        200 if !alike(exchange, home) => (
            Grade::Warn,
            Severity::Low,
            "A missing page is answered with HTTP 200, so search engines list addresses that do not exist.".to_owned(),
        ),
        _ => return None,
    };
    let says_fix = "Answer unknown addresses with a page of your own and status 404.".to_owned();
    Some(finding(exchange, grade, severity, says, says_fix))
}

/// Whether the answer is the front page again, up to what changes with each request.
fn alike(exchange: &Exchange, home: &PageSeen) -> bool {
    let (one, other) = (exchange.body.bytes, home.bytes);
    exchange.body.sha256 == home.sha256
        || exchange.body.truncated
        || exchange.body.kind == BodyKind::Html && one.abs_diff(other) <= other / 10
}

fn malformed(exchange: &Exchange) -> Option<Finding> {
    let says = format!("A parameter that is no proper text makes the server fail with HTTP {}.", exchange.status);
    let how = "Check parameters before they are used, and answer bad ones with status 400.".to_owned();
    (exchange.status >= 500).then(|| finding(exchange, Grade::Warn, Severity::Medium, says, how))
}

fn finding(exchange: &Exchange, grade: Grade, severity: Severity, says: String, how: String) -> Finding {
    Finding {
        subject: exchange.url.clone(),
        grade,
        severity,
        says,
        evidence: vec![format!("GET {} → {}", exchange.url, exchange.status)],
        fix: Fix { says: how, paste: None, minutes: 30, after: vec![] },
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::Why;
    use crate::check::{Grade, Severity, Status};
    use crate::facts::Facts;
    use crate::testing::{exchange, findings, healthy, put, status, unseen};

    const MISSING: &str = "https://example.com/qx";

    fn site(status: u16, body: &[u8]) -> Facts {
        let mut facts = healthy();
        put(&mut facts, "nonsense", exchange(MISSING, status, body));
        put(&mut facts, "malformed", exchange("https://example.com/?q=%E0%A4%A", 400, b"bad"));
        facts
    }

    #[test]
    fn a_plain_404_passes() {
        assert_eq!(status(&CHECK, &site(404, b"<html>not here</html>")), Status::Pass);
    }

    #[test]
    fn traces_wrong_statuses_and_failures_are_found() {
        let trace = findings(&CHECK, &site(404, b"Traceback (most recent call last):\n  File \"/app/x.py\""));
        assert_eq!((trace[0].grade, trace[0].severity), (Grade::Fail, Severity::High));
        assert!(trace[0].says.contains("a stack trace (python)"), "{}", trace[0].says);
        assert_eq!(findings(&CHECK, &site(500, b"sorry"))[0].severity, Severity::Medium);
        assert_eq!(findings(&CHECK, &site(200, b"<html>nothing here at all</html>"))[0].severity, Severity::Low);
        let mut facts = site(404, b"");
        put(&mut facts, "malformed", exchange("https://example.com/?q=%E0%A4%A", 500, b"sorry"));
        assert_eq!(findings(&CHECK, &facts).len(), 1);
    }

    #[test]
    fn silence_is_not_judged() {
        let mut facts = site(404, b"");
        facts.exchanges.insert(format!("nonsense {MISSING}"), unseen(Why::Busy));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    }
}
