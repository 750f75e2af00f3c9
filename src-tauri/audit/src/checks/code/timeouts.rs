//! code.timeouts: calls to other services give up after a set time.

use crate::check::{Check, Concern, Finding, Fix, Grade, Need, Severity, Verdict};
use crate::checks::env::inventory::cut;
use crate::facts::{OpenCall, Part};
use crate::{Case, Unseen};

/// code.timeouts.
pub static CHECK: Check = Check {
    id: "code.timeouts",
    title: "Calls to other services give up after a set time",
    why: "When another company's service hangs, every page that waits for it hangs as well, until nothing is left to answer visitors.",
    needs: &[Need::Repo],
    concern: Concern::Speed,
    covers: "fetch, axios and got in JavaScript, requests and urllib in Python, net/http in Go, reqwest in Rust, curl in PHP; clients that are set up elsewhere are not judged.",
    ask: None,
    refs: &[
        "https://developer.mozilla.org/docs/Web/API/AbortSignal/timeout_static",
        "https://requests.readthedocs.io/en/latest/user/advanced/#timeouts",
        "https://pkg.go.dev/net/http#Client",
    ],
    judge,
};

/// Places told in one finding.
const TOLD: usize = 20;

fn judge(case: &Case<'_>) -> Result<Verdict, Unseen> {
    let inventory = case.inventory()?;
    let open: Vec<&OpenCall> = inventory.calls.iter().filter(|call| call.part == Part::App).collect();
    let mut kinds: Vec<&str> = open.iter().map(|call| call.call.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let findings = kinds
        .into_iter()
        .map(|kind| finding(kind, &open.iter().filter(|call| call.call == kind).copied().collect::<Vec<_>>()));
    let proof = vec![format!("{} calls to other services, {} without an end", inventory.calls_seen, open.len())];
    Ok(Verdict::judged(proof, findings.collect(), cut(inventory)))
}

fn finding(kind: &str, open: &[&OpenCall]) -> Finding {
    let times = if open.len() == 1 { "once".to_owned() } else { format!("{} times", open.len()) };
    Finding {
        subject: kind.to_owned(),
        grade: Grade::Warn,
        severity: Severity::Low,
        says: format!("{kind} is called {times} without a time after which it gives up; a service that hangs makes the product hang."),
        evidence: open.iter().take(TOLD).map(|call| format!("{}:{}", call.path, call.line)).collect(),
        fix: Fix {
            says: "Give each call a time that a visitor would wait, such as ten seconds, and handle the error that follows.".to_owned(),
            paste: Some(paste(kind).to_owned()),
            minutes: 20,
            after: vec![],
        },
    }
}

fn paste(kind: &str) -> &'static str {
    match kind.split(['.', ':']).next().unwrap_or_default() {
        "fetch" => "signal: AbortSignal.timeout(10_000)",
        "axios" => "axios.defaults.timeout = 10_000;",
        "got" => "timeout: { request: 10_000 }",
        "http" => "http.Client{Timeout: 10 * time.Second}",
        "reqwest" => "reqwest::Client::builder().timeout(Duration::from_secs(10)).build()?",
        "curl_init" => "curl_setopt($ch, CURLOPT_TIMEOUT, 10);",
        _ => "timeout=10",
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Status;
    use crate::checks::env::inventory::tests::project;
    use crate::testing::{blank, findings, status};

    #[test]
    fn calls_that_end_pass() {
        let facts = project(&[("src/a.ts", "fetch('https://x.test/', { signal: AbortSignal.timeout(9) })")], &[]);
        assert_eq!(status(&CHECK, &facts), Status::Pass);
        assert_eq!(status(&CHECK, &project(&[("src/a.test.ts", "fetch('https://x.test/')")], &[])), Status::Pass);
    }

    #[test]
    fn calls_that_may_wait_for_ever_are_told_by_kind() {
        let facts = project(&[("src/a.ts", "fetch('https://x.test/'); fetch('https://y.test/'); axios.get(u)")], &[]);
        let found = findings(&CHECK, &facts);
        assert_eq!(found.iter().map(|finding| finding.subject.as_str()).collect::<Vec<_>>(), ["axios.get", "fetch"]);
        assert_eq!(found[1].evidence.len(), 2);
    }

    #[test]
    fn code_that_was_not_read_is_not_judged() {
        assert_eq!(status(&CHECK, &blank()), Status::CouldNotTell);
    }
}
