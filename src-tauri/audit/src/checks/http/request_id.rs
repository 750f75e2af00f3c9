//! http.request_id: each answer carries a number to find it by in the logs.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::facts::{End, Header};
use crate::{Case, Unseen};

/// http.request_id.
pub static CHECK: Check = Check {
    id: "http.request_id",
    title: "Each answer carries a number to find it by in the logs",
    why: "When a customer reports an error, this number leads to it in seconds; without it somebody searches for hours.",
    needs: &[Need::Public],
    concern: Concern::Control,
    covers: "The answers of the front page, of a missing page and of the api host.",
    ask: None,
    refs: &["W3C Trace Context §3", "assets of providers: cf-ray, x-vercel-id, x-amzn-trace-id"],
    judge,
};

/// Fields that name one request.
const FIELDS: [&str; 22] = [
    "x-request-id",
    "request-id",
    "x-correlation-id",
    "traceparent",
    "traceresponse",
    "x-trace-id",
    "x-b3-traceid",
    "x-amzn-trace-id",
    "x-amzn-requestid",
    "x-amz-cf-id",
    "x-amz-request-id",
    "x-cloud-trace-context",
    "x-goog-request-id",
    "x-azure-ref",
    "x-ms-request-id",
    "cf-ray",
    "fly-request-id",
    "rndr-id",
    "x-nf-request-id",
    "x-vercel-id",
    "x-railway-request-id",
    "x-runtime-id",
];

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let (home, _) = case.home()?;
    let missing = case.nonsense()?;
    let mut answers: Vec<(&str, &[Header])> = vec![(&home.url, &home.headers), (&missing.url, &missing.headers)];
    let api = format!("https://api.{}/", case.apex());
    if let Ok(chain) = case.chain(&api) {
        let last = chain.last().filter(|hop| chain.end == End::Answered && case.ours(&hop.url));
        answers.extend(last.map(|hop| (hop.url.as_str(), hop.headers.as_slice())));
    }
    let (mut proof, mut nameless) = (vec![], vec![]);
    for (url, headers) in &answers {
        match id(headers) {
            Some(header) => proof.push(format!("{url}: {} {}", header.name, header.value)),
            None => nameless.push(format!("GET {url} → no field such as X-Request-Id")),
        }
    }
    let mut findings = vec![];
    if let Some((first, _)) = answers.iter().find(|(_, headers)| id(headers).is_none()) {
        let says = "Answers carry no number that leads to them in the logs, so reports of customers are hard to trace.";
        findings.push(finding(first, says, nameless));
    }
    // Two answers of which no number differs cannot be told apart; a network's own number beside a stuck one is enough.
    if let Some(one) = id(&home.headers).filter(|_| same(&home.headers, &missing.headers)) {
        let saw = vec![format!("{} and {}: {} {}", home.url, missing.url, one.name, one.value)];
        findings.push(finding(&home.url, "Different answers carry the same number, so it leads to none of them.", saw));
    }
    Ok(Verdict::judged(proof, findings, vec![]))
}

fn ids(headers: &[Header]) -> impl Iterator<Item = &Header> {
    let empty = ["", "-", "null", "none", "undefined", "unknown", "0"];
    headers.iter().filter(move |header| {
        FIELDS.contains(&header.name.as_str()) && !empty.contains(&header.value.trim().to_ascii_lowercase().as_str())
    })
}

fn id(headers: &[Header]) -> Option<&Header> {
    ids(headers).next()
}

fn same(one: &[Header], other: &[Header]) -> bool {
    ids(one).next().is_some() && ids(one).all(|header| ids(other).any(|twin| twin == header))
}

fn finding(subject: &str, says: &str, evidence: Vec<String>) -> Finding {
    Finding {
        subject: subject.to_owned(),
        grade: Grade::Warn,
        severity: Severity::Low,
        says: says.to_owned(),
        evidence,
        fix: Fix {
            says: "Give each request a number, write it into every line of the log and send it back. At nginx, paste this.".to_owned(),
            paste: Some("add_header X-Request-Id $request_id always;\nproxy_set_header X-Request-Id $request_id;".to_owned()),
            minutes: 20,
            after: vec![],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::Why;
    use crate::check::Status;
    use crate::facts::Facts;
    use crate::testing::{chain_at, exchange, findings, header, healthy, put, status, unseen};

    fn site(home: &[(&str, &str)], missing: &[(&str, &str)]) -> Facts {
        let mut facts = healthy();
        let lines = |fields: &[(&str, &str)]| fields.iter().map(|(name, value)| header(name, value)).collect();
        chain_at(&mut facts, "https://example.com/").hops[0].headers = lines(home);
        let mut answer = exchange("https://example.com/qx", 404, b"");
        answer.headers = lines(missing);
        put(&mut facts, "nonsense", answer);
        facts
    }

    #[test]
    fn a_new_number_each_time_passes() {
        assert_eq!(status(&CHECK, &site(&[("cf-ray", "1-FRA")], &[("cf-ray", "2-FRA")])), Status::Pass);
    }

    #[test]
    fn none_and_one_for_all_are_told() {
        assert_eq!(findings(&CHECK, &site(&[], &[("x-request-id", "a")])).len(), 1);
        assert_eq!(findings(&CHECK, &site(&[("x-request-id", "null")], &[("x-request-id", "null")])).len(), 1);
        assert_eq!(findings(&CHECK, &site(&[("x-request-id", "7f")], &[("x-request-id", "7f")])).len(), 1);
    }

    #[test]
    fn silence_is_not_judged() {
        let mut facts = site(&[], &[]);
        facts.exchanges.insert("nonsense https://example.com/qx".to_owned(), unseen(Why::Timeout));
        assert_eq!(status(&CHECK, &facts), Status::CouldNotTell);
    }
}
